"""Reference tables from the records of market data sources. What the office itself declares belongs to policy."""

from collections.abc import Iterable, Mapping

import pandas as pd

from fo_platform.contracts import reference
from fo_platform.contracts._base import Table
from fo_platform.identify import identify, in_force, is_unknown
from fo_platform.records import IDENTIFIERS, POINTERS, unpack

YEAR = pd.Timedelta(days=365)

_NAMED = [*IDENTIFIERS, "description", "currency"]

FUND_SCHEMES = ("SERIES", "CIK", "LEI")
"""Identifier schemes of the numbers by which a regulator knows funds."""


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


def factor_returns(raw_records: pd.DataFrame) -> pd.DataFrame:
    """reference.FactorReturns that were delivered on the day."""
    return reference.FactorReturns.frame(_stated(reference.FactorReturns, raw_records, "factor"))


def fund_holdings(
    raw_records: pd.DataFrame, identifiers: pd.DataFrame, fund_holdings_previous: pd.DataFrame, *, day: pd.Timestamp
) -> pd.DataFrame:
    """reference.FundHoldings: of every fund the holdings of its newest report, an older one never replaces it.

    Which instrument a fund is, and which a holding that we did not know, is asked anew every day.
    """
    names = {"fund_id_source": "fund_id", "market_value": "market_value_local", "statement_date": "report_date"}
    names |= {"currency_local": "currency_risk", "country": "country_domicile"}
    records = unpack(raw_records, "fund_holding").dropna(subset=["fund_id_source", "statement_date"])
    named = records.assign(instrument_id=_instrument(records, identifiers, day)).rename(columns=names)
    placed = named.assign(country=named["country_other"].fillna(named["country_domicile"]))
    columns = [name for name in reference.FundHoldings.fields() if name not in ("holding_no", "fund_instrument_id")]
    stated = reference.FundHoldings.complete(placed[columns])
    known = pd.concat([fund_holdings_previous[columns], stated], ignore_index=True)
    newest = known[known["report_date"] == known.groupby("fund_id")["report_date"].transform("max")]
    last = newest[newest["file_sha256"] == newest.groupby("fund_id")["file_sha256"].transform("last")]
    return reference.FundHoldings.frame(
        last.assign(
            holding_no=last.groupby("fund_id").cumcount() + 1,
            fund_instrument_id=_series(last["fund_id"], identifiers, day),
            instrument_id=last["instrument_id"].fillna(_instrument(last.reindex(columns=_NAMED), identifiers, day)),
        )
    )


def _series(fund_id: pd.Series, identifiers: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """The instrument that is a fund, by the number that its regulator gave the series or its registrant."""
    known = in_force(identifiers, day)
    numbers = known[known["id_type"].isin(FUND_SCHEMES)].drop_duplicates("id_value").set_index("id_value")
    return fund_id.map(numbers["instrument_id"])


def benchmarks(raw_records: pd.DataFrame) -> pd.DataFrame:
    """reference.Benchmarks that were delivered on the day; of a return stated twice the last received counts."""
    records = reference.Benchmarks.complete(unpack(raw_records, "benchmark")[list(reference.Benchmarks.fields())])
    return reference.Benchmarks.frame(records.drop_duplicates(list(reference.Benchmarks.key), keep="last"))


def corporate_actions(
    raw_records: pd.DataFrame, identifiers: pd.DataFrame, corporate_actions_previous: pd.DataFrame, *, day: pd.Timestamp
) -> pd.DataFrame:
    """reference.CorporateActions: every event as last announced; one whose dates are a year past is let go."""
    columns = list(reference.CorporateActions.fields())
    records = unpack(raw_records, "corporate_action").dropna(subset=["event_reference", "event_type"])
    named = records.assign(instrument_id=_instrument(records, identifiers, day))
    known = pd.concat([corporate_actions_previous[columns], named[columns]], ignore_index=True)
    last = known.drop_duplicates(list(reference.CorporateActions.key), keep="last")
    ended = last[["ex_date", "record_date", "pay_date"]].max(axis=1) < day - YEAR
    return reference.CorporateActions.frame(last[~ended])


def _instrument(records: pd.DataFrame, identifiers: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """The instrument that a record names, where we know it."""
    found = identify(records, identifiers, day)
    return found.mask(is_unknown(found))


def settlement_cycles(rows: Iterable[Mapping[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """reference.SettlementCycles from declared rows: market, valid_from, cycle_days."""
    return reference.SettlementCycles.frame(rows)


def _stated(contract: type[Table], raw_records: pd.DataFrame, kind: str) -> pd.DataFrame:
    """What market data sources state; of a key that is stated twice the last received counts."""
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
