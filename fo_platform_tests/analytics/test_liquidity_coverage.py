"""Cash that can be raised against what is called and owed; one owner's cash never pays another's calls."""

from types import SimpleNamespace

import pandas as pd
import pytest

from fo_platform.analytics.metrics.liquidity_coverage import liquidity_coverage
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import LiquidityCoverage
from fo_platform.contracts.book import CapitalNotices, Liabilities, PrivateCapital
from fo_platform.contracts.policy import Accounts, LiquidityTerms
from fo_platform.contracts.reference import MarketLiquidity, SettlementCycles

DAY = pd.Timestamp("2022-06-14")
PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}
FUND = {"account_id": "trust_pe", "fund_id": "F", "entity_id": "trust", "currency": "EUR", "fx_rate": 2}
CALL = {"account_id": "trust_pe", "fund_id": "F", "notice_type": "call", "currency": "EUR"}


def coverage_of(
    frames: SimpleNamespace,
    held: pd.DataFrame,
    *,
    notices: list[dict[str, object]] | None = None,
    debts: list[dict[str, object]] | None = None,
    fund: dict[str, object] | None = None,
) -> pd.DataFrame:
    """Coverage with one share, A, of which a session sells ten."""
    volume = [{"instrument_id": "A", "adv_quantity": 100, "spread_bps": 5, "liquidity_source": "t", **PLACE}]
    numbered = [{"notice_id": str(number)} | CALL | row for number, row in enumerate(notices or [])]
    coverage = liquidity_coverage(
        holdings=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        instruments=frames.instruments("A"),
        market_liquidity=inexact(MarketLiquidity.frame(volume)),
        settlement_cycles=SettlementCycles.frame([{"market": "US", "valid_from": "2017-09-05", "cycle_days": 2}]),
        liquidity_terms=LiquidityTerms.frame(),
        liabilities=inexact(Liabilities.frame(debts or [])),
        private_capital=inexact(PrivateCapital.frame([FUND | {"unfunded_base": 900} | (fund or {})])),
        capital_notices=inexact(CapitalNotices.frame(numbered)),
        accounts=inexact(Accounts.frame([{"account_id": "trust_pe", "entity_id": "trust", "is_tradeable": False}])),
        limits=inexact(frames.limits(("office", "participation_max", "0.1"))),
        day=DAY,
    )
    return inexact(LiquidityCoverage.validate(coverage)).set_index(["scope", "horizon"])


def test_cash_of_each_horizon_stands_against_the_calls_and_debts_due_in_it(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "CASH.USD", "cash", 100), ("trust", "A", "us_equity", 1000, 100))
    owed = frames.positions(("trust", "DEBT.D", "liabilities", -300, -1), holding_kind="liability")
    debt = {"account_id": "x", "liability_id": "D", "entity_id": "trust", "maturity_date": "2022-07-01"}
    coverage = coverage_of(
        frames,
        pd.concat([held, owed], ignore_index=True),
        notices=[{"amount_local": 100, "due_date": "2022-06-17"}, {"amount_local": 7, "due_date": "2022-06-14"}],
        debts=[debt | {"liability_base": 300}],
    ).loc["trust"]
    # Sold in the week's first three sessions is cash in it: 300 beside the 100; the call of 100 euros costs 200.
    assert coverage.loc["1w", ["cash_within_base", "calls_due_base", "debts_due_base"]].tolist() == [400, 200, 0]
    assert coverage.loc["1w", ["cover_due", "shortfall_due_base"]].tolist() == [2, 0]
    assert coverage.loc["1w", ["cover_unfunded", "shortfall_unfunded_base"]].tolist() == [400 / 900, 500]
    assert coverage.loc["1m", ["cash_within_base", "debts_due_base", "shortfall_due_base"]].tolist() == [1100, 300, 0]
    assert coverage.loc["1d", "cash_within_base"] == 100
    assert pd.isna(coverage.loc["1d", "cover_due"])


def test_one_owner_s_cash_does_not_pay_another_s_call(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "CASH.USD", "cash", 100), ("llc", "CASH.USD", "cash", 10_000))
    coverage = coverage_of(frames, held, notices=[{"amount_local": 300, "due_date": "2022-06-15"}])
    assert coverage.loc[("trust", "1w"), "shortfall_due_base"] == 500
    assert coverage.loc[("llc", "1w"), "shortfall_due_base"] == 0
    assert coverage.loc[("office", "1w"), ["cash_within_base", "shortfall_due_base"]].tolist() == [10_100, 500]


@pytest.mark.parametrize("due", [None, "2022-06-15"])
def test_a_call_without_a_date_is_due_at_once(frames: SimpleNamespace, due: str | None) -> None:
    held = frames.positions(("trust", "CASH.USD", "cash", 100))
    coverage = coverage_of(frames, held, notices=[{"amount_local": 50, "due_date": due}]).loc["trust"]
    assert coverage["calls_due_base"].to_dict() == {"1d": 0 if due else 100, "1w": 100, "1m": 100, "beyond": 100}


def test_what_no_rate_is_known_of_is_named_and_not_a_zero(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "CASH.USD", "cash", 100))
    unknown = coverage_of(frames, held, fund={"fx_rate": None, "unfunded_base": None})
    assert unknown.loc["trust", "reason"].eq("Left out for want of an exchange rate: F.").all()
    assert coverage_of(frames, held)["reason"].isna().all()


def test_an_owner_without_holdings_is_short_of_all_that_it_has_to_pay(frames: SimpleNamespace) -> None:
    held = frames.positions(("llc", "CASH.USD", "cash", 100), ("trust", "CASH.USD", "cash", 0))
    coverage = coverage_of(frames, held, notices=[{"amount_local": 50, "due_date": "2022-06-15"}])
    assert coverage.loc[("trust", "1w"), ["cash_within_base", "shortfall_due_base"]].tolist() == [0, 100]
    assert coverage.loc[("trust", "1w"), "cover_due"] == 0
    assert coverage.loc[("office", "1m"), "shortfall_unfunded_base"] == 900


def test_an_office_without_anything_has_no_cash(frames: SimpleNamespace) -> None:
    assert coverage_of(frames, frames.positions())["cash_within_base"].eq(0).all()
