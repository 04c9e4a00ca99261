"""Signing keys of the demo office's people, derived from their names, so worthless. Real keys do not belong here."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DEMO_NAMES = ("demo_operator", "demo_cio", "demo_principal", "demo_trader")
"""Proposer, first approver, second approver, releaser."""


def demo_key(name: str) -> Ed25519PrivateKey:
    """The Ed25519 key of a demo person; anybody can derive it, so no other office may accept it."""
    assert name in DEMO_NAMES, f"{name} is nobody in the demo office"
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"fo demo key {name}".encode()).digest())
