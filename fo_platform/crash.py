"""Named places where a process may be killed to prove that it recovers.

What is written around them does not belong here.
"""

import os
import signal

VARIABLE = "FO_CRASH_AT"

CRASH_POINTS: tuple[tuple[str, str], ...] = (
    ("intake.after_archive", "fo_platform.operations.intake"),
    ("intake.before_commit", "fo_platform.operations.intake"),
    ("intake.after_commit", "fo_platform.operations.intake"),
    ("batch.file_written", "fo_platform.warehouse.warehouse"),
    ("batch.before_commit", "fo_platform.warehouse.warehouse"),
    ("batch.after_commit", "fo_platform.warehouse.warehouse"),
    ("release.before_sending", "fo_platform.operations.release"),
    ("release.after_sending", "fo_platform.operations.release"),
    ("release.after_submit", "fo_platform.operations.release"),
    ("release.after_ack", "fo_platform.operations.release"),
    ("fills.before_commit", "fo_platform.operations.release"),
    ("fills.after_commit", "fo_platform.operations.release"),
)
"""Every crash point with the module that passes it."""


def point(name: str) -> None:
    """Die here, as if the power failed, when the environment asks for this point; a name must be registered."""
    assert name in dict(CRASH_POINTS), f"crash point {name} is not registered"
    if _asked() == name:
        os.kill(os.getpid(), signal.SIGKILL)


def _asked() -> str | None:
    return os.environ.get(VARIABLE)
