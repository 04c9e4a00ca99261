"""What appraised assets, such as real estate, were last said to be worth. Debt on them belongs to liabilities."""

import pandas as pd

from fo_platform import units
from fo_platform.book.statements import known_accounts
from fo_platform.book.value import with_rates
from fo_platform.contracts.book import Appraisals
from fo_platform.records import POINTERS, unpack

KEY = ["account_id", "asset_id"]
_NAMES = {"asset_id_source": "asset_id", "market_value": "market_value_local", "method": "appraisal_method"}
_STATED = [
    *KEY, "description", "appraisal_date", "appraisal_method", "currency", "market_value_local", "ownership_share",
    "source", *POINTERS,
]  # fmt: skip


def appraisals(
    raw_records: pd.DataFrame,
    accounts: pd.DataFrame,
    appraisals_previous: pd.DataFrame,
    fx_rates: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.Appraisals: the newest appraisal of every asset on or before the day, and our share of it in base currency.

    Of two of one date the one received later counts. An asset that states no share is owned whole.
    """
    records = stated_appraisals(raw_records, accounts)
    records = records.assign(ownership_share=records["ownership_share"].fillna(1.0))
    known = pd.concat([appraisals_previous[_STATED], Appraisals.complete(records[_STATED])], ignore_index=True)
    begun = known[known["appraisal_date"] <= day].sort_values("appraisal_date", kind="stable")
    newest = begun.drop_duplicates(KEY, keep="last", ignore_index=True)
    owners = accounts[["account_id", "entity_id", "base_currency"]]
    owned = newest.merge(owners, how="left", on="account_id", validate="many_to_one")
    rated = with_rates(owned, fx_rates, day)
    part = units.exact(rated["ownership_share"], units.PRICE)
    valued = rated.assign(
        market_value_base=units.multiply(rated["market_value_local"], part, rated["fx_rate"], kind=units.MONEY),
        appraisal_age_days=(day - rated["appraisal_date"]).dt.days,
    )
    return Appraisals.frame(valued[list(Appraisals.fields())])


def stated_appraisals(raw_records: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Appraisals of known accounts as the day's records state them, by the book's names."""
    return known_accounts(unpack(raw_records, "appraisal"), accounts).rename(columns=_NAMES)
