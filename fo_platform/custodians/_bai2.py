"""Fields of BAI2 records: amounts in minor units, type codes, funds types. Records and controls belong to bai2."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from fo_platform.custodians._numbers import compact_date, implied_number

_NO_DECIMALS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
})  # fmt: skip
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_SUBFIELDS = {"": 0, "Z": 0, "0": 0, "1": 0, "2": 0, "V": 2, "S": 3}
"""Fields that follow each funds type; D says itself how many."""

_CLOSING = ("015", "045", "030", "060", "010", "040")
"""Balances that say what the account holds, the best first: closing before current before opening, ledger first."""
_AVAILABLE = ("045", "060", "040")
_KINDS = {
    "238": "dividend", "245": "dividend", "240": "interest", "242": "interest", "354": "interest", "654": "interest",
    "661": "fee", "698": "fee", "398": "fee", "232": "sell", "234": "sell",
}  # fmt: skip


class Summary(NamedTuple):
    """One balance or sum of an account: its type, its amount as written, how many items it sums."""

    code: str
    text: str
    items: str


class Detail(NamedTuple):
    """One movement: its type, its amount as written, when its funds are there, references and text."""

    code: str
    text: str
    available: date | None
    bank_reference: str
    customer_reference: str
    words: str


def minor(text: str, currency: str) -> str:
    """An amount in minor units as canonical text; JPY has none, so `100` is a hundred."""
    decimals = 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
    sign = text[0] if text[:1] in ("+", "-") else ""
    digits = text[len(sign) :]
    if len(digits) > 40:
        raise ValueError(f"{text[:40]!r} is no amount")
    return implied_number(digits, decimals, sign or "+")


def whole(text: str) -> int:
    """A sum or count as written, with or without sign and zeros before it."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 40):
        raise ValueError(f"{text[:40]!r} is no whole number")
    return -int(digits) if text.startswith("-") else int(digits)


def day(text: str) -> date:
    """`060316`, or with the century, as a date."""
    return compact_date(text if len(text) == 8 else f"20{text}")


def summaries(fields: list[str]) -> Iterator[Summary]:
    """Balances and sums of an account record, behind its number and currency; a comma too many is no difference."""
    at = 0
    while at < len(fields):
        code, text, items, funds = (*fields[at : at + 4], "", "", "")[:4]
        if not code:
            at += 1
            continue
        if len(code) != 3 or not code.isdigit():
            raise ValueError(f"{code[:20]!r} is no type of an amount")
        at += 4 + _following(funds, fields[at + 4 :])
        yield Summary(code, text, items)


def detail(fields: list[str]) -> Detail:
    """A movement, behind the code 16."""
    code, text, funds = (*fields[:3], "", "")[:3]
    rest = fields[3:]
    size = _following(funds, rest)
    available = day(rest[0]) if funds == "V" and rest and rest[0] else None
    bank, customer, *words = (*rest[size:], "", "")
    return Detail(code, text, available, bank.strip(), customer.strip(), ",".join(words).strip(" ,"))


def _following(funds: str, rest: list[str]) -> int:
    """How many fields belong to the funds type."""
    if funds == "D":
        return 1 + 2 * whole(rest[0]) if rest and whole(rest[0]) < 100 else len(rest)
    if funds not in _SUBFIELDS:
        raise ValueError(f"{funds[:12]!r} is no type of funds")
    return _SUBFIELDS[funds]


def cash(found: dict[str, str]) -> dict[str, str]:
    """Money of the account by the best balance stated, whose type is kept; empty without any. found: by type."""
    code = next((code for code in _CLOSING if code in found), "")
    available = next((found[code] for code in _AVAILABLE if code in found), "")
    settled = {"amount_settled": available} if available else {}
    return {"amount": found[code], "balance_type": code, **settled} if code else {}


def is_balance(code: str) -> bool:
    """Whether a type is a balance or status rather than a movement or a sum of them."""
    return "001" <= code < "100" or "900" <= code < "920"


def kind(code: str, amount: str) -> str:
    """What a movement is, by its type and its sign."""
    is_out = amount.startswith("-")
    if not amount:
        return "other"
    if code in _KINDS:
        return _KINDS[code]
    if "191" <= code <= "209" or "491" <= code <= "509":
        return "transfer_out" if is_out else "transfer_in"
    return "withdrawal" if is_out else "deposit"


def signed(code: str, text: str) -> str:
    """The amount of a movement, below zero where its type is a debit; empty where its type has no direction."""
    if "400" <= code <= "699" or "960" <= code <= "999":
        return text.removeprefix("-") if text.startswith("-") else f"-{text}" if text != "0" else text
    return text if "100" <= code <= "399" or "920" <= code <= "959" else ""
