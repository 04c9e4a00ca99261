"""How long each line takes to be money, and why nobody knows of the others."""

from types import SimpleNamespace

import pandas as pd

from fo_platform.analytics.metrics.liquidity_lines import liquidity_lines
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import LiquidityLines
from fo_platform.contracts.book import Liabilities
from fo_platform.contracts.policy import LiquidityTerms
from fo_platform.contracts.reference import MarketLiquidity, SettlementCycles

DAY = pd.Timestamp("2022-06-14")
PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}
ANYTHING = dict.fromkeys(["asset_class", "instrument_id", "account_id"], "*")


def lines_of(frames: SimpleNamespace, held: pd.DataFrame, instruments: pd.DataFrame, **volumes: float) -> pd.DataFrame:
    liquidity = [{"instrument_id": n, "adv_quantity": v, "spread_bps": 5} for n, v in volumes.items()]
    gated = {"instrument_id": "FUND.F", "notice_days": 30, "period_days": 90, "gate_share": 0.25, "settlement_days": 10}
    lines = liquidity_lines(
        holdings=inexact(held),
        instruments=instruments,
        market_liquidity=inexact(MarketLiquidity.frame(pd.DataFrame(liquidity).assign(liquidity_source="t", **PLACE))),
        settlement_cycles=SettlementCycles.frame([{"market": "US", "valid_from": "2017-09-05", "cycle_days": 2}]),
        liquidity_terms=LiquidityTerms.frame([ANYTHING | gated | {"pledged_share": 0.0}]),
        liabilities=inexact(
            Liabilities.frame([{"account_id": "trust_0", "liability_id": "D", "maturity_date": "2022-06-24"}])
        ),
        limits=inexact(frames.limits(("office", "participation_max", "0.1"))),
        day=DAY,
    )
    return LiquidityLines.validate(lines).set_index("instrument_id")


def test_a_line_takes_its_sessions_its_notice_and_gates_or_its_maturity(frames: SimpleNamespace) -> None:
    market = frames.positions(("trust", "A", "us_equity", 1000, 95), ("trust", "CASH.USD", "cash", 500))
    fund = frames.positions(("trust", "FUND.F", "private_equity", 100), holding_kind="private_fund")
    debt = frames.positions(("trust", "DEBT.D", "liabilities", -100, -1), holding_kind="liability")
    lines = lines_of(frames, pd.concat([market, fund, debt], ignore_index=True), frames.instruments("A"), A=100)
    # A tenth of 100 a day sells 95 in ten sessions; four quarters of the fund end 30 + 3 x 90 + 10 days from now.
    assert lines.loc["A", ["sessions_to_sell", "sessions_to_cash"]].tolist() == [10, 12]
    assert lines["days_to_cash"].to_dict().items() >= {"FUND.F": 310.0, "DEBT.D": 10.0}.items()
    assert lines["liquidity_basis"].to_dict() == {
        "A": "volume", "CASH.USD": "money", "FUND.F": "notice", "DEBT.D": "maturity",
    }  # fmt: skip
    assert lines["reason"].isna().all()


def test_what_nobody_knows_is_unknown_with_its_reason(frames: SimpleNamespace) -> None:
    instruments = frames.instruments("TOKYO", "LOCKED", market=["JP", "US"], is_restricted=[False, True])
    rows = [("trust", name, "us_equity", 100, 1) for name in ("TOKYO", "LOCKED", "STRAY")]
    fund = frames.positions(("trust", "FUND.X", "private_equity", 100), holding_kind="private_fund")
    held = pd.concat([frames.positions(*rows), fund], ignore_index=True)
    lines = lines_of(frames, held, instruments, TOKYO=1000, LOCKED=1000)
    assert lines.loc["TOKYO", "sessions_to_sell"] == 1
    assert lines[["sessions_to_cash", "days_to_cash"]].isna().all(axis=None)
    assert lines["reason"].str.slice(0, 9).to_dict() == {
        "TOKYO": "No settle", "LOCKED": "It may no", "STRAY": "It may no", "FUND.X": "No market",
    }  # fmt: skip


def test_a_line_without_a_price_is_timed_all_the_same(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", None, 95))
    lines = lines_of(frames, held, frames.instruments("A"), A=100)
    assert lines.loc["A", "sessions_to_sell"] == 10
    assert lines["market_value_base"].isna().all()


def test_an_office_without_holdings_has_no_lines(frames: SimpleNamespace) -> None:
    assert lines_of(frames, frames.positions(), frames.instruments()).empty
