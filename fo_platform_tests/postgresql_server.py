"""A PostgreSQL server of the tests' own: a fresh cluster on a socket, gone afterwards. Tests do not belong here."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fo_platform_tests.processes import PATIENCE_SECONDS

DEBIAN = Path("/usr/lib/postgresql")
USERS = ("postgres", "nobody")
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
"""What is lost when the machine fails is a test's."""


def binaries() -> Path | None:
    """Folder of the server's programs, if PostgreSQL is installed."""
    return next((folder for folder in _candidates() if (folder / "initdb").exists()), None)


@contextmanager
def postgresql(programs: Path) -> Iterator[str]:
    """URL of a server that listens on a socket in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="fo-postgres-"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)

    def run(*words: str) -> None:
        subprocess.run(words, cwd=folder, user=user, check=True, capture_output=True, timeout=PATIENCE_SECONDS)

    data, control = str(folder / "data"), str(programs / "pg_ctl")
    try:
        run(str(programs / "initdb"), "-D", data, "-U", "fo", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        waiting = ("-w", "-t", str(PATIENCE_SECONDS))
        run(control, "-D", data, *waiting, "-l", str(folder / "log"), "-o", f"-k {folder} -h '' {FAST}", "start")
        yield f"postgresql+psycopg2://fo@/postgres?host={folder}"
    finally:
        subprocess.run([control, "-D", data, "-m", "immediate", "stop"], user=user, capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _candidates() -> Iterator[Path]:
    if found := shutil.which("pg_config"):
        answer = subprocess.run([found, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip())
    yield from sorted(DEBIAN.glob("*/bin"), reverse=True)


def _unprivileged() -> str | None:
    """Who runs the server: the administrator may not."""
    if os.geteuid():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(user for user in USERS if user in known)
