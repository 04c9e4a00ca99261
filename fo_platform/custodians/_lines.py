"""Delivery text cut into lines with where they stand. What a line states does not belong here."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import NamedTuple

from fo_platform.custodians._draft import Draft


class Line(NamedTuple):
    """One line without its end, and the bytes it stands on."""

    text: str
    start: int
    end: int


def lines(draft: Draft, encoding: str) -> Iterator[Line]:
    """Every line that is not blank, ended by LF or CRLF; a byte outside the encoding quarantines the delivery."""
    start = len(BOM_UTF8) if draft.data.startswith(BOM_UTF8) else 0
    while start < len(draft.data):
        end = draft.data.find(b"\n", start)
        end = len(draft.data) if end < 0 else end
        raw = draft.data[start:end].removesuffix(b"\r")
        if raw.strip():
            yield Line(_decoded(draft, raw, start, encoding), start, start + len(raw))
        start = end + 1


def _decoded(draft: Draft, raw: bytes, start: int, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} of the line is not {encoding.upper()}"
        draft.halt(start + error.start, what, f"Ask for the file in {encoding.upper()}.")
