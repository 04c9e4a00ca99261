"""Signatures: who approved, rejected, released what, recorded when they verify. What is signed belongs to decision."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fo_platform import signing
from fo_platform.canonical import canonical
from fo_platform.contracts import decision, reference
from fo_platform.decision.approvals import approval, approval_request
from fo_platform.errors import ApprovalError
from fo_platform.execution.amounts import price_scales
from fo_platform.ids import short_id
from fo_platform.ledger import tables
from fo_platform.ledger.views import approvals_known, seq_at
from fo_platform.lineage.adopted import policy_of
from fo_platform.office import Office
from fo_platform.operations.proposals import documents
from fo_platform.operations.read import of_day, recent
from fo_platform.policy import frames
from fo_platform.policy.office import Policy, policy_digest
from fo_platform.signing import SignatureRequest, approval_state

Fact = dict[str, Any]
KeyOf = Callable[[str], Ed25519PrivateKey]

FOREVER = pd.Timestamp("2262-01-01")
"""A signed policy holds until it is edited."""


def proposals(office: Office, day: date) -> list[Fact]:
    """The day's documents to sign, each with its digest and where it stands."""
    standing = approval_today(office, day).set_index("proposal_digest")["approval_status"].to_dict()
    return [
        {
            "entity_id": document["entity_id"],
            "digest": digest,
            "status": standing.get(digest, "awaiting signatures"),
            "document": json.loads(canonical(document)),
        }
        for digest, document in documents(office, day).items()
    ]


def approval_today(office: Office, day: date) -> pd.DataFrame:
    """`decision.approval` as the ledger stands now."""
    return approval(_signatures(office, day), _approvers(office, day), pd.Timestamp(day))


def record_approval(
    office: Office, digest: str, person: str, key: Ed25519PrivateKey, day: date, *, verdict: str = signing.APPROVE
) -> None:
    """Sign a proposal and record it; a signature that cannot count is refused, and the refusal recorded."""
    document = _find(office, digest, day)
    asked, text = approval_request(document, digest), canonical(document).decode()
    _record(office, asked, text, person=person, key=key, day=day, verdict=verdict)


def record_release(office: Office, digest: str, person: str, key: Ed25519PrivateKey, day: date) -> None:
    """Open one session of an approved proposal."""
    rows = approval_today(office, day)
    row = rows[(rows["proposal_digest"] == digest) & (rows["approval_status"] == "approved")]
    if row.empty:
        raise ApprovalError(
            f"Proposal {digest[:12]} is not approved on {day}.", "Two people approve it first: `fo approve`."
        )
    _record(office, _release_request(row.iloc[0], day), digest, person=person, key=key, day=day)


def record_policy(office: Office, person: str, key: Ed25519PrivateKey, day: date) -> None:
    """Sign the office's policy as adopted, for every owner that the person may approve for."""
    for request in _policy_requests(office, day):
        approvers = _approvers(office, day)
        mine = approvers[(approvers["approver_id"] == person) & (approvers["entity_id"] == request.entity_id)]
        if not mine.empty:
            _record(office, request, request.digest, person=person, key=key, day=day)
            return
    raise ApprovalError(f"{person} is nobody's approver.", "Name a person of approvers.yaml.")


def is_policy_signed(office: Office, day: date) -> bool:
    """Whether enough approvers of every owner signed the policy in force; an unsigned edit blocks trading."""
    signatures, approvers = _signatures(office, day), _approvers(office, day)
    states = [approval_state(signatures, approvers, r, pd.Timestamp(day)) for r in _policy_requests(office, day)]
    return all(state.status == "approved" for state in states)


def releasable(office: Office, day: date) -> list[str]:
    """Digests of approved proposals whose session today is signed and not yet planned or not fully sent."""
    if recent(office, decision.ExecutionPlan, day).empty:
        return []
    return sorted(set(released_lines(office, day)["proposal_digest"]))


def released_lines(office: Office, day: date) -> pd.DataFrame:
    """Lines of the signed plans that are approved and released for a session, with what the broker needs to know."""
    plan = recent(office, decision.ExecutionPlan, day)
    digests = [
        row["proposal_digest"] for _, row in approval_today(office, day).iterrows() if _is_released(office, row, day)
    ]
    lines = plan[plan["proposal_digest"].isin(digests)]
    instruments = of_day(office, reference.Instruments, day)
    scales = price_scales(instruments).rename("price_scale").rename_axis("instrument_id").reset_index()
    steps = instruments[["instrument_id", "lot_size"]].merge(
        scales, how="left", on="instrument_id", validate="one_to_one"
    )
    return lines.merge(steps, how="left", on="instrument_id", validate="many_to_one").assign(
        trade_date=pd.Timestamp(day)
    )


def sign_as_demo(office: Office, demo: Policy, day: date, key_of: KeyOf) -> int:
    """Sign the day's proposals and open their session with the demo office's own keys; returns how many.

    Refused, with nothing signed, in an office that does not allow demo keys: there it stops at 'awaiting signatures'.
    """
    if demo.office.demo_keys != "allowed":
        return 0
    known = set(approval_today(office, day)["proposal_digest"])
    new = {digest: document for digest, document in documents(office, day).items() if digest not in known}
    for digest, document in new.items():
        for person in _people(office, str(document["entity_id"]), "approver", day):
            record_approval(office, digest, person, key_of(person), day)
    standing = [row for _, row in approval_today(office, day).iterrows()]
    unopened = [row for row in standing if row["approval_status"] == "approved" and not _is_released(office, row, day)]
    for row in unopened:
        for person in _people(office, row["entity_id"], "releaser", day):
            record_release(office, row["proposal_digest"], person, key_of(person), day)
    return len(new)


def sign_policy_as_demo(office: Office, demo: Policy, day: date, key_of: KeyOf) -> None:
    """Sign the demo office's first policy with its own keys."""
    if demo.office.demo_keys == "allowed":
        approvers = _approvers(office, day)
        for person in sorted(set(approvers.loc[approvers["approver_role"] == "approver", "approver_id"])):
            record_policy(office, person, key_of(person), day)


def _record(
    office: Office,
    request: SignatureRequest,
    document: str,
    *,
    person: str,
    key: Ed25519PrivateKey,
    day: date,
    verdict: str = signing.APPROVE,
) -> None:
    """Append one signature if it counts, its refusal if not."""
    signature = signing.sign(key, request.namespace, signing.decision_digest(request.digest, verdict))
    row: Fact = {
        "namespace": request.namespace,
        "digest": request.digest,
        "entity_id": request.entity_id,
        "approver_id": person,
    }
    row |= {"public_key": signing.public_key(key), "signature": signature, "decision": verdict, "document": document}
    with office.ledger.transaction("signature") as entry:
        row |= {
            "business_date": day,
            "at": office.ledger.clock.now(),
            "approval_id": short_id(request.digest, person, verdict, str(entry.seq)),
        }
        refusal = _refusal(office, request, row, day)
        entry.append(
            tables.approvals, [row | ({"decision": f"refused {verdict}", "reason": refusal} if refusal else {})]
        )
    if refusal:
        raise ApprovalError(refusal, "Let somebody sign whom approvers.yaml names for this owner and role.")


def _refusal(office: Office, request: SignatureRequest, row: Fact, day: date) -> str:
    """Why a signature would not count beside those recorded, or nothing."""
    known = _signatures(office, day)
    both = pd.concat(
        [known[known["decision"].isin([signing.APPROVE, signing.REJECT])], pd.DataFrame([row])], ignore_index=True
    )
    typed = both.assign(business_date=pd.to_datetime(both["business_date"]), at=pd.to_datetime(both["at"], utc=True))
    refusals = approval_state(typed, _approvers(office, day), request, pd.Timestamp(day)).refusals
    return next((text for text in refusals if text.split()[0] == row["approver_id"] or row["approver_id"] in text), "")


def _is_released(office: Office, row: pd.Series, day: date) -> bool:
    if row["approval_status"] != "approved":
        return False
    request = _release_request(row, day)
    return (
        approval_state(_signatures(office, day), _approvers(office, day), request, pd.Timestamp(day)).status
        == "approved"
    )


def _release_request(row: pd.Series, day: date) -> SignatureRequest:
    """What the releaser of an approved proposal is asked, for one session."""
    return SignatureRequest(
        namespace=signing.RELEASE,
        digest=signing.release_digest(str(row["proposal_digest"]), pd.Timestamp(day)),
        entity_id=str(row["entity_id"]),
        proposer_id="",
        valid_until=row["valid_until_date"],
        signatures_min=1,
        role="releaser",
    )


def _policy_requests(office: Office, day: date) -> list[SignatureRequest]:
    adopted = policy_of(office, day)
    digest = policy_digest(adopted)
    first = SignatureRequest(signing.POLICY, digest, "", "", FOREVER)
    counts = {name: int(adopted.limits.of(name)["min_approvals"]) for name in adopted.entities}
    return [replace(first, entity_id=name, signatures_min=count) for name, count in counts.items()]


def _find(office: Office, digest: str, day: date) -> Fact:
    found = {d: document for d, document in documents(office, day).items() if d.startswith(digest)}
    if len(found) != 1 or not digest:
        raise ApprovalError(
            f"No proposal of {day} has the digest {digest}.", "See `fo proposal` for the ones that wait."
        )
    return next(iter(found.values()))


def _people(office: Office, entity_id: str, role: str, day: date) -> list[str]:
    approvers = _approvers(office, day)
    return list(
        approvers.loc[(approvers["entity_id"] == entity_id) & (approvers["approver_role"] == role), "approver_id"]
    )


def _approvers(office: Office, day: date) -> pd.DataFrame:
    return frames.approvers(policy_of(office, day))


def _signatures(office: Office, day: date) -> pd.DataFrame:
    return approvals_known(office.ledger, day, seq_at(office.ledger, office.ledger.last_known_at()))
