"""Daily returns from prices, exchange rates and factors. Weights and risk measures do not belong here."""

import pandas as pd

from fo_platform.analytics.scopes import TEXT
from fo_platform.once import once

WINDOW = 300
"""Sessions of history that risk figures look back on."""

SESSIONS_PER_YEAR = 252


@once
def base_returns(
    prices: pd.DataFrame, fx_rates: pd.DataFrame, *, base_currency: str, day: pd.Timestamp
) -> pd.DataFrame:
    """Simple daily returns in base currency, closes before `day` only: dates x instruments and CASH.<currency>.

    A missing price is a gap, never a zero; the return after a gap spans it, so that no move is lost.
    An exchange rate is the last known one. What nobody priced has no column.
    """
    rates = _rates(fx_rates, base_currency, day)
    levels = _base_prices(prices, rates, day).tail(WINDOW + 1)
    money = rates.pivot(index="date", columns="currency", values="fx_rate").ffill()
    levels = levels.join(money.reindex(levels.index, method="ffill").add_prefix("CASH."))
    return levels.ffill().pct_change(fill_method=None).where(levels.notna()).iloc[1:]


@once
def complete_factors(factor_returns: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Factor returns before `day`, dates x factors, only dates on which every factor is known."""
    known = factor_returns[factor_returns["return_date"] < day].drop_duplicates(["return_date", "factor"], keep="last")
    return known.pivot(index="return_date", columns="factor", values="return_1d").tail(WINDOW).dropna()


def _rates(fx_rates: pd.DataFrame, base_currency: str, day: pd.Timestamp) -> pd.DataFrame:
    """Columns date, currency, fx_rate, sorted by date; the base currency is worth one since ever."""
    known = fx_rates[fx_rates["rate_date"] < day].drop_duplicates(["rate_date", "currency"], keep="last")
    base = pd.DataFrame({"date": [pd.Timestamp(0)], "currency": [base_currency], "fx_rate": [1.0]})
    others = known.loc[known["currency"] != base_currency].rename(columns={"rate_date": "date"})
    return pd.concat([base.astype({"currency": TEXT}), others[["date", "currency", "fx_rate"]]]).sort_values("date")


def _base_prices(prices: pd.DataFrame, rates: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    known = prices[prices["price_date"] < day].drop_duplicates(["price_date", "instrument_id"], keep="last")
    dated = known.rename(columns={"price_date": "date"}).sort_values("date")
    lines = pd.merge_asof(dated, rates, on="date", by="currency")
    priced = lines.assign(price_base=lines["price_local"] * lines["fx_rate"])
    return priced.pivot(index="date", columns="instrument_id", values="price_base")
