"""README: its map is the tree on the disk, and its commands exist."""

import re
from collections.abc import Iterator
from pathlib import Path

from fo_platform_tests.source_tree import PACKAGE, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
INDENT = 2


def mapped() -> list[str]:
    """Every path of the map."""
    block = README.split("## The map")[1].split("```")[1]
    return list(_paths(block.strip("\n").splitlines()))


def _paths(lines: list[str]) -> Iterator[str]:
    above: list[str] = []
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // INDENT
        names = re.split(r"\s{2,}", line.strip())[0].split()
        above = above[:depth]
        yield from ("".join(above) + name for name in names)
        above += names[:1]


def test_every_path_of_the_map_is_on_the_disk() -> None:
    assert [path for path in mapped() if not (ROOT / path).exists()] == []


def test_every_package_and_base_module_is_on_the_map() -> None:
    entries = [entry for entry in (ROOT / PACKAGE).iterdir() if not entry.name.startswith("__")]
    on_disk = {f"{PACKAGE}/{_written(entry)}" for entry in entries}
    assert on_disk - set(mapped()) == set()


def _written(entry: Path) -> str:
    return f"{entry.name}/" if entry.is_dir() else entry.name


def test_every_make_command_that_is_told_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= targets


def test_every_picture_is_there() -> None:
    assert [path for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README) if not (ROOT / path).is_file()] == []
