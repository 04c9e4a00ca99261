"""The documents that wait for signatures, made again from stored tables. What they say belongs to decision."""

import json
from datetime import date
from typing import Any

import pandas as pd

from fo_platform.canonical import Value, content_digest
from fo_platform.contracts import decision, policy
from fo_platform.decision.document import Stored, proposal_document
from fo_platform.errors import LedgerError
from fo_platform.office import Office
from fo_platform.operations.read import of_day


def documents(office: Office, day: date) -> dict[str, dict[str, Value]]:
    """Every proposal document of a day by its digest, which is proved to be the one that its orders carry."""
    stored = _stored(office, day)
    digests = stored.execution_plan.groupby("entity_id")["proposal_digest"].first()
    inputs = _inputs(office, day) if len(digests) else {}
    today = pd.Timestamp(day)
    found = {digest: proposal_document(stored, str(owner), today, inputs) for owner, digest in digests.items()}
    for digest, document in found.items():
        if content_digest(document) != digest:
            raise LedgerError(
                f"The stored proposal of {document['entity_id']} on {day} does not give its digest.",
                "Run `fo rebuild`.",
            )
    return found


def _stored(office: Office, day: date) -> Stored:
    return Stored(
        rebalance_evaluation=of_day(office, decision.RebalanceEvaluation, day),
        rebalance_proposal=of_day(office, decision.RebalanceProposal, day),
        execution_plan=of_day(office, decision.ExecutionPlan, day),
        entities=of_day(office, policy.Entities, day),
        limits=of_day(office, policy.Limits, day),
        approvers=of_day(office, policy.Approvers, day),
    )


def _inputs(office: Office, day: date) -> dict[str, str]:
    """Content hash of every table that the plan was made from, as its batch recorded them."""
    plan: Any = office.warehouse.batches(decision.ExecutionPlan.name, day, day)[-1]
    hashes = {name: office.warehouse.batches_by_id(ids) for name, ids in json.loads(plan.inputs).items()}
    return {name: ",".join(batch.content_sha256 for batch in batches) for name, batches in hashes.items()}
