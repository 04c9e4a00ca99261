"""`fo run` and `fo advance`: whole days of the demo office, files to report. A day's rules belong to operations."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from fo_platform.cli._dagster import Ran, run_job
from fo_platform.clock import close_of, morning_of
from fo_platform.errors import SettingsError
from fo_platform.office import Office
from fo_platform.operations.approve import sign_as_demo, sign_policy_as_demo
from fo_platform.operations.brokers import open_broker
from fo_platform.operations.dagster_home import prepare_dagster_home
from fo_platform.operations.drift import record_drift
from fo_platform.operations.intake import take_in
from fo_platform.operations.policy import adopt_policy
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform.simulation.approvers import demo_key
from fo_platform.simulation.world import TRIGGER_DAY, World

AFTERWARDS = timedelta(minutes=30)
CHAIN_DAYS = 4
"""Days at the end of `fo run` that run the whole chain: trigger, and the three until its settlement is proved."""

PAPER = "paper"
"""The broker whose sessions the demo's world holds."""

Tell = Callable[[str], None]


@dataclass
class Totals:
    """What a command spent: days run in full, wall seconds of runs, and seconds of work by schema."""

    days: int = 0
    run_seconds: float = 0.0
    work: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=perf_counter)

    def add(self, ran: Ran) -> None:
        """Count one run."""
        self.run_seconds += ran.seconds
        for schema, seconds in ran.work.items():
            self.work[schema] = self.work.get(schema, 0.0) + seconds

    @property
    def orchestration_share(self) -> float:
        """Share of the runs' wall time that was not spent making tables."""
        return 1 - sum(self.work.values()) / self.run_seconds if self.run_seconds else 0.0


@dataclass(frozen=True)
class Demo:
    """The demo office with its simulated world."""

    office: Office
    policy: Policy
    world: World
    dagster_home: Path

    @classmethod
    def open(cls, office: Office) -> "Demo":
        """The world of the office in these settings; only the demo office has one."""
        policy = load_policy(office.settings.office_folder)
        if policy.office.clock != "simulated":
            raise SettingsError(
                f"The office {office.settings.office} lives in real time; `fo run` plays the demo office's days.",
                "Start `fo ui --operate`: its sensors run the day.",
            )
        home = Path(
            os.environ.get("FO_SIMULATION_HOME")
            or office.settings.home.with_name(f"{office.settings.home.name}-simulation")
        )
        return cls(office, policy, World(home), prepare_dagster_home(office.settings))

    @property
    def days(self) -> list[date]:
        """Every session that the demo can live through."""
        return self.world.sessions()

    @property
    def broker_folder(self) -> Path:
        """Where the paper broker keeps its book, tapes and drop copies."""
        return self.office.settings.broker_folder(PAPER)


def run_demo(demo: Demo, tell: Tell, until: date | None = None) -> Totals:
    """History as one range run, then the last days in full; closed days are left alone, the last is looked at again.

    until: stop after this day, by default after the first rebalance is settled and reconciled.
    """
    totals = Totals()
    trigger = demo.days.index(TRIGGER_DAY)
    history, chain = demo.days[:trigger], demo.days[trigger : trigger + CHAIN_DAYS]
    _start(demo, history[0])
    _history(demo, history, totals, tell)
    for day in [d for d in chain if until is None or d <= until]:
        if not _is_closed(demo.office, day) or day == chain[-1] == demo.office.ledger.clock.business_date:
            _full_day(demo, day, totals, tell)
    _publish(demo, totals, tell)
    return totals


def advance(demo: Demo, count: int, tell: Tell) -> Totals:
    """The next sessions in full, one after another."""
    totals = Totals()
    now = demo.office.ledger.clock.business_date
    for day in [d for d in demo.days if d > now or (d == now and not _is_closed(demo.office, d))][:count]:
        _full_day(demo, day, totals, tell)
    _publish(demo, totals, tell)
    return totals


def _start(demo: Demo, day: date) -> None:
    """The first morning: the clock stands there, the policy is adopted and signed with the demo's keys."""
    ledger = demo.office.ledger
    if not ledger.clock.is_simulated:
        ledger.move_clock(morning_of(day))
        adopt_policy(demo.office, day)
        sign_policy_as_demo(demo.office, demo.policy, day, demo_key)


def _history(demo: Demo, days: list[date], totals: Totals, tell: Tell) -> None:
    office = demo.office
    if _is_closed(office, days[-1]):
        return
    for day in days:
        tell(f"history: files of {day}")
        office.ledger.move_clock(morning_of(day))
        demo.world.deliver(day, office.settings.inbox, demo.broker_folder)
        for source, body in demo.policy.sources.items():
            take_in(office, source, tuple(body.feeds), day)
    tell(f"history: {len(days)} days as one range run")
    totals.add(run_job("history", days[0], days[-1], demo.dagster_home))
    for day in days:
        record_drift(office, day)
    office.ledger.move_clock(_closed_at(days[-1]))
    totals.days += len(days)


def _full_day(demo: Demo, day: date, totals: Totals, tell: Tell) -> None:
    """One day: files, evaluation, signatures, release, session, close."""
    office = demo.office
    office.ledger.move_clock(morning_of(day))
    tell(f"{day}: files arrive")
    demo.world.deliver(day, office.settings.inbox, demo.broker_folder)
    tell(f"{day}: from raw bytes to the decision")
    totals.add(run_job("evaluate", day, day, demo.dagster_home))
    record_drift(office, day)
    if sign_as_demo(office, demo.policy, day, demo_key):
        tell(f"{day}: two people sign [dim](demo keys)[/]; orders are released")
    totals.add(run_job("release", day, day, demo.dagster_home))
    open_broker(office, PAPER, day).trade(day)
    office.ledger.move_clock(close_of(day))
    tell(f"{day}: fills, settlements, reconciliation report")
    totals.add(run_job("close", day, day, demo.dagster_home))
    office.ledger.move_clock(_closed_at(day))
    totals.days += 1


def _publish(demo: Demo, totals: Totals, tell: Tell) -> None:
    """The marts, once for all the days that were run."""
    day = demo.office.ledger.clock.business_date
    tell(f"{day}: marts of the whole history")
    totals.add(run_job("publish", day, day, demo.dagster_home))


def _is_closed(office: Office, day: date) -> bool:
    return office.ledger.clock.is_simulated and office.ledger.clock.now() >= _closed_at(day)


def _closed_at(day: date) -> datetime:
    return close_of(day) + AFTERWARDS
