"""Fees that were paid outside all accounts, session by session. Where a fee was paid belongs to the book's fees."""

import pandas as pd

from fo_platform.calendars import previous_session

OUTSIDE, UNDECIDED = "outside", "undecided"


def outside_fees(
    fees: pd.DataFrame, fees_previous: pd.DataFrame, inception_dates: pd.Series, close_date: pd.Timestamp
) -> pd.DataFrame:
    """Fees of owners: fee_outside_base that was newly paid, or corrected, and is_undecided for what is not deducted.

    Net returns of an asset owner are net of all that it pays for the care of its assets, to whom ever and from
    wherever; gross ones are net of costs of trading only (GIPS 2020 for asset owners). A fee counts on the session in
    which it was charged, or in which the book learns of it where that is later: it is not accrued over its period, as
    neither are custodians' fees and past sessions are not made again. A corrected amount counts by its difference, and
    a fee that turns out not to have been paid outside is given back. Fees charged by the close at which the owner's
    record begins are not of it. inception_dates: of owners' records by scope. Exchange rates are the session's.
    """
    known = fees[(fees["charged_date"] > fees["entity_id"].map(inception_dates)).to_numpy()]
    before = _paid(fees_previous, previous_session(close_date)).reindex(known["fee_id"]).fillna(0.0)
    change = (_paid(known, close_date) - before).to_numpy()
    lines = pd.DataFrame(
        {
            "entity_id": known["entity_id"],
            "fee_outside_base": (change * known["fx_rate"]).where(change != 0, 0.0),
            "is_undecided": (known["fee_standing"] == UNDECIDED).astype("bool"),
        }
    )
    is_told: pd.Series = lines["is_undecided"] | (change != 0)
    return lines[is_told]


def _paid(fees: pd.DataFrame, close_date: pd.Timestamp) -> pd.Series:
    """What was paid outside by a close, by fee_id, local."""
    is_paid = (fees["fee_standing"] == OUTSIDE).astype("bool") & (fees["charged_date"] <= close_date)
    paid = fees["fee_local"].where(is_paid, 0.0)
    return paid.set_axis(pd.Index(fees["fee_id"]))
