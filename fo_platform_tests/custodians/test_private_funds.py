"""Capital accounts and notices tie to the cent whatever signs their fund writes, or they are not booked."""

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound
from fo_platform_tests.custodians.workbooks import workbook

ACCOUNT = "Fund ID,Investor,Currency,Period End,Beginning NAV,Contributions,"
ROW = "ALD4,PF-1001,USD,2022-03-31,1000,100,"
NOTICE = "Notice ID,Type,Fund,Investor,Currency,Notice Date,Due Date,"
CALL = "C7,Call,Alder,PF-1001,USD,2022-04-18,2022-05-02,"
DISTRIBUTION = CALL.replace("C7,Call", "D5,Distribution")


def read(header: str, row: str) -> Parsed:
    data = f"{header}\n{row}\n".encode()
    parsed = parse(data)
    prove_sound(data, parsed)
    return parsed


@pytest.mark.parametrize(
    ("columns", "cells", "fees", "paid"),
    [
        ("Distributions,Management Fees,Ending NAV", "50,10,1040", "10", "50"),
        ("Distributions,Management Fees,Ending NAV", "(50),(10),1040", "10", "50"),
        ("Distributions,Management Fees,Ending NAV", "-50,-10,1040", "10", "50"),
        ("Management Fee (Gross),Fee Offset,Ending NAV", "10,4,1094", "6", None),
        ("Management Fee (Gross),Fee Offset,Ending NAV", "(10),4,1094", "6", None),
        ("Return of Capital,Gain Distributions,Income Distributions,Ending NAV", "20,20,10,1050", None, "50"),
        ("Return of Capital,Gain Distributions,Recallable Distributions,Ending NAV", "20,20,10,1050", None, "50"),
        ("Return of Capital,Gain Distributions,Of which recallable,Ending NAV", "20,30,10,1050", None, "50"),
        ("Distributions,Return of Capital,Recallable Distributions,Ending NAV", "50,50,10,1050", None, "50"),
        ("Accrued Carry,Realised,Unrealised,Ending NAV", "-5,10,-3,1112", None, None),
    ],
)
def test_a_row_is_read_in_the_way_in_which_it_ties(
    columns: str, cells: str, fees: str | None, paid: str | None
) -> None:
    parsed = read(ACCOUNT + columns, ROW + cells)
    assert parsed.verdict == "clean", parsed.reason
    fields = parsed.records[0].fields
    assert (fields.get("management_fee"), fields.get("distributions")) == (fees, paid)


@pytest.mark.parametrize(
    ("columns", "cells", "control"),
    [
        ("Ending NAV", "1100.01", "NAV ALD4 2022-03-31: the file states 1100.01, its rows give 1100"),
        ("Distributions,Ending NAV", "-50,1151", "NAV"),
        ("Distributions,Return of Capital,Ending NAV", "50,40,1050", "distributions ALD4 2022-03-31"),
        ("Management Fee,Management Fee (Gross),Fee Offset,Ending NAV", "10,10,4,1090", "net management fee"),
        ("Ending NAV,Commitment,Called,Unfunded", "1100,500,100,399", "unfunded ALD4 2022-03-31"),
        ("Ending NAV,Commitment,Called,Recallable,Unfunded", "1100,500,100,20,400", "unfunded"),
    ],
)
def test_a_row_that_ties_in_no_way_is_not_booked(columns: str, cells: str, control: str) -> None:
    parsed = read(ACCOUNT + columns, ROW + cells)
    assert (parsed.format, parsed.verdict) == ("ilpa_capital_account", "quarantined")
    assert control in parsed.reason


def test_a_period_since_inception_is_never_taken_for_the_quarter() -> None:
    parsed = read(ACCOUNT + "Distributions (ITD),Called (ITD),Ending NAV", ROW + "900,800,1100")
    fields = parsed.records[0].fields
    assert (parsed.verdict, fields["distributed"], fields["called"]) == ("clean", "900", "800")
    assert "distributions" not in fields


def test_each_investor_and_day_has_a_statement_without_a_basis() -> None:
    rows = "\n".join([ROW + "1100", ROW.replace("1001", "1002") + "1100", ROW.replace("03-31", "06-30") + "1100"])
    found = read(ACCOUNT + "Ending NAV", rows).statements
    assert [(s.account, str(s.statement_date), s.basis, len(s.records)) for s in found] == [
        ("PF-1001", "2022-03-31", None, 1),
        ("PF-1002", "2022-03-31", None, 1),
        ("PF-1001", "2022-06-30", None, 1),
    ]


def test_a_fund_without_a_name_is_refused() -> None:
    assert "fund is blank" in read(ACCOUNT[8:] + "Ending NAV", ROW[5:] + "1100").reason


def test_a_workbook_states_what_its_csv_states() -> None:
    header, row = (ACCOUNT + "Management Fees,Ending NAV").split(","), (ROW + "10,1090").split(",")
    numbers = [*row[:4], *map(float, row[4:])]
    data = workbook(
        {"Capital accounts": [["ILPA Capital Account Statement"], ["Template", "2.0"], [], header, numbers]}
    )
    parsed = parse(data)
    (record,) = parsed.records
    assert (parsed.verdict, record.fields.pop("cell")) == ("clean", "Capital accounts!A5")
    assert record.fields == read(ACCOUNT + "Management Fees,Ending NAV", ROW + "10,1090").records[0].fields


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        ("Total,Unfunded Before,Unfunded After", CALL + "100,500,400", ""),
        ("Total,Outside Commitment,Unfunded Before,Unfunded After", CALL + "100,30,500,430", ""),
        ("Total,Unfunded Before,Unfunded After", CALL + "100,500,600", "unfunded after notice C7"),
        ("Total,Recallable,Unfunded Before,Unfunded After", DISTRIBUTION + "100,30,500,530", ""),
        ("Total,Unfunded Before,Unfunded After", DISTRIBUTION + "100,500,600", "unfunded after notice D5"),
        ("Investments,Management Fees,Expenses,Total", CALL + "70,20,10,100", ""),
        ("Investments,Management Fees,Expenses,Total", CALL + "70,20,11,100", "parts of notice C7"),
        ("Return of Capital,Gain,Withholding Tax,Total", DISTRIBUTION + "70,40,-10,100", ""),
        ("Return of Capital,Gain,Total", DISTRIBUTION + "70,40,100", "parts of notice D5"),
        ("Investments,Outside Fund,Inside Fund,Total", CALL + "70,30,70,100", ""),
        ("Investments,Outside Fund,Inside Fund,Total", CALL + "70,30,100,100", "inside fund of notice C7"),
        ("Total", CALL + "-100", "amount: -100 is negative"),
        ("Total", CALL.replace("Call", "Net") + "100", "'Net' is none of call, distribution"),
    ],
)
def test_a_notice_ties_or_is_not_paid(columns: str, row: str, reason: str) -> None:
    parsed = read(NOTICE + columns, row)
    assert (parsed.format, parsed.verdict) == ("ilpa_notice", "quarantined" if reason else "clean"), parsed.reason
    assert reason in parsed.reason


def test_the_title_of_a_notice_says_what_it_is() -> None:
    data = b"Distribution Notice\n" + (NOTICE.replace("Type,", "") + "Total\n").encode()
    (record,) = parse(data + DISTRIBUTION.replace("Distribution,", "").encode() + b"100\n").records
    assert record.fields["notice_type"] == "distribution"
