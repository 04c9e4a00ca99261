"""How a source's deliveries come, as custodians.yaml declares it. Credentials are named here and held elsewhere."""

import re
from datetime import date
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from fo_platform.declarations import Declared, fault_at
from fo_platform.settings import SecretName

MEBIBYTE = 2**20
FLEX_URL = "https://ndcdyn.interactivebrokers.com/AccountManagement/FlexWebService"

_DAY = re.compile(r"\{(date|previous)(?::([^{}]+))?\}")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def on_day(url: str, day: date, previous: date) -> str:
    """A URL with `{date}` and `{previous}`, the session before it, filled in; `{date:%Y%m%d}` says how."""
    days = {"date": day, "previous": previous}
    return _DAY.sub(lambda found: format(days[found[1]], found[2] or ""), url)


def _checked(url: str) -> str:
    parts = urlsplit(on_day(url, date.min, date.min))
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("a url begins with https://")
    if parts.username or parts.password or not parts.hostname:
        raise ValueError("a url names a host and no user; the token is a variable of its own")
    if set("{}") & set(parts.geturl()):
        raise ValueError(f"`{url}` may hold {{date}} and {{previous}}, with a format such as {{date:%Y%m%d}}")
    return url


Url = Annotated[str, AfterValidator(_checked)]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]+$")]
HostKey = Annotated[
    str,
    Field(pattern=r"^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}( .*)?$"),
]


class Directory(Declared):
    """Files are put into the inbox by others."""

    kind: Literal["directory"] = "directory"

    @property
    def credential(self) -> None:
        """No variable has to be set."""


class Remote(Declared):
    """What holds of every transport that fetches: one deadline for a whole pull, and how much it may bring."""

    deadline_seconds: Annotated[int, Field(ge=1, le=3600)] = 300
    file_bytes_max: Annotated[int, Field(ge=1, le=512 * MEBIBYTE)] = 256 * MEBIBYTE
    pull_bytes_max: Annotated[int, Field(ge=1)] = 1024 * MEBIBYTE


class Sftp(Remote):
    """A folder of an SFTP server; key names the variable with our private key or its path."""

    kind: Literal["sftp"]
    host: Host
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    user: Annotated[str, Field(min_length=1)]
    key: SecretName
    host_key: HostKey
    folder: Annotated[str, Field(min_length=1)]
    pattern: Annotated[str, Field(pattern=r"^[^/]+$")] = "*"

    @property
    def credential(self) -> str:
        """Name of the variable that has to be set."""
        return self.key


class Https(Remote):
    """URLs of one server; token names the variable with a bearer token.

    page_key: where a JSON body names its next page, such as `links.next`: a link, or what page_parameter of the URL
    is to be. ca: file of the authority behind the server, when it is none of the public ones.
    """

    kind: Literal["https"]
    urls: Annotated[list[Url], Field(min_length=1)]
    token: SecretName | None = None
    page_key: Annotated[str, Field(min_length=1)] | None = None
    page_parameter: Annotated[str, Field(min_length=1)] | None = None
    ca: str | None = None

    @property
    def credential(self) -> str | None:
        """Name of the variable that has to be set."""
        return self.token

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if len({urlsplit(url)[:2] for url in self.urls}) > 1:
            raise fault_at("urls", "they lie on more than one server, and the token is for one")
        if self.page_parameter and not self.page_key:
            raise fault_at("page_parameter", "it needs page_key, which says where the next page is named")
        return self


class FlexService(Remote):
    """A query of the Flex Web Service; token names the variable with its token."""

    kind: Literal["flex_service"]
    query: Annotated[str, Field(pattern=r"^[0-9]+$")]
    token: SecretName
    url: Url = FLEX_URL
    ca: str | None = None

    @property
    def credential(self) -> str:
        """Name of the variable that has to be set."""
        return self.token


Transport = Annotated[Directory | Sftp | Https | FlexService, Field(discriminator="kind")]
