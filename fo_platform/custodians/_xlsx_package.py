"""The archive that a workbook is, opened only when nothing in it can harm. Sheets and cells belong to _xlsx_rows."""

import re
import stat
import struct
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

ARCHIVE = b"PK\x03\x04"
UNPACKED_MAX = 64 * 2**20
ENTRIES_MAX = 1000
DIRECTORY_MAX = 2**20
RATIO_MAX = 200
CHUNK = 65536

_END = struct.Struct("<4s4xHHLLH")
_WIDE_END = b"PK\x06\x07"
_LOCAL_NAMES = struct.Struct("<26xHH")
_READ_ERRORS = (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, struct.error)
_AGAIN = "Ask the sender to save the workbook again and to send it whole."
_PLAIN = "Ask for a plain workbook (.xlsx) that holds values only."
_CODED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_UNWELCOME = (
    ("vbaproject", "macros"), ("macrosheets/", "macros"), ("activex/", "active controls"),
    ("externallinks/", "links to other workbooks"), ("xl/connections.xml", "links to outside data"),
)  # fmt: skip


class PackageError(ValueError):
    """Why an archive is not read, and what to do."""

    def __init__(self, what: str, remedy: str = _AGAIN) -> None:
        """What is wrong, without the file's name."""
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class Package:
    """An archive whose names, sizes and kinds of entry are harmless; its parts are checked as they are read."""

    def __init__(self, data: bytes) -> None:
        """Open and check; PackageError of whatever is not a small, plain and whole workbook."""
        _check_end(data)
        self.data = data
        try:
            self._archive = ZipFile(BytesIO(data))
        except _READ_ERRORS as error:
            raise PackageError(f"the archive cannot be opened: {str(error)[:80]}") from error
        self.entries = {entry.filename: entry for entry in self._archive.infolist()}
        self._check()

    def _check(self) -> None:
        entries = self._archive.infolist()
        if len({entry.filename.lower() for entry in entries}) < len(entries):
            raise PackageError("two parts of the archive have one name", _PLAIN)
        if (unpacked := sum(entry.file_size for entry in entries)) > UNPACKED_MAX:
            raise PackageError(f"the archive unpacks to {unpacked} bytes, more than {UNPACKED_MAX}", _PLAIN)
        for entry in entries:
            _check_entry(entry)

    def refuse_unwelcome(self) -> None:
        """A PackageError when the workbook can do more than state values."""
        found = ((name, what) for name in self.entries for part, what in _UNWELCOME if part in name.lower())
        for name, what in found:
            raise PackageError(f"the workbook holds {what} ({name[:80]})", _PLAIN)

    def check_parts(self) -> None:
        """A PackageError when any part is damaged, or is XML that is not well-formed or declares a document type."""
        for name in self.entries:
            content = self.part(name)
            if name.endswith((".xml", ".rels")):
                feed(xml_parser(name), content, name)

    def part(self, name: str, limit: int = UNPACKED_MAX) -> bytes:
        """The beginning of a part, all of it without a limit."""
        try:
            with self._archive.open(name) as stream:
                return stream.read(limit)
        except _READ_ERRORS as error:
            raise PackageError(f"the part {name[:80]} cannot be read: {str(error)[:80]}") from error
        except KeyError as error:
            raise PackageError(f"the part {name[:80]} is missing") from error

    def span(self, name: str) -> tuple[int, int]:
        """Bytes of the archive that a part is packed in."""
        entry = self.entries[name]
        lengths = _LOCAL_NAMES.unpack_from(self.data, entry.header_offset)
        start = entry.header_offset + _LOCAL_NAMES.size + sum(lengths)
        return start, start + entry.compress_size


def xml_parser(name: str) -> expat.XMLParserType:
    """A parser of a part; a document type, and so any entity, is a PackageError before it takes effect."""

    def refuse(*_: object) -> None:
        raise PackageError(f"the part {name[:80]} declares a document type", _PLAIN)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def feed(parser: expat.XMLParserType, content: bytes, name: str, *, is_last: bool = True) -> None:
    """Content of a part, or some of it, for a parser; PackageError of what is not XML in UTF-8."""
    if (coded := _CODED.match(content)) and coded[1].lower() not in (b"utf-8", b"us-ascii"):
        raise PackageError(f"the part {name[:80]} is not in UTF-8", _PLAIN)
    try:
        parser.Parse(content, is_last)
    except (expat.ExpatError, LookupError, UnicodeError) as error:
        raise PackageError(f"the part {name[:80]} is not well-formed: {str(error)[:80]}") from error


def _check_end(data: bytes) -> None:
    """The table of contents is there and small, before any of it is read."""
    if len(data) > UNPACKED_MAX:
        raise PackageError(f"the workbook holds more than {UNPACKED_MAX} bytes", "Ask for it in parts.")
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - CHUNK - _END.size))
    if at < 0 or at + _END.size > len(data):
        raise PackageError("the archive breaks off: its table of contents is missing")
    _, _, entries, size, _, _ = _END.unpack_from(data, at)
    if entries > ENTRIES_MAX or size > DIRECTORY_MAX or data[max(0, at - 20) : at].startswith(_WIDE_END):
        raise PackageError(f"the archive has more than {ENTRIES_MAX} entries", _PLAIN)


def _check_entry(entry: ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        raise PackageError(f"an entry of the archive has the path {entry.filename[:80]!r}", _PLAIN)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PackageError(f"the entry {entry.filename[:80]!r} is a link to another file", _PLAIN)
    if entry.flag_bits & 1:
        raise PackageError("the archive is encrypted", "Ask for the workbook without a password.")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise PackageError(f"the entry {entry.filename[:80]!r} is packed in an unusual way", _PLAIN)
    if entry.file_size > 2**20 and entry.file_size > RATIO_MAX * max(1, entry.compress_size):
        raise PackageError(f"the entry {entry.filename[:80]!r} unpacks to {entry.file_size} bytes", _PLAIN)
