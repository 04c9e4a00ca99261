"""Signing keys of the demo office's people."""

import pytest
from cryptography.exceptions import InvalidSignature

from fo_platform.signing import public_key
from fo_platform.simulation.approvers import DEMO_NAMES, demo_key


def test_the_keys_are_four_and_the_same_everywhere() -> None:
    assert public_key(demo_key("demo_cio")) == "uI3I0TDHwz7SYP9icPV+A/YQNZblaQH8SH01wUSqoeI="
    assert len({public_key(demo_key(name)) for name in DEMO_NAMES}) == 4


def test_a_signature_holds_for_its_message_and_its_signer_alone() -> None:
    signature = demo_key("demo_cio").sign(b"proposal")
    demo_key("demo_cio").public_key().verify(signature, b"proposal")
    for name, message in (("demo_cio", b"another"), ("demo_principal", b"proposal")):
        with pytest.raises(InvalidSignature):
            demo_key(name).public_key().verify(signature, message)


def test_nobody_else_has_a_demo_key() -> None:
    with pytest.raises(AssertionError, match="mallory"):
        demo_key("mallory")
