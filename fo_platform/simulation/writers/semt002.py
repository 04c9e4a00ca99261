"""A bank's semt.002: traded holdings of a safekeeping account in pages, each a file. Cash belongs to camt053."""

from decimal import Decimal

from lxml import etree

from fo_platform.simulation.instruments import SECURITIES, Instrument
from fo_platform.simulation.market import Market, accrued
from fo_platform.simulation.state import Holding, Snapshot
from fo_platform.simulation.writers.iso20022 import document, money, node
from fo_platform.units import money as cents
from fo_platform.units import plain

MESSAGE = "semt.002.001.11"
PAGES = 2
BASE = "EUR"
CROSS_RATE_STEP = Decimal("0.000001")


def semt002(snapshot: Snapshot, market: Market) -> list[bytes]:
    """The pages of one statement. Values are stated in the instrument's currency and in euros, totals in euros."""
    held = [row for row in snapshot.holdings if row.quantity]
    size = -(-len(held) // PAGES)
    pages = [held[number * size : (number + 1) * size] for number in range(PAGES)]
    totals = [sum((_value_base(row, snapshot, market) for row in page), Decimal(0)) for page in pages]
    bodies = [
        node(
            "SctiesBalCtdyRpt", *_general(snapshot, number + 1), *(_balance(row, snapshot, market) for row in page),
            _totals(totals, number),
        )
        for number, page in enumerate(pages)
    ]  # fmt: skip
    return [document(MESSAGE, body) for body in bodies]


def _general(snapshot: Snapshot, page: int) -> list[etree._Element]:
    account, day = snapshot.account.account_id_source, snapshot.day
    reference = f"{day:%y%m%d}{account.replace('-', '')[-8:]}"
    is_active = any(row.quantity for row in snapshot.holdings)
    general = node(
        "StmtGnlDtls", node("StmtId", reference), node("StmtDtTm", node("Dt", str(day))),
        node("Frqcy", node("Cd", "DAIL")), node("UpdTp", node("Cd", "COMP")), node("StmtBsis", node("Cd", "TRAD")),
        node("ActvtyInd", _flag(is_active)), node("SubAcctInd", "false"),
    )  # fmt: skip
    pagination = node("Pgntn", node("PgNb", str(page)), node("LastPgInd", _flag(page == PAGES)))
    return [pagination, general, node("SfkpgAcct", node("Id", account))]


def _balance(holding: Holding, snapshot: Snapshot, market: Market) -> etree._Element:
    """A holding with what of it is settled, and hence available."""
    row = SECURITIES[holding.instrument_id]
    kind = "FaceAmt" if row.is_per_100 else "Unit"
    held = node("Qty", _units(kind, holding.quantity))
    place = node("SfkpgPlcFrmt", node("Ctry", row.country))
    return node(
        "BalForAcct", _instrument(row), node("FinInstrmAttrbts", node("DnmtnCcy", row.currency)),
        node("AggtBal", node("ShrtLngInd", _side(holding.quantity)), held),
        node("AvlblBal", node("ShrtLngInd", _side(holding.quantity_settled)), _units(kind, holding.quantity_settled)),
        node("SfkpgPlc", place), _price(row, snapshot, market), *_values(row, holding, snapshot, market),
    )  # fmt: skip


def _instrument(row: Instrument) -> etree._Element:
    numbers = {"VALO": row.valor, "CUSP": row.cusip}
    others = [
        node("OthrId", node("Id", number), node("Tp", node("Cd", scheme)))
        for scheme, number in numbers.items()
        if number
    ]
    return node("FinInstrmId", node("ISIN", row.isin), *others, node("Desc", row.name))


def _units(kind: str, quantity: Decimal) -> etree._Element:
    return node("Qty", node("Qty", node(kind, plain(abs(quantity)))))


def _price(row: Instrument, snapshot: Snapshot, market: Market) -> etree._Element:
    price = market.price(row, snapshot.day)
    stated = node("Rate", plain(price)) if row.is_per_100 else money(row.currency, price)
    quoted = node("QtnDt", node("Dt", str(snapshot.day)))
    return node("PricDtls", node("Tp", node("Cd", "MRKT")), node("Val", stated), quoted)


def _values(row: Instrument, holding: Holding, snapshot: Snapshot, market: Market) -> list[etree._Element]:
    """Exchange rate, and the holding's value, cost and interest in the instrument's currency and in euros."""
    local = market.value(row, holding.quantity, snapshot.day)
    interest = accrued(row, holding.quantity, snapshot.day)
    parts = [_signed("HldgVal", row.currency, local), _signed("BookVal", row.currency, holding.cost)]
    parts += [_signed("AcrdIntrstAmt", row.currency, interest)] if row.coupon else []
    base = node("AcctBaseCcyAmts", _signed("HldgVal", BASE, _value_base(holding, snapshot, market)))
    rate = plain(_cross_rate(row, snapshot, market))
    rates = [node("FXDtls", node("UnitCcy", row.currency), node("QtdCcy", BASE), node("XchgRate", rate))]
    return [*(rates if row.currency != BASE else []), base, node("InstrmCcyAmts", *parts)]


def _totals(totals: list[Decimal], number: int) -> etree._Element:
    page, whole = totals[number], sum(totals, Decimal(0))
    return node("AcctBaseCcyTtlAmts", _signed("TtlHldgsValOfPg", BASE, page), _signed("TtlHldgsValOfStmt", BASE, whole))


def _signed(name: str, currency: str, value: Decimal) -> etree._Element:
    return node(name, money(currency, value), node("Sgn", _flag(value >= 0)))


def _value_base(holding: Holding, snapshot: Snapshot, market: Market) -> Decimal:
    row = SECURITIES[holding.instrument_id]
    local = market.value(row, holding.quantity, snapshot.day)
    return cents(local * _cross_rate(row, snapshot, market))


def _cross_rate(row: Instrument, snapshot: Snapshot, market: Market) -> Decimal:
    rate = market.rate(row.currency, snapshot.day) / market.rate(BASE, snapshot.day)
    return rate.quantize(CROSS_RATE_STEP)


def _side(quantity: Decimal) -> str:
    return "SHOR" if quantity < 0 else "LONG"


def _flag(is_true: bool) -> str:  # noqa: FBT001 - One value, as XML Schema writes it.
    return "true" if is_true else "false"
