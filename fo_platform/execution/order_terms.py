"""What was ordered, read from the first event of every order. What became of the order does not belong here."""

import json

import pandas as pd

from fo_platform import units
from fo_platform.contracts.columns import COLUMNS

TERMS = (
    "entity_id", "account_id", "instrument_id", "side", "quantity", "limit_price_local", "currency", "broker",
    "proposal_digest", "slice_no", "arrival_price_local", "cost_expected_bps", "notional_base",
)  # fmt: skip

ARRIVAL = "arrival_price_local"


def order_terms(order_events: pd.DataFrame) -> pd.DataFrame:
    """One row an order, as its NEW event states it, with exact decimals; `trade_date` is the day of that event.

    order_events: client_order_id, seq, event, at, business_date, epoch, body (JSON text). The arrival price is the one
    read at release, where the first SENDING event states one.
    """
    first = order_events[order_events["event"] == "NEW"].sort_values("client_order_id", ignore_index=True)
    arrivals = _arrivals(order_events)
    bodies = [{**json.loads(body), **arrivals.get(order, {})} for order, body in _pairs(first)]
    terms = {name: _column(name, [body.get(name) for body in bodies]) for name in TERMS}
    return pd.DataFrame({"client_order_id": first["client_order_id"], **terms, "trade_date": first["business_date"]})


def _column(name: str, values: list[object]) -> pd.Series:
    column = COLUMNS[name]
    if column.kind in ("quantity", "price", "money"):
        return units.exact(values, column.arrow)
    if column.kind == "float":
        return pd.Series([float("nan") if value is None else float(str(value)) for value in values], dtype="float64")
    return pd.Series(values, dtype=column.exact_dtype)


def _arrivals(order_events: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The arrival price by order, where it was read at release."""
    sent = order_events[order_events["event"] == "SENDING"].sort_values("seq").drop_duplicates("client_order_id")
    bodies = {order: json.loads(body) for order, body in _pairs(sent)}
    return {order: {ARRIVAL: body[ARRIVAL]} for order, body in bodies.items() if body.get(ARRIVAL)}


def _pairs(events: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(events["client_order_id"], events["body"], strict=True))
