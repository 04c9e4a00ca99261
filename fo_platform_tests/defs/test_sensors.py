"""The sensors: what starts a run of which job and what starts none. When drift is due belongs to decision."""

from collections.abc import Callable, Iterator
from datetime import date

import dagster as dg
import pytest

from fo_platform.clock import morning_of
from fo_platform.definitions import defs
from fo_platform.defs import sensors
from fo_platform.office import Office, open_office
from fo_platform.operations.drift import Due
from fo_platform.operations.intake import take_in
from fo_platform.operations.policy import adopt_policy
from fo_platform.settings import Settings

DAY = date(2022, 3, 18)
DIGESTS = ["a" * 64, "b" * 64]

Look = Callable[[dg.SensorDefinition], tuple[list[dg.RunRequest], str | None]]


@pytest.fixture
def office(settings: Settings) -> Office:
    """An office with its policy adopted, an empty inbox and nothing signed."""
    office = open_office(settings)
    office.ledger.move_clock(morning_of(DAY))
    adopt_policy(office, DAY)
    return office


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    """Dagster's instance, in memory."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def look(office: Office, instance: dg.DagsterInstance) -> Look:
    """One tick: the requests, resolved as the daemon resolves them, and why there are none."""

    def tick(sensor: dg.SensorDefinition) -> tuple[list[dg.RunRequest], str | None]:
        with dg.build_sensor_context(instance, resources={"office": office}, definitions=defs) as context:
            seen = sensor.evaluate_tick(context)
        return list(seen.run_requests or []), seen.skip_message

    return tick


def deliver(office: Office, name: str, content: bytes = b"hello", source: str = "us_custodian") -> None:
    """A file in a source's inbox."""
    folder = office.settings.inbox / source
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def test_without_a_new_file_nothing_starts(look: Look) -> None:
    assert look(sensors.arrivals) == ([], "No new file in any inbox.")


def test_a_new_file_starts_one_evaluation_of_the_offices_day(office: Office, look: Look) -> None:
    deliver(office, "first.txt")
    [request], reason = look(sensors.arrivals)
    assert sensors.arrivals.job_name == "evaluate"
    assert (request.partition_key, reason) == (str(DAY), None)
    assert request.tags["fo/trigger"] == "arrivals"
    assert request.asset_selection is None


OF_SESSIONS = (sensors.arrivals, sensors.drift, sensors.approvals)
"""Sensors that start a run of the day; channels are told on any day, and what is published follows a closed day."""


@pytest.mark.parametrize("sensor", OF_SESSIONS, ids=lambda sensor: sensor.name)
@pytest.mark.parametrize("day", [date(2022, 3, 19), date(2022, 4, 15)], ids=["saturday", "good friday"])
def test_every_sensor_rests_on_a_day_without_session(
    office: Office, look: Look, day: date, sensor: dg.SensorDefinition
) -> None:
    office.ledger.move_clock(morning_of(day))
    deliver(office, "first.txt")
    assert look(sensor) == ([], "There is no session today; the next one takes up what arrives.")


def test_channels_are_told_on_any_day_and_what_failed_is_counted(
    office: Office, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.ledger.move_clock(morning_of(date(2022, 3, 19)))
    outcomes = [{"outcome": "sent"}, {"outcome": "failed"}, {"outcome": "sent"}]
    monkeypatch.setattr(sensors, "tell", lambda _: outcomes)
    assert look(sensors.notices) == ([], "2 notices sent, 1 not taken; `fo alerts list` shows them.")


def test_a_day_that_was_closed_is_published() -> None:
    run = dg.DagsterRun(job_name="close", tags={"dagster/partition": str(DAY)})
    request = sensors.published(run)
    assert (request.partition_key, request.run_key) == (str(DAY), f"closings:{run.run_id}")


def test_files_that_arrive_together_start_one_evaluation(office: Office, look: Look) -> None:
    deliver(office, "first.txt")
    deliver(office, "second.txt", source="swiss_bank")
    assert len(look(sensors.arrivals)[0]) == 1


def test_a_file_that_still_waits_asks_for_the_same_run_again(office: Office, look: Look) -> None:
    deliver(office, "first.txt")
    ([once], _), ([again], _) = look(sensors.arrivals), look(sensors.arrivals)
    assert once.run_key == again.run_key
    deliver(office, "second.txt")
    [[more], _] = look(sensors.arrivals)
    assert more.run_key != once.run_key


def test_a_file_that_was_taken_in_starts_nothing_more(office: Office, look: Look) -> None:
    deliver(office, "first.txt")
    assert take_in(office, "us_custodian", ("us_custodian_fixed",), DAY) == {"unknown": 1}
    assert look(sensors.arrivals) == ([], "No new file in any inbox.")


def test_a_file_of_known_name_and_other_bytes_starts_an_evaluation(office: Office, look: Look) -> None:
    deliver(office, "first.txt")
    take_in(office, "us_custodian", ("us_custodian_fixed",), DAY)
    deliver(office, "first.txt", b"hello again")
    assert len(look(sensors.arrivals)[0]) == 1


@pytest.mark.parametrize(("name", "source"), [("first.txt.part", "us_custodian"), ("first.txt", "somebody")])
def test_a_file_that_is_unfinished_or_nobodys_starts_nothing(
    office: Office, look: Look, name: str, source: str
) -> None:
    deliver(office, name, source=source)
    assert look(sensors.arrivals)[0] == []


def test_without_a_signature_nothing_is_released(look: Look) -> None:
    assert look(sensors.approvals) == ([], "No signed proposal waits for its release.")


def test_every_signed_proposal_is_released_once_a_session(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensors, "releasable", lambda _office, _day: DIGESTS)
    requests, _ = look(sensors.approvals)
    assert sensors.approvals.job_name == "release"
    assert [request.run_key for request in requests] == [f"{digest}:{DAY}" for digest in DIGESTS]
    assert [request.tags["fo/digest"] for request in requests] == DIGESTS
    assert {request.partition_key for request in requests} == {str(DAY)}


def test_an_office_that_measured_nothing_has_no_drift(look: Look) -> None:
    requests, reason = look(sensors.drift)
    assert requests == []
    assert str(DAY) in (reason or "")


def test_drift_decides_again_and_signs_and_sends_nothing(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    due = Due("trust:1:1", "trust", DAY, "drift 2.10 % exceeds the limit 2.00 %")
    monkeypatch.setattr(sensors, "record_drift", lambda _office, _day: [due])
    [[request], _] = look(sensors.drift)
    assert (sensors.drift.job_name, request.run_key, request.tags["fo/scope"]) == ("evaluate", due.run_key, "trust")
    assert {key.to_user_string() for key in request.asset_selection or []} == {
        "decision/rebalance_evaluation",
        "decision/rebalance_proposal",
        "decision/execution_plan",
    }
