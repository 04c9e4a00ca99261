"""Totals of Interactive Brokers' Flex file: NAV, its change, cash by currency. Positions belong to ibkr_flex."""

from dataclasses import dataclass
from decimal import Decimal

from fo_platform.simulation.instruments import SECURITIES, Instrument
from fo_platform.simulation.market import Market, accrued
from fo_platform.simulation.state import Snapshot
from fo_platform.units import plain

NAV_PARTS = (
    "cash", "brokerCashComponent", "fdicInsuredBankSweepAccountCashComponent", "slbCashCollateral", "ipoSubscription",
    "stock", "slbDirectSecuritiesBorrowed", "slbDirectSecuritiesLent", "options", "bonds", "commodities", "notes",
    "funds", "dividendAccruals", "interestAccruals", "brokerInterestAccrualsComponent",
    "fdicInsuredAccountInterestAccrualsComponent", "softDollars", "forexCfdUnrealizedPl", "cfdUnrealizedPl",
)  # fmt: skip
"""Parts of EquitySummaryByReportDateInBase, in its order, save the total."""

NAV_CHANGES = (
    "mtm", "realized", "changeInUnrealized", "costAdjustments", "transferredPnlAdjustments",
    "depositsWithdrawals", "internalCashTransfers", "excessFundSweep", "assetTransfers", "debitCardActivity",
    "billPay", "grantActivity", "dividends", "withholdingTax", "withholding871m", "withholdingTaxCollected",
    "changeInDividendAccruals", "interest", "changeInInterestAccruals", "advisorFees", "clientFees",
    "otherFees", "feesReceivables", "commissions", "commissionCreditsRedemption", "commissionReceivables",
    "forexCommissions", "transactionTax", "taxReceivables", "salesTax", "billableSalesTax", "softDollars",
    "netFxTrading", "fxTranslation", "linkingAdjustments", "other",
)  # fmt: skip
"""What moves the NAV from one report date to the next, as ChangeInNAV names it."""

CASH_PARTS = (
    "clientFees", "commissions", "commissionCreditsRedemption", "billableCommissions", "depositWithdrawals",
    "deposits", "withdrawals", "accountTransfers", "linkingAdjustments", "internalTransfers", "excessFundSweep",
    "debitCardActivity", "billPay", "dividends", "insuredDepositInterest", "brokerInterest", "bondInterest",
    "cashSettlingMtm", "realizedVm", "realizedForexVm", "cfdCharges", "netTradesSales", "netTradesPurchases",
    "advisorFees", "feesReceivables", "paymentInLieu", "transactionTax", "taxReceivables", "withholdingTax",
    "withholding871m", "withholdingCollectedTax", "salesTax", "billableSalesTax", "ipoSubscription",
    "fxTranslationGainLoss", "otherFees", "other",
)  # fmt: skip
"""What moves cash from its opening to its closing, as CashReportCurrency names it."""

CASH_FIELDS = {
    "dividend": ("dividends",), "tax": ("withholdingTax",), "fee": ("otherFees",), "interest": ("brokerInterest",),
    "deposit": ("depositWithdrawals", "deposits"), "withdrawal": ("depositWithdrawals", "withdrawals"),
    "buy": ("netTradesPurchases",), "sell": ("netTradesSales",),
}  # fmt: skip
CHANGE_FIELDS = {
    "dividend": "dividends", "tax": "withholdingTax", "fee": "otherFees", "interest": "interest",
    "deposit": "depositsWithdrawals", "withdrawal": "depositsWithdrawals",
}  # fmt: skip
EXCHANGE_RATE_STEP = Decimal("0.00001")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Close:
    """An account at a close with what turns it into US dollars."""

    snapshot: Snapshot
    market: Market

    def rate(self, currency: str) -> Decimal:
        """Dollars for one unit, with the five decimals that the broker states."""
        return self.market.rate(currency, self.snapshot.day).quantize(EXCHANGE_RATE_STEP)

    def price(self, name: str) -> Decimal:
        """Mark price of an instrument."""
        return self.market.price(SECURITIES[name], self.snapshot.day)

    def value(self, row: Instrument, quantity: Decimal) -> Decimal:
        """A quantity in its own currency, unrounded as the broker states it."""
        return quantity * self.price(row.instrument_id) * row.scale

    def accrued(self, row: Instrument, quantity: Decimal) -> Decimal:
        """Interest accrued on a quantity in its own currency."""
        return accrued(row, quantity, self.snapshot.day)

    def nav_parts(self) -> dict[str, Decimal]:
        """Cash (trade-dated), stock, bonds and accrued interest in dollars."""
        cash = sum((b.amount * self.rate(currency) for currency, b in self.snapshot.balances.items()), ZERO)
        parts = {"cash": cash, "stock": ZERO, "bonds": ZERO, "interestAccruals": ZERO}
        for holding in self.snapshot.holdings:
            row = SECURITIES[holding.instrument_id]
            parts["bonds" if row.is_per_100 else "stock"] += self.value(row, holding.quantity) * self.rate(row.currency)
            parts["interestAccruals"] += self.accrued(row, holding.quantity) * self.rate(row.currency)
        return parts

    def nav(self) -> Decimal:
        """Net asset value in dollars."""
        return sum(self.nav_parts().values(), ZERO)


def nav_row(close: Close) -> dict[str, str]:
    """EquitySummaryByReportDateInBase: every part with its long and short side, and their total."""
    parts = close.nav_parts()
    brokerage = {"brokerCashComponent": parts["cash"], "brokerInterestAccrualsComponent": parts["interestAccruals"]}
    amounts = dict.fromkeys(NAV_PARTS, ZERO) | parts | brokerage | {"total": close.nav()}
    sides = {f"{name}{side}": part for name, whole in amounts.items() for side, part in _long_short(whole).items()}
    return statement_row(close, {"reportDate": f"{close.snapshot.day:%Y%m%d}"} | plain_amounts(sides))


def _long_short(whole: Decimal) -> dict[str, Decimal]:
    return {"": whole, "Long": max(whole, ZERO), "Short": min(whole, ZERO)}


def change_in_nav(before: Close, after: Close) -> dict[str, str]:
    """Every named flow at the day's rate; what is left is the mark to market, exchange rates included."""
    start, end = before.nav(), after.nav()
    changes = dict.fromkeys(NAV_CHANGES, ZERO)
    for movement in after.snapshot.movements:
        name = CHANGE_FIELDS.get(movement.kind, "commissions")
        flow = -movement.fee if movement.quantity else movement.cash
        changes[name] += flow * after.rate(movement.currency)
    accruals = after.nav_parts()["interestAccruals"] - before.nav_parts()["interestAccruals"]
    changes["changeInInterestAccruals"] = accruals
    changes["mtm"] = end - start - sum(changes.values())
    day = f"{after.snapshot.day:%Y%m%d}"
    head = {"fromDate": day, "toDate": day, "startingValue": plain(start)}
    tail = {"endingValue": plain(end), "twr": "0", "corporateActionProceeds": "0"}
    return statement_row(after, head | plain_amounts(changes) | tail)


def cash_report(before: Close, after: Close) -> list[dict[str, str]]:
    """One row a currency and one of all in dollars; opening, flows and exchange rates add up to closing."""
    flows = {currency: _flows(after, currency) for currency in after.snapshot.balances}
    rows = [_currency_row(before, after, currency, flows[currency]) for currency in flows]
    rates = {currency: after.rate(currency) for currency in flows}
    base = {name: sum((flows[c][name] * rates[c] for c in flows), ZERO) for name in CASH_PARTS}
    settled = sum((b.amount_settled * rates[c] for c, b in after.snapshot.balances.items()), ZERO)
    moved = sum((m.cash * rates[m.currency] for m in after.snapshot.movements), ZERO)
    start, end = before.nav_parts()["cash"], after.nav_parts()["cash"]
    base["fxTranslationGainLoss"] = end - start - moved
    amounts = {"startingCash": start} | base | {"endingCash": end, "endingSettledCash": settled}
    return [_cash_line(after, ("BASE_SUMMARY", "BaseCurrency"), amounts), *rows]


def _currency_row(before: Close, after: Close, currency: str, flows: dict[str, Decimal]) -> dict[str, str]:
    opened, closed = before.snapshot.balances.get(currency), after.snapshot.balances[currency]
    ends = {"endingCash": closed.amount, "endingSettledCash": closed.amount_settled}
    return _cash_line(after, (currency, "Currency"), {"startingCash": opened.amount if opened else ZERO} | flows | ends)


def _cash_line(close: Close, currency: tuple[str, str], amounts: dict[str, Decimal]) -> dict[str, str]:
    day = f"{close.snapshot.day:%Y%m%d}"
    head = {"currency": currency[0], "levelOfDetail": currency[1], "fromDate": day, "toDate": day}
    parts = {
        f"{name}{suffix}": ZERO if suffix == "Com" else value
        for name, value in amounts.items()
        for suffix in ("", "Sec", "Com")
    }
    return statement_row(close, head | plain_amounts(parts))


def _flows(close: Close, currency: str) -> dict[str, Decimal]:
    flows = dict.fromkeys(CASH_PARTS, ZERO)
    for movement in (m for m in close.snapshot.movements if m.currency == currency):
        for name in CASH_FIELDS[movement.kind]:
            flows[name] += movement.cash + movement.fee
        flows["commissions"] -= movement.fee
    return flows


def statement_row(close: Close, fields: dict[str, str]) -> dict[str, str]:
    """Fields behind those with which every row of a statement starts."""
    return {"accountId": close.snapshot.account.account_id_source, "acctAlias": "", "model": ""} | fields


def plain_amounts(values: dict[str, Decimal]) -> dict[str, str]:
    """Amounts as the file spells them."""
    return {name: plain(value) for name, value in values.items()}
