"""The faults that the demo world plants: what, where, on which morning. Layouts of files belong to writers."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from fo_platform.simulation.state import Holding, Snapshot

TRUNCATED_PART = 0.55
"""How much of a truncated file arrives."""


@dataclass(frozen=True)
class Defect:
    """One planted fault of a morning. quantity: what is added to the true quantity of a statement that is restated."""

    day: date
    source: str
    what: Literal["truncated", "restated"]
    account_id: str
    instrument_id: str = ""
    quantity: Decimal = Decimal(0)


DEFECTS = (
    Defect(date(2022, 6, 15), "swiss_bank", "truncated", "trust_swiss"),
    Defect(date(2022, 6, 16), "interactive_brokers", "restated", "trust_ib", "KO", Decimal(1000)),
)


def planted(day: date, source: str, what: str) -> list[Defect]:
    """The faults of one kind in what a source delivers on a morning."""
    return [defect for defect in DEFECTS if (defect.day, defect.source, defect.what) == (day, source, what)]


def truncated(content: bytes) -> bytes:
    """A file whose transfer broke off."""
    return content[: int(len(content) * TRUNCATED_PART)]


def misstated(snapshot: Snapshot, defects: list[Defect]) -> Snapshot:
    """The account as a custodian first stated it: one position wrong, its lots right."""
    wrong = {d.instrument_id: d.quantity for d in defects if d.account_id == snapshot.account.account_id}
    return replace(snapshot, holdings=tuple(_shifted(row, wrong) for row in snapshot.holdings))


def _shifted(row: Holding, wrong: dict[str, Decimal]) -> Holding:
    return replace(row, quantity=row.quantity + wrong.get(row.instrument_id, Decimal(0)))
