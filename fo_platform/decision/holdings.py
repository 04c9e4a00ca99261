"""Lots, possible purchases and money of an owner as arrays. Targets and limits do not belong here."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fo_platform.decision.inputs import Inputs
from fo_platform.decision.lines import LINE
from fo_platform.decision.model import Assets, Index, Lots, Pockets, Purchases
from fo_platform.lots import is_long_term

FOOTING = 1e-6
"""Largest relative difference between a position and its lots that is rounding."""


def read_lots(inputs: Inputs, lines: pd.DataFrame, assets: Assets, day: pd.Timestamp) -> Lots:
    """Lots of the owner; those of a closed line, or of one that they do not foot to, may not be sold."""
    columns = [*LINE, "lot_id", "acquired_date", "quantity", "cost_local"]
    lots = inputs.tax_lots[columns].rename(columns={"quantity": "lot_quantity"})
    rows = lots.merge(lines, how="inner", on=LINE, validate="m:1").sort_values([*LINE, "lot_id"], ignore_index=True)
    footing = rows.groupby(LINE)["lot_quantity"].transform("sum") - rows["quantity"]
    value = (rows["lot_quantity"] * rows["unit_value"]).fillna(0.0)
    is_open = rows["is_open"] & (footing.abs() <= FOOTING * rows["quantity"].abs()) & (value > 0)
    clean = rows["lot_quantity"] * (rows["unit_value"] - rows["accrued_unit"])
    gain = (clean - rows["cost_local"] * rows["fx_rate"]) / value.where(value > 0)
    return Lots(
        account_id=tuple(rows["account_id"]),
        instrument_id=tuple(rows["instrument_id"]),
        lot_id=tuple(rows["lot_id"]),
        asset=positions_in(assets.names, rows["instrument_id"]),
        pocket=_pocket_of(lines, rows),
        value=value.to_numpy(float),
        cap=value.where(is_open, 0.0).to_numpy(float),
        unit_value=rows["unit_value"].to_numpy(float),
        gain=gain.fillna(0.0).to_numpy(float),
        is_long_term=np.array([is_long_term(at.date(), day.date()) for at in rows["acquired_date"]], dtype=bool),
    )


def read_purchases(lines: pd.DataFrame, assets: Assets) -> Purchases:
    """What may be bought: every instrument in the accounts that hold it, up to the share of its volume we may be."""
    rows = lines[~lines["is_cash"]]
    asset = positions_in(assets.names, rows["instrument_id"])
    return Purchases(
        account_id=tuple(rows["account_id"]),
        instrument_id=tuple(rows["instrument_id"]),
        asset=asset,
        pocket=_pocket_of(lines, rows),
        cap=np.where(rows["is_open"], assets.volume_cap[asset], 0.0),
        unit_value=rows["unit_value"].to_numpy(float),
    )


def positions_in(names: Sequence[str], wanted: pd.Series) -> Index:
    """Where each wanted name stands among the names."""
    return pd.Index(list(names)).get_indexer(pd.Index(wanted.astype(object))).astype(np.intp)


def _cash(lines: pd.DataFrame) -> pd.DataFrame:
    return lines[lines["is_cash"]]


def _pocket_of(lines: pd.DataFrame, rows: pd.DataFrame) -> Index:
    pockets = pd.MultiIndex.from_frame(_cash(lines)[["account_id", "currency"]].astype(object))
    wanted = pd.MultiIndex.from_frame(rows[["account_id", "currency"]].astype(object))
    return pockets.get_indexer(wanted).astype(np.intp)


def read_pockets(inputs: Inputs, lines: pd.DataFrame, assets: Assets) -> Pockets:
    """Money by account and currency. Trades settle in their own; the floor is in the account's base currency.

    A pocket that is below its floor, or that is not known for sure, may be paid into but not drawn on.
    """
    rows = _cash(lines).merge(
        inputs.accounts[["account_id", "base_currency", "cash_floor_base"]], how="left", on="account_id", validate="m:1"
    )
    floor = rows["cash_floor_base"].where(rows["currency"] == rows["base_currency"], 0.0)
    return Pockets(
        account_id=tuple(rows["account_id"]),
        currency=tuple(rows["currency"]),
        asset=positions_in(assets.names, rows["instrument_id"]),
        cash=rows["value"].to_numpy(float),
        floor=floor.clip(upper=rows["value"]).where(rows["is_sound"], rows["value"]).to_numpy(float),
    )
