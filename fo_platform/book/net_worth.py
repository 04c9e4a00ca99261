"""Net asset value of every entity and of the office. Where it is allocated belongs to analytics."""

from collections.abc import Iterable

import pandas as pd

from fo_platform import units
from fo_platform.contracts.book import NetWorth
from fo_platform.errors import PolicyError
from fo_platform.limits import OFFICE


def net_worth(
    holdings: pd.DataFrame,
    reconciliation_breaks: pd.DataFrame,
    entities: pd.DataFrame,
    accounts: pd.DataFrame,
) -> pd.DataFrame:
    """book.NetWorth: one row an entity and one for `office`, which is the sum of what the entities hold themselves.

    An entity that owns another is stated without it, so that nothing counts twice. broken_base: materiality of open
    breaks that are more than information; those of accounts that policy does not know count for the office alone.
    """
    breaks = reconciliation_breaks[reconciliation_breaks["severity"] != "info"]
    owners = accounts[["account_id", "entity_id"]]
    owned = breaks.merge(owners, how="left", on="account_id", validate="many_to_one")
    office = _base_currency(entities["base_currency"])
    rows = [
        _row(
            (entity_id, base_currency),
            holdings[holdings["entity_id"] == entity_id],
            owned[owned["entity_id"] == entity_id],
        )
        for entity_id, base_currency in zip(entities["entity_id"], entities["base_currency"], strict=True)
    ]
    return NetWorth.frame([*rows, _row((OFFICE, office), holdings, breaks)])


def _row(owner: tuple[str, str], holdings: pd.DataFrame, breaks: pd.DataFrame) -> dict[str, object]:
    is_cash, is_owed = holdings["asset_class"] == "cash", holdings["holding_kind"] == "liability"
    value = holdings["market_value_base"]
    assets, cash_base = units.total(value[~is_cash & ~is_owed]), units.total(value[is_cash])
    owed = -units.total(value[is_owed])
    return {
        "entity_id": owner[0],
        "base_currency": owner[1],
        "assets_base": assets,
        "cash_base": cash_base,
        "liabilities_base": owed,
        "nav_base": assets + cash_base - owed,
        "stale_base": units.total(value[holdings["is_stale"]].abs()),
        "broken_base": units.total(breaks["materiality_base"]),
        "unpriced_count": int((~holdings["is_priced"]).sum()),
    }


def _base_currency(currencies: Iterable[str]) -> str:
    """The one currency that all entities report in."""
    stated = sorted(set(currencies))
    if len(stated) != 1:
        raise PolicyError(
            f"The office cannot be summed: its entities report in {', '.join(stated) or 'no currency'}.",
            "Give all entities one base_currency in entities.yaml.",
        )
    return stated[0]
