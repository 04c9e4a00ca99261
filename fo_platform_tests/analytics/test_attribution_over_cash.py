"""Return attribution over local cash: by hand, with forwards, where no rate is known, and a second computation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.checks import cash_rates_are_known
from fo_platform.contracts.analytics import ReturnAttribution
from fo_platform_tests.analytics.second.return_attribution import second
from fo_platform_tests.analytics.sessions import (
    SESSION,
    against,
    attribution,
    cash,
    effects,
    holdings,
    performance,
    read_of,
)


def test_a_session_over_local_cash_by_hand() -> None:
    # A night of euros earned 0.1 %, of dollars 0.2 %; half of the shares' benchmark is in euros.
    found = attribution(SESSION, cash_rates=cash(EUR=0.001, USD=0.002))
    total, classes, currencies = (effects(found, level) for level in ("total", "asset_class", "currency"))
    premium = 0.6 * (0.05 - 0.0015) + 0.4 * (0.01 - 0.002)
    assert classes.loc["equity", "allocation"] == pytest.approx(0.1 * (0.05 - 0.0015 - premium))
    assert classes.loc["bond", "allocation"] == pytest.approx(-0.1 * (0.01 - 0.002 - premium))
    assert classes.loc["equity", "selection"] == pytest.approx(0.7 * ((0.06 - 0.001) - (0.05 - 0.0015)))
    assert classes.loc["bond", "selection"] == pytest.approx(0.3 * ((0.0 - 0.002) - (0.01 - 0.002)))
    assert classes.loc["equity", "currency"] == pytest.approx(
        0.7 * (0.02 * 1.06 + 0.001) - 0.6 * (0.01 * 1.05 + 0.0015)
    )
    assert classes.loc["bond", "currency"] == pytest.approx((0.3 - 0.4) * 0.002)
    euro_cash, dollar_cash = np.log(1.02 * 1.001), np.log(1.002)
    reference = 0.3 * euro_cash + 0.7 * dollar_cash
    assert currencies.loc["EUR", "currency"] == pytest.approx((0.7 - 0.3) * (euro_cash - reference))
    assert currencies.loc["USD", "currency"] == pytest.approx((0.3 - 0.7) * (dollar_cash - reference))
    assert currencies["currency"].sum() == pytest.approx(total.loc["total", "currency"], abs=1e-15)
    assert found["reason"].isna().all()


def test_a_forward_earns_what_the_cash_of_its_legs_differs_by_and_chooses_no_market() -> None:
    lines = (("equity", 70.0, "EUR"), ("sold", -50.0, "EUR"), ("bought", 50.0, "USD"), ("bond", 30.0, "USD"))
    legs = holdings(*lines)
    names = pd.DataFrame({"instrument_id": ["SOLD", "BOUGHT"], "instrument_type": "fx_forward"})
    earned = (("sold", -50.0, 0.001, 0.02), ("bought", 50.0, 0.002, 0.0))
    session = performance(("equity", 70.0, 0.06, 0.02), ("bond", 30.0, 0.0, 0.0), *earned)
    more = {"holdings": legs, "holdings_previous": legs, "instruments": names}
    rates = cash(EUR=0.001, USD=0.002)
    found = attribution(session, cash_rates=rates, **more)
    classes, currencies = effects(found, "asset_class"), effects(found, "currency")
    reference = 0.3 * np.log(1.02 * 1.001) + 0.7 * np.log(1.002)
    assert classes.loc[["sold", "bought"], "selection"].abs().max() < 1e-16
    assert currencies.loc["EUR", "hedge"] == pytest.approx(-0.5 * (np.log(1.02 * 1.001) - reference))
    assert currencies.loc["USD", "hedge"] == pytest.approx(0.5 * (np.log(1.002) - reference))


def test_a_currency_whose_cash_rate_is_not_known_counts_as_earning_nothing_and_says_so() -> None:
    found = attribution(SESSION, cash_rates=cash(USD=0.002))
    assumed = attribution(SESSION, cash_rates=cash(USD=0.002, EUR=0.0))
    figures = ["segment", "effect", "span", "effect_return"]
    pd.testing.assert_frame_equal(found[figures], assumed[figures])
    assert assumed["reason"].isna().all()
    said = found[found["reason"] == "no_cash_rate"]
    assert set(zip(said["level"], said["segment"], strict=True)) == {("currency", "EUR"), ("asset_class", "equity")}
    assert cash_rates_are_known.CHECK.find(found)["segment"].tolist() == ["EUR"]
    lapsed = attribution(SESSION, cash_rates=cash("2022-06-10", USD=0.002, EUR=0.001))
    assert cash_rates_are_known.CHECK.find(lapsed)["segment"].tolist() == ["EUR", "USD"]
    pd.testing.assert_frame_equal(lapsed[figures], attribution(SESSION)[figures])


def test_a_class_says_so_too_where_only_its_benchmark_is_in_the_currency() -> None:
    dollars = holdings(("equity", 70.0, "USD"), ("bond", 30.0, "USD"))
    found = attribution(SESSION, holdings=dollars, holdings_previous=dollars, cash_rates=cash(USD=0.002))
    classes = found[(found["level"] == "asset_class") & (found["reason"] == "no_cash_rate")]
    assert set(classes["segment"]) == {"equity"}


def test_a_class_measured_against_itself_earns_the_cash_of_what_is_held_in_it() -> None:
    own = against(("equity", "own", "own", 1.0), ("bond", "factor", "RATES", 1.0))
    found = attribution(SESSION, class_benchmarks_previous=own, cash_rates=cash(EUR=0.001, USD=0.002))
    classes = effects(found, "asset_class")
    premium = 0.6 * (0.06 - 0.001) + 0.4 * (0.01 - 0.002)
    assert classes.loc["equity", "selection"] == pytest.approx(0.0, abs=1e-16)
    assert classes.loc["equity", "allocation"] == pytest.approx(0.1 * (0.06 - 0.001 - premium))


returns = st.floats(-0.2, 0.2)
nights = st.floats(-0.01, 0.01) | st.none()


@settings(max_examples=15)
@given(earned=st.tuples(returns, returns, returns), weight=st.floats(5, 95), euro_rate=nights, dollar_rate=nights)
def test_cash_moves_what_markets_earned_to_currencies_and_a_second_computation_finds_as_much(
    earned: tuple[float, float, float], weight: float, euro_rate: float | None, dollar_rate: float | None
) -> None:
    local, fx, bond = earned
    session = performance(("equity", weight, local, fx), ("bond", 100 - weight, bond, 0.0), fee=0.01)
    held = holdings(("equity", weight, "EUR"), ("bond", 100 - weight, "USD"))
    known = {name: rate for name, rate in (("EUR", euro_rate), ("USD", dollar_rate)) if rate is not None}
    tables = {"holdings": held, "holdings_previous": held, "cash_rates": cash(**known)}
    found, whole = attribution(session, **tables), attribution(session, **tables | {"cash_rates": cash()})
    sums = [effects(each).loc["total"] for each in (found, whole)]
    unmoved = ["portfolio", "benchmark", "active", "trading", "fees"]
    np.testing.assert_array_equal(sums[0][unmoved], sums[1][unmoved])
    moved = [each["allocation"] + each["selection"] + each["currency"] for each in sums]
    assert moved[0] == pytest.approx(moved[1], abs=1e-14)
    again = second(read_of(session, **tables)).set_index(list(ReturnAttribution.key))["effect_return"].sort_index()
    ours = found.set_index(list(ReturnAttribution.key))["effect_return"].sort_index()
    assert [tuple(line) for line in ours.index] == again.index.tolist()
    np.testing.assert_allclose(ours, again, rtol=0, atol=1e-12)
