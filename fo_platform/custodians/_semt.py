"""One balance of a custody statement in ISO 20022 as the fields of a position. Pages and totals do not belong here."""

from fo_platform.custodians._iso20022 import (
    currency,
    day,
    decimal,
    instrument,
    iso,
    money,
    names,
    negative,
    present,
    quantity,
    text,
    unknown,
)
from fo_platform.custodians._xml_plain import Element

BALANCE = names(
    "FinInstrmId FinInstrmAttrbts InvstmtFndsFinInstrmAttrbts ValtnHrcutDtls AggtBal AvlblBal NotAvlblBal SfkpgPlc "
    "CorpActnOptnTp PricDtls FXDtls DaysAcrd AcctBaseCcyAmts InstrmCcyAmts AltrnRptgCcyAmts QtyBrkdwn BalBrkdwn "
    "AddtlBalBrkdwn BalAtSfkpgPlc HldgAddtlDtls SplmtryData"
)
"""What a balance may state in any known version."""
_PRICES = ("MRKT", "INDC", "NAVL", "MIDD", "BIDE")
"""Kinds of price, the one that values a holding first."""
_NOT_PRICES = ("DISC", "PREM")


def read_balance(balance: Element) -> tuple[dict[str, str], dict[str, str]]:
    """Fields of a holding, and the value the custodian gives it by currency; ValueError where it cannot be read."""
    kind, held = _signed(balance.find("AggtBal"))
    price = _price(balance, kind)
    local, base = _amounts(balance.find("InstrmCcyAmts")), _amounts(balance.find("AcctBaseCcyAmts"))
    values = {code: amount for amounts in (base, local) for code, amount in [amounts.get("HldgVal", ("", ""))] if code}
    attributes = balance.find("FinInstrmAttrbts")
    named = text(attributes, "DnmtnCcy") if attributes is not None else ""
    code = _first(local)[0] or named or price.get("currency", "") or _first(base)[0]
    own = local if _first(local)[0] == code else base if _first(base)[0] == code else {}
    fields = {
        **instrument(balance.find("FinInstrmId")),
        "quantity": held,
        "quantity_type": kind,
        **price,
        "factor": _number(attributes, "CurFctr"),
        "multiplier": _size(attributes),
        "currency": code,
        "market_value": values.get(code, ""),
        "accrued": own.get("AcrdIntrstAmt", ("", ""))[1],
        "cost": own.get("BookVal", ("", ""))[1],
        **_rate(balance.find("FXDtls")),
        "quantity_available": _available(balance.find("AvlblBal")),
        "note": " ".join(text(balance, "HldgAddtlDtls").split()),
        "side": "SHORT" if held.startswith("-") else "LONG",
        **unknown(balance, BALANCE),
    }
    return {**present(fields), "level": ""}, values


def _signed(element: Element | None) -> tuple[str, str]:
    """Type and quantity of a balance: a short one is negative, whatever sign it is written with."""
    if element is None:
        raise ValueError("it states no aggregate balance (AggtBal)")
    kind, stated = quantity(element)
    mark = text(element, "ShrtLngInd")
    if mark not in ("", "SHOR", "LONG"):
        raise ValueError(f"{mark[:20]!r} is neither long nor short (ShrtLngInd)")
    return kind, negative(stated) if mark == "SHOR" else stated


def _available(element: Element | None) -> str:
    """The available balance, where it is stated as a quantity and not in terms of the custodian's own."""
    has_quantity = element is not None and next(element.iter("Unit", "FaceAmt", "AmtsdVal"), None) is not None
    return _signed(element)[1] if has_quantity else ""


def _amounts(element: Element | None) -> dict[str, tuple[str, str]]:
    """Currency and signed amount of each value of a holding, by the name of its element."""
    if element is None:
        return {}
    return {child.tag: money(child) for child in element if child.find("Amt") is not None}


def _first(amounts: dict[str, tuple[str, str]]) -> tuple[str, str]:
    return next(iter(amounts.values()), ("", ""))


def _price(balance: Element, quantity_type: str) -> dict[str, str]:
    """The price that values the holding, in per cent or as an amount; a yield or a discount is not one."""
    stated = [price for price in balance.findall("PricDtls") if _is_price(price)]
    stated.sort(key=lambda price: (*_PRICES, _code(price)).index(_code(price)))
    for price in stated:
        quoted, amount = text(price, "Val/Rate"), price.find("Val/Amt")
        dated = {"price_date": iso(day(price, "QtnDt"))}
        if quoted:
            return {"price": decimal(quoted), "price_basis": "per_100", **dated}
        if amount is not None:
            return {"price": decimal(text(amount)), "price_basis": "unit", "currency": currency(amount), **dated}
    return {"price_basis": "unit" if quantity_type == "UNIT" else "per_100"}


def _is_price(price: Element) -> bool:
    marks = [text(price, f"{name}/{mark}") for name in ("ValTp", "Tp") for mark in ("Yldd", "ValTp")]
    return not {"true", "1", *_NOT_PRICES}.intersection(marks)


def _code(price: Element) -> str:
    return text(price, "Tp/Cd") or text(price, "Tp/Prtry/Id")


def _rate(element: Element | None) -> dict[str, str]:
    """The rate at which the holding is valued in the account's currency: units of one for one of the other."""
    if element is None:
        return {}
    pair = f"{text(element, 'UnitCcy')}/{text(element, 'QtdCcy')}"
    return {"fx_rate": decimal(text(element, "XchgRate")), "fx_pair": pair}


def _size(attributes: Element | None) -> str:
    size = attributes.find("CtrctSz") if attributes is not None else None
    return quantity(size)[1] if size is not None else ""


def _number(attributes: Element | None, path: str) -> str:
    stated = text(attributes, path) if attributes is not None else ""
    return decimal(stated) if stated else ""
