"""The demo office's policy files with something else in them. What is refused of it belongs to the tests."""

from pathlib import Path

import pytest

from fo_platform.errors import PolicyError
from fo_platform.policy.load import load_policy


def edit(project: Path, name: str, old: str, new: str) -> Path:
    """The demo office of a project with one text replaced in one file."""
    folder = project / "resources/offices/demo"
    path = folder / f"{name}.yaml"
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1))
    return folder


def refused(project: Path, name: str, old: str, new: str) -> PolicyError:
    """Why the office is refused with that."""
    folder = edit(project, name, old, new)
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    return caught.value
