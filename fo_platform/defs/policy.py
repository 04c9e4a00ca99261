"""The policy tables: what the office declares, as adopted for the day. Reading YAML belongs to policy."""

import pandas as pd

from fo_platform.contracts import policy as contracts
from fo_platform.defs._table import table_asset
from fo_platform.operations.policy import adopt_policy
from fo_platform.policy import frames
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


@table_asset(contracts.Approvers, before=adopt_policy, audience="compliance", kinds=("yaml",))
def approvers(policy: Policy) -> pd.DataFrame:
    """Who may sign."""
    return frames.approvers(policy)
