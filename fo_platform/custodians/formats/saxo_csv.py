"""Saxo's export of transactions, CSV. Reading rows belongs to _broker_csv."""

import re
from functools import partial

from fo_platform.custodians import _broker_csv
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Sheet, Table, named, others, required
from fo_platform.custodians._csv_values import MISSING, kind_of, loose_date, loose_number, numbers, signed_units
from fo_platform.custodians._draft import Draft, Format

_TRADE = re.compile(
    r"(buy|sell|koop|verkoop|kauf|verkauf|achat|vente|køb|salg|transfer in|transfer out)"
    r" (-?[0-9][0-9.,]*)(?: @ ([0-9][0-9.,]*))?",
    re.IGNORECASE,
)
_BOUGHT = frozenset({"buy", "koop", "kauf", "achat", "køb", "transfer in"})
_WORDS = (
    ("tax", "tax"), ("belasting", "tax"), ("steuer", "tax"), ("fee", "fee"), ("kosten", "fee"), ("commission", "fee"),
    ("dividend", "dividend"), ("dividende", "dividend"), ("interest", "interest"), ("coupon", "interest"), ("rente",
    "interest"),
    ("split", "other"), ("merger", "other"), ("spin", "other"), ("deposit", "money"), ("withdrawal", "money"),
    ("storting", "money"), ("opname", "money"), ("einzahlung", "money"), ("auszahlung", "money"), ("dépôt", "money"),
    ("retrait", "money"), ("transfer", "transfer"), ("overboeking", "transfer"),
)  # fmt: skip
_COLUMNS = {
    "client id": "client", "account id": "account", "account currency": "account_currency", "client currency": "",
    "trade date": "date", "value date": "settled", "type": "category", "instrument": "description",
    "instrument isin": "isin",
    "isin": "isin", "instrument currency": "instrument_currency", "currency": "account_currency",
    "exchange description": "exchange", "instrument symbol": "symbol", "event": "action", "amount": "amount",
    "booked amount": "amount", "order id": "reference", "trade id": "trade_id", "conversion rate": "exchange_rate",
    "from derivative": "", "underlying asset type": "", "realized p/l": "", "realised p/l": "", "total cost": "",
    "": "",
}  # fmt: skip


def _movement(cells: Cells, _: Sheet) -> Entry:
    """A movement, booked in the account's currency: that is the instrument's where nothing is converted."""
    found = numbers(cells, ("amount", "exchange_rate"), "")
    text = required(cells, "action")
    match = _TRADE.match(text)
    trade = _trade(match) if match else {}
    kind = trade.pop("side", "") or kind_of(f"{text} {cells.get('category', '')}", _WORDS, found.get("amount", ""))
    currency = cells.get("account_currency", "")
    if not currency and found.get("exchange_rate", "1") == "1":
        currency = cells.get("instrument_currency", "")
    fields = {
        **others(cells, "account", "client", "settled"), **found, **trade, "kind": kind, "currency": currency,
        "date": loose_date(required(cells, "date"), "day").isoformat(), **_settled(cells),
    }  # fmt: skip
    return Entry("transaction", fields, cells.get("account", cells.get("client")))


def _settled(cells: Cells) -> dict[str, str]:
    text = cells.get("settled", "")
    return {} if text in MISSING else {"settle_date": loose_date(text, "day").isoformat()}


def _trade(match: re.Match[str]) -> dict[str, str]:
    """Side, units and price of `Buy 4 @ 120.50 USD`."""
    word, is_transfer = match[1].lower(), match[1].lower().startswith("transfer")
    side = "buy" if word in _BOUGHT else "sell"
    units = signed_units({"quantity": loose_number(match[2], ".")}, side)
    price = {"price": loose_number(match[3], ".")} if match[3] else {}
    return {"side": word.replace(" ", "_") if is_transfer else side, **units, **price}


_DIALECT = Dialect(
    tables=(
        Table(
            named(_COLUMNS, "trade date", "value date", "instrument symbol", "event", "conversion rate", "amount"),
            _movement,
        ),
        Table(named(_COLUMNS, "trade date", "value date", "instrument symbol", "event", "booked amount"), _movement),
    ),
    delimiters=",;",
)


def read(draft: Draft) -> None:
    """Every row of the export."""
    _broker_csv.read(_DIALECT, draft)


FORMAT = Format("saxo_csv", partial(_broker_csv.sniff, _DIALECT), read, "Saxo transactions, CSV")
