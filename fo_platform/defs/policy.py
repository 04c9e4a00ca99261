"""The policy tables: what the office declares, as adopted for the day. Reading YAML belongs to policy."""

import pandas as pd

from fo_platform.contracts import policy as contracts
from fo_platform.defs._table import table_asset
from fo_platform.operations.policy import adopt_policy
from fo_platform.policy import alerts, flow_frames, frames, scenarios
from fo_platform.policy.office import Policy


@table_asset(contracts.Entities, before=adopt_policy, audience="compliance", kinds=("yaml",))
def entities(policy: Policy) -> pd.DataFrame:
    """Legal owners."""
    return frames.entities(policy)


@table_asset(contracts.Ownership, before=adopt_policy, audience="compliance", kinds=("yaml",))
def ownership(policy: Policy) -> pd.DataFrame:
    """Who owns what."""
    return frames.ownership(policy)


@table_asset(contracts.Taxpayers, before=adopt_policy, audience="compliance", kinds=("yaml",))
def taxpayers(policy: Policy) -> pd.DataFrame:
    """Who bears tax."""
    return frames.taxpayers(policy)


@table_asset(contracts.Accounts, before=adopt_policy, audience="compliance", kinds=("yaml",), has_pii=True)
def accounts(policy: Policy) -> pd.DataFrame:
    """Accounts by surrogate."""
    return frames.accounts(policy)


@table_asset(contracts.AllocationTargets, before=adopt_policy, audience="family", kinds=("yaml",))
def allocation_targets(policy: Policy) -> pd.DataFrame:
    """Targets and hard limits."""
    return frames.allocation_targets(policy)


@table_asset(contracts.Limits, before=adopt_policy, audience="compliance", kinds=("yaml",))
def limits(policy: Policy) -> pd.DataFrame:
    """Policy numbers."""
    return frames.limits(policy)


@table_asset(contracts.PriceRules, before=adopt_policy, audience="compliance", kinds=("yaml",))
def price_rules(policy: Policy) -> pd.DataFrame:
    """Whose price counts and when one is held."""
    return frames.price_rules(policy)


@table_asset(contracts.ClassBenchmarks, before=adopt_policy, audience="family", kinds=("yaml",))
def class_benchmarks(policy: Policy) -> pd.DataFrame:
    """What every class is measured against."""
    return frames.class_benchmarks(policy)


@table_asset(contracts.CashRates, before=adopt_policy, audience="family", kinds=("yaml",))
def cash_rates(policy: Policy) -> pd.DataFrame:
    """What cash earns."""
    return frames.cash_rates(policy)


@table_asset(contracts.LiquidityTerms, before=adopt_policy, audience="family", kinds=("yaml",))
def liquidity_terms(policy: Policy) -> pd.DataFrame:
    """How what has no market becomes money."""
    return flow_frames.liquidity_terms(policy)


@table_asset(contracts.CashFlowRules, before=adopt_policy, audience="family", kinds=("yaml",))
def cash_flow_rules(policy: Policy) -> pd.DataFrame:
    """What the cash forecast assumes."""
    return flow_frames.cash_flow_rules(policy)


@table_asset(contracts.FeeTariffs, before=adopt_policy, audience="compliance", kinds=("yaml",))
def fee_tariffs(policy: Policy) -> pd.DataFrame:
    """What everybody agreed to charge."""
    return flow_frames.fee_tariffs(policy)


@table_asset(contracts.StressScenarios, before=adopt_policy, audience="family", kinds=("yaml",))
def stress_scenarios(policy: Policy) -> pd.DataFrame:
    """What the office fears."""
    return scenarios.stress_scenarios(policy.scenarios)


@table_asset(contracts.BondTerms, before=adopt_policy, audience="operator", kinds=("yaml",))
def bond_terms(policy: Policy) -> pd.DataFrame:
    """What bonds pay."""
    return scenarios.bond_terms(policy.scenarios)


@table_asset(contracts.AlertRules, before=adopt_policy, kinds=("yaml",))
def alert_rules(policy: Policy) -> pd.DataFrame:
    """What a person must look at."""
    return alerts.alert_rules(policy.alerts)


@table_asset(contracts.Approvers, before=adopt_policy, audience="compliance", kinds=("yaml",))
def approvers(policy: Policy) -> pd.DataFrame:
    """Who may sign."""
    return frames.approvers(policy)
