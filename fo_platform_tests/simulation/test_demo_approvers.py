"""Signing keys of the demo office's people."""

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fo_platform.simulation.approvers import DEMO_NAMES, demo_public_key, demo_signature


def public_key(name: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(demo_public_key(name)))


def test_the_keys_are_four_and_the_same_everywhere() -> None:
    assert demo_public_key("demo_cio") == "uI3I0TDHwz7SYP9icPV+A/YQNZblaQH8SH01wUSqoeI="
    assert len({demo_public_key(name) for name in DEMO_NAMES}) == 4


def test_a_signature_holds_for_its_message_and_its_signer_alone() -> None:
    signature = base64.b64decode(demo_signature("demo_cio", b"proposal"))
    public_key("demo_cio").verify(signature, b"proposal")
    for name, message in (("demo_cio", b"another"), ("demo_principal", b"proposal")):
        with pytest.raises(InvalidSignature):
            public_key(name).verify(signature, message)


def test_nobody_else_has_a_demo_key() -> None:
    with pytest.raises(AssertionError, match="mallory"):
        demo_public_key("mallory")
