"""The fingerprint: the same for the same content in other bytes, another for whatever else is stated."""

from pathlib import Path

import pytest

from fo_platform.custodians.fingerprint import fingerprint, subject
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed, Record, Statement

FOLDER = Path(__file__).parent
STATEMENT = b""":20:STMT1
:25:0835
:28C:1/1
:60F:C220613USD1000,00
:61:2206140614C100,00NTRFREF1//A1
:86:FIRST
:61:2206140614C100,00NTRFREF1//A1
:86:FIRST
:61:2206140614D50,00NTRFREF2//A2
:86:SECOND
:62F:C220614USD1150,00
"""


def _of(content: bytes) -> str:
    parsed = parse(content, "mt940")
    assert parsed.verdict == "clean", parsed.reason
    found = fingerprint(parsed)
    assert found is not None
    return found


def test_line_ends_envelope_and_the_statement_s_own_name_do_not_count() -> None:
    again = STATEMENT.replace(b"\n", b"\r\n").replace(b"STMT1", b"RESENT")
    assert _of(again) == _of(STATEMENT)


def test_the_order_of_movements_does_not_count() -> None:
    lines = STATEMENT.splitlines(keepends=True)
    assert _of(b"".join([*lines[:4], *lines[8:10], *lines[4:8], *lines[10:]])) == _of(STATEMENT)


@pytest.mark.parametrize(
    "changes",
    [
        {b":25:0835": b":25:0836"},
        {b"USD1000,00": b"USD1001,00", b"USD1150,00": b"USD1151,00"},
        {b"D50,00": b"D51,00", b"USD1150,00": b"USD1149,00"},
        {b"REF2//A2": b"REF3//A3"},
        {b":62F:C220614": b":62F:C220615"},
        {b"USD": b"EUR"},
    ],
)
def test_account_balances_movements_and_day_count(changes: dict[bytes, bytes]) -> None:
    other = STATEMENT
    for old, new in changes.items():
        assert old in other
        other = other.replace(old, new)
    assert _of(other) != _of(STATEMENT)


def test_how_often_an_equal_movement_stands_counts() -> None:
    once = STATEMENT.replace(b":61:2206140614C100,00NTRFREF1//A1\n:86:FIRST\n", b"", 1).replace(b"1150", b"1050")
    assert _of(once) != _of(STATEMENT)


def _capital(*funds: str) -> Parsed:
    records = [Record("capital_account", 1, 0, 1, "PF-1", None, {"fund_id_source": fund}) for fund in funds]
    return Parsed("ilpa", "clean", "", (Statement("PF-1", None, None, "", True, (), tuple(records)),))


def _confirmed(reference: str, *others: str) -> Parsed:
    kinds = ["instruction", "transaction", *others]
    records = [Record(kind, 1, 0, 1, "A", None, {"reference": reference}) for kind in kinds]  # type: ignore[arg-type]
    return Parsed("mt54x", "clean", "", (Statement("A", None, None, "", True, (), tuple(records)),))


def test_a_file_of_another_fund_or_trade_speaks_of_something_else() -> None:
    assert subject(_capital("A")) != subject(_capital("B"))
    assert subject(_capital("A", "B")) == subject(_capital("B", "A"))
    assert subject(_confirmed("1")) == subject(_confirmed("1")) != subject(_confirmed("2"))


def test_a_file_that_states_holdings_speaks_of_whole_accounts() -> None:
    assert subject(_confirmed("1", "position")) is None
    assert subject(parse(STATEMENT, "mt940")) is None
    assert subject(parse(b"", "mt940")) is None


def test_what_states_nothing_has_none() -> None:
    assert fingerprint(parse(b"", "mt940")) is None
    assert fingerprint(parse(b"\x01", None)) is None


def test_every_golden_file_of_other_content_has_another() -> None:
    files = [path for path in sorted(FOLDER.glob("*/*")) if path.suffix != ".json" and path.is_file()]
    found = [(path, fingerprint(parse(path.read_bytes(), None))) for path in files]
    known = [(path.parent.name, stated) for path, stated in found if stated]
    assert len(known) > 10
    formats = {stated: name for name, stated in known}
    assert all(formats[stated] == name for name, stated in known), "two formats never give one figure"
