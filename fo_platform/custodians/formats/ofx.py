"""OFX and QFX, versions 1 (SGML) and 2 (XML): investments, banks and cards, in one pass. Aggregates belong to _ofx."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fo_platform.custodians import _ofx
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._numbers import EXACT
from fo_platform.custodians.records import Basis, Kind
from fo_platform.units import plain

_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9._]*)[^<>]{0,400}>")
_BEGIN = re.compile(rb"<OFX[ >]")
_VERSION = re.compile(rb"VERSION[ \t]*[:=][ \t]*\"?([0-9]{3})\b")
_CHARSET = re.compile(
    rb"(ENCODING|CHARSET|encoding)[ \t]*[:=][ \t]*[\"']?([A-Za-z0-9_-]+?)(?=CHARSET|COMPRESSION|[^A-Za-z0-9_-]|$)"
)
_COMPRESSED = re.compile(rb"COMPRESSION[ \t]*:[ \t]*(?!NONE)([A-Za-z0-9]+)")
_VERSIONS = (b"102", b"103", b"151", b"160", b"200", b"201", b"202", b"203", b"210", b"211", b"220", b"230")
_CHARSETS = (
    "1252",
    "8859-1",
    "ISO-8859-1",
    "8859-15",
    "ISO-8859-15",
    "WINDOWS-1252",
    "CP1252",
    "USASCII",
    "US-ASCII",
    "UTF-8",
    "UTF8",
    "65001",
    "UNICODE",
    "NONE",
)
_RECORD_MAX, _LOOK = 2**16, 512
_AGAIN = "Ask the institution to send the file again."
_LEARN = "Ask what it means, and have the format learn it."

_STATEMENTS = {"INVSTMTRS": "INVACCTFROM", "STMTRS": "BANKACCTFROM", "CCSTMTRS": "CCACCTFROM"}
_LISTS = ("INVTRANLIST", "INVPOSLIST", "BANKTRANLIST")
_BALANCES = ("INVBAL", "LEDGERBAL")
_SINGLE = (*_BALANCES, "STATUS")
_SKIPPED = ("SECLIST", "INVOOLIST", "BANKTRANLISTP", "INV401K", "PROFRS", "SIGNUPMSGSRSV1")
"""Read apart, or orders, plans and profiles that state nothing held or moved."""

_POSITIONS = ("POSSTOCK", "POSMF", "POSDEBT", "POSOPT", "POSOTHER")
_MOVES = (
    "BUYDEBT", "BUYMF", "BUYOPT", "BUYOTHER", "BUYSTOCK", "SELLDEBT", "SELLMF", "SELLOPT", "SELLOTHER", "SELLSTOCK",
    "CLOSUREOPT", "INCOME", "INVEXPENSE", "JRNLFUND", "JRNLSEC", "MARGININTEREST", "REINVEST", "RETOFCAP", "SPLIT",
    "TRANSFER", "INVBANKTRAN", "STMTTRN",
)  # fmt: skip


class _Element(NamedTuple):
    """A tag, or where it is one whole aggregate that is read at once, all of it."""

    name: str
    is_end: bool
    start: int
    end: int


def sniff(head: bytes) -> bool:
    """Whether the head of OFX stands before the element OFX, or the file begins with it."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_begun = text.startswith((b"OFXHEADER", b"<?OFX", b"<OFX>")) or b"OFXHEADER" in text[:2000]
    return is_begun and (b"<OFX>" in text or b"<OFX " in text)


def read(draft: Draft) -> None:
    """Every statement of the file; securities are looked up first, as their list stands at the end."""
    _check_head(draft)
    _Reader(draft).read()


def _check_head(draft: Draft) -> None:
    head = _BEGIN.split(draft.data[:4096], 1)[0]
    version = _VERSION.search(head)
    if version and version[1] not in _VERSIONS:
        draft.note(0, f"version {version[1].decode()} of OFX is not known to us", _LEARN)
    for match in _CHARSET.finditer(head):
        if match[2].decode().upper() not in _CHARSETS:
            draft.halt(match.start(), f"the character set {match[2].decode()[:40]} is not accepted", "Ask for UTF-8.")
    if (compressed := _COMPRESSED.search(head)) is not None:
        draft.halt(compressed.start(), "the file is compressed", "Ask for it without compression.")


class _Reader:
    """One pass over one file: the statement and the list it is in, and what it sums."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.data = draft, draft.data
        self.statement: StatementDraft | None = None
        self.currency, self.last, self.open_tags = "", "", [""]
        self.securities: dict[tuple[str, str], dict[str, str]] = {}
        self.values: dict[str, Decimal] = {}
        self.transactions = 0
        self.reported: set[str] = set()

    def read(self) -> None:
        """All of it; what stands before a break is kept."""
        self._learn_securities()
        for element in self._elements(0, len(self.data)):
            self._take(element)
        if len(self.open_tags) > 1:
            what = f"the file breaks off inside {self.open_tags[-1]}"
            self.draft.fault(len(self.data), what, _AGAIN)
        elif not self.draft.opened and not self.draft.faults:
            self.draft.fault(0, "there is no statement in the file", _AGAIN)
        self.draft.stated["transactions"] = self.transactions
        self.draft.stated["market_value"] = {name: plain(self.values[name]) for name in sorted(self.values)}

    def _elements(self, start: int, end: int) -> Iterator[_Element]:
        """Tags one by one; an aggregate that is a record comes whole."""
        at = self.data.find(b"<", start, end)
        while at >= 0:
            head = self.data[at : at + _LOOK]
            match = _TAG.match(head)
            stop = self._after_markup(head, at) if match is None else self._stop(match, head, at)
            if match is not None:
                yield _Element(match[2].decode(), bool(match[1]), at, stop)
            at = self.data.find(b"<", stop, end)

    def _stop(self, match: re.Match[bytes], head: bytes, at: int) -> int:
        """Offset behind the tag, or behind the aggregate that it begins where that is read at once."""
        name, rest = match[2].decode(), head[match.end() :]
        is_whole = not match[1] and self._is_whole(name, rest)
        return self._closed(name, at) if is_whole else at + match.end()

    def _is_whole(self, name: str, rest: bytes) -> bool:
        """Whether the aggregate is read at once: records, and whatever else a list holds that is no plain value."""
        if name in _SINGLE or name in _MOVES or name in _POSITIONS or name in _SKIPPED:
            return True
        is_plain = name.startswith("DT") or name in _LISTS or rest.startswith(f"</{name}>".encode())
        return self.open_tags[-1] in _LISTS and rest.lstrip().startswith(b"<") and not is_plain

    def _closed(self, name: str, start: int) -> int:
        """Offset behind the end of the aggregate that starts there; a comment may hold the same tag."""
        close = f"</{name}>".encode()
        limit = len(self.data) if name in _SKIPPED else start + _RECORD_MAX
        end = self.data.find(close, start, limit)
        if end < 0:
            self.draft.halt(start, f"the file breaks off inside {name}", _AGAIN)
        return end + len(close)

    def _after_markup(self, head: bytes, at: int) -> int:
        """Offset behind a comment, CDATA or instruction; document types, and with them entities, are refused."""
        if head.startswith((b"<!DOCTYPE", b"<!ENTITY")):
            self.draft.halt(at, "the file declares a document type", "An OFX file has none: find out who changed it.")
        ends = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
        close = next((mark for begin, mark in ends.items() if head.startswith(begin)), b"")
        if not close and self.statement is not None:
            self.draft.fault(at, "a bracket opens no tag", _AGAIN)
        end = self.data.find(close, at) if close else at
        if end < 0:
            self.draft.halt(at, "a comment or instruction does not end", _AGAIN)
        return end + max(1, len(close))

    def _learn_securities(self) -> None:
        """Tickers and names by identifier; one that the list gives twice, and differently, is nobody's."""
        at = self.data.find(b"<SECLIST>")
        while at >= 0:
            end = self.data.find(b"</SECLIST>", at)
            if end < 0:
                return
            self._learn(at + len(b"<SECLIST>"), end)
            at = self.data.find(b"<SECLIST>", end)

    def _learn(self, start: int, end: int) -> None:
        at = self.data.find(b"<SECINFO>", start, end)
        while at >= 0:
            following = self.data.find(b"<SECINFO>", at + 1, end)
            stop = following if following >= 0 else end
            try:
                found = _ofx.leaves(_text(self.data[at : min(stop, at + _RECORD_MAX)]))
            except ValueError as error:
                self.draft.fault(at, f"SECINFO: {error}", _AGAIN)
                return
            key, listed = _ofx.security_key(found), _ofx.security(found)
            self.securities[key] = listed if self.securities.get(key, listed) == listed else {}
            at = following

    def _take(self, element: _Element) -> None:
        try:
            self._handle(element)
        except ValueError as error:
            self.draft.fault(element.start, f"{element.name}: {error}", _AGAIN)
        self.last = element.name

    def _handle(self, element: _Element) -> None:
        name = element.name
        if name in _BALANCES and self.open_tags[-1] in _LISTS:
            self._end_list(element)
        if name == "OFX" or name in _STATEMENTS or name in _LISTS:
            self._nest(element)
        elif element.is_end and self.open_tags[-1] in _LISTS and name not in (self.last, *_SKIPPED):
            raise ValueError("it ends what has not begun")
        elif name in _SKIPPED or element.is_end:
            pass
        elif name == "STATUS":
            self._check_status(element)
        elif self.open_tags[-1] in _LISTS:
            self._in_list(element)
        elif self.statement is not None and name in _BALANCES:
            self._cash(element)
        elif name in _MOVES or name in _POSITIONS:
            raise ValueError("it stands outside of every list of a statement")

    def _end_list(self, element: _Element) -> None:
        """A list whose end tag is left out ends before the balance behind it, which no list may hold."""
        self.draft.note(element.start, f"the end of {self.open_tags.pop()} is missing before it", _AGAIN)

    def _nest(self, element: _Element) -> None:
        """Begin or end the file, a statement or a list; they have to be nested rightly."""
        name = element.name
        if element.is_end:
            if self.open_tags[-1] != name:
                raise ValueError(f"it ends where {self.open_tags[-1] or 'nothing'} is open")
            self.open_tags.pop()
            if name in _STATEMENTS:
                self.draft.close(*self.draft.statements)
                self.statement = None
            return
        if name in _STATEMENTS:
            self._open(element)
        self.open_tags.append(name)

    def _open(self, element: _Element) -> None:
        """A statement: its account, currency and date, wherever in it they stand."""
        if self.statement is not None:
            raise ValueError("a statement begins before the one before it ends")
        close = f"</{element.name}>".encode()
        end = self.data.find(close, element.start)
        end = len(self.data) if end < 0 else end
        basis: Basis | None = None if element.name == "INVSTMTRS" else "settle"
        self.statement = self.draft.open(None, None, basis)
        self.statement.offset = element.start
        self.currency = self._leaf(b"<CURDEF>", element.start, end).upper()
        self.statement.account = self._account(_STATEMENTS[element.name], element.start, end)
        self.statement.statement_date = self._day(element.name, element.start, end)
        if element.name == "INVSTMTRS" and self.currency:
            self.values.setdefault(self.currency, Decimal(0))
        if self.statement.account is None:
            raise ValueError("it names no account")

    def _account(self, aggregate: str, start: int, end: int) -> str | None:
        at = self.data.find(f"<{aggregate}>".encode(), start, end)
        return (self._leaf(b"<ACCTID>", at, end) or None) if at >= 0 else None

    def _day(self, name: str, start: int, end: int) -> date | None:
        """The day of the balance or, where there is none or it is all zeros, of the last movement asked for."""
        marks = (b"<DTASOF>",) if name == "INVSTMTRS" else (b"<LEDGERBAL>", b"<BANKTRANLIST>")
        for mark in marks:
            at = self.data.find(mark, start, end)
            text = self._leaf(b"<DTEND>" if mark == b"<BANKTRANLIST>" else b"<DTASOF>", at, end) if at >= 0 else ""
            if text.strip("0"):
                return date.fromisoformat(_ofx.iso_day(text))
        raise ValueError("it names no date")

    def _leaf(self, tag: bytes, start: int, end: int) -> str:
        at = self.data.find(tag, start, end)
        stop = self.data.find(b"<", at + 1, at + _LOOK) if at >= 0 else -1
        return _ofx.leaves(_text(self.data[at:stop])).get(tag[1:-1].decode(), "") if stop >= 0 else ""

    def _check_status(self, element: _Element) -> None:
        found = _ofx.leaves(_text(self.data[element.start : element.end]))
        if found.get("SEVERITY") == "ERROR":
            said = f"{found.get('CODE', '')} {found.get('MESSAGE', '')[:80]}".strip()
            self.draft.fault(
                element.start, f"the institution answered with an error: {said}", "Ask for the file again."
            )

    def _in_list(self, element: _Element) -> None:
        """A holding or movement; a plain value of a list, such as DTSTART, is none."""
        text = _text(self.data[element.start : element.end])
        name = element.name
        if not text.endswith(f"</{name}>"):
            return
        if text.count(f"<{name}>") > 1 and "<!--" not in text:
            raise ValueError("the end of one is missing before the next begins")
        found = _ofx.leaves(text)
        currency = _ofx.currency_of(text, found, self.currency)
        listed = self.securities.get(_ofx.security_key(found), {})
        others = self._unknown(element, found)
        if self.open_tags[-1] == "INVPOSLIST":
            self._position(element, {**others, **_ofx.position(name, found, currency, listed)})
        elif name in ("INVBANKTRAN", "STMTTRN"):
            self._move(element, {**others, **_ofx.bank_transaction(found, currency)})
        else:
            self._move(element, {**others, **_ofx.transaction(name, found, currency, listed)})

    def _unknown(self, element: _Element, found: _ofx.Leaves) -> dict[str, str]:
        """Elements of a record that we do not know: kept as they are, and reported once by name."""
        names = found.keys() - _ofx.KNOWN
        is_known = element.name in _MOVES or element.name in _POSITIONS
        for name in sorted((names if is_known else {element.name, *names}) - self.reported):
            self.reported.add(name)
            self.draft.note(element.start, f"the element {name[:40]} is not known to us", _LEARN)
        return {name.lower(): found[name] for name in names}

    def _position(self, element: _Element, fields: dict[str, str]) -> None:
        self._keep("position", element, fields)
        if "market_value" in fields:
            held = self.values.get(fields["currency"], Decimal(0))
            self.values[fields["currency"]] = EXACT.add(held, Decimal(fields["market_value"]))

    def _move(self, element: _Element, fields: dict[str, str]) -> None:
        self._keep("transaction", element, fields)
        self.transactions += 1
        if fields["kind"] == "buy" and fields.get("amount", "0") > "0":
            self.draft.note(
                element.start, "a purchase brings money in", "Ask the institution whether its sign is right."
            )

    def _cash(self, element: _Element) -> None:
        found = _ofx.leaves(_text(self.data[element.start : element.end]))
        read: Callable[[_ofx.Leaves, str], dict[str, str]] = (
            _ofx.investment_cash if element.name == "INVBAL" else _ofx.bank_cash
        )
        fields = read(found, _ofx.currency_of("", found, self.currency))
        if fields:
            self._keep("cash", element, fields)

    def _keep(self, kind: Kind, element: _Element, fields: dict[str, str]) -> None:
        if self.statement is None:
            raise ValueError("it stands outside of every statement")
        span, account, day = (element.start, element.end), self.statement.account, self.statement.statement_date
        self.statement.records.append(self.draft.record(kind, span, fields, account, day))


def _text(data: bytes) -> str:
    """Text of an aggregate: UTF-8 where it is that, whatever the head says, and else Windows-1252."""
    if data.isascii():
        return data.decode("ascii")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252")


FORMAT = Format("ofx", sniff, read, "OFX and QFX statements of investments, banks and cards", is_markup=None)
