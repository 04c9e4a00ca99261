"""The guard before every page and Dagster's UI, by HTTP and by websocket. What they answer does not belong here.

Dagster's own server executes mutations by GET, from any origin and under any host name: a picture in a foreign page
could launch a run. Through the guard only this office's own pages act.
"""

import base64
import re
import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:@/\[\]\s]+)(:[0-9]+)?")
READING = frozenset({"GET", "HEAD"})
POLICY_VIOLATION = 1008
"""Websocket close code of RFC 6455, 7.4.1."""


@dataclass(frozen=True)
class Refusal:
    """Why a request goes no further, as the caller is told."""

    status: int
    sentence: str


@dataclass(frozen=True)
class Guard:
    """Outermost ASGI layer in front of an app.

    graphql: the one path that may be posted to. login: `user:password` that every request must carry, if any.
    hosts: names under which the office is reached; another name is a rebound DNS entry or a mistake.
    """

    app: ASGIApp
    graphql: str
    login: str | None = None
    hosts: frozenset[str] = LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass what is allowed on, marked as not to be framed; answer the rest with the reason."""
        refusal = None if scope["type"] == "lifespan" else self.refusal(scope)
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif refusal is None:
            await self.app(scope, receive, _unframed(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refusal.sentence})
        else:
            await _answer(refusal)(scope, receive, _unframed(send))

    def refusal(self, scope: Scope) -> Refusal | None:
        """The first reason to refuse a request, or nothing."""
        headers = Headers(scope=scope)
        if not self._is_our_name(headers):
            return Refusal(403, "This office is reached as 127.0.0.1 or localhost.")
        if not self._is_logged_in(headers):
            return Refusal(401, "Log in.")
        return self._intent(scope, headers)

    def _intent(self, scope: Scope, headers: Headers) -> Refusal | None:
        """Reading is free except for GraphQL; everything that may act must come from a page of ours, as JSON."""
        is_graphql = scope["path"].rstrip("/") == self.graphql
        is_reading = scope["type"] == "http" and scope["method"] in READING
        if not _is_own_origin(headers, is_required=not is_reading):
            return Refusal(403, "Only this office's own pages may ask for that.")
        if is_reading:
            return Refusal(405, "GraphQL is asked by POST.") if is_graphql else None
        if not is_graphql or scope.get("method", "POST") != "POST":
            return Refusal(405, "Nothing is written here but through GraphQL, and evidence only through the ledger.")
        if scope["type"] == "http" and _media_type(headers) != "application/json":
            return Refusal(415, "GraphQL is asked as application/json.")
        return None

    def _is_our_name(self, headers: Headers) -> bool:
        found = HOST.fullmatch((_single(headers, "host") or "").lower())
        return found is not None and found[1] in self.hosts

    def _is_logged_in(self, headers: Headers) -> bool:
        if self.login is None:
            return True
        expected = f"Basic {base64.b64encode(self.login.encode()).decode()}"
        return secrets.compare_digest((_single(headers, "authorization") or "").encode(), expected.encode())


def _is_own_origin(headers: Headers, *, is_required: bool) -> bool:
    """Whether the page that asks was served under the name it asks for; a plain page view need not say."""
    if "origin" not in headers and not is_required:
        return True
    page = _single(headers, "origin" if "origin" in headers else "referer") or ""
    return any(f"{page}/".startswith(f"{scheme}://{headers['host']}/") for scheme in ("http", "https"))


def _single(headers: Headers, name: str) -> str | None:
    """Value of a header that may stand once; a second one is an attempt to be read differently behind the guard."""
    values = headers.getlist(name)
    return values[0] if len(values) == 1 else None


def _media_type(headers: Headers) -> str:
    return (_single(headers, "content-type") or "").partition(";")[0].strip().lower()


def _answer(refusal: Refusal) -> PlainTextResponse:
    challenge = {"WWW-Authenticate": 'Basic realm="fo_platform"'} if refusal.status == 401 else None
    return PlainTextResponse(refusal.sentence, refusal.status, challenge)


def _unframed(send: Send) -> Send:
    """Forbid other pages to show ours in a frame, where a click could be stolen."""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Frame-Options"] = "DENY"
            headers.append("Content-Security-Policy", "frame-ancestors 'none'")
        await send(message)

    return marked
