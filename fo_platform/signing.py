"""Ed25519 signatures, each for one purpose, and the rule of whose signatures count.

Where keys are kept does not belong here.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fo_platform import ids

Namespace = Literal["fo-approval/v1", "fo-release/v1", "fo-policy/v1"]
Status = Literal["pending", "approved", "rejected", "void", "expired"]

APPROVAL: Namespace = "fo-approval/v1"
RELEASE: Namespace = "fo-release/v1"
POLICY: Namespace = "fo-policy/v1"
APPROVE = "approve"
REJECT = "reject"


@dataclass(frozen=True)
class SignatureRequest:
    """What is to be signed, by how many people of which role, and until when it holds."""

    namespace: Namespace
    digest: str
    entity_id: str
    proposer_id: str
    valid_until: pd.Timestamp
    signatures_min: int = 2
    role: str = "approver"


@dataclass(frozen=True)
class ApprovalState:
    """Where a request stands: who signed, and one sentence for every signature that does not count."""

    status: Status
    signers: tuple[str, ...]
    approved_at: pd.Timestamp | None
    refusals: tuple[str, ...]
    reason: str

    def row(self, request: SignatureRequest) -> dict[str, object]:
        """The state as a row of `decision.approval`."""
        return {
            "proposal_digest": request.digest,
            "entity_id": request.entity_id,
            "approval_status": self.status,
            "signatures": len(self.signers),
            "signers": ",".join(self.signers),
            "approved_at": self.approved_at,
            "valid_until_date": request.valid_until,
            "reason": " ".join((self.reason, *self.refusals)),
        }


def public_key(key: Ed25519PrivateKey) -> str:
    """The public half in base64, as policy declares it."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signed_bytes(namespace: Namespace, digest: str) -> bytes:
    """What a key signs: purpose and digest, each with its length, so that a signature serves one purpose only."""
    parts = (namespace.encode(), digest.encode())
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def sign(key: Ed25519PrivateKey, namespace: Namespace, digest: str) -> str:
    """Signature in base64 of a digest for one purpose."""
    return base64.b64encode(key.sign(signed_bytes(namespace, digest))).decode()


def verify(public_key_b64: str, namespace: Namespace, digest: str, signature_b64: str) -> bool:
    """Whether the key signed this digest for this purpose; malformed input is simply no signature."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key_b64, validate=True))
        key.verify(base64.b64decode(signature_b64, validate=True), signed_bytes(namespace, digest))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def decision_digest(digest: str, decision: str) -> str:
    """What is signed for a decision: a rejection signs another digest, so that it can never be shown as an approval."""
    return ids.digest(REJECT, digest) if decision == REJECT else digest


def release_digest(proposal_digest: str, session: pd.Timestamp) -> str:
    """What is signed to open one session of an approved proposal."""
    return ids.digest("release", proposal_digest, session.date().isoformat())


def approval_state(
    approvals: pd.DataFrame,
    approvers: pd.DataFrame,
    request: SignatureRequest,
    day: pd.Timestamp,
    *,
    void_reason: str = "",
) -> ApprovalState:
    """Where the request stands on the day.

    approvals: signatures as the ledger's table has them. approvers: `policy.approvers`. Enough different people with
    different keys must have signed, holding the role for the entity from the day they signed until today, none of them
    the proposer by name or key. One valid rejection ends it.
    """
    is_ours = (approvals["namespace"] == request.namespace) & (approvals["digest"] == request.digest)
    ours = approvals[is_ours & (approvals["business_date"] <= day)]
    counted: list[pd.Series] = []
    refusals: list[str] = []
    for _, signature in ours.sort_values(["at", "approver_id"], kind="stable").iterrows():
        refusal = _refusal(signature, approvers, request, day) or _repetition(signature, counted)
        if refusal:
            refusals.append(refusal)
        else:
            counted.append(signature)
    return _state(counted, tuple(refusals), request, day, void_reason)


def _refusal(signature: pd.Series, approvers: pd.DataFrame, request: SignatureRequest, day: pd.Timestamp) -> str:
    """Why a signature does not count by itself, or nothing."""
    person, key = str(signature["approver_id"]), str(signature["public_key"])
    decision = str(signature["decision"])
    proposer_keys = approvers.loc[approvers["approver_id"] == request.proposer_id, "public_key"]
    if person == request.proposer_id or key in set(proposer_keys):
        return f"{person} proposed it and cannot sign it."
    if not _has_authority(signature, approvers, request, day):
        return f"{person} does not hold the role {request.role} for {request.entity_id} with this key on {day.date()}."
    if decision not in (APPROVE, REJECT):
        return f"{person} neither approved nor rejected it."
    if not verify(key, request.namespace, decision_digest(request.digest, decision), str(signature["signature"])):
        return f"The signature of {person} does not match the document."
    return ""


def _has_authority(signature: pd.Series, approvers: pd.DataFrame, request: SignatureRequest, day: pd.Timestamp) -> bool:
    holds = (
        (approvers["entity_id"] == request.entity_id)
        & (approvers["approver_role"] == request.role)
        & (approvers["approver_id"] == signature["approver_id"])
        & (approvers["public_key"] == signature["public_key"])
        & (approvers["valid_from"] <= signature["business_date"])
        & (approvers["valid_until"].isna() | (approvers["valid_until"] >= day))
    )
    return bool(holds.any())


def _repetition(signature: pd.Series, counted: list[pd.Series]) -> str:
    if signature["decision"] == REJECT:
        return ""
    person = signature["approver_id"]
    before = [one for one in counted if one["decision"] != REJECT]
    if any(one["approver_id"] == person for one in before):
        return f"{person} signed twice; it counts once."
    if any(one["public_key"] == signature["public_key"] for one in before):
        return f"{person} signed with a key that another person used."
    return ""


def _state(
    counted: list[pd.Series], refusals: tuple[str, ...], request: SignatureRequest, day: pd.Timestamp, void_reason: str
) -> ApprovalState:
    rejections = [one for one in counted if one["decision"] == REJECT]
    approvals = [one for one in counted if one["decision"] != REJECT]
    is_complete = len(approvals) >= request.signatures_min
    signers = tuple(str(one["approver_id"]) for one in approvals)
    approved_at = approvals[request.signatures_min - 1]["at"] if is_complete else None
    status, reason = _verdict(rejections, len(approvals), request, day, void_reason)
    return ApprovalState(status, signers, approved_at, refusals, reason)


def _verdict(
    rejections: list[pd.Series], approvals: int, request: SignatureRequest, day: pd.Timestamp, void_reason: str
) -> tuple[Status, str]:
    if rejections:
        return "rejected", f"Rejected by {rejections[0]['approver_id']}."
    if void_reason:
        return "void", void_reason
    if day > request.valid_until:
        return "expired", f"Valid until {request.valid_until.date()}."
    if approvals < request.signatures_min:
        return "pending", f"{approvals} of {request.signatures_min} signatures."
    return "approved", f"{approvals} of {request.signatures_min} signatures."
