"""An office's policy files, read and checked. What must agree with what belongs to crosscheck."""

from pathlib import Path

from fo_platform.declarations import Document, Model
from fo_platform.errors import PolicyError
from fo_platform.policy.alerts import AlertRules
from fo_platform.policy.cash_flows import CashFlowsFile
from fo_platform.policy.cash_rates import CashRates
from fo_platform.policy.crosscheck import problems
from fo_platform.policy.limits import LimitsFile
from fo_platform.policy.liquidity import LiquidityFile
from fo_platform.policy.models import (
    Approvers,
    AssetClasses,
    Benchmarks,
    Entities,
    Office,
    PricesFile,
    Sources,
    Targets,
)
from fo_platform.policy.office import Policy
from fo_platform.policy.scenarios import ScenariosFile
from fo_platform.policy.tariffs import Tariffs

FILES = ("office", "entities", "custodians", "targets", "limits", "prices", "benchmarks", "alerts", "approvers")
OPTIONAL = ("liquidity", "cash_flows", "tariffs", "cash_rates", "scenarios")
"""Files that an office need not have: without one nothing of it is declared."""


def load_policy(office_folder: Path) -> Policy:
    """The policy in an office's folder, or PolicyError that names file, line and remedy of the first fault."""
    documents = {name: Document.read(office_folder / f"{name}.yaml", PolicyError) for name in FILES}
    reference = office_folder.parents[1] / "reference"
    documents["asset_classes"] = Document.read(reference / "asset_classes.yaml", PolicyError)
    paths = {name: office_folder / f"{name}.yaml" for name in OPTIONAL}
    documents |= {name: Document.read(path, PolicyError) for name, path in paths.items() if path.exists()}
    policy = _parse(documents)
    problem = next(problems(policy), None)
    if problem is not None:
        raise documents[problem.file].fault(problem.location, problem.sentence, problem.remedy)
    return policy


def _parse(documents: dict[str, Document]) -> Policy:
    entities = documents["entities"].parse(Entities)
    return Policy(
        office=documents["office"].parse(Office),
        entities=entities.entities,
        taxpayers=entities.taxpayers,
        sources=documents["custodians"].parse(Sources).root,
        targets=documents["targets"].parse(Targets).root,
        limits=documents["limits"].parse(LimitsFile),
        prices=documents["prices"].parse(PricesFile),
        benchmarks=documents["benchmarks"].parse(Benchmarks).root,
        alerts=documents["alerts"].parse(AlertRules).root,
        approvers=documents["approvers"].parse(Approvers).root,
        asset_classes=documents["asset_classes"].parse(AssetClasses).root,
        liquidity=_parsed(documents, "liquidity", LiquidityFile) or LiquidityFile(),
        cash_flows=_parsed(documents, "cash_flows", CashFlowsFile) or CashFlowsFile(),
        tariffs=tariffs.root if (tariffs := _parsed(documents, "tariffs", Tariffs)) else {},
        cash_rates=rates.root if (rates := _parsed(documents, "cash_rates", CashRates)) else {},
        scenarios=_parsed(documents, "scenarios", ScenariosFile) or ScenariosFile(),
    )


def _parsed(documents: dict[str, Document], name: str, model: type[Model]) -> Model | None:
    """A file's model where the office has the file."""
    return documents[name].parse(model) if name in documents else None
