"""Exchange rates: as stated, turned round and crossed on one date, the last known carried, never interpolated."""

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.contracts import policy, reference
from fo_platform.reference.rates import derived, fx_rates
from fo_platform_tests.reference.records import CLOSED, raw

BEFORE = "2022-06-13"


def quote(currency: str, base: str, rate: str, *, day: str = CLOSED) -> tuple[str, dict[str, str]]:
    said = {"currency": currency, "base_currency": base, "fx_rate": rate, "rate_date": day, "fx_source": "ECB"}
    return "fx", said


def rated(
    raw_records: pd.DataFrame, bases: Iterable[str] = ("USD",), previous: pd.DataFrame | None = None
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Rate and who made it, by currency, base and date."""
    entities = policy.Entities.frame([{"entity_id": base.lower(), "base_currency": base} for base in bases])
    rows = fx_rates(raw_records, entities, reference.FxRates.frame() if previous is None else previous)
    pd.testing.assert_frame_equal(reference.FxRates.validate(rows), rows)
    return {
        (row.currency, row.base_currency, f"{row.rate_date:%Y-%m-%d}"): (f"{row.fx_rate:.8f}", row.fx_source)
        for row in rows.itertuples()
    }


def table(*rows: tuple[str, str]) -> pd.DataFrame:
    """The table of the day before: rates to dollars by currency and date."""
    usual = {"base_currency": "USD", "fx_rate": "1.05", "fx_source": "ECB", "file_sha256": "f" * 64, "line": 1}
    made = [{**usual, "byte_offset": 0, "currency": currency, "rate_date": day} for currency, day in rows]
    return reference.FxRates.frame(made)


def test_what_is_stated_into_the_office_s_currency_is_taken_as_it_is() -> None:
    assert rated(raw([quote("CHF", "USD", "1.05"), quote("EUR", "USD", "1.07")])) == {
        ("CHF", "USD", CLOSED): ("1.05000000", "ECB"), ("EUR", "USD", CLOSED): ("1.07000000", "ECB"),
    }  # fmt: skip


def test_a_broker_s_own_rate_in_a_statement_is_not_the_market_s() -> None:
    own = raw([quote("CHF", "USD", "1.04")], file=2, account="U1")
    both = pd.concat([raw([quote("CHF", "USD", "1.05")]), own], ignore_index=True)
    assert rated(both) == {("CHF", "USD", CLOSED): ("1.05000000", "ECB")}


def test_rates_against_the_euro_are_turned_round_and_crossed() -> None:
    """The ECB's way: units of a currency for one euro."""
    found = rated(raw([quote("EUR", "USD", "1.25"), quote("EUR", "CHF", "1.00"), quote("EUR", "GBP", "0.80")]))
    assert found["CHF", "USD", CLOSED] == ("1.25000000", "ECB, turned round, crossed through EUR")
    assert found["GBP", "USD", CLOSED] == ("1.56250000", "ECB, turned round, crossed through EUR")
    assert found["EUR", "USD", CLOSED] == ("1.25000000", "ECB")


def test_every_currency_that_an_entity_reports_in_is_reached() -> None:
    found = rated(raw([quote("CHF", "USD", "1.25"), quote("EUR", "USD", "1.00")]), ["CHF", "USD"])
    assert found["USD", "CHF", CLOSED] == ("0.80000000", "ECB, turned round")
    assert found["EUR", "CHF", CLOSED][0] == "0.80000000"
    assert {(currency, base) for currency, base, _ in found} == {
        ("CHF", "USD"), ("EUR", "USD"), ("USD", "CHF"), ("EUR", "CHF"),
    }  # fmt: skip


def test_legs_of_different_dates_are_never_crossed() -> None:
    found = rated(raw([quote("EUR", "USD", "1.25", day=BEFORE), quote("EUR", "CHF", "1.00")]))
    assert ("CHF", "USD", CLOSED) not in found
    assert ("CHF", "USD", BEFORE) not in found


def test_the_last_known_rate_is_carried_with_its_own_date() -> None:
    previous = table(("CHF", "2022-05-02"), ("CHF", BEFORE), ("EUR", "2022-06-10"))
    found = rated(raw([quote("EUR", "USD", "1.07")]), previous=previous)
    assert set(found) == {("CHF", "USD", BEFORE), ("EUR", "USD", CLOSED)}
    assert set(rated(raw([]), previous=previous)) == {("CHF", "USD", BEFORE), ("EUR", "USD", "2022-06-10")}


def test_what_cannot_be_reached_is_unknown() -> None:
    assert derived({("CHF", "EUR"): {"fx_rate": Decimal(1), "fx_source": "ECB"}}, "JPY", "USD") is None


@given(st.decimals("0.01", "100", places=4), st.decimals("0.01", "100", places=4))
def test_a_crossed_rate_is_the_quotient_to_the_last_decimal(first: Decimal, second: Decimal) -> None:
    quotes = {
        ("EUR", "USD"): {"fx_rate": first, "fx_source": "x"},
        ("EUR", "CHF"): {"fx_rate": second, "fx_source": "x"},
    }
    made = derived(quotes, "CHF", "USD")
    assert made is not None
    assert abs(made["fx_rate"] - first / second) <= first * Decimal("0.00000001") + Decimal("0.00000001")


@pytest.mark.parametrize("bases", [["USD"], ["CHF", "EUR", "USD"]])
def test_a_day_without_deliveries_and_without_a_past_is_empty(bases: list[str]) -> None:
    assert rated(raw([]), bases) == {}
