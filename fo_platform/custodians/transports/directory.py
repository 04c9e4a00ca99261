"""Files that lie in an inbox folder. What is in them does not belong here."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fo_platform.errors import DataError

SIZE_MAX = 512 * 2**20
UNFINISHED = (".tmp", ".part")

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""No link is followed, and a pipe that has taken the file's place does not make us wait."""


@dataclass(frozen=True)
class Arrival:
    """One file of an inbox; its name is metadata and never becomes a path of ours."""

    name: str
    path: Path

    def read(self, size_max: int = SIZE_MAX) -> bytes:
        """The file's bytes; a link, a device, a file above the size limit or one that has gone is refused."""
        try:
            handle = os.open(self.path, _READ)
        except OSError as error:
            raise DataError(f"{self.name} cannot be read: {error.strerror}.", "Put the file there again.") from error
        with os.fdopen(handle, "rb") as file:
            is_regular = stat.S_ISREG(os.fstat(handle).st_mode)
            content = file.read(size_max + 1) if is_regular else b""
        if not is_regular or len(content) > size_max:
            remedy = "Take it out of the inbox."
            raise DataError(f"{self.name} is no regular file of at most {size_max} bytes.", remedy)
        return content


def arrivals(inbox: Path) -> Iterator[Arrival]:
    """Whole files of an inbox by name: hidden and unfinished ones, folders and links are left where they are."""
    if not inbox.is_dir():
        return
    with os.scandir(inbox) as entries:
        whole = sorted((entry.name, entry.path) for entry in entries if _is_whole(entry))
    for name, path in whole:
        yield Arrival(os.fsencode(name).decode("utf-8", "replace"), Path(path))


def _is_whole(entry: os.DirEntry[str]) -> bool:
    is_finished = not entry.name.startswith(".") and not entry.name.lower().endswith(UNFINISHED)
    return is_finished and entry.is_file(follow_symlinks=False)
