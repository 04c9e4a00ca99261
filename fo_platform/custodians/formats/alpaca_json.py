"""Alpaca's answers to requests for positions, activities and the account, as JSON. Walking JSON belongs to _json."""

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._json import Members, text_of, values
from fo_platform.custodians._rest import (
    UNIT,
    Row,
    Taken,
    dated,
    is_option,
    negated,
    numbers,
    option_multiplier,
    product,
    required,
    short,
)  # fmt: skip

_POSITIONS = (b'"asset_id"', b'"qty"', b'"avg_entry_price"')
_ACTIVITIES = (b'"activity_type"',)
_ACCOUNT = (b'"account_number"', b'"buying_power"', b'"cash"')

_POSITION = {
    "quantity": "qty", "price": "current_price", "market_value": "market_value", "cost": "cost_basis",
    "cost_price": "avg_entry_price",
}  # fmt: skip
_KNOWN_POSITION = (
    *_POSITION.values(), "asset_id", "symbol", "exchange", "asset_class", "asset_marginable", "side", "unrealized_pl",
    "unrealized_plpc", "unrealized_intraday_pl", "unrealized_intraday_plpc", "lastday_price", "change_today", "usd",
    "avg_entry_swap_rate", "swap_rate", "qty_available", "account_id",
)  # fmt: skip
_KNOWN_ACTIVITY = (
    "id", "account_id", "activity_type", "activity_sub_type", "transaction_time", "date", "settle_date", "type",
    "price",
    "qty", "side", "symbol", "cusip", "leaves_qty", "cum_qty", "order_id", "order_status", "net_amount",
    "per_share_amount",
    "description", "status", "group_id", "currency", "created_at", "system_date", "swap_rate", "isin", "execution_id",
)  # fmt: skip
_KINDS = {
    "CSD": "deposit", "CSW": "withdrawal", "INT": "interest", "INTNRA": "tax", "INTTW": "tax", "FEE": "fee",
    "CFEE": "fee",
    "PTC": "fee", "DIVNRA": "tax", "DIVFT": "tax", "DIVTW": "tax", "DIV": "dividend", "DIVCGL": "dividend",
    "DIVCGS": "dividend", "DIVROC": "dividend", "DIVTXEX": "dividend", "CDIV": "dividend", "SDIV": "other",
}  # fmt: skip
_MOVED = ("JNLC", "JNLS", "JNL", "ACATC", "ACATS", "TRANS")
"""Moves of money or shares whose direction is in their sign."""


def sniff(head: bytes) -> bool:
    """Whether the bytes begin an array of positions or activities, or one account, by the names of their members."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    names = (_POSITIONS, _ACTIVITIES) if text.startswith(b"[") else (_ACCOUNT,) if text.startswith(b"{") else ()
    return any(all(name in text for name in wanted) for wanted in names)


def read(draft: Draft) -> None:
    """Every item as a record of its account's statement; positions name no account, so theirs is unknown."""
    taken = Taken(draft, "trade")
    is_account = draft.data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if is_account:
        _read_account(draft, taken)
    else:
        for value in values(draft):
            taken.take(value, lambda members: _row(taken, members))
    taken.state()


def _read_account(draft: Draft, taken: Taken) -> None:
    """The whole file is one account."""
    members = list(values(draft))
    end = max((value.end for value in members), default=0)
    whole = members[0]._replace(start=draft.data.find(b"{"), end=draft.data.find(b"}", end) + 1)
    taken.take(whole, _account)


def _account(members: Members) -> Row:
    amounts = numbers(members, {"amount": "cash"})
    if "amount" not in amounts:
        raise ValueError("cash is missing")
    return Row(
        "cash", "account", {"currency": required(members, "currency"), **amounts}, required(members, "account_number")
    )


def _row(taken: Taken, members: Members) -> Row | str:
    if "activity_type" in members:
        return _activity(members, taken.others(members, _KNOWN_ACTIVITY))
    return _position(members, taken.others(members, _KNOWN_POSITION))


def _position(members: Members, others: dict[str, str]) -> Row:
    """A holding; Alpaca writes no currency: it is dollars unless the dollar figures beside it differ."""
    found = numbers(members, _POSITION)
    symbol = required(members, "symbol")
    if "quantity" not in found:
        raise ValueError("qty is missing")
    is_short = text_of(members, "side") == "short" or found["quantity"].startswith("-")
    fields = {
        **others, **found, **UNIT, "symbol": symbol, "quantity": short(found["quantity"], is_short=is_short),
        "side": "SHORT" if is_short else "LONG", **_currency(members),
    }  # fmt: skip
    return Row("position", "position", {**fields, **option_multiplier(fields)}, text_of(members, "account_id") or None)


def _currency(members: Members) -> dict[str, str]:
    dollars = members.get("usd")
    is_dollar = not isinstance(dollars, dict) or dollars.get("market_value") == members.get("market_value")
    return {"currency": "USD"} if is_dollar else {}


def _activity(members: Members, others: dict[str, str]) -> Row | str:
    """A fill or another movement; one that was cancelled is left out."""
    label = required(members, "activity_type")
    if text_of(members, "status") in ("canceled", "cancelled"):
        return f"{label}, cancelled"
    found = numbers(members, {"quantity": "qty", "price": "price", "amount": "net_amount"})
    if label == "FILL":
        found |= _fill(members, found)
    kind = text_of(members, "side").partition("_")[0] if label == "FILL" else _kind(label, found)
    if kind in ("dividend", "interest", "tax", "fee"):
        found.pop("quantity", None)
    fields = {
        **others, **found, "kind": kind, "reference": required(members, "id"),
        **dated("date", text_of(members, "transaction_time", "date")),
        **dated("settle_date", text_of(members, "settle_date")),
        "currency": text_of(members, "currency") or "USD",
    }  # fmt: skip
    return Row("transaction", label, fields, text_of(members, "account_id") or None)


def _fill(members: Members, found: dict[str, str]) -> dict[str, str]:
    """Signed quantity of a fill, and the money that it moves: Alpaca states price and quantity only."""
    side = text_of(members, "side")
    if not side.startswith(("buy", "sell")) or not {"quantity", "price"} <= found.keys():
        raise ValueError("a FILL needs side, qty and price")
    quantity = short(found["quantity"], is_short=side.startswith("sell"))
    scale = "100" if is_option(text_of(members, "symbol")) else "1"
    return {"quantity": quantity, "amount": negated(product(quantity, found["price"], scale))}


def _kind(label: str, found: dict[str, str]) -> str:
    if label == "OPTRD":
        return "sell" if found.get("quantity", "").startswith("-") else "buy"
    if label not in _MOVED:
        return _KINDS.get(label, "other")
    is_out = found.get("amount", found.get("quantity", "")).startswith("-")
    if label == "TRANS":
        return "withdrawal" if is_out else "deposit"
    return "transfer_out" if is_out else "transfer_in"


FORMAT = Format("alpaca_json", sniff, read, "Alpaca positions, activities and account, JSON")
