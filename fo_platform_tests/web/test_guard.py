"""The guard by itself: which request passes, which is refused and how the caller is told."""

import asyncio
import base64
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from fo_platform.web.guard import Guard

HOST = b"127.0.0.1:3000"
OURS = (b"origin", b"http://127.0.0.1:3000")
JSON = (b"content-type", b"application/json")
GRAPHQL = "/dagster/graphql"

Header = tuple[bytes, bytes]


async def answering(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An app that answers everything."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"in"})


def guard(login: str | None = None) -> Guard:
    return Guard(answering, GRAPHQL, login)


def request(method: str, path: str, *headers: Header, host: bytes | None = HOST) -> Scope:
    hosts = [(b"host", host)] if host is not None else []
    return {"type": "http", "method": method, "path": path, "headers": [*hosts, *headers]}


def websocket(path: str, *headers: Header) -> Scope:
    return {"type": "websocket", "path": path, "headers": [(b"host", HOST), *headers]}


def status(scope: Scope, login: str | None = None) -> int:
    refusal = guard(login).refusal(scope)
    return refusal.status if refusal else 200


def messages(scope: Scope) -> list[Message]:
    """Everything that the guarded app sends."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(guard()(scope, receive, send))
    return sent


@pytest.mark.parametrize("host", [b"127.0.0.1:3000", b"localhost:3000", b"LOCALHOST", b"[::1]:3000", b"127.0.0.1"])
def test_the_office_is_reached_by_the_names_of_this_machine(host: bytes) -> None:
    assert status(request("GET", "/", host=host)) == 200


@pytest.mark.parametrize(
    "host",
    [None, b"", b"evil.example", b"127.0.0.1.evil.example", b"localhost@evil.example", b"[::1", b"127.0.0.1:3000:80"],
)
def test_any_other_name_is_refused(host: bytes | None) -> None:
    assert status(request("GET", "/", host=host)) == 403


def test_a_second_host_header_is_refused() -> None:
    assert status(request("GET", "/", (b"host", b"evil.example"))) == 403


def test_a_page_is_read_from_a_link_in_a_mail() -> None:
    assert status(request("GET", "/dagster/runs", (b"referer", b"https://mail.example/inbox"))) == 200


def test_a_script_of_a_foreign_page_reads_nothing() -> None:
    assert status(request("GET", "/dagster/logs/x", (b"origin", b"https://evil.example"))) == 403


def test_our_page_asks_graphql_as_json() -> None:
    assert status(request("POST", GRAPHQL, OURS, JSON)) == 200
    assert status(request("POST", GRAPHQL, OURS, (b"content-type", b"Application/JSON; charset=utf-8"))) == 200


def test_a_browser_that_hides_origins_is_known_by_its_referer() -> None:
    assert status(request("POST", GRAPHQL, (b"referer", b"http://127.0.0.1:3000/dagster/runs"), JSON)) == 200


@pytest.mark.parametrize(
    "page",
    [
        (),
        ((b"origin", b"null"),),
        ((b"origin", b"http://127.0.0.1:8888"),),
        ((b"origin", b"http://127.0.0.1:3000.evil.example"),),
        ((b"origin", b"http://127.0.0.1:3000@evil.example"),),
        ((b"origin", b"ftp://127.0.0.1:3000"),),
        (OURS, (b"origin", b"http://evil.example")),
        ((b"origin", b"http://evil.example"), (b"referer", b"http://127.0.0.1:3000/")),
        ((b"referer", b"http://evil.example/?http://127.0.0.1:3000/"),),
    ],
)
def test_no_other_page_asks_graphql(page: Iterable[Header]) -> None:
    assert status(request("POST", GRAPHQL, *page, JSON)) == 403


@pytest.mark.parametrize("kind", [b"text/plain", b"text/plain; application/json", b"application/graphql", b""])
def test_graphql_is_not_asked_as_a_form(kind: bytes) -> None:
    assert status(request("POST", GRAPHQL, OURS, (b"content-type", kind))) == 415


@pytest.mark.parametrize("path", [GRAPHQL, f"{GRAPHQL}/"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_graphql_is_never_asked_by_get(method: str, path: str) -> None:
    assert status(request(method, path, OURS)) == 405


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_but_graphql_takes_writes(method: str) -> None:
    assert status(request(method, "/dagster/report_asset_materialization/raw/bank", OURS, JSON)) == 405


def test_a_websocket_opens_for_our_page_on_graphql_only() -> None:
    assert status(websocket(GRAPHQL, OURS)) == 200
    assert status(websocket("/dagster/other", OURS)) == 405
    assert status(websocket(GRAPHQL, (b"origin", b"http://evil.example"))) == 403
    assert status(websocket(GRAPHQL)) == 403


def test_a_refused_websocket_is_closed_before_it_opens() -> None:
    assert [message["type"] for message in messages(websocket(GRAPHQL))] == ["websocket.close"]


def test_every_answer_forbids_to_be_framed() -> None:
    for scope in (request("GET", "/"), request("GET", "/", host=b"evil.example")):
        headers = messages(scope)[0]["headers"]
        assert (b"x-frame-options", b"DENY") in headers
        assert (b"content-security-policy", b"frame-ancestors 'none'") in headers


def test_with_a_login_every_request_carries_it() -> None:
    basic = [(b"authorization", b"Basic " + base64.b64encode(pair)) for pair in (b"ops:secret", b"ops:wrong", b"ops:")]
    assert [status(request("GET", "/", pair), "ops:secret") for pair in basic] == [200, 401, 401]
    assert status(request("GET", "/"), "ops:secret") == 401
    assert status(websocket(GRAPHQL, OURS), "ops:secret") == 401
    assert status(request("POST", GRAPHQL, OURS, JSON, basic[0]), "ops:secret") == 200


VALUES = st.one_of(
    st.sampled_from([HOST, OURS[1], JSON[1], b"null", b"http://evil.example", b"http://127.0.0.1:3000/x", b"//", b"["]),
    st.binary(max_size=12),
)
HEADERS = st.lists(
    st.tuples(st.sampled_from([b"host", b"origin", b"referer", b"content-type", b"authorization"]), VALUES), max_size=5
)


@given(HEADERS, st.sampled_from(["GET", "POST", "DELETE"]), st.sampled_from([GRAPHQL, "/dagster/report_asset_check/x"]))
def test_whatever_the_headers_only_json_from_our_own_page_acts(headers: list[Header], method: str, path: str) -> None:
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    passes = guard().refusal(scope) is None
    acts = passes and not (method == "GET" and path != GRAPHQL)
    said = dict(headers)
    is_ours = said.get(b"origin", said.get(b"referer", b"")).startswith(b"http://" + said.get(b"host", b"-"))
    assert not acts or (method == "POST" and path == GRAPHQL and said[b"content-type"].startswith(b"app") and is_ours)
