"""How fast holdings become money: one volume for all holders, settlement after sale, every cent in one bucket."""

from types import SimpleNamespace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.liquidity_profile import liquidity_profile
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import LiquidityProfile
from fo_platform.contracts.reference import MarketLiquidity, SettlementCycles

DAY = pd.Timestamp("2022-06-14")
PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}
HORIZONS = ["1d", "1w", "1m", "beyond", "never"]
CYCLES = SettlementCycles.frame(
    [
        {"market": "US", "valid_from": "2017-09-05", "cycle_days": 2},
        {"market": "US", "valid_from": "2024-05-28", "cycle_days": 1},
    ]
)


def profile_of(
    frames: SimpleNamespace, held: pd.DataFrame, instruments: pd.DataFrame, day: pd.Timestamp = DAY, **volumes: float
) -> pd.DataFrame:
    rows = [
        {"instrument_id": n, "adv_quantity": v, "spread_bps": 5, "liquidity_source": "test"} for n, v in volumes.items()
    ]
    profile = liquidity_profile(
        reconciled_positions=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        instruments=instruments,
        market_liquidity=inexact(MarketLiquidity.frame(pd.DataFrame(rows).assign(**PLACE))),
        settlement_cycles=CYCLES,
        limits=inexact(frames.limits(("office", "participation_max", "0.1"))),
        day=day,
    )
    return inexact(LiquidityProfile.validate(profile)).set_index(["scope", "horizon"])


def buckets(profile: pd.DataFrame, scope: str, column: str) -> list[float]:
    return profile.loc[scope].reindex(HORIZONS)[column].tolist()


def test_a_sale_takes_its_sessions_and_its_cash_two_more(frames: SimpleNamespace) -> None:
    # A tenth of 100 a day sells 10 of 100 shares a session: 10 at once, 50 in a week, all of it in 10 sessions.
    held = frames.positions(("trust", "A", "us_equity", 1000, 100), ("trust", "CASH.USD", "cash", 500))
    profile = profile_of(frames, held, frames.instruments("A"), A=100)
    assert buckets(profile, "trust", "value_trading_base") == [600, 400, 500, 0, 0]
    assert buckets(profile, "trust", "value_cash_base") == [500, 300, 700, 0, 0]
    assert profile.loc[("trust", "1d"), "weight_trading"] == 0.4


def test_all_holders_of_a_line_share_its_volume_pro_rata(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "us_equity", 300, 30), ("trust", "A", "us_equity", 300, 30), ("llc", "A", "us_equity", 400, 40)
    )
    profile = profile_of(frames, held, frames.instruments("A"), A=100)
    assert buckets(profile, "llc", "value_trading_base") == [40, 160, 200, 0, 0]
    assert buckets(profile, "office", "value_trading_base") == [100, 400, 500, 0, 0]


def test_what_sells_slowly_is_beyond_and_what_is_forbidden_is_never(frames: SimpleNamespace) -> None:
    instruments = frames.instruments(
        "BIG", "NO_ADV", "PRIVATE", "LOCKED", "TOKYO",
        is_liquid=[True, True, False, True, True], is_restricted=[False, False, False, True, False],
        market=["US", "US", "US", "US", "JP"],
    )  # fmt: skip
    rows = [("trust", n, "us_equity", 100, 100) for n in ("BIG", "NO_ADV", "PRIVATE", "LOCKED", "STRAY", "TOKYO")]
    profile = profile_of(frames, frames.positions(*rows), instruments, BIG=10, PRIVATE=9e9, LOCKED=9e9, TOKYO=9e9)
    assert buckets(profile, "trust", "value_trading_base") == [101, 4, 16, 279, 200]
    assert buckets(profile, "trust", "value_cash_base") == [0, 3, 16, 381, 200]


def test_cash_comes_by_the_cycle_in_force_on_the_day(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 1000, 100))
    later = profile_of(frames, held, frames.instruments("A"), pd.Timestamp("2024-05-28"), A=100)
    assert buckets(later, "trust", "value_cash_base") == [0, 400, 600, 0, 0]


def test_a_short_is_covered_as_slowly_as_a_long_is_sold(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", -1000, -100), ("trust", "CASH.USD", "cash", 5000))
    assert buckets(profile_of(frames, held, frames.instruments("A"), A=100), "trust", "value_trading_base") == [
        4900, -400, -500, 0, 0,
    ]  # fmt: skip


@settings(max_examples=10)
@given(
    cents=st.lists(st.integers(1, 10**10), min_size=3, max_size=3), volume=st.integers(0, 2000), part=st.integers(1, 9)
)
def test_buckets_sum_to_nav_to_the_cent_cash_never_precedes_sale_and_splits_change_nothing(
    frames: SimpleNamespace, cents: list[int], volume: int, part: int
) -> None:
    a, b = (("trust", name, "us_equity") for name in "AB")
    cash = ("llc", "CASH.USD", "cash", cents[2] / 100)
    held = frames.positions((*a, cents[0] / 10, 10 * part), (*b, cents[1] / 100, 7), cash)
    split = frames.positions(cash, (*b, cents[1] / 100, 7), *[(*a, cents[0] / 100, part)] * 10)
    instruments = frames.instruments("A", "B")
    profile = profile_of(frames, held, instruments, A=volume, B=3)
    pd.testing.assert_frame_equal(profile, profile_of(frames, split, instruments, A=volume, B=3), atol=0.011)
    money = ["value_trading_base", "value_cash_base"]
    sums = (profile[money] * 100).round().groupby("scope").sum()
    nav = held["market_value_base"].astype("float64").sum()
    assert sums.loc["office"].tolist() == [round(nav * 100)] * 2
    reached = profile[money].unstack()[[(m, h) for m in money for h in HORIZONS]]
    sold, paid = (reached[name].cumsum(axis=1) for name in money)
    assert ((sold - paid) > -0.02).all(axis=None)
    assert (reached >= 0).all(axis=None)


def test_an_office_without_holdings_has_no_profile(frames: SimpleNamespace) -> None:
    assert profile_of(frames, frames.positions(), frames.instruments()).empty
