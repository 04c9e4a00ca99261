"""What lines lose when something is shocked: by hand, line by line, and what nothing says anything of."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.stress_contributions import stress_contributions
from fo_platform.analytics.metrics.stress_losses import stress_losses
from fo_platform.analytics.repricing import bond_price, bond_yield
from fo_platform.analytics.risk_book import Held, Past
from fo_platform.analytics.stress import shocked_returns, window_returns
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import StressContributions, StressLosses
from fo_platform.policy.scenarios import BondTerms, Scenario, ScenariosFile, bond_terms, stress_scenarios

DAY = pd.Timestamp("2022-06-14")

LINES = pd.DataFrame(
    {
        "asset_class": ["equity", "bonds", "bonds", "equity", "cash", "cash", "liabilities", "private"],
        "currency": ["USD", "USD", "EUR", "CHF", "USD", "CHF", "CHF", "USD"],
        "currency_risk": ["USD", "USD", "EUR", "CHF", "USD", "CHF", "CHF", "USD"],
        "price_dirty": [5.0, 0.9, 1.1, 90.0, 1.0, 1.0, 100.0, 100.0],
        "is_money": [False, False, False, False, True, True, True, False],
        "is_base": [True, True, False, False, True, False, False, True],
    },
    index=["SHARE", "BOND", "FUND_OF_BONDS", "SWISS", "CASH.USD", "CASH.CHF", "DEBT.x", "PRIVATE"],
)
LOADINGS = pd.DataFrame({"MKT": [1.2, 0.5], "CHF": [0.0, 1.0]}, index=["SHARE", "SWISS"])


def file_of(*, bonds: bool = True, **scenarios: dict[str, object]) -> ScenariosFile:
    """Scenarios by name, each with shocks or a window, and the terms of two bonds."""
    terms = {
        "BOND": BondTerms(coupon=Decimal("0.02"), maturity=date(2029, 5, 15), frequency="2"),
        "FUND_OF_BONDS": BondTerms(duration=Decimal(5), convexity=Decimal(40)),
    }
    named = {name: Scenario.model_validate({"name": name, **body}) for name, body in scenarios.items()}
    return ScenariosFile(scenarios=named, bonds=terms if bonds else {})


def shocked(**shocks: dict[str, float]) -> tuple[pd.Series, pd.Series]:
    """Returns and basis of LINES under shocks."""
    stated = {kind: {name: str(move) for name, move in moves.items()} for kind, moves in shocks.items()}
    file = file_of(a={"shocks": stated})
    return shocked_returns(
        LINES, stress_scenarios(file), loadings=LOADINGS, terms=bond_terms(file).set_index("instrument_id"), day=DAY
    )


def test_a_class_moves_its_lines_and_leaves_the_others_unknown() -> None:
    returns, basis = shocked(classes={"equity": -0.3})
    assert returns.dropna().to_dict() == pytest.approx({"SHARE": -0.3, "SWISS": -0.3, "CASH.USD": 0})
    assert basis.dropna().to_dict() == {"SHARE": "asset_class", "SWISS": "asset_class", "CASH.USD": "money"}


def test_an_instrument_s_own_shock_is_more_particular_than_its_class_s() -> None:
    returns, basis = shocked(classes={"equity": -0.3}, instruments={"SHARE": 0.1})
    assert (returns["SHARE"], basis["SHARE"]) == (pytest.approx(0.1), "instrument")
    assert returns["SWISS"] == pytest.approx(-0.3)


def test_a_currency_comes_on_top_and_moves_money_and_what_is_owed_in_it() -> None:
    returns, _ = shocked(classes={"equity": -0.3}, currencies={"CHF": 0.1})
    assert returns["SWISS"] == pytest.approx(0.7 * 1.1 - 1)
    assert returns["SHARE"] == pytest.approx(-0.3)
    assert returns[["CASH.CHF", "DEBT.x"]].tolist() == pytest.approx([0.1, 0.1])


def test_a_bond_is_revalued_in_full_and_a_fund_of_bonds_by_its_duration() -> None:
    returns, basis = shocked(rates={"USD": 0.02, "EUR": -0.01}, classes={"bonds": -0.5})
    years = (pd.Timestamp("2029-05-15") - DAY).days / 365.25
    rate = bond_yield(0.9, 0.02, years, 2)
    assert rate is not None
    assert returns["BOND"] == pytest.approx(bond_price(rate + 0.02, 0.02, years, 2) / 0.9 - 1)
    assert returns["FUND_OF_BONDS"] == pytest.approx(0.05 + 0.5 * 40 * 0.01**2)
    assert basis[["BOND", "FUND_OF_BONDS"]].tolist() == ["rates", "rates"]


def test_a_bond_whose_yield_is_unknown_takes_its_class_s_shock() -> None:
    file = file_of(a={"shocks": {"rates": {"USD": "0.02"}, "classes": {"bonds": "-0.1"}}})
    terms = bond_terms(file).set_index("instrument_id")
    lines = LINES.assign(price_dirty=np.nan)
    returns, basis = shocked_returns(lines, stress_scenarios(file), loadings=LOADINGS, terms=terms, day=DAY)
    assert (returns["BOND"], basis["BOND"]) == (pytest.approx(-0.1), "asset_class")


def test_factors_reach_lines_through_their_loadings_and_only_those_with_all_of_them() -> None:
    returns, basis = shocked(factors={"MKT": -0.2, "CHF": 0.1})
    assert returns[["SHARE", "SWISS"]].tolist() == pytest.approx([-0.24, 0.0])
    assert basis["SHARE"] == "factors"
    assert returns[["BOND", "PRIVATE"]].isna().all()
    unknown, _ = shocked(factors={"MKT": -0.2, "OIL": 0.1})
    assert unknown.dropna().index.tolist() == ["CASH.USD"]


def test_a_window_compounds_the_days_after_its_start_up_to_its_end() -> None:
    history = pd.DataFrame(
        {"SHARE": [0.5, 0.1, -0.2, 0.9]}, index=pd.to_datetime(["2022-01-03", "2022-01-04", "2022-01-05", "2022-01-06"])
    )
    returns, basis = window_returns(LINES, history, start=pd.Timestamp("2022-01-03"), end=pd.Timestamp("2022-01-05"))
    assert returns.dropna().to_dict() == {"SHARE": pytest.approx(1.1 * 0.8 - 1)}
    assert basis.dropna().to_dict() == {"SHARE": "window"}


@pytest.mark.parametrize(("start", "end"), [("2022-01-02", "2022-01-04"), ("2022-01-03", "2022-01-09")])
def test_a_window_that_history_does_not_hold_is_unknown(start: str, end: str) -> None:
    history = pd.DataFrame({"SHARE": [0.5, 0.1]}, index=pd.to_datetime(["2022-01-03", "2022-01-04"]))
    returns, _ = window_returns(LINES, history, start=pd.Timestamp(start), end=pd.Timestamp(end))
    assert returns.isna().all()
    assert window_returns(LINES, history.iloc[:0], start=pd.Timestamp(start), end=pd.Timestamp(end))[0].isna().all()


def tables_of(
    frames: SimpleNamespace, held: pd.DataFrame, file: ScenariosFile, **terms: object
) -> dict[str, pd.DataFrame]:
    """Both tables of holdings, in an office without any history; terms: of the instruments A and B."""
    no_returns = pd.DataFrame()
    scenarios = stress_scenarios(file)
    read = Held(
        holdings=inexact(held),
        net_worth=inexact(frames.net_worth(held)),
        instruments=frames.instruments("A", "B", **terms),
        allocation_targets=inexact(frames.targets()),
        factor_loadings=pd.DataFrame(columns=["instrument_id", "factor", "loading"]),
        factor_covariances=pd.DataFrame(columns=["factor_1", "factor_2", "covariance_annual"]),
        specific_risks=pd.DataFrame(columns=["instrument_id", "specific_volatility_annual"]),
        valuations=frames.valuations(),
    )
    past = Past(frames.prices(no_returns), frames.fx_rates(no_returns), frames.factor_returns(no_returns))
    lines = inexact(StressContributions.validate(stress_contributions(read, past, scenarios, bond_terms(file), DAY)))
    return {
        "lines": lines,
        "losses": StressLosses.validate(stress_losses(lines, scenarios, read.net_worth)),
    }


@hypothesis_settings(max_examples=15)
@given(
    values=st.lists(st.integers(1, 10**9), min_size=3, max_size=3),
    move=st.integers(-100, 100).map(lambda percent: percent / 100),
)
def test_losses_of_lines_sum_to_the_scope_s_and_what_is_not_reached_is_uncovered(
    frames: SimpleNamespace, values: list[int], move: float
) -> None:
    a, b, private = (value / 100 for value in values)
    held = frames.positions(
        ("trust", "A", "us_equity", a), ("llc", "B", "us_equity", b), ("trust", "FUND.x", "private_equity", private)
    )
    file = file_of(crash={"shocks": {"classes": {"us_equity": str(move)}}})
    tables = tables_of(frames, held, file)
    losses = tables["losses"].set_index("scope")
    sums = tables["lines"].groupby("scope")["stress_loss_base"].sum()
    assert losses["stress_loss_base"].to_dict() == pytest.approx(sums.to_dict(), abs=1e-9)
    assert losses.loc["office", "stress_loss_base"] == pytest.approx(-move * (a + b))
    assert losses.loc["trust", "uncovered_base"] == pytest.approx(private)
    assert losses.loc["trust", "coverage_share"] == pytest.approx(a / (a + private))
    assert losses.loc["llc", "stress_loss"] == pytest.approx(-move)


def test_a_scope_that_no_shock_reaches_has_no_loss_and_a_reason(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 10))
    file = file_of(
        rates={"shocks": {"rates": {"EUR": "0.01"}}}, past={"window": {"start": "2020-02-19", "end": "2020-03-23"}}
    )
    losses = tables_of(frames, held, file)["losses"]
    assert losses["stress_loss_base"].isna().all()
    assert losses["uncovered_base"].eq(10).all()
    assert losses["reason"].notna().all()
    assert set(losses["scenario"]) == {"rates", "past"}


def test_what_is_owed_in_a_currency_that_rises_costs_more(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "us_equity", 100), ("trust", "DEBT.x", "liabilities", -40),
        holding_kind=["security", "liability"], currency=["USD", "CHF"],
    )  # fmt: skip
    file = file_of(franc={"shocks": {"currencies": {"CHF": "0.1"}, "classes": {"us_equity": "0"}}})
    losses = tables_of(frames, held, file)["losses"].set_index("scope")
    assert losses.loc["trust", "stress_loss_base"] == pytest.approx(4)
    assert losses.loc["trust", "stress_loss"] == pytest.approx(4 / 60)


def test_a_hedged_share_class_bears_the_currency_that_it_is_hedged_into(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 100), ("trust", "B", "us_equity", 100))
    file = file_of(franc={"shocks": {"currencies": {"CHF": "0.1", "EUR": "-0.2"}, "classes": {"us_equity": "0"}}})
    lines = tables_of(frames, held, file, currency_risk=["CHF", "EUR"], currency_hedged=["USD", "CHF"])["lines"]
    losses = lines[lines["scope"] == "trust"].set_index("instrument_id")["stress_loss_base"]
    assert losses.to_dict() == pytest.approx({"A": 0, "B": -10})


def test_an_office_that_fears_or_holds_nothing_has_no_rows(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 10))
    assert tables_of(frames, held, file_of())["losses"].empty
    crash = file_of(crash={"shocks": {"classes": {"us_equity": "-0.3"}}})
    assert tables_of(frames, frames.positions(), crash)["losses"].empty
