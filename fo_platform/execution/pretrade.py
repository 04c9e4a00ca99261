"""The checks that an order must pass before it may be sent; no evidence is not a pass. Sending does not belong here."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pandas as pd

from fo_platform import units
from fo_platform.contracts.execution import PretradeChecks
from fo_platform.execution.amounts import signed_cash
from fo_platform.limits import limit

Result = Literal["pass", "breach", "no_evidence"]

PRICE_AGE = "price_age_max_days"
PARTICIPATION = "participation_max"
SIGNED_TERMS = ("entity_id", "proposal_digest", "account_id", "instrument_id", "side", "currency", "limit_price_local")


@dataclass(frozen=True)
class PretradeTables:
    """What the checks look at on the morning of the session, tables by their names, decimals exact.

    orders: every open order, leaves as they stood before the session, so that they meet positions of the same moment.
    prices: any days, the last price of an instrument is used. fills: the ledger's, for orphans.
    """

    day: pd.Timestamp
    orders: pd.DataFrame
    execution_plan: pd.DataFrame
    approval: pd.DataFrame
    prices: pd.DataFrame
    reconciled_positions: pd.DataFrame
    instruments: pd.DataFrame
    accounts: pd.DataFrame
    market_liquidity: pd.DataFrame
    limits: pd.DataFrame
    fills: pd.DataFrame
    is_killed: bool
    is_policy_signed: bool | None


@dataclass(frozen=True)
class Finding:
    """Result of one check, with the figure that was held against the limit where there is one."""

    check_result: Result
    message: str
    value: Decimal | None = None
    threshold: Decimal | None = None
    unit: str = ""


def pretrade_checks(tables: PretradeTables) -> pd.DataFrame:
    """Every check of every order that has not been acknowledged, as `execution.pretrade_checks`."""
    waiting = tables.orders[tables.orders["order_status"].isin(["NEW", "SENDING", "UNKNOWN"])]
    rows = [row for _, order in waiting.iterrows() for row in order_checks(order, tables)]
    return PretradeChecks.frame(rows)


def checks_made(order_events: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The checks that orders went through on the day, the last time each was looked at, as `execution.pretrade_checks`.

    order_events: SENDING and HELD events carry their checks, so the evidence is the ledger's own.
    """
    today = order_events[(order_events["business_date"] == day) & order_events["event"].isin(["SENDING", "HELD"])]
    rows = [check for body in today.sort_values("seq")["body"] for check in json.loads(body)["checks"]]
    last = {(row["client_order_id"], row["check"]): row for row in rows}
    return PretradeChecks.frame(last.values())


def order_checks(order: pd.Series, tables: PretradeTables) -> list[dict[str, object]]:
    """Rows of `execution.pretrade_checks` for one order, a row of `execution.orders`."""
    key = {"client_order_id": order["client_order_id"], "entity_id": order["entity_id"]}
    return [{**key, "check": name, **vars(check(order, tables))} for name, check in CHECKS.items()]


def _approved(order: pd.Series, tables: PretradeTables) -> Finding:
    approval = _row(tables.approval, proposal_digest=order["proposal_digest"])
    if approval is None:
        return Finding("no_evidence", "No approval covers the proposal.")
    if approval["approval_status"] != "approved" or approval["valid_until_date"] < tables.day:
        until = approval["valid_until_date"].date()
        return Finding("breach", f"The approval is {approval['approval_status']}, valid until {until}.")
    return Finding("pass", f"Approved by {approval['signers']}.")


def _as_signed(order: pd.Series, tables: PretradeTables) -> Finding:
    line = _row(tables.execution_plan, client_order_id=order["client_order_id"])
    if line is None:
        return Finding("no_evidence", "The signed plan has no such line.")
    different = [name for name in SIGNED_TERMS if line[name] != order[name]]
    if different:
        return Finding("breach", f"Differs from the signed line in {', '.join(different)}.")
    return Finding("pass", "As signed.")


def _quantity(order: pd.Series, tables: PretradeTables) -> Finding:
    line = _row(tables.execution_plan, client_order_id=order["client_order_id"])
    if line is None:
        return Finding("no_evidence", "The signed plan has no such line.", order["quantity"], unit="units")
    return _at_most(order["quantity"], line["quantity_max"], "units", "the signed maximum")


def _price_fresh(order: pd.Series, tables: PretradeTables) -> Finding:
    price = _last_price(order, tables)
    if price is None:
        return Finding("no_evidence", "No reference price.", unit="days")
    age = Decimal((tables.day - price["price_date"]).days)
    allowed = limit(tables.limits, order["entity_id"], PRICE_AGE)
    return _at_most(age, allowed, "days", f"the age allowed to the price of {price['price_date'].date()}")


def _price_collar(order: pd.Series, tables: PretradeTables) -> Finding:
    price = _last_price(order, tables)
    if price is None:
        return Finding(
            "no_evidence", "No reference price.", threshold=order["limit_price_local"], unit=order["currency"]
        )
    now, edge = price["price_local"], order["limit_price_local"]
    is_inside = now <= edge if order["side"] == "BUY" else now >= edge
    message = f"The price is {'inside' if is_inside else 'beyond'} the signed collar."
    return Finding("pass" if is_inside else "breach", message, now, edge, order["currency"])


def _cash(order: pd.Series, tables: PretradeTables) -> Finding:
    if order["side"] == "SELL":
        return Finding("pass", "A sale needs no cash.")
    available = _available_cash(order, tables)
    if available is None:
        return Finding("no_evidence", "The account's cash or its floor is not known.")
    ours = _together(order, tables)
    worst = ours.assign(quantity=ours["leaves_quantity"], price_local=ours["limit_price_local"])
    need = -units.total(signed_cash(worst, tables.instruments))
    return _at_most(need, available, order["currency"], "the cash above the account's floor")


def _holdings(order: pd.Series, tables: PretradeTables) -> Finding:
    if order["side"] == "BUY":
        return Finding("pass", "A purchase needs no holding.")
    held = _row(tables.reconciled_positions, account_id=order["account_id"], instrument_id=order["instrument_id"])
    if held is not None and (held["is_stale"] or held["has_break"]):
        return Finding("no_evidence", "The holding is stale or has an open break.", unit="units")
    orders = tables.orders[(tables.orders["account_id"] == order["account_id"]) & (tables.orders["side"] == "SELL")]
    sold = units.total(orders.loc[orders["instrument_id"] == order["instrument_id"], "leaves_quantity"])
    return _at_most(sold, Decimal(0) if held is None else held["quantity"], "units", "the holding")


def _not_restricted(order: pd.Series, tables: PretradeTables) -> Finding:
    instrument = _row(tables.instruments, instrument_id=order["instrument_id"])
    if instrument is None:
        return Finding("no_evidence", "The instrument is not in the master.")
    return _must_be(not instrument["is_restricted"], "Trading is allowed.", "Trading is forbidden.")


def _account_tradeable(order: pd.Series, tables: PretradeTables) -> Finding:
    account = _row(tables.accounts, account_id=order["account_id"])
    if account is None:
        return Finding("no_evidence", "The account is not declared.")
    is_owners = account["entity_id"] == order["entity_id"] and account["broker"] == order["broker"]
    refusal = "The account may not be traded for this owner through this broker."
    return _must_be(is_owners and account["is_tradeable"], "The account may be traded.", refusal)


def _kill_switch(order: pd.Series, tables: PretradeTables) -> Finding:
    return _must_be(not tables.is_killed, "The kill switch is off.", "The kill switch is engaged.")


def _no_unknown_order(order: pd.Series, tables: PretradeTables) -> Finding:
    others = tables.orders[tables.orders["client_order_id"] != order["client_order_id"]]
    unknown = others[
        (others["account_id"] == order["account_id"]) & others["order_status"].isin(["UNKNOWN", "SENDING"])
    ]
    return _at_most(Decimal(len(unknown)), Decimal(0), "orders", "what may be unresolved on the account")


def _no_orphan_fill(order: pd.Series, tables: PretradeTables) -> Finding:
    orphans = tables.fills[tables.fills["is_orphan"].astype(bool) & (tables.fills["account_id"] == order["account_id"])]
    return _at_most(Decimal(len(orphans)), Decimal(0), "fills", "what may be unexplained on the account")


def _participation(order: pd.Series, tables: PretradeTables) -> Finding:
    liquidity = _row(tables.market_liquidity, instrument_id=order["instrument_id"])
    if liquidity is None or not liquidity["adv_quantity"] > 0:
        return Finding("no_evidence", "No volume is known.", unit="fraction")
    same = tables.orders[tables.orders["instrument_id"] == order["instrument_id"]]
    share = units.total(same["leaves_quantity"]) / liquidity["adv_quantity"]
    allowed = limit(tables.limits, order["entity_id"], PARTICIPATION)
    return _at_most(round(share, 8), allowed, "fraction", "the share of average daily volume")


def _policy_signed(order: pd.Series, tables: PretradeTables) -> Finding:
    if tables.is_policy_signed is None:
        return Finding("no_evidence", "Whether the policy is signed is not known.")
    return _must_be(tables.is_policy_signed, "The policy is signed.", "The policy has an unsigned edit.")


CHECKS: dict[str, Callable[[pd.Series, PretradeTables], Finding]] = {
    "approved": _approved,
    "as_signed": _as_signed,
    "quantity": _quantity,
    "price_fresh": _price_fresh,
    "price_collar": _price_collar,
    "cash": _cash,
    "holdings": _holdings,
    "not_restricted": _not_restricted,
    "account_tradeable": _account_tradeable,
    "kill_switch": _kill_switch,
    "no_unknown_order": _no_unknown_order,
    "no_orphan_fill": _no_orphan_fill,
    "participation": _participation,
    "policy_signed": _policy_signed,
}
"""Every check by its name, in the order in which an operator reads them."""


def _must_be(is_so: bool, granted: str, refused: str) -> Finding:  # noqa: FBT001 - internal.
    return Finding("pass", granted) if is_so else Finding("breach", refused)


def _at_most(value: Decimal, threshold: Decimal, unit: str, noun: str) -> Finding:
    is_within = value <= threshold
    message = (
        f"{units.plain(value)} {'is within' if is_within else 'exceeds'} {noun} of {units.plain(threshold)} {unit}."
    )
    return Finding("pass" if is_within else "breach", message, value, threshold, unit)


def _available_cash(order: pd.Series, tables: PretradeTables) -> Decimal | None:
    """Cash in the order's currency that leaves the account's total cash above its floor."""
    account = _row(tables.accounts, account_id=order["account_id"])
    positions = tables.reconciled_positions
    cash = positions[(positions["account_id"] == order["account_id"]) & (positions["asset_class"] == "cash")]
    own = _row(cash, instrument_id=f"CASH.{order['currency']}")
    is_known = own is not None and not cash["is_stale"].any() and cash["market_value_base"].notna().all()
    if account is None or own is None or not is_known:
        return None
    spare_base = units.total(cash["market_value_base"]) - account["cash_floor_base"]
    return units.money(min(own["quantity"], spare_base / own["fx_rate"]))


def _together(order: pd.Series, tables: PretradeTables) -> pd.DataFrame:
    """Open orders that draw on the same cash: the account's purchases, and the same proposal's sales that pay."""
    orders = tables.orders
    is_same = (orders["account_id"] == order["account_id"]) & (orders["currency"] == order["currency"])
    is_ours = orders["proposal_digest"] == order["proposal_digest"]
    together: pd.DataFrame = orders[is_same & ((orders["side"] == "BUY") | is_ours)]
    return together


def _last_price(order: pd.Series, tables: PretradeTables) -> pd.Series | None:
    ours = tables.prices[tables.prices["instrument_id"] == order["instrument_id"]]
    known = ours[ours["price_date"] <= tables.day].sort_values("price_date")
    return None if known.empty else known.iloc[-1]


def _row(frame: pd.DataFrame, **key: str) -> pd.Series | None:
    """The row with this key, or nothing."""
    for name, value in key.items():
        frame = frame[frame[name] == value]
    return None if frame.empty else frame.iloc[0]
