"""One way of asking over HTTPS: one origin, no redirect, no proxy, patience with a busy server.

The secret joins a request on its last step before the wire, so that no log line and no exception ever holds it. What is
asked for belongs to the transports.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from fo_platform import clock
from fo_platform.custodians.transports._base import Chunks, Deadline, FileError
from fo_platform.errors import DataError

AGENT = "family-office/1"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
BUSY = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
STEP_SECONDS = 30
"""How long one step, such as connecting, may take before it is tried again; the deadline bounds them all."""

_PASSING = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)

Signing = Callable[[httpx.Request], httpx.Request]


@dataclass(frozen=True)
class Patience:
    """How to wait, and what time it is: what a test puts its own in for."""

    pause: Callable[[float], Awaitable[None]]
    backoff: Callable[[RetryCallState], float]
    now: Callable[[], datetime]


PATIENCE = Patience(asyncio.sleep, wait_exponential_jitter(initial=1, max=60), clock.wall)


class _Wire(httpx.AsyncHTTPTransport):
    """The last step before the network: it speaks to one origin, and it alone knows the secret."""

    def __init__(self, origin: str, sign: Signing, authority: ssl.SSLContext | bool) -> None:
        super().__init__(verify=authority, trust_env=False)
        self._origin, self._sign = origin, sign

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if origin(str(request.url)) != self._origin:
            raise FileError(*_elsewhere(request.url.host))
        return await super().handle_async_request(self._sign(request))


class _BusyError(FileError):
    """The server asks for patience. after: seconds that it names."""

    after: float | None = None


@dataclass(frozen=True)
class Caller:
    """Asks one server until the deadline."""

    client: httpx.AsyncClient
    host: str
    deadline: Deadline
    patience: Patience

    @asynccontextmanager
    async def asked(self, url: str) -> AsyncIterator[Chunks]:
        """The body of a good answer, as it comes; FileError for any other answer."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_BusyError),
            wait=self._wait,
            stop=lambda state: state.upcoming_sleep >= self.deadline.left(),
            sleep=self.patience.pause,
            reraise=True,
        )
        response: httpx.Response = await retrying(self._once, url)
        try:
            async with aclosing(self._body(response)) as body:
                yield body
        finally:
            await response.aclose()

    async def _once(self, url: str) -> httpx.Response:
        try:
            response = await self.client.send(self.client.build_request("GET", url), stream=True)
        except httpx.HTTPError as error:
            raise _unreachable(self.host, error) from error
        if response.status_code != HTTPStatus.OK or response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise self._refusal(response)
        return response

    def _refusal(self, response: httpx.Response) -> FileError:
        status = response.status_code
        if status in BUSY:
            busy = _BusyError(f"{self.host} still answers {status}.", "It is overloaded; the next pull tries again.")
            busy.after = seconds_after(response.headers.get("Retry-After", ""), self.patience.now)
            return busy
        if response.next_request:
            return FileError(*_elsewhere(response.next_request.url.host))
        if status == HTTPStatus.OK:
            return FileError(f"{self.host} answers in a compressed form.", "Have it send the bytes as they are.")
        return FileError(f"{self.host} answers {status}.", _REMEDIES.get(status, "Look at the source's url."))

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.after if isinstance(fault, _BusyError) else None
        return self.patience.backoff(state) if asked is None else asked

    async def _body(self, response: httpx.Response) -> Chunks:
        try:
            async for chunk in response.aiter_raw():
                yield chunk
        except httpx.HTTPError as error:
            remedy = "The next pull tries again."
            raise FileError(f"{self.host} broke off: {_words(error)}.", remedy) from error


_REMEDIES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "Give the token's variable one that is valid.",
    HTTPStatus.FORBIDDEN: "Ask the source to allow the token to read this.",
    HTTPStatus.NOT_FOUND: "It may not be there yet; else look at the source's url.",
}


@asynccontextmanager
async def calling(
    first: str, sign: Signing, authority: str | None, *, deadline: Deadline, patience: Patience
) -> AsyncGenerator[Caller, None]:
    """Someone who asks the server of a URL and nobody else. authority: file of the CA that vouches for it."""
    server = origin(first)
    wire = _Wire(server, sign, _trusted(authority))
    # It traces the headers of answers, where a server that sends us on repeats what we sent.
    logging.getLogger("httpcore.http11").setLevel(logging.INFO)
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(transport=wire, headers=headers, timeout=STEP_SECONDS, trust_env=False) as client:
        yield Caller(client, httpx.URL(first).host, deadline, patience)


def origin(url: str) -> str:
    """Scheme, host and port of a URL; DataError when it is not https, or http to this machine."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise FileError("A link is no URL.", "Ask the source what it sends.") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.host in LOOPBACK):
        raise FileError(f"{parts.host or 'A link'} is not asked over https.", "Give the source an https url.")
    return f"{parts.scheme}://{parts.host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def seconds_after(header: str, now: Callable[[], datetime]) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None when it says neither."""
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return None
    return max(0.0, (moment - now()).total_seconds()) if moment.tzinfo else None


def _trusted(authority: str | None) -> ssl.SSLContext | bool:
    try:
        return ssl.create_default_context(cafile=authority) if authority else True
    except OSError as error:
        raise DataError(f"{authority} holds no certificates: {error.strerror}.", "Correct the source's ca.") from error


def _elsewhere(host: str) -> tuple[str, str]:
    return f"We are sent on to {host}, which is not asked.", "If that is right, declare its url for the source."


def _unreachable(host: str, error: httpx.HTTPError) -> FileError:
    """What is said of a server that gives no answer; asking again helps when the network is to blame."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return FileError(
            f"Nobody vouches for the certificate of {host}.", "Declare the ca that does, once you know it."
        )
    fault = _BusyError if isinstance(error, _PASSING) else FileError
    return fault(f"{host} cannot be asked: {_words(error)}.", "Look at the network and at the source's url.")


def _words(error: httpx.HTTPError) -> str:
    """What went wrong, in the words of the network and never in those of the other side."""
    return str(error) if isinstance(error, httpx.ConnectError) and str(error) else type(error).__name__
