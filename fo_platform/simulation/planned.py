"""What happens to the demo accounts whether or not anybody trades: flows, fees, interest. Fills do not belong here."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from fo_platform.simulation.accounts import ACCOUNTS, Account, Lots, Opening
from fo_platform.simulation.instruments import SECURITIES, Instrument
from fo_platform.simulation.market import Market
from fo_platform.simulation.movements import Movement, in_order
from fo_platform.units import money

FIRST_FLOW = date(2022, 3, 18)
CUSTODY_FEE_A_YEAR = Decimal("0.0006")
CASH_INTEREST_A_YEAR = Decimal("0.006")
WITHHOLDING_TAX = Decimal("0.35")

_FLOWS = (
    ("foundation_us", date(2022, 4, 20), "withdrawal", "USD", Decimal(-400_000), "GRANT CITY LIBRARY"),
    ("trust_ib", date(2022, 5, 5), "withdrawal", "USD", Decimal(-350_000), "DISTRIBUTION TO BENEFICIARY"),
    ("trust_swiss", date(2022, 5, 18), "deposit", "CHF", Decimal(120_000), "RENT RECEIVED"),
    ("foundation_us", date(2022, 6, 2), "deposit", "USD", Decimal(800_000), "DONATION RECEIVED"),
)

_GIFT_DATE = date(2022, 5, 10)
_GIFT_IN_KIND = Movement(
    "foundation_us", "transfer_in", _GIFT_DATE, _GIFT_DATE, "USD", Decimal(0), "XIN220510KO", "SHARES DONATED", "KO",
    Decimal(3000), acquired_date=date(2009, 6, 15), cost=Decimal(70_500),
)  # fmt: skip


def planned_movements(market: Market, openings: dict[str, Opening]) -> list[Movement]:
    """Flows, monthly fees and interest, and dividends of every account, in order; coupons depend on trades."""
    flows = [_cash(account, kind, day, (ccy, amount), text) for account, day, kind, ccy, amount, text in _FLOWS]
    monthly = [m for name, opening in openings.items() for m in _monthly(ACCOUNTS[name], opening, market)]
    dividends = [m for name, opening in openings.items() for m in _dividends(name, opening.lots)]
    return sorted([*flows, _GIFT_IN_KIND, *monthly, *dividends], key=in_order)


def coupons(account_id: str, lots: Lots, trades: Iterable[Movement], market: Market) -> list[Movement]:
    """Interest that an account's bonds pay, on what was settled the evening before."""
    mine = [m for m in trades if m.account_id == account_id]
    bonds = [row for row in SECURITIES.values() if row.coupon_days]
    due = [(row, day) for row in bonds for day in _coupon_sessions(row, market)]
    held = [(row, day, _settled_before(row, lots, mine, day)) for row, day in due]
    return [_coupon(account_id, row, day, quantity) for row, day, quantity in held if quantity]


def _cash(
    account_id: str, kind: str, day: date, cash: tuple[str, Decimal], text: str, *, instrument_id: str = ""
) -> Movement:
    currency, amount = cash
    reference = f"{kind[:3].upper()}{day:%y%m%d}{instrument_id or currency}"
    return Movement(account_id, kind, day, day, currency, amount, reference, text, instrument_id)


def _monthly(account: Account, opening: Opening, market: Market) -> list[Movement]:
    """Custody fee on the last session of a month, interest on cash on the first; none where no money is held."""
    if not account.currencies:
        return []
    days = [day for day in market.sessions() if day >= FIRST_FLOW]
    turns = [(last, first) for last, first in zip(days, days[1:], strict=False) if last.month != first.month]
    currency = account.currencies[0]
    value = Decimal(str(round(sum(account.weights.values()), 6))) * account.anchor_value
    fee = currency, -money(value * CUSTODY_FEE_A_YEAR / 12)
    interest = currency, money(opening.cash[currency] * CASH_INTEREST_A_YEAR / 12)
    fees = [_cash(account.account_id, "fee", last, fee, "CUSTODY FEE") for last, _ in turns]
    return fees + [_cash(account.account_id, "interest", first, interest, "INTEREST ON CASH") for _, first in turns]


def _dividends(account_id: str, lots: Lots) -> list[Movement]:
    paying = [SECURITIES[name] for name in lots if SECURITIES[name].dividend]
    return [m for row in paying for m in _dividend(account_id, row, _held(lots, row))]


def _dividend(account_id: str, row: Instrument, quantity: Decimal) -> list[Movement]:
    assert row.dividend, f"{row.instrument_id} pays nothing"
    day, per_share = row.dividend
    gross = money(per_share * quantity)
    paid, tax = (row.currency, gross), (row.currency, -money(gross * WITHHOLDING_TAX))
    name = row.instrument_id
    return [
        _cash(account_id, "dividend", day, paid, f"DIVIDEND {row.name}", instrument_id=name),
        _cash(account_id, "tax", day, tax, f"WITHHOLDING TAX {row.name}", instrument_id=name),
    ]


def _coupon(account_id: str, row: Instrument, day: date, quantity: Decimal) -> Movement:
    interest = row.currency, money(quantity * row.coupon / len(row.coupon_days))
    return _cash(account_id, "interest", day, interest, f"COUPON {row.name}", instrument_id=row.instrument_id)


def _coupon_sessions(row: Instrument, market: Market) -> list[date]:
    """Sessions on which a bond pays: the coupon date or the next session after it."""
    sessions = market.sessions()
    years = range(FIRST_FLOW.year, sessions[-1].year + 1)
    dates = [date(year, month, day) for year in years for month, day in row.coupon_days]
    return [next(s for s in sessions if s >= due) for due in dates if FIRST_FLOW <= due <= sessions[-1]]


def _settled_before(row: Instrument, lots: Lots, trades: list[Movement], day: date) -> Decimal:
    moved = (m.quantity for m in trades if m.instrument_id == row.instrument_id and m.settlement_date < day)
    return _held(lots, row) + sum(moved, Decimal(0))


def _held(lots: Lots, row: Instrument) -> Decimal:
    return sum((lot.quantity for lot in lots.get(row.instrument_id, [])), Decimal(0))
