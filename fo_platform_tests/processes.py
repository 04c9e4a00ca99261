"""Several processes at once, to see what holds between them. What they do belongs to the tests."""

import subprocess
import sys
from collections.abc import Sequence


def together(script: str, *arguments: Sequence[str]) -> None:
    """Run a script once for each list of arguments, all at the same time; every one must succeed."""
    running = [
        subprocess.Popen([sys.executable, "-c", script, *words], stderr=subprocess.PIPE, text=True)
        for words in arguments
    ]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0] * len(running), "\n".join(said)
