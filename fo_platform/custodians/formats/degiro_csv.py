"""DEGIRO's exports of the account, transactions and portfolio, CSV in any language. Rows belong to _broker_csv."""

import re
from decimal import Decimal
from functools import partial

from fo_platform.custodians import _broker_csv
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Sheet, Table, others, required
from fo_platform.custodians._csv_values import (
    kind_of,
    loose_date,
    loose_number,
    numbers,
    rounds_to,
    signed_units,
    worth,
)
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._numbers import EXACT

_CURRENCY = re.compile(r"[A-Z]{3}")
_TRADE = re.compile(
    r"(?:^|[: ])([^\W\d_]{2,14})"
    r" ([0-9][0-9.,']{0,20}(?:[ \u00a0\u202f][0-9]{3}(?![0-9A-Za-z])){0,4}(?:,[0-9]{1,10})?)( [^@]{1,120}?)? ?@ ?"
    r"([0-9][0-9.,]{0,20}) ?([A-Z]{3})",
    re.IGNORECASE,
)
_BOUGHT = frozenset({"koop", "buy", "achat", "kauf", "compra", "acquisto", "kjøp", "køb"})
_SOLD = frozenset({"verkoop", "sell", "vente", "verkauf", "venta", "venda", "vendita", "salg"})
_WORDS = (
    ("connection", "fee"), ("aansluiting", "fee"), ("connexion", "fee"), ("kosten", "fee"), ("frais", "fee"),
    (" fee", "fee"),
    ("costes", "fee"), ("comis", "fee"), ("gebühr", "fee"), ("costi", "fee"), ("commission", "fee"),
    ("valuta ", "fx"), ("divisa", "fx"), ("fx ", "fx"), ("de change", "fx"), ("cambio", "fx"), ("währung", "fx"),
    ("belasting", "tax"), ("steuer", "tax"), ("tax", "tax"), ("impôt", "tax"), ("retenc", "tax"), ("ritenuta", "tax"),
    ("imposto", "tax"), ("cash sweep", "transfer"), ("geldrekening", "transfer"), ("cuenta de efectivo", "transfer"),
    ("geldkonto", "transfer"), ("cash account", "transfer"), ("dividend", "dividend"), ("coupon", "interest"),
    ("debetrente", "interest"), ("creditrente", "interest"), ("interest", "interest"), ("zins", "interest"),
    ("intér", "interest"), ("interes", "interest"), ("deposit", "money"), ("storting", "money"), ("withdrawal",
    "money"),
    ("ingreso", "money"), ("einzahlung", "money"), ("auszahlung", "money"), ("versement", "money"), ("retrait",
    "money"),
    ("retirada", "money"), ("dépôt", "money"), ("depósito", "money"), ("prelievo", "money"), ("levantamento", "money"),
    ("terugbetaling", "money"), ("opname", "money"),
)  # fmt: skip
_ACCOUNT = (
    "date", "time", "settled", "description", "isin", "action", "exchange_rate", "currency", "amount",
    "balance_currency",
    "balance", "reference",
)  # fmt: skip
_TRANSACTIONS = (
    "date", "time", "description", "isin", "exchange", "venue", "quantity", "price", "price_currency", "amount",
    "currency",
)  # fmt: skip
_PORTFOLIO = ("description", "isin", "quantity", "price", "currency", "market_value", "value_base")
_PORTFOLIO_ONCE = ("description", "isin", "quantity", "price", "money", "value_base")
"""As it was before currency and value had a column each: `USD 1234.50`."""


def _account_roles(header: list[str]) -> list[str] | None:
    """The account's twelve columns are known by their order: two have no name, and the others one in every language."""
    is_account = len(header) >= 12 and header[4].endswith("isin") and header[8] == header[10] == "" != header[7]
    return [*_ACCOUNT, *[""] * (len(header) - len(_ACCOUNT))] if is_account else None


def _transaction_roles(header: list[str]) -> list[str] | None:
    is_orders = len(header) >= 14 and header[3] == "isin" and header[8] == "" and header[10] == "" and header[6] != ""
    if not is_orders:
        return None
    rest = [name.replace(" ", "_") for name in header[len(_TRANSACTIONS) :]]
    known = [
        "reference" if name in ("order_id", "order-id", "id_ordre", "id_orden", "id_ordine") else name for name in rest
    ]
    return [*_TRANSACTIONS, *known]


def _portfolio_roles(header: list[str]) -> list[str] | None:
    is_portfolio = len(header) > 1 and header[1].endswith("/isin")
    roles = _PORTFOLIO if header[5:6] == [""] else _PORTFOLIO_ONCE
    return list(roles) if is_portfolio and len(header) == len(roles) else None


def _movement(cells: Cells, _: Sheet) -> Entry:
    """A line of the account: what it is stands in its description, in the language of the customer."""
    text = required(cells, "action")
    cells = _unswapped(cells)
    found = numbers(cells, ("amount", "exchange_rate", "balance"), "")
    trade = _trade(text, found.get("amount", ""))
    side = trade.pop("side", "")
    is_event = bool(trade) and ":" in text.partition("@")[0]
    if is_event or not (trade or "amount" in found):
        side = "other"
    kind = side or kind_of(text, _WORDS, found.get("amount", ""))
    fields = {
        **others(cells, "settled"), **found, **trade, "kind": kind,
        "date": loose_date(required(cells, "date"), "day").isoformat(),
        "settle_date": loose_date(required(cells, "settled"), "day").isoformat(),
    }  # fmt: skip
    return Entry("transaction", fields)


def _unswapped(cells: Cells) -> Cells:
    """Currency before amount, also where an export writes them the other way round."""
    swapped = dict(cells)
    for money, name in (("currency", "amount"), ("balance_currency", "balance")):
        if _CURRENCY.fullmatch(cells.get(name, "")) and not _CURRENCY.fullmatch(cells.get(money, "")):
            swapped |= {money: cells[name], name: cells.get(money, "")}
    return swapped


def _trade(text: str, amount: str) -> dict[str, str]:
    """Side, units and price of `Koop 8 @ 21,5 USD`; what can be read in two ways is what makes the amount."""
    match = _TRADE.search(text)
    side = _side(match[1].lower(), amount) if match else ""
    if match is None or not side:
        return {}
    quantity, price = _readings(match[2]), _readings(match[4])
    if (match[3] or "").strip() and " " in match[2]:
        quantity += _readings(match[2].partition(" ")[0])
    pairs = [(q, p) for q in quantity for p in price]
    fitting = [pair for pair in pairs if amount and _makes(*pair, match[5], amount)] if len(pairs) > 1 else pairs
    units = {pair[0] for pair in fitting} or set(quantity)
    if len(units) > 1:
        raise ValueError(f"the units {match[2][:20]!r} can be read in more than one way")
    unit = units.pop()
    prices = {"price": fitting[0][1], "price_currency": match[5]} if len(fitting) == 1 else {}
    return {"side": side, **signed_units({"quantity": unit}, side), **prices}


def _side(word: str, amount: str) -> str:
    """What a word says, and in a language that we do not speak the sign of the money."""
    if word in _BOUGHT or word in _SOLD:
        return "buy" if word in _BOUGHT else "sell"
    return "" if amount in ("", "0") else "buy" if amount.startswith("-") else "sell"


def _readings(text: str) -> list[str]:
    """What a number may be: one, or two where a mark may stand for decimals or for thousands."""
    try:
        return [loose_number(text)]
    except ValueError:
        return [loose_number(text, mark) for mark in (",", ".")]


def _makes(quantity: str, price: str, currency: str, amount: str) -> bool:
    made = EXACT.multiply(Decimal(quantity), Decimal(price))
    return rounds_to(made.scaleb(-2) if currency in ("GBX", "GBp") else made, abs(Decimal(amount)))


def _order(cells: Cells, _: Sheet) -> Entry:
    """An execution: its value is in the currency of the price, before fees, which stand beside it in another."""
    found = numbers(cells, ("quantity", "price", "amount"), "")
    kind = "sell" if required(found, "quantity").startswith("-") else "buy"
    money = {"currency": cells["currency"]} if _CURRENCY.fullmatch(cells.get("currency", "")) else {}
    day = {"date": loose_date(required(cells, "date"), "day").isoformat()}
    swapped = {} if money else {"currency": cells.get("price_currency", "")}
    return Entry("transaction", {**others(cells), **found, **money, **swapped, **day, "kind": kind})


def _holding(cells: Cells, __: Sheet) -> Entry:
    """A holding; the cash funds have neither units nor price."""
    if "money" in cells:
        currency, _, value = cells["money"].partition(" ")
        cells = {**others(cells, "money"), "currency": currency, "market_value": value}
    found = numbers(cells, ("quantity", "price", "market_value"), "")
    currency = required(cells, "currency")
    if "isin" not in cells and "quantity" not in found:
        return Entry("cash", {"currency": currency, "amount": required(found, "market_value")})
    side = "SHORT" if required(found, "quantity").startswith("-") else "LONG"
    return Entry(
        "position", {**others(cells), **found, **worth(found), "currency": currency, "side": side, "level": ""}
    )


def _is_continued(cells: Cells) -> bool:
    """Whether a row only holds the rest of what the row before it had no room for."""
    return not cells.keys() & {"date", "amount", "balance", "quantity"}


_DIALECT = Dialect(
    tables=(Table(_account_roles, _movement), Table(_transaction_roles, _order), Table(_portfolio_roles, _holding)),
    delimiters=",;",
    encodings=("utf-8", "cp1252"),
    is_continued=_is_continued,
)


def read(draft: Draft) -> None:
    """Every row of the export; it names no account."""
    _broker_csv.read(_DIALECT, draft)


FORMAT = Format(
    "degiro_csv", partial(_broker_csv.sniff, _DIALECT), read, "DEGIRO account, transactions and portfolio, CSV"
)
