"""Everything that an office declares, in one value, and its digest. How it is read and checked belongs to load."""

from dataclasses import dataclass, field
from typing import cast

from fo_platform.canonical import Value, content_digest
from fo_platform.policy.alerts import AlertRule
from fo_platform.policy.cash_flows import CashFlowsFile
from fo_platform.policy.cash_rates import CashRate
from fo_platform.policy.limits import LimitsFile
from fo_platform.policy.liquidity import LiquidityFile
from fo_platform.policy.models import (
    Account,
    Approver,
    AssetClass,
    ClassBenchmark,
    Entity,
    Office,
    PricesFile,
    Source,
    Target,
    Taxpayer,
)
from fo_platform.policy.scenarios import ScenariosFile
from fo_platform.policy.tariffs import Tariff


@dataclass(frozen=True)
class Policy:
    """What an office declares, every reference checked."""

    office: Office
    entities: dict[str, Entity]
    taxpayers: dict[str, Taxpayer]
    sources: dict[str, Source]
    targets: dict[str, dict[str, Target]]
    limits: LimitsFile
    prices: PricesFile
    benchmarks: dict[str, list[ClassBenchmark]]
    alerts: dict[str, AlertRule]
    approvers: dict[str, Approver]
    asset_classes: dict[str, AssetClass]
    liquidity: LiquidityFile = field(default_factory=LiquidityFile)
    cash_flows: CashFlowsFile = field(default_factory=CashFlowsFile)
    tariffs: dict[str, list[Tariff]] = field(default_factory=dict)
    cash_rates: dict[str, CashRate] = field(default_factory=dict)
    scenarios: ScenariosFile = field(default_factory=ScenariosFile)

    @property
    def accounts(self) -> dict[str, tuple[str, Account]]:
        """Source and account by our surrogate."""
        pairs = [(source, body.accounts) for source, body in self.sources.items()]
        return {name: (source, account) for source, accounts in pairs for name, account in accounts.items()}


def policy_digest(policy: Policy) -> str:
    """Digest of what a signature stands on: targets, limits, approvers and accounts."""
    body = {
        "targets": {
            entity: {name: target.model_dump() for name, target in classes.items()}
            for entity, classes in policy.targets.items()
        },
        "limits": {scope: policy.limits.of(scope) for scope in ("office", *policy.entities)},
        "approvers": {name: approver.model_dump() for name, approver in policy.approvers.items()},
        "accounts": {n: {"source": source, **account.model_dump()} for n, (source, account) in policy.accounts.items()},
    }
    return content_digest(cast(Value, body))
