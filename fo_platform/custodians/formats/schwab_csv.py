"""Charles Schwab's exports of transactions and positions, CSV. Reading rows belongs to _broker_csv."""

import re
from decimal import Decimal
from functools import partial

from fo_platform.custodians import _broker_csv
from fo_platform.custodians._broker_csv import Cells, Dialect, Entry, Export, Row, Sheet, Table, named, others, required
from fo_platform.custodians._csv_values import MISSING, kind_of, loose_date, loose_number, numbers, signed_units, worth
from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._numbers import add
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_TITLE = re.compile(r"(Transactions|Positions) +for (?:account )?(.{1,80}?) as of (.{1,60})")
_NICKNAME = re.compile(r"[^,]{0,60}(?:\.\.\.|XXXX-?)[0-9]{2,4}")
_DATE = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4}")
_CUSIP = re.compile(r"[0-9]{3}[0-9A-Z]{5}[0-9]")
_MONEY = ("cash & ", "futures cash", "futures positions market value")
_TOTALS = ("transactions total", "account total", "positions total")
_WORDS = (
    ("stock div dist", "other"), ("split", "other"), ("spin-off", "other"), ("merger", "other"), ("in lieu", "other"),
    ("name change", "other"), ("conversion", "other"), ("expired", "other"), ("assigned", "other"), ("exchange",
    "other"),
    ("reinvest shares", "buy"), ("buy", "buy"), ("sell", "sell"), ("tax", "tax"), ("nra", "tax"), ("withholding",
    "tax"),
    ("fee", "fee"), ("commission", "fee"), ("interest", "interest"), ("div", "dividend"), ("cap gain", "dividend"),
    ("wire", "money"), ("moneylink", "money"), ("funds", "money"), ("deposit", "money"), ("withdraw", "money"),
    ("check", "money"), ("atm", "money"), ("visa", "money"), ("transfer", "transfer"), ("journal", "transfer"),
    ("auto", "money"),
)  # fmt: skip
_TRANSACTIONS = {
    "date": "date", "action": "action", "symbol": "symbol", "description": "description", "quantity": "quantity",
    "price": "price", "fees & comm": "fee", "amount": "amount", "acctg rule code": "", "": "",
}  # fmt: skip
_POSITIONS = {
    "symbol": "symbol", "description": "description", "qty (quantity)": "quantity", "quantity": "quantity",
    "price": "price", "mkt val (market value)": "market_value", "market value": "market_value", "cost basis": "cost",
    "cost/share": "cost_price", "asset type": "asset_type", "security type": "asset_type", "": "",
} | dict.fromkeys(
    (
        "price chng $ (price change $)", "price chng % (price change %)", "price change $", "price change %",
        "day chng $ (day change $)", "day chng % (day change %)", "day change $", "day change %",
        "gain $ (gain/loss $)", "gain % (gain/loss %)", "gain/loss $", "gain/loss %", "ratings", "reinvest?",
        "reinvest dividends?", "reinvest capital gains?", "% of acct (% of account)", "% of account",
        "p/e ratio (price/earnings ratio)", "div yld (dividend yield)", "dividend yield", "div pay date",
        "last div (last dividend)", "last dividend", "ex-div (ex-dividend date)", "ex-dividend date", "div $",
        "52 week low", "52 week high", "volume", "intrinsic val (intrinsic value)", "in the money", "itm",
    ),
    "",
)  # fmt: skip


def _transaction(cells: Cells, _: Sheet) -> Entry:
    """A movement; `06/10/2022 as of 06/09/2022` was booked on the first day and counts from the second."""
    found = numbers(cells, ("quantity", "price", "fee", "amount"), ".")
    posted, as_of = required(cells, "date").partition(" as of ")[::2]
    kind = kind_of(required(cells, "action"), _WORDS, found.get("amount", found.get("quantity", "")))
    days = {"date": loose_date(as_of or posted, "month").isoformat()}
    if as_of:
        days["posted_date"] = loose_date(posted, "month").isoformat()
    fields = {
        **others(cells, "symbol"),
        **_identity(cells),
        **signed_units(found, kind),
        **days,
        "kind": kind,
        "currency": "USD",
    }
    return Entry("transaction", fields)


def _identity(cells: Cells) -> dict[str, str]:
    symbol = cells.get("symbol", "")
    return {"cusip" if _CUSIP.fullmatch(symbol) else "symbol": symbol} if symbol not in MISSING else {}


def _position(cells: Cells, _: Sheet) -> Entry:
    """A holding, or money among them: the account's cash, and what its futures account and their gains are worth."""
    found = numbers(cells, ("quantity", "price", "market_value", "cost", "cost_price"), ".")
    symbol = required(cells, "symbol")
    if symbol.lower().startswith(_MONEY):
        about = {} if symbol.lower().startswith("cash") else {"description": symbol}
        return Entry("cash", {"currency": "USD", "amount": required(found, "market_value"), **about})
    side = "SHORT" if required(found, "quantity").startswith("-") else "LONG"
    fields = {**others(cells, "symbol", *found), **_identity(cells), **found, **worth(found)}
    return Entry("position", {**fields, "currency": "USD", "side": side, "level": ""})


def _around(export: Export, row: Row) -> bool:
    """Titles, names of accounts between tables, and totals."""
    first = row.cells[0].strip()
    title = _TITLE.match(first)
    alone = not any(cell.strip() for cell in row.cells[1:])
    if title:
        name = "" if title[2].lower().startswith("all") else title[2].strip()
        day = _DATE.search(title[3]) if title[1] == "Positions" else None
        export.sheet = Sheet(name or None, loose_date(day[0], "month") if day else None)
    elif alone and _NICKNAME.fullmatch(first):
        export.sheet = export.sheet._replace(account=first)
    elif first.lower() in _TOTALS:
        _prove(export, row, first.lower())
    else:
        return False
    return True


def _prove(export: Export, row: Row, name: str) -> None:
    """The total of a table against its rows; of transactions, which people filter and edit, it is only remarked on."""
    roles = dict(zip(export.roles, row.cells, strict=False))
    text = roles.get("amount" if name == "transactions total" else "market_value", "")
    if text.strip() in MISSING:
        return
    expected, actual = loose_number(text, "."), plain(_sum(export))
    control = Control(name, expected, actual, expected == actual)
    if control.ok or name != "transactions total":
        export.draft.prove(control, export.draft.controls, row.start, _broker_csv.AGAIN)
    else:
        what = f"{name}: the file states {expected}, its rows give {actual}"
        export.draft.note(row.start, what, "Export it again if it was not filtered on purpose.")


def _sum(export: Export) -> Decimal:
    export.flush()
    statement = export.statement(export.sheet.account)
    names = {"position": "market_value", "cash": "amount", "transaction": "amount"}
    return add(Decimal(r.fields[names[r.kind]]) for r in statement.records if names[r.kind] in r.fields)


_DIALECT = Dialect(
    tables=(
        Table(
            named(_TRANSACTIONS, "date", "action", "symbol", "quantity", "price", "fees & comm", "amount"), _transaction
        ),
        Table(named(_POSITIONS, "symbol", "qty (quantity)", "mkt val (market value)"), _position),
        Table(named(_POSITIONS, "symbol", "quantity", "market value", "cost basis", "reinvest dividends?"), _position),
    ),
    around=_around,
)


def read(draft: Draft) -> None:
    """Every row of the export."""
    _broker_csv.read(_DIALECT, draft)


FORMAT = Format(
    "schwab_csv", partial(_broker_csv.sniff, _DIALECT), read, "Charles Schwab transactions and positions, CSV"
)
