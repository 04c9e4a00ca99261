"""Plaid's answers to requests for holdings and transactions, as JSON. Walking JSON belongs to _json."""

from collections.abc import Callable
from functools import partial

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._json import Members, Value, parsed_object, parsed_value, text_of, values
from fo_platform.custodians._rest import AGAIN, UNIT, Row, Taken, dated, negated, numbers, option_multiplier, required
from fo_platform.custodians.records import Control

_HOLDINGS, _MOVES, _BANKED = "holdings", "investment_transactions", "transactions"
_TOTALS = {"total_investment_transactions": _MOVES, "total_transactions": _BANKED}
_IDENTIFIERS = {"isin": "isin", "cusip": "cusip", "sedol": "sedol", "symbol": "ticker_symbol", "description": "name"}
_POSITION = {
    "quantity": "quantity", "price": "institution_price", "market_value": "institution_value", "cost": "cost_basis",
}  # fmt: skip
_KNOWN_POSITION = (
    *_POSITION.values(), "account_id", "security_id", "institution_price_as_of", "institution_price_datetime",
    "iso_currency_code", "unofficial_currency_code", "vested_quantity", "vested_value",
)  # fmt: skip
_KNOWN_MOVE = (
    "account_id", "security_id", "investment_transaction_id", "cancel_transaction_id", "date", "transaction_datetime",
    "name", "quantity", "amount", "price", "fees", "type", "subtype", "iso_currency_code", "unofficial_currency_code",
)  # fmt: skip
_SUBTYPES = (
    ("withholding", "tax"), ("tax", "tax"), ("dividend", "dividend"), ("capital gain", "dividend"),
    ("interest", "interest"), ("fee", "fee"), ("deposit", "deposit"), ("contribution", "deposit"),
    ("withdrawal", "withdrawal"), ("distribution", "withdrawal"),
)  # fmt: skip
"""First word that the subtype holds decides."""


def sniff(head: bytes) -> bool:
    """Whether an object names accounts beside holdings or transactions, in Plaid's words."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"{") or b'"account_id"' not in text:
        return False
    return any(name in text for name in (b'"institution_value"', b'"investment_transactions"', b'"total_transactions"'))


def read(draft: Draft) -> None:
    """Securities and accounts first, wherever they stand, then holdings and transactions; a page of several is held."""
    securities: dict[str, Members] = {}
    taken = Taken(draft, "trade")
    stated: dict[str, Value] = {}
    for value in values(draft):
        if value.is_element and value.name == "securities":
            _learn(draft, value, securities)
        elif value.is_element and value.name == "accounts":
            _open(taken, value)
        elif value.name in _TOTALS:
            stated[value.name] = value
    counts = _read_rows(draft, taken, securities)
    _prove(draft, stated, counts)
    taken.state()


def _read_rows(draft: Draft, taken: Taken, securities: dict[str, Members]) -> dict[str, int]:
    meanings: dict[str, Callable[[Members], Row | str]] = {
        _HOLDINGS: partial(_holding, taken, securities), _MOVES: partial(_move, taken, securities), _BANKED: _banked,
    }  # fmt: skip
    counts = dict.fromkeys(meanings, 0)
    for value in values(draft):
        if value.is_element and value.name in meanings:
            counts[value.name] += 1
            taken.take(value, meanings[value.name])
    return counts


def _learn(draft: Draft, value: Value, securities: dict[str, Members]) -> None:
    try:
        found = parsed_object(draft.data, value.start, value.end)
        securities[required(found, "security_id")] = {
            name: found[name] for name in (*_IDENTIFIERS.values(), "type", "is_cash_equivalent") if name in found
        }
    except ValueError as error:
        draft.fault(value.start, f"securities: {error}", AGAIN)


def _open(taken: Taken, value: Value) -> None:
    """A statement for every account, also for one without rows; cash of banks and debts are their balances."""
    try:
        found = parsed_object(taken.draft.data, value.start, value.end)
        account, kind = required(found, "account_id"), text_of(found, "type")
        statement = taken.statement(account)
        balances = found.get("balances")
        if kind not in ("depository", "credit", "loan") or not isinstance(balances, dict):
            return
        fields = {"currency": _currency(balances), **numbers(balances, {"amount": "current"})}
    except ValueError as error:
        taken.draft.fault(value.start, f"accounts: {error}", AGAIN)
        return
    if kind == "depository":
        record = taken.draft.record("cash", (value.start, value.end), fields, account, None)
    else:
        owed = {"liability_id_source": account, "liability_kind": kind, "description": text_of(found, "name"), **fields}
        record = taken.draft.record("liability", (value.start, value.end), owed, account, None)
    statement.records.append(record)


def _holding(taken: Taken, securities: dict[str, Members], members: Members) -> Row:
    found = numbers(members, _POSITION)
    if "quantity" not in found:
        raise ValueError("quantity is missing")
    security = _security(securities, members)
    account, currency = required(members, "account_id"), _currency(members)
    if security.get("type") == "cash":
        amount = found.get("market_value", found["quantity"])
        return Row("cash", "cash", {"currency": currency, "amount": amount}, account)
    fields = {
        **taken.others(members, _KNOWN_POSITION), **_identity(security), **found, **UNIT, "currency": currency,
        "side": "SHORT" if found["quantity"].startswith("-") else "LONG",
        **dated("price_date", text_of(members, "institution_price_as_of", "institution_price_datetime")),
    }  # fmt: skip
    return Row("position", "position", {**fields, **option_multiplier(fields)}, account)


def _move(taken: Taken, securities: dict[str, Members], members: Members) -> Row | str:
    """A movement of an investment account: Plaid's amounts are positive when money goes out."""
    label, detail = required(members, "type"), text_of(members, "subtype")
    if label == "cancel":
        return "a cancellation"
    found = numbers(members, {"amount": "amount", "quantity": "quantity", "price": "price", "fee": "fees"})
    if "amount" not in found:
        raise ValueError("amount is missing")
    found["amount"] = negated(found["amount"])
    kind = _kind(label, detail, found)
    others = taken.others(members, _KNOWN_MOVE)
    if kind not in ("buy", "sell") and found.get("quantity") == "0":
        for stated in (found, others):
            stated.pop("quantity", None)
            stated.pop("price", None)
    fields = {
        **others, **_identity(_security(securities, members)), **found, "kind": kind,
        "currency": _currency(members), "reference": required(members, "investment_transaction_id"),
        **dated("date", required(members, "date")),
    }  # fmt: skip
    return Row("transaction", label, fields, required(members, "account_id"))


def _banked(members: Members) -> Row | str:
    """A movement of a bank account; one that is pending is not booked yet."""
    if members.get("pending") is True:
        return "pending"
    found = numbers(members, {"amount": "amount"})
    amount = negated(found.get("amount", "")) if found else ""
    if not amount:
        raise ValueError("amount is missing")
    fields = {
        "kind": "withdrawal" if amount.startswith("-") else "deposit", "amount": amount, "currency": _currency(members),
        "reference": required(members, "transaction_id"), "description": text_of(members, "name"),
        **dated("date", required(members, "date")),
    }  # fmt: skip
    return Row("transaction", "transaction", fields, required(members, "account_id"))


def _kind(label: str, detail: str, found: dict[str, str]) -> str:
    if label in ("buy", "sell", "fee"):
        return label
    if label == "transfer":
        sign = found.get("quantity", "0") if found["amount"] == "0" else found["amount"]
        return "transfer_out" if sign.startswith("-") else "transfer_in"
    return next((kind for word, kind in _SUBTYPES if word in detail.lower()), "other")


def _security(securities: dict[str, Members], members: Members) -> Members:
    name = text_of(members, "security_id")
    if name and name not in securities:
        raise ValueError(f"no security is called {name[:40]!r}")
    return securities.get(name, {})


def _identity(security: Members) -> dict[str, str]:
    texts = {field: text_of(security, name) for field, name in _IDENTIFIERS.items()}
    return {field: text for field, text in texts.items() if text}


def _currency(members: Members) -> str:
    found = text_of(members, "iso_currency_code", "unofficial_currency_code")
    if not found:
        raise ValueError("it names no currency")
    return found


def _prove(draft: Draft, stated: dict[str, Value], counts: dict[str, int]) -> None:
    """The totals that the answer states: fewer rows are a page of several, more are an error."""
    for name, value in stated.items():
        try:
            expected, actual = str(parsed_value(draft.data, value.start, value.end)), counts[_TOTALS[name]]
        except ValueError as error:
            draft.fault(value.start, f"{name}: {error}", AGAIN)
            continue
        is_page = expected.isdecimal() and actual < int(expected)
        if is_page:
            draft.hold(f"{actual} of {expected} transactions: held until the other pages have arrived.")
        control = Control(name, expected, str(actual), is_page or expected == str(actual))
        draft.prove(control, draft.controls, value.start, AGAIN)


FORMAT = Format("plaid_json", sniff, read, "Plaid holdings and transactions, JSON")
