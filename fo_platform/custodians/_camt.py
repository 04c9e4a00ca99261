"""Entries and balances of account statements in ISO 20022 as fields. Statements and their proof do not belong here."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from fo_platform.custodians._iso20022 import child, day, iso, names, present, signed, text
from fo_platform.custodians._xml import Element

BOOKED = "BOOK"
ENTRY = names(
    "NtryRef Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef Avlbty BkTxCd ComssnWvrInd AddtlInfInd AmtDtls Chrgs "
    "TechInptChanl Intrst CardTx NtryDtls AddtlNtryInf"
)
"""What an entry may state in any known version."""

_FEES = ("CHRG", "COMM", "COME", "FEES", "COMT", "COMI", "BROK")
_KINDS = {
    "DVCA": "dividend", "DVOP": "dividend", "DRIP": "dividend", "CAPG": "dividend", "INTR": "interest",
    "INTS": "interest", "TAXE": "tax", "TREC": "tax", "WITH": "tax", **dict.fromkeys(_FEES, "fee"),
}  # fmt: skip
"""By the sub-family of a bank transaction code, whatever its domain."""
_TRADES = frozenset({"SETT", "TRAD"})
"""Families of the domain of securities that pay for a trade."""


class Balance(NamedTuple):
    """One balance: its code, whether it stands between pages, its amount as stated, and signed and canonical."""

    code: str
    is_interim: bool
    day: date | None
    stated: str
    currency: str
    amount: str


def balance(element: Element) -> Balance:
    """A balance; ValueError where a part of it cannot be read."""
    code = text(element, "Tp/CdOrPrtry/Cd") or text(element, "Tp/Cd") or text(element, "Tp/CdOrPrtry/Prtry")
    is_interim = text(element, "Tp/SubTp/Cd") == "INTM"
    return Balance(
        code,
        is_interim,
        day(element, "Dt"),
        text(element, "Amt"),
        *signed(child(element, "Amt"), text(element, "CdtDbtInd")),
    )


class Entry(NamedTuple):
    """What an entry states, its status and mark of credit or debit, and names of its elements that are not known."""

    fields: dict[str, str]
    status: str
    mark: str
    strange: set[str]


def read_entry(entry: Element) -> Entry:
    """An entry: positive is money in. A reversal is already stated as the way its money went.

    What is not known is kept under its own name.
    """
    parts = _parts(entry)
    mark = _text(parts, "CdtDbtInd")
    code, amount = signed(parts.get("Amt"), mark)
    entered, settled = day(parts.get("BookgDt")), day(parts.get("ValDt"))
    if entered is None and settled is None:
        raise ValueError("it states neither a booking nor a value date")
    levels = _levels(parts.get("BkTxCd"))
    strange = parts.keys() - ENTRY
    fields = {
        "kind": _kind(levels, is_out=amount.startswith("-")),
        "date": iso(entered or settled),
        "settle_date": iso(settled or entered),
        "amount": amount,
        "currency": code,
        "reference": _text(parts, "AcctSvcrRef") or _text(parts, "NtryRef"),
        "is_reversal": "true" if _text(parts, "RvslInd") in ("true", "1") else "",
        "bank_transaction_code": "/".join(filter(None, levels)),
        **_details(entry, _text(parts, "AddtlNtryInf")),
        **{name: _text(parts, name) for name in strange},
    }
    return Entry(present(fields), _status(parts.get("Sts")), mark, strange)


def _status(found: Element | None) -> str:
    """`BOOK`, `PDNG` or `INFO`: a code, in newer versions inside of an element of its own."""
    if found is None:
        return ""
    return text(found) or next((text(inner) for inner in found), "")


def _parts(element: Element) -> dict[str, Element]:
    return {part.tag: part for part in element}


def _text(parts: Mapping[str, Element], name: str) -> str:
    return (parts[name].text or "").strip() if name in parts else ""


def _details(entry: Element, note: str) -> dict[str, str]:
    """What a single transaction behind an entry says; a batch of them is only counted."""
    details = [single for part in entry.iterchildren("NtryDtls") for single in part.iterchildren("TxDtls")]
    if len(details) != 1:
        return {"description": note, "details": str(len(details)) if details else ""}
    parts = _parts(details[0])
    words = [note, _text(parts, "AddtlTxInf")]
    words += [text(line) for line in parts["RmtInf"].iterchildren("Ustrd")] if "RmtInf" in parts else []
    return {
        "description": " ".join(" ".join(words).split()),
        "end_to_end_reference": text(parts["Refs"], "EndToEndId") if "Refs" in parts else "",
        "isin": text(parts["FinInstrmId"], "ISIN") if "FinInstrmId" in parts else "",
    }


def _kind(levels: tuple[str, ...], *, is_out: bool) -> str:
    """By the domain, family and sub-family of a bank transaction code; a bank's own code says nothing to others."""
    domain, family, detail = levels if len(levels) == len(("domain", "family", "detail")) else ("", "", "")
    if detail in _KINDS:
        return _KINDS[detail]
    if domain == "SECU" and family in _TRADES:
        return "buy" if is_out else "sell"
    if domain == "FORX":
        return "fx"
    return ("withdrawal" if is_out else "deposit") if domain == "PMNT" else "other"


def _levels(code: Element | None) -> tuple[str, ...]:
    """Domain, family and sub-family of a code, or the bank's own where it states none."""
    domain = child(code, "Domn")
    if domain is None:
        return (text(code, "Prtry/Cd"),) if code is not None else ()
    parts = _parts(domain)
    family = _parts(parts["Fmly"]) if "Fmly" in parts else {}
    return _text(parts, "Cd"), _text(family, "Cd"), _text(family, "SubFmlyCd")
