"""What every transport does, and how what it brings reaches an inbox: whole, once, under a safe name, within limits.

How one of them speaks to the other side belongs in a file of its own.
"""

import asyncio
import fcntl
import hashlib
import json
import logging
import os
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from fo_platform import clock
from fo_platform.custodians.transports.directory import UNFINISHED
from fo_platform.errors import DataError, FoError

logger = logging.getLogger(__name__)

NAME_MAX = 120
STATE = ".state"
"""Folder beside the inboxes that remembers what was taken; losing it costs a download and nothing else."""

_TEMPORARY = ".incoming.part"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")

Chunks = AsyncGenerator[bytes, None]


class FileError(DataError):
    """One file cannot be had; the others may."""


class StillWrittenError(FileError):
    """One file is not finished on the other side; a later pull takes it."""


@dataclass(frozen=True)
class Limits:
    """How long one pull may take, and how much it may bring."""

    deadline_seconds: float
    file_bytes_max: int
    pull_bytes_max: int


@dataclass(frozen=True)
class Deadline:
    """The end of a whole pull, whatever it is made of."""

    seconds: float
    ends: float
    elapsed: Callable[[], float]

    @classmethod
    def within(cls, seconds: float, elapsed: Callable[[], float]) -> "Deadline":
        """The deadline that lies so many seconds ahead."""
        return cls(seconds, elapsed() + seconds, elapsed)

    def left(self) -> float:
        """Seconds that remain; DataError when there are none."""
        left = self.ends - self.elapsed()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> DataError:
        """What is said of a pull that took too long."""
        remedy = "The next pull goes on with what is left; raise deadline_seconds if it is always too short."
        return DataError(f"The pull was ended after {self.seconds:g} seconds.", remedy)


@dataclass(frozen=True)
class Offer:
    """One file that the other side has, and its bytes as they come.

    version: tells it from another file of its name, where anything does; some know it only after the last byte.
    """

    name: str
    chunks: Chunks
    version: Callable[[], str] = str


class Transport(Protocol):
    """A way by which deliveries come."""

    def offers(self, deadline: Deadline) -> AsyncGenerator[Offer, None]:
        """Every file that the other side has for us; one that is not wanted is never read.

        What goes wrong raises DataError, and FileError out of an offer's chunks when other files may still be had.
        No message holds a credential.
        """


@dataclass
class Pulled:
    """What one pull brought: files placed, files known or not finished, bytes received, and what went wrong."""

    fetched: int = 0
    skipped: int = 0
    size: int = 0
    faults: list[FoError] = field(default_factory=list)


def pull(transport: Transport, inbox: Path, limits: Limits, elapsed: Callable[[], float] = clock.elapsed) -> Pulled:
    """Bring what a transport offers into an inbox; faults of the world are told of, and what came before them stays.

    A file is visible when it is whole. Only one process pulls into an inbox at a time; another one brings nothing.
    """
    state = inbox.parent / STATE
    for folder in (inbox, state):
        folder.mkdir(parents=True, exist_ok=True)
    with _alone(state / f"{inbox.name}.lock") as is_alone:
        if not is_alone:
            return Pulled(faults=[DataError("Another pull is under way.", "Wait for it; it brings the same files.")])
        memory = state / f"{inbox.name}.json"
        work = _Pull(inbox, limits, Deadline.within(limits.deadline_seconds, elapsed), _remembered(memory))
        asyncio.run(work.run(transport))
        _write(memory, json.dumps(work.taken, sort_keys=True).encode())
    return work.done


@dataclass
class _Pull:
    """One pull as it goes. taken: version by remote name."""

    inbox: Path
    limits: Limits
    deadline: Deadline
    taken: dict[str, str]
    done: Pulled = field(default_factory=Pulled)

    async def run(self, transport: Transport) -> None:
        try:
            async with asyncio.timeout(self.deadline.left()):
                await self._take_all(transport)
        except TimeoutError:
            self.done.faults.append(self.deadline.passed())
        except DataError as fault:
            self.done.faults.append(fault)
        finally:
            (self.inbox / _TEMPORARY).unlink(missing_ok=True)

    async def _take_all(self, transport: Transport) -> None:
        """Take every offer; what the other side has no more is forgotten once it has offered everything."""
        offered: set[str] = set()
        async with aclosing(transport.offers(self.deadline)) as offers:
            async for offer in offers:
                offered.add(offer.name)
                await self._take(offer)
        self.taken = {name: version for name, version in self.taken.items() if name in offered}

    async def _take(self, offer: Offer) -> None:
        if self._is_taken(offer):
            self.done.skipped += 1
            return
        try:
            digest = await self._receive(offer)
        except StillWrittenError:
            self.done.skipped += 1
        except FileError as fault:
            named = f"{safe_name(offer.name)}: {fault.message}"
            self.done.faults.append(FileError(named, fault.remedy))
        else:
            self._keep(offer, digest)

    async def _receive(self, offer: Offer) -> str:
        """Sha256 of the offer's bytes, which then lie in a hidden file."""
        temporary = self.inbox / _TEMPORARY
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            digest = await self._copy(offer.chunks, file)
            file.flush()
            os.fsync(file.fileno())
        return digest

    async def _copy(self, chunks: Chunks, file: BinaryIO) -> str:
        digest, size = hashlib.sha256(), 0
        async with aclosing(chunks):
            async for chunk in chunks:
                size += len(chunk)
                self._admit(size, len(chunk))
                digest.update(chunk)
                file.write(chunk)
        return digest.hexdigest()

    def _admit(self, size: int, more: int) -> None:
        self.deadline.left()
        self.done.size += more
        if self.done.size > self.limits.pull_bytes_max:
            remedy = "Raise pull_bytes_max if the source may send so much."
            raise DataError(f"The pull was ended above {self.limits.pull_bytes_max} bytes.", remedy)
        if size > self.limits.file_bytes_max:
            remedy = "Raise file_bytes_max if the source may send such files."
            raise FileError(f"It is larger than {self.limits.file_bytes_max} bytes and was left there.", remedy)

    def _is_taken(self, offer: Offer) -> bool:
        return self.taken.get(offer.name) == offer.version()

    def _keep(self, offer: Offer, digest: str) -> None:
        temporary = self.inbox / _TEMPORARY
        target = None if self._is_taken(offer) else _target(self.inbox, safe_name(offer.name), digest)
        if target:
            temporary.rename(target)
            _sync(self.inbox)
            logger.info("%s: %r arrived as %s", self.inbox.name, offer.name, target.name)
        else:
            temporary.unlink()
        self.done.fetched += target is not None
        self.done.skipped += target is None
        if offer.version():
            self.taken[offer.name] = offer.version()


def safe_name(name: str) -> str:
    """A flat file name for one from outside: letters, digits, `._-`; neither hidden, nor unfinished, nor too long."""
    flat = _UNSAFE.sub("_", name).lstrip("._-") or "file"
    stem, dot, suffix = flat.rpartition(".")
    short = f"{stem[: NAME_MAX - len(dot + suffix)]}{dot}{suffix}" if stem and len(suffix) < 16 else flat[:NAME_MAX]
    return f"{short}_" if short.lower().endswith(UNFINISHED) else short


def _target(inbox: Path, name: str, digest: str) -> Path | None:
    """Where a file of these bytes goes; None when it is there. Other bytes of its name put its hash into the name."""
    plain = inbox / name
    if not os.path.lexists(plain):
        return plain
    hashed = plain.with_name(f"{plain.stem}-{digest[:12]}{plain.suffix}")
    is_there = _digest(plain) == digest or os.path.lexists(hashed)
    return None if is_there else hashed


def _digest(path: Path) -> str:
    """Sha256 of a regular file; empty for anything else."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether this process alone holds the lock; a process that dies gives it back."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _remembered(path: Path) -> dict[str, str]:
    """What earlier pulls took; nothing when that cannot be read."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): str(version) for name, version in kept.items()} if isinstance(kept, dict) else {}


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
