"""Identifiers that we mint: deterministic ones from content, random ones for batches.

Clock values do not belong here.
"""

import base64
import hashlib
import uuid


def digest(*parts: str | bytes) -> str:
    """Hex sha256 over length-prefixed parts, so that no two different lists of parts collide."""
    state = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        state.update(len(raw).to_bytes(8, "big") + raw)
    return state.hexdigest()


def short_id(*parts: str) -> str:
    """Sixteen hex characters, stable for the same parts: break, transaction, lot and alert identifiers."""
    return digest(*parts)[:16]


def client_order_id(*parts: str) -> str:
    """FIX ClOrdID (11): 20 base32 characters, deterministic, so that a re-run regenerates the same order."""
    return base64.b32encode(bytes.fromhex(digest(*parts))).decode()[:20]


def random_id() -> str:
    """A fresh identifier for something whose identity is its creation, such as a batch or a lease."""
    return uuid.uuid4().hex
