"""A session of one owner as attribution reads it, and what it finds. What is held against that belongs to the tests."""

from collections.abc import Callable

import pandas as pd

from fo_platform.analytics.metrics.return_attribution import return_attribution
from fo_platform.checks import attribution_adds_up
from fo_platform.contracts import book, policy, reference
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import Performance, ReturnAttribution

CLOSE = pd.Timestamp("2022-06-14")
PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}

POLICY = {"trust": {"equity": 0.6, "bond": 0.4}}
RETURNS = {"MKT": 0.05, "RATES": 0.01}
AGAINST = (("equity", "factor", "MKT", 1.0), ("equity", "currency", "EUR", 0.5), ("bond", "factor", "RATES", 1.0))

Segment = tuple[str, float, float, float]


def performance(
    *segments: Segment, scope: str = "trust", fee: float = 0.0, close: pd.Timestamp = CLOSE
) -> pd.DataFrame:
    """Rows of a scope from (class, start, local return, fx return), and its total after fees; one account holds all."""
    rows = [_segment(scope, "asset_class", *segment, fee=0.0) for segment in segments]
    start = sum(row["start_value_base"] for row in rows)
    gain, local = (sum(row[n] for row in rows) for n in ("gain_base", "local_gain"))
    whole = (start, local / start if start else 0.0, (1 + gain / start) / (1 + local / start) - 1 if start else 0.0)
    levels = [("total", "total"), *([("account", f"{scope}_a")] if scope != "office" else [])]
    rows += [_segment(scope, level, name, *whole, fee=fee) for level, name in levels]
    return inexact(Performance.frame(pd.DataFrame(rows).drop(columns="local_gain").assign(close_date=close)))


def _segment(scope: str, level: str, name: str, start: float, local: float, fx: float, *, fee: float) -> dict:
    gross = (1 + local) * (1 + fx) - 1
    known = start > 0
    return {
        "scope": scope, "level": level, "segment": name, "start_value_base": start, "external_flow_base": 0,
        "gain_base": start * gross - fee, "fee_paid_base": fee, "fee_outside_base": 0,
        "local_gain": start * local,
        "return_local_1d": local if known else None, "return_fx_1d": fx if known else None,
        "return_gross_1d": gross if known else None, "return_net_1d": gross - fee / start if known else None,
        "is_large_flow": False, "is_stale": False,
    }  # fmt: skip


def holdings(*lines: tuple[str, float, str], entity: str = "trust", **more: object) -> pd.DataFrame:
    """One line a class in the owner's account from (class, value, currency), a unit of an instrument of its own."""
    rows = [
        {"instrument_id": name.upper(), "asset_class": name, "market_value_base": value, "currency": currency}
        for name, value, currency in lines
    ]
    usual = {
        "account_id": f"{entity}_a", "entity_id": entity, "quantity": 1, "fx_rate": 1, "accrued_local": 0,
        "price_local": 1, "holding_kind": "security", "is_priced": True, "is_stale": False, "has_break": False,
    }  # fmt: skip
    columns = ["instrument_id", "asset_class", "market_value_base", "currency"]
    return inexact(book.Holdings.frame(pd.DataFrame(rows, columns=columns).assign(**usual | more)))


def targets(weights: dict[str, dict[str, float]]) -> pd.DataFrame:
    rows = [
        {"entity_id": entity, "asset_class": name, "weight_target": weight, "is_liquid": True}
        for entity, classes in weights.items()
        for name, weight in classes.items()
    ]
    return policy.AllocationTargets.frame(pd.DataFrame(rows))


def against(*parts: tuple[str, str, str, float]) -> pd.DataFrame:
    """What classes are measured against, from (class, kind, name, weight); a rate's name is its number."""
    names = ["asset_class", "benchmark_kind", "benchmark_id", "weight_component"]
    frame = pd.DataFrame(parts, columns=names).assign(valid_from=pd.Timestamp("2014-01-01"))
    rates = pd.to_numeric(frame["benchmark_id"], errors="coerce").where(frame["benchmark_kind"] == "rate")
    return policy.ClassBenchmarks.frame(frame.assign(interest_rate=rates))


def factors(returns: dict[str, float], date: pd.Timestamp = CLOSE) -> pd.DataFrame:
    frame = pd.DataFrame(returns.items(), columns=["factor", "return_1d"])
    return reference.FactorReturns.frame(frame.assign(return_date=date, source="test", **PLACE))


def euro(rate: float) -> pd.DataFrame:
    row = {"currency": "EUR", "base_currency": "USD", "rate_date": CLOSE, "fx_rate": rate, "fx_source": "t", **PLACE}
    return inexact(reference.FxRates.frame([row]))


def cash(known_until: str = "2022-12-31", **rates: float) -> pd.DataFrame:
    """Cash rates by currency: what a night earned, as it is of a year of 360 days."""
    rows = [
        {"currency": name, "valid_from": "2022-01-01", "known_until": known_until, "interest_rate": 360 * rate,
         "day_count": 360, "rate_source": "t"}
        for name, rate in rates.items()
    ]  # fmt: skip
    return policy.CashRates.frame(rows)


def tables_of(**more: object) -> dict[str, pd.DataFrame]:
    """What attribution reads beside performance."""
    held = holdings(("equity", 70.0, "EUR"), ("bond", 30.0, "USD"))
    return {
        "holdings": held, "holdings_previous": held, "transactions": inexact(book.Transactions.frame()),
        "instruments": inexact(reference.Instruments.frame()), "prices": inexact(reference.Prices.frame()),
        "net_worth": pd.DataFrame({"base_currency": ["USD"]}), "fx_rates": euro(1.02), "fx_rates_previous": euro(1.0),
        "benchmarks": reference.Benchmarks.frame(), "factor_returns": factors(RETURNS),
        "allocation_targets_previous": targets(POLICY), "class_benchmarks_previous": against(*AGAINST),
        "cash_rates": policy.CashRates.frame(),
        "return_attribution_previous": ReturnAttribution.frame(), **more,
    }  # fmt: skip


def attribution(performed: pd.DataFrame, **more: object) -> pd.DataFrame:
    """Figures of a session, checked."""
    found = ReturnAttribution.validate(return_attribution(performance=performed, **tables_of(**more)))
    assert attribution_adds_up.CHECK.find(found).empty
    return found


def read_of(performed: pd.DataFrame, **more: object) -> Callable[..., pd.DataFrame]:
    """The same tables as a second computation reads them: by name, of the day or of the session before."""
    tables = {"performance": performed, **tables_of(**more)}

    def read(name: str, _sessions: int = 1, back: int = 0) -> pd.DataFrame:
        table = name.split(".")[1]
        return tables.get(f"{table}_previous", tables.get(table)) if back else tables[table]

    return read


def effects(found: pd.DataFrame, level: str = "total", span: str = "1d", scope: str = "trust") -> pd.DataFrame:
    """Effects of a level, segments x effects."""
    rows = found[(found["level"] == level) & (found["span"] == span) & (found["scope"] == scope)]
    return rows.pivot(index="segment", columns="effect", values="effect_return")


SESSION = performance(("equity", 70.0, 0.06, 0.02), ("bond", 30.0, 0.0, 0.0), fee=0.1)
"""70 of shares in euros that gained 6 % in a euro that gained 2 %, and 30 of bonds that gained nothing."""
