"""What a session of every currency's cash earned. What is held in the currencies does not belong here."""

import pandas as pd

from fo_platform.calendars import previous_session


def cash_returns(cash_rates: pd.DataFrame, currencies: pd.Index, close_date: pd.Timestamp) -> pd.Series:
    """Simple return of every currency's cash over the session of a close, unknown where its rate is not known.

    cash_rates: policy.CashRates. Money is lent overnight at the close before: the rate is the last one begun by then,
    if its source was read for that day.
    """
    start = previous_session(close_date)
    begun = cash_rates[cash_rates["valid_from"] <= start].sort_values("valid_from")
    rates = begun.drop_duplicates("currency", keep="last").set_index("currency")
    yearly = (rates["interest_rate"] / rates["day_count"].astype("float64")).where(rates["known_until"] >= start)
    return yearly.reindex(currencies).astype("float64") * (close_date - start).days
