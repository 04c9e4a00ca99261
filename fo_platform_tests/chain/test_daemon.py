"""The real Dagster daemon in its own process: drift beyond the limit starts one evaluation, nothing else does."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import dagster as dg
import pandas as pd
import sqlalchemy as sa
from dagster._core.scheduler.instigation import TickStatus
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from fo_platform.analytics.metrics.allocation_drift import METRIC
from fo_platform.contracts import analytics, book, policy
from fo_platform.ledger import tables
from fo_platform.office import Office, open_office
from fo_platform.operations.dagster_home import prepare_dagster_home, process_variables
from fo_platform.operations.read import of_day
from fo_platform.settings import Settings
from fo_platform.warehouse.warehouse import Derivation
from fo_platform_tests.chain.conftest import LAST, Home
from fo_platform_tests.processes import PATIENCE_SECONDS

DAY = date.fromisoformat(LAST)
NAV = Decimal(100_000_000)
HOW = Derivation({}, "test", "test")
TICKED = [TickStatus.SUCCESS, TickStatus.SKIPPED, TickStatus.FAILURE]


def _publish(office: Office, drifts: dict[str, str], broken: dict[str, str]) -> None:
    """Let the office measure these drifts of us_equity today, from holdings made for it."""
    targets, limits = of_day(office, policy.AllocationTargets, DAY), of_day(office, policy.Limits, DAY)
    rows = [
        {
            "account_id": entity,
            "entity_id": entity,
            "instrument_id": name,
            "asset_class": name,
            "market_value_base": value,
        }
        for entity, drift in drifts.items()
        for name, value in _values(targets[targets["entity_id"] == entity], Decimal(drift))
    ]
    held = book.Holdings.frame(
        pd.DataFrame(rows).assign(
            currency="USD",
            quantity=1,
            accrued_local=0,
            is_priced=True,
            is_stale=False,
            has_break=False,
            holding_kind="security",
        )
    )
    worths = [_worth(entity, NAV, Decimal(broken.get(entity, "0"))) for entity in drifts]
    worth = book.NetWorth.frame([*worths, _worth("office", NAV * len(drifts), Decimal(0))])
    drift = METRIC.compute(holdings=held, net_worth=worth, allocation_targets=targets, limits=limits)
    office.warehouse.write(book.NetWorth.name, book.NetWorth, DAY, book.NetWorth.validate(worth), HOW)
    table = analytics.AllocationDrift
    office.warehouse.write(table.name, table, DAY, table.validate(drift), HOW)


def _values(targets: pd.DataFrame, drift: Decimal) -> Iterator[tuple[str, Decimal]]:
    """Money by class: on target, but us_equity over by the drift of what is tradeable and fixed_income under by it."""
    moved = drift * sum(Decimal(str(weight)) for weight in targets.loc[targets["is_liquid"], "weight_target"])
    shift = {"us_equity": moved, "fixed_income": -moved}
    for name, target in zip(targets["asset_class"], targets["weight_target"], strict=True):
        yield name, (Decimal(str(target)) + shift.get(name, Decimal(0))) * NAV


def _worth(entity: str, nav: Decimal, broken: Decimal) -> dict[str, object]:
    money = {
        "assets_base": nav,
        "cash_base": 0,
        "liabilities_base": 0,
        "nav_base": nav,
        "stale_base": 0,
        "broken_base": broken,
    }
    return {"entity_id": entity, "base_currency": "USD", **money, "unpriced_count": 0}


@contextmanager
def _daemon(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The daemon on the office's instance, ended with the test."""
    home = prepare_dagster_home(settings)
    environment = {**os.environ, **process_variables(settings), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "dagster._daemon", "run", "-m", "fo_platform.definitions"]
    with dg.DagsterInstance.from_config(str(home)) as instance:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield instance
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _evaluations(instance: dg.DagsterInstance) -> list[str]:
    """Scopes of the finished evaluations that drift started, in order."""
    runs = instance.get_runs(dg.RunsFilter(job_name="evaluate", tags={"fo/trigger": "drift"}))
    assert all(run.status != dg.DagsterRunStatus.FAILURE for run in runs)
    return sorted(run.tags["fo/scope"] for run in runs)


def _events(office: Office) -> dict[str, tuple[str, str]]:
    """The last event of every scope today and its reason."""
    query = sa.select(tables.drift_events).where(tables.drift_events.c.business_date == DAY)
    return {
        row.scope: (row.event, row.reason) for row in office.ledger.rows(query.order_by(tables.drift_events.c.step))
    }


def _wait(office: Office, expected: dict[str, str]) -> None:
    """Until the sensor has looked at the published drifts."""
    _until(
        lambda: {scope: event for scope, (event, _) in _events(office).items()} == expected,
        lambda: f"the sensor recorded {_events(office)}",
    )


def _settle(instance: dg.DagsterInstance) -> None:
    """The tick under way, which launches what it found due, two whole ones after it and the end of every run."""
    unfinished, enough = dg.RunsFilter(statuses=NOT_FINISHED_STATUSES), _ticks(instance) + 3
    _until(lambda: _ticks(instance) >= enough, lambda: "the sensor looks no more")
    _until(lambda: not instance.get_runs(unfinished), lambda: "a run did not end")


def _ticks(instance: dg.DagsterInstance) -> int:
    """How often the sensor of drift looked."""
    [drift] = [state for state in instance.all_instigator_state() if state.name == "drift"]
    return len(instance.get_ticks(drift.instigator_origin_id, drift.selector_id, statuses=TICKED))


def _until(is_so: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Until something is so; what is said when it never is."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < ends, otherwise()
        time.sleep(1)


def test_drift_starts_one_evaluation_and_a_further_half_percent_one_more(own_home: Home) -> None:
    settings = Settings.read({"FO_HOME": str(own_home.fo)})
    office = open_office(settings)
    _publish(office, {"foundation": "0", "trust": "0", "llc": "0"}, {})
    with _daemon(settings) as instance:
        _wait(office, {"foundation": "closed", "trust": "closed", "llc": "observed"})
        _publish(office, {"foundation": "0.021", "trust": "0.0199", "llc": "0.02"}, {})
        _wait(office, {"foundation": "evaluation_due", "trust": "observed", "llc": "observed"})
        _settle(instance)
        assert _evaluations(instance) == ["foundation"]
        assert _events(office)["trust"][1] == "drift 1.99 % does not exceed the limit 2.00 %"
        assert _events(office)["llc"][1] == "drift 2.00 % does not exceed the limit 2.00 %"
        _publish(office, {"foundation": "0.0262", "trust": "0.021", "llc": "0.02"}, {"trust": "150000"})
        _wait(office, {"foundation": "evaluation_due", "trust": "held", "llc": "observed"})
        _settle(instance)
        assert _evaluations(instance) == ["foundation", "foundation"]
        assert "stale or broken holdings" in _events(office)["trust"][1]
