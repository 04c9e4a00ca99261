"""Losses of lines in scenarios, line by line; a bond is repriced by Newton's steps. Their sums do not belong here."""

from collections.abc import Callable
from math import ceil, isnan, nan

import pandas as pd

from fo_platform_tests.analytics.second._liquidity import today
from fo_platform_tests.analytics.second._risk_book import Book, Line, Read, line_returns, risk_book

Shocks = dict[str, dict[str, float]]
Found = tuple[str | None, float]


def second(read: Read) -> pd.DataFrame:
    """Every line of every scope in every scenario, with the shock that reaches it and what it loses."""
    book, day = risk_book(read), today(read)
    terms = {row["instrument_id"]: row for row in read("policy.bond_terms").to_dict("records")}
    master = read("reference.instruments")[["instrument_id", "currency_risk", "currency_hedged"]].to_dict("records")
    borne = {
        x["instrument_id"]: x["currency_risk" if pd.isna(x["currency_hedged"]) else "currency_hedged"] for x in master
    }
    base = read("book.net_worth")["base_currency"].iloc[0]
    past = line_returns(read, book)
    rows = []
    for scenario, shocks in read("policy.stress_scenarios").groupby("scenario"):
        moves: Shocks = {}
        for row in shocks.to_dict("records"):
            moves.setdefault(row["shock_kind"], {})[row["shock_target"]] = row["shock"]
        window = shocks[shocks["shock_kind"] == "window"].to_dict("records")

        def found(name: str, moves: Shocks = moves, window: list[dict[str, object]] = window) -> Found:
            if window:
                return _window(name, past, window[0]["start_date"], window[0]["end_date"])
            line = book.lines[name]
            currency = line.currency if name.startswith("CASH.") else borne.get(name, line.currency)
            move = 0.0 if currency == base else moves.get("currencies", {}).get(currency, nan)
            local = _local(name, line, moves, lambda shift: _repriced(terms.get(name), line.price, shift, day))
            if local is None and line.is_money and not isnan(move):
                local = "money", 0.0
            if local:
                return local[0], (1 + local[1]) * (1 + (0.0 if isnan(move) else move)) - 1
            return _by_factors(line, book, moves.get("factors", {}))

        rows += [
            (scope, scenario, name, book.lines[name].asset_class, value, basis, change, -value * change)
            for scope, held in book.values.items()
            for name, value in held.items()
            for basis, change in [found(name)]
        ]
    columns = [
        "scope",
        "scenario",
        "instrument_id",
        "asset_class",
        "market_value_base",
        "stress_basis",
        "stress_return",
        "stress_loss_base",
    ]
    return pd.DataFrame(rows, columns=columns)


def _local(name: str, line: Line, moves: Shocks, repriced: Callable[[float], float]) -> tuple[str, float] | None:
    if name in moves.get("instruments", {}):
        return "instrument", moves["instruments"][name]
    shift = moves.get("rates", {}).get(line.currency, nan)
    if not isnan(shift) and not isnan(change := repriced(shift)):
        return "rates", change
    if line.asset_class in moves.get("classes", {}):
        return "asset_class", moves["classes"][line.asset_class]
    return None


def _repriced(terms: dict[str, object] | None, price: float, shift: float, day: pd.Timestamp) -> float:
    if terms is None:
        return nan
    if not isnan(terms["duration_years"]):
        return -terms["duration_years"] * shift + terms["convexity_years"] * shift * shift / 2
    coupon, a_year = terms["coupon_rate"], int(terms["coupon_frequency"])
    years = (terms["maturity_date"] - day).days / 365.25
    times = [years - number / a_year for number in range(ceil(years * a_year))]
    flows = [coupon / a_year + (time == years) for time in times]

    def worth(rate: float, power: int = 0) -> float:
        """The price, or its slope where power is one."""
        grown = 1 + rate / a_year
        return sum(f * (-t) ** power * grown ** (-a_year * t - power) for f, t in zip(flows, times, strict=True))

    rate = coupon
    for _ in range(50):
        rate -= (worth(rate) - price) / worth(rate, 1)
    return worth(rate + shift) / price - 1


def _window(name: str, past: dict[pd.Timestamp, dict[str, tuple[float, bool]]], start: object, end: object) -> Found:
    if not past or not min(past) <= start or not max(past) >= end:
        return None, nan
    grown, is_known = 1.0, False
    for date, moves in past.items():
        if start < date <= end and name in moves:
            grown, is_known = grown * (1 + moves[name][0]), True
    return ("window", grown - 1) if is_known else (None, nan)


def _by_factors(line: Line, book: Book, moves: dict[str, float]) -> Found:
    if not moves or line.loadings is None or not set(moves) <= set(book.factors):
        return None, nan
    return "factors", sum(line.loadings[book.factors.index(name)] * move for name, move in moves.items())
