"""Attributes of Flex elements as fields of records, a function a kind. Files and statements do not belong here."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from fo_platform.custodians._numbers import number, total
from fo_platform.custodians.records import TRANSFER_TYPE
from fo_platform.units import plain

Attributes = Mapping[str, str]
Dates = Callable[[str], date]
"""Reads a date in the style of the file."""

MISSING = frozenset({"", "-", "--", "N/A", "MULTI"})
PER_100 = frozenset({"BOND", "BILL"})
"""Asset categories quoted in per cent of face value."""

_IDENTITY = ("isin", "cusip", "conid", "sedol", "symbol", "description", "currency")
_SCHEMES = {"ISIN": "isin", "CUSIP": "cusip", "SEDOL": "sedol"}
_POSITION = {
    "quantity": "position", "price": "markPrice", "factor": "principalAdjustFactor", "multiplier": "multiplier",
    "market_value": "positionValue", "accrued": "accruedInt",
}  # fmt: skip
_FEES = ("ibCommission", "taxes")
_CONFIRMED = {
    "price": "tradePrice", "commission": "ibCommission", "commissionCurrency": "ibCommissionCurrency", "tax": "taxes",
    "execID": "ibExecID",
}  # fmt: skip
"""What a trade confirmation calls differently."""
_PAIR = re.compile(r"[A-Z]{3}\.([A-Z]{3})")
_KINDS = (
    ("withholding", "tax"), ("871(m)", "tax"), ("dividend", "dividend"), ("interest", "interest"), ("fee", "fee"),
    ("commission", "fee"), ("tax", "tax"),
)  # fmt: skip
"""First match decides: `Payment In Lieu Of Dividends` is a dividend, `Withholding Tax` on one is a tax."""
_EVENTS = {
    "FS": "SPLF", "RS": "SPLR", "SD": "DVSE", "TC": "MRGR", "SO": "SOFF", "IC": "CHAN", "TO": "TEND", "RI": "RHTS",
    "BM": "REDM",
}  # fmt: skip
"""ISO 15022 events by the broker's codes; any other code stands as it is."""
_SOURCE = "interactive_brokers"


def position_fields(a: Attributes) -> dict[str, str]:
    """A holding, from OpenPosition."""
    is_debt = a.get("assetCategory") in PER_100
    fields = {**_identity(a), **_numbers(a, _POSITION)}
    fields["quantity_type"] = "FAMT" if is_debt else "UNIT"
    fields["price_basis"] = "per_100" if is_debt and fields.get("multiplier", "1") == "1" else "unit"
    fields["side"] = "SHORT" if _required(fields, "quantity", "position").startswith("-") else "LONG"
    fields["level"] = a.get("levelOfDetail", "")
    return fields


def lot_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """A tax lot, from OpenPosition of level LOT; its holding period starts where the broker says."""
    acquired = _first(a, "holdingPeriodDateTime", "openDateTime")
    return {
        **_identity(a),
        **_numbers(a, {"quantity": "position", "cost": "costBasisMoney"}),
        **_present({"lot_id": _first(a, "originatingTransactionID", "openDateTime", "originatingOrderID")}),
        **({"acquired_date": dates(acquired).isoformat()} if acquired else {}),
        "level": "LOT",
    }


def cash_fields(a: Attributes) -> dict[str, str]:
    """Money in one currency, from CashReportCurrency; empty for the pseudo-currency that sums the others."""
    numbers = _numbers(a, {"amount": "endingCash", "amount_settled": "endingSettledCash"})
    if a.get("currency") == "BASE_SUMMARY" or "amount" not in numbers:
        return {}
    return {"currency": _required(a, "currency", "currency"), **numbers}


def trade_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """An execution, from Trade; a cancelled one has its signs turned. The cash of a currency trade is its proceeds.

    Of any other that states no cash it is the proceeds less what was paid out of them.
    """
    numbers = _numbers(a, {"quantity": "quantity", "price": "tradePrice", "amount": "netCash"})
    quantity = _required(numbers, "quantity", "quantity")
    is_fx = a["assetCategory"] == "CASH" if a.get("assetCategory") else _is_pair(a)
    proceeds = _numbers(a, {"amount": "proceeds"})
    if "amount" not in numbers:
        numbers |= _net(a, proceeds)
    side = a.get("buySell", "").upper()
    is_told = side and ("amount" in numbers or "(CA" not in side)
    bought = side.startswith("BUY") if is_told else not quantity.startswith("-")
    return {
        "kind": "fx" if is_fx else "buy" if bought else "sell",
        **_identity(a),
        **numbers,
        **(proceeds if is_fx else {}),
        **_days(a, dates, ("tradeDate", "dateTime", "reportDate"), ("settleDateTarget", "settleDate")),
        **_fee(a),
        **_present({"reference": _first(a, "transactionID", "tradeID"), "exec_id": _first(a, "ibExecID")}),
    }


def _net(a: Attributes, proceeds: Mapping[str, str]) -> dict[str, str]:
    """Proceeds with commission and taxes, which are below zero, where they are in the currency of the trade."""
    is_other = a.get("ibCommissionCurrency", "") not in (*MISSING, a.get("currency"))
    paid = _numbers(a, {name: name for name in _FEES if not (is_other and name == "ibCommission")})
    return {"amount": plain(total([*proceeds.values(), *paid.values()]))} if proceeds else {}


def confirmation_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """An execution or an order of several, from TradeConfirm or Order: a trade in other words."""
    return trade_fields({**{name: a[other] for other, name in _CONFIRMED.items() if other in a}, **a}, dates)


def _is_pair(a: Attributes) -> bool:
    """Whether a trade is of currencies, told from its symbol: `EUR.USD` for dollars, with no number of a security."""
    pair = _PAIR.fullmatch(a.get("symbol", ""))
    return pair is not None and pair[1] == a.get("currency") and not (a.get("isin") or a.get("cusip"))


def cash_transaction_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """A movement of money, from CashTransaction."""
    numbers = _numbers(a, {"amount": "amount"})
    amount = _required(numbers, "amount", "amount")
    return {
        "kind": _cash_kind(a.get("type", ""), amount),
        **_identity(a),
        **numbers,
        **_days(a, dates, ("dateTime", "reportDate"), ("settleDate",)),
        **_present({"reference": _first(a, "transactionID")}),
    }


def transfer_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """Units or money that come from another account or go to it, from Transfer; empty where nothing moves."""
    stated = _numbers(a, {"quantity": "quantity", "amount": "cashTransfer", "value": "positionAmount"})
    moved = {name: text for name, text in stated.items() if text != "0"}
    first = moved.get("quantity", moved.get("amount", ""))
    if not first:
        return {}
    is_out = a["direction"] == "OUT" if a.get("direction") else first.startswith("-")
    return {
        "kind": "transfer_out" if is_out else "transfer_in",
        **_identity(a),
        **moved,
        **_days(a, dates, ("date", "dateTime", "reportDate"), ("settleDate",)),
        TRANSFER_TYPE: _first(a, "type"),
        **_present({"reference": _first(a, "transactionID"), "other_account": _first(a, "account")}),
    }


def rate_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """An exchange rate, from ConversionRate; empty where the broker quotes none, which it writes as -1."""
    stated = [a.get(name, "") for name in ("fromCurrency", "toCurrency", "reportDate", "rate")]
    rate = number(stated[-1]) if not MISSING.intersection(stated) else "0"
    if rate.startswith("-") or rate == "0":
        return {}
    return {
        "currency": stated[0],
        "base_currency": stated[1],
        "rate_date": dates(stated[2]).isoformat(),
        "fx_rate": rate,
        "fx_source": _SOURCE,
    }


def corporate_action_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """One leg of a corporate action, from CorporateAction: evidence of what happened, not a booking."""
    kind = _first(a, "type")
    return {
        **_identity(a),
        **_numbers(a, {"quantity": "quantity", "amount": "amount", "proceeds": "proceeds", "value": "value"}),
        **_present(
            {
                "event_reference": _first(a, "transactionID", "actionID"),
                "event_type": _EVENTS.get(kind, kind),
                "action_id": _first(a, "actionID"),
                "code": _first(a, "code"),
                "effective_date": _dated(a, dates, "dateTime", "reportDate"),
            }
        ),
    }


def dividend_accrual_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """A dividend that is due, from OpenDividendAccrual, or what was accrued or taken back, from its changes."""
    return {
        **_identity(a),
        **_numbers(a, {"quantity": "quantity", "cash_rate": "grossRate", "amount": "netAmount"}),
        **_numbers(a, {"amount_gross": "grossAmount", "tax": "tax", "fee": "fee"}),
        "event_type": "DVCA",
        "event_status": "accrued",
        **_present(
            {
                "event_reference": _first(a, "actionID"),
                "code": _first(a, "code"),
                "ex_date": _dated(a, dates, "exDate"),
                "pay_date": _dated(a, dates, "payDate"),
            }
        ),
    }


def tax_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """A tax on a trade or on a fee, from TransactionTax or SalesTax, as a fee: positive is a cost."""
    numbers = _numbers(a, {"amount": "salesTax" if "salesTax" in a else "taxAmount", "tax_rate": "taxRate"})
    return {
        **_identity(a),
        **numbers,
        "amount": plain(-total([_required(numbers, "amount", "amount of the tax")])),
        "fee_kind": "sales_tax" if "salesTax" in a else "transaction_tax",
        **_present(
            {
                "fee_id_source": _first(a, "transactionID", "tradeId", "tradeID"),
                "description": _first(a, "taxableDescription", "taxDescription"),
                "charged_date": _dated(a, dates, "date", "reportDate"),
                "related_reference": _first(a, "taxableTransactionID"),
            }
        ),
    }


def prior_price_fields(a: Attributes, dates: Dates) -> dict[str, str]:
    """The broker's valuation of a holding on an earlier day, from PriorPeriodPosition; empty without a price."""
    numbers = _numbers(a, {"price_local": "price"})
    day = _dated(a, dates, "date")
    return {**_identity(a), **numbers, "price_date": day, "price_source": _SOURCE} if numbers and day else {}


def security_fields(a: Attributes) -> dict[str, str]:
    """What the broker says of an instrument, from SecurityInfo."""
    stated = ("assetCategory", "subCategory", "issuer", "maturity", "listingExchange", "strike", "expiry", "putCall")
    return {
        **_identity(a),
        **_present({"instrument_name": _first(a, "description"), "instrument_type": _first(a, "assetCategory")}),
        **_numbers(a, {"multiplier": "multiplier"}),
        **_present({name: _first(a, name) for name in stated}),
    }


def _dated(a: Attributes, dates: Dates, *names: str) -> str:
    text = _first(a, *names)
    return dates(text).isoformat() if text else ""


def _identity(a: Attributes) -> dict[str, str]:
    """Identifiers, description and currency; `securityID` stands in for the column that its type names."""
    found = {name: text for name in _IDENTITY if (text := a.get(name)) and text not in MISSING}
    scheme = _SCHEMES.get(a.get("securityIDType", ""))
    if scheme and scheme not in found and a.get("securityID", "") not in MISSING:
        found[scheme] = a["securityID"]
    return found


def _numbers(a: Attributes, names: Mapping[str, str]) -> dict[str, str]:
    return {field: number(text) for field, name in names.items() if (text := a.get(name)) and text not in MISSING}


def _required(numbers: Mapping[str, str], field: str, attribute: str) -> str:
    if field not in numbers:
        raise ValueError(f"{attribute} is missing")
    return numbers[field]


def _fee(a: Attributes) -> dict[str, str]:
    """Commission and taxes, positive is a cost; their currency only where it is not the trade's."""
    stated = _numbers(a, {name: name for name in _FEES})
    currency = a.get("ibCommissionCurrency", "")
    other = {"fee_currency": currency} if currency not in MISSING and currency != a.get("currency") else {}
    return {"fee": plain(-total(stated.values())), **other} if stated else {}


def _days(a: Attributes, dates: Dates, day: tuple[str, ...], settle: tuple[str, ...]) -> dict[str, str]:
    texts = _present({"date": _first(a, *day), "settle_date": _first(a, *settle)})
    return {name: dates(text).isoformat() for name, text in texts.items()}


def _first(a: Attributes, *names: str) -> str:
    return next((a[name] for name in names if a.get(name, "") not in MISSING), "")


def _present(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if text}


def _cash_kind(label: str, amount: str) -> str:
    lowered = label.lower()
    if lowered.startswith(("deposit", "withdrawal")) and not lowered.startswith("withholding"):
        return "withdrawal" if amount.startswith("-") else "deposit"
    return next((kind for word, kind in _KINDS if word in lowered), "other")
