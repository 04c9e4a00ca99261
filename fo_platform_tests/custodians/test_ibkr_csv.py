"""What a Flex query says as CSV, where several sections stand in one file."""

from datetime import date

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

BEGIN = ("BOF,U1,query,2,20220610,20220613,20220614;041910", "BOA,U1")
END = ("EOA,U1", "EOF")
HELD = "HEADER,POST,ClientAccountID,CurrencyPrimary,AssetClass,Symbol,Conid,Quantity,MarkPrice,PositionValue"
HELD += ",CostBasisMoney,ReportDate,LevelOfDetail,OpenDateTime"
SUM = "DATA,POST,U1,USD,STK,KO,8894,3,60,180,150,20220613,SUMMARY,"
LOTS = (
    "DATA,POST,U1,USD,STK,KO,8894,1,60,60,40,20220613,LOT,20210104;093000",
    "DATA,POST,U1,USD,STK,KO,8894,2,60,120,110,20220613,LOT,20210104;093000",
)
TRADED = (
    "HEADER,TRNT,ClientAccountID,CurrencyPrimary,AssetClass,Symbol,DateTime,Quantity,TradePrice,Proceeds,IBCommission"
)
TRADED += ",IBCommissionCurrency,Buy/Sell,LevelOfDetail"
SOLD = "DATA,TRNT,U1,USD,STK,KO,2022-06-10;15:30:58 EDT,-2,60,120,-1,USD,SELL,EXECUTION"
PAID = "HEADER,CTRN,ClientAccountID,CurrencyPrimary,Symbol,Amount,Type,ReportDate"
DIVIDEND = "DATA,CTRN,U1,USD,KO,5,Dividends,20220610"


def file(*lines: str) -> bytes:
    return "\n".join((*lines, "")).encode()


def read(*lines: str) -> Parsed:
    found = parse(file(*lines))
    assert (found.format, found.verdict) == ("ibkr_csv", "clean"), found.reason
    return found


def reason(*lines: str) -> str:
    found = parse(file(*lines), "ibkr_csv")
    assert found.verdict == "quarantined"
    return found.reason


def test_sections_with_marks_around_them_are_each_read() -> None:
    found = read(*BEGIN, "BOS,POST,Position", HELD, SUM, *LOTS, "EOS,POST,3", TRADED, SOLD, PAID, DIVIDEND, *END)
    assert [r.kind for r in found.records] == ["position", "lot", "lot", "transaction", "transaction"]
    held, first, second, sold, paid = (record.fields for record in found.records)
    assert (held["quantity"], held["market_value"], first["cost"]) == ("3", "180", "40")
    assert (first["lot_id"], second["lot_id"]) == ("20210104;093000", "20210104;093000.2")
    assert (sold["kind"], sold["date"], sold["amount"], sold["fee"]) == ("sell", "2022-06-10", "119", "1")
    assert (paid["kind"], paid["amount"]) == ("dividend", "5")
    assert [(s.account, s.statement_date) for s in found.statements] == [("U1", date(2022, 6, 13))]


def test_lots_alone_are_the_holding_as_of_their_own_day() -> None:
    found = read(HELD, *LOTS)
    assert [record.kind for record in found.records] == ["lot", "lot", "position", "position"]
    assert found.totals()["quantity"] == "3"
    assert {record.statement_date for record in found.records} == {date(2022, 6, 13)}


def test_money_is_by_currency_and_its_sum_in_the_base_none() -> None:
    head = "HEADER,CRTT,ClientAccountID,CurrencyPrimary,LevelOfDetail,ToDate,EndingCash,EndingSettledCash,Paxos"
    found = read(
        head,
        "DATA,CRTT,U1,USD,BaseCurrency,20220613,30,30,0",
        "DATA,CRTT,U1,EUR,Currency,20220613,10,9,0",
        "DATA,CRTT,U1,USD,,20220613,20,20,0",
    )
    assert found.statements[0].statement_date == date(2022, 6, 13)
    assert found.problems == ()
    assert found.totals()["cash"] == {"EUR": "10", "USD": "20"}


def test_sections_may_follow_each_other_with_nothing_but_their_headers() -> None:
    events = "ClientAccountID,CurrencyPrimary,Symbol,Date/Time,Amount,Quantity,Type,Conid"
    moved = "ClientAccountID,CurrencyPrimary,Symbol,Direction,Quantity,CashTransfer,Date,Type"
    traded, sold = TRADED.removeprefix("HEADER,TRNT,"), SOLD.removeprefix("DATA,TRNT,")
    found = read(
        traded, sold, events, "U1,USD,KO,2022-06-10;20:25:00 EDT,0,-200,FS,8894", moved, "U1,USD,KO,IN,7,0,20220610,FOP"
    )
    sold_fields, event, arrived = (record.fields for record in found.records)
    assert (sold_fields["quantity"], event["event_type"], event["quantity"]) == ("-2", "SPLF", "-200")
    assert (arrived["kind"], arrived["quantity"]) == ("transfer_in", "7")


def test_a_confirmation_is_a_trade_in_other_words() -> None:
    head = (
        "ClientAccountID,CurrencyPrimary,AssetClass,Symbol,Date/Time,TradeDate,Buy/Sell,Quantity,Price,Amount,Proceeds"
    )
    row = "U1,USD,STK,KO,20220610;153058,20220610,BUY,2,60,120,-120,-1,USD,EXECUTION"
    (record,) = read(f"{head},Commission,CommissionCurrency,LevelOfDetail", row).records
    assert [record.fields[name] for name in ("kind", "price", "amount", "fee")] == ["buy", "60", "-121", "1"]


def test_orders_and_sums_count_where_nothing_finer_is_listed() -> None:
    order = SOLD.replace("EXECUTION", "ORDER")
    assert len(read(TRADED, order, SOLD).records) == 1
    (record,) = read(TRADED, order).records
    assert record.fields["amount"] == "119"
    paid, summed = f"{PAID},LevelOfDetail", f"{DIVIDEND},SUMMARY"
    assert len(read(paid, summed, f"{DIVIDEND},DETAIL").records) == 1
    assert len(read(paid, summed).records) == 1


def test_a_section_that_is_not_read_is_named() -> None:
    found = read(
        *BEGIN, "HEADER,EQUT,ClientAccountID,ReportDate,Total", "DATA,EQUT,U1,20220613,70000.50", HELD, SUM, *END
    )
    assert [problem.what for problem in found.problems] == ["the section equt is not read"]
    assert len(found.records) == 1


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ((*BEGIN, HELD, SUM, "EOA,U1"), "its end is missing"),
        ((HELD, SUM, SOLD), "whose header is missing"),
        (("HEADER,TRNT,ClientAccountID,Symbol,Quantity", "DATA,TRNT,U1,KO,2"), "trades cannot be read"),
        (("HEADER,TRNT,CurrencyPrimary,Symbol,Quantity,TradePrice", "DATA,TRNT,USD,KO,2,60"), "it names no date"),
    ],
)
def test_what_breaks_off_or_cannot_be_read_is_never_clean(lines: tuple[str, ...], what: str) -> None:
    assert what in reason(*lines)


@pytest.mark.parametrize("mark", ["|", "\t"])
def test_cells_may_be_parted_by_other_marks(mark: str) -> None:
    lines = [line.replace(",", mark) for line in (HELD, *LOTS, TRADED, SOLD)]
    assert [record.kind for record in read(*lines).records] == ["lot", "lot", "transaction", "position", "position"]
