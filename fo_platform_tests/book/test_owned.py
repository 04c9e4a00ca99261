"""Everything owned and owed in one table: funds, appraised assets and debts beside what custodians hold."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.book.owned import holdings
from fo_platform.contracts import book, policy, reference

D = Decimal
DAY = pd.Timestamp("2022-06-15")
PLACE = {"entity_id": "trust", "currency": "EUR", "fx_rate": "1.04", "file_sha256": "0" * 64, "line": 1}
POSITION = {**PLACE, "account_id": "trust_ib", "is_priced": True, "is_stale": False, "has_break": False, "quantity": 3}
SHARE = {**POSITION, "instrument_id": "SAP", "asset_class": "intl_equity", "market_value_base": 312}
MONEY = {**POSITION, "instrument_id": "CASH.EUR", "asset_class": "cash", "market_value_base": "3.12"}
FUND = {**PLACE, "account_id": "trust_private", "fund_id": "ELM2", "nav_local": "1000.01", "nav_date": "2022-03-31"}
HOUSE = {
    **PLACE, "account_id": "trust_private", "asset_id": "RE-01", "market_value_local": 1000, "ownership_share": 0.6,
    "appraisal_date": "2021-03-31",
}  # fmt: skip
LOAN = {**PLACE, "account_id": "trust_books", "liability_id": "LN", "liability_local": 500, "statement_date": DAY}

Row = Mapping[str, object]


def _held(
    *, funds: tuple[Row, ...] = (), assets: tuple[Row, ...] = (), debts: tuple[Row, ...] = (), **master: object
) -> pd.DataFrame:
    rules = policy.PriceRules.frame([master] if master else ())
    fund = {"instrument_id": "FUND.KNOWN", "asset_class": "hedge_funds", "is_liquid": False, "is_restricted": False}
    known = reference.Instruments.frame([fund])
    made = holdings(
        book.ReconciledPositions.frame([SHARE, MONEY]),
        book.PrivateCapital.frame(funds),
        book.Appraisals.frame(assets),
        book.Liabilities.frame(debts),
        instruments=known,
        price_rules=rules,
        day=DAY,
    )
    return made.set_index("instrument_id")


def test_what_custodians_hold_is_carried_as_it_is() -> None:
    held = _held()
    assert held["holding_kind"].to_dict() == {"SAP": "security", "CASH.EUR": "cash"}
    assert held.loc["SAP", ["market_value_base", "quantity"]].tolist() == [D(312), D(3)]


def test_a_fund_is_one_unit_at_its_value_and_a_debt_minus_one() -> None:
    held = _held(funds=(FUND,), debts=(LOAN,))
    columns = ["asset_class", "quantity", "price_local", "market_value_local", "market_value_base", "is_stale"]
    fund = ["private_equity", D(1), D("1000.01"), D("1000.01"), D("1040.01"), False]
    debt = ["liabilities", D(-1), D(500), D(-500), D(-520), False]
    assert held.loc["FUND.ELM2", columns].tolist() == fund
    assert held.loc["DEBT.LN", columns].tolist() == debt


def test_of_an_asset_only_the_part_that_is_owned_counts_and_an_old_appraisal_is_stale() -> None:
    line = _held(assets=(HOUSE,)).loc["ASSET.RE-01"]
    assert (line["market_value_base"], line["is_stale"], line["price_date"]) == (
        D(624),
        True,
        pd.Timestamp("2021-03-31"),
    )


def test_the_instrument_master_and_the_price_rules_of_a_class_win_over_what_is_usual() -> None:
    stale = {"asset_class": "hedge_funds", "source": "x", "source_rank": 0, "price_age_max_days": 30}
    line = _held(funds=({**FUND, "fund_id": "KNOWN"},), **stale).loc["FUND.KNOWN"]
    assert (line["asset_class"], line["is_stale"]) == ("hedge_funds", True)


@pytest.mark.parametrize("rate", [None, "1.04"])
def test_a_value_without_a_rate_is_unknown_and_never_zero(rate: str | None) -> None:
    line = _held(funds=({**FUND, "fx_rate": rate},)).loc["FUND.ELM2"]
    assert line["is_priced"] == (rate is not None)
    assert pd.isna(line["market_value_base"]) == (rate is None)
