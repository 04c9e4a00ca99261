"""Coinbase Prime's answers to requests for balances and transactions, as JSON. Walking JSON belongs to _json."""

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._json import Members, parsed_object, text_of, values
from fo_platform.custodians._rest import AGAIN, UNIT, Row, Taken, dated, numbers, required, short

_FIAT = frozenset({"USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "SGD", "HKD", "AED", "BRL"})
_BALANCE = {"quantity": "amount"}
_KNOWN_BALANCE = (
    "symbol", "amount", "holds", "bonded_amount", "reserved_amount", "unbonding_amount", "unvested_amount",
    "pending_rewards_amount", "past_rewards_amount", "bondable_amount", "withdrawable_amount", "fiat_amount",
    "unbondable_amount", "claimable_rewards_amount",
)  # fmt: skip
_KNOWN_MOVE = (
    "id", "wallet_id", "portfolio_id", "type", "status", "symbol", "created_at", "completed_at", "amount",
    "transfer_from", "transfer_to", "network_fees", "fees", "fee_symbol", "blockchain_ids", "transaction_id",
    "destination_symbol", "estimated_network_fees", "network", "estimated_asset_changes", "metadata",
    "idempotency_key", "onchain_details", "network_info", "process_requirements",
)  # fmt: skip
_KINDS = {
    "DEPOSIT": "deposit", "COINBASE_DEPOSIT": "deposit", "WITHDRAWAL": "withdrawal", "REWARD": "interest",
    "INTERNAL_DEPOSIT": "transfer_in", "INTERNAL_WITHDRAWAL": "transfer_out", "SWEEP_DEPOSIT": "transfer_in",
    "SWEEP_WITHDRAWAL": "transfer_out", "BILLING_WITHDRAWAL": "fee", "COINBASE_REFUND": "fee",
}  # fmt: skip
_DONE = ("TRANSACTION_DONE", "TRANSACTION_COMPLETED", "TRANSACTION_IMPORTED")


def sniff(head: bytes) -> bool:
    """Whether balances or transactions of a portfolio are listed, in Coinbase Prime's words."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    balances, moves = (b'"balances"', b'"withdrawable_amount"'), (b'"transactions"', b'"wallet_id"', b'"portfolio_id"')
    return text.startswith(b"{") and any(all(name in text for name in names) for names in (balances, moves))


def read(draft: Draft) -> None:
    """Every balance and finished transaction; an answer that says that more follows is held."""
    taken = Taken(draft, "settle")
    for value in values(draft):
        if value.is_element and value.name == "balances":
            taken.take(value, lambda members: _balance(taken, members))
        elif value.is_element and value.name == "transactions":
            taken.take(value, lambda members: _move(taken, members))
        elif value.name == "pagination":
            _hold(draft, value.start, value.end)
    taken.state()


def _balance(taken: Taken, members: Members) -> Row:
    found, symbol = numbers(members, _BALANCE), required(members, "symbol").upper()
    if "quantity" not in found:
        raise ValueError("amount is missing")
    others = taken.others(members, _KNOWN_BALANCE)
    if symbol in _FIAT:
        settled = numbers(members, {"amount_settled": "withdrawable_amount"})
        return Row("cash", "cash", {**others, "currency": symbol, "amount": found["quantity"], **settled})
    side = "SHORT" if found["quantity"].startswith("-") else "LONG"
    return Row("position", "position", {**others, **found, **UNIT, "symbol": symbol, "side": side})


def _move(taken: Taken, members: Members) -> Row | str:
    """A movement of money or coins: amounts have no sign, the type says the direction."""
    label, status = required(members, "type"), required(members, "status")
    if status not in _DONE:
        return f"{label}, {status.lower()}"
    found, symbol = numbers(members, {"amount": "amount", "fee": "fees"}), required(members, "symbol").upper()
    if "amount" not in found:
        raise ValueError("amount is missing")
    kind = _KINDS.get(label, "other")
    moved = short(found.pop("amount"), is_short=label.endswith("WITHDRAWAL"))
    what = {"amount": moved, "currency": symbol} if symbol in _FIAT else {"quantity": moved, "symbol": symbol}
    others = {
        name: text for name, text in taken.others(members, _KNOWN_MOVE).items() if name not in ("amount", "symbol")
    }
    fields = {
        **others, **found, **what, "kind": kind, "reference": required(members, "id"),
        **dated("date", text_of(members, "completed_at", "created_at")),
    }  # fmt: skip
    return Row("transaction", label, fields, text_of(members, "portfolio_id") or None)


def _hold(draft: Draft, start: int, end: int) -> None:
    try:
        if parsed_object(draft.data, start, end).get("has_next") is True:
            draft.hold("A page of several: held until the others have arrived.")
    except ValueError as error:
        draft.fault(start, f"pagination: {error}", AGAIN)


FORMAT = Format("coinbase_json", sniff, read, "Coinbase Prime balances and transactions, JSON")
