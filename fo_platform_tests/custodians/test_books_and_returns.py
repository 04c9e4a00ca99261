"""Trial balances balance by entity and currency; returns are fractions of one period each."""

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound
from fo_platform_tests.custodians.workbooks import workbook

LEDGER = "As of,Entity,Account,Kind,Currency,Debit,Credit"
RETURNS = "Portfolio,Currency,From,To,Begin NAV,Net Flows,End NAV,Return"


def read(*lines: str) -> Parsed:
    data = "\n".join(lines).encode()
    parsed = parse(data)
    prove_sound(data, parsed)
    return parsed


def entry(entity: str, currency: str, debit: str, credit: str) -> str:
    return f"2022-03-31,{entity},1000,Asset,{currency},{debit},{credit}"


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([entry("T", "USD", "5", ""), entry("T", "USD", "", "5")], "clean"),
        ([entry("T", "USD", "5", ""), entry("T", "EUR", "", "5")], "quarantined"),
        ([entry("T", "USD", "5", ""), entry("L", "USD", "", "5")], "quarantined"),
        ([entry("T", "USD", "5", ""), entry("T", "USD", "", "5.00000001")], "quarantined"),
        ([entry("T", "USD", "-5", ""), entry("T", "USD", "", "-5")], "clean"),
        ([entry("T", "USD", "", ""), entry("T", "USD", "0", "0")], "quarantined"),
        ([entry("T", "USD", "0.1", "")] * 3 + [entry("T", "USD", "", "0.3")], "clean"),
    ],
)
def test_debits_equal_credits_in_every_currency_of_an_entity(rows: list[str], verdict: str) -> None:
    assert read(LEDGER, *rows).verdict == verdict


def test_a_lost_row_of_a_trial_balance_does_not_balance() -> None:
    rows = [entry("T", "USD", "5", ""), entry("T", "USD", "7", ""), entry("T", "USD", "", "12")]
    assert [read(LEDGER, *(rows[:n] + rows[n + 1 :])).verdict for n in range(3)] == ["quarantined"] * 3


def test_liabilities_and_fees_may_stand_on_sheets_of_their_own() -> None:
    data = workbook(
        {
            "Trial balance": [["As of", "2022-03-31"], LEDGER.split(",")[1:], ["T", "1", "Asset", "USD", 0, 0]],
            "Liabilities": [
                ["Entity", "Loan ID", "Type", "Currency", "Balance", "Interest Rate", "As of"],
                ["T", "M-1", "Margin loan", "USD", 250.5, 0.0425, "2022-03-31"],
            ],
            "Fees": [
                ["Entity", "Invoice", "Fee Type", "Invoice Date", "Currency", "Amount"],
                ["T", "F-1", "Performance fee", "2022-04-05", "USD", -12.5],
            ],
        }
    )
    parsed = parse(data)
    prove_sound(data, parsed)
    assert parsed.verdict == "clean", parsed.reason
    found = {record.kind: record.fields for record in parsed.records}
    assert found["liability"]["liability_kind"] == "margin"
    assert (found["liability"]["amount"], found["liability"]["interest_rate"]) == ("250.5", "0.0425")
    assert (found["fee"]["fee_kind"], found["fee"]["amount"]) == ("performance", "-12.5")
    assert found["fee"]["cell"] == "Fees!A2"


def test_a_kind_of_fee_that_nobody_knows_is_refused() -> None:
    parsed = read("Fees", "Entity,Fee ID,Kind,Charged,Currency,Amount", "T,F-1,Mystery,2022-04-05,USD,1")
    assert "fee_kind: 'Mystery' is none of management, custody" in parsed.reason


@pytest.mark.parametrize(
    ("header", "cells", "found"),
    [
        (RETURNS, "0.0105", "0.0105"),
        (RETURNS, "1.05%", "0.0105"),
        (RETURNS + " %", "1.05", "0.0105"),
        (RETURNS, "105", None),
    ],
)
def test_a_return_is_a_fraction(header: str, cells: str, found: str | None) -> None:
    parsed = read(header, f"P,USD,2022-03-01,2022-03-31,100,0,101.05,{cells}")
    assert [record.fields["return_period"] for record in parsed.records] == ([found] if found else [])
    assert (parsed.verdict == "clean") == bool(found)


def test_benchmarks_are_nobodys_and_have_one_return_a_day() -> None:
    parsed = read("Benchmark,Date,Return", "SPX,2022-03-30,-0.01", "SPX,2022-03-31,0.02", "SPX,2022-03-31,0.03")
    assert "benchmarks states SPX 2022-03-31 twice" in parsed.reason
    assert {record.account for record in parsed.records} == {None}


def test_the_portfolio_is_the_account_unless_another_is_named() -> None:
    row = "P,USD,2022-03-01,2022-03-31,100,0,101,0.01"
    assert [record.account for record in read(RETURNS, row).records] == ["P"]
    assert [record.account for record in read(f"{RETURNS},Account", f"{row},T").records] == ["T"]
