"""What lines return when shocked, or when a stretch of the past comes again. Scenarios belong to policy."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from fo_platform.analytics.repricing import bond_return, duration_return
from fo_platform.analytics.scopes import TEXT

Returns = tuple[pd.Series, pd.Series]
"""Return of every line in base currency, unknown where no shock maps to it, and which shock did."""

LINES = ["asset_class", "currency", "currency_risk", "price_dirty", "is_money", "is_base"]

DAYS_PER_YEAR = 365.25


def shocked_returns(
    lines: pd.DataFrame, shocks: pd.DataFrame, *, loadings: pd.DataFrame, terms: pd.DataFrame, day: pd.Timestamp
) -> Returns:
    """Returns when shocks happen at once.

    lines: by line, LINES; price_dirty with accrued interest, per 1 of face value; is_base where the currency that is
    borne is the base currency, which does not move. shocks: policy.StressScenarios of one
    scenario. loadings: lines x factors. terms: policy.BondTerms by line. The most particular shock that names a line
    holds: its instrument's, its currency's rates where its terms are known, its class's, money's own (none), and at
    last the factors', in base currency. The move of the currency that is borne comes on top of all but the last.
    """
    moves = {kind: rows.set_index("shock_target")["shock"] for kind, rows in shocks.groupby("shock_kind")}
    none = pd.Series(dtype="float64")
    currency = (1 + lines["currency_risk"].map(moves.get("currencies", none)).astype("float64")).mask(
        lines["is_base"], 1.0
    )
    local = {
        "instrument": lines.index.to_series().map(moves.get("instruments", none)),
        "rates": rate_returns(lines, moves.get("rates", none), terms, day),
        "asset_class": lines["asset_class"].map(moves.get("classes", none)),
        "money": pd.Series(0.0, index=lines.index).where(lines["is_money"] & currency.notna()),
    }
    found = {name: (1 + returns.astype("float64")) * currency.fillna(1.0) - 1 for name, returns in local.items()}
    return _first({**found, "factors": _factor_returns(lines, moves.get("factors", none), loadings)})


def window_returns(lines: pd.DataFrame, history: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> Returns:
    """Returns when the past from the close of one day to that of another comes again; unknown before history begins.

    history: `risk_book.line_returns`. Returns of the days after start, up to end, are compounded.
    """
    is_known = len(history) > 0 and history.index[0] <= start and history.index[-1] >= end
    days = history[(history.index > start) & (history.index <= end)] if is_known else history.iloc[:0]
    grown = (1 + days).prod(min_count=1) - 1
    return _first({"window": grown.reindex(lines.index)})


def rate_returns(lines: pd.DataFrame, shifts: pd.Series, terms: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Local returns of lines with terms when the yields of their currency shift; a bond's coupons are repriced."""
    known = lines.join(terms, how="inner").assign(shift=lambda rows: rows["currency"].map(shifts).astype("float64"))
    bonds = known.dropna(subset=["shift"])
    returns = [_rate_return(bond, day) for _, bond in bonds.iterrows()]
    return pd.Series(returns, index=bonds.index, dtype="float64").reindex(lines.index)


def _rate_return(bond: pd.Series, day: pd.Timestamp) -> float:
    if not math.isnan(bond["duration_years"]):
        return duration_return(bond["shift"], bond["duration_years"], bond["convexity_years"])
    found = bond_return(
        bond["price_dirty"],
        bond["shift"],
        coupon=bond["coupon_rate"],
        years=(bond["maturity_date"] - day).days / DAYS_PER_YEAR,
        frequency=int(bond["coupon_frequency"]),
    )
    return math.nan if found is None else found


def _factor_returns(lines: pd.DataFrame, moves: pd.Series, loadings: pd.DataFrame) -> pd.Series:
    """Unknown without a shocked factor, and of lines without loadings on all of those."""
    shocked = loadings.reindex(index=lines.index, columns=moves.index)
    return (shocked * moves).sum(axis=1, skipna=False, min_count=1)


def _first(found: Mapping[str, pd.Series]) -> Returns:
    """The first known return of every line, and its name."""
    names = list(found)
    table = pd.DataFrame(found)
    is_known = table.notna()
    place = is_known.to_numpy().argmax(axis=1)
    returns = pd.Series(table.to_numpy()[np.arange(len(table)), place], index=table.index)
    basis = pd.Series(np.array(names, dtype=object)[place], index=table.index, dtype=TEXT)
    return returns, basis.where(is_known.any(axis=1))
