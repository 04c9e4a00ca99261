"""Files in a folder of an SFTP server whose key is known beforehand. When they are fetched belongs to operations."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fo_platform.custodians.transports._base import Chunks, Deadline, FileError, Offer, StillWrittenError
from fo_platform.custodians.transports.directory import UNFINISHED
from fo_platform.errors import DataError

if TYPE_CHECKING:
    from asyncssh import SFTPAttrs, SFTPClient, SFTPClientFile, SFTPName, SSHClientConnection, SSHKey

CHUNK_BYTES = 2**20
SETTLE_SECONDS = 2
"""Between two looks at a folder: what changed is not finished."""

GRACE_SECONDS = 1
"""After the deadline, until the connection is cut off."""

ENTRIES_MAX = 100_000
"""Of one folder; a listing that goes on is nobody's deliveries."""

_NO_FILES = (2, 3, 4)
"""Types of folders, links and devices; a server need not state that something is a file."""


@dataclass(frozen=True)
class SftpFolder:
    """One folder of one user. key: a private key or the path to one; host_key: the server's public key."""

    host: str
    port: int
    user: str
    key: str = field(repr=False)
    host_key: str
    folder: str
    pattern: str
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def offers(self, deadline: Deadline) -> AsyncGenerator[Offer, None]:
        """Every finished file that matches the pattern, by name."""
        async with self._connected(deadline.left() + GRACE_SECONDS) as client:
            for name, version in sorted((await self._settled(client)).items()):
                yield Offer(name, self._chunks(client, name, version), partial(str, version))

    @asynccontextmanager
    async def _connected(self, seconds: float) -> AsyncIterator["SFTPClient"]:
        """A session with the server, cut off after so many seconds whatever still waits for an answer."""
        with self._told():
            connection = await self._connection()
        cut = asyncio.get_running_loop().call_later(seconds, connection.abort)
        try:
            with self._told():
                client = await connection.start_sftp_client()
            yield client
        finally:
            cut.cancel()
            connection.abort()

    async def _connection(self) -> "SSHClientConnection":
        """A connection that proved the declared key; nothing of this machine's own SSH settings is used."""
        import asyncssh  # noqa: PLC0415 - an extra, installed only where a source needs it.

        return await asyncssh.connect(
            self.host,
            self.port,
            username=self.user,
            client_keys=[_imported(asyncssh.import_private_key, _text_of(self.key), "private key", _KEY)],
            known_hosts=([_imported(asyncssh.import_public_key, self.host_key, "host_key", _HOST_KEY)], [], []),
            preferred_auth="publickey",
            config=None,
            agent_path=None,
            gss_host=None,
            x509_trusted_certs=None,
        )

    async def _settled(self, client: "SFTPClient") -> dict[str, str]:
        """Versions by name of the files that stayed as they are between two looks."""
        first = await self._listing(client)
        if not first:
            return {}
        await self.pause(SETTLE_SECONDS)
        second = await self._listing(client)
        return {name: version for name, version in second.items() if first.get(name) == version}

    async def _listing(self, client: "SFTPClient") -> dict[str, str]:
        with self._told():
            entries = await _entries(client, self.folder)
        found = {os.fsdecode(entry.filename): entry.attrs for entry in entries if entry.attrs.type not in _NO_FILES}
        return {name: _version(attrs) for name, attrs in found.items() if self._is_wanted(name)}

    def _is_wanted(self, name: str) -> bool:
        is_finished = not name.startswith(".") and not name.lower().endswith(UNFINISHED)
        return is_finished and fnmatchcase(name, self.pattern)

    async def _chunks(self, client: "SFTPClient", name: str, version: str) -> Chunks:
        """The file's bytes; it is left open on failure, as closing it would wait for the server."""
        received = 0
        with self._told():
            file = await client.open(b"/".join((self.folder.encode(), os.fsencode(name))), "rb", encoding=None)
            while chunk := await _read(file):
                received += len(chunk)
                yield chunk
            attrs = await file.stat()
            await file.close()
        if _version(attrs) != version or attrs.size not in (None, received):
            raise StillWrittenError("It changed while it was read.", "The next pull takes it.")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the library raises, in sentences of ours."""
        try:
            import asyncssh  # noqa: PLC0415 - see above.
        except ImportError as error:
            raise DataError("SFTP is not installed.", "Install fo_platform with its extra sftp.") from error
        try:
            yield
        except asyncssh.HostKeyNotVerifiable as error:
            raise DataError(f"{self.host} does not prove the declared host_key.", _CHANGED) from error
        except asyncssh.KeyExchangeFailed as error:
            raise DataError(
                f"{self.host} has no key of the declared kind, or no cipher that we take.", _KIND
            ) from error
        except asyncssh.PermissionDenied as error:
            raise DataError(f"{self.host} does not accept our key for {self.user}.", _REFUSED) from error
        except asyncssh.SFTPConnectionLost as error:
            raise DataError(f"{self.host} broke off.", _NETWORK) from error
        except asyncssh.SFTPError as error:
            raise FileError(f"{self.host} does not give it: {type(error).__name__}.", _FOLDER) from error
        except (asyncssh.Error, OSError) as error:
            raise DataError(f"{self.host} cannot be reached: {_words(error)}.", _NETWORK) from error


_NETWORK = "Look at the network and at the source's host and port; the next pull tries again."
_CHANGED = "Ask the source by telephone whether its key changed; declare the new one only then."
_KIND = "Ask the source for another of its keys, and which ciphers it speaks."
_REFUSED = "Send the source our public key, or correct the user."
_FOLDER = "Look at the source's folder and at our rights in it."
_KEY = "Export one without a passphrase, or the path to it."
_HOST_KEY = "Declare it as `ssh-ed25519 AAAA...`, as the source states it."


def _imported(load: Callable[[str], "SSHKey"], text: str, what: str, remedy: str) -> "SSHKey":
    try:
        return load(text)
    except ValueError as error:
        raise DataError(f"The {what} cannot be used.", remedy) from error


def _text_of(key: str) -> str:
    """A private key that is given as text or as the path to it."""
    if "-----BEGIN" in key:
        return key
    try:
        return Path(key).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise DataError("The private key's file cannot be read.", _KEY) from error


async def _entries(client: "SFTPClient", folder: str) -> "list[SFTPName]":
    entries: list[SFTPName] = []
    # Closed before the connection is, since closing it later would wait for an answer that never comes.
    listing = cast("AsyncGenerator[SFTPName, None]", client.scandir(folder.encode()))
    async with aclosing(listing) as scan:
        async for entry in scan:
            entries.append(entry)
            _refuse_above(ENTRIES_MAX, len(entries))
    return entries


def _refuse_above(most: int, count: int) -> None:
    if count > most:
        raise DataError(f"The folder holds more than {most} entries.", "Ask the source to clear it.")


async def _read(file: "SFTPClientFile") -> bytes:
    return await file.read(CHUNK_BYTES)


def _version(attrs: "SFTPAttrs") -> str:
    return f"{attrs.size} {attrs.mtime}"


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
