"""Real OFX, CSV, BAI2 and JSON files reach the verdicts and totals of their manifest; skipped where they are absent."""

import csv
import io
import json
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fo_platform.custodians.parse import formats, parse

SAMPLES = Path(__file__).parents[3] / "shared/samples"
FAMILIES = {"ofx": "ofx", "broker_csv": "_csv", "bai2": "bai2", "rest_json": "_json"}


def manifest() -> list[dict[str, str]]:
    path = SAMPLES / "MANIFEST.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = [row for row in manifest() if row["file"].partition("/")[0] in FAMILIES]
pytestmark = pytest.mark.skipif(not ROWS, reason="the samples are not beside the project")


def of_file(row: dict[str, str]) -> str:
    return row["file"]


def exact(value: object) -> object:
    if isinstance(value, dict):
        return {name: exact(inner) for name, inner in value.items()}
    try:
        return Decimal(value) if isinstance(value, str) else value
    except ArithmeticError:
        return value


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_a_sample_reaches_its_verdict_and_totals(row: dict[str, str]) -> None:
    found = parse((SAMPLES / row["file"]).read_bytes())
    assert found.verdict == row["verdict"], found.reason
    assert found.format.endswith(FAMILIES[row["file"].partition("/")[0]])
    wanted, totals = json.loads(row["totals (from raw bytes)"]), found.totals()
    assert exact({name: totals[name] for name in wanted}) == exact(wanted)


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_exactly_one_format_claims_a_sample(row: dict[str, str]) -> None:
    head = (SAMPLES / row["file"]).read_bytes()[:65536]
    assert sum(candidate.sniff(head) for candidate in formats().values()) == 1


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_records_point_at_lines_of_their_own_that_do_not_overlap(row: dict[str, str]) -> None:
    data = (SAMPLES / row["file"]).read_bytes()
    spans = sorted((record.offset, record.offset + record.length) for record in parse(data).records)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))
    assert all(data[start:end] == data[start:end].strip(b"\r\n") for start, end in spans)


@pytest.mark.parametrize("row", [row for row in ROWS if row["file"].startswith("ofx/")], ids=of_file)
def test_ofxparse_reads_the_same_holdings_and_movements(row: dict[str, str]) -> None:
    ofxparse: Any = pytest.importorskip("ofxparse")
    data = (SAMPLES / row["file"]).read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = ofxparse.OfxParser.parse(io.BytesIO(data)).account.statement
    ours = [record.fields for record in parse(data).records]
    held = [f for f in ours if "market_value" in f]
    assert [(Decimal(f["quantity"]), Decimal(f["price"]), Decimal(f["market_value"])) for f in held] == [
        (p.units, p.unit_price, p.market_value) for p in theirs.positions
    ]
    assert [f["reference"] for f in ours if "reference" in f] == [move.id for move in theirs.transactions]
