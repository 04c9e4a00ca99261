"""The state of a day in one document, for `fo status` and the pages. Nothing is computed that no table holds."""

from datetime import date
from typing import Any

import pandas as pd

from fo_platform import units
from fo_platform.contracts.analytics import AllocationDrift
from fo_platform.contracts.book import ExpectedDeliveries, NetWorth, ReconciledPositions, ReconciliationBreaks
from fo_platform.contracts.decision import RebalanceEvaluation
from fo_platform.errors import DataError
from fo_platform.ledger import tables
from fo_platform.ledger.queries import audit_head, count, verdict_counts
from fo_platform.limits import OFFICE
from fo_platform.office import Office
from fo_platform.operations.quarantine import held
from fo_platform.operations.read import of_day
from fo_platform.operations.readiness import readiness

Document = dict[str, Any]


def status(office: Office, day: date | None = None) -> Document:
    """Deliveries, breaks, net worth, drift, verdicts with costs, orders and settlements of a day, else the last."""
    day = known_day(office, day)
    worth, drift = of_day(office, NetWorth, day), of_day(office, AllocationDrift, day)
    evaluation = of_day(office, RebalanceEvaluation, day)
    breaks = _breaks(of_day(office, ReconciliationBreaks, day))
    return {
        "office": office.settings.office,
        "business_date": str(day),
        "clock": office.ledger.clock.now().isoformat(timespec="minutes"),
        **_coverage(office, day),
        "held": sum(case.state == "open" for case in held(office.ledger)),
        "readiness": _readiness(office, day, breaks["critical"]),
        "batches": count(office.ledger, tables.batches, on=day),
        "breaks": breaks,
        "net_worth": _money(worth.loc[worth["entity_id"] == OFFICE, "nav_base"]),
        **_drift(drift[drift["scope"] == OFFICE]),
        "verdicts": dict(zip(evaluation["entity_id"], evaluation["verdict"], strict=True)),
        "cost_of_drift_per_day": _known_money(evaluation["cost_of_drift_per_day_base"]),
        "cost_of_trading": _known_money(evaluation["cost_of_trading_base"]),
        **_execution(office, day),
        "audit_head": audit_head(office.ledger),
        "entities": _entities(worth, drift, evaluation),
    }


def known_day(office: Office, day: date | None) -> date:
    """The day asked for, or the last one; DataError for a day that has no net worth."""
    last = last_day(office)
    if day and not office.warehouse.batches(NetWorth.name, day, day):
        raise DataError(f"Nothing is known of {day}.", f"The last day is {last}; `fo advance` makes the next one.")
    return day or last


def last_day(office: Office) -> date:
    """Newest business date with a net worth."""
    day = office.warehouse.latest_day(NetWorth.name, date.max)
    if day is None:
        raise DataError("The office has no figures yet.", "Run `fo run`.")
    return day


def batch_count(office: Office) -> int:
    """How many batches the ledger holds."""
    return count(office.ledger, tables.batches)


def _coverage(office: Office, day: date) -> Document:
    verdicts = verdict_counts(office.ledger, day)
    expected = of_day(office, ExpectedDeliveries, day)["coverage_status"]
    return {
        "deliveries": sum(verdicts.values()),
        "quarantined": verdicts.get("quarantined", 0) + verdicts.get("unknown", 0),
        "late": int((expected == "late").sum()),
        "missing": int((expected == "missing").sum()),
    }


def _readiness(office: Office, day: date, critical_breaks: int) -> Document:
    due, positions = of_day(office, ExpectedDeliveries, day), of_day(office, ReconciledPositions, day)
    return readiness(due, positions, critical_breaks=critical_breaks, now=office.ledger.clock.now())


def _breaks(breaks: pd.DataFrame) -> Document:
    return {"open": len(breaks), "critical": int((breaks["severity"] == "critical").sum())}


def _drift(rows: pd.DataFrame) -> Document:
    return {name: f"{rows[name].abs().max():.6f}" for name in ("drift_total", "drift_tradeable")}


def _execution(office: Office, day: date) -> Document:
    """Everything up to the close of the day; a fill is pending until a statement proves it settled."""
    fills = count(office.ledger, tables.fills, until=day)
    settled = count(office.ledger, tables.settlements, until=day)
    orders = count(office.ledger, tables.outbox, until=day)
    return {"orders": orders, "fills": fills, "settled": settled, "pending": fills - settled}


def _entities(worth: pd.DataFrame, drift: pd.DataFrame, evaluation: pd.DataFrame) -> Document:
    largest = drift.groupby("scope")["drift_tradeable"].agg(lambda values: float(values.abs().max()))
    rows = worth.merge(evaluation, how="left", on="entity_id", validate="one_to_one")
    return {str(row["entity_id"]): _entity(row, largest) for _, row in rows.iterrows() if row["entity_id"] != OFFICE}


def _entity(row: pd.Series, largest: pd.Series) -> Document:
    costs = {
        name: _cell(row[f"{name}_base"])
        for name in ("cost_of_drift_per_day", "cost_of_drift", "cost_of_trading", "tax")
    }
    return {
        "net_worth": _cell(row["nav_base"]),
        "drift_tradeable": f"{largest.get(row['entity_id'], 0.0):.6f}",
        "verdict": None if pd.isna(row["verdict"]) else row["verdict"],
        "reason": None if pd.isna(row["reason"]) else row["reason"],
        **costs,
    }


def _money(values: pd.Series) -> str:
    return f"{units.total(values):.2f}"


def _known_money(values: pd.Series) -> str | None:
    """A sum, unknown on a day that nothing was evaluated on."""
    return _money(values) if len(values) else None


def _cell(value: Any) -> str | None:  # noqa: ANN401 - a decimal cell, or any way of not having one.
    return None if value is None or pd.isna(value) else f"{value:.2f}"
