"""The Flex Web Service against a real server: two steps, waiting, refusals, and a token that is never seen."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fo_platform.custodians.transports._base import Pulled, pull
from fo_platform.custodians.transports.directory import arrivals
from fo_platform.custodians.transports.flex_service import POLL_SECONDS, FlexService
from fo_platform_tests.custodians.transports.servers import LIMITS, Answering, Http, Time, http_server

TOKEN = "4711471147114711"
STATEMENT = (
    b'<FlexQueryResponse><FlexStatement whenGenerated="20240301;0800"/>' + b"<a/>" * 20_000 + b"</FlexQueryResponse>"
)


@pytest.fixture
def service(http: Http, time: Time) -> FlexService:
    return FlexService(f"{http.url}/flex", "815", TOKEN, patience=time.patience)


def reference(url: str) -> Callable[[Answering], None]:
    """The answer to a request: where its statement will lie."""
    body = "<Status>Success</Status><ReferenceCode>99</ReferenceCode>" + f"<Url>{url}</Url>" * bool(url)
    return answer(f"<FlexStatementResponse timestamp='now'>{body}</FlexStatementResponse>".encode())


def refusal(code: str, message: str = "It is so.") -> Callable[[Answering], None]:
    body = f"<Status>Fail</Status><ErrorCode>{code}</ErrorCode><ErrorMessage>{message}</ErrorMessage>"
    return answer(f"<FlexStatementResponse timestamp='now'>{body}</FlexStatementResponse>".encode())


def answer(*bodies: bytes) -> Callable[[Answering], None]:
    return lambda asked: asked.reply(b"".join(bodies))


def in_turn(*answers: Callable[[Answering], None]) -> Callable[[Answering], None]:
    left = iter(answers)

    def reply(asked: Answering) -> None:
        next(left)(asked)

    return reply


def brought(inbox: Path) -> list[bytes]:
    return [found.read() for found in arrivals(inbox)]


def said(done: Pulled) -> str:
    return "\n".join(map(str, done.faults))


def test_a_statement_that_is_being_made_is_waited_for(
    service: FlexService, http: Http, inbox: Path, time: Time
) -> None:
    http.answers["/flex/SendRequest"] = in_turn(refusal("1019"), reference(f"{http.url}/there?x=1"))
    http.answers["/there"] = in_turn(refusal("1019"), refusal("1019"), answer(STATEMENT))
    done = pull(service, inbox, LIMITS, time.elapsed)
    assert (done.fetched, done.size, done.faults) == (1, len(STATEMENT), [])
    assert {found.name: found.read() for found in arrivals(inbox)} == {"flex_815.xml": STATEMENT}
    assert time.pauses == [POLL_SECONDS] * 3
    assert [asked.parameters for asked in http.asked] == [
        *[{"q": "815", "v": "3", "t": TOKEN}] * 2,
        *[{"x": "1", "q": "99", "v": "3", "t": TOKEN}] * 3,
    ]
    assert all(asked.headers["user-agent"] for asked in http.asked)


def test_a_statement_that_is_not_made_by_the_deadline_is_left(
    service: FlexService, http: Http, inbox: Path, time: Time
) -> None:
    http.answers["/flex/SendRequest"] = reference("")
    http.answers["/flex/GetStatement"] = refusal("1019")
    done = pull(service, inbox, LIMITS, time.elapsed)
    assert said(done) == "The Flex service is still making the statement. The next pull asks again."
    assert sum(time.pauses) < LIMITS.deadline_seconds
    assert list(inbox.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("1003", "Look whether the query's period has a statement"),
        ("1009", "Try again later; if it stays so, look at the query and the token"),
        ("1012", "Make a new token"),
        ("1015", "Make a new token"),
        ("1018", "Ask less often"),
        ("4242", "Try again later"),
    ],
)
@pytest.mark.parametrize("step", ["SendRequest", "GetStatement"])
def test_a_refusal_names_its_code_and_its_remedy(
    service: FlexService, http: Http, inbox: Path, time: Time, code: str, remedy: str, step: str
) -> None:
    http.answers |= {"/flex/SendRequest": reference(""), f"/flex/{step}": refusal(code)}
    done = pull(service, inbox, LIMITS, time.elapsed)
    assert said(done).startswith(f"The Flex service refuses: {code} It is so. {remedy}")
    assert time.pauses == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sorry</html>",
        b"<FlexStatementResponse><Status>",
        b"<FlexStatementResponse><Status>Success</Status></FlexStatementResponse>",
        b"<FlexStatementResponse/>",
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><FlexStatementResponse>&d;</FlexStatementResponse>',
    ],
)
def test_an_answer_that_says_nothing_is_a_fault(service: FlexService, http: Http, inbox: Path, body: bytes) -> None:
    http.answers["/flex/SendRequest"] = answer(body)
    done = pull(service, inbox, LIMITS)
    assert said(done).startswith("The Flex service ")
    assert len(http.asked) == 1


@pytest.mark.parametrize(
    "link", ["{other}/there", "https://127.0.0.1:1/there", "http://example.com/a", "::", "http://["]
)
def test_the_link_is_used_only_when_it_leads_to_the_declared_server(
    service: FlexService, http: Http, inbox: Path, link: str
) -> None:
    with http_server() as other:
        http.answers["/flex/SendRequest"] = reference(link.format(other=other.url))
        http.answers["/flex/GetStatement"] = answer(STATEMENT)
        assert pull(service, inbox, LIMITS).fetched == 1
    assert other.asked == []


def test_a_statement_made_anew_with_the_same_content_is_not_taken_again(
    service: FlexService, http: Http, inbox: Path
) -> None:
    later = STATEMENT.replace(b"0800", b"0930")
    restated = later.replace(b"<a/></", b"<b/></")
    http.answers["/flex/SendRequest"] = reference("")
    http.answers["/flex/GetStatement"] = in_turn(*map(answer, (STATEMENT, later, restated, restated)))
    counts = [(done.fetched, done.skipped) for done in (pull(service, inbox, LIMITS) for _ in range(4))]
    assert counts == [(1, 0), (0, 1), (1, 0), (0, 1)]
    assert sorted(brought(inbox)) == sorted([STATEMENT, restated])


@pytest.mark.parametrize("size", [1, 7, 100, 65_536])
def test_how_the_bytes_come_does_not_matter(service: FlexService, http: Http, inbox: Path, size: int) -> None:
    statement = STATEMENT[:200] + STATEMENT[-200:]

    def in_pieces(asked: Answering) -> None:
        asked.start(200, len(statement))
        for at in range(0, len(statement), size):
            asked.wfile.write(statement[at : at + size])

    http.answers["/flex/SendRequest"] = reference("")
    http.answers["/flex/GetStatement"] = in_turn(answer(statement), in_pieces)
    assert pull(service, inbox, LIMITS).fetched == 1
    assert pull(service, inbox, LIMITS).skipped == 1


def test_a_statement_above_the_cap_is_left(service: FlexService, http: Http, inbox: Path) -> None:
    http.answers |= {"/flex/SendRequest": reference(""), "/flex/GetStatement": answer(STATEMENT)}
    done = pull(service, inbox, replace(LIMITS, file_bytes_max=70_000))
    assert said(done).startswith("flex_815.xml: It is larger than 70000 bytes")
    assert list(inbox.iterdir()) == []


def test_the_token_is_in_no_log_and_no_message(
    service: FlexService, http: Http, inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    gone = replace(service, url="http://127.0.0.1:1/flex")
    moved = f"{http.url}/elsewhere?t={TOKEN}"
    http.answers["/flex/SendRequest"] = in_turn(
        refusal("1015", f"Token {TOKEN} is invalid."),
        lambda asked: asked.reply(status=500),
        lambda asked: asked.reply(status=302, Location=moved),
        reference(""),
    )
    http.answers["/flex/GetStatement"] = answer(STATEMENT)
    time = Time()
    gone = replace(gone, patience=time.patience)
    runs = [pull(each, inbox, LIMITS, time.elapsed) for each in (service, service, service, service, gone)]
    assert [len(done.faults) for done in runs] == [1, 1, 1, 0, 1]
    assert "HTTP Request" in caplog.text
    assert "(token) is invalid" in said(runs[0])
    faults = [fault for done in runs for fault in done.faults]
    assert TOKEN not in caplog.text + repr(faults) + repr(service)
    assert all(TOKEN not in repr(vars(cause)) for fault in faults for cause in (fault, fault.__cause__) if cause)
