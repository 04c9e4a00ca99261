"""The raw archive: every byte any source ever sent, under its own sha256. Parsing does not belong here."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from fo_platform.errors import LedgerError


@dataclass(frozen=True)
class Archive:
    """Content-addressed, write-once files below one folder."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the bytes with that digest stand; names from outside never become paths."""
        return self.folder / "sha256" / sha256[:2] / sha256[2:4] / sha256

    def store(self, content: bytes) -> str:
        """Keep the bytes durably and return their digest; bytes already kept are left alone."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not (path := self.path(sha256)).exists():
            write_durably(path, content)
            path.chmod(0o444)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes with that digest, proved to be the ones that were stored."""
        path = self.path(sha256)
        if not path.exists():
            raise LedgerError(f"archive file {sha256} is missing.", "Restore it from the backup of the archive.")
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise LedgerError(f"archive file {sha256} was altered.", "Restore it from the backup of the archive.")
        return content


def write_durably(path: Path, content: bytes) -> None:
    """Write under a temporary name, fsync, rename, fsync the folder: after a crash the file is whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
