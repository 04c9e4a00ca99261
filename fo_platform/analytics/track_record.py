"""Linked returns of a segment, carried from session to session. A session's own belong to session_returns."""

import pandas as pd

from fo_platform.analytics.time_weighted import DAYS_PER_YEAR, TOTAL_LOSS, no_return, period_returns

CARRIED = {
    "close_date": "datetime64[ns]", "inception_date": "datetime64[ns]", "index_gross": "float64",
    "index_net": "float64", "return_gross_mtd": "float64", "return_net_mtd": "float64", "return_gross_ytd": "float64",
    "return_net_ytd": "float64", "mtd_start_date": "datetime64[ns]", "mtd_start_base": "float64",
    "mtd_flow_base": "float64", "mtd_flow_days": "float64", "gap_sessions": "float64",
}  # fmt: skip
"""What the row of the session before hands on, and nothing else: so a restated day leaves right links after it."""


def linked_records(rows: pd.DataFrame, close_date: pd.Timestamp) -> pd.DataFrame:
    """Indices since inception, month and year to date and Dietz's month to date, of rows with the session's returns.

    rows: return_gross_1d, return_net_1d, reason, start_base, end_base, flow_base, fee_outside_base, and CARRIED of the
    session before, each named `<column>_before`, unknown where there is none. A record begins on the first day with a
    return, at one. A day without a return is carried over and counted in gap_sessions; a total loss ends the record,
    and the next return begins a new one.
    """
    is_known = rows["return_gross_1d"].notna()
    has_begun = rows["index_gross_before"].notna()
    is_there = (has_begun | is_known) & (rows["reason"] != TOTAL_LOSS).fillna(value=True)
    was = rows["close_date_before"]
    same_month = has_begun & (was.dt.to_period("M") == close_date.to_period("M"))
    same_year = has_begun & (was.dt.year == close_date.year)
    figures = {"close_date": close_date, "gap_sessions": _gaps(rows, has_begun, is_known).where(is_there)}
    for fees in ("gross", "net"):
        growth = 1 + rows[f"return_{fees}_1d"].fillna(0.0)
        index = rows[f"index_{fees}_before"].fillna(1.0) * growth
        figures[f"index_{fees}"] = index.where(is_there)
        figures[f"return_{fees}_itd"] = (index - 1).where(is_there)
        for span, is_same in (("mtd", same_month), ("ytd", same_year)):
            before = rows[f"return_{fees}_{span}_before"].where(is_same, 0.0)
            figures[f"return_{fees}_{span}"] = ((1 + before) * growth - 1).where(is_there)
    begun = rows["inception_date_before"].where(has_begun, close_date).where(is_there)
    years = (close_date - begun).dt.days / DAYS_PER_YEAR
    annual = (figures["index_net"] ** (1 / years.clip(lower=1)) - 1).where(years >= 1)
    stated = pd.DataFrame({**figures, "inception_date": begun, "return_net_annual": annual}, index=rows.index)
    return stated.join(_dietz(rows, close_date, has_begun=has_begun, same_month=same_month))


def _gaps(rows: pd.DataFrame, has_begun: pd.Series, is_known: pd.Series) -> pd.Series:
    """Sessions since inception that have no return."""
    return rows["gap_sessions_before"].fillna(0.0).where(has_begun, 0.0) + (has_begun & ~is_known)


def _dietz(
    rows: pd.DataFrame, close_date: pd.Timestamp, *, has_begun: pd.Series, same_month: pd.Series
) -> pd.DataFrame:
    """Modified Dietz of the month, flows at the end of their day, from what the month has seen so far.

    Flows weighted by the days that they were there are flows less flows x their day / days: two sums suffice. What paid
    a fee outside the accounts came in for it and was spent.
    """
    start_date = rows["mtd_start_date_before"].where(same_month, rows["close_date_before"].where(has_begun, close_date))
    start = rows["mtd_start_base_before"].where(same_month, rows["start_base"].where(has_begun, rows["end_base"]))
    days = (close_date - start_date).dt.days
    today = (rows["flow_base"] + rows["fee_outside_base"]).where(has_begun, 0.0)
    flows = rows["mtd_flow_base_before"].where(same_month, 0.0) + today
    flow_days = rows["mtd_flow_days_before"].where(same_month, 0.0) + today * days
    capital = start + flows - flow_days / days.where(days > 0)
    gain = rows["end_base"] - start - flows
    return pd.DataFrame(
        {
            "mtd_start_date": start_date,
            "mtd_start_base": start,
            "mtd_flow_base": flows,
            "mtd_flow_days": flow_days,
            "return_dietz_mtd": period_returns(capital, gain),
        }
    )


def session_returns(sums: pd.DataFrame) -> pd.DataFrame:
    """Returns of one session: gross and net of fees, local and from exchange rates, and the reason where there is none.

    sums: start_base, end_base, flow_base, fee_base (left the value), fee_outside_base (did not), local_gain_base. Flows
    count at the end of the session; those of what starts from nothing at its begin. (1 + local)(1 + fx) - 1 is the
    gross return.
    """
    gain = sums["end_base"] - sums["start_base"] - sums["flow_base"]
    is_new = (sums["start_base"] == 0) & (sums["end_base"] != 0)
    capital = sums["start_base"].mask(is_new, sums["flow_base"])
    gross, net = gain + sums["fee_base"], gain - sums["fee_outside_base"]
    reason = no_return(capital, net.where(net < gross, gross))
    stated = reason.isna()
    total = period_returns(capital, gross).where(stated)
    local = period_returns(capital, sums["local_gain_base"] + sums["fee_base"]).where(stated)
    return pd.DataFrame(
        {
            "gain_base": gain,
            "return_gross_1d": total,
            "return_net_1d": period_returns(capital, net).where(stated),
            "return_local_1d": local,
            "return_fx_1d": (1 + total) / (1 + local) - 1,
            "reason": reason,
        }
    )
