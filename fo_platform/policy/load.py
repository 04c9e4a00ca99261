"""An office's policy files, read and checked. What must agree with what belongs to crosscheck."""

from pathlib import Path

from fo_platform.declarations import Document
from fo_platform.errors import PolicyError
from fo_platform.policy.crosscheck import problems
from fo_platform.policy.limits import LimitsFile
from fo_platform.policy.models import Approvers, AssetClasses, Entities, Office, PricesFile, Sources, Targets
from fo_platform.policy.office import Policy

FILES = ("office", "entities", "custodians", "targets", "limits", "prices", "approvers")


def load_policy(office_folder: Path) -> Policy:
    """The policy in an office's folder, or PolicyError that names file, line and remedy of the first fault."""
    documents = {name: Document.read(office_folder / f"{name}.yaml", PolicyError) for name in FILES}
    reference = office_folder.parents[1] / "reference"
    documents["asset_classes"] = Document.read(reference / "asset_classes.yaml", PolicyError)
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
        approvers=documents["approvers"].parse(Approvers).root,
        asset_classes=documents["asset_classes"].parse(AssetClasses).root,
    )
