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

SHARE = {"scope": "trust", "rollup": "position", "instrument_id": "A", "volatility_contribution_share": 0.25}

LOSS = {
    "scope": "trust", "method": "gaussian", "instrument_id": "A", "loss_contribution_base": 3.0,
    "expected_shortfall_base": 10.0,
}  # fmt: skip

SEGMENT = {
    "scope": "trust", "level": "total", "segment": "total", "gain_base": 0, "external_flow_base": 0, "end_value_base": 0
}  # fmt: skip
CLASS = {**SEGMENT, "level": "asset_class", "segment": "cash"}
RETURN = {**CLASS, "return_local_1d": 0.1, "return_fx_1d": -0.1, "return_gross_1d": -0.01}
MULTIPLES = {"account_id": "a", "fund_id": "f", "dpi": 0.5, "rvpi": 1.0, "tvpi": 1.5, "irr_flag": "no_period"}

LEAF = {"is_residual": False}

Rows = list[dict[str, Any]]


def _correlated(**pairs: float) -> Rows:
    """A matrix of three classes as rows, both triangles and the diagonal."""
    cells = pairs | {pair[::-1]: value for pair, value in pairs.items()} | dict.fromkeys(("aa", "bb", "cc"), 1.0)
    place = {"scope": "trust", "item_kind": "asset_class"}
    return [{**place, "item_1": pair[0], "item_2": pair[1], "correlation": value} for pair, value in cells.items()]


def _effect(effect: str, value: float, segment: str = "total") -> dict[str, Any]:
    """An effect of the trust's session, in total or of a class."""
    level = "total" if segment == "total" else "asset_class"
    return {
        "scope": "trust", "span": "1d", "level": level, "segment": segment, "effect": effect, "effect_return": value
    }  # fmt: skip


CURRENCY = _effect("currency", 0.01, "CHF") | {"level": "currency"}
ACTIVE = [_effect("active", 0.03), _effect("allocation", 0.01), _effect("fees", 0.02)]

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
    "risk_shares_sum_to_one": (
        analytics.RiskContributions,
        [SHARE, {**SHARE, "instrument_id": "B", "volatility_contribution_share": 0.75}],
        [SHARE, {**SHARE, "instrument_id": "B", "volatility_contribution_share": 0.7}],
    ),
    "risk_is_mostly_known": (
        analytics.RiskContributions,
        [{"scope": "trust", "rollup": "total", "coverage_share": 0.9}],
        [{"scope": "trust", "rollup": "total", "coverage_share": 0.89}],
    ),
    "correlations_are_possible": (
        analytics.Correlations,
        _correlated(ab=0.9, ac=0.7, bc=0.5),
        _correlated(ab=0.9, ac=0.7, bc=0.3),
    ),
    "factors_are_distinct": (
        analytics.ExposuresFactor,
        [{"scope": "trust", "factor": "MKT", "variance_inflation": 10.0}],
        [{"scope": "trust", "factor": "MKT", "variance_inflation": 10.1}],
    ),
    "contributions_sum_to_shortfall": (
        analytics.LossContributions,
        [LOSS, {**LOSS, "instrument_id": "B", "loss_contribution_base": 7.0}],
        [LOSS, {**LOSS, "instrument_id": "B", "loss_contribution_base": 6.9}],
    ),
    "shortfall_is_no_less_than_value_at_risk": (
        analytics.SimulatedLoss,
        [{"value_at_risk_base": 3.0, "expected_shortfall_base": 3.0}],
        [{"value_at_risk_base": 3.0, "expected_shortfall_base": 2.9}],
    ),
    "scenarios_reach_most_lines": (analytics.StressLosses, [{"coverage_share": 0.9}], [{"coverage_share": 0.89}]),
    "value_at_risk_holds": (
        analytics.VarBacktests,
        [{"exception_count": 9, "exception_count_expected": 2.5, "kupiec_p_value": 0.002, "traffic_light": "yellow"}],
        [{"exception_count": 10, "exception_count_expected": 2.5, "kupiec_p_value": 0.0005}],
    ),
    "liquidity_cash_sums_to_one": (
        analytics.LiquidityProfile,
        [{"scope": "trust", "horizon": "1d", "weight_cash": 1.0}],
        [{"scope": "trust", "horizon": "1d", "weight_cash": 0.99}],
    ),
    "liquidity_never_shrinks": (
        analytics.LiquidityProfile,
        [{"scope": "trust", "horizon": "1d", "value_trading_base": -1, "value_cash_base": -1}],
        [{"scope": "trust", "horizon": "1w", "value_trading_base": 0, "value_cash_base": "-0.01"}],
    ),
    "calls_are_covered": (
        analytics.LiquidityCoverage,
        [{"scope": "trust", "horizon": "1w", "shortfall_due_base": 0}],
        [{"scope": "trust", "horizon": "1w", "shortfall_due_base": "0.01"}],
    ),
    "drift_measures_keep_their_order": (
        analytics.DriftMeasures,
        [
            {"scope": "trust", "measure": "drift_max_total", "value": "0.03"},
            {"scope": "trust", "measure": "drift_l2_total", "value": "0.0424"},
            {"scope": "trust", "measure": "turnover_one_way_total", "value": "0.03"},
        ],
        [
            {"scope": "trust", "measure": "drift_max_total", "value": "0.03"},
            {"scope": "trust", "measure": "drift_l2_total", "value": "0.0424"},
            {"scope": "trust", "measure": "turnover_one_way_total", "value": "0.029"},
        ],
    ),
    "cash_forecast_adds_up": (
        analytics.CashForecast,
        [
            {"scope": "trust", "month_ahead": 1, "flow": "opening", "cash_base": "0.10"},
            {"scope": "trust", "month_ahead": 1, "flow": "tax", "cash_base": "0.20"},
            {"scope": "trust", "month_ahead": 1, "flow": "closing", "cash_base": "0.30"},
            {"scope": "trust", "month_ahead": 2, "flow": "opening", "cash_base": "0.30"},
        ],
        [
            {"scope": "trust", "month_ahead": 1, "flow": "opening", "cash_base": "0.10"},
            {"scope": "trust", "month_ahead": 1, "flow": "closing", "cash_base": "0.10"},
            {"scope": "trust", "month_ahead": 2, "flow": "opening", "cash_base": "0.11"},
        ],
    ),
    "cash_stays_above_floor": (
        analytics.CashForecast,
        [{"scope": "trust", "flow": "closing", "cash_p05_base": 5, "cash_floor_base": 5}, {"flow": "closing"}],
        [{"scope": "trust", "flow": "closing", "cash_p05_base": "4.99", "cash_floor_base": 5}],
    ),
    "fees_are_explained": (
        analytics.FeeAnalysis,
        [{"provider": "bank", "fee_status": "explained"}, {"provider": "bank", "fee_status": "not_charged"}],
        [{"provider": "bank", "fee_status": "overcharged"}],
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
    "everything_is_priced": (book.Holdings, [HOLDING], [{**HOLDING, "is_priced": False}]),
    "report_has_no_break": (
        execution.ReconciliationReport,
        [{"account_id": "a", "report_status": "pending"}],
        [{"account_id": "a", "report_status": "break"}],
    ),
    "returns_multiply": (
        analytics.Performance,
        [RETURN, {**SEGMENT, "reason": "no_capital"}],
        [{**RETURN, "return_fx_1d": 0.1}],
    ),
    "classes_gain_what_owners_gain": (
        analytics.Performance,
        [{**SEGMENT, "gain_base": 3}, {**CLASS, "gain_base": 1}, {**CLASS, "segment": "bonds", "gain_base": 2}],
        [{**SEGMENT, "gain_base": 3}, {**CLASS, "gain_base": 1}],
    ),
    "multiples_add_up": (analytics.PrivatePerformance, [MULTIPLES], [{**MULTIPLES, "tvpi": 1.6}]),
    "unfunded_adds_up": (book.PrivateCapital, [FUND], [{**FUND, "unfunded_local": "450.01"}]),
    "calls_stay_within_commitment": (book.PrivateCapital, [FUND], [{**FUND, "unfunded_local": "-0.01"}]),
    "liabilities_are_positive": (book.Liabilities, [{"liability_local": 0}], [{"liability_local": "-0.01"}]),
    "fees_are_costs": (book.Fees, [{"fee_local": 0}], [{"fee_local": "-0.01"}]),
    "fees_are_placed": (book.Fees, [{"fee_standing": "repeated"}], [{"fee_standing": "undecided"}]),
    "appraisals_are_recent": (book.Appraisals, [{"appraisal_age_days": 550}], [{"appraisal_age_days": 551}]),
    "fund_weights_make_sense": (
        reference.FundHoldings,
        [{"fund_id": "f", "holding_no": 1, "weight": 0.9}, {"fund_id": "g", "holding_no": 1}],
        [{"fund_id": "f", "holding_no": 1, "weight": 90.0}, {"fund_id": "f", "holding_no": 2, "weight": 10.0}],
    ),
    "funds_do_not_own_themselves": (
        reference.FundHoldings,
        [
            {"fund_id": "s", "holding_no": 1, "fund_instrument_id": "A", "instrument_id": "B"},
            {"fund_id": "t", "holding_no": 1, "fund_instrument_id": "B", "instrument_id": "X"},
        ],
        [
            {"fund_id": "s", "holding_no": 1, "fund_instrument_id": "A", "instrument_id": "B"},
            {"fund_id": "t", "holding_no": 1, "fund_instrument_id": "B", "instrument_id": "A"},
        ],
    ),
    "look_through_sums_to_one": (
        analytics.LookThrough,
        [
            {"scope": "trust", "held_instrument_id": "A", "leaf_id": "X", "weight": 1.2, **LEAF},
            {"scope": "trust", "held_instrument_id": "A", "leaf_id": "REST.A", "weight": -0.2, **LEAF},
        ],
        [{"scope": "trust", "held_instrument_id": "A", "leaf_id": "X", "weight": 0.99, **LEAF}],
    ),
    "fund_reports_are_recent": (
        analytics.LookThrough,
        [{"scope": "trust", "held_instrument_id": "A", "leaf_id": "X", "report_age_days": 160, **LEAF}, LEAF],
        [{"scope": "trust", "held_instrument_id": "A", "leaf_id": "X", "report_age_days": 161, **LEAF}],
    ),
    "countries_sum_to_one": (
        analytics.ExposuresGeography,
        [
            {"scope": "trust", "country_basis": "risk", "country": "US", "weight": 1.0},
            {"scope": "trust", "country_basis": "domicile", "country": "IE", "weight": 1.0},
        ],
        [
            {"scope": "trust", "country_basis": "risk", "country": "US", "weight": 0.9},
            {"scope": "trust", "country_basis": "domicile", "country": "IE", "weight": 1.1},
        ],
    ),
    "accounts_sum_to_one": (
        analytics.ExposuresAccount,
        [
            {"entity_id": "trust", "account_id": "a", "asset_class": "cash", "weight": 1.0, "weight_office": 0.4},
            {"entity_id": "llc", "account_id": "b", "asset_class": "cash", "weight": 1.0, "weight_office": 0.6},
        ],
        [{"entity_id": "trust", "account_id": "a", "asset_class": "cash", "weight": 1.0, "weight_office": 0.4}],
    ),
    "attribution_adds_up": (
        analytics.ReturnAttribution,
        [*ACTIVE, _effect("allocation", 0.01, "bonds")],
        [*ACTIVE, _effect("allocation", 0.02, "bonds")],
    ),
    "cash_rates_are_known": (
        analytics.ReturnAttribution,
        [
            {**CURRENCY, "segment": "USD", "weight": 0.9, "weight_benchmark": 1.0},
            {**CURRENCY, "weight": 0.0, "weight_benchmark": 0.0, "reason": "no_cash_rate"},
        ],
        [
            {**CURRENCY, "weight": 0.1, "weight_benchmark": 0.0, "reason": "no_cash_rate"},
            {**CURRENCY, "segment": "EUR", "weight": 0.0, "weight_benchmark": 0.2, "reason": "no_cash_rate"},
        ],
    ),
    "benchmarks_are_known": (
        analytics.ReturnAttribution,
        [_effect("benchmark", 0.01), {**_effect("benchmark", 0.01, "gold"), "reason": "own_return"}],
        [{**_effect("benchmark", 0.01), "reason": "no_benchmark_return"}],
    ),
    "attribution_leaves_little": (
        analytics.ReturnAttribution,
        [_effect("selection", 1e-7, "rest"), _effect("selection", 0.01, "bonds")],
        [_effect("selection", 1e-5, "rest")],
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
