"""Builders for the small frames that metrics read, and the published cases that figures are held against."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from fo_platform.contracts import book, policy, reference
from fo_platform.contracts._base import inexact

CASES = Path(__file__).parents[2] / "../shared/reference_cases.json"
PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}
VALUED = {"holding_kind": "security", "accrued_local": 0, "is_priced": True, "is_stale": False, "has_break": False}
OTHERS = dict.fromkeys(
    ["assets_base", "cash_base", "liabilities_base", "stale_base", "broken_base", "unpriced_count"], 0
)


def positions(*rows: tuple[object, ...], **more: object) -> pd.DataFrame:
    """Holdings from (entity, instrument, class, value[, quantity[, currency]]), decimals exact.

    `more` holds for every row. Rows of the same entity and instrument are in different accounts.
    """
    filled = [(*row, *(1, "USD")[len(row) - 4 :]) for row in rows]
    names = ["entity_id", "instrument_id", "asset_class", "market_value_base", "quantity", "currency"]
    frame = pd.DataFrame(filled, columns=names).assign(**VALUED | more)
    number = frame.groupby(["entity_id", "instrument_id"]).cumcount().astype(str)
    return book.Holdings.frame(frame.assign(account_id=frame["entity_id"].astype(str) + "_" + number))


def net_worth(held: pd.DataFrame, base_currency: str = "USD") -> pd.DataFrame:
    """Net worth that agrees with holdings."""
    values = held["market_value_base"].astype("object").dropna()
    nav = values.groupby(held["entity_id"]).sum().to_dict() | {"office": values.sum()}
    rows = [{"entity_id": k, "nav_base": v, "base_currency": base_currency, **OTHERS} for k, v in nav.items()]
    return book.NetWorth.frame(rows)


def targets(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Targets from (entity, class, target, min, max[, proxy]); a class with a proxy is illiquid."""
    names = ["entity_id", "asset_class", "weight_target", "weight_min", "weight_max", "proxy_asset_class"]
    frame = pd.DataFrame([(*row, None)[:6] for row in rows], columns=names)
    return policy.AllocationTargets.frame(frame.assign(is_liquid=frame["proxy_asset_class"].isna()))


def limits(*rows: tuple[str, str, object]) -> pd.DataFrame:
    """Limits from (entity, name, value)."""
    names = ["entity_id", "limit_name", "value"]
    return policy.Limits.frame(pd.DataFrame(rows, columns=names).assign(unit="1"))


def instruments(*ids: str, **more: object) -> pd.DataFrame:
    """Liquid US shares, one issuer each; `more` gives columns, one value or one an instrument."""
    usual = {
        "instrument_name": list(ids), "instrument_type": "share", "asset_class": "us_equity", "issuer_id": list(ids),
        "currency": "USD", "currency_risk": "USD", "market": "US", "country": "US", "price_basis": "unit",
        "multiplier": 1, "lot_size": 1, "is_liquid": True, "is_restricted": False,
    }  # fmt: skip
    frame = pd.DataFrame({"instrument_id": list(ids)}).assign(**usual | PLACE | more)
    return inexact(reference.Instruments.frame(frame))


def prices(quoted: pd.DataFrame, **currencies: str) -> pd.DataFrame:
    """Prices from levels, dates x instruments; USD unless a keyword names the instrument's currency."""
    long = _long(quoted, "instrument_id", "price_date", "price_local")
    currency = long["instrument_id"].map(currencies).fillna("USD")
    return inexact(reference.Prices.frame(long.assign(currency=currency, price_source="test", **PLACE)))


def fx_rates(quoted: pd.DataFrame) -> pd.DataFrame:
    """Rates in USD from levels, dates x currencies."""
    long = _long(quoted, "currency", "rate_date", "fx_rate")
    return inexact(reference.FxRates.frame(long.assign(base_currency="USD", fx_source="test", **PLACE)))


def factor_returns(returns: pd.DataFrame) -> pd.DataFrame:
    """Factor returns, dates x factors."""
    long = _long(returns, "factor", "return_date", "return_1d")
    return reference.FactorReturns.frame(long.assign(source="test", **PLACE))


def valuations(**values: pd.Series) -> pd.DataFrame:
    """Appraisals of assets by name, each a series of values by date."""
    series = {name: pd.DataFrame({"appraisal_date": of.index, "market_value_local": of}) for name, of in values.items()}
    names = [rows.assign(asset_id=name, instrument_id=f"ASSET.{name}") for name, rows in series.items()]
    stated = {"account_id": "trust_0", "appraisal_method": "appraisal", "currency": "USD", "source": "test", **PLACE}
    rows = pd.concat(names).assign(**stated) if names else pd.DataFrame(columns=list(book.Valuations.fields()))
    return inexact(book.Valuations.frame(rows.reset_index(drop=True)))


def noise(n: int, *names: str, seed: int = 0, size: float = 0.01) -> pd.DataFrame:
    """Independent normal returns on the n weekdays before the business date."""
    values = np.random.default_rng(seed).normal(0, size, (n, len(names)))
    return pd.DataFrame(values, index=pd.bdate_range(end="2022-06-13", periods=n), columns=list(names))


def levels(returns: pd.DataFrame, start: float = 100.0) -> pd.DataFrame:
    """Prices that have these returns, from one weekday before the first."""
    first = pd.DataFrame(1.0, index=[returns.index[0] - pd.offsets.BDay()], columns=returns.columns)
    return pd.concat([first, (1 + returns).cumprod()]) * start


@pytest.fixture(scope="session")
def frames() -> SimpleNamespace:
    """The builders of this file by name."""
    return SimpleNamespace(**{name: value for name, value in globals().items() if callable(value)})


@pytest.fixture(scope="session")
def day() -> pd.Timestamp:
    """The business date of every test."""
    return pd.Timestamp("2022-06-14")


@pytest.fixture(scope="session")
def cases() -> dict[str, dict[str, object]]:
    """Published cases by id; a test that asks for them is skipped where they are absent."""
    if not CASES.exists():
        pytest.skip(f"{CASES.name} is not beside the project")
    return {case["id"]: case for case in json.loads(CASES.read_text())}


def _long(wide: pd.DataFrame, column: str, date: str, value: str) -> pd.DataFrame:
    long = wide.rename_axis(date).melt(var_name=column, value_name=value, ignore_index=False)
    return long.dropna().reset_index()
