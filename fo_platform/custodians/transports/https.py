"""Files behind URLs, with the pages that follow them. How a server is asked belongs to _http."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx

from fo_platform.custodians.transports._base import Chunks, Deadline, FileError, Offer
from fo_platform.custodians.transports._http import PATIENCE, Caller, Patience, Signing, calling, origin

PAGES_MAX = 1000


@dataclass
class _Page:
    """One page of what lies at a path, and the URL of the next one once its body is known."""

    path: str
    url: str
    number: int = 1
    following: str | None = None


@dataclass(frozen=True)
class HttpsFiles:
    """URLs of one server, asked in order.

    page_key: dotted path to what leads on to the next page in a JSON body: a link, or with page_parameter the text that
    this parameter of the URL takes. authority: file of the CA that vouches for the server.
    """

    urls: tuple[str, ...]
    token: str | None = field(default=None, repr=False)
    page_key: str | None = None
    page_parameter: str | None = None
    authority: str | None = None
    patience: Patience = PATIENCE

    async def offers(self, deadline: Deadline) -> AsyncGenerator[Offer, None]:
        """A file for every URL, and one for every further page of it."""
        sign = _bearer(self.token)
        asking = calling(self.urls[0], sign, self.authority, deadline=deadline, patience=self.patience)
        async with asking as caller:
            pages = [_Page(unquote(urlsplit(url).path), url) for url in reversed(self.urls)]
            while pages:
                page = pages.pop()
                yield Offer(_name(page), self._chunks(caller, page))
                pages += _next(page)

    async def _chunks(self, caller: Caller, page: _Page) -> Chunks:
        body = bytearray()
        async with caller.asked(page.url) as chunks:
            async for chunk in chunks:
                body += chunk if self.page_key else b""
                yield chunk
        page.following = self._following(page.url, bytes(body)) if self.page_key else None

    def _following(self, url: str, body: bytes) -> str | None:
        """URL of the next page, if the body names one; a server other than the declared one is not followed."""
        mark = _at(body, self.page_key or "")
        if not mark:
            return None
        if self.page_parameter:
            return str(httpx.URL(url).copy_set_param(self.page_parameter, mark))
        link = str(_joined(url, mark))
        if origin(link) != origin(url):
            raise FileError(f"Its next page lies on {httpx.URL(link).host}, which is not asked.", "Ask the source why.")
        return link


def _next(page: _Page) -> list[_Page]:
    if page.following is None:
        return []
    if page.number == PAGES_MAX or page.following == page.url:
        raise FileError(f"{_name(page)} leads on without end.", "Look at the source's page_key.")
    return [_Page(page.path, page.following, page.number + 1)]


def _joined(url: str, link: str) -> httpx.URL:
    try:
        return httpx.URL(url).join(link)
    except httpx.InvalidURL as error:
        raise FileError("The link to its next page is no URL.", "Ask the source what it sends.") from error


def _at(body: bytes, path: str) -> str:
    """The text or number at a dotted path of a JSON body; empty where there is none."""
    try:
        place = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FileError("It is no JSON, so its next page is unknown.", "Look at the source's page_key.") from error
    for part in path.split("."):
        place = place.get(part) if isinstance(place, dict) else None
    return str(place) if isinstance(place, str | int) and not isinstance(place, bool) else ""


def _name(page: _Page) -> str:
    """The last part of the path; further pages carry their number."""
    path = PurePosixPath(page.path)
    return path.name if page.number == 1 else f"{path.stem}.{page.number}{path.suffix}"


def _bearer(token: str | None) -> Signing:
    """Joins a token to a request as a header."""

    def sign(request: httpx.Request) -> httpx.Request:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        signed = {**request.headers, **headers}
        return httpx.Request(request.method, request.url, headers=signed, extensions=request.extensions)

    return sign
