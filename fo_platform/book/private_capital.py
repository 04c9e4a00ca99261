"""Commitments to private funds, their latest value rolled forward. What notices say belongs to capital_notices."""

import pandas as pd

from fo_platform import units
from fo_platform.book.amounts import or_zero, summed
from fo_platform.book.statements import known_accounts
from fo_platform.book.value import with_rates
from fo_platform.contracts.book import PrivateCapital
from fo_platform.records import POINTERS, unpack

KEY = ["account_id", "fund_id"]
_NAMES = {
    "fund_id_source": "fund_id",
    "commitment": "commitment_local",
    "called": "called_local",
    "distributed": "distributed_local",
    "recallable": "recallable_local",
    "unfunded": "unfunded_local",
    "nav_end": "nav_stated",
}
_STATED = [*KEY, "fund_name", "currency", "nav_date", *list(_NAMES.values())[1:], "source", *POINTERS]


def private_capital(
    raw_records: pd.DataFrame,
    accounts: pd.DataFrame,
    capital_notices: pd.DataFrame,
    private_capital_previous: pd.DataFrame,
    fx_rates: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.PrivateCapital: the newest capital account of every fund, and what was called and distributed since.

    Of two statements of one date the one received later counts, and none ever gives way to an older one. A notice
    counts from its due date on: nav = stated + calls - distributions; unfunded = stated - calls + recallable.
    """
    records = known_accounts(unpack(raw_records, "capital_account"), accounts).rename(columns=_NAMES)
    before = _as_stated(private_capital_previous)
    known = pd.concat([before, PrivateCapital.complete(records[_STATED])], ignore_index=True)
    begun = known[known["nav_date"] <= day].sort_values("nav_date", kind="stable")
    newest = begun.drop_duplicates(KEY, keep="last", ignore_index=True)
    rolled = _rolled(newest, _since(newest, capital_notices, day))
    owners = accounts[["account_id", "entity_id", "base_currency"]]
    owned = rolled.merge(owners, how="left", on="account_id", validate="many_to_one")
    rated = with_rates(owned, fx_rates, day)
    valued = rated.assign(
        nav_base=units.convert(rated["nav_local"], rated["fx_rate"]),
        unfunded_base=units.convert(rated["unfunded_local"], rated["fx_rate"]),
        nav_age_days=(day - rated["nav_date"]).dt.days,
    )
    return PrivateCapital.frame(valued[list(PrivateCapital.fields())])


def _as_stated(previous: pd.DataFrame) -> pd.DataFrame:
    """Yesterday's rows as their statements had them, before anything was rolled forward."""
    called = previous["called_local"] - previous["calls_since_local"]
    distributed = previous["distributed_local"] - previous["distributions_since_local"]
    recallable = previous["recallable_local"] - previous["recallable_since_local"]
    unfunded = previous["unfunded_local"] + previous["calls_since_local"] - previous["recallable_since_local"]
    stated = {"called": called, "distributed": distributed, "recallable": recallable, "unfunded": unfunded}
    exact = {f"{name}_local": units.exact(amounts, units.MONEY) for name, amounts in stated.items()}
    return previous.assign(**exact)[_STATED]


def _since(newest: pd.DataFrame, notices: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Calls, distributions and what of them is recallable, due after the value's date and by the day."""
    dated = notices.merge(newest[[*KEY, "nav_date"]], how="inner", on=KEY, validate="many_to_one")
    due = dated[(dated["due_date"] > dated["nav_date"]) & (dated["due_date"] <= day)]
    is_call = (due["notice_type"] == "call").astype("bool")
    calls = summed(due[is_call], KEY, column="amount_local", name="calls_since_local")
    paid = summed(due[~is_call], KEY, column="amount_local", name="distributions_since_local")
    back = summed(due[~is_call], KEY, column="recallable_local", name="recallable_since_local")
    both = calls.merge(paid, how="outer", on=KEY, validate="one_to_one")
    return both.merge(back, how="outer", on=KEY, validate="one_to_one")


def _rolled(newest: pd.DataFrame, since: pd.DataFrame) -> pd.DataFrame:
    rows = newest.merge(since, how="left", on=KEY, validate="one_to_one")
    names = ["calls_since_local", "distributions_since_local", "recallable_since_local"]
    rows = rows.assign(**{name: or_zero(rows[name]) for name in names})
    calls, paid, back = (rows[name] for name in names)
    moved = {
        "called_local": rows["called_local"] + calls,
        "distributed_local": rows["distributed_local"] + paid,
        "recallable_local": rows["recallable_local"] + back,
        "unfunded_local": rows["unfunded_local"] - calls + back,
        "nav_local": rows["nav_stated"] + calls - paid,
    }
    return rows.assign(**{name: units.exact(amounts, units.MONEY) for name, amounts in moved.items()})
