"""The canonical document of a proposal: exactly what is signed. Signatures and orders sent do not belong here.

It is made from stored tables alone, so that it can be shown, checked and signed on any later day with the same digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from fo_platform.canonical import Value
from fo_platform.contracts import policy
from fo_platform.contracts.decision import ExecutionPlan, RebalanceEvaluation, RebalanceProposal
from fo_platform.errors import PolicyError
from fo_platform.limits import OFFICE, limit

SCHEMA = "fo-proposal/v1"

FIGURES = (
    "cost_of_drift_per_day_base",
    "cost_of_drift_base",
    "cost_of_drift_to_review_base",
    "cost_of_trading_base",
    "cost_of_trading_full_credit_zero_base",
    "cost_to_target_base",
    "tax_base",
    "saving_base",
)

ORDER_KEY = ("account_id", "instrument_id", "side", "slice_no")

ORDER = (
    *ORDER_KEY,
    "quantity_max",
    "price_local",
    "price_date",
    "limit_price_local",
    "currency",
    "broker",
    "lots",
    "notional_base",
)

LOT = ("account_id", "instrument_id", "lot_id", "quantity", "gain_base", "tax_base")


@dataclass(frozen=True)
class Stored:
    """Tables of one business date that proposals are documented from. execution_plan: digests and ids are not read."""

    rebalance_evaluation: pd.DataFrame
    rebalance_proposal: pd.DataFrame
    execution_plan: pd.DataFrame
    entities: pd.DataFrame
    limits: pd.DataFrame
    approvers: pd.DataFrame


def proposal_document(stored: Stored, entity_id: str, day: pd.Timestamp, inputs: Mapping[str, str]) -> dict[str, Value]:
    """The document of one entity's proposal.

    inputs: content hash of every table that the proposal was made from, by table name.
    """
    evaluation = _rows(RebalanceEvaluation.frame(stored.rebalance_evaluation), entity_id).iloc[0]
    orders = _rows(_plan(stored.execution_plan), entity_id).sort_values(list(ORDER_KEY))
    lots = _rows(RebalanceProposal.frame(stored.rebalance_proposal), entity_id)
    return {
        "schema": SCHEMA,
        "entity_id": entity_id,
        "business_date": day.date(),
        "base_currency": str(stored.entities.set_index("entity_id").at[entity_id, "base_currency"]),
        "proposer_id": proposer(stored.approvers, entity_id, day),
        "verdict": {
            "verdict": str(evaluation["verdict"]),
            "trigger": str(evaluation["trigger"]),
            "reason": str(evaluation["reason"]),
            **{name: evaluation[name] for name in FIGURES},
        },
        "orders": _records(orders, ORDER),
        "lots": _records(lots[lots["side"] == "SELL"], LOT),
        "limits": _limits(stored.limits, entity_id),
        "targets_digest": str(evaluation["targets_digest"]),
        "inputs": {str(table): str(content) for table, content in inputs.items()},
        "valid_until_date": orders["valid_until_date"].iloc[0].date(),
        "min_approvals": int(limit(stored.limits, entity_id, "min_approvals")),
    }


def proposer(approvers: pd.DataFrame, entity_id: str, day: pd.Timestamp) -> str:
    """Who proposes for an entity on a day: its own proposer, or else the office's; first by name."""
    rows = approvers[(approvers["approver_role"] == "proposer") & (approvers["valid_from"] <= day)]
    rows = rows[~(rows["valid_until"] < day)]
    for owner in (entity_id, OFFICE):
        names = sorted(rows.loc[rows["entity_id"] == owner, "approver_id"])
        if names:
            return str(names[0])
    raise PolicyError(f"Nobody may propose for {entity_id} on {day:%Y-%m-%d}.", "Declare a proposer for it.")


def _plan(plan: pd.DataFrame) -> pd.DataFrame:
    """The plan in exact types whether or not its digests and order ids are known yet."""
    return ExecutionPlan.frame(plan.drop(columns=["proposal_digest", "client_order_id"], errors="ignore"))


def _rows(frame: pd.DataFrame, entity_id: str) -> pd.DataFrame:
    return frame[frame["entity_id"] == entity_id]


def _records(frame: pd.DataFrame, names: tuple[str, ...]) -> list[Value]:
    return [{name: _cell(row[name]) for name in names} for row in frame.to_dict("records")]


def _cell(value: object) -> Value:
    match value:
        case pd.Timestamp():
            return value.date()
        case Decimal() | int() | str():
            return value
    raise TypeError(f"a signed document holds no {type(value).__name__}: {value!r}")


def _limits(limits: pd.DataFrame, entity_id: str) -> dict[str, Value]:
    """Every limit that holds for the entity."""
    names = policy.Limits.frame(limits)["limit_name"].unique()
    mine = set(limits.loc[limits["entity_id"].isin([entity_id, OFFICE]), "limit_name"])
    return {str(name): limit(limits, entity_id, str(name)) for name in sorted(set(names) & mine)}
