"""`fo restate` on the played demo: a file two days late takes effect on its day, what was decided and traded stays."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform.ledger.queries import count
from fo_platform_tests.chain.conftest import Home

FROM = "2022-06-15"
WORDS = ("restate", "--from", FROM, "--reason", "The custodian corrected a holding", "--as", "operator")
DECIDED = ("decision.", "execution.")
UNTOUCHED = (tables.outbox, tables.fills, tables.order_events, tables.approvals, tables.drift_events)


def _corrected(home: Home) -> tuple[str, Path]:
    """The US custodian's file for the day, again, with one share more of one holding than it stated."""
    path = home.fo / "inbox/us_custodian/us_custodian_20220614.txt"
    lines = path.read_bytes().split(b"\n")
    at = next(i for i, line in enumerate(lines) if line[:1] == b"P" and line[32:40].strip() == b"KO")
    lines[at] = lines[at][:44] + b"%018d" % (int(lines[at][44:62]) + 100000) + lines[at][62:]
    again = path.with_name("us_custodian_20220614_corrected.txt")
    again.write_bytes(b"\n".join(lines))
    return "KO", again


def _facts(home: Home) -> dict[str, int]:
    ledger = Ledger.open(f"sqlite:///{home.fo / 'ledger.sqlite'}")
    return {table.name: count(ledger, table) for table in UNTOUCHED}


def _breaks(home: Home, day: str) -> list[tuple[str, str]]:
    return [(row["instrument_id"], row["break_class"]) for row in home.json("breaks", "--day", day)]


def test_a_correction_takes_effect_on_its_day_and_the_same_again_changes_nothing(own_home: Home) -> None:
    instrument_id, _ = _corrected(own_home)
    facts = _facts(own_home)
    told: dict[str, Any] = own_home.json(*WORDS)
    days = {day["business_date"]: day for day in told["days"]}
    assert list(days) == [FROM, "2022-06-16", "2022-06-17"]
    assert (told["restatement"], told["asked_by"], told["to"]) == (1, "operator", "2022-06-17")
    tables_changed = {name for day in days.values() for name in day["tables"]}
    assert {"book.positions", "book.reconciliation_breaks"} <= set(days[FROM]["tables"])
    assert [name for name in tables_changed if name.startswith(DECIDED)] == []
    assert all(Decimal(day["net_worth_before"]) == Decimal(day["net_worth_after"]) for day in days.values())
    assert _breaks(own_home, FROM)[0][0] == instrument_id
    assert _facts(own_home) == facts
    again = own_home.json(*WORDS)
    assert (again["restatement"], again["batches_written"]) == (2, 0)
    assert own_home.json("audit", "verify")["ok"]
    refused = own_home.run("restate", "--from", "2022-06-18", "--reason", "A Saturday")
    assert refused.returncode == 1
    assert "Nothing is known of 2022-06-18" in refused.stderr
