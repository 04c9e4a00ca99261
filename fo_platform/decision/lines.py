"""One row per account and instrument of an owner, money included, and what may be traded. Arrays do not belong here."""

import numpy as np
import pandas as pd

from fo_platform.decision.inputs import Inputs

CASH = "CASH."
"""Start of the instrument_id of money."""

CASH_CLASS = "cash"
"""Asset class of money."""

LINE = ["account_id", "instrument_id"]

FACTS = [*LINE, "asset_class", "currency", "quantity", "value", "unit_value", "accrued_unit", "fx_rate"]


def entity_lines(inputs: Inputs, entity_id: str) -> pd.DataFrame:
    """Lines of an owner, sorted: what it holds, and empty lines for what it could buy and the money that needs.

    value: base currency with accrued. unit_value, accrued_unit: per unit of quantity. is_open: whether it may trade.
    """
    held = _held(inputs, entity_id)
    lines = _stacked(held, _openings(inputs, entity_id, held))
    lines = _stacked(lines, _missing_pockets(lines))
    return _with_facts(lines, inputs, entity_id).sort_values(LINE, ignore_index=True)


def unreachable_classes(inputs: Inputs, entity_id: str, lines: pd.DataFrame) -> tuple[str, ...]:
    """Liquid classes with a target, nothing held and nothing that could be bought."""
    return tuple(sorted(_targeted(inputs, entity_id) - set(lines["asset_class"])))


def quotes(inputs: Inputs) -> pd.DataFrame:
    """Value of one unit of every priced instrument that anyone in the office holds, indexed by instrument_id."""
    priced = _valued(inputs.reconciled_positions)
    return priced[priced["unit_value"].notna()].drop_duplicates("instrument_id").set_index("instrument_id")


def _held(inputs: Inputs, entity_id: str) -> pd.DataFrame:
    rows = _valued(inputs.reconciled_positions[inputs.reconciled_positions["entity_id"] == entity_id])
    is_sound = rows["is_priced"] & ~rows["is_stale"] & ~rows["has_break"] & (rows["quantity"] >= 0)
    return rows.assign(is_sound=is_sound)[[*FACTS, "is_sound"]]


def _stacked(lines: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([lines, more], ignore_index=True) if len(more) else lines


def _valued(positions: pd.DataFrame) -> pd.DataFrame:
    rows = positions.sort_values(LINE)
    quantity = rows["quantity"].where(rows["quantity"] != 0)
    value = rows["market_value_base"].where(rows["is_priced"], 0.0)
    accrued = rows["accrued_base"].fillna(0.0)
    return rows.assign(
        value=value, unit_value=value.where(rows["is_priced"]) / quantity, accrued_unit=accrued / quantity
    )


def _targeted(inputs: Inputs, entity_id: str) -> set[str]:
    targets = inputs.allocation_targets[inputs.allocation_targets["entity_id"] == entity_id]
    return set(targets.loc[targets["is_liquid"] & (targets["weight_target"] > 0), "asset_class"])


def _openings(inputs: Inputs, entity_id: str, held: pd.DataFrame) -> pd.DataFrame:
    """Empty lines of the most traded instrument of every class that has a target but no holding."""
    known = inputs.instruments.merge(
        inputs.market_liquidity[["instrument_id", "adv_quantity"]], how="inner", on="instrument_id", validate="1:1"
    )
    known = known.drop(columns="currency").join(quotes(inputs)[FACTS[3:]], how="inner", on="instrument_id")
    wanted = known["asset_class"].isin(_targeted(inputs, entity_id) - set(held["asset_class"]))
    known = known[wanted & known["is_liquid"] & ~known["is_restricted"]]
    traded = known.assign(volume=known["adv_quantity"] * known["unit_value"])
    chosen = traded.sort_values(["volume", "instrument_id"], ascending=[False, True]).drop_duplicates("asset_class")
    accounts = inputs.accounts.loc[inputs.accounts["entity_id"] == entity_id, ["account_id"]]
    empty = chosen.assign(quantity=0.0, value=0.0, is_sound=True).merge(accounts, how="cross")
    return empty[[*FACTS, "is_sound"]]


def _missing_pockets(lines: pd.DataFrame) -> pd.DataFrame:
    """Empty lines of money in every currency that an account's instruments settle in but it holds none of."""
    needed = lines.drop_duplicates(["account_id", "currency"])
    needed = needed.assign(instrument_id=CASH + needed["currency"].astype(str))
    held = pd.MultiIndex.from_frame(lines[LINE])
    missing = needed[~pd.MultiIndex.from_frame(needed[LINE]).isin(held)]
    return missing.assign(
        asset_class=CASH_CLASS, quantity=0.0, value=0.0, unit_value=missing["fx_rate"], accrued_unit=0.0, is_sound=True
    )


def _with_facts(lines: pd.DataFrame, inputs: Inputs, entity_id: str) -> pd.DataFrame:
    """Lines with volume, spread and lot size, and whether account, instrument and class let them trade."""
    targets = inputs.allocation_targets[inputs.allocation_targets["entity_id"] == entity_id]
    illiquid = targets.loc[~targets["is_liquid"], "asset_class"]
    accounts = inputs.accounts[["account_id", "is_tradeable", "broker"]]
    known = inputs.instruments[["instrument_id", "lot_size", "is_liquid", "is_restricted"]]
    volumes = inputs.market_liquidity[["instrument_id", "adv_quantity", "spread_bps"]]
    facts = lines.merge(accounts, how="left", on="account_id", validate="m:1")
    facts = facts.merge(known, how="left", on="instrument_id", validate="m:1")
    facts = facts.merge(volumes, how="left", on="instrument_id", validate="m:1")
    may_trade = facts["is_tradeable"].eq(True) & facts["broker"].notna()
    is_market = facts["is_liquid"].eq(True) & facts["is_restricted"].eq(False) & ~facts["asset_class"].isin(illiquid)
    has_costs = facts["adv_quantity"].gt(0) & np.isfinite(facts["spread_bps"]) & facts["unit_value"].gt(0)
    is_cash = facts["instrument_id"].str.startswith(CASH)
    is_open = facts["is_sound"] & may_trade & is_market & has_costs & ~is_cash
    return facts.assign(is_cash=is_cash, is_open=is_open.astype(bool))
