"""What ISO 20022 messages have in common: versions, numbers, days, money, instruments. Messages belong to formats."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from fo_platform.custodians._draft import Draft
from fo_platform.custodians._numbers import iso_date, number
from fo_platform.custodians._xml_plain import Element

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")
_SCHEMES = {
    "CUSP": "cusip", "US": "cusip", "SEDL": "sedol", "GB": "sedol", "VALO": "valor", "CH": "valor", "WKNR": "wkn",
    "DE": "wkn", "TIKR": "symbol", "RICC": "symbol", "FIGI": "figi",
}  # fmt: skip
"""Kinds of identifier by their code, or by the country whose numbering they belong to."""
_QUANTITIES = {"Unit": "UNIT", "DgtlTknUnit": "UNIT", "FaceAmt": "FAMT", "AmtsdVal": "AMOR"}
_NONE: frozenset[str] = frozenset()
_KNOWN = "Compare its layout with those that are known, and add it to the format."


def names(listed: str) -> frozenset[str]:
    """Names of elements, listed with spaces between them."""
    return frozenset(listed.split())


def versions(message: str, numbers: Iterable[int], variants: Iterable[str] = ("001",)) -> frozenset[str]:
    """Names of the known versions of a message: `semt.002`, 3 to 11, both variants -> semt.002.001.03 and so on."""
    return frozenset(f"{message}.{variant}.{version:02}" for variant in variants for version in numbers)


def check_version(draft: Draft, namespace: str, offset: int, known: frozenset[str]) -> None:
    """A version that is not known quarantines the delivery; a document that names none is read as the others are."""
    version = namespace.removeprefix(NAMESPACE)
    if not version:
        draft.note(offset, "the document names no version", "Ask which version of the message it is.")
    elif version not in known:
        draft.fault(offset, f"the version {version[:60]} is not known to us", _KNOWN)


def text(element: Element, path: str = ".") -> str:
    """The text at a path, without the white space around it; nothing where it is not there."""
    found = element if path == "." else child(element, path)
    return (found.text or "").strip() if found is not None else ""


def child(element: Element | None, path: str) -> Element | None:
    """The first child of a name, and the first of the next name in it; the library's own search costs thrice that."""
    for name in path.split("/"):
        element = next(element.iterchildren(name), None) if element is not None else None
    return element


@lru_cache(maxsize=65536)
def decimal(stated: str) -> str:
    """A number as XML Schema writes it, as canonical text; ValueError of anything else."""
    plain = stated.strip()
    if not _DECIMAL.fullmatch(plain):
        raise ValueError(f"{stated[:40]!r} is not a number with a decimal point")
    return number(plain)


def day(element: Element | None, path: str = ".") -> date | None:
    """The day that an element states, itself or in a Dt or DtTm inside; None of a code in place of a day."""
    found = element if path == "." else child(element, path)
    while found is not None and not (stated := (found.text or "").strip()):
        found = found[0] if len(found) and found[0].tag in ("Dt", "DtTm") else None
    return _day(stated) if found is not None else None


@lru_cache(maxsize=4096)
def _day(stated: str) -> date:
    return iso_date(stated[:10])


@lru_cache(maxsize=4096)
def iso_day(stated: str) -> str:
    """The day of a date or of a moment, as text."""
    return _day(stated).isoformat()


def iso(stated: date | None) -> str:
    """A day as text, or nothing."""
    return stated.isoformat() if stated else ""


def money(element: Element) -> tuple[str, str]:
    """Currency and signed amount of an element with Amt, whose sign a credit or debit mark or a flag tells."""
    mark = text(element, "CdtDbtInd") or text(element, "CdtDbt")
    code, amount = signed(child(element, "Amt"), mark or "CRDT")
    return code, negative(amount) if text(element, "Sgn") in ("false", "0") else amount


def signed(amount: Element | None, mark: str) -> tuple[str, str]:
    """Currency and amount, negative where the mark is that of a debit; ValueError where it is no mark."""
    return marked(None, "", mark) if amount is None else marked(amount.text or "", amount.get("Ccy", ""), mark)


def marked(amount: str | None, code: str, mark: str) -> tuple[str, str]:
    """The same of what an amount states."""
    if amount is None:
        raise ValueError("it states no amount (Amt)")
    if mark not in ("CRDT", "DBIT"):
        raise ValueError(f"{mark[:20]!r} is neither credit nor debit (CdtDbtInd)")
    stated = decimal(amount)
    return _currency(code), negative(stated) if mark == "DBIT" else stated


def currency(amount: Element) -> str:
    """The currency of an amount; ValueError where it states none."""
    return _currency(amount.get("Ccy", ""))


def _currency(code: str) -> str:
    if not (len(code) == 3 and code.isascii() and code.isupper()):
        raise ValueError(f"{code[:20]!r} is not a currency (Ccy)")
    return code


def negative(stated: str) -> str:
    """Minus a canonical number that has no sign yet."""
    return stated if stated == "0" or stated.startswith("-") else f"-{stated}"


def quantity(element: Element | None) -> tuple[str, str]:
    """Type and quantity; an amortised value only where it is all there is, original before current face."""
    stated = list(element.iter(*_QUANTITIES)) if element is not None else []
    if not stated:
        raise ValueError("it states no quantity that can be read (Unit, FaceAmt or AmtsdVal)")
    chosen = min(stated, key=lambda inner: inner.tag == "AmtsdVal")
    return _QUANTITIES[chosen.tag], decimal(text(chosen))


def instrument(element: Element | None) -> dict[str, str]:
    """ISIN, national numbers and description; a number in no known scheme stands as the symbol."""
    found = {"isin": text(element, "ISIN")} if element is not None else {}
    for other in element.iterchildren("OthrId") if element is not None else ():
        scheme = text(other, "Tp/Cd") or text(other, "Tp/Prtry")
        found.setdefault(_SCHEMES.get(scheme, "symbol"), text(other, "Id"))
    found["description"] = " ".join(text(element, "Desc").split()) if element is not None else ""
    if not any(found.values()):
        raise ValueError("it names no instrument (FinInstrmId)")
    return present(found)


def present(fields: dict[str, str]) -> dict[str, str]:
    """The fields that are stated."""
    return {name: stated for name, stated in fields.items() if stated}


def unknown(element: Element, known: frozenset[str]) -> dict[str, str]:
    """Children that are not known, with their text: kept under their own names."""
    strange = {child.tag for child in element} - known
    return {name: text(element, name) for name in sorted(strange)}


@lru_cache(maxsize=256)
def strange_names(children: tuple[str, ...], known: frozenset[str], repeated: frozenset[str]) -> frozenset[str]:
    """Names of children that are not known; ValueError of one that is known and stands twice where it may not."""
    if known.issuperset(children):
        return _NONE
    strange = frozenset(name for name in children if name not in known and name.partition("[")[0] not in repeated)
    twice = sorted(known.intersection(name.partition("[")[0] for name in strange))
    if twice:
        raise ValueError(f"it states {twice[0]} more than once")
    return strange


def report(draft: Draft, found: Iterable[str], offset: int, reported: set[str]) -> None:
    """Elements of a record that are not known, each once."""
    for name in sorted(set(found) - reported) if found else ():
        reported.add(name)
        draft.note(
            offset, f"the element {name[:60]} is not known to us", "Find out what it says, and add it to the format."
        )
