"""What our own fills do to holdings, correction by correction. Orders and their states belong to execution."""

import pandas as pd

from fo_platform.contracts.execution import Fills
from fo_platform.once import once

Key = tuple[str, str, str]

_SAID = ["quantity", "price_local", "fee_local", "settlement_date"]
_LEG = ["account_id", "instrument_id", "currency", "trade_date", *_SAID, "root"]


@once
def fill_legs(fills_known: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Every fill as signed movements that had happened before a day; a purchase is positive, a fee is a cost.

    A correction takes back what its execution said before and states it anew, a cancellation only takes it back, both
    on the day they happened: the book of the days between is not rewritten. Columns account_id, instrument_id,
    currency, quantity, price_local, fee_local, trade_date, settlement_date and root, the first of the chain.
    """
    fills = Fills.frame(fills_known[[name for name in Fills.fields() if name in fills_known]])
    if fills.empty:
        return fills.assign(root=fills["exec_id"])[_LEG]
    chained = fills.assign(**_signed(fills), root=_roots(fills), is_later=fills["exec_type"] != "trade")
    ordered = chained.sort_values(["is_later", "executed_at", "exec_id"], kind="stable")
    stepped = ordered.assign(step=ordered.groupby(["broker", "account_id", "root"]).cumcount())
    own = stepped[stepped["exec_type"] != "trade_cancel"]
    is_plain = not ordered["is_later"].any()
    legs = own[_LEG] if is_plain else pd.concat([own[_LEG], _reversals(stepped, own)[_LEG]])
    return legs[legs["trade_date"] < day].reset_index(drop=True)


def _signed(fills: pd.DataFrame) -> dict[str, pd.Series]:
    happened = fills["executed_at"].dt.tz_localize(None).dt.normalize().astype("datetime64[ns]")
    is_later = (fills["exec_type"] != "trade") & (happened > fills["trade_date"])
    size = fills["quantity"].abs()
    return {
        "trade_date": fills["trade_date"].mask(is_later, happened),
        "quantity": size.where(fills["side"].str.upper() == "BUY", -size),
    }


def _reversals(stepped: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Of every correction the leg that takes back what its chain said before, settling no earlier than it happened."""
    step = ["broker", "account_id", "root", "step"]
    before = own[[*step, *_SAID]].assign(step=own["step"] + 1)
    later = stepped[stepped["step"] > 0].drop(columns=_SAID)
    legs = later.merge(before, how="inner", on=step, validate="one_to_one")
    is_past = legs["settlement_date"] < legs["trade_date"]
    return legs.assign(
        quantity=-legs["quantity"],
        fee_local=-legs["fee_local"],
        settlement_date=legs["settlement_date"].mask(is_past, legs["trade_date"]),
    )


def _roots(fills: pd.DataFrame) -> pd.Series:
    """First execution of every row's chain; a reference names the first or any later one."""
    keys: list[Key] = list(zip(fills["broker"], fills["account_id"], fills["exec_id"], strict=True))
    named = {key: ref for key, ref in zip(keys, fills["exec_ref_id"], strict=True) if ref is not pd.NA}
    return pd.Series([_root(key, named) for key in keys], index=fills.index, dtype="object")


def _root(key: Key, named: dict[Key, str]) -> str:
    broker, account_id, exec_id = key
    seen = {exec_id}
    while (ref := named.get((broker, account_id, exec_id))) and ref not in seen:
        seen.add(ref)
        exec_id = ref
    return exec_id
