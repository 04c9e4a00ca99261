"""HTTPS against real servers: patience, pages, limits, and that a token goes nowhere but to its own server."""

import datetime as dt
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fo_platform.custodians.transports._base import STATE, Pulled, pull
from fo_platform.custodians.transports._http import seconds_after
from fo_platform.custodians.transports.directory import arrivals
from fo_platform.custodians.transports.https import HttpsFiles
from fo_platform_tests.custodians.transports.servers import (
    LIMITS,
    NOW,
    Answering,
    Http,
    Time,
    certificate,
    http_server,
)

TOKEN = "made-up-token-4711"


@pytest.fixture
def files(http: Http, time: Time) -> HttpsFiles:
    return HttpsFiles((f"{http.url}/report.csv",), TOKEN, patience=time.patience)


def brought(inbox: Path) -> dict[str, bytes]:
    return {found.name: found.read() for found in arrivals(inbox)}


def said(done: Pulled) -> str:
    return "\n".join(map(str, done.faults))


def in_turn(*answers: Callable[[Answering], None]) -> Callable[[Answering], None]:
    """One answer after the other."""
    left = iter(answers)

    def answer(asked: Answering) -> None:
        next(left)(asked)

    return answer


def always(body: bytes = b"", status: int = 200, **headers: str) -> Callable[[Answering], None]:
    return lambda asked: asked.reply(body, status, **headers)


def test_a_file_arrives_whole_under_the_name_in_its_url(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers["/report.csv"] = always(b"a,b\n")
    done = pull(files, inbox, LIMITS)
    assert (done.fetched, done.size, done.faults) == (1, 4, [])
    assert brought(inbox) == {"report.csv": b"a,b\n"}
    (asked,) = http.asked
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["host"] == http.url.removeprefix("http://")


def test_without_a_token_none_is_sent(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers["/report.csv"] = always(b"1")
    assert pull(replace(files, token=None), inbox, LIMITS).fetched == 1
    assert "authorization" not in http.asked[0].headers


def test_the_same_bytes_arrive_once_and_other_bytes_beside_them(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers["/report.csv"] = in_turn(*(always(body) for body in (b"1", b"1", b"2", b"2")))
    counts = [(done.fetched, done.skipped) for done in (pull(files, inbox, LIMITS) for _ in range(4))]
    assert counts == [(1, 0), (0, 1), (1, 0), (0, 1)]
    assert sorted(brought(inbox).values()) == [b"1", b"2"]
    assert brought(inbox)["report.csv"] == b"1"


@pytest.mark.parametrize("path", ["/a/%2e%2e%2f%2e%2e%2fx.csv", "/a/..%2f..%2fx.csv", "/a%00/b%0ax.csv", "/"])
def test_a_name_in_a_url_never_becomes_a_path(
    files: HttpsFiles, http: Http, inbox: Path, tmp_path: Path, path: str
) -> None:
    http.answers[path] = always(b"1")
    done = pull(replace(files, urls=(http.url + path,)), inbox, LIMITS)
    assert done.faults == []
    written = [found for found in tmp_path.rglob("*") if found.is_file() and found.parent.name != STATE]
    assert written == list(inbox.iterdir())
    assert len(brought(inbox)) == 1


@pytest.mark.parametrize(
    ("header", "pauses"),
    [("7", [7.0]), ("Fri, 01 Mar 2024 12:00:09 GMT", [9.0]), ("Fri, 01 Mar 2024 11:00:00 GMT", [0.0]), ("soon", [1.0])],
)
def test_a_busy_server_is_given_the_time_that_it_asks_for(
    files: HttpsFiles, http: Http, inbox: Path, time: Time, header: str, pauses: list[float]
) -> None:
    http.answers["/report.csv"] = in_turn(always(status=429, Retry_After=header), always(b"1"))
    assert pull(files, inbox, LIMITS, time.elapsed).fetched == 1
    assert time.pauses == pauses


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_server_that_stays_busy_is_left_before_the_deadline(
    files: HttpsFiles, http: Http, inbox: Path, time: Time, status: int
) -> None:
    http.answers["/report.csv"] = always(status=status)
    done = pull(files, inbox, replace(LIMITS, deadline_seconds=5), time.elapsed)
    assert said(done).startswith(f"report.csv: 127.0.0.1 still answers {status}.")
    assert time.pauses == [1.0] * 4


@pytest.mark.parametrize("header", ["61", "9" * 400, "Sat, 02 Mar 2024 12:00:00 GMT"])
def test_nobody_waits_beyond_the_deadline(files: HttpsFiles, http: Http, inbox: Path, time: Time, header: str) -> None:
    http.answers["/report.csv"] = always(status=503, Retry_After=header)
    done = pull(files, inbox, LIMITS, time.elapsed)
    assert "still answers 503" in said(done)
    assert (time.pauses, len(http.asked)) == ([], 1)


def test_a_server_that_breaks_off_before_it_answers_is_asked_again(files: HttpsFiles, http: Http, inbox: Path) -> None:
    def hang_up(asked: Answering) -> None:
        asked.close_connection = True

    http.answers["/report.csv"] = in_turn(hang_up, hang_up, always(b"1"))
    assert pull(files, inbox, LIMITS).fetched == 1


def test_a_server_that_is_not_there_is_said(files: HttpsFiles, inbox: Path, time: Time) -> None:
    done = pull(replace(files, urls=("http://127.0.0.1:1/a",)), inbox, LIMITS, time.elapsed)
    assert said(done).startswith("a: 127.0.0.1 cannot be asked: ")
    assert len(time.pauses) > 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "answers 401. Give the token's variable one that is valid."),
        (403, "answers 403. Ask the source to allow the token"),
        (404, "answers 404. It may not be there yet"),
        (204, "answers 204."),
        (500, "answers 500."),
    ],
)
def test_one_file_that_is_refused_does_not_stop_the_others(
    files: HttpsFiles, http: Http, inbox: Path, status: int, words: str
) -> None:
    http.answers |= {"/report.csv": always(status=status), "/other.csv": always(b"2")}
    done = pull(replace(files, urls=(*files.urls, f"{http.url}/other.csv")), inbox, LIMITS)
    assert f"report.csv: 127.0.0.1 {words}" in said(done)
    assert brought(inbox) == {"other.csv": b"2"}


def test_a_slow_body_ends_with_the_deadline(files: HttpsFiles, http: Http, inbox: Path, time: Time) -> None:
    def drip(asked: Answering) -> None:
        asked.start(200, 50_000)
        while not http.over.is_set():
            asked.wfile.write(b"x")

    http.answers["/report.csv"] = drip
    time.step = 1
    done = pull(files, inbox, LIMITS, time.elapsed)
    assert said(done).startswith("The pull was ended after 60 seconds.")
    assert list(inbox.iterdir()) == []


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_server_that_falls_silent_is_left_at_the_deadline(
    files: HttpsFiles, http: Http, inbox: Path, has_begun: bool
) -> None:
    def silent(asked: Answering) -> None:
        if has_begun:
            asked.start(200, 10)
        http.over.wait(60)

    http.answers["/report.csv"] = silent
    done = pull(files, inbox, replace(LIMITS, deadline_seconds=0.3))
    assert said(done).startswith("The pull was ended after 0.3 seconds.")
    assert list(inbox.iterdir()) == []


def _short(asked: Answering) -> None:
    asked.start(200, 100)
    asked.wfile.write(b"only this")
    asked.close_connection = True


def _chunk_missing(asked: Answering) -> None:
    asked.send_response(200)
    asked.send_header("Transfer-Encoding", "chunked")
    asked.end_headers()
    asked.wfile.write(b"9\r\nonly this\r\n")
    asked.close_connection = True


@pytest.mark.parametrize("answer", [_short, _chunk_missing])
def test_a_body_that_is_cut_short_leaves_nothing_behind(
    files: HttpsFiles, http: Http, inbox: Path, answer: Callable[[Answering], None]
) -> None:
    http.answers |= {"/report.csv": answer, "/other.csv": always(b"2")}
    done = pull(replace(files, urls=(*files.urls, f"{http.url}/other.csv")), inbox, LIMITS)
    assert "report.csv: 127.0.0.1 broke off" in said(done)
    assert [path.name for path in inbox.iterdir()] == ["other.csv"]


def test_a_body_above_the_cap_is_left_while_it_comes(files: HttpsFiles, http: Http, inbox: Path) -> None:
    def endless(asked: Answering) -> None:
        asked.start(200, 10**12)
        while not http.over.is_set():
            asked.wfile.write(b"x" * 1000)

    http.answers |= {"/report.csv": endless, "/other.csv": always(b"2")}
    done = pull(replace(files, urls=(*files.urls, f"{http.url}/other.csv")), inbox, LIMITS)
    assert said(done).startswith("report.csv: It is larger than 100000 bytes")
    assert brought(inbox) == {"other.csv": b"2"}
    done = pull(files, inbox, replace(LIMITS, pull_bytes_max=5000))
    assert said(done).startswith("The pull was ended above 5000 bytes.")


def test_a_compressed_body_is_refused_as_it_could_swell(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers["/report.csv"] = always(b"\x1f\x8b", Content_Encoding="gzip")
    assert "answers in a compressed form" in said(pull(files, inbox, LIMITS))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_the_token_is_not_sent_on(
    files: HttpsFiles, http: Http, inbox: Path, status: int
) -> None:
    with http_server() as other:
        other.answers["/stolen"] = always(b"1")
        http.answers["/report.csv"] = always(status=status, Location=f"{other.url}/stolen")
        done = pull(files, inbox, LIMITS)
    assert "We are sent on to 127.0.0.1, which is not asked." in said(done)
    assert (done.fetched, other.asked) == (0, [])


def test_only_the_first_urls_server_is_asked(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers["/report.csv"] = always(b"1")
    with http_server() as other:
        urls = (*files.urls, f"{other.url}/report.csv")
        done = pull(replace(files, urls=urls), inbox, LIMITS)
    assert (done.fetched, other.asked) == (1, [])
    assert "which is not asked" in said(done)


def test_no_proxy_of_the_environment_is_used(
    files: HttpsFiles, http: Http, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    http.answers["/report.csv"] = always(b"1")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert pull(files, inbox, LIMITS).fetched == 1


def _page(following: object = None) -> Callable[[Answering], None]:
    return always(json.dumps({"rows": [], "links": {"next": following}}).encode())


def test_pages_are_followed_by_link_and_each_is_a_file(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers |= {"/report.csv": _page("/p?n=2"), "/p": in_turn(_page(f"{http.url}/p?n=3"), _page())}
    done = pull(replace(files, page_key="links.next"), inbox, LIMITS)
    assert (done.fetched, done.faults) == (3, [])
    assert list(brought(inbox)) == ["report.2.csv", "report.3.csv", "report.csv"]
    assert [asked.parameters for asked in http.asked] == [{}, {"n": "2"}, {"n": "3"}]


def test_pages_are_followed_by_token(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers["/report.csv"] = in_turn(_page("a b&c"), _page(7), _page(""))
    urls = (f"{http.url}/report.csv?account=1",)
    pull(replace(files, urls=urls, page_key="links.next", page_parameter="page"), inbox, LIMITS)
    asked = [one.parameters for one in http.asked]
    assert asked == [{"account": "1"}, {"account": "1", "page": "a b&c"}, {"account": "1", "page": "7"}]


@pytest.mark.parametrize("link", ["http://127.0.0.1:1/p", "https://example.com/p", "//example.com/p", "file:///etc/x"])
def test_a_next_page_on_another_server_is_refused(files: HttpsFiles, http: Http, inbox: Path, link: str) -> None:
    http.answers["/report.csv"] = _page(link)
    done = pull(replace(files, page_key="links.next"), inbox, LIMITS)
    assert (done.fetched, len(done.faults), len(http.asked)) == (0, 1, 1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 90_000, b"\xff", b'{"links": {"next": "http://["}}'])
def test_a_page_whose_next_one_cannot_be_known_is_no_page(
    files: HttpsFiles, http: Http, inbox: Path, body: bytes
) -> None:
    http.answers["/report.csv"] = always(body)
    done = pull(replace(files, page_key="links.next"), inbox, LIMITS)
    assert (done.fetched, len(done.faults)) == (0, 1)
    assert list(inbox.iterdir()) == []


@pytest.mark.parametrize(
    "body", [b"[]", b"7", b'{"links": []}', b'{"links": {"next": {"a": 1}}}', b'{"links": {"next": true}}']
)
def test_a_page_that_names_no_next_one_is_the_last(files: HttpsFiles, http: Http, inbox: Path, body: bytes) -> None:
    http.answers["/report.csv"] = always(body)
    done = pull(replace(files, page_key="links.next"), inbox, LIMITS)
    assert (done.fetched, done.faults) == (1, [])


def test_a_page_that_leads_to_itself_is_asked_once(files: HttpsFiles, http: Http, inbox: Path) -> None:
    http.answers["/report.csv"] = _page("/report.csv")
    done = pull(replace(files, page_key="links.next"), inbox, LIMITS)
    assert "leads on without end" in said(done)
    assert len(http.asked) == 1


def test_the_token_is_in_no_log_and_no_message(
    files: HttpsFiles, http: Http, inbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    http.answers["/report.csv"] = in_turn(always(status=503), _short, always(status=401), always(b"1"))
    faults = [fault for _ in range(3) for fault in pull(files, inbox, LIMITS).faults]
    assert len(faults) == 2
    assert "report.csv" in caplog.text
    assert TOKEN not in caplog.text + repr(faults) + repr(files)
    assert all(TOKEN not in repr(vars(cause)) for fault in faults for cause in (fault, fault.__cause__) if cause)


def test_only_a_certificate_that_someone_vouches_for_is_trusted(inbox: Path, time: Time, tmp_path: Path) -> None:
    authority, context = certificate(tmp_path)
    with http_server(context) as server:
        server.answers["/report.csv"] = always(b"1")
        files = HttpsFiles((f"{server.url}/report.csv",), TOKEN, patience=time.patience)
        done = pull(files, inbox, LIMITS)
        assert said(done).startswith("report.csv: Nobody vouches for the certificate of 127.0.0.1.")
        assert (server.asked, time.pauses) == ([], [])
        assert pull(replace(files, authority=str(authority)), inbox, LIMITS).fetched == 1
    done = pull(replace(files, authority=str(tmp_path / "none.pem")), inbox, LIMITS)
    assert "holds no certificates" in said(done)


def test_plain_http_is_for_this_machine_only(files: HttpsFiles, inbox: Path) -> None:
    done = pull(replace(files, urls=("http://example.com/a",)), inbox, LIMITS)
    assert said(done).startswith("example.com is not asked over https.")


def test_a_pull_beside_another_one_brings_nothing(files: HttpsFiles, http: Http, inbox: Path) -> None:
    second: list[Pulled] = []

    def during(asked: Answering) -> None:
        second.append(pull(files, inbox, LIMITS))
        asked.reply(b"1")

    http.answers["/report.csv"] = during
    assert pull(files, inbox, LIMITS).fetched == 1
    assert [said(done) for done in second] == ["Another pull is under way. Wait for it; it brings the same files."]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 12 ", 12.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("Fri, 01 Mar 2024 12:01:00", None),
        ("Fri, 01 Mar 2024 13:01:00 +0100", 60.0),
        ("Fri, 99 Mar 2024 12:01:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str, seconds: float | None) -> None:
    assert seconds_after(header, lambda: NOW) == seconds


def test_a_date_in_the_past_asks_for_no_wait() -> None:
    assert seconds_after("Fri, 01 Mar 2024 12:00:00 GMT", lambda: NOW + dt.timedelta(days=1)) == 0
