"""Effects and returns linked from session to session over spans. How a session's come about does not belong here."""

import numpy as np
import pandas as pd

from fo_platform.analytics.attribution import TOTAL
from fo_platform.analytics.brinson import Array
from fo_platform.analytics.linking import linked, log_ratio

LINE = ["scope", "level", "segment", "effect"]

Line = tuple[str, str, str, str]

RETURNS = ("portfolio", "benchmark")
"""Effects that are returns: they compound by themselves."""

SESSION = "1d"
SPANS = {SESSION: "D", "mtd": "M", "ytd": "Y", "itd": None}
"""Spans by name, with the period within which one goes on, as pandas writes it; one without a period never ends."""

COUNTED = ["linked_sessions", "unknown_sessions"]


def over_spans(today: pd.DataFrame, before: pd.DataFrame, close_date: pd.Timestamp) -> pd.DataFrame:
    """Rows of ReturnAttribution: today's effects over every span, each linked to those carried from the session before.

    today: scope, level, segment, effect, effect_1d, weight, weight_benchmark, reason; of every scope both returns in
    total. before: rows of the session before. What has no effect today is carried on, a scope that is gone is not.
    A session without both returns adds to no span, and is counted.
    """
    scopes = pd.Index(today["scope"].unique(), dtype="object")
    carried = before[[*LINE, "span", "close_date", "log_sum", *COUNTED]].astype(
        dict.fromkeys([*LINE, "span"], "object")
    )
    stays = carried[carried["scope"].isin(scopes)]
    gone = pd.DataFrame(sorted(set(_lines(stays)) - set(_lines(today))), columns=LINE)
    rows = pd.concat([today, gone], ignore_index=True) if len(gone) else today.reset_index(drop=True)
    scope = scopes.get_indexer(pd.Index(rows["scope"], dtype="object"))
    effect = rows["effect_1d"].fillna(0.0).to_numpy()
    is_return = rows["effect"].isin(RETURNS).to_numpy()
    k = log_ratio(*_of_scopes(rows, scope, rows["effect_1d"].to_numpy()))[scope]
    added = np.where(is_return, np.log1p(np.where(is_return, effect, 0.0)), k * effect)
    counted = rows.assign(
        added=np.where(np.isnan(k), 0.0, added), is_known=~np.isnan(k), is_return=is_return, place=scope
    )
    frames = [_over(span, counted, _going_on(stays, span, close_date), len(today)) for span in SPANS]
    return pd.concat(frames, ignore_index=True).assign(close_date=close_date)


def _over(span: str, rows: pd.DataFrame, before: pd.DataFrame, today: int) -> pd.DataFrame:
    """Rows of one span: all of today's, which stand first, and those that were carried into it."""
    carried = dict(zip(_lines(before), before["log_sum"], strict=True))
    lines = _lines(rows)
    inside = [number for number, line in enumerate(lines) if number < today or line in carried]
    part = rows.iloc[inside] if len(inside) < len(rows) else rows
    earlier = np.array([carried.get(lines[number], 0.0) for number in inside])
    known, place, is_return = (part[name].to_numpy() for name in ("is_known", "place", "is_return"))
    log_sum = earlier + part["added"].to_numpy()
    counts = before.groupby("scope")[COUNTED].max().reindex(part["scope"]).fillna(0.0).to_numpy()
    linked_sessions = counts[:, 0] + known
    growth = _of_scopes(part, place, log_sum)[:, place]
    figures = np.where(is_return, np.expm1(log_sum), linked(log_sum, *growth))
    is_session = span == SESSION
    return part[[*LINE, "weight", "weight_benchmark"]].assign(
        span=span,
        reason=part["reason"] if is_session else None,
        log_sum=log_sum,
        effect_return=part["effect_1d"] if is_session else np.where(linked_sessions > 0, figures, np.nan),
        linked_sessions=linked_sessions,
        unknown_sessions=counts[:, 1] + ~known,
    )


def _going_on(before: pd.DataFrame, span: str, close_date: pd.Timestamp) -> pd.DataFrame:
    """Rows of a span that has not ended before the close."""
    period = SPANS[span]
    rows = before[(before["span"] == span).to_numpy()]
    if period is None or rows.empty or rows["close_date"].iloc[0].to_period(period) == close_date.to_period(period):
        return rows
    return rows.iloc[:0]


def _lines(rows: pd.DataFrame) -> list[Line]:
    return list(zip(*(rows[name].to_numpy("object") for name in LINE), strict=True))


def _of_scopes(rows: pd.DataFrame, place: np.ndarray, values: Array) -> Array:
    """Values of both returns of every scope in total: portfolio and benchmark x scopes."""
    is_total = (rows["level"] == TOTAL).to_numpy()
    found = np.full((len(RETURNS), place.max() + 1), np.nan)
    for number, side in enumerate(RETURNS):
        own = is_total & (rows["effect"] == side).to_numpy()
        found[number, place[own]] = values[own]
    return found
