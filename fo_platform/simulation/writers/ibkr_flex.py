"""Interactive Brokers' Flex Query file: summaries with lots, cash report, trades, NAV and its change, all of which tie.

Attribute names are those of real files. What stands in the accounts does not belong here.
"""

from collections.abc import Iterable
from decimal import Decimal

from lxml import etree

from fo_platform.simulation.accounts import Lot
from fo_platform.simulation.instruments import SECURITIES, Instrument
from fo_platform.simulation.market import Market
from fo_platform.simulation.movements import Movement
from fo_platform.simulation.state import Holding, Snapshot
from fo_platform.simulation.writers.ibkr_totals import Close, cash_report, change_in_nav, nav_row, statement_row
from fo_platform.units import plain

CASH_TYPES = {
    "dividend": "Dividends", "tax": "Withholding Tax", "fee": "Other Fees", "deposit": "Deposits/Withdrawals",
    "withdrawal": "Deposits/Withdrawals",
}  # fmt: skip
LISTING = {
    "XNAS": "NASDAQ", "XNYS": "NYSE", "BATS": "BATS", "ARCX": "ARCA", "XSWX": "EBS", "XETR": "IBIS", "XAMS": "AEB",
}  # fmt: skip
UNIT_COST_STEP = Decimal("0.00000001")


def ibkr_flex(closes: Iterable[tuple[Snapshot, Snapshot]], market: Market, generated: str) -> bytes:
    """One file with a statement an account. closes: the account at the previous close and at the close stated."""
    pairs = [(Close(before, market), Close(after, market)) for before, after in closes]
    response = etree.Element("FlexQueryResponse", queryName="Family office daily", type="AF")
    statements = etree.SubElement(response, "FlexStatements", count=str(len(pairs)))
    for before, after in pairs:
        _statement(statements, before, after, generated)
    etree.indent(response, space="")
    return etree.tostring(response, encoding="UTF-8") + b"\n"


def _statement(parent: etree._Element, before: Close, after: Close, generated: str) -> None:
    day, account = f"{after.snapshot.day:%Y%m%d}", after.snapshot.account.account_id_source
    head = {"accountId": account, "fromDate": day, "toDate": day, "period": "", "whenGenerated": generated}
    statement = etree.SubElement(parent, "FlexStatement", head)
    trades = [_trade(after, m) for m in after.snapshot.movements if m.quantity]
    flows = [_cash_transaction(after, m) for m in after.snapshot.movements if not m.quantity]
    etree.SubElement(statement, "AccountInformation", statement_row(after, {"currency": "USD"}))
    _section(statement, "EquitySummaryInBase", "EquitySummaryByReportDateInBase", [nav_row(before), nav_row(after)])
    etree.SubElement(statement, "ChangeInNAV", change_in_nav(before, after))
    _section(statement, "CashReport", "CashReportCurrency", cash_report(before, after))
    _section(statement, "OpenPositions", "OpenPosition", _open_positions(after))
    _section(statement, "Trades", "Trade", trades)
    _section(statement, "CashTransactions", "CashTransaction", flows)
    _section(statement, "ConversionRates", "ConversionRate", _conversion_rates(after))


def _section(parent: etree._Element, section: str, name: str, rows: Iterable[dict[str, str]]) -> None:
    element = etree.SubElement(parent, section)
    for row in rows:
        etree.SubElement(element, name, row)


def _open_positions(close: Close) -> Iterable[dict[str, str]]:
    """A summary row a holding, followed by its lots: whoever adds both up counts double."""
    nav = close.nav()
    for holding in (h for h in close.snapshot.holdings if h.quantity):
        yield _summary(close, holding, nav)
        yield from (_lot(close, SECURITIES[holding.instrument_id], lot) for lot in holding.lots)


def _summary(close: Close, holding: Holding, nav: Decimal) -> dict[str, str]:
    row = SECURITIES[holding.instrument_id]
    percent = 100 * close.value(row, holding.quantity) * close.rate(row.currency) / nav
    fields = {"percentOfNAV": f"{percent:.2f}", "levelOfDetail": "SUMMARY"}
    return _position(close, row, (holding.quantity, holding.cost)) | fields


def _lot(close: Close, row: Instrument, lot: Lot) -> dict[str, str]:
    opened = f"{lot.acquired_date:%Y%m%d};093000"
    fields = {"openDateTime": opened, "holdingPeriodDateTime": opened, "originatingTransactionID": lot.lot_id}
    return _position(close, row, (lot.quantity, lot.cost)) | fields | {"levelOfDetail": "LOT"}


def _position(close: Close, row: Instrument, held: tuple[Decimal, Decimal]) -> dict[str, str]:
    quantity, cost = held
    value = close.value(row, quantity)
    unit_cost = plain((cost / quantity / row.scale).quantize(UNIT_COST_STEP))
    fields = {
        "reportDate": f"{close.snapshot.day:%Y%m%d}", "position": plain(quantity),
        "markPrice": plain(close.price(row.instrument_id)), "positionValue": plain(value), "openPrice": unit_cost,
        "costBasisPrice": unit_cost, "costBasisMoney": plain(cost), "percentOfNAV": "",
        "fifoPnlUnrealized": plain(value - cost), "side": "Short" if quantity < 0 else "Long", "levelOfDetail": "",
        "openDateTime": "", "holdingPeriodDateTime": "", "vestingDate": "", "code": "", "originatingOrderID": "",
        "originatingTransactionID": "", "accruedInt": plain(close.accrued(row, quantity)) if row.is_per_100 else "",
    }  # fmt: skip
    return statement_row(close, _security(row, close) | fields)


def _security(row: Instrument, close: Close) -> dict[str, str]:
    return {
        "currency": row.currency, "fxRateToBase": plain(close.rate(row.currency)),
        "assetCategory": "BOND" if row.is_per_100 else "STK", "symbol": row.instrument_id, "description": row.name,
        "conid": row.conid, "securityID": row.isin, "securityIDType": "ISIN", "cusip": row.cusip, "isin": row.isin,
        "listingExchange": LISTING.get(row.mic, ""), "underlyingConid": "", "underlyingSymbol": "",
        "underlyingSecurityID": "", "underlyingListingExchange": "", "issuer": "", "multiplier": "1", "strike": "",
        "expiry": "", "putCall": "", "principalAdjustFactor": "",
    }  # fmt: skip


def _trade(close: Close, movement: Movement) -> dict[str, str]:
    gross, day = movement.cash + movement.fee, f"{movement.trade_date:%Y%m%d}"
    fields = {
        "tradeID": movement.reference, "reportDate": day, "tradeDate": day, "dateTime": f"{day};160000",
        "settleDateTarget": f"{movement.settlement_date:%Y%m%d}", "transactionType": "ExchTrade", "exchange": "SMART",
        "quantity": plain(movement.quantity), "tradePrice": plain(movement.price), "tradeMoney": plain(-gross),
        "proceeds": plain(gross), "taxes": "0", "ibCommission": plain(-movement.fee),
        "ibCommissionCurrency": movement.currency, "netCash": plain(movement.cash),
        "closePrice": plain(close.price(movement.instrument_id)), "openCloseIndicator": "O" if gross < 0 else "C",
        "transactionID": movement.reference, "buySell": movement.kind.upper(), "ibOrderID": "",
        "ibExecID": movement.reference, "levelOfDetail": "EXECUTION",
    }  # fmt: skip
    return statement_row(close, _security(SECURITIES[movement.instrument_id], close) | fields)


def _cash_transaction(close: Close, movement: Movement) -> dict[str, str]:
    row, day = SECURITIES.get(movement.instrument_id), f"{movement.trade_date:%Y%m%d}"
    money = {"currency": movement.currency, "fxRateToBase": plain(close.rate(movement.currency))}
    interest = "Broker Interest Received" if movement.cash > 0 else "Broker Interest Paid"
    fields = {
        "description": movement.text, "dateTime": f"{day};202000", "settleDate": f"{movement.settlement_date:%Y%m%d}",
        "amount": plain(movement.cash), "type": CASH_TYPES.get(movement.kind, interest), "tradeID": "", "code": "",
        "transactionID": movement.reference, "reportDate": day, "clientReference": "",
    }  # fmt: skip
    return statement_row(close, (_security(row, close) if row else money) | fields)


def _conversion_rates(close: Close) -> Iterable[dict[str, str]]:
    head = {"reportDate": f"{close.snapshot.day:%Y%m%d}", "toCurrency": "USD"}
    others = [currency for currency in close.snapshot.balances if currency != "USD"]
    return (head | {"fromCurrency": currency, "rate": plain(close.rate(currency))} for currency in others)
