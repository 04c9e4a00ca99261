"""Cash month by month: known, declared and paced flows by hand, the identity to the cent, and a fan that is a fan."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.cash_paths import Shocks, quantiles
from fo_platform.analytics.dated_flows import coupon_dates, month_ahead, month_ends
from fo_platform.analytics.metrics.cash_forecast import cash_forecast
from fo_platform.checks.cash_forecast_adds_up import CHECK
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import CashForecast
from fo_platform.contracts.book import CapitalNotices, Liabilities, PrivateCapital
from fo_platform.contracts.policy import Accounts, BondTerms, CashFlowRules
from fo_platform.errors import PolicyError

DAY = pd.Timestamp("2022-06-14")
SIMULATION = {"seed": 1, "paths": 200, "nav_volatility": 0}
PACING = {
    "contribution_rate_1": 0.25, "contribution_rate_2": 0.333, "contribution_rate_3": 0.5, "life_years": 12, "bow": 2.5,
    "growth": 0.13, "yield_min": 0, "call_volatility": 0, "distribution_volatility": 0, "common_share": 0.3,
}  # fmt: skip
FUND = {
    "account_id": "trust_pe", "fund_id": "F", "entity_id": "trust", "currency": "EUR", "fx_rate": 2,
    "unfunded_base": 1000, "nav_base": 0,
}  # fmt: skip
NOTICE = {"account_id": "trust_pe", "fund_id": "F", "notice_id": "1", "notice_type": "call", "currency": "EUR"}

Rows = list[dict[str, object]]
Numbers = dict[str, dict[str, float]]


def rules(numbers: Numbers, **changed: float) -> pd.DataFrame:
    """Rules of `subject rule` by parameter, on top of a model and a simulation without noise."""
    usual = {"* pacing": PACING, "* simulation": SIMULATION}
    every = {**{name: {**body, **{n: v for n, v in changed.items() if n in body}} for name, body in usual.items()}}
    rows = [
        {"subject_id": name.split()[0], "flow_rule": name.split()[1], "parameter": parameter, "value": value}
        for name, body in (every | numbers).items()
        for parameter, value in body.items()
    ]
    return inexact(CashFlowRules.frame([row | {"unit": "1", "flow_basis": "assumption"} for row in rows]))


def forecast_of(  # noqa: PLR0913
    frames: SimpleNamespace,
    held: pd.DataFrame,
    *,
    funds: Rows | None = None,
    notices: Rows | None = None,
    debts: Rows | None = None,
    bonds: Rows | None = None,
    cash_flow_rules: pd.DataFrame | None = None,
    day: pd.Timestamp = DAY,
) -> pd.DataFrame:
    accounts = [
        {"account_id": "trust_pe", "entity_id": "trust", "is_tradeable": False, "cash_floor_base": 40},
        {"account_id": "llc_a", "entity_id": "llc", "is_tradeable": False, "cash_floor_base": 2},
    ]
    forecast = cash_forecast(
        holdings=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        accounts=inexact(Accounts.frame(accounts)),
        private_capital=inexact(PrivateCapital.frame(funds or [])),
        capital_notices=inexact(CapitalNotices.frame(notices or [])),
        liabilities=inexact(Liabilities.frame(debts or [])),
        cash_flow_rules=rules({}) if cash_flow_rules is None else cash_flow_rules,
        bond_terms=inexact(BondTerms.frame(bonds or [])),
        day=day,
    )
    stored = CashForecast.validate(forecast)
    assert CHECK.find(stored).empty
    return inexact(stored).set_index(["scope", "month_ahead", "flow"])


def amounts(forecast: pd.DataFrame, scope: str, flow: str) -> dict[int, float]:
    return forecast.xs((scope, flow), level=["scope", "flow"])["cash_base"].to_dict()


def cash(frames: SimpleNamespace, amount: float = 1000) -> pd.DataFrame:
    return frames.positions(("trust", "CASH.USD", "cash", amount), ("llc", "CASH.USD", "cash", 5))


def test_cash_without_flows_stands(frames: SimpleNamespace) -> None:
    forecast = forecast_of(frames, cash(frames))
    assert amounts(forecast, "trust", "closing") == dict.fromkeys(range(1, 13), 1000.0)
    assert amounts(forecast, "office", "opening") == dict.fromkeys(range(1, 13), 1005.0)
    assert forecast.loc[("trust", 1, "closing"), "cash_floor_base"] == 40
    assert forecast.loc[("office", 12, "closing"), "cash_floor_base"] == 42
    assert forecast.loc[("trust", 12, "closing"), "month_end_date"] == pd.Timestamp("2023-06-14")


def test_announced_money_moves_in_the_month_of_its_due_date(frames: SimpleNamespace) -> None:
    # A month ends on the 14th, and what is due on that day belongs to it; the euro is worth two.
    notices = [
        NOTICE | {"amount_local": 100, "due_date": "2022-07-14"},
        NOTICE | {"notice_id": "2", "amount_local": 7, "due_date": "2022-06-14"},
        NOTICE | {"notice_id": "3", "amount_local": 30, "due_date": "2022-07-15", "notice_type": "distribution"},
        NOTICE | {"notice_id": "4", "amount_local": 5, "due_date": None},
    ]
    forecast = forecast_of(frames, cash(frames), funds=[FUND | {"unfunded_base": 210}], notices=notices)
    assert amounts(forecast, "trust", "calls_known") == {1: -210.0}
    assert amounts(forecast, "trust", "distributions_known") == {2: 60.0}
    assert amounts(forecast, "trust", "closing")[2] == 850.0


def test_a_debt_bears_interest_by_days_and_is_repaid_at_maturity(frames: SimpleNamespace) -> None:
    debt = {"account_id": "x", "liability_id": "D", "entity_id": "llc", "liability_base": 36_500, "interest_rate": 0.1}
    forecast = forecast_of(frames, cash(frames), debts=[debt | {"maturity_date": "2022-08-24"}])
    # Ten a day: thirty days, thirty-one, and ten to maturity.
    assert amounts(forecast, "llc", "interest") == {1: -300.0, 2: -310.0, 3: -100.0} | dict.fromkeys(range(4, 13), 0.0)
    assert amounts(forecast, "llc", "repayments") == {3: -36_500.0}
    assert amounts(forecast, "trust", "closing")[12] == 1000


def test_a_debt_without_a_rate_is_named_and_its_interest_is_no_zero_that_is_hidden(frames: SimpleNamespace) -> None:
    debt = {"account_id": "x", "liability_id": "D", "entity_id": "llc", "liability_base": 365, "interest_rate": None}
    other = debt | {"liability_id": "E", "interest_rate": 1}
    forecast = forecast_of(frames, cash(frames), debts=[debt, other])
    row = forecast.loc["llc", 1, "interest"]
    assert row["cash_base"] == -30
    assert row["reason"] == "No amount in base currency is known of D"
    assert forecast.loc[("office", 1, "interest"), "reason"] == row["reason"]


def test_a_bond_pays_coupons_back_from_maturity_and_then_its_face(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "B", "bonds", 990, 1000), ("llc", "B", "bonds", 99, 100), fx_rate=2)
    bond = {"instrument_id": "B", "coupon_rate": 0.04, "maturity_date": "2023-01-31", "coupon_frequency": 2}
    endless = {"instrument_id": "FUND_OF_BONDS", "coupon_frequency": 1, "duration_years": 7}
    forecast = forecast_of(frames, held, bonds=[bond, endless])
    assert amounts(forecast, "trust", "coupons") == {2: 40.0, 8: 40.0}
    assert amounts(forecast, "llc", "coupons") == {2: 4.0, 8: 4.0}
    assert amounts(forecast, "trust", "redemptions") == {8: 2000.0}


def test_coupon_dates_are_whole_periods_before_maturity() -> None:
    maturity = pd.Timestamp("2029-05-15")
    assert [f"{d:%Y-%m-%d}" for d in coupon_dates(maturity, 2, DAY)] == ["2022-11-15", "2023-05-15"]
    assert coupon_dates(maturity, 1, pd.Timestamp("2029-05-15")) == []
    assert len(coupon_dates(maturity, 12, DAY)) == 12


def test_spending_is_a_part_of_net_asset_value_and_tax_an_amount_on_their_days(frames: SimpleNamespace) -> None:
    stated = {
        "trust spending": {"rate": 0.05, "06-14": 0.5, "12-31": 0.5},
        "trust tax": {"amount": 100, "01-15": 1},
        "llc spending": {"rate": 0.5, "02-29": 1},
    }
    forecast = forecast_of(frames, cash(frames), cash_flow_rules=rules(stated))
    # Today's own day falls due again in a year.
    assert amounts(forecast, "trust", "spending") == {7: -25.0, 12: -25.0}
    assert amounts(forecast, "trust", "tax") == {8: -100.0}
    assert amounts(forecast, "llc", "spending") == {9: -2.5}


def test_a_year_of_paced_calls_is_the_rate_of_its_age(frames: SimpleNamespace) -> None:
    stated = rules({"FUND.F pacing": {"vintage": 2020}})
    forecast = forecast_of(frames, cash(frames), funds=[FUND], cash_flow_rules=stated, day=pd.Timestamp("2022-01-01"))
    called = -sum(amounts(forecast, "trust", "calls_expected").values())
    assert called == pytest.approx(500.0, abs=0.06)
    assert forecast.loc[("trust", 1, "calls_expected"), "flow_basis"] == "assumption"


def test_a_fund_without_a_vintage_is_as_old_as_its_first_notice_or_named(frames: SimpleNamespace) -> None:
    paid = NOTICE | {"amount_local": 1, "notice_date": "2020-01-01", "due_date": "2020-01-15"}
    day = pd.Timestamp("2022-01-01")
    old = forecast_of(frames, cash(frames), funds=[FUND], notices=[paid], day=day)
    assert -sum(amounts(old, "trust", "calls_expected").values()) == pytest.approx(500.0, abs=0.06)
    unknown = forecast_of(frames, cash(frames), funds=[FUND], day=day)
    assert amounts(unknown, "trust", "calls_expected") == {1: 0.0}
    assert "no vintage" in unknown.loc[("trust", 1, "calls_expected"), "reason"]
    bare = forecast_of(frames, cash(frames), funds=[FUND | {"unfunded_base": None}], notices=[paid], day=day)
    assert "what is unfunded" in bare.loc[("trust", 1, "calls_expected"), "reason"]


def test_without_noise_the_fan_is_a_line(frames: SimpleNamespace) -> None:
    stated = rules({"FUND.F pacing": {"vintage": 2020}, "trust spending": {"rate": 0.1, "12-31": 1}})
    closing = forecast_of(frames, cash(frames), funds=[FUND], cash_flow_rules=stated).xs("closing", level="flow")
    for name in ("p05", "p25", "p50", "p75", "p95"):
        assert closing[f"cash_{name}_base"].tolist() == pytest.approx(closing["cash_base"].tolist(), abs=0.011)


def noisy(frames: SimpleNamespace, funds: Rows, seed: int = 1) -> pd.DataFrame:
    stated = {f"FUND.{fund['fund_id']} pacing": {"vintage": 2020} for fund in funds}
    stated |= {"trust spending": {"rate": 0.1, "12-31": 1}}
    changed = {"call_volatility": 0.8, "distribution_volatility": 1.0, "nav_volatility": 0.2, "seed": seed}
    return forecast_of(frames, cash(frames), funds=funds, cash_flow_rules=rules(stated, **changed))


def test_the_fan_widens_keeps_its_order_and_is_the_same_for_the_same_seed(frames: SimpleNamespace) -> None:
    forecast = noisy(frames, [FUND])
    fan = forecast.xs(("trust", "closing"), level=["scope", "flow"]).filter(like="cash_p")
    assert (fan.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    width = fan["cash_p95_base"] - fan["cash_p05_base"]
    assert width[12] > width[1] > 0
    pd.testing.assert_frame_equal(forecast, noisy(frames, [FUND]))
    assert not forecast.equals(noisy(frames, [FUND], seed=2))
    office = forecast.xs(("office", "closing"), level=["scope", "flow"])["cash_p05_base"]
    assert (office - fan["cash_p05_base"]).tolist() == pytest.approx([5.0] * 12, abs=0.011)


def test_another_fund_elsewhere_leaves_a_fan_alone(frames: SimpleNamespace) -> None:
    other = FUND | {"account_id": "llc_pe", "fund_id": "G", "entity_id": "llc"}
    alone, together = noisy(frames, [FUND]), noisy(frames, [FUND, other])
    pd.testing.assert_frame_equal(alone.loc[["trust"]], together.loc[["trust"]])


def test_an_office_without_money_or_a_model_without_rules(frames: SimpleNamespace) -> None:
    empty = forecast_of(frames, frames.positions())
    assert amounts(empty, "office", "closing") == dict.fromkeys(range(1, 13), 0.0)
    with pytest.raises(PolicyError, match="No rule of pacing"):
        forecast_of(frames, cash(frames), cash_flow_rules=inexact(CashFlowRules.frame()))


@settings(max_examples=15)
@given(
    cents=st.integers(-(10**9), 10**9), owed=st.floats(0.01, 1e7), rate=st.floats(0, 0.2),
    spent=st.floats(0, 1), unfunded=st.floats(0, 1e7),
)  # fmt: skip
def test_opening_and_flows_are_closing_to_the_cent_whatever_moves(
    frames: SimpleNamespace, cents: int, owed: float, rate: float, spent: float, unfunded: float
) -> None:
    debt = {"account_id": "x", "liability_id": "D", "entity_id": "trust", "maturity_date": "2023-02-03"}
    stated = rules({"FUND.F pacing": {"vintage": 2020}, "llc spending": {"rate": spent, "03-31": 1}})
    forecast = forecast_of(
        frames,
        cash(frames, cents / 100 or 0.01),
        funds=[FUND | {"unfunded_base": unfunded, "nav_base": unfunded / 3}],
        debts=[debt | {"liability_base": owed, "interest_rate": rate}],
        cash_flow_rules=stated,
    )
    both = forecast["cash_base"].drop(index="office", level="scope").groupby(["month_ahead", "flow"]).sum()
    assert both.round(2).to_dict() == forecast.loc["office", "cash_base"].round(2).to_dict()


def test_months_end_on_the_day_s_own_number_or_the_month_s_last() -> None:
    ends = month_ends(pd.Timestamp("2022-01-31"))
    assert [f"{end:%m-%d}" for end in ends[:3]] == ["02-28", "03-31", "04-30"]
    dates = pd.Series(pd.to_datetime(["2022-01-01", None, "2022-02-28", "2022-03-01", "2023-01-31", "2023-02-01"]))
    assert month_ahead(dates, pd.Timestamp("2022-01-31")).tolist() == [1, 1, 1, 2, 12, 13]


def test_shocks_have_mean_one_and_are_known_by_their_names() -> None:
    shocks = Shocks(seed=3, paths=20_000, common_share=0.3)
    factors = shocks.factors("F", "calls", 0.8)
    assert factors.mean() == pytest.approx(1, abs=0.01)
    assert np.log(factors).std() == pytest.approx(0.8, abs=0.01)
    other = np.log(shocks.factors("G", "calls", 0.8))
    assert np.corrcoef(np.log(factors)[:, 0], other[:, 0])[0, 1] == pytest.approx(0.3, abs=0.03)
    levels = shocks.levels("market", 0.2)
    assert levels.mean(axis=0).tolist() == pytest.approx([1.0] * 12, abs=0.01)
    assert np.log(levels[:, 11]).std() == pytest.approx(0.2, abs=0.005)
    assert (shocks.factors("F", "calls", 0.0) == 1).all()


def test_quantiles_are_paths_themselves() -> None:
    paths = np.arange(1.0, 101.0).reshape(-1, 1).repeat(12, axis=1)[::-1]
    assert {name: values[0] for name, values in quantiles(paths).items()} == {
        "p05": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95,
    }  # fmt: skip
