"""The tables of simulated losses: what they state of a small office, and of one that is hardly known."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fo_platform.analytics.metrics.factor_covariances import factor_covariances
from fo_platform.analytics.metrics.factor_loadings import factor_loadings
from fo_platform.analytics.metrics.loss_contributions import loss_contributions
from fo_platform.analytics.metrics.simulated_loss import simulated_loss
from fo_platform.analytics.metrics.simulated_paths import simulated_paths
from fo_platform.analytics.metrics.specific_risks import specific_risks
from fo_platform.analytics.risk_book import Held, RiskBook, line_returns, risk_book
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import LossContributions, SimulatedLoss, SimulatedPaths
from fo_platform.lineage.recipe import call

DAY = pd.Timestamp("2022-06-14")
MODEL = (
    "instruments", "allocation_targets", "factor_loadings", "factor_covariances", "specific_risks", "valuations",
)  # fmt: skip
DATES = 150


def market_of(frames: SimpleNamespace, dates: int = DATES) -> dict[str, pd.DataFrame]:
    """Shares A and B and the franc on two factors, and what the analytics make of them."""
    factors = frames.noise(dates, "MKT", "CHF", seed=1)
    own = frames.noise(dates, "A", "B", seed=2, size=0.005)
    returns = pd.DataFrame({"A": factors["MKT"] + own["A"], "B": 0.5 * factors["MKT"] + own["B"]})
    instruments = frames.instruments(
        "A", "B", "CASH.USD", "CASH.CHF", asset_class=["us_equity", "us_equity", "cash", "cash"]
    )
    read = {
        "instruments": instruments,
        "net_worth": inexact(frames.net_worth(frames.positions(("trust", "A", "us_equity", 1)))),
        "prices": frames.prices(frames.levels(returns).round(8)),
        "fx_rates": frames.fx_rates(frames.levels(factors[["CHF"]], 1.0).round(8)),
        "factor_returns": frames.factor_returns(factors),
        "day": DAY,
    }
    return {
        **{name: read[name] for name in ("instruments", "prices", "fx_rates", "factor_returns")},
        "factor_loadings": factor_loadings(**read),
        "factor_covariances": factor_covariances(read["factor_returns"], DAY),
        "specific_risks": specific_risks(**read),
        "valuations": frames.valuations(),
        "allocation_targets": inexact(
            frames.targets(("trust", "us_equity", 0.5, 0, 1), ("trust", "private_equity", 0.5, 0, 1, "us_equity"))
        ),
    }


@pytest.fixture(scope="module")
def market(frames: SimpleNamespace) -> dict[str, pd.DataFrame]:
    """The market of every test."""
    return market_of(frames)


def of(frames: SimpleNamespace, held: pd.DataFrame, market: dict[str, pd.DataFrame]) -> dict[str, object]:
    """Everything that the tables read of holdings."""
    return {"holdings": inexact(held), "net_worth": inexact(frames.net_worth(held)), **market, "day": DAY}


def book_of(frames: SimpleNamespace, held: pd.DataFrame, market: dict[str, pd.DataFrame]) -> RiskBook:
    """Holdings on the model."""
    tables = {name: market[name] for name in MODEL}
    return risk_book(Held(holdings=inexact(held), net_worth=inexact(frames.net_worth(held)), **tables))


def mixed(frames: SimpleNamespace) -> pd.DataFrame:
    """Two owners; a fund with a proxy, an appraised asset without one, and a debt in francs."""
    kinds = ["security", "security", "security", "private_fund", "appraised_asset", "liability", "cash"]
    currency = ["USD"] * 5 + ["CHF", "USD"]
    return frames.positions(
        ("trust", "A", "us_equity", 60), ("llc", "A", "us_equity", 20), ("llc", "B", "us_equity", 20),
        ("trust", "FUND.x", "private_equity", 30), ("trust", "ASSET.y", "real_assets", 10),
        ("trust", "DEBT.z", "liabilities", -15), ("trust", "CASH.USD", "cash", 5),
        holding_kind=kinds, currency=currency,
    )  # fmt: skip


def test_every_line_is_its_own_its_currency_its_proxy_or_unknown(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    book = book_of(frames, mixed(frames), market)
    assert book.lines["risk_basis"].fillna("unknown").to_dict() == {
        "A": "own", "B": "own", "ASSET.y": "unknown", "CASH.USD": "own", "DEBT.z": "money", "FUND.x": "class_proxy",
    }  # fmt: skip
    assert book.loadings.loc["DEBT.z"].to_dict() == {"CHF": 1, "MKT": 0}
    assert book.specific["DEBT.z"] == 0
    assert book.loadings.loc["FUND.x", "MKT"] == pytest.approx(book.loadings.loc[["A", "B"], "MKT"].mean())
    assert book.coverage_share["trust"] == pytest.approx(110 / 120)


def test_a_day_without_a_price_of_a_line_is_what_its_loadings_say(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    book = book_of(frames, mixed(frames), market)
    factors = frames.noise(3, "CHF", "MKT")
    returns = pd.DataFrame({"A": [0.01, np.nan, 0.03]}, index=factors.index)
    found = line_returns(book, returns, factors)
    assert found["A"].iloc[[0, 2]].tolist() == [0.01, 0.03]
    assert found["A"].iloc[1] == pytest.approx(factors.iloc[1] @ book.loadings.loc["A", factors.columns])
    assert found["DEBT.z"].tolist() == pytest.approx(factors["CHF"].tolist())


def test_losses_of_one_share_are_its_volatility_s(frames: SimpleNamespace, market: dict[str, pd.DataFrame]) -> None:
    held = frames.positions(("trust", "A", "us_equity", 200))
    found = SimulatedLoss.validate(call(simulated_loss, of(frames, held, market)))
    rows = found.set_index(["scope", "method", "horizon", "confidence"]).loc["trust"]
    book = book_of(frames, held, market)
    beta = book.loadings.loc["A"]
    deviation = np.sqrt(beta @ book.covariance @ beta + book.specific["A"] ** 2)
    row = rows.loc[("gaussian", "1d", 0.99)]
    assert row["value_at_risk"] == pytest.approx(deviation * stats.norm.ppf(0.99), rel=5e-4)
    assert row["value_at_risk_base"] == pytest.approx(200 * row["value_at_risk"])
    assert row["coverage_share"] == 1
    assert row["seed"] == 20220614
    assert len(rows) == 4 * 3 * 2
    assert rows["reason"].isna().all()


def test_every_figure_is_repeated_to_the_bit(frames: SimpleNamespace, market: dict[str, pd.DataFrame]) -> None:
    one, again = (call(simulated_loss, of(frames, mixed(frames), market_of(frames))) for _ in range(2))
    pd.testing.assert_frame_equal(one, again, check_exact=True)


def test_permuting_or_splitting_holdings_changes_no_loss(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    whole = frames.positions(("trust", "A", "us_equity", 60), ("trust", "B", "us_equity", 40))
    split = frames.positions(
        ("trust", "B", "us_equity", 40), ("trust", "A", "us_equity", 25), ("trust", "A", "us_equity", 35)
    )
    one, other = (call(simulated_loss, of(frames, held, market)) for held in (whole, split))
    pd.testing.assert_frame_equal(one, other, rtol=1e-12)


def test_a_new_line_of_one_owner_leaves_the_other_s_losses_alone(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    before = call(simulated_loss, of(frames, frames.positions(("trust", "A", "us_equity", 60)), market))
    held = frames.positions(("trust", "A", "us_equity", 60), ("llc", "B", "us_equity", 40))
    after = call(simulated_loss, of(frames, held, market))
    random = ["gaussian", "student_t"]
    one, other = (rows[(rows["scope"] == "trust") & rows["method"].isin(random)] for rows in (before, after))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True), check_exact=True)


def test_contributions_sum_to_expected_shortfall_and_what_has_no_model_has_none(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    read = of(frames, mixed(frames), market)
    found = LossContributions.validate(call(loss_contributions, read))
    stated = call(simulated_loss, read)
    whole = stated[(stated["horizon"] == "1d") & (stated["confidence"] == 0.99)].set_index(["scope", "method"])
    sums = found.groupby(["scope", "method"])["loss_contribution_base"].sum()
    assert sums.to_dict() == pytest.approx(whole["expected_shortfall_base"].to_dict(), rel=1e-12)
    assert found.groupby(["scope", "method"])["loss_contribution_share"].sum().tolist() == pytest.approx([1.0] * 12)
    unknown = found[found["instrument_id"] == "ASSET.y"]
    assert set(unknown["risk_basis"]) == {"unknown"}
    assert unknown["loss_contribution_base"].isna().all()
    assert set(found.loc[found["scope"] == "llc", "instrument_id"]) == {"A", "B"}


def test_the_fan_begins_at_net_asset_value_widens_and_holds_value_at_risk(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    read = of(frames, mixed(frames), market)
    found = SimulatedPaths.validate(call(simulated_paths, read)).set_index(["scope", "method", "session_ahead"])
    fan = found.loc[("trust", "student_t")].pivot(columns="probability", values="value_simulated_base")
    assert fan.index.tolist() == list(range(22))
    assert fan.loc[0].eq(90).all()
    assert (fan.diff(axis=1).iloc[1:, 1:] > 0).all(axis=None)
    assert (fan[0.99] - fan[0.01]).is_monotonic_increasing
    stated = call(simulated_loss, read).set_index(["scope", "method", "horizon", "confidence"])
    for horizon, session in (("1d", 1), ("10d", 10), ("21d", 21)):
        loss = stated.loc[("trust", "student_t", horizon, 0.99), "value_at_risk_base"]
        assert fan.loc[session, 0.01] == pytest.approx(90 - loss)


def test_a_short_history_leaves_what_is_drawn_from_it_unknown_with_a_reason(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 60))
    found = call(simulated_loss, of(frames, held, market_of(frames, dates=80)))
    is_drawn = found["method"].isin(["bootstrap", "filtered"])
    assert found.loc[is_drawn, "value_at_risk_base"].isna().all()
    assert set(found.loc[is_drawn, "reason"]) == {"Only 80 of 100 dates of history are known."}
    assert found.loc[~is_drawn, "value_at_risk_base"].notna().all()


def test_without_any_model_losses_are_unknown_and_not_zero(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "us_equity", 60))
    read = of(frames, held, market_of(frames, dates=20))
    found = SimulatedLoss.validate(call(simulated_loss, read))
    assert found["value_at_risk_base"].isna().all()
    assert found["coverage_share"].eq(0).all()
    assert set(found["reason"]) == {"No line has a risk model."}
    assert call(loss_contributions, read).empty
    assert call(simulated_paths, read).empty


def test_a_net_worth_below_zero_has_losses_in_money_and_no_fraction(
    frames: SimpleNamespace, market: dict[str, pd.DataFrame]
) -> None:
    held = frames.positions(
        ("trust", "A", "us_equity", 60), ("trust", "DEBT.z", "liabilities", -80), holding_kind=["security", "liability"]
    )
    found = call(simulated_loss, of(frames, held, market))
    assert found["value_at_risk_base"].notna().all()
    assert found["value_at_risk"].isna().all()


def test_an_office_without_holdings_has_no_rows(frames: SimpleNamespace, market: dict[str, pd.DataFrame]) -> None:
    nothing = frames.positions()
    read = of(frames, nothing, market)
    read["net_worth"] = inexact(frames.net_worth(frames.positions(("trust", "A", "us_equity", 0))))
    assert all(call(table, read).empty for table in (simulated_loss, loss_contributions, simulated_paths))
