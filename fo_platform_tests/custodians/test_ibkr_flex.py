"""What a Flex statement means where a query may say it in several ways."""

from pathlib import Path

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed, Record

NAV = '<EquitySummaryByReportDateInBase reportDate="20220613" cash="10" stock="100" {more} total="{total}" />'
STOCK = (
    '<OpenPosition accountId="U1" currency="USD" fxRateToBase="1" assetCategory="{category}" symbol="KO" conid="8894" '
    'position="2" positionValue="{value}" levelOfDetail="{level}" />'
)


FILE = """<FlexQueryResponse>
<FlexStatements count="1">
<FlexStatement accountId="U1" toDate="20220613">
{rows}
</FlexStatement>
</FlexStatements>
</FlexQueryResponse>"""


RATE = '<ConversionRate reportDate="20220613" fromCurrency="EUR" toCurrency="USD" rate="{rate}" />'


def flex(*rows: str, head: str = "") -> bytes:
    return (head + FILE.format(rows="\n".join(rows))).encode()


def read(*rows: str) -> Parsed:
    parsed = parse(flex(*rows), "ibkr_flex")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def kinds(parsed: Parsed) -> list[str]:
    return [record.kind for record in parsed.records]


def source(data: bytes, record: Record) -> bytes:
    return data[record.offset : record.offset + record.length]


def stock(level: str = "SUMMARY", value: str = "100", category: str = "STK") -> str:
    return STOCK.format(level=level, value=value, category=category)


def trade(**attributes: str) -> str:
    stated = {"currency": "USD", "symbol": "KO", "quantity": "2", "netCash": "-120", **attributes}
    return "<Trade " + "".join(f'{name}="{text}" ' for name, text in stated.items()) + "/>"


def test_lots_beside_summaries_are_lots_only() -> None:
    parsed = read(stock("SUMMARY"), stock("LOT"), stock("LOT"))
    assert kinds(parsed) == ["position", "lot", "lot"]
    assert parsed.totals()["quantity"] == "2"


def test_lots_without_a_summary_are_the_holding_as_well() -> None:
    parsed = read(stock("LOT"), stock("LOT"))
    assert kinds(parsed) == ["lot", "lot", "position", "position"]
    assert parsed.totals()["quantity"] == "4"


def holding(position: str, opened: str, **more: str) -> str:
    stated = {"currency": "USD", "symbol": "KO", "position": position, "openDateTime": opened, **more}
    return "<OpenPosition " + "".join(f'{name}="{text}" ' for name, text in stated.items()) + "/>"


def test_lots_are_told_from_their_sum_where_rows_state_no_level() -> None:
    rows = holding("3", ""), holding("1", "20220103;093000"), holding("2", "20220401;093000")
    parsed = read(*rows)
    assert kinds(parsed) == ["position", "lot", "lot"]
    assert parsed.totals()["quantity"] == "3"
    assert parsed.records[2].fields["acquired_date"] == "2022-04-01"


def test_rows_with_a_day_of_purchase_and_no_sum_before_them_are_the_holdings() -> None:
    parsed = read(holding("1", "20220103"), holding("5", "", symbol="PG"), holding("2", "20220401", accountId="U2"))
    assert kinds(parsed) == ["position", "position", "position"]


def confirmed(tag: str = "TradeConfirm", **attributes: str) -> str:
    stated = {
        "currency": "USD", "symbol": "KO", "quantity": "-2", "price": "60", "proceeds": "120", "netCash": "118.5",
        "commission": "-1", "tax": "-0.5", "commissionCurrency": "USD", "tradeDate": "20220610",
        "settleDate": "20220614", "tradeID": "7", "execID": "e.1", "orderID": "9", "buySell": "SELL", **attributes,
    }  # fmt: skip
    return f"<{tag} " + "".join(f'{name}="{text}" ' for name, text in stated.items()) + "/>"


def test_a_trade_confirmation_is_a_trade_in_other_words() -> None:
    parsed = read("<TradeConfirms>", confirmed("Order", levelOfDetail="ORDER"), confirmed(), "</TradeConfirms>")
    (record,) = parsed.records
    assert record.fields == {
        "kind": "sell", "symbol": "KO", "currency": "USD", "quantity": "-2", "price": "60", "amount": "118.5",
        "date": "2022-06-10", "settle_date": "2022-06-14", "fee": "1.5", "reference": "7", "exec_id": "e.1",
    }  # fmt: skip
    assert not parsed.problems


def test_orders_are_the_trades_of_a_query_without_executions() -> None:
    parsed = read(confirmed("Order", levelOfDetail="ORDER"), confirmed("Order"), "<Lot/>")
    assert parsed.totals()["trades"] == 2
    assert read(confirmed("Order"), trade(), trade()).totals()["trades"] == 2


@pytest.mark.parametrize(
    ("attributes", "kind", "amount"),
    [
        ({"symbol": "EUR.USD"}, "fx", "110"),
        ({"symbol": "EUR.USD", "assetCategory": "STK"}, "sell", "0"),
        ({"symbol": "EUR.USD", "isin": "US1912161007"}, "sell", "0"),
        ({"symbol": "EUR.USD", "currency": "CHF"}, "sell", "0"),
    ],
)
def test_a_trade_of_currencies_is_told_from_its_symbol_where_no_category_is_stated(
    attributes: dict[str, str], kind: str, amount: str
) -> None:
    (record,) = read(trade(quantity="-100", proceeds="110", **{"netCash": "0", **attributes})).records
    assert (record.fields["kind"], record.fields["amount"]) == (kind, amount)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([trade(levelOfDetail="ORDER"), trade(levelOfDetail="EXECUTION"), trade(levelOfDetail="EXECUTION")], 2),
        ([trade(levelOfDetail="ORDER")], 1),
        ([trade(levelOfDetail="EXECUTION"), trade(levelOfDetail="CLOSED_LOT")], 1),
        ([trade()], 1),
    ],
)
def test_a_trade_counts_once_at_the_finest_level_there_is(rows: list[str], count: int) -> None:
    assert read(*rows).totals()["trades"] == count


@pytest.mark.parametrize(
    ("label", "amount", "kind"),
    [
        ("Dividends", "5", "dividend"),
        ("Payment In Lieu Of Dividends", "5", "dividend"),
        ("Withholding Tax", "-1", "tax"),
        ("871(m) Withholding", "-1", "tax"),
        ("Broker Interest Paid", "-2", "interest"),
        ("Advisor Fees", "-3", "fee"),
        ("Commission Adjustments", "1", "fee"),
        ("Deposits/Withdrawals", "9", "deposit"),
        ("Deposits & Withdrawals", "-9", "withdrawal"),
        ("Price Adjustments", "1", "other"),
    ],
)
def test_a_cash_transaction_is_named_in_our_words(label: str, amount: str, kind: str) -> None:
    row = f'<CashTransaction currency="USD" amount="{amount}" type="{label.replace("&", "&amp;")}" dateTime="--" />'
    (record,) = read(row).records
    assert record.fields == {"kind": kind, "currency": "USD", "amount": amount}


def test_a_trade_without_net_cash_is_worth_its_proceeds_and_its_side_follows_the_quantity() -> None:
    (record,) = read(trade(netCash="", proceeds="120", quantity="-2")).records
    assert (record.fields["kind"], record.fields["amount"]) == ("sell", "120")


def test_a_row_of_another_account_stands_in_a_statement_of_that_account() -> None:
    parsed = read(trade(accountId="U1"), trade(accountId="U2"), trade(accountId="U2"))
    assert [(s.account, len(s.records), str(s.statement_date)) for s in parsed.statements] == [
        ("U1", 1, "2022-06-13"),
        ("U2", 2, "2022-06-13"),
    ]


def test_a_row_whose_account_is_left_out_stands_in_its_statement() -> None:
    assert [s.account for s in read(trade(accountId="-"), trade(accountId="")).statements] == ["U1"]


def test_a_position_is_dated_by_its_own_report_date() -> None:
    (record,) = read(stock().replace("<OpenPosition", '<OpenPosition reportDate="20220610"')).records
    assert str(record.statement_date) == "2022-06-10"


@pytest.mark.parametrize(
    "row",
    [
        """<Trade symbol="A > B" quantity="1" description='5" > 3' netCash="-1"/>""",
        """<Trade symbol='"">"">' quantity="1" netCash="-1" />""",
        """<Trade symbol="McDonald's" quantity="1"\n netCash="-1"\t>""",
    ],
)
def test_a_record_ends_where_its_tag_ends_whatever_its_values_hold(row: str) -> None:
    closed = row if row.endswith("/>") else f"{row}</Trade>"
    data = flex(closed)
    (record,) = parse(data).records
    assert source(data, record).decode() == row


def test_text_that_only_looks_like_a_row_is_not_read() -> None:
    assert read(f"<!-- {trade()} -->", f"<Notes><![CDATA[{trade()}]]></Notes>", trade()).totals()["trades"] == 1


def test_a_byte_order_mark_and_a_declared_encoding_are_read() -> None:
    marked = b"\xef\xbb\xbf" + flex(trade(symbol="Ã–"))
    declared = flex(trade(symbol="Ö"), head='<?xml version="1.0" encoding="ISO-8859-1"?>\n').decode().encode("latin-1")
    for data in (marked, declared):
        (record,) = parse(data).records
        assert source(data, record).startswith(b"<Trade ")
    assert record.fields["symbol"] == "Ö"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (flex(trade(), head='<?xml version="1.0" encoding="cp037"?>'), "the encoding cp037 is not accepted"),
        (flex(trade()).replace(b"accountId", b"accountID"), "it names no account"),
        (b"<FlexQueryResponse>" + trade().encode() + b"</FlexQueryResponse>", "outside of every FlexStatement"),
        (b'<FlexQueryResponse><FlexStatements count="0"/></FlexQueryResponse>', "statements: the file states 0"),
        (flex(stock().replace('position="2"', "")), "position is missing"),
        (flex('<CashReportCurrency endingCash="1" />'), "currency is missing"),
        (flex(RATE.format(rate="x")), "'x' is not a number"),
        (flex(trade()).replace(b"</FlexStatement>", b"", 1), "not well formed"),
        (flex(trade(symbol="&made;")), "undefined entity"),
        (flex(trade(symbol="\xff")).decode().encode("latin-1"), "invalid token"),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_the_reason(data: bytes, what: str) -> None:
    parsed = parse(data, "ibkr_flex")
    assert parsed.verdict == "quarantined"
    assert what in parsed.reason


@pytest.mark.parametrize("rate", ["-1", "0", "", "--"])
def test_a_rate_that_the_broker_does_not_quote_is_counted_and_not_read(rate: str) -> None:
    parsed = read(RATE.format(rate=rate), RATE.format(rate="1.0450"))
    assert [record.fields["fx_rate"] for record in parsed.records] == ["1.045"]
    assert parsed.totals()["fx_rates"] == 2


def test_more_statements_than_announced_are_read() -> None:
    statement = '<FlexStatement accountId="U{}" toDate="20220613"></FlexStatement>'
    body = "".join(statement.format(number) for number in range(3))
    parsed = parse(f'<FlexQueryResponse><FlexStatements count="2">{body}</FlexStatements></FlexQueryResponse>'.encode())
    assert (parsed.verdict, len(parsed.statements)) == ("clean", 3)


def nav(total: str = "110", more: str = "") -> str:
    return NAV.format(total=total, more=more)


def test_net_asset_value_is_proved_by_its_components_and_by_the_holdings() -> None:
    (statement,) = read(nav(), stock()).statements
    assert [(c.name, c.ok) for c in statement.controls] == [("NAV", True), ("securities in NAV", True)]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([nav(total="111"), stock()], "NAV"),
        ([nav(), stock(value="101")], "securities in NAV"),
        ([nav(), stock(), stock()], "securities in NAV"),
        (['<ChangeInNAV startingValue="10" mtm="1" dividends="2" endingValue="14" twr="30" />'], "ChangeInNAV"),
    ],
)
def test_an_identity_that_does_not_tie_quarantines(rows: list[str], name: str) -> None:
    parsed = parse(flex(*rows))
    assert parsed.verdict == "quarantined"
    assert f"{name}: the file states" in parsed.reason


@pytest.mark.parametrize(
    "rows",
    [
        [nav(total="999", more='physDel="3"'), stock()],
        [nav(), stock(value="100"), stock(category="FUT", value="5000")],
        [nav(), stock(value="--")],
        [nav()],
        [nav(more='clientName="Made Up" physDel="3"'), stock()],
        ['<ChangeInNAV startingValue="10" mtm="1" paxosTransfers="2" endingValue="11" />'],
    ],
    ids=["component not known", "category not known", "value not stated", "no holdings", "text", "change not known"],
)
def test_an_identity_that_is_not_stated_in_full_proves_nothing(rows: list[str]) -> None:
    names = [control.name for statement in read(*rows).statements for control in statement.controls]
    assert "securities in NAV" not in names
    assert "ChangeInNAV" not in names


def test_holdings_in_other_currencies_tie_within_the_digits_of_their_rates() -> None:
    foreign = stock(value="2000").replace('fxRateToBase="1"', 'fxRateToBase="0.0500004"').replace("USD", "JPY")
    (statement,) = read(nav(), foreign).statements
    assert statement.controls[-1].ok


def test_the_golden_delivery_keeps_none_of_a_persons_data() -> None:
    data = (Path(__file__).parent / "ibkr_flex/two_accounts.xml").read_bytes()
    assert not any("Made Up" in text for record in parse(data).records for text in record.fields.values())


def evidence(row: str) -> Record:
    (record,) = read(row).records
    return record


def test_a_corporate_action_is_evidence_and_no_booking() -> None:
    row = (
        '<CorporateAction currency="USD" symbol="KO" conid="8894" type="FS" actionID="5" transactionID="77" '
        'dateTime="20220613;202500" quantity="10" amount="0" proceeds="0" description="KO SPLIT 2 FOR 1" />'
    )
    record = evidence(row)
    assert record.kind == "corporate_action"
    assert record.fields == {
        "conid": "8894",
        "symbol": "KO",
        "description": "KO SPLIT 2 FOR 1",
        "currency": "USD",
        "quantity": "10",
        "amount": "0",
        "proceeds": "0",
        "event_reference": "77",
        "event_type": "SPLF",
        "action_id": "5",
        "effective_date": "2022-06-13",
    }


@pytest.mark.parametrize("name", ["OpenDividendAccrual", "ChangeInDividendAccrual"])
def test_a_dividend_that_is_accrued_is_evidence_and_no_cash(name: str) -> None:
    row = (
        f'<{name} currency="USD" symbol="KO" exDate="20220610" payDate="20220701" quantity="10" tax="0.75" fee="0" '
        'grossRate="0.5" grossAmount="5" netAmount="4.25" code="Po" />'
    )
    record = evidence(row)
    assert (record.kind, read(row).totals()["cash_transactions"]) == ("corporate_action", 0)
    names = ("event_type", "ex_date", "pay_date", "quantity", "cash_rate", "amount", "tax", "code")
    assert [record.fields[name] for name in names] == [
        "DVCA", "2022-06-10", "2022-07-01", "10", "0.5", "4.25", "0.75", "Po",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "kind", "amount"),
    [
        ('<SalesTax currency="USD" date="20220613" salesTax="-0.3" transactionID="9" />', "sales_tax", "0.3"),
        ('<TransactionTax currency="EUR" date="20220613" taxAmount="-7" tradeId="9" />', "transaction_tax", "7"),
    ],
)
def test_a_tax_is_a_fee_that_costs_and_no_cash(row: str, kind: str, amount: str) -> None:
    record = evidence(row)
    assert record.kind == "fee"
    names = ("fee_kind", "amount", "charged_date", "fee_id_source")
    assert [record.fields[name] for name in names] == [kind, amount, "2022-06-13", "9"]
    assert read(row).totals()["cash_transactions_sum"] == {}


def test_prior_prices_and_securities_stay_in_the_account_s_statement() -> None:
    prior = evidence('<PriorPeriodPosition currency="USD" conid="8894" date="20220610" price="61.50" />')
    assert (prior.kind, prior.account, prior.fields["price_local"]) == ("price", "U1", "61.5")
    security = evidence('<SecurityInfo currency="USD" conid="8894" description="COCA COLA" assetCategory="STK" />')
    assert (security.kind, security.account, security.fields["instrument_name"]) == ("instrument", "U1", "COCA COLA")


def test_a_corporate_action_counts_once_at_the_finest_level_there_is() -> None:
    row = '<CorporateAction currency="USD" symbol="KO" quantity="{}" levelOfDetail="{}" />'
    parsed = read(row.format(10, "SUMMARY"), row.format(4, "DETAIL"), row.format(6, "DETAIL"))
    assert [record.fields["quantity"] for record in parsed.records] == ["4", "6"]


def test_an_unknown_attribute_is_kept_and_named_once() -> None:
    parsed = read(trade(newThing="7"), trade(newThing="8"), trade(newThing="--"))
    assert [record.fields.get("newThing") for record in parsed.records] == ["7", "8", None]
    assert [problem.what for problem in parsed.problems] == [
        "the attribute newThing is not known to us, it is kept as it stands"
    ]


def test_an_unknown_section_is_named_once() -> None:
    parsed = read("<Inventions><Invention a='1' /><Invention a='2' /></Inventions>", trade())
    names = ("Inventions", "Invention")
    assert [p.what for p in parsed.problems] == [
        f"the section {name} is not known to us and not read" for name in names
    ]
    assert len(parsed.records) == 1


@pytest.mark.parametrize(
    "row",
    [
        '<CorporateAction quantity="x" />',
        '<SalesTax currency="USD" date="20220613" />',
        '<OpenDividendAccrual exDate="soon" />',
        '<PriorPeriodPosition price="NaN" date="20220610" />',
    ],
)
def test_evidence_that_cannot_be_read_quarantines(row: str) -> None:
    assert parse(flex(row)).verdict == "quarantined"
