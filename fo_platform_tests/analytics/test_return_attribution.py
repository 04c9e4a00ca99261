"""Return attribution: a session by hand, what is unknown, second levels, and how sessions link."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.checks import attribution_leaves_little, benchmarks_are_known
from fo_platform.contracts import analytics, book, reference
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import Performance, ReturnAttribution
from fo_platform_tests.analytics.sessions import (
    AGAINST,
    CLOSE,
    PLACE,
    POLICY,
    RETURNS,
    SESSION,
    against,
    attribution,
    cash,
    effects,
    factors,
    holdings,
    performance,
    targets,
)


def test_a_session_by_hand() -> None:
    found = effects(attribution(SESSION)).loc["total"]
    classes = effects(attribution(SESSION), "asset_class")
    local = 0.6 * 0.05 + 0.4 * 0.01
    assert classes.loc["equity", "allocation"] == pytest.approx(0.1 * (0.05 - local))
    assert classes.loc["bond", "allocation"] == pytest.approx(-0.1 * (0.01 - local))
    assert classes.loc["equity", "selection"] == pytest.approx(0.7 * (0.06 - 0.05))
    assert classes.loc["bond", "selection"] == pytest.approx(0.3 * (0.0 - 0.01))
    assert classes.loc["equity", "currency"] == pytest.approx(0.7 * 0.02 * 1.06 - 0.6 * 0.01 * 1.05)
    assert classes.loc["equity", "benchmark"] == pytest.approx(1.05 * 1.01 - 1)
    assert found["benchmark"] == pytest.approx(0.6 * (1.05 * 1.01 - 1) + 0.4 * 0.01)
    assert found["portfolio"] == pytest.approx(0.7 * (1.06 * 1.02 - 1) - 0.001)
    assert found["fees"] == pytest.approx(-0.001)
    assert found["active"] == pytest.approx(found["portfolio"] - found["benchmark"])


def test_currencies_are_a_level_of_their_own_and_their_rest_is_the_product_with_local_returns() -> None:
    found = attribution(SESSION)
    currencies = effects(found, "currency")["currency"]
    assert currencies["EUR"] == pytest.approx((0.7 - 0.3) * (1 - 0.3) * np.log(1.02))
    assert currencies["USD"] == pytest.approx((0.3 - 0.7) * (0 - 0.3) * np.log(1.02))
    assert currencies.sum() == pytest.approx(effects(found).loc["total", "currency"], abs=1e-15)
    assert abs(currencies["rest"]) < 1e-3


def test_a_forward_leg_is_a_hedge_and_not_a_currency_held() -> None:
    legs = holdings(("equity", 70.0, "EUR"), ("sold", -50.0, "EUR"), ("bought", 50.0, "USD"), ("bond", 30.0, "USD"))
    names = pd.DataFrame(
        {"instrument_id": ["SOLD", "BOUGHT", "EQUITY"], "instrument_type": ["fx_forward"] * 2 + ["share"]}
    )
    rows = effects(attribution(SESSION, holdings=legs, holdings_previous=legs, instruments=names), "currency")
    assert rows.loc["EUR", "currency"] == pytest.approx((0.7 - 0.3) * (1 - 0.3) * np.log(1.02))
    assert rows.loc["EUR", "hedge"] == pytest.approx(-0.5 * (1 - 0.3) * np.log(1.02))
    assert rows.loc["USD", "hedge"] == pytest.approx(0.5 * (0 - 0.3) * np.log(1.02))


@pytest.mark.parametrize("rates", [cash(), cash(EUR=0.001, USD=0.002)], ids=["no rates", "rates"])
def test_accounts_divide_selection_trading_and_fees(rates: pd.DataFrame) -> None:
    found = attribution(SESSION, cash_rates=rates)
    accounts = effects(found, "account")
    total = effects(found).loc["total"]
    for effect in ("selection", "trading", "fees"):
        assert accounts[effect].sum() == pytest.approx(total[effect], abs=1e-15)
    assert accounts.loc["trust_a", "selection"] == pytest.approx(total["selection"])
    assert attribution_leaves_little.CHECK.find(found).empty


def test_fees_that_no_account_paid_stand_beside_the_accounts() -> None:
    is_total = SESSION["level"] == "total"
    net = (SESSION["return_net_1d"] - 0.002).where(is_total, SESSION["return_net_1d"])
    found = attribution(SESSION.assign(fee_outside_base=is_total.map({True: 0.2, False: 0.0}), return_net_1d=net))
    accounts, total = effects(found, "account"), effects(found).loc["total"]
    assert accounts["fees"].to_dict() == pytest.approx({"trust_a": -0.001, "outside": -0.002, "rest": 0.0})
    assert accounts.loc["outside", ["selection", "trading"]].tolist() == [0, 0]
    assert total["fees"] == pytest.approx(-0.003)
    assert total["active"] == pytest.approx(effects(attribution(SESSION)).loc["total", "active"] - 0.002)
    assert attribution_leaves_little.CHECK.find(found).empty


def test_a_trade_is_held_against_the_close_and_not_part_of_selection() -> None:
    before = holdings(("equity", 70.0, "USD"), ("bond", 30.0, "USD"), quantity=10)
    after = holdings(("equity", 77.0, "USD"), ("bond", 30.0, "USD"), quantity=[11, 10])
    moves = inexact(book.Transactions.frame([{
        "transaction_id": "1", "account_id": "trust_a", "transaction_kind": "buy", "instrument_id": "EQUITY",
        "quantity": 1, "cash_local": "-6.90", "currency": "USD", "trade_date": CLOSE, "statement_date": CLOSE,
        "source": "bank", **PLACE,
    }]))  # fmt: skip
    session = performance(("equity", 70.0, 0.1 / 70, 0.0), ("bond", 30.0, 0.0, 0.0))
    quiet = effects(attribution(performance(("equity", 70.0, 0.0, 0.0), ("bond", 30.0, 0.0, 0.0)))).loc["total"]
    found = effects(attribution(session, holdings=after, holdings_previous=before, transactions=moves)).loc["total"]
    assert found["trading"] == pytest.approx(0.1 / 100)
    assert found["selection"] == pytest.approx(quiet["selection"])


def test_a_class_measured_against_itself_has_allocation_only() -> None:
    own = against(("equity", "own", "own", 1.0), ("bond", "factor", "RATES", 1.0))
    found = attribution(SESSION, class_benchmarks_previous=own)
    classes = effects(found, "asset_class")
    assert classes.loc["equity", "selection"] == pytest.approx(0.0, abs=1e-16)
    assert classes.loc["equity", "allocation"] == pytest.approx(0.1 * (0.06 - (0.6 * 0.06 + 0.4 * 0.01)))
    assert found.loc[found["segment"] == "equity", "reason"].dropna().unique().tolist() == ["own_return"]
    assert benchmarks_are_known.CHECK.find(found).empty


def test_a_class_outside_policy_without_benchmark_is_allocation_and_says_so() -> None:
    session = performance(("equity", 70.0, 0.06, 0.02), ("bond", 30.0, 0.0, 0.0), ("gold", 10.0, 0.1, 0.0))
    found = attribution(session)
    gold = effects(found, "asset_class").loc["gold"]
    assert gold["selection"] == pytest.approx(0.0, abs=1e-16)
    assert gold["allocation"] == pytest.approx(10 / 110 * (0.1 - (0.6 * 0.05 + 0.4 * 0.01)))
    assert found.loc[found["segment"] == "gold", "reason"].dropna().unique().tolist() == ["no_benchmark"]


UNKNOWN = {
    "no_benchmark_return": {"factor_returns": factors({"RATES": 0.01})},
    "no_benchmark": {"class_benchmarks_previous": against(*AGAINST[2:])},
    "not_held": {
        "class_benchmarks_previous": against(*AGAINST, ("private", "own", "own", 1.0)),
        "allocation_targets_previous": targets({"trust": {"equity": 0.6, "bond": 0.3, "private": 0.1}}),
    },
    "no_policy_weights": {"allocation_targets_previous": targets({"llc": {"equity": 1.0}})},
}


@pytest.mark.parametrize("reason", UNKNOWN)
def test_an_unknown_benchmark_is_shown_with_its_reason_and_never_as_zero(reason: str) -> None:
    found = attribution(SESSION, **UNKNOWN[reason])
    total = effects(found).loc["total"]
    assert total[["benchmark", "active", "allocation"]].isna().all()
    assert total[["portfolio", "fees"]].notna().all()
    assert benchmarks_are_known.CHECK.find(found)["reason"].tolist() == [reason]
    assert effects(found, span="mtd").isna().all(axis=None)


def test_a_return_of_another_day_is_none_of_this_one() -> None:
    late = factors(RETURNS, CLOSE - pd.Timedelta(days=1))
    assert np.isnan(effects(attribution(SESSION, factor_returns=late)).loc["total", "benchmark"])


def test_an_index_a_blend_and_a_rate_are_benchmarks() -> None:
    parts = against(
        ("equity", "index", "SPX", 0.5), ("equity", "factor", "MKT", 0.5), ("bond", "rate", "0.0365", 1.0),
    )  # fmt: skip
    spx = {"benchmark_id": "SPX", "return_date": CLOSE, "return_1d": 0.03, "source": "t", **PLACE}
    index = reference.Benchmarks.frame([spx])
    found = effects(attribution(SESSION, class_benchmarks_previous=parts, benchmarks=index), "asset_class")
    assert found.loc["equity", "benchmark"] == pytest.approx(0.04)
    assert found.loc["bond", "benchmark"] == pytest.approx(0.0001)


def test_the_newest_benchmark_begun_by_the_close_is_in_force() -> None:
    later = against(("bond", "factor", "MKT", 1.0)).assign(valid_from=[CLOSE])
    coming = against(("bond", "factor", "NONE", 1.0)).assign(valid_from=[CLOSE + pd.Timedelta(days=1)])
    parts = pd.concat([against(*AGAINST), later, coming], ignore_index=True)
    found = effects(attribution(SESSION, class_benchmarks_previous=parts), "asset_class")
    assert found.loc["bond", "benchmark"] == pytest.approx(0.05)


def test_the_office_has_the_policy_of_its_owners_by_what_each_is_worth() -> None:
    shares = (("equity", 60.0, 0.06, 0.02), ("bond", 40.0, 0.0, 0.0))
    every = [performance(*shares), performance(("bond", 300.0, 0.0, 0.0), scope="llc")]
    office = performance(("equity", 60.0, 0.06, 0.02), ("bond", 340.0, 0.0, 0.0), scope="office")
    weights = targets(POLICY | {"llc": {"equity": 0.2, "bond": 0.8}})
    found = attribution(pd.concat([*every, office]), allocation_targets_previous=weights)
    rows = found[(found["scope"] == "office") & (found["level"] == "asset_class") & (found["segment"] == "equity")]
    assert rows["weight_benchmark"].unique() == pytest.approx([(100 * 0.6 + 300 * 0.2) / 400])


def test_what_is_owed_weighs_less_than_nothing() -> None:
    session = performance(("equity", 90.0, 0.06, 0.0), ("bond", 30.0, 0.0, 0.0), ("liabilities", -20.0, 0.0, 0.0))
    found = attribution(session)
    owed = effects(found, "asset_class").loc["liabilities"]
    assert owed["allocation"] == pytest.approx(-0.2 * (0.0 - (0.6 * 0.05 + 0.4 * 0.01)))


def test_sessions_link_to_the_active_return_of_both_and_a_month_begins_anew() -> None:
    one = attribution(SESSION)
    two = attribution(
        performance(("equity", 80.0, -0.03, 0.01), ("bond", 20.0, 0.002, 0.0), close=CLOSE + pd.Timedelta(days=1)),
        return_attribution_previous=one,
        factor_returns=factors(RETURNS, CLOSE + pd.Timedelta(days=1)),
    )
    first, second = (effects(each).loc["total"] for each in (one, two))
    both = effects(two, span="mtd").loc["total"]
    for side in ("portfolio", "benchmark"):
        assert both[side] == pytest.approx((1 + first[side]) * (1 + second[side]) - 1, abs=1e-15)
    assert both["active"] == pytest.approx(both["portfolio"] - both["benchmark"], abs=1e-15)
    third = attribution(
        performance(("equity", 80.0, 0.0, 0.0), ("bond", 20.0, 0.0, 0.0), close=pd.Timestamp("2022-07-01")),
        return_attribution_previous=two,
        factor_returns=factors(RETURNS, pd.Timestamp("2022-07-01")),
    )
    assert effects(third, span="mtd").loc["total", "active"] == pytest.approx(effects(third).loc["total", "active"])
    sessions = third[third["level"] == "total"].groupby("span")["linked_sessions"].max()
    assert sessions.to_dict() == {"1d": 1, "mtd": 1, "ytd": 3, "itd": 3}


def test_an_unknown_session_is_left_out_of_the_month_and_counted() -> None:
    one = attribution(SESSION)
    gap = attribution(SESSION, return_attribution_previous=one, factor_returns=factors({}))
    assert effects(gap, span="mtd").loc["total"].to_dict() == pytest.approx(
        effects(one, span="mtd").loc["total"].to_dict()
    )
    assert gap.loc[
        gap["span"] == "mtd", ["linked_sessions", "unknown_sessions"]
    ].drop_duplicates().to_numpy().tolist() == [[1, 1]]


def test_a_class_that_is_gone_keeps_what_it_did_for_the_month() -> None:
    one = attribution(performance(("equity", 60.0, 0.06, 0.0), ("gold", 40.0, 0.1, 0.0)))
    later = CLOSE + pd.Timedelta(days=1)
    two = attribution(
        SESSION.assign(close_date=later), return_attribution_previous=one, factor_returns=factors({}, later)
    )
    assert "gold" not in effects(two, "asset_class").index
    assert effects(two, "asset_class", "mtd").loc["gold", "allocation"] > 0


@pytest.mark.parametrize("performed", [Performance.frame(), performance(("equity", 0.0, 0.0, 0.0))])
def test_who_had_nothing_at_the_start_has_no_attribution(performed: pd.DataFrame) -> None:
    assert attribution(inexact(performed)).empty


returns = st.floats(-0.2, 0.2)


@settings(max_examples=15)
@given(st.lists(st.tuples(returns, returns, returns, st.floats(5, 95)), min_size=1, max_size=4))
def test_effects_sum_to_the_active_return_of_every_span(days: list[tuple[float, float, float, float]]) -> None:
    found = ReturnAttribution.frame()
    for number, (local, fx, bond, weight) in enumerate(days):
        close = CLOSE + pd.Timedelta(days=10 * number)
        session = performance(("equity", weight, local, fx), ("bond", 100 - weight, bond, 0.0), fee=0.01, close=close)
        found = attribution(session, return_attribution_previous=found, factor_returns=factors(RETURNS, close))
    for span in ("1d", "mtd", "ytd", "itd"):
        total = effects(found, span=span).loc["total"]
        parts = total[["allocation", "selection", "currency", "trading", "fees"]].sum()
        assert parts == pytest.approx(total["portfolio"] - total["benchmark"], abs=1e-12)


@settings(max_examples=10)
@given(part=st.floats(0.1, 0.9), local=returns)
def test_a_class_cut_in_two_with_equal_returns_and_benchmarks_changes_no_total(part: float, local: float) -> None:
    bond = ("bond", 30.0, 0.01, 0.0)
    whole = attribution(performance(("equity", 70.0, local, 0.0), bond))
    cut = attribution(
        performance(("equity", 70 * part, local, 0.0), ("shares", 70 * (1 - part), local, 0.0), bond),
        class_benchmarks_previous=against(*AGAINST, *(("shares", *each[1:]) for each in AGAINST[:2])),
        allocation_targets_previous=targets({"trust": {"equity": 0.2, "shares": 0.4, "bond": 0.4}}),
    )
    np.testing.assert_allclose(effects(cut).loc["total"], effects(whole).loc["total"], rtol=0, atol=1e-14)


def test_who_holds_policy_has_no_effects() -> None:
    session = performance(("equity", 60.0, 0.05, 0.01), ("bond", 40.0, 0.01, 0.0))
    total = effects(attribution(session)).loc["total"]
    assert total[["active", "allocation", "selection", "currency", "trading", "fees"]].abs().max() < 1e-16


def test_the_table_is_a_metric_of_analytics() -> None:
    assert analytics.ReturnAttribution.name == "analytics.return_attribution"
