"""Real settlement and corporate action messages reach what their manifest says; skipped where they are absent."""

import csv
import json
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from fo_platform.custodians.parse import parse

SAMPLES = Path(__file__).parents[3] / "shared/samples"


def manifest() -> list[dict[str, str]]:
    path = SAMPLES / "MANIFEST.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = [r for r in manifest() if r["file"].startswith("swift_mt5xx/") and "MT535" not in r["file"]]
FORMATS = {"537": "mt537", "540": "mt54x", "541": "mt54x", "543": "mt54x", "547": "mt54x", "564": "mt564"}

pytestmark = pytest.mark.skipif(not ROWS, reason="the samples are not beside the project")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_sample_reaches_its_verdict_and_totals(row: dict[str, str]) -> None:
    data = (SAMPLES / row["file"]).read_bytes()
    wanted = json.loads(row["totals (from raw bytes)"])
    found = parse(data)
    totals = found.totals()
    assert found.format == FORMATS[wanted["type"]]
    assert found.verdict == row["verdict"], found.reason
    assert {name: totals[name] for name in wanted} == wanted


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_every_record_of_a_sample_points_at_its_own_bytes(row: dict[str, str]) -> None:
    data = (SAMPLES / row["file"]).read_bytes()
    records = parse(data).records
    assert records
    for record in records:
        source = data[record.offset : record.offset + record.length]
        assert source.startswith((b"{1:", b":16R:"))
        assert b"-}" in source[-100:] or source.endswith(b":16S:PENDET")


def test_the_price_of_a_confirmation_is_on_the_amortised_value() -> None:
    (row,) = [row for row in ROWS if "MT547" in row["file"]]
    found = parse((SAMPLES / row["file"]).read_bytes())
    (booked,) = [record.fields for record in found.records if record.kind == "transaction"]
    value = Decimal(booked["price"]) * Decimal(booked["quantity_amortised"]) / 100
    assert value.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(booked["amount_deal"]) == Decimal("8217083.72")
    assert (booked["kind"], booked["quantity"], booked["amount"]) == ("sell", "-8167548", "8226417.05")
    (control,) = found.statements[0].controls
    assert (control.ok, control.expected) == (True, "8226417.05")
