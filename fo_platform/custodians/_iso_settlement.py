"""Movements of securities in ISO 20022, confirmed or posted, as fields. Statements and files do not belong here."""

from fo_platform.custodians._iso20022 import currency, day, decimal, instrument, iso, money, present, quantity, text
from fo_platform.custodians._settlement import booked
from fo_platform.custodians._xml_plain import Element

_REFERENCES = ("AcctSvcrTxId", "MktInfrstrctrTxId", "PrcrTxId")
_RELATED = ("AcctOwnrTxId", "AcctOwnrLegId", "MktInfrstrctrTxId")
_DIRECTIONS = (("RECE", "DELI"), ("APMT", "FREE"))
_EVENT = "CORP"


def confirmation_fields(confirmation: Element) -> dict[str, str]:
    """A sese.025 as an instruction; amounts and quantities as stated, without direction."""
    identity, trade = confirmation.find("TxIdDtls"), confirmation.find("TradDtls")
    moved = confirmation.find("QtyAndAcctDtls")
    attributes = confirmation.find("FinInstrmAttrbts")
    if identity is None or moved is None:
        raise ValueError("it states no transaction (TxIdDtls) or no quantity (QtyAndAcctDtls)")
    kind, settled = quantity(moved.find("SttldQty"))
    fields = {
        **instrument(confirmation.find("FinInstrmId")),
        "message_type": "sese.025",
        **_references(identity),
        "corporate_action_reference": text(identity, "CorpActnEvtId"),
        **_direction(identity),
        "status": text(confirmation, "AddtlParams/PreConf") or text(confirmation, "AddtlParams/PrtlSttlm"),
        **_days(trade),
        "quantity": settled,
        "quantity_type": kind,
        "quantity_previous": _quantity(moved.find("PrevslySttldQty")),
        "quantity_remaining": _quantity(moved.find("RmngToBeSttldQty")),
        "factor": _number(attributes, "CurFctr"),
        **_price(trade),
        **_money(confirmation.find("SttldAmt")),
        **_part(confirmation.find("OthrAmts/AcrdIntrstAmt"), "accrued"),
        **_part(confirmation.find("OthrAmts/TradAmt"), "amount_deal"),
        "settlement_type": text(confirmation, "SttlmParams/SctiesTxTp/Cd"),
    }
    return present(fields)


def posting_fields(transaction: Element, instrument_id: Element | None) -> dict[str, str]:
    """A posted transaction of a semt.017 as a booking; what a corporate action pays for is neither bought nor sold."""
    details = transaction.find("TxDtls")
    if details is None:
        raise ValueError("it states no details (TxDtls)")
    kind, posted = quantity(details.find("PstngQty"))
    activity = text(details, "TxActvty/Cd")
    fields = {
        **instrument(instrument_id),
        **_references(transaction),
        **_direction(details),
        **_days(details),
        "quantity": posted,
        "quantity_type": kind,
        **_money(details.find("PstngAmt")),
        **_part(details.find("AcrdIntrstAmt"), "accrued"),
        "transaction_type": activity,
        "event_type": text(details, "SttlmTxOrCorpActnEvtTp/CorpActnEvtTp/Cd"),
    }
    turned = booked_fields(present(fields), details.find("PstngAmt"))
    is_event = activity == _EVENT and fields["payment"] == "APMT"
    reference = fields.get("related_reference") or fields.get("reference", "")
    return {**turned, **({"kind": "other"} if is_event else {}), **present({"reference": reference})}


def booked_fields(fields: dict[str, str], amount: Element | None) -> dict[str, str]:
    """A movement as a booking: securities in and money in are positive, as the amount's own mark has it."""
    if "settle_date" not in fields:
        raise ValueError("it states no day of settlement (FctvSttlmDt or SttlmDt)")
    turned = booked(fields, is_reversal=False)
    is_marked = amount is not None and (amount.find("CdtDbtInd") is not None or amount.find("CdtDbt") is not None)
    if "amount" in turned and amount is not None and is_marked:
        turned["amount"] = money(amount)[1]
    return turned


def _references(element: Element) -> dict[str, str]:
    """The sender's reference, and the one of the instruction that it answers."""
    own = next(filter(None, (text(element, name) for name in _REFERENCES)), "")
    related = next(filter(None, (text(element, name) for name in _RELATED)), "")
    return {"reference": own, "related_reference": related if related != "NONREF" else ""}


def _direction(element: Element) -> dict[str, str]:
    """Which way the securities go, and whether money goes the other way; ValueError where it is not said."""
    movement, payment = text(element, "SctiesMvmntTp"), text(element, "Pmt")
    if movement not in _DIRECTIONS[0] or payment not in _DIRECTIONS[1]:
        raise ValueError(f"{movement[:9]!r} and {payment[:9]!r} are no direction (SctiesMvmntTp, Pmt)")
    return {"movement": movement, "payment": payment}


def _days(element: Element | None) -> dict[str, str]:
    """Day of trade, and of settlement: the effective one before the intended."""
    effective, intended = iso(day(element, "FctvSttlmDt")), iso(day(element, "SttlmDt"))
    return {
        "trade_date": iso(day(element, "TradDt")),
        "settle_date": effective or intended,
        "settle_date_intended": intended if effective and intended != effective else "",
    }


def _money(element: Element | None) -> dict[str, str]:
    """Currency and amount without direction."""
    if element is None:
        return {}
    code, amount = money(element)
    return {"currency": code, "amount": amount.removeprefix("-")}


def _part(element: Element | None, name: str) -> dict[str, str]:
    return {name: money(element)[1].removeprefix("-")} if element is not None else {}


def _price(trade: Element | None) -> dict[str, str]:
    price = trade.find("DealPric/Val") if trade is not None else None
    amount = price.find("Amt") if price is not None else None
    if amount is not None:
        return {"price": decimal(text(amount)), "price_basis": "unit", "price_currency": currency(amount)}
    quoted = text(price, "Rate") if price is not None else ""
    return {"price": decimal(quoted), "price_basis": "per_100"} if quoted else {}


def _quantity(element: Element | None) -> str:
    return quantity(element)[1] if element is not None else ""


def _number(attributes: Element | None, path: str) -> str:
    stated = text(attributes, path) if attributes is not None else ""
    return decimal(stated) if stated else ""
