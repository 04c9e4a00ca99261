"""The owner's workbook: what is held, owed and committed, each sheet with its total. Books belong to trial_balance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fo_platform.simulation.private_history import Debt, Period
from fo_platform.simulation.writers.workbook import Cell, workbook


@dataclass(frozen=True)
class Declared:
    """Something that its owner values."""

    entity: str
    asset_id: str
    description: str
    asset_class: str
    market_value: int
    currency: str


def owner_workbook(
    as_of: date, held: Sequence[Declared], owed: Sequence[tuple[Debt, Decimal]], committed: Sequence[Period],
    numbers: Mapping[str, str],
) -> bytes:  # fmt: skip
    """All that owners declare at the end of a quarter. numbers: what the office calls each owner."""
    return workbook(
        {
            "Cover": [["Owner Declaration"], ["As of", as_of]],
            "Holdings": _holdings(held, numbers),
            "Liabilities": _liabilities(owed, numbers),
            "Commitments": _commitments(committed, numbers),
        }
    )


def _holdings(held: Sequence[Declared], numbers: Mapping[str, str]) -> list[Sequence[Cell]]:
    rows: list[list[Cell]] = [
        [numbers[row.entity], row.asset_id, row.description, row.asset_class, Decimal(row.market_value), row.currency,
         Decimal(1)]
        for row in held
    ]  # fmt: skip
    columns = ("Owner", "Asset", "Description", "Class", "Value", "Currency", "Ownership")
    return [columns, *rows, *_totals(rows, 5, 4)]


def _liabilities(owed: Sequence[tuple[Debt, Decimal]], numbers: Mapping[str, str]) -> list[Sequence[Cell]]:
    rows: list[list[Cell]] = [
        [numbers[row.entity], row.debt_id, row.lender, row.kind, row.currency, balance, row.rate, row.maturity_date]
        for row, balance in owed
    ]
    columns = ("Owner", "Liability ID", "Lender", "Kind", "Currency", "Balance", "Rate", "Maturity")
    return [columns, *rows, *_totals(rows, 4, 5)]


def _commitments(committed: Sequence[Period], numbers: Mapping[str, str]) -> list[Sequence[Cell]]:
    rows: list[list[Cell]] = [
        [numbers[row.fund.entity], row.fund.fund_id, row.fund.name, row.fund.currency, Decimal(row.fund.commitment),
         row.called, row.recallable, row.unfunded]
        for row in committed
    ]  # fmt: skip
    columns = ("Owner", "Fund ID", "Fund", "Currency", "Commitment", "Called", "Recallable", "Unfunded")
    return [columns, *rows, *_totals(rows, 3, 4)]


def _totals(rows: Sequence[Sequence[Cell]], currency_at: int, first: int) -> list[list[Cell]]:
    """A row of totals a currency: the sum of the column of money, and nothing else."""
    currencies = sorted({str(row[currency_at]) for row in rows})
    return [
        _total([row for row in rows if row[currency_at] == currency], currency, currency_at, first)
        for currency in currencies
    ]


def _total(rows: Sequence[Sequence[Cell]], currency: str, currency_at: int, first: int) -> list[Cell]:
    figures = [row[first] for row in rows]
    cells: list[Cell] = ["Total", *([None] * max(currency_at, first))]
    cells[currency_at], cells[first] = currency, sum((f for f in figures if isinstance(f, Decimal)), Decimal(0))
    return cells
