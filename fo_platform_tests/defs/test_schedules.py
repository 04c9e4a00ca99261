"""The schedules: when sources are asked for their files, and when a session is closed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import dagster as dg
import pytest

from fo_platform.clock import morning_of
from fo_platform.definitions import defs
from fo_platform.defs import schedules
from fo_platform.defs.partitions import days_of
from fo_platform.office import Office, open_office
from fo_platform.policy.office import Policy
from fo_platform.policy.transports import Sftp
from fo_platform.settings import Settings

DAY, GOOD_FRIDAY = date(2022, 3, 18), date(2022, 4, 15)
TEN = datetime(2022, 6, 18, 10, tzinfo=UTC)
SFTP = Sftp(
    kind="sftp", host="sftp.example.com", user="office", key="FO_KEY", folder="/out", pattern="*.xml",
    host_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
)  # fmt: skip


@pytest.fixture
def office(settings: Settings) -> Office:
    office = open_office(settings)
    office.ledger.move_clock(morning_of(DAY))
    return office


def tick(office: Office, schedule: dg.ScheduleDefinition) -> tuple[list[dg.RunRequest], str | None]:
    """The requests of one tick, or why there are none."""
    known = defs.get_repository_def()
    with dg.build_schedule_context(
        resources={"office": office}, scheduled_execution_time=TEN, repository_def=known
    ) as context:
        seen = schedule.evaluate_tick(context)
    return list(seen.run_requests or []), seen.skip_message


def test_an_office_of_inboxes_fetches_nothing(office: Office) -> None:
    assert tick(office, schedules.morning_pulls) == ([], "Nothing is to be fetched on 2022-03-18.")


def test_a_source_behind_a_transport_is_asked_on_sessions_and_the_chain_follows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = schedules.POLICY.sources
    remote = sources | {"us_custodian": sources["us_custodian"].model_copy(update={"transport": SFTP})}
    monkeypatch.setattr(schedules, "POLICY", replace(schedules.POLICY, sources=remote))
    (request,), _ = tick(office, schedules.morning_pulls)
    assert (request.run_key, request.partition_key) == ("pulls:2022-06-18T10:00", "2022-03-18")
    office.ledger.move_clock(morning_of(GOOD_FRIDAY))
    assert tick(office, schedules.morning_pulls) == ([], "Nothing is to be fetched on 2022-04-15.")


def test_a_simulated_day_is_not_closed_by_the_clock_on_the_wall(office: Office) -> None:
    assert tick(office, schedules.close_of_day) == ([], "2022-03-18 has no session to close in real time.")


def test_today_is_a_day_of_an_office_whose_clock_is_real(policy: Policy) -> None:
    body = policy.office.model_copy(update={"clock": "real", "last_day": None})
    days = days_of(replace(policy, office=body))
    for morning, last in (
        (datetime(2022, 6, 14, 12, tzinfo=UTC), "2022-06-14"),
        (datetime(2022, 6, 18, 12, tzinfo=UTC), "2022-06-17"),
        (datetime(2022, 6, 21, 12, tzinfo=UTC), "2022-06-21"),
    ):
        assert days.get_partition_keys(current_time=morning)[-1] == last
