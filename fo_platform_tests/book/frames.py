"""Small frames of one account at the US custodian and one at the Swiss bank. What is expected belongs to the tests."""

import json
from collections.abc import Iterable, Mapping

import pandas as pd

from fo_platform.contracts import book, execution, policy, reference
from fo_platform.contracts.raw import Record

PREVIOUS = pd.Timestamp("2022-06-14")
DAY = pd.Timestamp("2022-06-15")

US = {"source": "us_custodian", "feed": "us_custodian_fixed", "account": "0088"}
SWISS = {"source": "swiss_bank", "feed": "mt535", "account": "0835"}

Row = Mapping[str, object]


def record(kind: str, /, *, of: Row = US, statement: object = PREVIOUS, file: int = 1, **payload: str) -> Row:
    """One record; `file` says which file of the day states it, in the order received."""
    return {
        "file_sha256": f"{file:064x}",
        "byte_length": 100,
        "record_kind": kind,
        "source": of["source"],
        "feed": of["feed"],
        "account_id_source": of["account"],
        "statement_date": statement,
        "received_at": pd.Timestamp("2022-06-15T11:00Z") + pd.Timedelta(seconds=file),
        "payload": json.dumps(payload),
    }


def raw(records: Iterable[Row] = ()) -> pd.DataFrame:
    """Records as the day's raw tables, numbered by line within their file."""
    rows = [{**row, "line": n, "byte_offset": n * 100} for n, row in enumerate(records, start=1)]
    frame = Record.frame([{k: v for k, v in row.items() if k != "source"} for row in rows])
    sources = {(row["file_sha256"], row["byte_offset"]): row["source"] for row in rows}
    named = [sources[key] for key in zip(frame["file_sha256"], frame["byte_offset"], strict=True)]
    return frame.assign(source=pd.Series(named, dtype=pd.StringDtype("pyarrow")))


def position(
    instrument_id: str,
    quantity: str,
    *,
    of: Row = US,
    statement: object = PREVIOUS,
    file: int = 1,
    **more: str,
) -> Row:
    """A holding by ISIN."""
    fields = {"isin": f"ISIN-{instrument_id}", "quantity": quantity, "currency": "USD", **more}
    return record("position", of=of, statement=statement, file=file, **fields)


def lot(instrument_id: str, lot_id: str, quantity: str, **more: str) -> Row:
    """A tax lot of the US custodian."""
    fields = {
        "isin": f"ISIN-{instrument_id}",
        "lot_id": lot_id,
        "quantity": quantity,
        "cost": "10.00",
        "currency": "USD",
    }
    return record("lot", **{**fields, "acquired_date": "2020-01-02", **more})


def accounts() -> pd.DataFrame:
    """foundation_us on trade basis with the custodian's lots, trust_swiss on settlement basis with ours."""
    common = {"broker": "paper", "is_tradeable": True, "base_currency": "USD", "cash_floor_base": 0}
    us = {
        "account_id": "foundation_us",
        "entity_id": "foundation",
        "custodian": "us_custodian",
        "account_id_source": "0088",
    }
    swiss = {
        "account_id": "trust_swiss",
        "entity_id": "trust",
        "custodian": "swiss_bank",
        "account_id_source": "0835",
    }
    rows = [
        {**us, "statement_basis": "trade", "lot_authority": "custodian", **common},
        {**swiss, "statement_basis": "settle", "lot_authority": "office", **common},
    ]
    return policy.Accounts.frame(rows)


def identifiers(instrument_ids: Iterable[str] = ("KO", "NESN", "UST")) -> pd.DataFrame:
    """`ISIN-<instrument>` of each instrument."""
    rows = [
        {
            "id_type": "ISIN",
            "id_value": f"ISIN-{name}",
            "valid_from": "2000-01-01",
            "instrument_id": name,
            "source": "market",
        }
        for name in instrument_ids
    ]
    return reference.Identifiers.frame([{**row, "file_sha256": "f" * 64, "line": 1, "byte_offset": 0} for row in rows])


def instruments() -> pd.DataFrame:
    """A share in dollars, one in francs, and a bond that is priced per cent of its face."""
    common = {"multiplier": "1", "lot_size": "1", "is_liquid": True, "is_restricted": False, "country": "US"}
    where = {"file_sha256": "f" * 64, "line": 1, "byte_offset": 0}
    kinds = {
        "KO": ("us_equity", "USD", "unit"),
        "NESN": ("intl_equity", "CHF", "unit"),
        "UST": ("fixed_income", "USD", "per_100"),
    }
    rows = [
        {
            "instrument_id": name,
            "asset_class": asset_class,
            "currency": currency,
            "price_basis": basis,
            **common,
            **where,
        }
        for name, (asset_class, currency, basis) in kinds.items()
    ]
    return reference.Instruments.frame(rows)


def prices(closes: Mapping[str, str], *, price_date: object = PREVIOUS) -> pd.DataFrame:
    """Closes by instrument, NESN in francs."""
    rows = [
        {
            "instrument_id": name,
            "price_date": price_date,
            "price_local": close,
            "currency": "CHF" if name == "NESN" else "USD",
        }
        for name, close in closes.items()
    ]
    return reference.Prices.frame(rows)


def fx_rates(rate: str = "1.05", *, rate_date: object = PREVIOUS) -> pd.DataFrame:
    """Dollars for a franc."""
    return reference.FxRates.frame(
        [{"currency": "CHF", "rate_date": rate_date, "base_currency": "USD", "fx_rate": rate}]
    )


def limits() -> pd.DataFrame:
    """The office's numbers that the book reads."""
    values = {"price_tolerance": "0.01", "break_critical": "100000", "price_age_max_days": "5"}
    return policy.Limits.frame(
        [{"entity_id": "office", "limit_name": name, "value": value} for name, value in values.items()]
    )


def price_rules() -> pd.DataFrame:
    """Bonds may be priced nine days ago; every other class has the office's age."""
    rows = [{"asset_class": "*", "price_age_max_days": 5}, {"asset_class": "fixed_income", "price_age_max_days": 9}]
    usual = {"source": "market_data", "source_rank": 0, "price_spike_factor": 10.0}
    return policy.PriceRules.frame([{**usual, **row} for row in rows])


def fills(rows: Iterable[Row] = ()) -> pd.DataFrame:
    """Fills of foundation_us on the previous session, settling two sessions later."""
    usual = {
        "broker": "paper", "account_id": "foundation_us", "client_order_id": "C1", "instrument_id": "KO", "side": "BUY",
        "quantity": "10", "price_local": "60", "currency": "USD", "fee_local": "0", "trade_date": PREVIOUS,
        "settlement_date": "2022-06-16", "exec_type": "trade", "executed_at": "2022-06-14T15:00Z",
        "price_source": "test",
    }  # fmt: skip
    return execution.Fills.frame([{**usual, "exec_id": f"E{n}", **row} for n, row in enumerate(rows)])


def transactions(rows: Iterable[Row] = ()) -> pd.DataFrame:
    """Movements that the US custodian reports."""
    usual = {
        "account_id": "foundation_us",
        "trade_date": PREVIOUS,
        "currency": "USD",
        "cash_local": "0",
        "source": "us_custodian",
    }
    return book.Transactions.frame([{**usual, "transaction_id": f"T{n}", **row} for n, row in enumerate(rows)])
