"""Swissquote's export of transactions, CSV with semicolons in three languages. Reading rows belongs to _broker_csv."""

import re
from functools import partial

from fo_platform.custodians import _broker_csv
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Sheet, Table, others, required
from fo_platform.custodians._csv_values import MISSING, kind_of, loose_date, numbers, signed_units
from fo_platform.custodians._draft import Draft, Format

_CURRENCY = re.compile(r"[A-Z]{3}")
_FIRST = (
    "date", "reference", "action", "symbol", "description", "isin", "quantity", "price", "fee", "accrued", "amount",
)  # fmt: skip
_SYMBOLS = ("symbol", "symbole", "simbolo")
_ACCOUNT_MONEY = ("konto", "account", "compte", "conto")
_BALANCES = ("saldo", "balance", "solde")
_CURRENCIES = ("währung", "currency", "devise", "monnaie", "valuta")
_WORDS = (
    ("forex", "fx"), ("fx-", "fx"), ("fx ", "fx"), ("change", "fx"), ("steuer", "tax"), ("tax", "tax"), ("impôt",
    "tax"),
    ("gebühr", "fee"), ("fee", "fee"), ("frais", "fee"), ("börsengeb", "fee"), ("spesen", "fee"), ("split", "other"),
    ("spin", "other"), ("merger", "other"), ("fusion", "other"), ("rückzahlung", "other"), ("remboursement", "other"),
    ("capital gain", "dividend"), ("dividend", "dividend"), ("verkauf", "sell"), ("kauf", "buy"), ("buy", "buy"),
    ("sell", "sell"), ("achat", "buy"), ("vente", "sell"), ("zins", "interest"), ("interest", "interest"),
    ("intérêt", "interest"), ("coupon", "interest"), ("umbuchung", "transfer"), ("transfer", "transfer"),
    ("titeleingang", "transfer_in"), ("titelausgang", "transfer_out"), ("einzahlung", "money"), ("auszahlung", "money"),
    ("zahlung", "money"), ("versement", "money"), ("paiement", "money"), ("payment", "money"), ("retrait", "money"),
    ("debit", "money"), ("credit", "money"), ("crédit", "money"), ("débit", "money"), ("gutschrift", "money"),
    ("belastung", "money"), ("vergütung", "money"), ("deposit", "money"), ("withdrawal", "money"),
)  # fmt: skip


def _roles(header: list[str]) -> list[str] | None:
    """The first eleven columns are known by their order; those behind them by a word of their name."""
    is_ours = len(header) >= 12 and header[3] in _SYMBOLS and header[5] == "isin"
    return [*_FIRST, *map(_role, header[len(_FIRST) :])] if is_ours else None


def _role(name: str) -> str:
    if any(word in name for word in _BALANCES):
        return "balance"
    if any(word in name for word in _ACCOUNT_MONEY):
        return "account_amount"
    if name in _CURRENCIES:
        return "currency"
    return "amount_currency" if any(word in name for word in _CURRENCIES) else f"?{name}" if name else ""


def _movement(cells: Cells, _: Sheet) -> Entry:
    """A movement; its quantity is a one that means nothing where no security is traded. Bonds are priced in percent."""
    per_100 = {"price_basis": "per_100"} if cells.get("price", "").endswith("%") else {}
    cells = {**cells, "price": cells.get("price", "").rstrip("%")}
    if not _is_straight(cells):
        cells = {**cells, "currency": cells["balance"], "balance": ""}
    found = numbers(cells, ("quantity", "price", "fee", "accrued", "amount", "balance"), ".")
    kind = kind_of(required(cells, "action"), _WORDS, found.get("amount", found.get("quantity", "")))
    if kind not in ("buy", "sell", "transfer_in", "transfer_out", "other") or "isin" not in cells:
        found = {name: text for name, text in found.items() if name not in ("quantity", "price")}
    if kind == "transfer_out" and "quantity" in found:
        found["quantity"] = f"-{found['quantity'].removeprefix('-')}"
    reference = cells.get("reference", "").strip("0")
    fields = {
        **others(cells, "quantity", "price", "reference"), **signed_units(found, kind), **per_100, "kind": kind,
        "date": loose_date(required(cells, "date"), "day").isoformat(), "currency": _currency(cells),
        "reference": cells["reference"] if reference else "",
    }  # fmt: skip
    return Entry("transaction", fields)


def _is_straight(cells: Cells) -> bool:
    """Whether the balance is one: a later layout leaves it out and moves the currency into its place."""
    return not _CURRENCY.fullmatch(cells.get("balance", "")) or cells.get("currency", "") not in MISSING


def _currency(cells: Cells) -> str:
    found = cells.get("amount_currency", cells.get("currency", ""))
    if not _CURRENCY.fullmatch(found):
        raise ValueError("it names no currency")
    return found


_DIALECT = Dialect(tables=(Table(_roles, _movement),), delimiters=";", encodings=("utf-8", "cp1252"))


def read(draft: Draft) -> None:
    """Every row of the export; it names no account."""
    _broker_csv.read(_DIALECT, draft)


FORMAT = Format(
    "swissquote_csv", partial(_broker_csv.sniff, _DIALECT), read, "Swissquote transactions, CSV with semicolons"
)
