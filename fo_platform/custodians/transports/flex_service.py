"""Statements of the Flex Web Service: a query is asked for, then fetched once its statement is made.

What a statement says belongs to its format.
"""

import hashlib
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx
from lxml import etree

from fo_platform.custodians.transports._base import Chunks, Deadline, FileError, Offer
from fo_platform.custodians.transports._http import PATIENCE, Caller, Patience, calling, origin
from fo_platform.errors import DataError

POLL_SECONDS = 10
"""The service takes ten requests a minute of one token."""

_HEAD_BYTES = 2**16
_ANSWER = b"<FlexStatementResponse"
_NOT_READY = "1019"
_GENERATED = re.compile(rb'\swhenGenerated="[^"]*"')

_NEW_TOKEN = "Make a new token in Client Portal and export it."  # noqa: S105 - what to do, not a token.
_LATER = "Try again later; if it stays so, look at the query and the token in Client Portal."
_REMEDIES = {
    "1003": "Look whether the query's period has a statement, then try again.",
    "1011": "Activate the Flex Web Service in Client Portal.",
    "1012": _NEW_TOKEN,
    "1013": "Allow the token this machine's address in Client Portal.",
    "1014": "Correct the source's query.",
    "1015": _NEW_TOKEN,
    "1018": "Ask less often: the service counts the requests of a token.",
}

Said = dict[str, str]


@dataclass(frozen=True)
class FlexService:
    """One query of one token. url: where SendRequest and GetStatement lie; authority: file of the CA behind it."""

    url: str
    query: str
    token: str = field(repr=False)
    authority: str | None = None
    patience: Patience = PATIENCE

    async def offers(self, deadline: Deadline) -> AsyncGenerator[Offer, None]:
        """The query's statement; its version leaves out when it was made, as every request makes it anew."""
        asking = calling(self.url, self._sign, self.authority, deadline=deadline, patience=self.patience)
        async with asking as caller:
            link, digest = await self._requested(caller), hashlib.sha256()
            yield Offer(f"flex_{self.query}.xml", self._statement(caller, link, digest), digest.hexdigest)

    async def _requested(self, caller: Caller) -> str:
        """Where the statement will lie."""
        async with AsyncExitStack() as stack:
            said, *_ = await self._answer(caller, _asking(f"{self.url}/SendRequest", self.query), stack)
        if "ReferenceCode" not in said:
            raise DataError("The Flex service gives no reference to a statement.", _LATER)
        return _asking(self._place(said.get("Url", "")), said["ReferenceCode"])

    async def _statement(self, caller: Caller, link: str, digest: "hashlib._Hash") -> Chunks:
        rest = b""
        async with AsyncExitStack() as stack:
            _, head, chunks = await self._answer(caller, link, stack)
            async for chunk in _joined(head, chunks):
                whole, mark, rest = (rest + chunk).rpartition(b"<")
                digest.update(_GENERATED.sub(b"", whole))
                rest = mark + rest
                yield chunk
        digest.update(rest)

    async def _answer(self, caller: Caller, url: str, stack: AsyncExitStack) -> tuple[Said, bytes, Chunks]:
        """What the service says of itself, and the bytes of its answer, once there is one."""
        while True:
            chunks = await stack.enter_async_context(caller.asked(url))
            head = await _head(chunks)
            said = _said(head)
            if not said or said.get("Status") == "Success":
                return said, head, chunks
            await stack.aclose()
            await self._wait(said, caller.deadline)

    async def _wait(self, said: Said, deadline: Deadline) -> None:
        """Wait for a statement that is being made; any other reason is a refusal."""
        code = said.get("ErrorCode", "without a code")
        message = said.get("ErrorMessage", "").replace(self.token, "(token)").rstrip(".")
        if code != _NOT_READY:
            raise DataError(f"The Flex service refuses: {code} {message}.", _REMEDIES.get(code, _LATER))
        if deadline.left() <= POLL_SECONDS:
            raise DataError("The Flex service is still making the statement.", "The next pull asks again.")
        await self.patience.pause(POLL_SECONDS)

    def _place(self, link: str) -> str:
        """The link that the service gives, if it leads to the declared server; the usual place otherwise."""
        try:
            is_ours = origin(link) == origin(self.url)
        except FileError:
            is_ours = False
        return link if is_ours else f"{self.url}/GetStatement"

    def _sign(self, request: httpx.Request) -> httpx.Request:
        url = request.url.copy_merge_params({"t": self.token})
        return httpx.Request(request.method, url, headers=request.headers, extensions=request.extensions)


def _asking(url: str, what: str) -> str:
    return str(httpx.URL(url).copy_merge_params({"q": what, "v": "3"}))


async def _head(chunks: Chunks) -> bytes:
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD_BYTES:
            break
    return head


async def _joined(head: bytes, chunks: Chunks) -> Chunks:
    yield head
    async for chunk in chunks:
        yield chunk


def _said(head: bytes) -> Said:
    """Text by element of an answer of the service itself; nothing of a statement."""
    if _ANSWER not in head:
        return {}
    try:
        root = etree.fromstring(head, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise DataError("The Flex service gives an answer that is no XML.", _LATER) from error
    return {str(child.tag): " ".join((child.text or "").split())[:200] for child in root}
