"""Every plug-in is one file with a docstring, its constant and a fixture or test of its own."""

import importlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from fo_platform_tests.source_tree import PACKAGE, ROOT

TESTS = ROOT / "fo_platform_tests"


@dataclass(frozen=True)
class Kind:
    """A folder of plug-ins: the constant that each defines, and where a file or a test that names it proves it."""

    folder: str
    constant: str
    proof: str


KINDS = (
    Kind("custodians/formats", "FORMAT", "custodians/{name}/*"),
    Kind("analytics/metrics", "METRIC", "analytics/**/test_*.py"),
    Kind("checks", "CHECK", "checks/**/test_*.py"),
    Kind("pictures", "PICTURE", "pictures/**/test_*.py"),
    Kind("notify", "CHANNEL", "notify/**/test_*.py"),
    Kind("brokers", "BROKER", "brokers/**/test_{name}.py"),
)


def plug_ins(kind: Kind) -> list[str]:
    """Names of the plug-ins of a kind."""
    files = (ROOT / PACKAGE / kind.folder).glob("*.py")
    return sorted(path.stem for path in files if not path.stem.startswith("_"))


EVERY = [pytest.param(kind, name, id=f"{kind.folder}/{name}") for kind in KINDS for name in plug_ins(kind)]


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_plug_in_has_its_constant_and_its_docstring(kind: Kind, name: str) -> None:
    module = importlib.import_module(f"{PACKAGE}.{kind.folder.replace('/', '.')}.{name}")
    assert hasattr(module, kind.constant)
    assert (module.__doc__ or "").strip()


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_plug_in_is_proved(kind: Kind, name: str) -> None:
    proof = kind.proof.format(name=name)
    assert any(_speaks_of(path, name) for path in TESTS.glob(proof)), f"no proof in fo_platform_tests/{proof}"


def _speaks_of(path: Path, name: str) -> bool:
    return name in path.as_posix() or (path.suffix == ".py" and name in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.folder)
def test_every_kind_of_plug_in_has_at_least_one(kind: Kind) -> None:
    assert plug_ins(kind)


@pytest.mark.parametrize("name", plug_ins(KINDS[1]))
def test_a_metric_is_named_after_its_table(name: str) -> None:
    module = importlib.import_module(f"{PACKAGE}.analytics.metrics.{name}")
    assert module.METRIC.contract.table_name == name
