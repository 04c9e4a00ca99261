"""Every format folder holds made-up deliveries beside what must be read of them."""

import json
from pathlib import Path

import pytest

from fo_platform.custodians.parse import formats, parse
from fo_platform.custodians.records import Parsed, Record

HERE = Path(__file__).parent
PAIRS = sorted(HERE.glob("*/*.expected.json"))


def delivery_of(expected: Path) -> Path:
    """The delivery that an expectation stands beside."""
    name = expected.name.removesuffix(".expected.json")
    return next(path for path in expected.parent.glob(f"{name}.*") if path != expected)


def shown(record: Record) -> dict[str, object]:
    day = record.statement_date
    return {**record._asdict(), "statement_date": day and day.isoformat()}


def read(parsed: Parsed) -> dict[str, object]:
    """All that was read: the document, and each record with where it stands."""
    return {**parsed.document(), "records": [shown(record) for record in parsed.records]}


@pytest.mark.parametrize("expected", PAIRS, ids=lambda path: f"{path.parent.name}/{path.name.split('.')[0]}")
def test_a_delivery_is_read_as_expected(expected: Path) -> None:
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    found = read(parse(delivery_of(expected).read_bytes(), expected.parent.name))
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("name", formats())
def test_every_format_has_a_clean_and_a_quarantined_delivery(name: str) -> None:
    verdicts = {json.loads(path.read_text(encoding="utf-8"))["verdict"] for path in (HERE / name).glob("*.json")}
    assert {"clean", "quarantined"} <= verdicts


@pytest.mark.parametrize("name", formats())
def test_every_delivery_has_its_expectation(name: str) -> None:
    files = {path for path in (HERE / name).iterdir() if not path.name.endswith(".expected.json")}
    assert files == {delivery_of(path) for path in (HERE / name).glob("*.expected.json")}
