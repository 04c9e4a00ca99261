"""Several processes at once, to see what holds between them. What they do belongs to the tests."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

PATIENCE_SECONDS = 600
"""What takes longer hangs, however slow the machine is and whatever else runs on it."""


def together(script: str, *arguments: Sequence[str]) -> None:
    """Run a script once for each list of arguments, all at the same time; every one must succeed."""
    running = [
        subprocess.Popen([sys.executable, "-c", script, *words], stderr=subprocess.PIPE, text=True)
        for words in arguments
    ]
    said = [process.communicate(timeout=PATIENCE_SECONDS)[1] for process in running]
    assert [process.returncode for process in running] == [0] * len(running), "\n".join(said)


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of this machine that nobody is given meanwhile; a server that asks for it by number may listen on it."""
    with socket.socket() as holder:
        # Whoever sets this too may listen on a port that is only held.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
