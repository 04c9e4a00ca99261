"""Items of REST answers taken one by one: their statements, counts, unknown members. Meanings belong to formats."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fo_platform.custodians._draft import Draft, StatementDraft
from fo_platform.custodians._json import JsonError, Members, Value, parsed_object
from fo_platform.custodians._numbers import EXACT, iso_date, number
from fo_platform.custodians.records import Basis, Kind
from fo_platform.units import plain

AGAIN = "Ask the custodian to send the file again."
_DECLARE = "Ask what it means, and have the format learn it."
_OPTION = re.compile(r"[A-Z]{1,6}\s{0,5}[0-9]{6}[CP][0-9]{8}")
UNIT = {"quantity_type": "UNIT", "price_basis": "unit", "level": ""}
"""What every holding of shares or coins is."""


class Row(NamedTuple):
    """What one item states: the record that it becomes, the name its kind is counted under, whose and of which day."""

    kind: Kind
    label: str
    fields: dict[str, str]
    account: str | None = None
    day: date | None = None


class Taken:
    """One pass over a file: statements by account, and what was counted."""

    def __init__(self, draft: Draft, basis: Basis | None, day: date | None = None) -> None:
        """Nothing yet. basis, day: of every statement."""
        self.draft, self.basis, self.day = draft, basis, day
        self.statements: dict[str | None, StatementDraft] = {}
        self.types: Counter[str] = Counter()
        self.reported: set[str] = set()

    def statement(self, account: str | None) -> StatementDraft:
        """The statement of an account, opened when it is first named."""
        if account not in self.statements:
            self.statements[account] = self.draft.open(account, self.day, self.basis)
        return self.statements[account]

    def take(self, value: Value, meaning: Callable[[Members], Row | str]) -> None:
        """One item as a record; a text in place of a row says why it is left out. A bad item is a fault of its own."""
        data = self.draft.data
        try:
            found = meaning(parsed_object(data, value.start, value.end))
        except JsonError as error:
            self.draft.fault(error.offset, f"{value.name or 'item'}: {error}", AGAIN)
        except ValueError as error:
            self.draft.fault(value.start, f"{value.name or 'item'}: {error}", AGAIN)
        else:
            self._keep(value, found)

    def _keep(self, value: Value, found: Row | str) -> None:
        if isinstance(found, str):
            self.types[found] += 1
            self.draft.note(value.start, f"the item is left out: it is {found}", "Nothing is to be done.")
            return
        statement = self.statement(found.account)
        self.types[found.label] += 1
        span = value.start, value.end
        day = found.day or statement.statement_date
        statement.records.append(self.draft.record(found.kind, span, found.fields, found.account, day))

    def others(self, members: Members, known: Iterable[str]) -> dict[str, str]:
        """Flat members that are not in the canonical fields, under their own names; unknown ones are reported once."""
        names = set(known)
        for name in members.keys() - names - self.reported:
            self.reported.add(name)
            self.draft.note(0, f"the member {name[:40]} is not known to us: it is kept as it is", _DECLARE)
        return {name: text for name, text in members.items() if isinstance(text, str) and text}

    def state(self) -> None:
        """Counts, as the file's own totals."""
        self.draft.stated |= {"items": self.types.total(), "types": dict(self.types)}
        if not self.statements and not self.draft.faults:
            self.statement(None)


def numbers(members: Members, names: Mapping[str, str]) -> dict[str, str]:
    """Canonical numbers of the members that are stated, by the names of the fields that they become."""
    found: dict[str, str] = {}
    for field, name in names.items():
        text = members.get(name)
        if text is None or text == "":
            continue
        if not isinstance(text, str) or "," in text:
            raise ValueError(f"{name} is no number")
        try:
            found[field] = number(text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return found


def required(members: Members, name: str) -> str:
    """A member that has to be stated, as text."""
    text = members.get(name)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is missing")
    return text.strip()


def day_of(text: str) -> date | None:
    """The date that a date or a moment begins with, if any is stated."""
    return iso_date(text[:10]) if text else None


def dated(name: str, text: str) -> dict[str, str]:
    """A date as a field, if it is stated."""
    day = day_of(text)
    return {name: day.isoformat()} if day else {}


def negated(text: str) -> str:
    """A canonical number with its sign turned."""
    return plain(-Decimal(text))


def short(text: str, *, is_short: bool) -> str:
    """A quantity, below zero where the position is short."""
    return f"-{text}" if is_short and not text.startswith("-") and text != "0" else text


def product(*texts: str) -> str:
    """Exact product of canonical numbers."""
    found = Decimal(1)
    for text in texts:
        found = EXACT.multiply(found, Decimal(text))
    return plain(found)


def is_option(symbol: str) -> bool:
    """Whether a symbol is that of a listed option of the United States."""
    return _OPTION.fullmatch(symbol) is not None


def option_multiplier(fields: Mapping[str, str]) -> dict[str, str]:
    """A hundred, where price times quantity times a hundred is exactly the value that an option states."""
    is_stated = {"quantity", "price", "market_value"} <= fields.keys() and is_option(fields.get("symbol", ""))
    if is_stated and Decimal(product(fields["quantity"], fields["price"], "100")) == Decimal(fields["market_value"]):
        return {"multiplier": "100"}
    return {}
