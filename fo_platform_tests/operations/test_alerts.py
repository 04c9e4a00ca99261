"""Alerts live: one a rule and scope, told once a channel, quiet while snoozed, closed when their cause is gone."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from fo_platform.clock import morning_of
from fo_platform.contracts.analytics import Alerts
from fo_platform.errors import DataError, NotifyError
from fo_platform.ledger.verify import verify
from fo_platform.notify._base import Notice
from fo_platform.office import Office, open_office
from fo_platform.operations import alerts, notices
from fo_platform.settings import LogChannel, Settings
from fo_platform.warehouse.warehouse import Derivation

FIRST, SECOND, THIRD = date(2022, 6, 13), date(2022, 6, 14), date(2022, 6, 15)
BREACH = {
    "alert_id": "ab12", "rule": "drift_breach", "scope": "trust", "alert_state": "open", "severity": "warn",
    "value": 0.03, "unit": "fraction", "message": "Beyond the drift limit: cash; decide.",
}  # fmt: skip
WHO = {"by": "A. Keller", "note": "Seen."}


@dataclass
class Desk:
    """A channel that keeps what it is told, and refuses while it is down."""

    told: list[Notice] = field(default_factory=list)
    is_down: bool = False

    def send(self, notice: Notice) -> None:
        if self.is_down:
            raise NotifyError("The desk is down.", "Wait.")
        self.told.append(notice)


@pytest.fixture
def office(settings: Settings) -> Office:
    """An office on its first morning."""
    opened = open_office(settings)
    opened.ledger.move_clock(morning_of(FIRST))
    return opened


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """What every channel of the office leads to."""
    found = Desk()
    monkeypatch.setattr(notices, "open_channel", lambda *_: found)
    return found


def _day(office: Office, day: date, *rows: dict[str, object]) -> None:
    if day != office.ledger.clock.business_date:
        office.ledger.move_clock(morning_of(day))
    office.warehouse.write(Alerts.name, Alerts, day, Alerts.frame(rows), Derivation({}, "0" * 64, "test"))
    alerts.record_alerts(office, day)


def test_an_alert_opens_once_however_often_it_is_seen_and_closes_when_its_cause_is_gone(office: Office) -> None:
    for day in (FIRST, SECOND):
        _day(office, day, BREACH)
        alerts.record_alerts(office, day)
    [shown] = alerts.alerts(office)["alerts"]
    assert (shown["state"], shown["opened_date"]) == ("open", str(FIRST))
    _day(office, THIRD)
    assert alerts.alerts(office) == {"open": 0, "alerts": []}
    [closed] = alerts.alerts(office, closed=True)["alerts"]
    assert closed["state"] == "closed"
    assert verify(office.ledger, office.archive).ok


def test_every_channel_is_told_once_of_what_opened_or_became_worse(office: Office, desk: Desk) -> None:
    _day(office, FIRST, BREACH)
    assert [row["outcome"] for row in notices.tell(office)] == ["sent"]
    assert notices.tell(office) == []
    _day(office, SECOND, BREACH | {"severity": "critical"})
    notices.tell(office)
    assert [(notice.message_id, notice.severity) for notice in desk.told] == [
        ("ab12-1", "warn"),
        ("ab12-2", "critical"),
    ]


def test_a_channel_that_is_down_is_tried_again_and_given_up_in_the_end(office: Office, desk: Desk) -> None:
    _day(office, FIRST, BREACH)
    desk.is_down = True
    assert [len(notices.tell(office)) for _ in range(notices.ATTEMPTS_MAX + 1)] == [1] * notices.ATTEMPTS_MAX + [0]
    [left] = notices.untold(office)
    assert (left["attempt"], left["detail"]) == (notices.ATTEMPTS_MAX, "The desk is down.")


def test_what_a_channel_missed_is_told_when_it_is_up_again(office: Office, desk: Desk) -> None:
    _day(office, FIRST, BREACH)
    desk.is_down = True
    notices.tell(office)
    desk.is_down = False
    notices.tell(office)
    assert [notice.message_id for notice in desk.told] == ["ab12-1"]
    assert notices.untold(office) == []


def test_a_snoozed_alert_is_quiet_until_its_day_and_stays_in_the_list(office: Office, desk: Desk) -> None:
    _day(office, FIRST, BREACH)
    alerts.snooze(office, "ab", until=THIRD, **WHO)
    notices.tell(office)
    _day(office, SECOND, BREACH)
    notices.tell(office)
    assert (desk.told, alerts.alerts(office)["open"]) == ([], 1)
    _day(office, THIRD, BREACH)
    notices.tell(office)
    assert len(desk.told) == 1


def test_who_has_it_and_who_saw_it_is_kept_until_it_opens_anew(office: Office) -> None:
    _day(office, FIRST, BREACH)
    alerts.acknowledge(office, "ab12", **WHO)
    shown = alerts.assign(office, "ab12", owner="B. Frei", **WHO)
    assert (shown["acknowledged_by"], shown["owner"]) == ("A. Keller", "B. Frei")
    _day(office, SECOND)
    _day(office, THIRD, BREACH)
    [again] = alerts.alerts(office)["alerts"]
    assert (again["acknowledged_by"], again["owner"], again["opened_date"]) == (None, None, str(THIRD))


def test_a_channel_hears_only_what_is_bad_enough_for_it(office: Office, desk: Desk) -> None:
    bound = office.settings.bindings.model_copy(
        update={"notify": {"desk": LogChannel(kind="log", severity_min="critical")}}
    )
    strict = replace(office, settings=replace(office.settings, bindings=bound))
    _day(office, FIRST, BREACH, BREACH | {"alert_id": "cd34", "rule": "other", "severity": "critical"})
    notices.tell(strict)
    assert [notice.rule for notice in desk.told] == ["other"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"alert_id": "zz", **WHO}, "0 open alerts begin with `zz`"),
        ({"alert_id": "", **WHO}, "open alerts begin with"),
        ({"alert_id": "ab12", "by": " ", "note": "x"}, "--by is empty"),
        ({"alert_id": "ab12", "by": "x", "note": ""}, "--note is empty"),
    ],
)
def test_a_decision_that_cannot_be_kept_is_refused(office: Office, words: dict[str, str], fault: str) -> None:
    _day(office, FIRST, BREACH)
    with pytest.raises(DataError, match=fault):
        alerts.acknowledge(office, **words)


def test_a_day_that_is_over_snoozes_nothing(office: Office) -> None:
    _day(office, FIRST, BREACH)
    with pytest.raises(DataError, match="not after today"):
        alerts.snooze(office, "ab12", until=FIRST, **WHO)
