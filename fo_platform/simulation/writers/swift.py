"""SWIFT's envelope and number style, shared by both messages of the Swiss bank. Fields belong to the messages."""

from collections.abc import Iterable
from decimal import Decimal

from fo_platform.units import plain

BANK = "SWBKCHZZAXXX"
OFFICE = "FOFFUS33AXXX"


def message(kind: str, lines: Iterable[str], day: str) -> bytes:
    """One FIN message with its blocks; lines end with CR LF, as on the network."""
    head = f"{{1:F01{OFFICE}0000000000}}{{2:O{kind}2359{day}{BANK}0000000000{day}2359N}}{{4:"
    return "\r\n".join([head, *lines, "-}", ""]).encode("ascii")


def amount(value: Decimal) -> str:
    """A number with a decimal comma, which SWIFT always wants, and no sign."""
    text = plain(value)
    return text.replace(".", ",") if "." in text else f"{text},"


def signed(value: Decimal) -> str:
    """A number that may be negative: N goes first."""
    return f"{'N' if value < 0 else ''}{amount(abs(value))}"
