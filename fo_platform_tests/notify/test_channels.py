"""Channels against real servers of their protocols on this machine."""

import email
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from fo_platform.errors import NotifyError
from fo_platform.notify._base import Notice, open_channel
from fo_platform.settings import EmailChannel, LogChannel, WebhookChannel
from fo_platform_tests.processes import PATIENCE_SECONDS, reserved_port

NOTICE = Notice("ab12-1", "open_breaks_critical", "trust", "critical", "Critical breaks on trust_ib; settle them.")
SECRETS = {"HOOK": "", "USER": "desk", "PASSWORD": "s3cret"}


@dataclass
class Postbox:
    """What a mail server took."""

    messages: list[Message] = field(default_factory=list)
    is_refusing: bool = False

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - as the server calls it.
        if self.is_refusing:
            return "451 Try again later"
        self.messages.append(email.message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, EmailChannel]]:
    """A mail server on this machine, and the channel that leads to it."""
    box = Postbox()
    with reserved_port() as port:
        server = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE_SECONDS)
        server.start()
        yield box, EmailChannel(
            kind="email", host="127.0.0.1", port=port, sender="fo@office.example", recipients=["ops@office.example"],
            starttls=False,
        )  # fmt: skip
        server.stop()


@dataclass
class Receiver:
    """What a web server was posted, and the status that it answers."""

    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    """A web server on this machine, and its URL."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - as the server calls it.
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.posts.append((dict(self.headers), body))
            self.send_response(found.status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is written to the test's output."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield found, f"http://127.0.0.1:{server.server_port}/hook/token"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_mail_names_rule_and_scope_and_can_be_recognised_when_it_comes_twice(
    postbox: tuple[Postbox, EmailChannel],
) -> None:
    box, binding = postbox
    open_channel(binding, SECRETS.__getitem__).send(NOTICE)
    [message] = box.messages
    assert message["Subject"] == "[critical] trust: open breaks critical"
    assert message["Message-ID"] == "<ab12-1@office.example>"
    assert message["To"] == "ops@office.example"
    assert message.get_payload().strip() == NOTICE.message


def test_a_mail_server_that_refuses_or_is_gone_is_a_fault_without_secrets(
    postbox: tuple[Postbox, EmailChannel],
) -> None:
    box, binding = postbox
    box.is_refusing = True
    with pytest.raises(NotifyError, match="SMTPDataError"):
        open_channel(binding, SECRETS.__getitem__).send(NOTICE)
    gone = binding.model_copy(update={"port": 9})
    with pytest.raises(NotifyError, match="ConnectionRefusedError"):
        open_channel(gone, SECRETS.__getitem__).send(NOTICE)
    secretive = binding.model_copy(update={"user_env": "USER", "password_env": "PASSWORD"})
    with pytest.raises(NotifyError) as caught:
        open_channel(secretive, SECRETS.__getitem__).send(NOTICE)
    assert "s3cret" not in str(caught.value)


def test_a_webhook_is_posted_the_notice_with_its_identifier(receiver: tuple[Receiver, str]) -> None:
    found, url = receiver
    open_channel(WebhookChannel(kind="webhook", url_env="HOOK"), lambda _: url).send(NOTICE)
    [(headers, body)] = found.posts
    assert headers["Idempotency-Key"] == "ab12-1"
    assert b'"rule":"open_breaks_critical"' in body


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_an_answer_of_success_counts_and_the_url_stays_secret(receiver: tuple[Receiver, str], status: int) -> None:
    found, url = receiver
    found.status = status
    with pytest.raises(NotifyError, match=f"answered {status}") as caught:
        open_channel(WebhookChannel(kind="webhook", url_env="HOOK"), lambda _: url).send(NOTICE)
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/token", "not a url token"])
def test_a_webhook_that_cannot_be_reached_is_a_fault_that_does_not_name_it(url: str) -> None:
    with pytest.raises(NotifyError, match="could not be reached") as caught:
        open_channel(WebhookChannel(kind="webhook", url_env="HOOK"), lambda _: url).send(NOTICE)
    assert "token" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_log_says_which_rule_and_where_but_names_no_account(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        open_channel(LogChannel(kind="log"), SECRETS.__getitem__).send(NOTICE)
    assert "open_breaks_critical of trust" in caplog.text
    assert "trust_ib" not in caplog.text
