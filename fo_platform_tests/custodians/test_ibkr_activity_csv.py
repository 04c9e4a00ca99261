"""Interactive Brokers' statements of many sections, and of one: what each section moves."""

import pytest

from fo_platform.custodians.parse import parse

HISTORY = (
    "Statement,Header,Field Name,Field Value\nSummary,Header,Field Name,Field Value\nSummary,Data,Base Currency,GBP\n"
    "Transaction History,Header,Date,Account,Description,Transaction Type,Symbol,Quantity,Price,Price Currency,"
    "Gross Amount ,Commission,Net Amount"
)


def rows(*lines: str) -> list[dict[str, str]]:
    found = parse("\n".join((*lines, "")).encode())
    assert (found.format, found.verdict) == ("ibkr_activity_csv", "clean"), found.reason
    return [record.fields for record in found.records]


def test_an_activity_statement_counts_executions_where_it_lists_no_orders() -> None:
    columns = "DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,Proceeds,Comm/Fee"
    head = f"Statement,Header,Field Name,Field Value\nTrades,Header,{columns}"
    lots = [
        f'Trades,Data,{level},Stocks,USD,KO,"2022-06-10, 09:35:00",10,-600,-1'
        for level in ("Trade", "Trade", "ClosedLot")
    ]
    order = lots[0].replace("Trade,", "Order,", 1)
    assert len(rows(head, *lots)) == 2
    assert len(rows(head, order, *lots)) == 1


@pytest.mark.parametrize(
    ("cells", "kind", "quantity", "amount"),
    [
        ("COLA,Buy,KO,4.0,60,USD,-180.5,-1.5,-182.0", "buy", "4", "-182"),
        ("COLA,Sell,KO,-2.0,60,USD,90,-1.5,88.5", "sell", "-2", "88.5"),
        ("KO Cash Dividend,Dividend,KO,-,-,-,20.0,-,20.0", "dividend", None, "20"),
        ("KO Dividend - US Tax,Foreign Tax Withholding,KO,-,-,-,-3,-,-3", "tax", None, "-3"),
        ("KO in lieu,Payment in Lieu,KO,-,-,-,1,-,1", "dividend", None, "1"),
        ("Wire,Deposit,-,-,-,-,500,-,500", "deposit", None, "500"),
        ("Bond coupon,Investment Interest Paid,B,-,-,-,,-,-2", "interest", None, "-2"),
        ("GBP.USD,Forex Trade Component,GBP.USD,0.8,1.32,USD,-2.5E-4,-,-2.5E-4", "fx", "0.8", "-0.00025"),
        ("Translations,Adjustment,-,-,-,-,0.5,-,0.5", "other", None, "0.5"),
    ],
)
def test_a_transaction_history_is_in_the_base_currency(
    cells: str, kind: str, quantity: str | None, amount: str
) -> None:
    (record,) = parse(f"{HISTORY}\nTransaction History,Data,2022-06-10,U***7,{cells}\n".encode()).records
    found = record.fields
    assert (found["kind"], found.get("quantity"), found["amount"], found["currency"]) == (kind, quantity, amount, "GBP")
    assert (record.account, found["date"]) == ("U***7", "2022-06-10")


def test_a_transaction_history_may_come_without_the_lines_before_it() -> None:
    head = HISTORY.rsplit("\n", maxsplit=1)[-1]
    (found,) = rows(head, "Transaction History,Data,2022-06-10,U7,COLA,Buy,KO,4,60,USD,-240,-1.5,-241.5")
    assert (found["fee"], found.get("currency"), found["price_currency"]) == ("1.5", None, "USD")


def test_events_and_transfers_of_an_activity_statement_move_what_they_name() -> None:
    lines = [
        "Statement,Header,Field Name,Field Value",
        "Corporate Actions,Header,Asset Category,Currency,Report Date,Date/Time,Description,Quantity,Proceeds,Code",
        'Corporate Actions,Data,Stocks,USD,2022-06-10,"2022-06-09, 20:25:00",'
        '"OLD(US0000000001) Merged WITH US1912161007 1 for 2 (KO, COLA INC, US1912161007)",5,0,',
        "Corporate Actions,Data,Total,,,,,,0,",
        "Transfers,Header,Asset Category,Currency,Account,Symbol,Date,Type,Direction,Qty,Market Value,Cash Amount,Code",
        'Transfers,Data,Stocks,USD,U7,KO,2022-06-08,ACATS,In,"2,500","150,000.00",0.00,',
        "Transfers,Data,Stocks,USD,U7,KO,2022-06-08,FOP,Out,-5,-300.00,0.00,",
        "Transfers,Data,Total,,,,,,,,149700,0,",
    ]
    found = rows(*lines)
    assert [(row["kind"], row["symbol"], row["quantity"], row["date"]) for row in found] == [
        ("other", "KO", "5", "2022-06-09"),
        ("transfer_in", "KO", "2500", "2022-06-08"),
        ("transfer_out", "KO", "-5", "2022-06-08"),
    ]
    assert found[0]["isin"] == "US1912161007"


def test_a_section_that_nobody_knows_is_named_once() -> None:
    line = "Crypto Staking,Data,USD,2022-06-10,5"
    lines = [
        "Statement,Header,Field Name,Field Value",
        "Crypto Staking,Header,Currency,Date,Amount",
        line,
        line,
        "Codes,Data,A,B",
    ]
    found = parse("\n".join(lines).encode())
    assert [problem.what for problem in found.problems] == [
        "the section 'crypto staking' is not known to us: its rows are left"
    ]
