"""Net worth per entity and of the office."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.book.net_worth import net_worth
from fo_platform.contracts.book import Holdings, NetWorth, ReconciliationBreaks
from fo_platform.contracts.policy import Entities
from fo_platform.errors import PolicyError
from fo_platform_tests.book import frames

D = Decimal
ENTITIES = Entities.frame([{"entity_id": name, "base_currency": "USD"} for name in ("foundation", "llc", "trust")])
HELD = [
    {"entity_id": "foundation", "instrument_id": "KO", "market_value_base": "100.10"},
    {"entity_id": "foundation", "instrument_id": "XX", "market_value_base": None, "is_priced": False},
    {"entity_id": "foundation", "instrument_id": "CASH.USD", "asset_class": "cash", "market_value_base": "-20.05"},
    {"entity_id": "trust", "instrument_id": "UST", "market_value_base": "-7.00", "is_stale": True},
]


def _worth(
    held: Iterable[Mapping[str, object]] = HELD,
    breaks: Iterable[Mapping[str, object]] = (),
    entities: pd.DataFrame = ENTITIES,
) -> pd.DataFrame:
    accounts = {"foundation": "foundation_us", "trust": "trust_swiss"}
    usual = {
        "holding_kind": "security",
        "asset_class": "us_equity",
        "is_priced": True,
        "is_stale": False,
        "has_break": False,
    }
    rows = Holdings.frame([{**usual, "account_id": accounts[str(row["entity_id"])], **row} for row in held])
    found = ReconciliationBreaks.frame([{"break_id": str(n), **row} for n, row in enumerate(breaks)])
    return net_worth(rows, found, entities, frames.accounts()).set_index("entity_id")


def test_an_entity_is_worth_its_securities_and_its_cash() -> None:
    names = ["assets_base", "cash_base", "nav_base", "unpriced_count"]
    assert _worth().loc["foundation", names].tolist() == [D("100.10"), D("-20.05"), D("80.05"), 1]


def test_the_office_is_the_sum_of_its_entities_and_one_without_holdings_has_nothing() -> None:
    rows = _worth()
    sums = [name for name in rows if name != "base_currency"]
    assert rows.loc["office", sums].tolist() == [sum(rows.loc[["foundation", "llc", "trust"], name]) for name in sums]
    assert rows.loc["llc", "nav_base"] == 0


def test_what_is_owed_is_taken_off_and_shown() -> None:
    debt = {"entity_id": "trust", "instrument_id": "DEBT.LN", "holding_kind": "liability", "market_value_base": "-2.50"}
    row = _worth([*HELD, debt]).loc["trust"]
    assert row[["assets_base", "liabilities_base", "nav_base"]].tolist() == [D("-7.00"), D("2.50"), D("-9.50")]


def test_stale_values_count_without_their_sign() -> None:
    assert _worth().loc["trust", ["nav_base", "stale_base"]].tolist() == [D("-7.00"), D("7.00")]


def test_open_breaks_count_by_what_they_are_worth_and_information_does_not() -> None:
    breaks = [
        {"account_id": "foundation_us", "severity": "warn", "materiality_base": "5"},
        {"account_id": "foundation_us", "severity": "critical", "materiality_base": None},
        {"account_id": "foundation_us", "severity": "info", "materiality_base": "1000"},
        {"account_id": "UNKNOWN.1", "severity": "critical", "materiality_base": "3"},
    ]
    rows = _worth(breaks=breaks)
    assert rows.loc[["foundation", "trust", "office"], "broken_base"].tolist() == [D(5), D(0), D(8)]


def test_entities_that_report_in_different_currencies_cannot_be_summed() -> None:
    mixed = ENTITIES.assign(base_currency=pd.Series(["USD", "CHF", "USD"], dtype="string[pyarrow]"))
    with pytest.raises(PolicyError, match="CHF, USD"):
        _worth(entities=mixed)


def test_the_table_holds_its_contract() -> None:
    rows = _worth().reset_index()
    pd.testing.assert_frame_equal(NetWorth.validate(rows), rows)
