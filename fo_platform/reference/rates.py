"""Exchange rates into the currencies that entities report in: stated, turned round, crossed, carried; no guesses."""

from collections.abc import Hashable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pandas as pd

from fo_platform.contracts.reference import FxRates
from fo_platform.records import unpack

PAIR = ["currency", "base_currency"]

Row = dict[Hashable, Any]
Quotes = dict[tuple[str, str], Row]
"""Rates of one date by currency and base currency."""

_QUANTUM = Decimal("0.00000001")


def fx_rates(raw_records: pd.DataFrame, entities: pd.DataFrame, fx_rates_previous: pd.DataFrame) -> pd.DataFrame:
    """reference.FxRates of the day's deliveries, and the last known rate of every pair that has no newer one.

    A rate inside an account's statement is the custodian's own valuation, not the market's: it is left out. What is
    missing into a currency that an entity reports in is turned round or crossed out of rates of the same date.
    """
    columns = list(FxRates.fields())
    market = unpack(raw_records[raw_records["account_id_source"].isna()], "fx")[columns]
    stated = market.drop_duplicates(list(FxRates.key), keep="last", ignore_index=True)
    known = pd.concat([stated, _made(stated, sorted(entities["base_currency"].unique()))], ignore_index=True)
    ordered = fx_rates_previous[columns].sort_values("rate_date", kind="stable")
    carried = ordered.drop_duplicates(PAIR, keep="last")
    newest = known.groupby(PAIR)["rate_date"].max()
    places = pd.MultiIndex.from_frame(carried[PAIR])
    is_older = carried["rate_date"].to_numpy() <= newest.reindex(places).to_numpy()
    return FxRates.frame(pd.concat([carried[~is_older], known], ignore_index=True))


def _made(stated: pd.DataFrame, bases: Iterable[str]) -> pd.DataFrame:
    """Rates of the same dates that nobody states, into each of the bases."""
    wanted = [base for base in bases if not (stated["base_currency"] == base).all()]
    made: list[Row] = []
    for _, rows in stated.groupby("rate_date") if wanted else ():
        quotes: Quotes = {(row["currency"], row["base_currency"]): row for row in rows.to_dict("records")}
        currencies = sorted({currency for pair in quotes for currency in pair})
        pairs = [(currency, base) for base in wanted for currency in currencies if currency != base]
        made.extend(row for pair in pairs if pair not in quotes and (row := derived(quotes, *pair)))
    return FxRates.frame(made)


def derived(quotes: Quotes, currency: str, base: str) -> Row | None:
    """A rate that one date's quotes give: turned round, or crossed through the first currency that both know."""
    turned = _leg(quotes, currency, base)
    if turned:
        return turned
    for pivot in sorted({name for pair in quotes for name in pair} - {currency, base}):
        first, second = _leg(quotes, currency, pivot), _leg(quotes, pivot, base)
        if first and second:
            return {
                **first,
                "base_currency": base,
                "fx_rate": _rounded(first["fx_rate"] * second["fx_rate"]),
                "fx_source": f"{first['fx_source']}, crossed through {pivot}",
            }
    return None


def _leg(quotes: Quotes, currency: str, base: str) -> Row | None:
    """A quoted rate, or the quote of the other direction turned round."""
    if (currency, base) in quotes:
        return quotes[currency, base]
    other = quotes.get((base, currency))
    if other is None:
        return None
    rate, source = _rounded(1 / other["fx_rate"]), f"{other['fx_source']}, turned round"
    return {**other, "currency": currency, "base_currency": base, "fx_rate": rate, "fx_source": source}


def _rounded(rate: Decimal) -> Decimal:
    return rate.quantize(_QUANTUM, rounding=ROUND_HALF_EVEN)
