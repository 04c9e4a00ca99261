"""Bytes to Parsed: which format they are, and reading them with it. What a format looks like belongs to formats."""

import gc
import logging
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import cast

from fo_platform import registry
from fo_platform.custodians._draft import Draft, Format, HaltError
from fo_platform.custodians.delivery import Delivery
from fo_platform.custodians.records import Parsed
from fo_platform.errors import PolicyError

logger = logging.getLogger(__name__)

FAILED = "failed on the file, which is a fault of ours"
SIZE_MAX = 512 * 2**20
HEAD = 65536
SHORT = 65536

_ARCHIVE = b"PK\x03\x04"
"""How a workbook begins, whose table of contents stands at its end."""

_WIDE = {BOM_UTF32_LE: "utf-32", BOM_UTF32_BE: "utf-32", BOM_UTF16_LE: "utf-16", BOM_UTF16_BE: "utf-16"}


@cache
def formats() -> dict[str, Format]:
    """Every format that can be read, by name."""
    return cast("dict[str, Format]", registry.discover("fo_platform.custodians.formats", "FORMAT"))


def sniff(data: Delivery) -> str | None:
    """Name of the format that the bytes look like, or None: by their beginning, or all of an archive's."""
    head = data[: len(data) if data.startswith(_ARCHIVE) else HEAD]
    is_markup = head.removeprefix(BOM_UTF8).lstrip()[:1] == b"<"
    asked = (f for f in formats().values() if f.is_markup is None or f.is_markup == is_markup)
    return next((candidate.name for candidate in asked if candidate.sniff(head)), None)


def parse(data: Delivery, feed: str | None = None) -> Parsed:
    """What a delivery states and whether it may be booked; never raises on what it reads.

    feed: the format that its source is declared to send; bytes of another format are then quarantined. Without it bytes
    of no known format are `unknown`. A feed that is no format is a PolicyError: the declaration is wrong.
    """
    if feed is not None and feed not in formats():
        raise PolicyError(f"No format is called {feed}.", f"Declare one of {', '.join(formats())}.")
    if not data[:HEAD].removeprefix(BOM_UTF8).strip():
        return _refused(feed, data, "the file is empty", "Ask the custodian to send it again.")
    if len(data) > SIZE_MAX:
        return _refused(feed, data, f"the file holds more than {SIZE_MAX} bytes", "Ask for it in parts.")
    if encoding := _wide_encoding(data):
        return _refuse_encoding(feed, data, encoding)
    return _read_as(feed, sniff(data), data)


def parse_again(data: bytes) -> Parsed:
    """The same for bytes that several steps of a day look at: a short delivery is remembered for a while."""
    return _remembered(data) if len(data) <= SHORT else parse(data)


@lru_cache(maxsize=128)
def _remembered(data: bytes) -> Parsed:
    return parse(data)


def _read_as(feed: str | None, found: str | None, data: Delivery) -> Parsed:
    if feed is not None and found is None and data.startswith(_ARCHIVE):
        return _read(formats()[feed], data)
    if feed is not None and found != feed:
        looks = f"it looks like {found}" if found else "it looks like no known format"
        remedy = f"Ask the custodian for {feed}, or declare the feed it is."
        return _refused(feed, data, f"this is not the beginning of {feed}: {looks}", remedy)
    if found is None:
        return Parsed("unknown", "unknown", "Line 1: no format is recognised. Name the feed, or add a format.")
    return _read(formats()[found], data)


def _read(chosen: Format, data: Delivery) -> Parsed:
    draft = Draft(chosen.name, data)
    with _without_collection():
        try:
            chosen.read(draft)
        except HaltError:
            pass
        except Exception:  # noqa: BLE001 - Whatever one file does to a reader, the other files must go on.
            logger.exception("the reader of %s failed", chosen.name)
            draft.note(0, f"the reader of {chosen.name} {FAILED}", "Report it with the file.", is_fault=True)
        return draft.parsed()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Rows hold no cycles: looking for garbage among a million of them costs a sixth of the time and finds none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _refused(name: str | None, data: Delivery, what: str, remedy: str) -> Parsed:
    draft = Draft(name or "unknown", data)
    draft.fault(0, what, remedy)
    return draft.parsed()


def _refuse_encoding(feed: str | None, data: Delivery, encoding: str) -> Parsed:
    """Wide text of a known format, or for a declared feed, is a wrongly encoded file; other wide bytes are unknown."""
    found = sniff(data[: HEAD * 4].decode(encoding, errors="ignore").removeprefix("\ufeff").encode())
    name = feed or found
    if name is None:
        return _read_as(None, None, data)
    return _refused(name, data, f"the file is encoded in {encoding.upper()}", "Ask for UTF-8 or ASCII.")


def _wide_encoding(data: Delivery) -> str:
    """The encoding of text in two or four bytes a character, by its mark or the zero bytes of its first characters."""
    marked = next((name for mark, name in _WIDE.items() if data.startswith(mark)), "")
    if marked:
        return marked
    even, odd = data[0:64:2].count(0), data[1:64:2].count(0)
    return "utf-16-le" if odd > 16 > even else "utf-16-be" if even > 16 > odd else ""
