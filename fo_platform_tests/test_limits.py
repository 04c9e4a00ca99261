"""Policy numbers: own before office, exact, and never a silent default."""

from decimal import Decimal

import pytest

from fo_platform.contracts._base import inexact
from fo_platform.contracts.policy import Limits
from fo_platform.errors import PolicyError
from fo_platform.limits import limit

ROWS = [
    {"entity_id": "office", "limit_name": "drift_limit", "value": "0.02", "unit": "fraction"},
    {"entity_id": "trust", "limit_name": "drift_limit", "value": "0.03", "unit": "fraction"},
    {"entity_id": "trust", "limit_name": "reserve", "value": "2000000", "unit": "USD"},
]


def test_an_entity_s_own_limit_wins_over_the_office_s() -> None:
    limits = Limits.frame(ROWS)
    assert limit(limits, "trust", "drift_limit") == Decimal("0.03")
    assert limit(limits, "llc", "drift_limit") == Decimal("0.02")


def test_a_limit_read_from_floats_is_the_declared_decimal() -> None:
    assert limit(inexact(Limits.frame(ROWS)), "llc", "drift_limit") == Decimal("0.02")


def test_an_undeclared_limit_is_refused_with_its_name_and_owner() -> None:
    with pytest.raises(PolicyError, match="No limit reserve is declared for llc.*office"):
        limit(Limits.frame(ROWS), "llc", "reserve")
