"""The orders that a signature would allow, each with the digest of the document that is signed.

What the document says, and sending, do not belong here.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from fo_platform.calendars import add_sessions
from fo_platform.canonical import content_digest
from fo_platform.contracts.decision import ExecutionPlan, RebalanceProposal
from fo_platform.costs import BPS
from fo_platform.decision.document import Stored, proposal_document
from fo_platform.decision.rounding import limit_price
from fo_platform.ids import client_order_id
from fo_platform.limits import limit
from fo_platform.lots import UNNUMBERED, instruction

ORDER = ["entity_id", "account_id", "instrument_id", "side"]

SLICE = 1
"""Every line is one order; a broker may work it in parts."""


def execution_plan(
    stored: Stored,
    reconciled_positions: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    inputs: Mapping[str, str],
    day: pd.Timestamp,
) -> pd.DataFrame:
    """One order per account, instrument and side of every proposal, as decision.ExecutionPlan.

    stored: tables of the day; its execution_plan is what this makes, so it is not read. inputs: content hash of every
    table that the proposals were made from, by table name.
    """
    lines = RebalanceProposal.frame(stored.rebalance_proposal)
    if lines.empty:
        return ExecutionPlan.frame()
    orders = _orders(lines, reconciled_positions, accounts, stored.limits, day)
    planned = replace(stored, execution_plan=orders)
    digests = {
        name: content_digest(proposal_document(planned, name, day, inputs))
        for name in sorted(orders["entity_id"].unique())
    }
    signed = orders.assign(proposal_digest=orders["entity_id"].map(digests))
    keys = zip(*(signed[name] for name in ("proposal_digest", *ORDER[1:], "slice_no")), strict=True)
    return ExecutionPlan.frame(signed.assign(client_order_id=[client_order_id(*map(str, key)) for key in keys]))


def _orders(
    lines: pd.DataFrame,
    reconciled_positions: pd.DataFrame,
    accounts: pd.DataFrame,
    limits: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Orders without digests: lots of one order summed, with their limit price, broker and validity.

    The chosen lots go along where the custodian keeps and numbers them; where we do, they are nobody else's.
    """
    dates = reconciled_positions.dropna(subset=["price_date"]).groupby("instrument_id")["price_date"].max()
    known = accounts.set_index("account_id")
    rows = [_order(group.iloc[0], group, limits, day) for _, group in lines.groupby(ORDER, sort=True)]
    frame = pd.DataFrame(rows)
    is_told = frame["account_id"].map(known["lot_authority"]) == "custodian"
    return frame.assign(
        price_date=frame["instrument_id"].map(dates),
        broker=frame["account_id"].map(known["broker"]),
        lots=frame["lots"].where(is_told, ""),
    )


def _order(key: pd.Series, lots: pd.DataFrame, limits: pd.DataFrame, day: pd.Timestamp) -> dict[str, object]:
    price, notional = lots["price_local"].iloc[0], sum(lots["notional_base"], Decimal(0))
    collar = limit(limits, key["entity_id"], "collar_bps")
    days = int(limit(limits, key["entity_id"], "approval_validity_days"))
    return {
        **{name: key[name] for name in ORDER},
        "slice_no": SLICE,
        "quantity_max": sum(lots["quantity"], Decimal(0)),
        "price_local": price,
        "limit_price_local": limit_price(price, key["side"], collar),
        "currency": lots["currency"].iloc[0],
        "lots": _instruction(lots) if key["side"] == "SELL" else "",
        "notional_base": notional,
        "cost_expected_bps": float(sum(lots["cost_expected_base"], Decimal(0)) / notional) / BPS,
        "valid_until_date": add_sessions(day, days),
    }


def _instruction(lots: pd.DataFrame) -> str:
    """The lots of a sale, the least taxed first, as an order that fills in part should relieve them."""
    if lots["lot_id"].str.startswith(UNNUMBERED).any():
        return ""
    taxed = lots.assign(tax=lots["tax_base"].astype("float64") / lots["quantity"].astype("float64"))
    ordered = taxed.sort_values(["tax", "lot_id"])
    return instruction(dict(zip(ordered["lot_id"], ordered["quantity"], strict=True)))
