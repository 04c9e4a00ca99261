"""Which code made a figure: one hash over the modules that figures depend on. Libraries do not belong here."""

import hashlib
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
APART = ("cli", "web", "simulation", "notify")
"""Packages that show or surround figures and never make one."""


@lru_cache(maxsize=1)
def code_hash() -> str:
    """First 16 characters of the sha256 over every module that can change a figure, by path."""
    state = hashlib.sha256()
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).parts[0] not in APART:
            state.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]
