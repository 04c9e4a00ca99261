"""How fast what is owned becomes money: one volume for all holders, terms, pledges, every cent in one bucket."""

from types import SimpleNamespace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.liquidity_profile import liquidity_profile
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import LiquidityProfile
from fo_platform.contracts.book import Liabilities
from fo_platform.contracts.policy import LiquidityTerms
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


NOTICE = {"period_days": 91, "gate_share": 1.0, "settlement_days": 0, "pledged_share": 0.0}


def terms(*rows: dict[str, object]) -> pd.DataFrame:
    """Terms of what the rows name, redeemed whole at once unless they say otherwise."""
    anything = dict.fromkeys(["asset_class", "instrument_id", "account_id"], "*")
    return LiquidityTerms.frame([anything | NOTICE | row for row in rows])


def debts(**maturities: str | None) -> pd.DataFrame:
    """Debts of the trust's first account by number and maturity."""
    rows = [{"account_id": "trust_0", "liability_id": name, "maturity_date": day} for name, day in maturities.items()]
    return inexact(Liabilities.frame(rows))


def profile_of(
    frames: SimpleNamespace,
    held: pd.DataFrame,
    instruments: pd.DataFrame,
    day: pd.Timestamp = DAY,
    liquidity_terms: pd.DataFrame | None = None,
    liabilities: pd.DataFrame | None = None,
    **volumes: float,
) -> pd.DataFrame:
    rows = [
        {"instrument_id": n, "adv_quantity": v, "spread_bps": 5, "liquidity_source": "test"} for n, v in volumes.items()
    ]
    profile = liquidity_profile(
        holdings=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        instruments=instruments,
        market_liquidity=inexact(MarketLiquidity.frame(pd.DataFrame(rows).assign(**PLACE))),
        settlement_cycles=CYCLES,
        liquidity_terms=terms() if liquidity_terms is None else liquidity_terms,
        liabilities=debts() if liabilities is None else liabilities,
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


def test_money_that_covers_a_short_is_not_free(frames: SimpleNamespace) -> None:
    # A tenth of 100 a day buys 10 of 100 shares back a session: 100 leave at once, all of 1000 within two weeks.
    held = frames.positions(("trust", "A", "us_equity", -1000, -100), ("trust", "CASH.USD", "cash", 5000))
    assert buckets(profile_of(frames, held, frames.instruments("A"), A=100), "trust", "value_trading_base") == [
        4000, 0, 0, 0, 0,
    ]  # fmt: skip


def private(frames: SimpleNamespace, *rows: tuple[object, ...], kind: str = "private_fund") -> pd.DataFrame:
    """Lines of a kind that no market trades."""
    return frames.positions(*rows, holding_kind=kind)


def test_a_fund_pays_gate_by_gate_after_notice_and_a_sale_is_dealt_before_it_is_paid(frames: SimpleNamespace) -> None:
    # Three days of notice from Tuesday the 14th end on Friday; a tenth is dealt then and every ten days after, and paid
    # ten days later. A week's five sessions end on the 21st for want of one on the 20th, a month's 21 on 14 July.
    held = private(frames, ("trust", "FUND.F", "private_equity", 1000))
    gated = {"instrument_id": "FUND.F", "notice_days": 3, "period_days": 10, "gate_share": 0.1, "settlement_days": 10}
    profile = profile_of(frames, held, frames.instruments(), liquidity_terms=terms(gated))
    assert buckets(profile, "trust", "value_trading_base") == [0, 100, 200, 700, 0]
    assert buckets(profile, "trust", "value_cash_base") == [0, 0, 200, 800, 0]


def test_a_line_s_own_terms_win_over_its_class_s_and_a_lock_up_over_both(frames: SimpleNamespace) -> None:
    rows = [("trust", f"FUND.{name}", "private_equity", 100) for name in ("OWN", "CLASS", "LOCKED")]
    shared = {"asset_class": "private_equity", "notice_days": 7}
    own = {"instrument_id": "FUND.OWN", "notice_days": 0}
    locked = {"instrument_id": "FUND.LOCKED", "lock_up_until": "2022-12-31"}
    profile = profile_of(
        frames, private(frames, *rows), frames.instruments(), liquidity_terms=terms(shared, own, locked)
    )
    assert buckets(profile, "trust", "value_cash_base") == [100, 100, 0, 100, 0]


def test_a_share_that_is_locked_up_waits_for_its_volume(frames: SimpleNamespace) -> None:
    # Locked to the end of Thursday the 16th: Friday, the fourth session, is the first that sells.
    held = frames.positions(("trust", "A", "us_equity", 1000, 100))
    locked = terms({"instrument_id": "A", "lock_up_until": "2022-06-16"})
    profile = profile_of(frames, held, frames.instruments("A"), liquidity_terms=locked, A=100)
    assert buckets(profile, "trust", "value_trading_base") == [0, 200, 800, 0, 0]


def test_the_money_of_a_pledged_part_is_never_ours_though_it_may_be_sold(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 1000, 10), ("llc", "A", "us_equity", 1000, 10))
    pledge = terms({"instrument_id": "A", "account_id": "trust_0", "pledged_share": 0.25})
    profile = profile_of(frames, held, frames.instruments("A"), liquidity_terms=pledge, A=9000)
    assert buckets(profile, "trust", "value_trading_base") == [1000, 0, 0, 0, 0]
    assert buckets(profile, "trust", "value_cash_base") == [0, 750, 0, 0, 250]
    assert buckets(profile, "llc", "value_cash_base") == [0, 1000, 0, 0, 0]


def test_a_debt_leaves_with_its_maturity_and_one_without_any_at_once(frames: SimpleNamespace) -> None:
    cash = frames.positions(("trust", "CASH.USD", "cash", 1000))
    owed = private(frames, *[("trust", f"DEBT.{n}", "liabilities", -100, -1) for n in "ABC"], kind="liability")
    house = private(frames, ("trust", "ASSET.H", "real_assets", 5000), kind="appraised_asset")
    maturities = debts(A="2030-01-01", B="2022-06-16", C=None)
    profile = profile_of(
        frames, pd.concat([cash, owed, house], ignore_index=True), frames.instruments(), liabilities=maturities
    )
    # The one due on Thursday leaves the week's bucket below zero: today's money is kept for it.
    assert buckets(profile, "trust", "value_cash_base") == [800, 0, 0, 4900, 0]


def test_more_debt_than_assets_leaves_no_weights_and_says_why(frames: SimpleNamespace) -> None:
    cash = frames.positions(("trust", "CASH.USD", "cash", 10), ("llc", "CASH.USD", "cash", 500))
    owed = private(frames, ("trust", "DEBT.A", "liabilities", -100, -1), kind="liability")
    profile = profile_of(frames, pd.concat([cash, owed], ignore_index=True), frames.instruments())
    assert profile.loc["trust", ["weight_cash", "weight_trading"]].isna().all(axis=None)
    assert profile.loc["trust", "reason"].str.contains("not above zero").all()
    assert profile.loc["llc", "reason"].isna().all()


def test_what_has_no_terms_is_beyond_and_no_one_says_never(frames: SimpleNamespace) -> None:
    held = private(frames, ("trust", "FUND.F", "private_equity", 1000))
    assert buckets(profile_of(frames, held, frames.instruments()), "trust", "value_cash_base") == [0, 0, 0, 1000, 0]


@settings(max_examples=10)
@given(
    notice=st.integers(0, 60),
    gate=st.sampled_from([0.1, 0.25, 1.0]),
    pledged=st.sampled_from([0.0, 0.3, 1.0]),
    owed=st.integers(0, 5000),
    maturity=st.integers(0, 60),
)
def test_with_terms_pledges_and_debts_buckets_sum_to_nav_and_never_shrink(
    frames: SimpleNamespace, notice: int, gate: float, pledged: float, owed: int, maturity: int
) -> None:
    rows = [("trust", "CASH.USD", "cash", 1000.01), ("trust", "A", "us_equity", 3000.33, 100)]
    fund = private(frames, ("trust", "FUND.F", "private_equity", 2000.77))
    debt = private(frames, ("trust", "DEBT.D", "liabilities", -owed, -1), kind="liability")
    held = pd.concat([frames.positions(*rows), fund, debt], ignore_index=True)
    gated = {"instrument_id": "FUND.F", "notice_days": notice, "period_days": 7, "gate_share": gate}
    pledge = {"instrument_id": "A", "account_id": "trust_0", "pledged_share": pledged}
    due = debts(D=str((DAY + pd.Timedelta(days=maturity)).date()))
    profile = profile_of(
        frames, held, frames.instruments("A"), liquidity_terms=terms(gated, pledge), liabilities=due, A=100
    )
    for column in ("value_trading_base", "value_cash_base"):
        amounts = buckets(profile, "trust", column)
        assert round(sum(amounts), 2) == round(6001.11 - owed, 2)
        assert min(amounts[1:]) >= 0


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
