"""Entries and balances of account statements in ISO 20022 as fields. Statements and their proof do not belong here."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import count, takewhile
from typing import NamedTuple

from fo_platform.custodians._iso20022 import child, day, iso_day, marked, names, present, signed, strange_names, text
from fo_platform.custodians._numbers import EXACT
from fo_platform.custodians._xml_plain import Element, Stated
from fo_platform.units import plain

Texts = Mapping[str, str]

BOOKED = "BOOK"
ENTRY = names(
    "NtryRef Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef Avlbty BkTxCd ComssnWvrInd AddtlInfInd AmtDtls Chrgs "
    "TechInptChanl Intrst CardTx NtryDtls AddtlNtryInf"
)
"""What an entry may state in any known version."""
REPEATED = names("Avlbty Chrgs Intrst NtryDtls")
"""What of that it may state several times."""
WANTED = re.compile(
    r"[^/]+|(?:Sts|BookgDt|ValDt|BkTxCd)/.+"
    r"|NtryDtls[^/]*/TxDtls[^/]*/(?:AddtlTxInf|RmtInf/Ustrd.*|Refs/EndToEndId|FinInstrmId/ISIN)"
)
"""Paths of the texts of an entry that are looked at."""

_FEES = ("CHRG", "COMM", "COME", "FEES", "COMT", "COMI", "BROK")
_KINDS = {
    "DVCA": "dividend", "DVOP": "dividend", "DRIP": "dividend", "CAPG": "dividend", "INTR": "interest",
    "INTS": "interest", "TAXE": "tax", "TREC": "tax", "WITH": "tax", **dict.fromkeys(_FEES, "fee"),
}  # fmt: skip
"""By the sub-family of a bank transaction code, whatever its domain."""
_TRADES = frozenset({"SETT", "TRAD"})
"""Families of the domain of securities that pay for a trade."""
_BAI = {"010": "OPBD", "015": "CLBD", "030": "ITBD", "040": "OPAV", "045": "CLAV", "060": "ITAV"}
"""Balances that North American banks name by their types in BAI: those of the ledger, and those available."""
_BOOKED = ("BookgDt", "BookgDt/Dt", "BookgDt/DtTm")
_SETTLED = ("ValDt", "ValDt/Dt", "ValDt/DtTm")
_LEVELS = ("BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd")
_DIGITS = 5
"""Of an amount, after its point, by the schema."""
_SMALLEST = Decimal(1).scaleb(-_DIGITS)


class Balance(NamedTuple):
    """One balance: its code, whether it stands between pages, its amount as stated, and signed and canonical."""

    code: str
    is_interim: bool
    day: date | None
    stated: str
    currency: str
    amount: str


def balance(element: Element) -> Balance:
    """A balance, of credit where it does not say; ValueError where a part of it cannot be read."""
    own = text(element, "Tp/CdOrPrtry/Prtry")
    code = text(element, "Tp/CdOrPrtry/Cd") or text(element, "Tp/Cd") or _BAI.get(own, own)
    is_interim = text(element, "Tp/SubTp/Cd") == "INTM"
    currency, amount = signed(child(element, "Amt"), text(element, "CdtDbtInd") or "CRDT")
    return Balance(code, is_interim, day(element, "Dt"), text(element, "Amt"), currency, rounded(amount))


def rounded(amount: str) -> str:
    """To the digits that an amount may have: of a bank that computes in binary, `66.0000000000001` is 66."""
    if len(amount.partition(".")[2]) <= _DIGITS:
        return amount
    return plain(Decimal(amount).quantize(_SMALLEST, context=EXACT))


class Entry(NamedTuple):
    """What an entry states, its status and mark of credit or debit, and names of its elements that are not known."""

    fields: dict[str, str]
    status: str
    mark: str
    strange: frozenset[str]


def read_entry(entry: Stated, only_day: str = "") -> Entry:
    """An entry: positive is money in. A reversal is already stated as the way its money went.

    only_day: the day of a statement that is about a single one; it dates an entry that states no day, which then has
    none of settlement. What is not known is kept under its own name.
    """
    texts, children = entry.texts, entry.children
    mark = texts.get("CdtDbtInd", "")
    code, amount = marked(texts.get("Amt"), entry.attributes.get("Amt@Ccy", ""), mark)
    entered, settled = _day(texts, *_BOOKED), _day(texts, *_SETTLED)
    if not (entered or settled or only_day):
        raise ValueError("it states neither a booking nor a value date")
    levels = _levels(entry.elements, texts)
    strange = strange_names(children, ENTRY, REPEATED)
    fields = {
        "kind": _kind(levels, is_out=amount.startswith("-")),
        "date": entered or settled or only_day,
        "settle_date": settled or entered,
        "amount": rounded(amount),
        "currency": code,
        "reference": texts.get("AcctSvcrRef") or texts.get("NtryRef", ""),
        "is_reversal": "true" if texts.get("RvslInd") in ("true", "1") else "",
        "bank_transaction_code": "/".join(filter(None, levels)),
        **_details(entry.elements, texts),
        **{name: texts[name] for name in sorted(strange)},
    }
    return Entry(present(fields), _status(texts), mark, strange)


def _status(texts: Texts) -> str:
    """`BOOK`, `PDNG` or `INFO`: a code, in newer versions inside of an element of its own."""
    return texts.get("Sts") or texts.get("Sts/Cd") or texts.get("Sts/Prtry", "")


def _day(texts: Texts, itself: str, day: str, moment: str) -> str:
    stated = texts.get(itself) or texts.get(day) or texts.get(moment)
    return iso_day(stated) if stated else ""


def _details(elements: frozenset[str], texts: Texts) -> dict[str, str]:
    """What a single transaction behind an entry says; a batch of them is only counted."""
    note = texts.get("AddtlNtryInf", "")
    number, single, lines = _single(elements)
    if number != 1:
        return {"description": note, "details": str(number or "")}
    words = [note, *(texts.get(line, "") for line in lines)]
    return {
        "description": " ".join(" ".join(words).split()),
        "end_to_end_reference": texts.get(f"{single}/Refs/EndToEndId", ""),
        "isin": texts.get(f"{single}/FinInstrmId/ISIN", ""),
    }


@lru_cache(maxsize=256)
def _single(elements: frozenset[str]) -> tuple[int, str, tuple[str, ...]]:
    """How many transactions are behind an entry of these elements, the first of them, and where its words stand."""
    singles = [single for part in _each(elements, "NtryDtls") for single in _each(elements, f"{part}/TxDtls")]
    single = next(iter(singles), "")
    return len(singles), single, (f"{single}/AddtlTxInf", *_each(elements, f"{single}/RmtInf/Ustrd"))


def _each(elements: frozenset[str], name: str) -> list[str]:
    """Every element of a name in one place."""
    if f"{name}[2]" in elements:
        return [name, *takewhile(elements.__contains__, (f"{name}[{number}]" for number in count(2)))]
    return [name] if name in elements else []


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


def _levels(elements: frozenset[str], texts: Texts) -> tuple[str, ...]:
    """Domain, family and sub-family of a code, or the bank's own where it states none."""
    if "BkTxCd/Domn" in elements:
        domain, family, detail = _LEVELS
        return texts.get(domain, ""), texts.get(family, ""), texts.get(detail, "")
    return (texts.get("BkTxCd/Prtry/Cd", ""),) if "BkTxCd" in elements else ()
