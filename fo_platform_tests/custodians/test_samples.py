"""Real files that nobody here wrote reach the verdicts and totals of their manifest; skipped where they are absent."""

import csv
import json
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

SAMPLES = Path(__file__).parents[3] / "shared/samples"
OURS = ("ibflex/", "mt940/", "swift_mt5xx/MT535")


def manifest() -> list[dict[str, str]]:
    path = SAMPLES / "MANIFEST.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = [row for row in manifest() if row["file"].startswith(OURS)]

pytestmark = pytest.mark.skipif(not ROWS, reason="the samples are not beside the project")


def of_file(row: dict[str, str]) -> str:
    return row["file"]


@cache
def content(file: str) -> bytes:
    return (SAMPLES / file).read_bytes()


@cache
def parsed(file: str) -> Parsed:
    return parse(content(file))


def stated(row: dict[str, str]) -> dict[str, object]:
    return dict(json.loads(row["totals (from raw bytes)"]))


def exact(value: object) -> object:
    """Totals with decimals in place of their texts, so that `-6.00` is `-6`."""
    if isinstance(value, dict):
        return {name: exact(inner) for name, inner in value.items()}
    return Decimal(value) if isinstance(value, str) else value


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_a_sample_reaches_its_verdict(row: dict[str, str]) -> None:
    found = parsed(row["file"])
    assert found.verdict == row["verdict"], found.reason
    assert bool(found.reason) == (found.verdict != "clean")


@pytest.mark.parametrize("row", [row for row in ROWS if "535" not in row["file"]], ids=of_file)
def test_a_sample_reaches_its_totals(row: dict[str, str]) -> None:
    totals = parsed(row["file"]).totals()
    wanted = stated(row)
    assert exact({name: totals[name] for name in wanted}) == exact(wanted)


@pytest.mark.parametrize("row", [row for row in ROWS if "535" in row["file"]], ids=of_file)
def test_a_statement_of_holdings_is_read_position_by_position(row: dict[str, str]) -> None:
    (statement,) = parsed(row["file"]).statements
    wanted = stated(row)
    found = [record.fields for record in statement.records]
    assert statement.page == wanted["page"]
    assert str(statement.statement_date).replace("-", "") == wanted["statement_date"]
    assert [(Decimal(f["quantity"]), f["quantity_type"], f.get("factor"), f.get("market_value")) for f in found] == [
        (Decimal(p["qty"]), p["qtype"], canonical(p["factor"]), canonical(p["hold"])) for p in wanted["positions"]
    ]
    assert [f.get("cusip") for f in found] == [p["id"].removeprefix("/US/") for p in wanted["positions"]]


def canonical(text: str | None) -> str | None:
    return text and str(Decimal(text.replace(",", ".")).normalize())


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_every_record_of_a_sample_points_at_its_own_bytes(row: dict[str, str]) -> None:
    data = content(row["file"])
    lines = data.splitlines(keepends=True)
    starts = [0, *accumulate(len(line) for line in lines)]
    for record in parsed(row["file"]).records:
        source = data[record.offset : record.offset + record.length]
        assert source.startswith((b"<", b":16R:FIN", b":61:", b":62"))
        assert source.endswith((b">", b":16S:FIN")) or source.startswith(b":6")
        assert starts[record.line - 1] <= record.offset < starts[record.line]


def test_the_golden_identity_of_a_real_account_holds() -> None:
    (statement,) = parsed("ibflex/pp_17.xml").statements
    assert [(c.name, c.expected, c.actual) for c in statement.controls] == [
        ("ChangeInNAV", "7678.155297533", "7678.155297533"),
        ("NAV", "7678.155297533", "7678.155297533"),
        ("securities in NAV", "7602.94", "7602.94"),
    ]


def test_a_changed_value_breaks_the_golden_identity() -> None:
    data = content("ibflex/pp_17.xml").replace(b'positionValue="2259.99"', b'positionValue="2269.99"')
    found = parse(data)
    assert found.verdict == "quarantined"
    assert "securities in NAV" in found.reason


def test_a_quantity_that_is_off_by_one_is_for_reconciliation_and_not_a_control() -> None:
    data = content("ibflex/pp_17.xml").replace(b'position="9" markPrice', b'position="10" markPrice')
    assert data != content("ibflex/pp_17.xml")
    assert parse(data).verdict == "clean"


@pytest.mark.parametrize("row", manifest(), ids=of_file)
def test_every_sample_of_every_family_reaches_its_verdict(row: dict[str, str]) -> None:
    found = parse(content(row["file"]))
    assert (found.format == "unknown", found.verdict) == (False, row["verdict"]), found.reason
