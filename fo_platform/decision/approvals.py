"""Which signed proposals hold on a day. Recording signatures and sending orders do not belong here."""

import json

import pandas as pd

from fo_platform.contracts.decision import Approval
from fo_platform.signing import APPROVAL, SignatureRequest, approval_state


def approval(approvals_known: pd.DataFrame, approvers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """`decision.approval`: every proposal that somebody signed and that is still valid, with where it stands."""
    signed = approvals_known[approvals_known["namespace"] == APPROVAL].drop_duplicates("digest")
    requests = [
        approval_request(json.loads(text), digest)
        for text, digest in zip(signed["document"], signed["digest"], strict=True)
    ]
    live = [request for request in requests if request.valid_until >= day]
    return Approval.frame([approval_state(approvals_known, approvers, request, day).row(request) for request in live])


def approval_request(document: dict[str, object], digest: str) -> SignatureRequest:
    """What the signers of a proposal document are asked."""
    return SignatureRequest(
        namespace=APPROVAL,
        digest=digest,
        entity_id=str(document["entity_id"]),
        proposer_id=str(document["proposer_id"]),
        valid_until=pd.Timestamp(str(document["valid_until_date"])),
        signatures_min=int(str(document["min_approvals"])),
    )
