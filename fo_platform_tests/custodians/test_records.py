"""Totals of a delivery, and when pages from several files are one statement."""

from datetime import date
from decimal import Decimal

import pytest

from fo_platform.custodians.records import Parsed, Part, Record, Statement, check_parts

KEY = ("0835-1", "2022-06-13", "114")
MONDAY, TUESDAY = date(2022, 6, 13), date(2022, 6, 14)


def page(number: int, *, last: bool = False, held: str = "100", total: str = "300", holdings: int = 1) -> Part:
    values = {"CHF": Decimal(held)} if held else {}
    return Part(number, last, KEY, holdings, values, ("CHF", Decimal(total)))


def test_pages_in_any_order_whose_holdings_sum_to_the_total_are_one_statement() -> None:
    verdict, reason, (control,) = check_parts([page(3, last=True), page(1), page(2)])
    assert (verdict, reason) == ("clean", "")
    assert (control.name, control.expected, control.actual, control.ok) == ("statement total CHF", "300", "300", True)


@pytest.mark.parametrize("pages", [[page(1)], [page(2, last=True)], [page(1), page(3, last=True)], [page(1), page(2)]])
def test_a_statement_waits_for_its_missing_pages(pages: list[Part]) -> None:
    verdict, reason, _ = check_parts(pages)
    assert verdict == "incomplete"
    assert "held until" in reason


@pytest.mark.parametrize("pages", [[page(1), page(1), page(2, last=True)], [page(1, last=True), page(2, last=True)]])
def test_pages_that_stand_twice_or_after_the_last_are_refused(pages: list[Part]) -> None:
    assert check_parts(pages)[0] == "quarantined"


def test_a_statement_that_misses_a_holding_is_refused_by_its_total() -> None:
    verdict, reason, (control,) = check_parts([page(1), page(2, last=True, held="199.99")])
    assert verdict == "quarantined"
    assert "300" in reason
    assert "299.99" in reason
    assert not control.ok


def test_pages_that_state_different_totals_are_refused() -> None:
    assert check_parts([page(1, total="200"), page(2, last=True, held="200")])[0] == "quarantined"


def test_a_total_is_not_compared_when_a_holding_has_no_value_in_its_currency() -> None:
    assert check_parts([page(1, held=""), page(2, last=True)]) == ("clean", "", ())


def test_a_page_of_no_holdings_counts_as_zero() -> None:
    assert check_parts([page(1, held="", holdings=0), page(2, last=True, held="300")])[0] == "clean"


def cash(account: str, day: date, amount: str) -> Record:
    return Record("cash", 1, 0, 1, account, day, {"currency": "USD", "amount": amount})


def of(*records: Record) -> Parsed:
    statement = Statement("A", MONDAY, "trade", "", True, (), records)
    return Parsed("mt940", "clean", "", (statement,))


def test_cash_is_summed_over_accounts_and_counts_with_the_latest_statement_of_each() -> None:
    parsed = of(cash("A", MONDAY, "1"), cash("A", TUESDAY, "10"), cash("B", MONDAY, "100"), cash("B", MONDAY, "0.5"))
    assert parsed.totals()["cash"] == {"USD": "110.5"}


def test_sums_are_exact_beyond_the_digits_of_a_float_or_of_a_default_decimal() -> None:
    large, small = "9" * 27, "0.00000000000000000001"
    parsed = of(cash("A", MONDAY, large), cash("B", MONDAY, small))
    assert parsed.totals()["cash"] == {"USD": f"{large}.00000000000000000001"}


def move(kind: str, **more: str) -> Record:
    return Record("transaction", 1, 0, 1, "A", MONDAY, {"kind": kind, "currency": "USD", "amount": "-5", **more})


def test_a_trade_states_a_quantity_and_a_banks_cash_leg_of_one_does_not() -> None:
    totals = of(move("buy", quantity="1"), move("buy"), move("dividend", quantity="3")).totals()
    assert (totals["trades"], totals["cash_transactions"]) == (1, 2)
    assert totals["cash_transactions_sum"] == {"USD": "-10"}


def test_the_document_names_every_key_of_a_position_and_leaves_lots_out() -> None:
    position = Record("position", 1, 0, 1, "A", MONDAY, {"isin": "X", "description": "Y", "quantity": "1", "level": ""})
    lot = Record("lot", 1, 0, 1, "A", MONDAY, {"isin": "X", "quantity": "1", "level": "LOT"})
    statements = of(position, lot).document()["statements"]
    assert isinstance(statements, list)
    (shown,) = statements[0]["positions"]
    assert shown == {
        "identifiers": {"isin": "X"}, "quantity": "1", "quantity_type": None, "price": None, "price_basis": None,
        "factor": None, "multiplier": None, "currency": None, "market_value": None, "accrued": None, "side": None,
        "level": "",
    }  # fmt: skip
