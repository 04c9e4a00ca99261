"""Canonical JSON (RFC 8785 for our subset) of what is signed, hashed or audited. Floats do not belong in it."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

from fo_platform.units import plain

Value = str | int | bool | None | Decimal | date | datetime | list["Value"] | tuple["Value", ...] | dict[str, "Value"]

INTEGER_MAX = 2**53


def canonical(body: Value) -> bytes:
    """UTF-8 bytes of a body: keys sorted, no white space, Decimals and dates as strings; a float is refused.

    Equal to RFC 8785 for strings, integers below 2**53, booleans, null, lists and objects with keys of the basic plane.
    """
    return json.dumps(_plain(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def content_digest(body: Value) -> str:
    """Hex sha256 of the canonical bytes."""
    return hashlib.sha256(canonical(body)).hexdigest()


def _plain(body: Value) -> object:
    match body:
        case bool() | str() | None:
            return body
        case Decimal():
            return plain(body)
        case datetime() | date():
            return body.isoformat()
        case int() if abs(body) < INTEGER_MAX:
            return body
        case dict():
            return {key: _plain(value) for key, value in body.items()}
        case list() | tuple():
            return [_plain(value) for value in body]
    raise TypeError(f"canonical JSON holds no {type(body).__name__}: {body!r}")
