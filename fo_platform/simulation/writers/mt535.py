"""The Swiss bank's MT535: settled holdings of a safekeeping account in pages, each a message. Cash belongs to mt940."""

from decimal import Decimal

from fo_platform.simulation.instruments import SECURITIES, Instrument
from fo_platform.simulation.market import Market, accrued
from fo_platform.simulation.state import Holding, Snapshot
from fo_platform.simulation.writers.swift import amount, message, signed
from fo_platform.units import money

PAGES = 2
BASE = "CHF"
CROSS_RATE_STEP = Decimal("0.000001")


def mt535(snapshot: Snapshot, market: Market) -> list[bytes]:
    """The pages of one statement. Values are stated in the instrument's currency and in francs, totals in francs."""
    held = [row for row in snapshot.holdings if row.quantity_settled]
    size = -(-len(held) // PAGES)
    pages = [held[number * size : (number + 1) * size] for number in range(PAGES)]
    totals = [sum((_value_base(row, snapshot, market) for row in page), Decimal(0)) for page in pages]
    bodies = [
        [*_general(snapshot, number + 1), *_holdings(page, snapshot, market), *_totals(totals, number)]
        for number, page in enumerate(pages)
    ]
    return [message("535", body, f"{snapshot.day:%y%m%d}") for body in bodies]


def _general(snapshot: Snapshot, page: int) -> list[str]:
    account, day = snapshot.account.account_id_source, snapshot.day
    reference = f"{day:%y%m%d}{account.replace('-', '')[-8:]}{page}"
    return [
        ":16R:GENL", f":28E:{page}/{'LAST' if page == PAGES else 'MORE'}", f":20C::SEME//{reference}", ":23G:NEWM",
        f":98A::STAT//{day:%Y%m%d}", ":22F::SFRE//DAIL", ":22F::CODE//COMP", ":22F::STTY//CUST", ":22F::STBA//SETT",
        f":97A::SAFE//{account}", ":17B::ACTI//Y", ":17B::CONS//N", ":16S:GENL",
    ]  # fmt: skip


def _holdings(page: list[Holding], snapshot: Snapshot, market: Market) -> list[str]:
    return [":16R:SUBSAFE", *(line for row in page for line in _holding(row, snapshot, market)), ":16S:SUBSAFE"]


def _holding(holding: Holding, snapshot: Snapshot, market: Market) -> list[str]:
    row, day = SECURITIES[holding.instrument_id], snapshot.day
    kind = "FAMT" if row.is_per_100 else "UNIT"
    price = amount(market.price(row, day))
    units = f"{kind}/{signed(holding.quantity_settled)}"
    return [
        ":16R:FIN", f":35B:ISIN {row.isin}", *([f"/CH/{row.valor}"] if row.valor else []), row.name[:35],
        f":90A::MRKT//PRCT/{price}" if row.is_per_100 else f":90B::MRKT//ACTU/{row.currency}{price}",
        f":98A::PRIC//{day:%Y%m%d}", f":93B::AGGR//{units}", f":93B::AVAI//{units}",
        ":16R:SUBBAL", f":93B::AGGR//{units}", ":94F::SAFE//NCSD/INSECHZZXXX", ":16S:SUBBAL",
        *_values(row, holding, snapshot, market), *_cost(row, holding), ":16S:FIN",
    ]  # fmt: skip


def _values(row: Instrument, holding: Holding, snapshot: Snapshot, market: Market) -> list[str]:
    local = market.value(row, holding.quantity_settled, snapshot.day)
    interest = accrued(row, holding.quantity_settled, snapshot.day)
    lines = [f":19A::HOLD//{_money(row.currency, local)}"]
    if row.coupon:
        lines.append(f":19A::ACRU//{_money(row.currency, interest)}")
    if row.currency != BASE:
        lines.append(f":92B::EXCH//{row.currency}/{BASE}/{amount(_cross_rate(row, snapshot, market))}")
        lines.append(f":19A::HOLD//{_money(BASE, _value_base(holding, snapshot, market))}")
    return lines


def _cost(row: Instrument, holding: Holding) -> list[str]:
    """Average cost as the price is stated, in free text as German-speaking banks write it."""
    if not holding.quantity:
        return []
    average = (holding.cost / holding.quantity / row.scale).quantize(Decimal("0.0001"))
    return [":70E::HOLD//1STK", f"2{amount(average)}+{row.currency}"]


def _totals(totals: list[Decimal], number: int) -> list[str]:
    statement = sum(totals, Decimal(0))
    page, whole = _money(BASE, totals[number]), _money(BASE, statement)
    return [":16R:ADDINFO", f":19A::HOLP//{page}", f":19A::HOLS//{whole}", ":16S:ADDINFO"]


def _value_base(holding: Holding, snapshot: Snapshot, market: Market) -> Decimal:
    row = SECURITIES[holding.instrument_id]
    local = market.value(row, holding.quantity_settled, snapshot.day)
    return money(local * _cross_rate(row, snapshot, market))


def _cross_rate(row: Instrument, snapshot: Snapshot, market: Market) -> Decimal:
    rate = market.rate(row.currency, snapshot.day) / market.rate(BASE, snapshot.day)
    return rate.quantize(CROSS_RATE_STEP)


def _money(currency: str, value: Decimal) -> str:
    return f"{'N' if value < 0 else ''}{currency}{amount(abs(value))}"
