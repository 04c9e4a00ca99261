"""Rows of sections of Interactive Brokers' statements that need no more than themselves. Their file is the format's."""

import re
from collections.abc import Mapping
from datetime import date

from fo_platform.custodians._broker_csv import Cells, Entry, others, required
from fo_platform.custodians._csv_values import MISSING, kind_of, loose_date, numbers, signed_units
from fo_platform.custodians._rest import negated

_WORDS = (
    ("forex", "fx"), ("buy", "buy"), ("sell", "sell"), ("withholding", "tax"), ("tax", "tax"), ("dividend", "dividend"),
    ("payment in lieu", "dividend"), ("interest", "interest"), ("fee", "fee"), ("commission", "fee"),
    ("deposit", "money"), ("withdrawal", "money"), ("transfer", "transfer"),
)  # fmt: skip
_HISTORY_MONEY = ("quantity", "price", "gross_amount", "commission", "net_amount")
_AFFECTED = re.compile(r"\(([^,()]{1,40}), [^()]{1,120}, ([A-Z0-9]{12}|[A-Z0-9]{9})\)\s*$")


def history(cells: Cells, base: str, identity: Mapping[str, str]) -> Entry:
    """A movement of a transaction history: all of its money is in the base currency of the account, not its price."""
    found = numbers(cells, _HISTORY_MONEY, ".")
    label, amount = required(cells, "transaction_type"), required(found, "net_amount")
    kind = kind_of(label, _WORDS, amount)
    units = signed_units({name: found[name] for name in ("quantity", "price") if name in found}, kind)
    fields = {
        **others(cells, "account", "transaction_type", "symbol", "currency", "date", *_HISTORY_MONEY), **identity,
        **units, "action": label, "amount": amount, "currency": base, "kind": kind,
        "fee": negated(found["commission"]) if "commission" in found else "", "date": _day(cells, "date").isoformat(),
    }  # fmt: skip
    return Entry("transaction", fields, _account(cells))


def corporate_action(cells: Cells, identity: Mapping[str, Mapping[str, str]]) -> Entry | None:
    """What an event did to one instrument, which its text names last; totals have no text."""
    text = cells.get("description", "")
    if not text:
        return None
    found = numbers(cells, ("quantity", "proceeds"), ".")
    match = _AFFECTED.search(text)
    named = {"symbol": match[1], "isin" if len(match[2]) == 12 else "cusip": match[2]} if match else {}
    fields = {
        **identity.get(named.get("symbol", ""), {}), **named, "description": text, "kind": "other",
        "quantity": found.get("quantity", ""), "amount": found.get("proceeds", "0"),
        "currency": required(cells, "currency"), "date": _day(cells, "date/time", "report_date").isoformat(),
    }  # fmt: skip
    return Entry("transaction", fields, _account(cells))


def transfer(cells: Cells, identity: Mapping[str, Mapping[str, str]]) -> Entry | None:
    """Units or money that come from another account or go to it; totals have no direction."""
    direction = cells.get("direction", "").lower()
    if direction not in ("in", "out"):
        return None
    found = numbers(cells, ("qty", "cash_amount", "market_value"), ".")
    symbol = cells.get("symbol", "")
    named = {**identity.get(symbol, {}), "symbol": symbol} if symbol not in MISSING else {}
    fields = {
        **named, "kind": f"transfer_{direction}", "quantity": found.get("qty", ""),
        "amount": found.get("cash_amount", "0"), "value": found.get("market_value", ""),
        "currency": required(cells, "currency"), "date": _day(cells, "date").isoformat(),
    }  # fmt: skip
    return Entry("transaction", fields, _account(cells))


def _day(cells: Cells, *names: str) -> date:
    stated = next((cells[name] for name in names if cells.get(name, "") not in MISSING), "")
    return loose_date(stated, "month")


def _account(cells: Cells) -> str | None:
    account = cells.get("account", "")
    return None if account in MISSING else account
