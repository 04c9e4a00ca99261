"""Aggregates of OFX as fields of records, a function a kind. Finding them in the file belongs to the format."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from fo_platform.custodians._csv_values import loose_number, rounds_to
from fo_platform.custodians._numbers import EXACT, compact_date, number, total
from fo_platform.units import plain

Leaves = dict[str, str]
"""Values of the elements of an aggregate by name; of several of one name the first."""

_LEAF = re.compile(r"<([A-Z][A-Z0-9._]*)>\s*([^<\s][^<]*)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#x[0-9A-Fa-f]{1,5});")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_DATE = re.compile(r"[0-9]{8}(?:[0-9]{2}){0,3}(?:\.[0-9]{0,6})?(?:\[[^\]<]{0,20}\]?)?")
_COMMA = re.compile(r"[+-]?[0-9]{0,20},[0-9]{0,20}")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([. \u00a0])[0-9]{3})(?:\1[0-9]{3}){0,6},[0-9]{1,20}")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")

_SCHEMES = {
    "CUSIP": "cusip", "ISIN": "isin", "SEDOL": "sedol", "CONID": "conid", "WKN": "wkn", "VALOR": "valor",
    "TICKER": "symbol",
}  # fmt: skip
_TEXTS = {
    "MEMO": "memo", "SUBACCTSEC": "subaccount", "SUBACCTFUND": "subaccount_fund", "HELDINACCT": "held_in",
    "BUYTYPE": "buy_type", "SELLTYPE": "sell_type", "OPTBUYTYPE": "buy_type", "OPTSELLTYPE": "sell_type",
    "INCOMETYPE": "income_type", "TFERACTION": "transfer_action", "TRNTYPE": "bank_type", "NAME": "payee",
    "CHECKNUM": "check_number", "REFNUM": "bank_reference", "CURRATE": "fx_rate_stated",
}  # fmt: skip
_BANK_KINDS = {
    "INT": "interest", "DIV": "dividend", "FEE": "fee", "SRVCHG": "fee", "XFER": "transfer", "HOLD": "other",
    "OTHER": "money",
}  # fmt: skip
_INCOME_KINDS = {"DIV": "dividend", "INTEREST": "interest", "CGLONG": "dividend", "CGSHORT": "dividend"}
_KINDS = {
    "REINVEST": "buy", "INVEXPENSE": "fee", "MARGININTEREST": "interest", "RETOFCAP": "other", "SPLIT": "other",
    "JRNLFUND": "other", "JRNLSEC": "other", "CLOSUREOPT": "other",
}  # fmt: skip
_FEES = ("COMMISSION", "FEES", "TAXES", "LOAD")
KNOWN = frozenset(
    (
        "UNIQUEID", "UNIQUEIDTYPE", "UNITS", "UNITPRICE", "MKTVAL", "POSTYPE", "DTPRICEASOF", "TOTAL", "ACCRDINT",
        "WITHHOLDING", "FITID", "DTTRADE", "DTSETTLE", "TRNAMT", "DTPOSTED", "DTAVAIL", "DTUSER", "CURSYM",
        "REINVDIV", "REINVCG", "UNITSSTREET", "UNITSUSER", "SECURED", "INV401KSOURCE", "SRVRTID", "REVERSALFITID",
        "MARKDOWN", "MARKUP", "OPTACTION", "SHPERCTRCT", "RELFITID", "RELTYPE", "GAIN", "AVGCOSTBASIS", "PENALTY",
        "STATEWITHHOLDING", "TAXEXEMPT", "SELLREASON", "OLDUNITS", "NEWUNITS", "NUMERATOR", "DENOMINATOR", "FRACCASH",
        "SUBACCTTO", "SUBACCTFROM", "DTPAYROLL", "PRIORYEARCONTRIB", "LOANID", "LOANPRINCIPAL", "LOANINTEREST",
        "DTPURCHASE", "SIC", "PAYEEID", "ADDR1", "ADDR2", "ADDR3", "CITY", "STATE", "POSTALCODE", "COUNTRY", "PHONE",
        "BANKID", "BRANCHID", "ACCTID", "ACCTTYPE", "ACCTKEY", "BROKERID", "CORRECTFITID", "CORRECTACTION",
        "EXTDNAME", "IMAGEREF",
    )
).union(_TEXTS, _FEES)  # fmt: skip
"""Elements that records may hold; the ones that say nothing of a holding or movement are left."""


def leaves(text: str) -> Leaves:
    """Values of an aggregate, without comments; entities and CDATA are read as what they stand for."""
    if "<!" in text:
        text = _COMMENT.sub("", _CDATA.sub(lambda match: match[1].replace("&", "&amp;").replace("<", "&lt;"), text))
    found = dict(reversed(_LEAF.findall(text)))
    if "&" in text:
        return {name: _ENTITY.sub(_character, value).rstrip() for name, value in found.items()}
    return {name: value.rstrip() for name, value in found.items()}


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if not name.startswith("#"):
        return _ENTITIES[name]
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    return chr(code) if 31 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


@lru_cache(maxsize=65536)
def amount(text: str) -> str:
    """A number with a decimal point or comma as canonical text; `1,234` alone can be read in two ways."""
    if "," not in text or text.rfind(".") > text.rfind(","):
        return number(text)
    if _GROUPED.fullmatch(text):
        return loose_number(text, ",")
    if _THOUSANDS.fullmatch(text) or not _COMMA.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a number that can be read in one way only")
    return number(text.replace(",", "."))


@lru_cache(maxsize=65536)
def iso_day(text: str) -> str:
    """The date of a moment such as `20220613160000.000[-5:EST]`, as its own zone has it."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a date YYYYMMDD")
    return compact_date(text[:8]).isoformat()


def security_key(found: Leaves) -> tuple[str, str]:
    """What the list of securities knows a security by."""
    return found.get("UNIQUEIDTYPE", ""), found.get("UNIQUEID", "")


def security(found: Leaves) -> dict[str, str]:
    """What the list of securities says of one: name, ticker, shares per contract."""
    texts = {"symbol": found.get("TICKER"), "description": found.get("SECNAME"), "contract": found.get("SHPERCTRCT")}
    return {name: text for name, text in texts.items() if text}


def position(element: str, found: Leaves, currency: str, listed: Mapping[str, str]) -> dict[str, str]:
    """A holding; what is short is below zero. listed: what the list of securities says of it."""
    numbers = _numbers(found, {"quantity": "UNITS", "price": "UNITPRICE", "market_value": "MKTVAL"})
    if "quantity" not in numbers:
        raise ValueError("UNITS is missing")
    is_short = found.get("POSTYPE") == "SHORT" or numbers["quantity"].startswith("-")
    for name in ("quantity", "market_value") if is_short else ():
        numbers |= _negative(name, numbers)
    return {
        **_identity(found, listed), **_texts(found), **numbers, **_scale(element, numbers, listed),
        **({"price_date": iso_day(found["DTPRICEASOF"])} if "DTPRICEASOF" in found else {}),
        "currency": currency, "side": "SHORT" if is_short else "LONG", "level": "",
    }  # fmt: skip


def _negative(name: str, numbers: Mapping[str, str]) -> dict[str, str]:
    text = numbers.get(name, "0")
    return {} if text == "0" or text.startswith("-") else {name: f"-{text}"}


def _scale(element: str, numbers: Mapping[str, str], listed: Mapping[str, str]) -> dict[str, str]:
    """How price and quantity make the value, where to the cent they do; a bond of which they do not leaves it open."""
    is_debt = element == "POSDEBT"
    shares = {"quantity_type": "UNIT", "price_basis": "unit"}
    if is_debt:
        if _makes(numbers, "0.01"):
            return {"quantity_type": "FAMT", "price_basis": "per_100"}
        return shares if _makes(numbers, "1") else {"quantity_type": "FAMT"}
    contract = amount(listed.get("contract", "100"))
    if element == "POSOPT" and _makes(numbers, contract) and not _makes(numbers, "1"):
        return {**shares, "multiplier": contract}
    return shares


def _makes(numbers: Mapping[str, str], scale: str) -> bool:
    """Whether quantity x price x scale is the stated value, rounded to its places but to the cent at least."""
    if not {"quantity", "price", "market_value"} <= numbers.keys() or numbers["market_value"] == "0":
        return False
    made = EXACT.multiply(EXACT.multiply(Decimal(numbers["quantity"]), Decimal(numbers["price"])), Decimal(scale))
    return rounds_to(made, Decimal(numbers["market_value"]))


def transaction(element: str, found: Leaves, currency: str, listed: Mapping[str, str]) -> dict[str, str]:
    """A movement of an investment account: money in is positive, units sold are below zero."""
    names = {
        "quantity": "UNITS",
        "price": "UNITPRICE",
        "amount": "TOTAL",
        "accrued": "ACCRDINT",
        "withheld": "WITHHOLDING",
    }
    numbers = _numbers(found, names)
    if element.startswith("SELL"):
        numbers |= _negative("quantity", numbers)
    kind = _kind(element, found, numbers)
    return {
        **_identity(found, listed), **_texts(found), **_own_money(element, numbers), **_fee(found), "kind": kind,
        "element": element, "currency": currency, "reference": _required(found, "FITID"),
        **_days(found, "DTTRADE", "DTSETTLE"),
    }  # fmt: skip


def _kind(element: str, found: Leaves, numbers: Mapping[str, str]) -> str:
    if element.startswith("BUY") or element.startswith("SELL"):
        return "buy" if element.startswith("BUY") else "sell"
    if element == "INCOME":
        return _INCOME_KINDS.get(found.get("INCOMETYPE", ""), "other")
    if element == "TRANSFER":
        is_out = found.get("TFERACTION") == "OUT" or numbers.get("quantity", "").startswith("-")
        return "transfer_out" if is_out else "transfer_in"
    return _KINDS.get(element, "other")


def _own_money(element: str, numbers: dict[str, str]) -> dict[str, str]:
    """What is reinvested or moved between parts of one account is no money into or out of it."""
    if element == "REINVEST" and "amount" in numbers:
        return {**numbers, "amount": "0", "cost": numbers["amount"].removeprefix("-")}
    if element == "JRNLFUND" and "amount" in numbers:
        return {**numbers, "amount": "0", "moved": numbers["amount"]}
    return numbers


def bank_transaction(found: Leaves, currency: str) -> dict[str, str]:
    """A movement of a bank account, or of the money of an investment account; its sign is as stated."""
    numbers = _numbers(found, {"amount": "TRNAMT"})
    if "amount" not in numbers:
        raise ValueError("TRNAMT is missing")
    if "CORRECTFITID" in found:
        raise ValueError(f"it corrects the transaction {found['CORRECTFITID'][:40]} of an earlier file")
    is_out = numbers["amount"].startswith("-")
    kind = _BANK_KINDS.get(found.get("TRNTYPE", ""), "money")
    kind = {"money": ("deposit", "withdrawal"), "transfer": ("transfer_in", "transfer_out")}.get(kind, (kind, kind))[
        is_out
    ]
    return {
        **_texts(found), **numbers, "kind": kind, "currency": currency, "reference": _required(found, "FITID"),
        **_days(found, "DTPOSTED", "DTAVAIL"),
    }  # fmt: skip


def investment_cash(found: Leaves, currency: str) -> dict[str, str]:
    """Money of an investment account, from INVBAL; below zero it is borrowed."""
    names = {
        "amount": "AVAILCASH", "margin_balance": "MARGINBALANCE", "short_balance": "SHORTBALANCE",
        "buying_power": "BUYPOWER",
    }  # fmt: skip
    numbers = _numbers(found, names)
    return {"currency": currency, **numbers} if "amount" in numbers else {}


def bank_cash(found: Leaves, currency: str) -> dict[str, str]:
    """Money of a bank account or, below zero, owed on a card, from LEDGERBAL."""
    numbers = _numbers(found, {"amount": "BALAMT"})
    if "amount" not in numbers:
        raise ValueError("BALAMT is missing")
    return {"currency": currency, **numbers}


def currency_of(text: str, found: Leaves, default: str) -> str:
    """The currency of the amounts: CURRENCY names one beside the statement's; ORIGCURRENCY only what they were in."""
    currency = found.get("CURSYM", default) if "<CURRENCY>" in text else default
    if not (len(currency) == 3 and currency.isalpha()):
        raise ValueError("it names no currency" if not currency else f"{currency[:12]!r} is no currency")
    return currency.upper()


def _identity(found: Leaves, listed: Mapping[str, str]) -> dict[str, str]:
    scheme, name = security_key(found)
    own = {_SCHEMES.get(scheme.upper(), "security_id_source"): name} if name else {}
    return {**own, **{field: text for field, text in listed.items() if field != "contract" and field not in own}}


def _texts(found: Leaves) -> dict[str, str]:
    return {_TEXTS[name]: text for name, text in found.items() if name in _TEXTS}


def _numbers(found: Leaves, names: Mapping[str, str]) -> dict[str, str]:
    return {field: _number(name, found[name]) for field, name in names.items() if name in found}


def _number(name: str, text: str) -> str:
    try:
        return amount(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _required(found: Leaves, name: str) -> str:
    if name not in found:
        raise ValueError(f"{name} is missing")
    return found[name]


def _fee(found: Leaves) -> dict[str, str]:
    """Commission, fees, taxes and load: positive is a cost, as OFX has it."""
    stated = _numbers(found, {name: name for name in _FEES})
    return {"fee": plain(total(stated.values()))} if stated else {}


def _days(found: Leaves, day: str, settle: str) -> dict[str, str]:
    try:
        settled = {"settle_date": iso_day(found[settle])} if settle in found else {}
        return {"date": iso_day(_required(found, day)), **settled}
    except ValueError as error:
        raise ValueError(f"{day} or {settle}: {error}") from error
