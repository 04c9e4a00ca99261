"""Fetching for an office: from what is declared to what intake makes of it, and what is said when it fails."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fo_platform.clock import morning_of
from fo_platform.custodians.transports._base import Pulled
from fo_platform.defs.raw import _intake
from fo_platform.office import Office, open_office
from fo_platform.operations.doctor import examine
from fo_platform.operations.fetch import fetch
from fo_platform.operations.intake import take_in
from fo_platform.policy.models import Source
from fo_platform.settings import Settings
from fo_platform_tests.custodians.transports.servers import (
    Answering,
    Http,
    RemoteFile,
    certificate,
    http_server,
    sftp_server,
)

DAY = date(2022, 6, 14)
GOLDEN = Path(__file__).parents[1] / "custodians/ibkr_flex"
TOKEN = "4711471147114711"


@pytest.fixture
def office(settings: Settings) -> Office:
    office = open_office(settings)
    office.ledger.move_clock(morning_of(DAY))
    return office


def declared(**transport: object) -> object:
    """A transport as custodians.yaml declares it: every scalar is text."""
    body = {name: text if isinstance(text, list) else str(text) for name, text in transport.items()}
    return Source.model_validate({"name": "A", "transport": body, "feeds": {"a": {"expected_by": "07:30"}}}).transport


def answering(*bodies: bytes) -> Callable[[Answering], None]:
    left = iter(bodies)
    return lambda asked: asked.reply(next(left))


def flex(server: Http, statement: bytes) -> None:
    reference = (
        b"<FlexStatementResponse><Status>Success</Status><ReferenceCode>9</ReferenceCode></FlexStatementResponse>"
    )
    server.answers |= {"/flex/SendRequest": answering(reference), "/flex/GetStatement": answering(statement)}


def test_a_statement_of_the_flex_service_is_fetched_then_accepted(office: Office, tmp_path: Path) -> None:
    authority, tls = certificate(tmp_path)
    with http_server(tls) as server:
        flex(server, (GOLDEN / "two_accounts.xml").read_bytes())
        transport = declared(
            kind="flex_service", query=815, token="FO_FLEX", url=f"{server.url}/flex", ca=authority, deadline_seconds=30
        )
        done = fetch(office, "broker", transport, DAY, {"FO_FLEX": f" {TOKEN}\n"})
    assert (done.fetched, done.faults) == (1, [])
    assert server.asked[0].parameters["t"] == TOKEN
    assert take_in(office, "broker", ("ibkr_flex",), DAY) == {"accepted": 1}
    assert take_in(office, "broker", ("ibkr_flex",), DAY) == {}


def test_files_over_sftp_are_fetched_then_judged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with sftp_server() as server:
        for name in ("two_accounts.xml", "truncated.xml"):
            server.files[name.encode()] = RemoteFile((GOLDEN / name).read_bytes())
        transport = declared(
            kind="sftp", host="127.0.0.1", port=server.port, user="office", key="FO_KEY", host_key=server.host_key,
            folder="/out", pattern="*.xml",
        )  # fmt: skip
        monkeypatch.setattr("fo_platform.custodians.transports.sftp.SETTLE_SECONDS", 0)
        assert fetch(office, "broker", transport, DAY, {"FO_KEY": server.client_key}).fetched == 2
        assert fetch(office, "broker", transport, DAY, {"FO_KEY": server.client_key}).skipped == 2
    assert take_in(office, "broker", ("ibkr_flex",), DAY) == {"accepted": 1, "quarantined": 1}


def test_a_url_is_asked_for_the_day_and_for_the_session_before_it(office: Office) -> None:
    with http_server() as server:
        server.answers |= {"/2022-06-21.csv": answering(b"1"), "/20220617.csv": answering(b"2")}
        urls = [f"{server.url}/{{date}}.csv", f"{server.url}/{{previous:%Y%m%d}}.csv"]
        done = fetch(office, "bank", declared(kind="https", urls=urls), date(2022, 6, 21), {})
    assert (done.fetched, done.faults) == (2, [])


def test_a_directory_is_filled_by_others(office: Office) -> None:
    assert fetch(office, "bank", declared(kind="directory"), DAY, {}) == Pulled()
    assert not office.settings.inbox.exists()


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "The variable FO_FLEX is not set. Export FO_FLEX and run again."),
        ({"FO_FLEX": ""}, "The variable FO_FLEX is not set."),
        ({"FO_FLEX": " \n"}, "The variable FO_FLEX holds no token."),
        ({"FO_FLEX": "SECRET\r\nHost: x"}, "The variable FO_FLEX holds no token."),
        ({"FO_FLEX": "SECRET€"}, "The variable FO_FLEX holds no token."),
        ({"FO_FLEX": "SECRET"}, "127.0.0.1 cannot be asked"),
    ],
)
def test_a_transport_that_fails_is_told_of_and_stops_nothing(
    office: Office, caplog: pytest.LogCaptureFixture, environ: dict[str, str], words: str
) -> None:
    transport = declared(
        kind="flex_service", query=815, token="FO_FLEX", url="http://127.0.0.1:1/flex", deadline_seconds=1
    )
    done = fetch(office, "broker", transport, DAY, environ)
    (fault,) = done.faults
    assert words in str(fault)
    assert f"broker: {fault}" in caplog.text
    assert "SECRET" not in caplog.text


def test_an_inbox_that_cannot_be_written_is_told_of(office: Office) -> None:
    office.settings.inbox.write_text("a file where the folder should be")
    transport = declared(kind="https", urls=["http://127.0.0.1:1/a"])
    (fault,) = fetch(office, "bank", transport, DAY, {}).faults
    assert str(fault).startswith("The inbox cannot be written: ")


def test_the_demo_fetches_nothing_and_takes_in_what_lies_there(office: Office) -> None:
    inbox = office.settings.inbox / "interactive_brokers"
    inbox.mkdir(parents=True)
    (inbox / "a.xml").write_bytes((GOLDEN / "two_accounts.xml").read_bytes())
    _intake("interactive_brokers")(office, DAY)
    assert take_in(office, "interactive_brokers", ("ibkr_flex",), DAY) == {}


def test_the_doctor_names_the_variable_that_is_not_set(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "resources/offices/demo/custodians.yaml"
    remote = "name: Swiss private bank\n  transport: {kind: flex_service, query: 1, token: FO_SWISS_TOKEN}"
    path.write_text(path.read_text().replace("name: Swiss private bank", remote))
    settings = Settings.read({"FO_HOME": str(tmp_path / "home"), "FO_PROJECT": str(project)})
    monkeypatch.delenv("FO_SWISS_TOKEN", raising=False)
    (bad,) = [finding for finding in examine(settings) if not finding.ok]
    assert bad.what.startswith("Sources: 1 of ")
    assert bad.remedy == "Export FO_SWISS_TOKEN for swiss_bank."
    monkeypatch.setenv("FO_SWISS_TOKEN", TOKEN)
    assert all(finding.ok for finding in examine(settings))
