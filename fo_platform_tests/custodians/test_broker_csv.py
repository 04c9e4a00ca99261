"""Brokers' exports as people save them: marks, dates, signs, footers, and columns that come and go."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.custodians._csv_values import kind_of, loose_date, loose_number, worth
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

SCHWAB = "Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount"
FIDELITY = (
    "Run Date,Account,Account Number,Action,Symbol,Description,Type,Quantity,Price ($),Amount ($),Settlement Date"
)
DEGIRO = "Datum,Tijd,Valutadatum,Product,ISIN,Omschrijving,FX,Mutatie,,Saldo,,Order Id"
SWISSQUOTE = (
    "Date;Order #;Transaction;Symbol;Name;ISIN;Quantity;Unit price;Costs;Accrued Interest;Net Amount;Balance;Currency"
)


def read(*lines: str, end: str = "\n", encoding: str = "utf-8") -> Parsed:
    return parse((end.join(lines) + end).encode(encoding))


def rows(*lines: str, end: str = "\n", encoding: str = "utf-8") -> list[dict[str, str]]:
    found = read(*lines, end=end, encoding=encoding)
    assert found.verdict == "clean", found.reason
    return [record.fields for record in found.records]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("$2,345.67", "2345.67"),
        ("-$812.30", "-812.3"),
        ("($81.25)", "-81.25"),
        ("1'234.50", "1234.5"),
        ("1’234.50", "1234.5"),
        ("2 345,67", "2345.67"),
        ("-2.345,67", "-2345.67"),
        ("1.234.567", "1234567"),
        ("0,057", "0.057"),
        ("12,5", "12.5"),
        ("+7", "7"),
        ("1250,7575", "1250.7575"),
    ],
)
def test_a_number_is_read_in_the_marks_of_its_country(text: str, meant: str) -> None:
    assert loose_number(text) == meant


@pytest.mark.parametrize("text", ["1,203", "12.500", "", "-", "NaN", "1,2,3.4,5", "12,34,567.0", "=1+1", "1.2.3", "٣"])
def test_what_is_no_number_or_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        loose_number(text)


def test_a_known_mark_settles_what_could_be_two() -> None:
    assert (loose_number("1,203", "."), loose_number("1,203", ",")) == ("1203", "1.203")


@given(st.decimals(-(10**12), 10**12, places=2))
def test_every_number_comes_back_from_every_country(value: Decimal) -> None:
    american = f"{value:,.2f}"
    german = american.translate(str.maketrans(",.", ".,"))
    assert Decimal(loose_number(american)) == Decimal(loose_number(german)) == value


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("06/13/2022", "month"),
        ("13/06/2022 05:50:54", "day"),
        ("13-06-2022", "day"),
        ("13.06.2022", "month"),
        ("2022-06-13", "day"),
        ("20220613", "month"),
        ("2022/06/13", "day"),
        ("13-jun-2022", "day"),
        ("13-Juin-2022", "day"),
        ("June 13, 2022", "month"),
        ("Jun-13-2022", "month"),
    ],
)
def test_a_date_is_read_in_the_style_of_its_broker(text: str, order: str) -> None:
    assert loose_date(text, order) == date(2022, 6, 13)


@pytest.mark.parametrize("text", ["13/13/2022", "yesterday", "13-foo-2022", "", "2022", "31/02/2022"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="date|month|day"):
        loose_date(text, "day")


def test_months_have_their_names_in_several_languages() -> None:
    names = ("mrt", "mei", "okt", "mai", "Dez", "août", "févr", "juil", "mär", "giu")
    assert [loose_date(f"05-{name}-2022", "day").month for name in names] == [3, 5, 10, 5, 12, 8, 2, 7, 3, 6]


def test_the_sign_decides_where_the_word_does_not() -> None:
    words = (("transfer", "transfer"), ("wire", "money"))
    assert [
        kind_of(text, words, sign) for text, sign in (("Wire", "-1"), ("Wire", "1"), ("Transfer", "-1"), ("X", "1"))
    ] == [
        "withdrawal",
        "deposit",
        "transfer_out",
        "other",
    ]


def test_how_price_makes_the_value_is_told_only_where_it_does() -> None:
    held = {"quantity": "1000", "price": "99.5"}
    assert worth({**held, "market_value": "995"})["price_basis"] == "per_100"
    assert worth({**held, "market_value": "99500"}) == {"price_basis": "unit", "quantity_type": "UNIT"}
    assert worth({**held, "market_value": "1"}) == {"price_basis": "unit", "quantity_type": "UNIT"}


def test_line_ends_marks_and_quotation_change_nothing() -> None:
    line = '"06/13/2022","Buy","KO","COCA, COLA","1","$60.00","","-$60.00"'
    plain = rows(SCHWAB, line)
    assert rows("\ufeff" + SCHWAB, line, end="\r\n") == plain
    assert rows("", "", SCHWAB, "", line, ",,,,,,,") == plain
    assert plain[0]["description"] == "COCA, COLA"


def test_a_cell_may_go_over_several_lines() -> None:
    data = (
        SCHWAB + '\n06/13/2022,Buy,KO,"COCA\nCOLA",1,$60.00,,-$60.00\n06/13/2022,Buy,KO,X,1,$60.00,,-$60.00\n'
    ).encode()
    first, second = parse(data).records
    assert first.fields["description"] == "COCA\nCOLA"
    assert data[first.offset : first.offset + first.length].count(b"\n") == 1
    assert (second.line, second.fields["description"]) == (4, "X")


def test_a_quotation_mark_that_never_closes_costs_one_row_and_quarantines() -> None:
    found = read(SCHWAB, '06/13/2022,Buy,KO,"COLA,1,$60.00,,-$60.00', "06/13/2022,Buy,KO,X,1,$60.00,,-$60.00")
    assert (found.verdict, len(found.records)) == ("quarantined", 1)


def test_a_row_that_is_longer_or_shorter_than_its_header_is_refused() -> None:
    for row in ("06/13/2022,Buy,KO", "06/13/2022,Buy,KO,X,1,$60.00,,-$60.00,more"):
        assert "cells where the header has 8" in read(SCHWAB, row).reason


def test_a_column_that_we_do_not_know_is_kept_and_reported() -> None:
    found = read(SCHWAB + ",Mood", "06/13/2022,Buy,KO,X,1,$60.00,,-$60.00,calm")
    assert found.records[0].fields["mood"] == "calm"
    assert [problem.what for problem in found.problems] == ["the column mood is not known to us: it is kept as it is"]


def test_an_account_that_the_file_does_not_name_is_unknown() -> None:
    row = "06/13/2022,Buy,KO,X,1,$60.00,,-$60.00"
    assert read(SCHWAB, row).statements[0].account is None
    named = read('"Transactions  for account Trust ...417 as of 06/14/2022 21:16:49 ET"', SCHWAB, row)
    assert named.statements[0].account == "Trust ...417"


@pytest.mark.parametrize(
    ("action", "quantity", "amount", "kind", "units"),
    [
        ("Sell", "5", "$10.00", "sell", "-5"),
        ("Sell Short", "5", "$10.00", "sell", "-5"),
        ("Buy to Close", "5", "-$10.00", "buy", "5"),
        ("Reinvest Shares", "5", "-$10.00", "buy", "5"),
        ("Reinvest Dividend", "", "$10.00", "dividend", None),
        ("Long Term Cap Gain Reinvest", "", "$10.00", "dividend", None),
        ("Stock Div Dist", "4", "", "other", "4"),
        ("Journaled Shares", "-60", "", "transfer_out", "-60"),
        ("MoneyLink Transfer", "", "-$30.00", "withdrawal", None),
        ("Internal Transfer", "", "$8.00", "transfer_in", None),
        ("Wire Sent", "", "-$10.00", "withdrawal", None),
        ("Credit Interest", "", "$2.10", "interest", None),
        ("Advisor Fee", "", "-$40.10", "fee", None),
        ("Foreign Tax Paid", "", "-$2.40", "tax", None),
        ("Cash In Lieu", "", "$3.20", "other", None),
    ],
)
def test_schwab_s_actions_are_what_they_do(
    action: str, quantity: str, amount: str, kind: str, units: str | None
) -> None:
    (found,) = rows(SCHWAB, f"06/13/2022,{action},KO,X,{quantity},,,{amount}")
    assert (found["kind"], found.get("quantity")) == (kind, units)


@pytest.mark.parametrize(
    ("action", "amount", "kind"),
    [
        ("YOU BOUGHT X (X) (Cash)", "-5", "buy"),
        ("REINVESTMENT X", "-5", "buy"),
        ("DIVIDEND RECEIVED X", "5", "dividend"),
        ("LONG-TERM CAP GAIN X", "5", "dividend"),
        ("FOREIGN TAX PAID X", "-5", "tax"),
        ("Electronic Funds Transfer Received", "5", "deposit"),
        ("TRANSFERRED FROM VS X", "5", "transfer_in"),
        ("ADVISORY FEE", "-5", "fee"),
        ("INTEREST EARNED CASH", "5", "interest"),
        ("MERGER MER PAYOUT", "5", "other"),
    ],
)
def test_fidelity_s_actions_are_what_they_do(action: str, amount: str, kind: str) -> None:
    (found,) = rows(FIDELITY, f"06/13/2022,Trust,X12345678,{action},KO,COLA,Cash,,,{amount},")
    assert found["kind"] == kind


@pytest.mark.parametrize(
    ("action", "name", "kind"),
    [
        ("DIVIDEND RECEIVED MUNI FUND TAX EXEMPT (MTE) (Cash)", "MUNI FUND TAX EXEMPT", "dividend"),
        ("DIVIDEND RECEIVED SPLIT MERGER FUND... (SMF) (Cash)", "SPLIT MERGER FUND OF MANY SHARES", "dividend"),
        ("MUNI EXEMPT INT ANY TOWN USE TAX REV 5% 2041 (Cash)", "ANY TOWN USE TAX REV 5% 2041", "interest"),
        ("FOREIGN TAX PAID DIVIDEND GROWERS (DG) (Cash)", "DIVIDEND GROWERS", "tax"),
        ("Check Paid # 17 (Cash)", "No Description", "withdrawal"),
    ],
)
def test_the_name_of_a_security_says_nothing_of_what_fidelity_did(action: str, name: str, kind: str) -> None:
    (found,) = rows(FIDELITY, f"06/13/2022,Trust,X12345678,{action},X,{name},Cash,,,-5,")
    assert found["kind"] == kind


@pytest.mark.parametrize(
    "last",
    ["Date downloaded 06/14/2022 9:55 AM", '"Date downloaded" 06/14/2022, 9:55 AM', '"Date downloaded 06/14/2022"'],
)
def test_the_last_line_of_fidelity_may_have_its_quotation_marks_anywhere(last: str) -> None:
    head = "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Current Value"
    found = read(head, "X12345678,Trust,KO,COLA,10,$60,$600", "", last)
    assert (found.verdict, len(found.records)) == ("clean", 1)
    assert found.statements[0].statement_date == date(2022, 6, 14)


def test_a_row_of_fidelity_that_cannot_be_cut_is_never_taken_for_a_notice() -> None:
    row = '06/13/2022,"Trust" X12345678,X12345678,YOU BOUGHT COLA (KO) (Cash),KO,COLA,Cash,10,60,-600,'
    assert "a quotation mark does not close" in read(FIDELITY, row).reason


def test_fidelity_may_write_quantity_currency_and_price_in_another_order_than_it_names_them() -> None:
    head = "Run Date,Action,Symbol,Description,Quantity,Currency,Price,Amount,Settlement Date"
    bought, paid = rows(
        head,
        "06/13/2022,YOU BOUGHT,KO,COLA,USD,60,10,-600,Processing",
        "06/13/2022,DIVIDEND RECEIVED,KO,COLA,USD,,0.000,5,",
    )
    assert [bought[name] for name in ("quantity", "currency", "price")] == ["10", "USD", "60"]
    assert (paid["currency"], paid.get("quantity"), bought.get("settle_date")) == ("USD", None, None)


def test_fidelity_s_accounts_are_apart_and_a_nickname_is_none() -> None:
    lines = [
        f"06/13/2022,Trust,{number},DIVIDEND RECEIVED,KO,COLA,Cash,,,5," for number in ("X11111111", "X22222222", "")
    ]
    assert [s.account for s in read(FIDELITY, *lines).statements] == ["X11111111", "X22222222", None]


@pytest.mark.parametrize(
    ("text", "money", "kind"),
    [
        ("Dividendbelasting", "-1,00", "tax"),
        ("Impôts sur dividende", "-1,00", "tax"),
        ("Dividende", "1,00", "dividend"),
        ("Comissões de transação DEGIRO e/ou taxas de terceiros", "-1,00", "fee"),
        ("Giro Exchange Connection Fee 2024", "-1,50", "fee"),
        ("Frais DEGIRO de courtage et/ou de parties tierces", "-3,90", "fee"),
        ("Retirada Cambio de Divisa", "-0,75", "fx"),
        ("FX Credit", "11,10", "fx"),
        ("Währungswechsel (Einbuchung)", "1,00", "fx"),
        ("Degiro Cash Sweep Transfer", "-0,65", "transfer_out"),
        ("iDEAL Deposit", "17,20", "deposit"),
        ("Ingreso", "25,00", "deposit"),
        ("flatex terugstorting", "-14,20", "withdrawal"),
        ("DEGIRO courtesy", "0,35", "other"),
    ],
)
def test_degiro_speaks_the_language_of_its_customer(text: str, money: str, kind: str) -> None:
    (found,) = rows(DEGIRO, f'13-06-2022,09:00,13-06-2022,,,"{text}",,EUR,"{money}",EUR,"1,00",')
    assert found["kind"] == kind


@pytest.mark.parametrize(
    ("text", "money", "quantity", "price"),
    [
        ("Koop 8 @ 21,375 EUR", "-171,00", "8", "21.375"),
        ("Sell 5 BARCLAYS@180 GBX (GB0031348658)", "9,00", "-5", "180"),
        ("Buy 1,250 WORLD ETF@80.02 CHF (IE00BK5BQT80)", "-100025.00", "1250", "80.02"),
        ("Vente 1 250,7500 @ 0,9500 EUR", "1188,21", "-1250.75", "0.95"),
        ("Koop 40 @ 31,255 EUR", "-1,00", "40", None),
        ("Buy 10 500 INDEX FUND@20,00 EUR", "-200,00", "10", "20"),
        ("Kupno 4 X@25,5 EUR (IE00B4L5Y983)", "-102,00", "4", "25.5"),
        ("Sprzedaż 4 X@25,5 EUR (IE00B4L5Y983)", "102,00", "-4", "25.5"),
    ],
)
def test_degiro_s_trades_are_read_so_that_they_make_their_money(
    text: str, money: str, quantity: str, price: str | None
) -> None:
    (found,) = rows(DEGIRO, f'13-06-2022,09:00,13-06-2022,X,IE00B4L5Y983,"{text}",,EUR,"{money}",EUR,"1,00",o1')
    assert (found["quantity"], found.get("price")) == (quantity, price)


@pytest.mark.parametrize(
    ("label", "money", "kind"),
    [
        ("Verkauf", "5", "sell"),
        ("Achat", "-5", "buy"),
        ("Dividende", "5", "dividend"),
        ("Capital Gain", "5", "dividend"),
        ("Frais de garde", "-5", "fee"),
        ("Zinsen auf Einlagen", "5", "interest"),
        ("Forex-Belastung", "-5", "fx"),
        ("Crédit Forex", "5", "fx"),
        ("Zahlung", "5", "deposit"),
        ("Auszahlung", "-5", "withdrawal"),
        ("Versement", "5", "deposit"),
    ],
)
def test_swissquote_speaks_three_languages(label: str, money: str, kind: str) -> None:
    for encoding in ("utf-8", "cp1252"):
        (found,) = rows(
            SWISSQUOTE, f"13-06-2022 10:00:00;1;{label};;;;1.0;5.00;0.00;0.00;{money};1.00;CHF", encoding=encoding
        )
        assert (found["kind"], found["amount"], found["currency"]) == (kind, money, "CHF")


def test_a_word_for_a_trade_that_nobody_knows_is_none_without_money() -> None:
    (found,) = rows(
        DEGIRO, '13-06-2022,09:00,13-06-2022,X,IE00B4L5Y983,"Omzetting 4 @ 25,5 EUR",,EUR,"0,00",EUR,"1,00",'
    )
    assert (found["kind"], found.get("quantity")) == ("other", None)


def test_a_bond_of_swissquote_is_priced_in_percent() -> None:
    (bond,) = rows(SWISSQUOTE, "13-06-2022 10:00;1;Kauf;B;BOND;CH0000000001;5000;99.5%;25.30;3.10;-5'003.40;1.00;CHF")
    assert (bond["price"], bond["price_basis"], bond["amount"]) == ("99.5", "per_100", "-5003.4")


@pytest.mark.parametrize(("label", "quantity"), [("Titeleingang", "5"), ("Titelausgang", "-5")])
def test_securities_that_leave_swissquote_are_below_zero(label: str, quantity: str) -> None:
    (found,) = rows(SWISSQUOTE, f"13-06-2022 10:00;1;{label};KO;COLA;US1912161007;5;;;;-;1.00;CHF")
    assert found["quantity"] == quantity


def test_what_the_file_says_of_itself_is_stated() -> None:
    found = read(SCHWAB, "06/13/2022,Buy,KO,X,1,$60.00,,-$60.00")
    assert found.stated == {"head": SCHWAB, "lines": 2, "enc": "utf-8-sig", "bom": False}


def test_a_total_of_filtered_transactions_is_remarked_on_and_one_of_holdings_is_proved() -> None:
    row = "06/13/2022,Buy,KO,X,1,$60.00,,-$60.00"
    filtered = read(SCHWAB, row, "Transactions Total,,,,,,,-$61.00")
    assert (filtered.verdict, filtered.controls) == ("clean", ())
    assert filtered.problems[0].what == "transactions total: the file states -61, its rows give -60"
    tied = read(SCHWAB, row, "Transactions Total,,,,,,,-$60.00")
    assert [(control.expected, control.ok) for control in tied.controls] == [("-60", True)]
