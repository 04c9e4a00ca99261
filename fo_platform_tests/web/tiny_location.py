"""A code location of three assets that loads in a second. Assets of the office do not belong here."""

import dagster as dg


@dg.asset(key=["raw", "bank"], group_name="raw")
def bank() -> int:
    """A delivery."""
    return 1


@dg.asset(key=["book", "positions"], group_name="book", deps=[bank])
def positions() -> None:
    """Holdings."""


@dg.asset(key=["analytics", "drift"], group_name="analytics", deps=[positions])
def drift() -> None:
    """Distance from target."""


defs = dg.Definitions(assets=[bank, positions, drift], executor=dg.in_process_executor)
