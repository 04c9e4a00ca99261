"""Files made to break readers of OFX, CSV, BAI2 and JSON: each gets its verdict in bounded work; nothing raises."""

import pytest

from fo_platform.custodians._draft import FAULTS_MAX
from fo_platform.custodians.parse import parse
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound

OFX = b"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n"
STATEMENT = OFX + b"<OFX><INVSTMTRS><DTASOF>20220613<CURDEF>USD<INVACCTFROM><ACCTID>A</INVACCTFROM>"
LISTED = STATEMENT + b"<INVTRANLIST>"
CLOSED = b"</INVTRANLIST></INVSTMTRS></OFX>"
SCHWAB = b"Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount\n"
BAI = b"01,A,B,220614,0430,7,,,2/\n02,B,A,1,220613,,USD,2/\n"
VAULTS = b'{"vaultAccounts": ['
POSITION = b'[{"asset_id": "a", "qty": %s, "avg_entry_price": "1", "symbol": "KO"}]'
HOSTILE = {
    "ofx with entities": OFX + b'<!DOCTYPE OFX [<!ENTITY a "aaaa">]><OFX>&a;</OFX>',
    "ofx that opens a hundred thousand records": LISTED + b"<STMTTRN>" * 100_000,
    "ofx that opens a hundred thousand statements": OFX + b"<OFX>" + b"<STMTRS>" * 100_000,
    "ofx with a value of a megabyte": LISTED + b"<INCOME><MEMO>" + b"x" * 2**20 + b"</INCOME>" + CLOSED,
    "ofx with a comment that never ends": LISTED + b"<!--" + b"<INCOME>" * 50_000,
    "ofx with a hundred thousand brackets": LISTED + b"<" * 100_000 + CLOSED,
    "ofx with NUL bytes": LISTED + b"<INCOME><TOTAL>\x00<FITID>\x00</INCOME>" + CLOSED,
    "ofx with an exponent": LISTED + b"<INCOME><FITID>1<DTTRADE>20220613<TOTAL>1e999999</INCOME>" + CLOSED,
    "ofx with lists that close each other": OFX + b"<OFX>" + b"</INVTRANLIST><INVTRANLIST>" * 1_000 + b"</OFX>",
    "ofx without statements": OFX + b"<OFX></OFX>",
    "csv with a quotation mark that never closes": SCHWAB + b'06/13/2022,Buy,KO,"' + b"x,\n" * 20_000,
    "csv with a quotation mark in every row": SCHWAB + b'06/13/2022,Buy,KO,"X,1,1,,1\n' * 5_000,
    "csv with a line of a megabyte": SCHWAB + b"x" * 2**20 + b"\n",
    "csv with a hundred thousand cells": SCHWAB + b"," * 100_000 + b"x\n",
    "csv with NUL bytes": SCHWAB + b"06/13/2022,Buy,K\x00O,X,1,\x00,,-1\n",
    "csv with a formula": SCHWAB + b'06/13/2022,Buy,KO,X,"=1+1",1,,-1\n',
    "csv with digits of another script": SCHWAB + "06/13/2022,Buy,KO,X,٣,1,,-1\n".encode(),
    "csv that is not utf-8": SCHWAB + b"06/13/2022,Buy,KO,\xff\xfe,1,1,,-1\n",
    "csv without a row that can be read": SCHWAB + b"tomorrow,Buy,KO,X,1,1,,-1\n" * 1_000,
    "bai2 that continues for ever": BAI + b"03,1,USD,015,1,,/\n" + b"88,1,1,,\n" * 50_000,
    "bai2 with records of no known type": BAI + b"77,1/\n" * 1_000,
    "bai2 with a distribution of a million": BAI + b"03,1,USD,015,1,1,D,1000000,1,1/\n",
    "bai2 with an amount of a thousand digits": BAI + b"03,1,USD,015," + b"9" * 1_000 + b",,/\n",
    "bai2 of groups in groups": BAI * 500,
    "json that is nested a million deep": VAULTS + b"[" * 1_000_000,
    "json that is nested and closed": VAULTS + b"[" * 200 + b"]" * 200 + b"]}",
    "json with a text that never ends": VAULTS + b'{"id": "' + b"x" * 2**20,
    "json with a value of five megabytes": VAULTS + b'{"id": "' + b"x" * 5 * 2**20 + b'", "assets": []}]}',
    "json with a name twice": VAULTS + b'], "count": 0, "count": 1}',
    "json with infinity": POSITION % b"Infinity",
    "json with a number of a thousand digits": POSITION % (b"9" * 1_000),
    "json with an exponent": POSITION % b"1e999999",
    "json with half a surrogate": POSITION % b'"\\ud800"',
    "json with two values": POSITION % b'"1"' + b"[]",
    "json that is not utf-8": POSITION % b'"\xff"',
    "json with an object for a number": POSITION % b'{"a": 1}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_quarantined_with_its_reason(what: str) -> None:
    data = HOSTILE[what]
    found = parse(data)
    assert found.verdict == "quarantined", what
    assert len(found.problems) <= FAULTS_MAX + 1
    prove_sound(data, found)


def test_work_grows_no_faster_than_the_file() -> None:
    """Ten times as many open records take no more look-ups: reading halts at the first."""
    small, large = (parse(LISTED + b"<STMTTRN>" * count) for count in (10_000, 100_000))
    assert small.problems == large.problems


def test_a_row_of_every_cell_blank_says_nothing() -> None:
    assert parse(SCHWAB + b",,,,,,,\n" * 1_000).verdict == "clean"
