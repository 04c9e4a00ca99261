"""SnapTrade's answers to requests for holdings and for activities, as JSON. Walking JSON belongs to _json."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

from fo_platform.custodians._csv_values import signed_units
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._json import Members, Value, parsed_object, text_of, values
from fo_platform.custodians._numbers import EXACT, add
from fo_platform.custodians._rest import AGAIN, UNIT, Row, Taken, dated, day_of, numbers, product, required
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_HOLDINGS = (b'"positions"', b'"balances"', b'"brokerage_authorization"')
_ACTIVITIES = (b'"trade_date"', b'"settlement_date"', b'"option_type"')
_MOVES = ("data", "")
_KNOWN_POSITION = (
    "symbol", "units", "price", "open_pnl", "fractional_units", "average_purchase_price", "currency", "cash_equivalent",
    "tax_lots", "book_price",
)  # fmt: skip
_KNOWN_MOVE = (
    "id", "account", "symbol", "option_symbol", "price", "units", "amount", "currency", "type", "option_type",
    "description", "trade_date", "settlement_date", "fee", "fx_rate", "institution", "external_reference_id",
)  # fmt: skip
_KINDS = {
    "BUY": "buy", "SELL": "sell", "REI": "buy", "DIVIDEND": "dividend", "SUBSTITUTE_DIVIDEND": "dividend",
    "INTEREST": "interest", "FEE": "fee", "TAX": "tax", "CONTRIBUTION": "deposit", "WITHDRAWAL": "withdrawal",
}  # fmt: skip
_CENT = Decimal("0.01")
_COMPARE = "Compare it with the broker's own statement."


def sniff(head: bytes) -> bool:
    """Whether an object holds an account's positions and balances, or activities are listed, in SnapTrade's words."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{") and all(name in text for name in _HOLDINGS):
        return True
    is_list = text.startswith(b"[") or (text.startswith(b"{") and b'"data"' in text)
    return is_list and all(name in text for name in _ACTIVITIES)


def read(draft: Draft) -> None:
    """Positions, options and cash of the account that the answer is of; or activities, of which a page is held."""
    head = {value.name: value for value in values(draft) if not value.is_element}
    if "account" in head:
        _read_holdings(draft, head)
    else:
        _read_moves(draft, head)


def _read_holdings(draft: Draft, head: dict[str, Value]) -> None:
    account = _member(draft, head, "account")
    name = text_of(account, "id", "number") or None
    taken = Taken(draft, "trade", _synced(draft, head, account))
    taken.statement(name)
    meanings: dict[str, Callable[[Members], Row | str]] = {
        "positions": partial(_position, taken, name), "option_positions": partial(_option, taken, name),
        "balances": partial(_balance, name),
    }  # fmt: skip
    for value in values(draft):
        if value.is_element and value.name in meanings:
            taken.take(value, meanings[value.name])
    _prove_total(draft, head)
    taken.state()


def _member(draft: Draft, head: dict[str, Value], name: str) -> Members:
    """What the envelope holds under a name; nothing where it holds nothing."""
    if name not in head or draft.data[head[name].start : head[name].end] == b"null":
        return {}
    try:
        return parsed_object(draft.data, head[name].start, head[name].end)
    except ValueError as error:
        draft.fault(head[name].start, f"{name}: {error}", AGAIN)
        return {}


def _inner(members: Members, *path: str) -> Members:
    """The object that stands at the end of a path of members; empty where one of them is none."""
    for name in path:
        found = members.get(name)
        members = found if isinstance(found, dict) else {}
    return members


def _synced(draft: Draft, head: dict[str, Value], account: Members) -> date | None:
    """The day on which SnapTrade last took the holdings from the broker."""
    try:
        return day_of(text_of(_inner(account, "sync_status", "holdings"), "last_successful_sync"))
    except ValueError as error:
        draft.fault(head["account"].start, f"account: last_successful_sync: {error}", AGAIN)
        return None


def _position(taken: Taken, account: str | None, members: Members) -> Row | str:
    """A holding without its value, which SnapTrade leaves to the reader; its cost is by the unit."""
    if members.get("cash_equivalent") is True:
        return "a cash equivalent, which the balances count too"
    security = _security(members)
    fields = {**_identity(security), **_held(taken, members, security), **UNIT}
    return Row("position", "position", fields, account)


def _option(taken: Taken, account: str | None, members: Members) -> Row:
    """A holding of contracts: its price is by the share, its cost by the contract."""
    option = _inner(members, "symbol", "option_symbol")
    scale = "10" if option.get("is_mini_option") is True else "100"
    underlying = _inner(option, "underlying_symbol")
    fields = {
        **_held(taken, members, underlying), **UNIT, "symbol": required(option, "ticker"), "multiplier": scale,
        "description": text_of(_inner(members, "symbol"), "description"),
    }  # fmt: skip
    fields.pop("cost_price", None)
    return Row("position", "option", fields, account)


def _held(taken: Taken, members: Members, security: Members) -> dict[str, str]:
    found = numbers(members, {"quantity": "units", "price": "price", "cost_price": "average_purchase_price"})
    if "quantity" not in found:
        raise ValueError("units is missing")
    if "cost_price" in found:
        found["cost"] = product(found["quantity"], found["cost_price"])
    return {
        **taken.others(members, _KNOWN_POSITION), **found, "currency": _currency(members, security),
        "side": "SHORT" if found["quantity"].startswith("-") else "LONG",
    }  # fmt: skip


def _security(members: Members) -> Members:
    """The security itself, which stands inside of what the broker calls it."""
    own = _inner(members, "symbol")
    return _inner(own, "symbol") or own


def _identity(security: Members) -> dict[str, str]:
    texts = {"symbol": text_of(security, "symbol", "raw_symbol"), "description": text_of(security, "description")}
    return {name: text for name, text in {**texts, "figi": text_of(security, "figi_code")}.items() if text}


def _currency(members: Members, security: Members) -> str:
    found = text_of(_inner(members, "currency"), "code") or text_of(_inner(security, "currency"), "code")
    if not found:
        raise ValueError("it names no currency")
    return found


def _balance(account: str | None, members: Members) -> Row | str:
    found = numbers(members, {"amount": "cash", "buying_power": "buying_power"})
    if "amount" not in found:
        return "a balance that states no cash"
    return Row("cash", "balance", {"currency": _currency(members, {}), **found}, account)


def _prove_total(draft: Draft, head: dict[str, Value]) -> None:
    """The account's total against its rows, where they are in its currency; one that is off is only remarked on.

    SnapTrade reckons it itself, from what the broker shows it.
    """
    stated = _member(draft, head, "total_value")
    rows = [record.fields for statement in draft.statements for record in statement.records]
    is_one = {row["currency"] for row in rows} == {text_of(stated, "currency")}
    if draft.faults or not is_one or not all("amount" in row or "price" in row for row in rows):
        return
    at = head["total_value"].start
    try:
        expected = _cents(numbers(stated, {"value": "value"}).get("value", "0"))
    except ValueError as error:
        draft.fault(at, f"total_value: {error}", AGAIN)
        return
    actual = _cents(plain(add(map(_worth, rows))))
    if expected == actual:
        draft.prove(Control("total value", expected, actual, ok=True), draft.controls, at, AGAIN)
    else:
        draft.note(at, f"total value: the file states {expected}, its rows give {actual}", _COMPARE)


def _worth(row: dict[str, str]) -> Decimal:
    return Decimal(row.get("amount") or product(row["quantity"], row["price"], row.get("multiplier", "1")))


def _cents(text: str) -> str:
    return plain(EXACT.quantize(Decimal(text), _CENT))


def _read_moves(draft: Draft, head: dict[str, Value]) -> None:
    taken = Taken(draft, "trade")
    rows = [value for value in values(draft) if value.is_element and value.name in _MOVES]
    for value in rows:
        taken.take(value, lambda members: _move(taken, members))
    taken.state()
    _page(draft, head, len(rows))


def _move(taken: Taken, members: Members) -> Row:
    """A movement of money or units; what brings no units in or out states none."""
    label = required(members, "type").upper()
    names = {"amount": "amount", "quantity": "units", "price": "price", "fee": "fee", "fx_rate_stated": "fx_rate"}
    found = numbers(members, names)
    kind = _kind(label, found)
    if kind in ("dividend", "interest", "fee", "tax", "deposit", "withdrawal"):
        found = {name: text for name, text in found.items() if name not in ("quantity", "price")}
    others = {name: text for name, text in taken.others(members, _KNOWN_MOVE).items() if name not in ("units", "price")}
    option, security = _inner(members, "option_symbol"), _inner(members, "symbol")
    identity = {"symbol": required(option, "ticker")} if option else _identity(security)
    fields = {
        **others, **identity, **signed_units(found, kind), "kind": kind,
        "currency": _currency(members, security), "reference": required(members, "id"),
        **dated("date", text_of(members, "trade_date", "settlement_date")),
        **dated("settle_date", text_of(members, "settlement_date")),
    }  # fmt: skip
    if "date" not in fields:
        raise ValueError("trade_date is missing")
    return Row("transaction", label, fields, text_of(_inner(members, "account"), "id", "number") or None)


def _kind(label: str, found: dict[str, str]) -> str:
    """What a label of SnapTrade means; a transfer's direction is its sign."""
    if "TRANSFER" not in label:
        return _KINDS.get(label, "other")
    sign = found.get("quantity", "0") if found.get("amount", "0") == "0" else found["amount"]
    return "transfer_out" if sign.startswith("-") else "transfer_in"


def _page(draft: Draft, head: dict[str, Value], count: int) -> None:
    """How many activities there are in all: fewer are a page of several, more are an error."""
    stated = _member(draft, head, "pagination")
    total = text_of(stated, "total")
    if not total.isdecimal():
        return
    is_page = count < int(total)
    if is_page:
        draft.hold(f"{count} of {total} activities: held until the other pages have arrived.")
    control = Control("total", total, str(count), is_page or count == int(total))
    draft.prove(control, draft.controls, head["pagination"].start, AGAIN)


FORMAT = Format("snaptrade_json", sniff, read, "SnapTrade holdings and activities, JSON")
