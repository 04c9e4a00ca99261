"""The few numbers an operator wants beside a table, day by day in its plots. Rows and hashes belong to _table."""

from collections.abc import Callable, Mapping

import pandas as pd

from fo_platform.contracts._base import Table
from fo_platform.limits import OFFICE

Value = int | float | str
Figures = Callable[[type[Table], pd.DataFrame], Mapping[str, Value]]


def figures(contract: type[Table], frame: pd.DataFrame) -> dict[str, Value]:
    """Numbers of one day's table by label: counts, sums in base currency, weights and volatilities as fractions."""
    return {label: value for each in FIGURES[contract.name] for label, value in each(contract, frame).items()}


def distinct(column: str) -> Figures:
    """How many different values a column has."""
    return lambda _, frame: {f"different {column}": int(frame[column].nunique())}


def counts(column: str) -> Figures:
    """Rows by value; of a closed set every value, so that a plot falls to zero instead of ending."""

    def count(contract: type[Table], frame: pd.DataFrame) -> dict[str, Value]:
        found = frame[column].value_counts()
        values = contract.allowed.get(column, sorted(found.index))
        return {f"{column} {value}": int(found.get(value, 0)) for value in values}

    return count


def flagged(*columns: str) -> Figures:
    """Rows on which each flag is set."""
    return lambda _, frame: {column: int(frame[column].sum()) for column in columns}


def total(*columns: str) -> Figures:
    """Sum of the known cells of each column."""
    return lambda _, frame: {column: float(frame[column].astype("float64").sum()) for column in columns}


def median(column: str) -> Figures:
    """Middle of the known cells of a column; left out where none is known."""
    return lambda _, frame: _known({f"median {column}": frame[column].astype("float64").median()})


def latest(column: str) -> Figures:
    """Newest date of a column; left out where there is none."""
    return lambda _, frame: {f"latest {column}": f"{frame[column].max():%Y-%m-%d}"} if len(frame) else {}


def by(key: str, column: str) -> Figures:
    """The cells of a column by the key that names their row."""
    return lambda _, frame: _known(dict(zip(frame[key], frame[column], strict=True)))


def of_office(key: str, column: str) -> Figures:
    """The same for the rows of the whole office."""
    cells = by(key, column)
    return lambda contract, frame: cells(contract, frame[frame["scope"] == OFFICE])


def large_losses(_: type[Table], frame: pd.DataFrame) -> Mapping[str, Value]:
    """Expected shortfall of the office over a session at 99 %, as a fraction of NAV, by method."""
    rows = frame[(frame["scope"] == OFFICE) & (frame["horizon"] == "1d") & (frame["confidence"] == 0.99)]
    return _known(dict(zip("expected shortfall " + rows["method"], rows["expected_shortfall"], strict=True)))


def only(column: str, value: str, inner: Figures) -> Figures:
    """Figures of the rows with one value of a column."""
    return lambda contract, frame: inner(contract, frame[frame[column] == value])


def of_attribution(span: str) -> Figures:
    """Effects of the whole office over a span, by name."""

    def effects(_: type[Table], frame: pd.DataFrame) -> dict[str, Value]:
        rows = frame[(frame["scope"] == OFFICE) & (frame["span"] == span) & (frame["level"] == "total")]
        return _known(
            {f"{effect} {span}": cell for effect, cell in zip(rows["effect"], rows["effect_return"], strict=True)}
        )

    return effects


def _known(cells: Mapping[str, object]) -> dict[str, Value]:
    return {str(k): v if isinstance(v, str) else float(v) for k, v in cells.items() if pd.notna(v)}  # type: ignore[arg-type, call-overload]


def returns_of_office(_: type[Table], frame: pd.DataFrame) -> Mapping[str, Value]:
    """Net return of the session and index since inception of the whole office."""
    rows = frame[(frame["scope"] == OFFICE) & (frame["level"] == "total")]
    return _known({name: value for name in ("return_net_1d", "index_net") for value in rows[name]})


FIGURES: dict[str, tuple[Figures, ...]] = {
    "raw.record": (distinct("file_sha256"), counts("record_kind")),
    "reference.instruments": (counts("asset_class"),),
    "reference.identifiers": (counts("id_type"),),
    "reference.prices": (distinct("instrument_id"), latest("price_date")),
    "reference.held_prices": (distinct("instrument_id"),),
    "reference.fx_rates": (distinct("currency"), latest("rate_date")),
    "reference.factor_returns": (distinct("factor"), latest("return_date")),
    "reference.market_liquidity": (median("spread_bps"),),
    "reference.fund_holdings": (distinct("fund_id"), latest("report_date")),
    "reference.benchmarks": (by("benchmark_id", "return_1d"),),
    "reference.corporate_actions": (counts("event_type"),),
    "reference.settlement_cycles": (distinct("market"),),
    "reference.countries": (distinct("country"), counts("development_level")),
    "policy.entities": (counts("legal_form"),),
    "policy.ownership": (distinct("owned_id"),),
    "policy.taxpayers": (total("carry_forward_base"),),
    "policy.accounts": (counts("custodian"), flagged("is_tradeable")),
    "policy.allocation_targets": (distinct("entity_id"), distinct("asset_class")),
    "policy.limits": (distinct("entity_id"), distinct("limit_name")),
    "policy.price_rules": (distinct("asset_class"),),
    "policy.class_benchmarks": (distinct("asset_class"), counts("benchmark_kind")),
    "policy.cash_rates": (distinct("currency"),),
    "policy.stress_scenarios": (distinct("scenario"), counts("shock_kind")),
    "policy.bond_terms": (distinct("instrument_id"),),
    "policy.alert_rules": (counts("severity"),),
    "policy.liquidity_terms": (distinct("instrument_id"),),
    "policy.cash_flow_rules": (counts("flow_rule"),),
    "policy.fee_tariffs": (distinct("provider"),),
    "policy.approvers": (counts("approver_role"),),
    "book.expected_deliveries": (counts("coverage_status"),),
    "book.positions": (distinct("account_id"), flagged("is_stale")),
    "book.cash": (distinct("account_id"), distinct("currency"), flagged("is_stale")),
    "book.tax_lots": (counts("lot_authority"),),
    "book.transactions": (counts("transaction_kind"),),
    "book.reconciliation_breaks": (counts("severity"), total("materiality_base")),
    "book.reconciled_positions": (total("market_value_base"), flagged("is_priced", "is_stale", "has_break")),
    "book.capital_notices": (counts("notice_type"), latest("due_date")),
    "book.private_capital": (total("nav_base", "unfunded_base"), latest("nav_date")),
    "book.appraisals": (total("market_value_base"), latest("appraisal_date")),
    "book.valuations": (distinct("asset_id"), latest("appraisal_date")),
    "book.liabilities": (total("liability_base"),),
    "book.fees": (distinct("fee_id"), latest("charged_date"), counts("fee_standing")),
    "book.holdings": (total("market_value_base"), counts("holding_kind")),
    "book.net_worth": (by("entity_id", "nav_base"),),
    "analytics.allocation_drift": (of_office("asset_class", "drift_total"), flagged("is_breach", "is_hard_breach")),
    "analytics.drift_measures": (of_office("measure", "value"),),
    "analytics.exposures_class": (of_office("asset_class", "weight"),),
    "analytics.exposures_currency": (of_office("currency", "weight"),),
    "analytics.exposures_account": (distinct("account_id"),),
    "analytics.exposures_geography": (distinct("country"),),
    "analytics.look_through": (distinct("leaf_id"), distinct("issuer_id"), flagged("is_residual")),
    "analytics.duplicate_exposures": (counts("kind"),),
    "analytics.volatility": (of_office("asset_class", "volatility_annual"),),
    "analytics.correlations": (median("psd_distance"), flagged("is_proxy")),
    "analytics.risk_contributions": (
        only("rollup", "class", of_office("asset_class", "volatility_contribution_share")),
        only("rollup", "total", of_office("asset_class", "coverage_share")),
    ),
    "analytics.exposures_factor": (only("method", "returns", of_office("factor", "loading")),),
    "analytics.factor_loadings": (distinct("factor"), median("r_squared"), flagged("is_proxy")),
    "analytics.factor_covariances": (distinct("factor_1"),),
    "analytics.specific_risks": (median("specific_volatility_annual"), flagged("is_proxy")),
    "analytics.concentration": (of_office("measure", "value"),),
    "analytics.liquidity_profile": (of_office("horizon", "weight_cash"),),
    "analytics.liquidity_lines": (counts("liquidity_basis"),),
    "analytics.liquidity_coverage": (of_office("horizon", "cover_unfunded"), total("shortfall_due_base")),
    "analytics.cash_forecast": (only("flow", "closing", of_office("month_ahead", "cash_base")),),
    "analytics.fee_analysis": (counts("fee_status"),),
    "analytics.tariff_comparison": (of_office("provider", "fee_annual_base"),),
    "analytics.simulated_loss": (large_losses,),
    "analytics.loss_contributions": (distinct("instrument_id"),),
    "analytics.simulated_paths": (distinct("scope"),),
    "analytics.stress_contributions": (counts("stress_basis"),),
    "analytics.stress_losses": (of_office("scenario", "stress_loss"),),
    "analytics.var_outcomes": (flagged("is_exception"),),
    "analytics.var_backtests": (total("exception_count", "exception_count_expected"), counts("traffic_light")),
    "analytics.performance": (returns_of_office, flagged("is_large_flow")),
    "analytics.private_performance": (median("tvpi"), counts("irr_flag")),
    "analytics.return_attribution": (of_attribution("mtd"),),
    "analytics.alerts": (counts("severity"),),
    "decision.rebalance_evaluation": (by("entity_id", "verdict"), total("saving_base", "tax_base")),
    "decision.rebalance_proposal": (counts("side"), total("notional_base", "tax_base", "cost_expected_base")),
    "decision.execution_plan": (counts("side"), total("notional_base")),
    "decision.approval": (counts("approval_status"),),
    "execution.pretrade_checks": (counts("check_result"),),
    "execution.orders": (counts("order_status"),),
    "execution.fills": (counts("exec_type"),),
    "execution.execution_quality": (counts("check_result"), total("shortfall_base")),
    "execution.settlements": (counts("settlement_status"),),
    "execution.reconciliation_report": (counts("report_status"),),
}  # fmt: skip
"""What is shown of every table, by the name of its contract."""
