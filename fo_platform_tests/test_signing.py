"""Signatures serve one purpose, and only the right people's count."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform import signing
from fo_platform.contracts.decision import Approval
from fo_platform.contracts.policy import Approvers
from fo_platform.signing import (
    APPROVAL,
    POLICY,
    RELEASE,
    SignatureRequest,
    approval_state,
    decision_digest,
    sign,
    verify,
)

DAY = pd.Timestamp("2022-06-14")
DIGEST = "d" * 64
KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b".")) for name in ("ann", "bob", "cio", "eve")
}
REQUEST = SignatureRequest(APPROVAL, DIGEST, "foundation", "cio", pd.Timestamp("2022-06-16"))
COLUMNS = ["namespace", "digest", "approver_id", "public_key", "signature", "decision", "business_date", "at"]


def signature(
    person: str, *, key: str = "", decision: str = "approve", digest: str = DIGEST, hour: int = 9
) -> dict[str, object]:
    """A row of the ledger's approvals, properly signed with the person's or another key."""
    private = KEYS[key or person]
    signed = sign(private, APPROVAL, decision_digest(digest, decision))
    when = {"business_date": DAY, "at": datetime(2022, 6, 14, hour, tzinfo=UTC)}
    return {
        "namespace": APPROVAL,
        "digest": digest,
        "approver_id": person,
        "public_key": signing.public_key(private),
        "signature": signed,
        "decision": decision,
        **when,
    }


def keyring(*rows: tuple[str, str], **more: object) -> pd.DataFrame:
    """Approvers of the foundation from 2022 on: (person, role)."""
    return Approvers.frame(
        [
            {
                "entity_id": "foundation",
                "approver_id": p,
                "approver_role": role,
                "public_key": signing.public_key(KEYS[p]),
                "valid_from": "2022-01-01",
                **more,
            }
            for p, role in rows
        ]
    )


BOARD = keyring(("ann", "approver"), ("bob", "approver"), ("cio", "proposer"))


def state(
    *signatures: dict[str, object], approvers: pd.DataFrame = BOARD, day: pd.Timestamp = DAY, **more: str
) -> signing.ApprovalState:
    return approval_state(pd.DataFrame(list(signatures), columns=COLUMNS), approvers, REQUEST, day, **more)


def test_two_different_people_approve():
    approved = state(signature("ann", hour=9), signature("bob", hour=10))
    assert (approved.status, approved.signers, approved.refusals) == ("approved", ("ann", "bob"), ())
    assert approved.approved_at == datetime(2022, 6, 14, 10, tzinfo=UTC)
    Approval.validate(Approval.frame([approved.row(REQUEST)]))


def test_one_is_not_enough():
    assert (state(signature("ann")).status, state().status) == ("pending", "pending")


def test_one_person_twice_is_one():
    twice = state(signature("ann", hour=9), signature("ann", hour=10))
    assert (twice.status, twice.refusals) == ("pending", ("ann signed twice; it counts once.",))


def test_two_names_with_one_key_are_one():
    shared = Approvers.frame(pd.concat([BOARD, keyring(("ann", "approver")).assign(approver_id="ann_again")]))
    both = state(signature("ann"), signature("ann_again", key="ann"), approvers=shared)
    assert both.status == "pending"
    assert "key that another person used" in both.refusals[0]


def test_the_proposer_cannot_sign_under_name_or_key():
    everywhere = Approvers.frame(
        pd.concat([BOARD, keyring(("cio", "approver")), keyring(("cio", "approver")).assign(approver_id="alias")])
    )
    for attempt in (signature("cio"), signature("alias", key="cio")):
        tried = state(signature("ann"), attempt, approvers=everywhere)
        assert tried.status == "pending"
        assert tried.refusals[0].endswith("proposed it and cannot sign it.")


@pytest.mark.parametrize(
    "approvers",
    [
        keyring(("ann", "approver")),
        keyring(("ann", "approver"), ("bob", "releaser")),
        pd.concat([keyring(("ann", "approver")), keyring(("bob", "approver")).assign(entity_id="trust")]),
        pd.concat([keyring(("ann", "approver")), keyring(("bob", "approver"), valid_until="2022-06-13")]),
        pd.concat(
            [keyring(("ann", "approver")), keyring(("bob", "approver")).assign(valid_from=pd.Timestamp("2022-06-15"))]
        ),
        pd.concat(
            [
                keyring(("ann", "approver")),
                keyring(("bob", "approver")).assign(public_key=signing.public_key(KEYS["eve"])),
            ]
        ),
    ],
    ids=["nobody", "other role", "other entity", "lapsed", "not yet", "other key"],
)
def test_without_authority_a_signature_does_not_count(approvers):
    tried = state(signature("ann"), signature("bob"), approvers=Approvers.frame(approvers))
    assert tried.status == "pending"
    assert tried.refusals == ("bob does not hold the role approver for foundation with this key on 2022-06-14.",)


def test_authority_gained_after_signing_or_lost_since_does_not_count():
    late = Approvers.frame(
        pd.concat(
            [keyring(("ann", "approver")), keyring(("bob", "approver")).assign(valid_from=DAY + timedelta(days=1))]
        )
    )
    lost = Approvers.frame(pd.concat([keyring(("ann", "approver")), keyring(("bob", "approver"), valid_until=DAY)]))
    tomorrow = DAY + timedelta(days=1)
    assert state(signature("ann"), signature("bob"), approvers=late, day=tomorrow).status == "pending"
    assert state(signature("ann"), signature("bob"), approvers=lost).status == "approved"
    assert state(signature("ann"), signature("bob"), approvers=lost, day=tomorrow).status == "pending"


def test_an_altered_document_voids_its_signatures():
    forged = {**signature("bob", digest="e" * 64), "digest": DIGEST}
    tried = state(signature("ann"), forged)
    assert tried.refusals == ("The signature of bob does not match the document.",)


def test_a_signature_for_another_document_is_not_looked_at():
    assert state(signature("ann"), signature("bob", digest="e" * 64)).refusals == ()


def test_a_rejection_ends_it_even_after_two_approvals():
    ended = state(signature("ann"), signature("bob"), signature("bob", decision="reject", hour=11))
    assert (ended.status, ended.reason) == ("rejected", "Rejected by bob.")


def test_a_rejection_cannot_be_turned_into_an_approval_nor_the_other_way():
    for real, shown in (("reject", "approve"), ("approve", "reject"), ("approve", "maybe")):
        turned = {**signature("bob", decision=real), "decision": shown}
        assert state(signature("ann"), turned).status == "pending"


def test_a_strangers_rejection_is_no_rejection():
    assert state(signature("ann"), signature("bob"), signature("eve", decision="reject")).status == "approved"


def test_an_approval_lapses_after_its_last_day():
    both = (signature("ann"), signature("bob"))
    assert state(*both, day=REQUEST.valid_until).status == "approved"
    assert state(*both, day=REQUEST.valid_until + timedelta(days=1)).status == "expired"


def test_an_approval_is_void_when_what_it_covers_has_changed():
    void = state(signature("ann"), signature("bob"), void_reason="The cash that it uses has changed.")
    assert (void.status, void.reason) == ("void", "The cash that it uses has changed.")


def test_a_release_needs_its_own_role_and_signature():
    digest = signing.release_digest(DIGEST, DAY)
    request = replace(REQUEST, namespace=RELEASE, digest=digest, signatures_min=1, role="releaser", valid_until=DAY)
    signed = {
        **signature("ann"),
        "namespace": RELEASE,
        "digest": digest,
        "signature": sign(KEYS["ann"], RELEASE, digest),
    }
    frame = pd.DataFrame([signed], columns=COLUMNS)
    assert approval_state(frame, keyring(("ann", "releaser")), request, DAY).status == "approved"
    assert approval_state(frame, keyring(("ann", "approver")), request, DAY).status == "pending"
    assert digest != signing.release_digest(DIGEST, DAY + timedelta(days=1))


@settings(max_examples=30)
@given(text=st.text(max_size=80), other=st.text(max_size=80))
def test_a_signature_verifies_for_its_purpose_and_digest_only(text, other):
    key, public = KEYS["ann"], signing.public_key(KEYS["ann"])
    signed = sign(key, APPROVAL, text)
    assert verify(public, APPROVAL, text, signed)
    assert not verify(public, RELEASE, text, signed)
    assert not verify(public, POLICY, text, signed)
    assert verify(public, APPROVAL, other, signed) == (text == other)
    assert not verify(signing.public_key(KEYS["bob"]), APPROVAL, text, signed)


def test_no_two_purposes_and_digests_sign_the_same_bytes():
    assert signing.signed_bytes("fo-approval/v1", "1x") != signing.signed_bytes("fo-approval/v11", "x")


@pytest.mark.parametrize("damaged", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_malformed_keys_and_signatures_are_no_signatures(damaged):
    public, signed = signing.public_key(KEYS["ann"]), sign(KEYS["ann"], APPROVAL, DIGEST)
    assert not verify(damaged, APPROVAL, DIGEST, signed)
    assert not verify(public, APPROVAL, DIGEST, damaged)
