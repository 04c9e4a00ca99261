"""Plug-ins found by file."""

import pytest

from fo_platform.registry import discover


def test_plug_ins_are_found_by_file_in_order_and_private_modules_are_not() -> None:
    found = list(discover("fo_platform.checks", "CHECK"))
    assert found == sorted(found)
    assert not any(name.startswith("_") for name in found)


def test_a_plug_in_without_its_constant_is_named() -> None:
    with pytest.raises(AttributeError, match="NOTHING"):
        discover("fo_platform.checks", "NOTHING")
