"""Capital calls and distributions announced and not yet paid. What paid ones did to a commitment belongs to book."""

import pandas as pd

from fo_platform.once import once


@once
def coming_notices(
    capital_notices: pd.DataFrame,
    private_capital: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    base_currency: str,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Notices due after the day, or on an unknown one, with `entity_id` and `amount_base`, to the cent.

    private_capital gives the rates of its currencies; of any other but the base currency the amount is unknown.
    """
    coming = capital_notices[~(capital_notices["due_date"] <= day)]
    owned = coming.merge(accounts[["account_id", "entity_id"]], how="inner", on="account_id", validate="many_to_one")
    rates = private_capital.drop_duplicates("currency").set_index("currency")["fx_rate"].to_dict()
    rate = owned["currency"].map(rates | {base_currency: 1.0}).astype("float64")
    return owned.assign(amount_base=(owned["amount_local"] * rate).round(2))
