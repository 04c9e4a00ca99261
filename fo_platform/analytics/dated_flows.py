"""Flows of cash whose days are known: notices, debts, bonds, spending and tax. What is uncertain belongs to pacing."""

import re
from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from typing import NamedTuple

import pandas as pd

from fo_platform.analytics.pacing import MONTHS

DAYS_PER_YEAR = 365

MONTH_DAY = re.compile(r"\d\d-\d\d")


class Flow(NamedTuple):
    """Money that moves on a day, positive is money in; of an unknown amount `what` says whose it is."""

    entity_id: str
    flow: str
    flow_basis: str
    due_date: pd.Timestamp
    cash_base: float
    what: str


class Rule(NamedTuple):
    """A rule's yearly number, rate or amount, and its parts by month and day."""

    basis: str
    yearly: float
    parts: Mapping[str, float]


def month_ends(day: pd.Timestamp) -> pd.DatetimeIndex:
    """Last days of the twelve months after a day; each month ends on the day's own day of the month, or its last."""
    return pd.DatetimeIndex([day + pd.DateOffset(months=number) for number in range(1, MONTHS + 1)])


def month_ahead(dates: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Month of the forecast, from one, in which each date falls; what was due before, or no one knows when, is due now.

    Dates after the twelfth month give thirteen.
    """
    return pd.Series(month_ends(day).searchsorted(dates.fillna(day)) + 1, index=dates.index, dtype="int64")


def notice_flows(notices: pd.DataFrame) -> Iterator[Flow]:
    """Announced calls and distributions; notices: rows of `coming_notices`."""
    for row in notices.to_dict("records"):
        flow, sign = ("calls_known", -1) if row["notice_type"] == "call" else ("distributions_known", 1)
        yield Flow(row["entity_id"], flow, "known", row["due_date"], sign * row["amount_base"], row["notice_id"])


def debt_flows(liabilities: pd.DataFrame, day: pd.Timestamp) -> Iterator[Flow]:
    """Interest by the days of each month over 365, up to maturity, and what is owed at maturity, base currency."""
    for debt in liabilities.to_dict("records"):
        owner, name, owed, maturity = (
            debt[key] for key in ("entity_id", "liability_id", "liability_base", "maturity_date")
        )
        start = day
        for end in month_ends(day):
            until = end if pd.isna(maturity) else min(end, maturity)
            interest = owed * debt["interest_rate"] * max((until - start).days, 0) / DAYS_PER_YEAR
            yield Flow(owner, "interest", "known", end, -interest, name)
            start = end
        if pd.notna(maturity):
            yield Flow(owner, "repayments", "known", maturity, -owed, name)


def bond_flows(holdings: pd.DataFrame, bond_terms: pd.DataFrame, day: pd.Timestamp) -> Iterator[Flow]:
    """Coupons of the bonds held, counted back from maturity, and their face value then; quantity is face value.

    A bond without a stated coupon or maturity, such as a fund of bonds, pays nothing that is known.
    """
    terms = bond_terms.dropna(subset=["coupon_rate", "maturity_date"]).set_index("instrument_id").to_dict("index")
    for line in holdings[holdings["instrument_id"].isin(list(terms))].to_dict("records"):
        owner, name, face = line["entity_id"], line["instrument_id"], line["quantity"] * line["fx_rate"]
        bond = terms[name]
        for due in coupon_dates(bond["maturity_date"], int(bond["coupon_frequency"]), day):
            paid = face * bond["coupon_rate"] / bond["coupon_frequency"]
            yield Flow(owner, "coupons", "declared", due, paid, name)
        if bond["maturity_date"] > day:
            yield Flow(owner, "redemptions", "declared", bond["maturity_date"], face, name)


def coupon_dates(maturity: pd.Timestamp, frequency: int, day: pd.Timestamp) -> list[pd.Timestamp]:
    """Days of the coming twelve months on which a bond pays, each a whole number of its periods before maturity."""
    last = month_ends(day)[-1]
    dates = (maturity - pd.DateOffset(months=back * MONTHS // frequency) for back in count())
    return sorted(date for date in takewhile(lambda date: date > day, dates) if date <= last)


def rule_flows(rules: pd.DataFrame, nav: pd.Series, day: pd.Timestamp) -> Iterator[Flow]:
    """Spending, a part of today's net asset value where that is above zero, and tax, by the rules of each owner."""
    values = nav.clip(lower=0.0).to_dict()
    spent = [("spending", name, rule, values.get(name, 0.0)) for name, rule in dated_rules(rules, "spending").items()]
    taxed = [("tax", name, rule, 1.0) for name, rule in dated_rules(rules, "tax").items()]
    for flow, owner, rule, whole in [*spent, *taxed]:
        for due, part in coming_parts(rule, day):
            yield Flow(owner, flow, rule.basis, due, -rule.yearly * whole * part, owner)


def dated_rules(rules: pd.DataFrame, flow_rule: str) -> dict[str, Rule]:
    """Rules of one kind by subject; rules: policy.CashFlowRules."""
    rows = rules[rules["flow_rule"] == flow_rule].to_dict("records")
    found = {row["subject_id"]: Rule(row["flow_basis"], float("nan"), {}) for row in rows}
    for row in rows:
        rule, value = found[row["subject_id"]], float(row["value"])
        is_part = MONTH_DAY.fullmatch(row["parameter"])
        added = rule._replace(parts={**rule.parts, row["parameter"]: value})
        found[row["subject_id"]] = added if is_part else rule._replace(yearly=value)
    return found


def coming_parts(rule: Rule, day: pd.Timestamp) -> Iterator[tuple[pd.Timestamp, float]]:
    """Each part of a rule's year with the first day after a day on which it falls due."""
    for month_day, part in rule.parts.items():
        yield _next(month_day, day), part


def _next(month_day: str, day: pd.Timestamp) -> pd.Timestamp:
    """The first such day of a year after a day; the 29th of February is the month's last day."""
    month, number = map(int, month_day.split("-"))
    firsts = [pd.Timestamp(year, month, 1) for year in (day.year, day.year + 1)]
    dates = [first + pd.Timedelta(days=min(number, first.days_in_month) - 1) for first in firsts]
    return next(date for date in dates if date > day)
