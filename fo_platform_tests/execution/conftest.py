"""Builders of the small ledger frames that execution rules read."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
import pytest

from fo_platform import units
from fo_platform.contracts.reference import Instruments

TEXT = pd.StringDtype("pyarrow")
Build = Callable[..., pd.DataFrame]

FILL = {
    "broker": "paper", "account_id": "foundation_us", "client_order_id": "o1", "instrument_id": "AAPL", "side": "BUY",
    "quantity": "10", "price_local": "100", "currency": "USD", "fee_local": "0", "trade_date": "2022-06-14",
    "settlement_date": "2022-06-16", "exec_type": "trade", "exec_ref_id": None, "executed_at": "2022-06-14T15:00Z",
    "price_source": "tape", "business_date": "2022-06-14", "is_orphan": False,
}  # fmt: skip
TERMS = {
    "entity_id": "foundation", "account_id": "foundation_us", "instrument_id": "AAPL", "side": "BUY", "quantity": "100",
    "limit_price_local": "105", "currency": "USD", "broker": "paper", "proposal_digest": "a" * 64, "slice_no": 1,
    "arrival_price_local": "100", "cost_expected_bps": "5", "notional_base": "10000",
}  # fmt: skip


@pytest.fixture(scope="session")
def make_fills() -> Build:
    """`make_fills(dict(exec_id="e1", quantity="5"), ...)`: ledger fills, the rest as usual."""

    def build(*rows: dict[str, object]) -> pd.DataFrame:
        frame = pd.DataFrame([{**FILL, **row} for row in rows], columns=["exec_id", *FILL])
        dates = {name: pd.to_datetime(frame[name]) for name in ("trade_date", "settlement_date", "business_date")}
        kinds = {"quantity": units.QUANTITY, "price_local": units.PRICE, "fee_local": units.MONEY}
        numbers = {name: units.exact(frame[name], kind) for name, kind in kinds.items()}
        moment = pd.to_datetime(frame["executed_at"], utc=True, format="ISO8601").astype(
            pd.DatetimeTZDtype("us", "UTC")
        )
        texts = {
            name: frame[name].astype(TEXT)
            for name in frame
            if name not in {*dates, *numbers, "executed_at", "is_orphan"}
        }
        return frame.assign(**texts, **dates, **numbers, executed_at=moment, is_orphan=frame["is_orphan"].astype(bool))

    return build


@pytest.fixture(scope="session")
def make_events() -> Build:
    """`make_events("o1", "NEW", "SENDING", ..., quantity="100")`: one order's events, an hour apart from 13:00 UTC."""

    def build(
        order: str, *events: str, day: str = "2022-06-14", bodies: dict[str, object] | None = None, **terms: object
    ) -> pd.DataFrame:
        rows = [
            {
                "client_order_id": order,
                "seq": seq,
                "event": event,
                "at": datetime(2022, 6, 14, 12 + seq, tzinfo=UTC),
                "business_date": pd.Timestamp(day),
                "epoch": 1,
                "body": json.dumps({**TERMS, **terms} if event == "NEW" else (bodies or {}).get(event, {})),
            }
            for seq, event in enumerate(events, start=1)
        ]
        return pd.DataFrame(rows).astype(dict.fromkeys(["client_order_id", "event", "body"], TEXT))

    return build


@pytest.fixture(scope="session")
def instruments() -> pd.DataFrame:
    """A share, another share and a bond that is priced in per cent."""
    common = {
        "issuer_id": "x", "currency": "USD", "currency_risk": "USD", "market": "US", "country": "US",
        "multiplier": "1", "lot_size": "1", "is_liquid": True, "is_restricted": False,
        "file_sha256": "b" * 64, "line": 1, "byte_offset": 0,
    }  # fmt: skip
    kinds = [
        ("AAPL", "share", "us_equity", "unit"),
        ("MSFT", "share", "us_equity", "unit"),
        ("UST2029", "bond", "fixed_income", "per_100"),
    ]
    names = ("instrument_id", "instrument_type", "asset_class", "price_basis")
    return Instruments.frame(
        [{**common, **dict(zip(names, kind, strict=True)), "instrument_name": kind[0]} for kind in kinds]
    )
