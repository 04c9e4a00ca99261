"""Dated flows of private funds, from the first that is known to the last stated value. Rates belong elsewhere."""

import pandas as pd

FUND = ["account_id", "fund_id"]
CENT = 0.005


def with_opening(funds: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Funds with the first value on record and its date: yesterday's, or else today's; `is_complete` is still open."""
    known = previous[[*FUND, "opening_date", "opening_nav_local"]]
    both = funds.merge(known, how="left", on=FUND, validate="one_to_one")
    return both.assign(
        opening_date=both["opening_date"].astype("datetime64[ns]").fillna(both["nav_date"]),
        opening_nav_local=both["opening_nav_local"].astype("float64").fillna(both["nav_stated"]),
    )


def stated_flows(funds: pd.DataFrame, notices: pd.DataFrame) -> pd.DataFrame:
    """Notices due by the date of each fund's value: columns of FUND, flow_date and amount_local, calls negative."""
    dates = funds[[*FUND, "nav_date"]]
    dated = notices[[*FUND, "due_date", "notice_type", "amount_local"]].merge(
        dates, how="inner", on=FUND, validate="many_to_one"
    )
    due = dated[dated["due_date"] <= dated["nav_date"]]
    signed = due["amount_local"].mask(due["notice_type"] == "call", -due["amount_local"])
    return due[FUND].assign(flow_date=due["due_date"], amount_local=signed.astype("float64"))


def are_complete(funds: pd.DataFrame, flows: pd.DataFrame) -> pd.Series:
    """Of every fund whether its flows are all that was called and all that was distributed, by its own statement."""
    keys = pd.MultiIndex.from_frame(funds[FUND])
    amounts = flows["amount_local"]
    called, paid = (
        part.groupby([flows[name] for name in FUND]).sum().reindex(keys).fillna(0.0).to_numpy()
        for part in (-amounts.clip(upper=0), amounts.clip(lower=0))
    )
    lacking = (funds["called_local"] - funds["calls_since_local"] - called).abs()
    unpaid = (funds["distributed_local"] - funds["distributions_since_local"] - paid).abs()
    complete: pd.Series = (lacking < CENT) & (unpaid < CENT)
    return complete


def on_record(funds: pd.DataFrame, flows: pd.DataFrame, complete: pd.Series) -> pd.DataFrame:
    """Flows since inception where they are complete, else since the opening value, which is paid in on its date."""
    terms = funds[[*FUND, "opening_date", "opening_nav_local", "nav_date"]].assign(is_complete=complete)
    dated = flows.merge(terms, how="inner", on=FUND, validate="many_to_one")
    later = dated[dated["is_complete"] | (dated["flow_date"] > dated["opening_date"])]
    opened = terms[~terms["is_complete"] & (terms["opening_date"] < terms["nav_date"])]
    first = opened[FUND].assign(flow_date=opened["opening_date"], amount_local=-opened["opening_nav_local"])
    every = pd.concat([first, later[[*FUND, "flow_date", "amount_local"]]], ignore_index=True)
    return every.sort_values([*FUND, "flow_date"], kind="stable", ignore_index=True)
