"""Independent libraries read the same figures from deliveries that they can read."""

import logging
import warnings
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fo_platform.custodians.parse import parse

HERE = Path(__file__).parent
SAMPLES = Path(__file__).parents[3] / "shared/samples"
FLEX = [*sorted(SAMPLES.glob("ibflex/*.xml"))]
STATEMENTS = sorted(SAMPLES.glob("mt940/*"))
REVERSALS = b"""
:20:ST220613
:25:CH9300762011623852957
:28C:114/1
:60F:C220610CHF1000,00
:61:2206130613D200,50NTRFNONREF//B1
:86:Rent
:61:2206130613RC10,00NTRFREF2//B2
:61:2206130613CR20,00NTRFREF3//B3
:61:2206130613RD40,00NSECNONREF//B4
:62F:C220613CHF849,50
-
"""


def flex_totals(path: Path) -> dict[str, object]:
    """What ibflex, read by its own types, says the file holds."""
    parser: Any = pytest.importorskip("ibflex.parser")
    logging.getLogger("ibflex").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statements = parser.parse(str(path)).FlexStatements
    rows = [row for s in statements for row in s.OpenPositions if row.levelOfDetail != "LOT"]
    trades = [row for s in statements for row in s.Trades if type(row).__name__ == "Trade"]
    moves = [row for s in statements for row in s.CashTransactions]
    paid: Counter[str] = Counter()
    for row in moves:
        paid[row.currency] += row.amount
    cash = {row.currency: row.endingCash for s in statements for row in s.CashReport if row.currency != "BASE_SUMMARY"}
    return {
        "positions": len(rows),
        "quantity": sum((row.position for row in rows), Decimal(0)),
        "trades": len(trades),
        "cash_transactions": len(moves),
        "cash_transactions_sum": dict(paid),
        "cash": cash,
    }


def ours(path: Path) -> dict[str, Any]:
    return parse(path.read_bytes()).totals()


def decimals(amounts: dict[str, str]) -> dict[str, Decimal]:
    return {currency: Decimal(text) for currency, text in amounts.items()}


@pytest.mark.skipif(not FLEX, reason="the samples are not beside the project")
@pytest.mark.parametrize("path", FLEX, ids=lambda path: path.stem)
def test_ibflex_counts_and_sums_the_same(path: Path) -> None:
    theirs, found = flex_totals(path), ours(path)
    assert {name: found[name] for name in ("positions", "trades", "cash_transactions")} == {
        name: theirs[name] for name in ("positions", "trades", "cash_transactions")
    }
    assert Decimal(found["quantity"]) == theirs["quantity"]
    assert decimals(found["cash"]) == theirs["cash"]
    assert decimals(found["cash_transactions_sum"]) == theirs["cash_transactions_sum"]


def their_amounts(data: bytes, *, is_asnb: bool = False) -> list[Decimal]:
    """Amounts as mt-940 reads them with the sign of reversals; one bank needs a dialect of its own."""
    mt940: Any = pytest.importorskip("mt940")
    tags: Any = pytest.importorskip("mt940.tags")
    dialect = {61: tags.StatementASNB()} if is_asnb else None
    read = mt940.models.Transactions(tags=dialect, options=mt940.Options(reversal_sign=True))
    read.parse(data.decode("latin-1").replace("\r", "").replace("-XXX", "-"))
    return [row.data["amount"].amount for row in read if "amount" in row.data]


def our_amounts(data: bytes) -> list[Decimal]:
    return [Decimal(record.fields["amount"]) for record in parse(data).records if record.kind == "transaction"]


@pytest.mark.skipif(not STATEMENTS, reason="the samples are not beside the project")
@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.stem)
def test_mt_940_reads_the_same_amounts_from_the_dialects_of_banks(path: Path) -> None:
    data = path.read_bytes()
    assert our_amounts(data) == their_amounts(data, is_asnb="asnb" in path.name)


def test_mt_940_reads_the_same_amounts_from_reversals() -> None:
    assert parse(REVERSALS).verdict == "clean"
    assert our_amounts(REVERSALS) == their_amounts(REVERSALS)
