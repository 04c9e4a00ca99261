"""Reference tables from the records of market data sources. What the office itself declares belongs to policy."""

from collections.abc import Iterable, Mapping

import pandas as pd

from fo_platform.contracts import reference
from fo_platform.contracts._base import Table
from fo_platform.records import POINTERS, unpack


def instruments(raw_records: pd.DataFrame, instruments_previous: pd.DataFrame) -> pd.DataFrame:
    """reference.Instruments: yesterday's master with what the day's deliveries state anew."""
    return _carried_forward(
        reference.Instruments, _stated(reference.Instruments, raw_records, "instrument"), instruments_previous
    )


def identifiers(raw_records: pd.DataFrame, identifiers_previous: pd.DataFrame) -> pd.DataFrame:
    """reference.Identifiers: yesterday's with what the day's deliveries state anew."""
    return _carried_forward(
        reference.Identifiers, _stated(reference.Identifiers, raw_records, "identifier"), identifiers_previous
    )


def market_liquidity(raw_records: pd.DataFrame, market_liquidity_previous: pd.DataFrame) -> pd.DataFrame:
    """reference.MarketLiquidity: yesterday's with what the day's deliveries state anew."""
    stated = _stated(reference.MarketLiquidity, raw_records, "liquidity")
    return _carried_forward(reference.MarketLiquidity, stated, market_liquidity_previous)


def prices(raw_records: pd.DataFrame) -> pd.DataFrame:
    """reference.Prices that were delivered on the day."""
    return reference.Prices.frame(_stated(reference.Prices, raw_records, "price"))


def fx_rates(raw_records: pd.DataFrame) -> pd.DataFrame:
    """reference.FxRates that were delivered on the day."""
    return reference.FxRates.frame(_stated(reference.FxRates, raw_records, "fx"))


def factor_returns(raw_records: pd.DataFrame) -> pd.DataFrame:
    """reference.FactorReturns that were delivered on the day."""
    return reference.FactorReturns.frame(_stated(reference.FactorReturns, raw_records, "factor"))


def settlement_cycles(rows: Iterable[Mapping[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """reference.SettlementCycles from declared rows: market, valid_from, cycle_days."""
    return reference.SettlementCycles.frame(rows)


def _stated(contract: type[Table], raw_records: pd.DataFrame, kind: str) -> pd.DataFrame:
    """What market data sources state; of a key that is stated twice the last received counts.

    A rate or price inside an account's statement is the custodian's own valuation, not the market's: it is left out.
    """
    market = raw_records[raw_records["account_id_source"].isna()]
    records = unpack(market, kind)[list(contract.fields())]
    return records.drop_duplicates(list(contract.key), keep="last", ignore_index=True)


def _carried_forward(contract: type[Table], stated: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Yesterday's rows, replaced where today's say something else; one that says the same keeps its older origin."""
    before, today = (contract.frame(rows[list(contract.fields())]) for rows in (previous, stated))
    content = [name for name in contract.fields() if name not in POINTERS]
    is_same = _index(today, content).isin(_index(before, content))
    changed = today[~is_same]
    kept = before[~_index(before, contract.key).isin(_index(changed, contract.key))]
    return contract.frame(pd.concat([kept, changed], ignore_index=True))


def _index(rows: pd.DataFrame, columns: Iterable[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[list(columns)])
