"""Every check finds what is wrong and passes what is right, shown on rows of its table."""

from typing import Any

import pandas as pd
import pytest

from fo_platform.checks._check import Check, checks_of
from fo_platform.contracts import analytics, book, execution, reference
from fo_platform.contracts._base import Table
from fo_platform.registry import discover

CHECKS = discover("fo_platform.checks", "CHECK")

WORTH = {"base_currency": "USD", "liabilities_base": 0, "stale_base": 0, "broken_base": 0, "unpriced_count": 0}
OWNER = {**WORTH, "entity_id": "trust", "assets_base": "90.10", "cash_base": "9.90", "nav_base": 100}
OFFICE = {**OWNER, "entity_id": "office"}
HOLDING = {"account_id": "a", "instrument_id": "AAPL", "is_priced": True}
FUND = {
    "account_id": "a", "fund_id": "f", "commitment_local": 1000, "called_local": 600, "recallable_local": 50,
    "unfunded_local": 450,
}  # fmt: skip

Rows = list[dict[str, Any]]

EXAMPLES: dict[str, tuple[type[Table], Rows, Rows]] = {
    "net_worth_adds_up": (book.NetWorth, [OWNER], [{**OWNER, "nav_base": "100.01"}]),
    "owners_add_up_to_office": (book.NetWorth, [OWNER, OFFICE], [OWNER, {**OFFICE, "nav_base": "100.01"}]),
    "weights_sum_to_one": (
        analytics.ExposuresClass,
        [
            {"scope": "trust", "asset_class": "cash", "weight": 0.25},
            {"scope": "trust", "asset_class": "bonds", "weight": 0.75},
        ],
        [
            {"scope": "trust", "asset_class": "cash", "weight": 0.25},
            {"scope": "trust", "asset_class": "bonds", "weight": 0.7},
        ],
    ),
    "currencies_sum_to_one": (
        analytics.ExposuresCurrency,
        [{"scope": "trust", "currency": "USD", "weight": 1.2}, {"scope": "trust", "currency": "CHF", "weight": -0.2}],
        [{"scope": "trust", "currency": "USD", "weight": 1.2}],
    ),
    "liquidity_sums_to_one": (
        analytics.LiquidityProfile,
        [{"scope": "trust", "horizon": "1d", "weight_trading": 1.0}],
        [{"scope": "trust", "horizon": "1d", "weight_trading": 0.99}],
    ),
    "everything_arrived": (
        book.ExpectedDeliveries,
        [{"source": "s", "feed": "f", "account_id": "a", "coverage_status": "received"}],
        [{"source": "s", "feed": "f", "account_id": "a", "coverage_status": "missing"}],
    ),
    "no_critical_break": (
        book.ReconciliationBreaks,
        [{"break_id": "b", "severity": "warn"}],
        [{"break_id": "b", "severity": "critical"}],
    ),
    "everything_is_priced": (book.ReconciledPositions, [HOLDING], [{**HOLDING, "is_priced": False}]),
    "report_has_no_break": (
        execution.ReconciliationReport,
        [{"account_id": "a", "report_status": "pending"}],
        [{"account_id": "a", "report_status": "break"}],
    ),
    "unfunded_adds_up": (book.PrivateCapital, [FUND], [{**FUND, "unfunded_local": "450.01"}]),
    "calls_stay_within_commitment": (book.PrivateCapital, [FUND], [{**FUND, "unfunded_local": "-0.01"}]),
    "liabilities_are_positive": (book.Liabilities, [{"liability_local": 0}], [{"liability_local": "-0.01"}]),
    "fees_are_costs": (book.Fees, [{"fee_local": 0}], [{"fee_local": "-0.01"}]),
    "appraisals_are_recent": (book.Appraisals, [{"appraisal_age_days": 550}], [{"appraisal_age_days": 551}]),
    "fund_weights_make_sense": (
        reference.FundHoldings,
        [{"fund_id": "f", "holding_no": 1, "weight": 0.9}, {"fund_id": "g", "holding_no": 1}],
        [{"fund_id": "f", "holding_no": 1, "weight": 90.0}, {"fund_id": "f", "holding_no": 2, "weight": 10.0}],
    ),
    "benchmark_returns_are_plausible": (reference.Benchmarks, [{"return_1d": -0.5}], [{"return_1d": 0.51}]),
    "corporate_actions_name_an_instrument": (
        reference.CorporateActions,
        [{"event_reference": "1", "instrument_id": "KO"}],
        [{"event_reference": "1"}],
    ),
}


def _frame(table: type[Table], rows: Rows) -> pd.DataFrame:
    """Rows in the table's types; what an example does not state is unknown, and a flag is false."""
    flags = {name: False for name, (column, _) in table.fields().items() if column.kind == "flag"}
    return table.frame([{**flags, **row} for row in rows])


def test_every_check_has_an_example() -> None:
    assert sorted(CHECKS) == sorted(EXAMPLES)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_check_passes_what_is_right_and_finds_what_is_wrong(name: str) -> None:
    check, (table, right, wrong) = CHECKS[name], EXAMPLES[name]
    assert isinstance(check, Check)
    assert check.table == table.name
    assert check in checks_of(table.name)
    assert check.find(_frame(table, right)).empty
    assert not check.find(_frame(table, wrong)).empty
