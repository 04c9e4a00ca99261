"""Small frames of market data and statements as received. What is expected of them belongs to the tests."""

import json
from collections.abc import Iterable, Mapping

import pandas as pd

from fo_platform.contracts import policy, reference
from fo_platform.contracts.raw import Record

DAY = pd.Timestamp("2022-06-15")
CLOSED = "2022-06-14"
"""The day, and the session whose close its morning's files state."""

MARKET = "market_data"
CLASSES = {"KO": "us_equity", "VOD": "intl_equity", "BOND": "fixed_income", "FUND": "private_equity"}


def raw(
    rows: Iterable[tuple[str, Mapping[str, str]]], *, file: int = 1, source: str = MARKET, account: str | None = None
) -> pd.DataFrame:
    """Records of one file, in the order of its lines."""
    records = [
        {
            "file_sha256": f"{file:064x}",
            "line": n,
            "byte_offset": n * 100,
            "byte_length": 100,
            "record_kind": kind,
            "feed": "made_up",
            "account_id_source": account,
            "statement_date": CLOSED,
            "received_at": f"2022-06-15T11:00:{file:02}Z",
            "payload": json.dumps(payload),
        }
        for n, (kind, payload) in enumerate(rows, start=1)
    ]
    return Record.frame(records).assign(source=pd.Series(source, range(len(records)), dtype="string[pyarrow]"))


def close(
    instrument_id: str, price_local: str, *, currency: str = "USD", day: str = CLOSED
) -> tuple[str, dict[str, str]]:
    """A market data source's price."""
    said = {"instrument_id": instrument_id, "price_date": day, "price_local": price_local, "currency": currency}
    return "price", {**said, "price_source": "vendor"}


def held(instrument_id: str, price: str, *, currency: str = "USD", basis: str = "unit") -> tuple[str, dict[str, str]]:
    """A holding that a custodian values at a price."""
    said = {"isin": f"ISIN-{instrument_id}", "quantity": "10", "price": price, "price_basis": basis}
    return "position", {**said, "currency": currency}


def instruments() -> pd.DataFrame:
    """One instrument of each class; bonds are quoted per 100."""
    usual = {"is_liquid": True, "is_restricted": False}
    rows = [
        {
            **usual,
            "instrument_id": name,
            "asset_class": asset_class,
            "price_basis": "per_100" if name == "BOND" else "unit",
        }
        for name, asset_class in CLASSES.items()
    ]
    return reference.Instruments.frame(rows)


def identifiers() -> pd.DataFrame:
    """Their ISINs."""
    usual = {"id_type": "ISIN", "valid_from": "2000-01-01"}
    rows = [{**usual, "id_value": f"ISIN-{name}", "instrument_id": name} for name in CLASSES]
    return reference.Identifiers.frame(rows)


def rules() -> pd.DataFrame:
    """Market data before the bank; private equity by its administrator, held above three times."""
    usual = {"asset_class": "*", "price_age_max_days": 5, "price_spike_factor": 10.0}
    private = {"asset_class": "private_equity", "price_age_max_days": 120, "price_spike_factor": 3.0}
    rows = [
        {**usual, "source": MARKET, "source_rank": 0},
        {**usual, "source": "bank", "source_rank": 1},
        {**private, "source": "administrator", "source_rank": 0},
    ]
    return policy.PriceRules.frame(rows)


def split(instrument_id: str, new: str, old: str, *, ex_date: str = CLOSED) -> pd.DataFrame:
    """A corporate action that makes so many shares out of so many."""
    said = {"source": "bank", "event_reference": "E1", "event_type": "SPLF", "instrument_id": instrument_id}
    row = {**said, "ex_date": ex_date, "ratio_new": new, "ratio_old": old}
    return reference.CorporateActions.frame([row])


def prices(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Prices of the previous day's table: instrument, price date, price."""
    made = [{"instrument_id": name, "price_date": day, "price_local": price} for name, day, price in rows]
    usual = {"currency": "USD", "price_source": "vendor", "file_sha256": "f" * 64, "line": 1, "byte_offset": 0}
    return reference.Prices.frame([{**usual, **row} for row in made])
