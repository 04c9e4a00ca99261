"""Every value that an appraised asset was said to have. The one that counts today belongs to appraisals."""

import pandas as pd

from fo_platform.book.appraisals import stated_appraisals
from fo_platform.book.owned import ASSET
from fo_platform.contracts.book import Valuations


def valuations(
    raw_records: pd.DataFrame,
    accounts: pd.DataFrame,
    valuations_previous: pd.DataFrame,
    appraisals: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.Valuations: every appraisal received so far, of a date on or before the day.

    Of two of one date the one received later counts. An office that kept none begins with its newest appraisals.
    """
    stated = [appraisals, valuations_previous, stated_appraisals(raw_records, accounts)]
    columns = [name for name in Valuations.fields() if name != "instrument_id"]
    known = pd.concat([Valuations.complete(rows[columns]) for rows in stated], ignore_index=True)
    begun = known[known["appraisal_date"] <= day].drop_duplicates(list(Valuations.key), keep="last")
    return Valuations.frame(begun.assign(instrument_id=ASSET + begun["asset_id"]))
