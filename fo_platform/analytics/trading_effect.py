"""What the trades of a session gained over having held what was there. Returns and their linking do not belong here."""

import pandas as pd

from fo_platform.analytics.line_flows import DELIVERIES, LINE, ROUNDING, TRADES

COLUMNS = ["account_id", "entity_id", "asset_class", "trading_base"]

_TELLING = ["entity_id", "asset_class", "currency"]
_WORTH = ["quantity", "market_value_base", "price_local", "fx_rate"]


def trading_gains(
    *, holdings: pd.DataFrame, holdings_previous: pd.DataFrame, transactions: pd.DataFrame, prices: pd.DataFrame
) -> pd.DataFrame:
    """Gain of trades by account and class, base currency: what was bought is worth at the close less what it cost.

    It is the actual gain less that of yesterday's holdings kept until the close, costs of trading included. Trades that
    do not explain the change of their line are not counted, nor is what has no value: such gains stay in selection.
    A line sold out is worth what its price says, at yesterday's accrued interest.
    """
    trades, delivered = (_by_line(transactions, kinds) for kinds in (TRADES, DELIVERIES))
    if trades.empty:
        return pd.DataFrame({name: holdings[name].iloc[:0] for name in COLUMNS[:3]}).assign(trading_base=0.0)
    lines = _lines(trades, holdings, holdings_previous).merge(
        delivered, how="left", on=LINE, validate="one_to_one", suffixes=("", "_delivered")
    )
    change = lines["quantity_end"] - lines["quantity_start"] - lines["quantity_delivered"].fillna(0.0)
    is_explained = (lines["quantity"] - change).abs() <= ROUNDING * change.abs().clip(lower=1.0)
    rates = holdings.drop_duplicates("currency").set_index("currency")["fx_rate"].astype("float64")
    rate = lines["currency"].map(rates)
    gains = lines["quantity"] * _unit_values(lines, prices, rate) + lines["cash_local"] * rate
    counted = lines.assign(trading_base=gains)[is_explained & gains.notna()]
    return counted.groupby(COLUMNS[:3])["trading_base"].sum().reset_index()


def _by_line(transactions: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    moves = transactions[transactions["transaction_kind"].isin(kinds)]
    return moves.groupby(LINE, as_index=False)[["quantity", "cash_local"]].sum()


def _lines(trades: pd.DataFrame, today: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Trades with their line on both days, zero where it is not; of accounts that were there on both days."""
    sides = {"end": today, "start": before}
    rows = trades
    for side, held in sides.items():
        named = held[[*LINE, *_TELLING, *_WORTH]].rename(columns={n: f"{n}_{side}" for n in (*_TELLING, *_WORTH)})
        rows = rows.merge(named, how="left", on=LINE, validate="one_to_one")
    telling = {name: rows[f"{name}_end"].fillna(rows[f"{name}_start"]) for name in _TELLING}
    is_held = [rows["account_id"].isin(held["account_id"]) for held in sides.values()]
    is_valued = [rows[f"market_value_base_{s}"].notna() | rows[f"entity_id_{s}"].isna() for s in sides]
    quantities = {f"quantity_{side}": rows[f"quantity_{side}"].fillna(0.0) for side in sides}
    return rows.assign(**telling, **quantities)[is_held[0] & is_held[1] & is_valued[0] & is_valued[1]]


def _unit_values(lines: pd.DataFrame, prices: pd.DataFrame, rate: pd.Series) -> pd.Series:
    """Value of a unit at the close, in base currency."""
    newest = prices.sort_values("price_date").drop_duplicates("instrument_id", keep="last")
    price = lines["instrument_id"].map(newest.set_index("instrument_id")["price_local"].astype("float64"))
    before = lines["market_value_base_start"] / lines["quantity_start"].where(lines["quantity_start"] != 0)
    gone = before * price * rate / (lines["price_local_start"] * lines["fx_rate_start"])
    held = lines["quantity_end"].where(lines["quantity_end"] != 0)
    return (lines["market_value_base_end"] / held).fillna(gone)
