"""Which records count on a restated day: each on one day only, and a statement as it was last stated."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fo_platform.contracts.raw import Record
from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform.ledger.restated import restated
from fo_platform.lineage.in_effect import in_effect, kept_files
from fo_platform_tests.ledger.facts import fact

DAYS = [date(2022, 6, day) for day in (13, 14, 15, 16, 17)] + [date(2022, 6, 21), date(2022, 6, 22)]
"""Sessions with a week-end and a holiday between them."""

STATED = [date(2022, 6, day) for day in range(10, 22)]
ACCOUNTS = ("0001", "0002", None)


@dataclass(frozen=True)
class Delivery:
    """A file of one account's statement and the day it came; its number is its order."""

    number: int
    received: date
    stated: date
    account: str | None

    @property
    def sha256(self) -> str:
        return f"{self.number:064x}"


@dataclass(frozen=True)
class Range:
    """Days made again, after so many deliveries were known."""

    first: date
    last: date
    after: int


@pytest.mark.parametrize("seed", range(25))
def test_every_record_counts_once_where_plain_loops_say(seed: int, tmp_path: Path) -> None:
    deliveries, ranges = history(np.random.default_rng(seed))
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite")
    record(ledger, deliveries, ranges)
    found = {day: counted(ledger, deliveries, day) for day in DAYS}
    assert found == {day: expected(deliveries, ranges, day) for day in DAYS}
    times = Counter(number for numbers in found.values() for number in numbers)
    assert set(times.values()) == {1}
    ledger.engine.dispose()


def history(chance: np.random.Generator) -> tuple[list[Delivery], list[Range]]:
    """Forty deliveries, most of them for the day they come, and three restatements between them."""
    received = sorted(DAYS[i] for i in chance.integers(0, len(DAYS), 40))
    made = []
    for number, day in enumerate(received, start=1):
        before = [stated for stated in STATED if stated < day]
        stated = before[-1] if chance.random() < 0.5 else before[chance.integers(0, len(before))]
        made.append(Delivery(number, day, stated, ACCOUNTS[chance.integers(0, len(ACCOUNTS))]))
    spans = [sorted(DAYS[i] for i in chance.integers(0, len(DAYS), 2)) for _ in range(3)]
    return made, [
        Range(*span, int(after)) for span, after in zip(spans, sorted(chance.integers(0, 40, 3)), strict=True)
    ]


def record(ledger: Ledger, deliveries: Iterable[Delivery], ranges: list[Range]) -> None:
    for delivery in deliveries:
        _ask(ledger, [(n, r) for n, r in enumerate(ranges, start=1) if r.after == delivery.number - 1])
        said = {"delivery_id": f"{delivery.number}", "source": "bank", "file_sha256": delivery.sha256, "page": None}
        known = {"verdict": "accepted", "business_date": delivery.received, "statement_date": delivery.stated}
        with ledger.transaction("delivery") as entry:
            entry.append(tables.deliveries, [fact(tables.deliveries, **said, **known)])


def _ask(ledger: Ledger, ranges: list[tuple[int, Range]]) -> None:
    for number, span in ranges:
        said = {"restatement": number, "first_date": span.first, "last_date": span.last}
        with ledger.transaction("restatement") as entry:
            entry.append(tables.restatements, [fact(tables.restatements, **said)])


def counted(ledger: Ledger, deliveries: list[Delivery], day: date) -> list[int]:
    """Numbers of the deliveries whose records count on a day."""
    own = frame(delivery for delivery in deliveries if delivery.received == day)
    again = restated(ledger, day, 10**6)
    later = frame(delivery for delivery in deliveries if delivery.received > day)
    records = own if again is None else in_effect(own, later, again)
    return sorted(int(sha256, 16) for sha256 in records["file_sha256"])


def frame(deliveries: Iterable[Delivery]) -> pd.DataFrame:
    rows = [
        {"file_sha256": d.sha256, "line": 1, "byte_offset": 0, "byte_length": 1, "record_kind": "cash", "feed": "mt940"}
        | {"account_id_source": d.account, "statement_date": d.stated, "payload": "{}"}
        for d in deliveries
    ]
    made = Record.frame(rows)
    return made.assign(source=pd.Series("bank", made.index, dtype="string[pyarrow]"))


def expected(deliveries: list[Delivery], ranges: list[Range], day: date) -> list[int]:
    """The same by loops over what was recorded; on days that nobody made again all that came counts."""
    here = [delivery for delivery in deliveries if counts_on(delivery, ranges) == day]
    if not any(span.first <= day <= span.last for span in ranges):
        return [delivery.number for delivery in here]
    last = {(delivery.stated, delivery.account): delivery.number for delivery in here}
    return sorted(last.values())


def counts_on(delivery: Delivery, ranges: list[Range]) -> date:
    home = next(day for day in DAYS if day > delivery.stated)
    known = [span for span in ranges if span.after >= delivery.number]
    moved = any(span.first <= home < delivery.received <= span.last for span in known)
    return home if moved else delivery.received


def test_what_is_accepted_after_a_restatement_waits_for_the_next(tmp_path: Path) -> None:
    """A file that was held when the days were made again, and released afterwards."""
    ledger, late = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite"), Delivery(1, DAYS[3], DAYS[0], "0001")
    span = Range(DAYS[0], DAYS[-1], 1)
    known = {"source": "bank", "file_sha256": late.sha256, "page": None, "business_date": late.received}
    held = fact(tables.deliveries, **known, delivery_id="1", statement_date=late.stated, verdict="quarantined")
    released = fact(tables.delivery_verdicts, delivery_id="1", verdict="accepted")
    found = []
    for step in (held, None, released, None):
        if step is None:
            _ask(ledger, [(len(found) + 1, span)])
            found.append(counted(ledger, [late], DAYS[1]))
            continue
        with ledger.transaction("delivery") as entry:
            entry.append(tables.deliveries if step is held else tables.delivery_verdicts, [step])
    assert found == [[], [1]]
    ledger.engine.dispose()


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ([("a", "")], {"a"}),
        ([("a", ""), ("b", "")], {"b"}),
        ([("a", "1/MORE"), ("b", "2/LAST")], {"a", "b"}),
        ([("b", "2/LAST"), ("a", "1/MORE")], {"a", "b"}),
        ([("a", "1/MORE"), ("b", "2/LAST"), ("c", "2/LAST")], {"a", "c"}),
        ([("a", "1/MORE"), ("b", "2/LAST"), ("c", "")], {"c"}),
        ([("a", ""), ("b", "1/MORE"), ("c", "2/LAST")], {"b", "c"}),
        ([("a", "1/MORE"), ("b", "2,3/LAST"), ("c", "1/LAST")], {"c"}),
    ],
    ids=[
        *("whole", "whole again", "two pages", "pages out of order", "a page again", "whole after pages"),
        *("pages after a whole", "fewer pages"),
    ],
)
def test_a_statement_stands_on_the_last_of_each_of_its_pages(files: list[tuple[str, str]], kept: set[str]) -> None:
    assert kept_files(files) == kept


def test_a_second_fund_s_statement_does_not_replace_the_first_s_on_a_restated_day(tmp_path: Path) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.sqlite")
    day, stated = DAYS[1], DAYS[0]
    funds = [Delivery(number, day, stated, "0001") for number in (1, 2)]
    record(ledger, funds, [])
    with ledger.transaction("test") as entry:
        rows = [{"delivery_id": str(n), "fingerprint": f"f{n}", "subject": f"fund {n}"} for n in (1, 2)]
        entry.append(tables.delivery_fingerprints, rows)
    _ask(ledger, [(1, Range(day, day, after=2))])
    assert counted(ledger, funds, day) == [1, 2]
    ledger.engine.dispose()
