"""Calls and distributions that private funds announced. What they do to a commitment belongs to private_capital."""

import pandas as pd

from fo_platform.book.statements import known_accounts
from fo_platform.contracts.book import CapitalNotices
from fo_platform.records import unpack

_NAMES = {"fund_id_source": "fund_id", "amount": "amount_local", "recallable": "recallable_local"}


def capital_notices(
    raw_records: pd.DataFrame, accounts: pd.DataFrame, capital_notices_previous: pd.DataFrame
) -> pd.DataFrame:
    """book.CapitalNotices: every notice ever received; one that is sent again replaces the one it corrects."""
    records = known_accounts(unpack(raw_records, "capital_notice"), accounts).rename(columns=_NAMES)
    columns = list(CapitalNotices.fields())
    known = pd.concat([capital_notices_previous[columns], CapitalNotices.complete(records[columns])], ignore_index=True)
    return CapitalNotices.frame(known.drop_duplicates(list(CapitalNotices.key), keep="last"))
