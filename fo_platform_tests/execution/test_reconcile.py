"""Traded lines against the custodian's record."""

from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.contracts.book import Cash, Positions, Transactions
from fo_platform.contracts.execution import ReconciliationReport
from fo_platform.execution.reconcile import reconciliation_report

DAY, SETTLED = pd.Timestamp("2022-06-17"), pd.Timestamp("2022-06-16")
LINE = {"file_sha256": "c" * 64, "line": 1, "byte_offset": 0}
PLACE = {"account_id": "foundation_us", "statement_basis": "trade", "is_stale": False, "source": "us_custodian", **LINE}


def positions(stated: str = "110", *, book: str = "110", pending: str = "0", date: str = "2022-06-16") -> pd.DataFrame:
    quantities = {"quantity_stated": stated, "quantity_book": book, "quantity_pending": pending, "accrued_local": 0}
    return Positions.frame(
        [{**PLACE, "instrument_id": "AAPL", "currency": "USD", "statement_date": date, **quantities}]
    )


def cash(stated: str | None = "5000", *, book: str = "5000", date: str | None = "2022-06-16") -> pd.DataFrame:
    amounts = {"cash_stated": stated, "cash_book": book, "cash_pending": 0}
    return Cash.frame([{**PLACE, "currency": "USD", "statement_date": date, **amounts}])


def booked(cash_local: str = "-1001.50") -> pd.DataFrame:
    trade = {"transaction_id": "t1", "transaction_kind": "buy", "trade_date": "2022-06-14", "settlement_date": SETTLED}
    what = {
        "instrument_id": "AAPL",
        "quantity": "10",
        "cash_local": cash_local,
        "currency": "USD",
        "statement_date": "2022-06-14",
    }
    return Transactions.frame([{**trade, **what, "account_id": "foundation_us", "source": "us_custodian", **LINE}])


@pytest.fixture
def report(make_fills, make_events, instruments):
    """`report(positions, cash, transactions)`: the report of a purchase of 10 for 1,000 and a fee of 1.50."""

    def build(
        positions: pd.DataFrame,
        cash: pd.DataFrame,
        transactions: pd.DataFrame,
        *,
        settled_on: str | None = None,
        carried: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        fills = make_fills(
            {"exec_id": "B", "fee_local": "1.50"}, {"exec_id": "X", "client_order_id": "nobody", "is_orphan": True}
        )
        proof = {
            "broker": "paper",
            "account_id": "foundation_us",
            "exec_id": "B",
            "business_date": pd.Timestamp(settled_on),
        }
        settlements = (
            pd.DataFrame([proof], columns=list(proof))
            if settled_on
            else pd.DataFrame(columns=list(proof)).astype({"business_date": "datetime64[ns]"})
        )
        before = ReconciliationReport.frame() if carried is None else carried
        events = make_events("o1", "NEW", "SENDING", "ACKED")
        known = {"transactions": transactions, "instruments": instruments, "carried": before}
        return reconciliation_report(fills, settlements, events, positions, cash, **known, day=DAY)

    return build


def test_a_line_that_agrees_is_reconciled_in_holding_and_money(report):
    frame = report(positions(), cash(), booked()).set_index("instrument_id")
    assert list(frame.index) == ["AAPL", "CASH.USD"]
    assert list(frame["report_status"]) == ["reconciled", "reconciled"]
    assert frame.loc["AAPL", "cash_expected"] == Decimal("-1001.50")
    assert frame.loc["CASH.USD", "cash_expected"] == 5000
    ReconciliationReport.validate(frame.reset_index())


@pytest.mark.parametrize(
    ("tables", "instrument", "says"),
    [
        ((positions("109"), cash(), booked()), "AAPL", "-1 units and 0 USD"),
        ((positions(), cash(), booked("-1001.00")), "AAPL", "by 0.5 USD"),
        ((positions(), cash(), booked().iloc[:0]), "AAPL", "by 1001.5 USD"),
        ((positions(), cash("4998.50"), booked()), "CASH.USD", "by -1.5 USD"),
        ((positions(), cash(None), booked()), "CASH.USD", "states no USD balance"),
    ],
)
def test_a_difference_is_a_break_that_says_how_much(report, tables, instrument, says):
    frame = report(*tables).set_index("instrument_id")
    assert frame.loc[instrument, "report_status"] == "break"
    assert says in frame.loc[instrument, "explanation"]
    assert (frame["report_status"] == "break").sum() == 1


def test_until_the_statement_of_the_settlement_date_a_line_waits(report):
    frame = report(positions("100", date="2022-06-15"), cash("0", date="2022-06-15"), booked())
    assert list(frame["report_status"]) == ["pending", "pending"]
    assert "Settles on 2022-06-16; the last statement is of 2022-06-15." in list(frame["explanation"])
    assert set(report(positions().iloc[:0], cash(date=None), booked())["report_status"]) == {"pending"}


def test_a_cent_of_cash_is_forgiven_and_two_are_not(report):
    assert set(report(positions(), cash("5000.01"), booked())["report_status"]) == {"reconciled"}
    assert "break" in set(report(positions(), cash("5000.02"), booked())["report_status"])


def test_fills_that_the_statement_cannot_know_yet_are_not_a_difference(report):
    frame = report(positions("110", book="125", pending="15"), cash(), booked()).set_index("instrument_id")
    assert frame.loc["AAPL", "report_status"] == "reconciled"


def test_a_holding_sold_whole_needs_no_row(report):
    other = positions().assign(instrument_id="MSFT")
    frame = report(other, cash(), booked()).set_index("instrument_id")
    assert frame.loc["AAPL", ["quantity_expected", "quantity_stated"]].tolist() == [0, 0]
    assert frame.loc["AAPL", "report_status"] == "reconciled"


def test_a_settled_line_is_shown_on_its_day_and_later_only_while_it_is_not_reconciled(report):
    assert len(report(positions(), cash(), booked(), settled_on="2022-06-17")) == 2
    assert report(positions(), cash(), booked(), settled_on="2022-06-16").empty
    broken = report(positions("109"), cash(), booked(), settled_on="2022-06-17")
    later = report(positions("109"), cash(), booked(), settled_on="2022-06-16", carried=broken)
    assert list(later["instrument_id"]) == ["AAPL", "CASH.USD"]
    healed = report(positions(), cash(), booked(), settled_on="2022-06-16", carried=broken)
    assert set(healed["report_status"]) == {"reconciled"}
