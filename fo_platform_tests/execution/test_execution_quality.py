"""What execution cost, by hand."""

from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.contracts.execution import ExecutionQuality
from fo_platform.contracts.reference import FxRates, Prices
from fo_platform.execution.execution_quality import execution_quality

DAY = pd.Timestamp("2022-06-14")
SENT = ("NEW", "SENDING", "ACKED")
LINE = {"file_sha256": "b" * 64, "line": 1, "byte_offset": 0}


@pytest.fixture
def judge(make_fills, instruments):
    """`judge(events, *fills)`: the quality table of the day, with a franc worth 1.05 dollars."""
    fx = FxRates.frame(
        [{"currency": "CHF", "rate_date": DAY, "base_currency": "USD", "fx_rate": "1.05", "fx_source": "x", **LINE}]
    )
    close = {"instrument_id": "AAPL", "price_date": pd.Timestamp("2022-06-13"), "price_local": "99", "currency": "USD"}
    prices = Prices.frame([{**close, "price_source": "x", **LINE}])

    def build(events: pd.DataFrame, *fills: dict[str, object]) -> pd.DataFrame:
        return execution_quality(events, make_fills(*fills), prices, instruments, fx, day=DAY, excess_max_bps=10.0)

    return build


def test_a_purchase_above_arrival_costs(judge, make_events):
    """60 at 100.10 against 100 is 10 bps and 6.00; 40 open at the last fill of 100.10 lost 4.00; fees 0.30."""
    row = judge(
        make_events("o1", *SENT), {"exec_id": "B", "quantity": "60", "price_local": "100.10", "fee_local": "0.30"}
    ).iloc[0]
    assert row["slippage_bps"] == pytest.approx(10.0)
    assert row["shortfall_base"] == Decimal("10.30")
    assert row["check_result"] == "pass"


def test_a_sale_above_arrival_gains(judge, make_events):
    row = judge(
        make_events("o1", *SENT, side="SELL"),
        {"exec_id": "B", "side": "SELL", "quantity": "100", "price_local": "100.50"},
    ).iloc[0]
    assert row["slippage_bps"] == pytest.approx(-50.0)
    assert row["shortfall_base"] == -50.0


def test_a_cost_beyond_expectation_and_tolerance_is_a_breach(judge, make_events):
    row = judge(make_events("o1", *SENT), {"exec_id": "B", "quantity": "100", "price_local": "100.16"}).iloc[0]
    assert row["check_result"] == "breach"


def test_fees_count_against_the_expectation(judge, make_events):
    row = judge(
        make_events("o1", *SENT), {"exec_id": "B", "quantity": "100", "price_local": "100.10", "fee_local": "6"}
    ).iloc[0]
    assert row["check_result"] == "breach"


def test_without_a_fill_there_is_no_evidence_and_the_last_close_measures_what_was_missed(judge, make_events):
    row = judge(make_events("o1", *SENT)).iloc[0]
    assert row["check_result"] == "no_evidence"
    assert pd.isna(row["slippage_bps"])
    assert row["shortfall_base"] == -100.0


def test_without_an_arrival_price_there_is_no_evidence(judge, make_events):
    row = judge(make_events("o1", *SENT, arrival_price_local=None), {"exec_id": "B"}).iloc[0]
    assert row["check_result"] == "no_evidence"
    assert pd.isna(row["shortfall_base"])


def test_the_price_read_at_release_is_the_arrival_price(judge, make_events):
    events = make_events("o1", *SENT, bodies={"SENDING": {"arrival_price_local": "101"}})
    assert judge(events, {"exec_id": "B", "price_local": "101", "quantity": "100"}).iloc[0]["slippage_bps"] == 0


def test_another_currency_and_a_price_in_per_cent_reach_base_money(judge, make_events):
    """100,000 nominal at 100.10 per cent against 100 is 100 francs, 105 dollars."""
    terms = {"instrument_id": "UST2029", "currency": "CHF", "quantity": "100000"}
    fill = {
        "exec_id": "B",
        "instrument_id": "UST2029",
        "currency": "CHF",
        "quantity": "100000",
        "price_local": "100.10",
    }
    frame = judge(make_events("o1", *SENT, **terms), fill)
    assert frame["shortfall_base"].iloc[0] == 105
    ExecutionQuality.validate(frame)
