"""Can we work?: what is not here, what stands on it in dollars, when it usually comes, in one sentence."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from fo_platform.contracts.book import ExpectedDeliveries, ReconciledPositions
from fo_platform.operations.readiness import readiness

NOW = datetime(2022, 6, 15, 20, tzinfo=UTC)
ZONE = "America/New_York"
DUE = {
    "source": "swiss_bank", "feed": "mt535", "account_id": "trust_swiss", "expected_date": "2022-06-14",
    "expected_by_at": "2022-06-15T11:30Z", "time_zone": ZONE, "statement_date": "2022-06-14",
    "coverage_status": "received", "age_sessions": 0, "row_count": 1,
}  # fmt: skip
MISSING = DUE | {
    "statement_date": "2022-06-13", "coverage_status": "missing", "age_sessions": 1, "reason": "Nothing came.",
    "remedy": "Ask.",
}  # fmt: skip
MARKET = {"source": "market_data", "feed": "market_csv", "account_id": "*"}
HELD = [("trust_swiss", "A", "60.10"), ("trust_swiss", "B", "-20.10"), ("llc_us", "A", "120"), ("llc_us", "C", None)]


def _ready(*due: dict[str, Any], held: list[tuple[str, str, str | None]] = HELD, **more: Any) -> dict[str, Any]:
    names = ["account_id", "instrument_id", "market_value_base"]
    rows = [dict(zip(names, row, strict=True)) for row in held]
    flags = {"is_priced": True, "is_stale": False, "has_break": False}
    positions = ReconciledPositions.frame(pd.DataFrame(rows, columns=names).assign(**flags))
    told = {"critical_breaks": 0, "now": NOW} | more
    return readiness(ExpectedDeliveries.frame(due), positions, **told)


def test_an_office_where_everything_due_is_here_is_ready() -> None:
    late_and_here = DUE | {"feed": "mt940", "coverage_status": "late"}
    early = DUE | {"account_id": "llc_us", "statement_date": "2022-06-15", "coverage_status": "restated"}
    never_due = MISSING | {"feed": "notice", "expected_date": None, "expected_by_at": None, "statement_date": None}
    answer = _ready(DUE, late_and_here, early, never_due)
    assert (answer["answer"], answer["gaps"], answer["affected_base"]) == ("ready", [], "0.00")
    assert answer["sentence"] == "ready: everything that was due is here."


def test_a_gap_is_told_with_what_stands_on_it_and_when_it_usually_comes() -> None:
    learnt = {"arrival_minutes_usual": 425, "arrival_days_usual": 1}
    both = [MISSING | learnt, MISSING | learnt | {"feed": "mt940"}]
    answer = _ready(*both, DUE | {"account_id": "llc_us"})
    assert answer["answer"] == "ready with gaps"
    assert (answer["affected_base"], answer["carried_base"]) == ("80.20", "200.20"), "each account once, absolute"
    assert answer["sentence"] == (
        "ready with gaps: $80 of $200 stands on older statements: swiss_bank mt535 and mt940 missing for trust_swiss "
        "(usually at 07:05 America/New_York, 1 day after its date)."
    )
    assert [(gap["status"], gap["carried_from"], gap["market_value_base"]) for gap in answer["gaps"]] == [
        ("missing", "2022-06-13", "80.20")
    ] * 2


def test_a_feed_that_nothing_is_known_of_is_told_with_its_cut_off() -> None:
    gap = _ready(MISSING | {"statement_date": None})["gaps"][0]
    assert (gap["usually"], gap["carried_from"]) == (f"due by 2022-06-15 07:30 {ZONE}", None)


def test_what_is_not_due_yet_is_awaited_and_not_missing() -> None:
    before, after = (
        _ready(MISSING, now=datetime(2022, 6, 15, hour, tzinfo=UTC))["gaps"][0]["status"] for hour in (11, 12)
    )
    assert (before, after) == ("awaited", "missing")


def test_nobody_works_without_market_data() -> None:
    answer = _ready(DUE, MISSING | MARKET)
    assert (answer["answer"], answer["affected_base"]) == ("not ready", "200.20")
    assert "market_data market_csv missing for everything" in answer["sentence"]


def test_more_old_statements_than_new_ones_are_no_basis_and_exactly_half_is() -> None:
    half = [("trust_swiss", "A", "100.00"), ("llc_us", "B", "100.00")]
    assert _ready(MISSING, held=half)["answer"] == "ready with gaps"
    assert _ready(MISSING, held=[*half, ("trust_swiss", "C", "-0.01")])["answer"] == "not ready"


def test_an_office_that_carries_nothing_is_not_ready() -> None:
    answer = _ready(DUE, held=[])
    assert (answer["answer"], answer["sentence"]) == ("not ready", "not ready: nothing is carried yet.")


def test_a_critical_break_is_a_gap_of_its_own() -> None:
    answer = _ready(DUE, critical_breaks=2)
    assert (answer["answer"], answer["sentence"]) == ("ready with gaps", "ready with gaps: 2 critical breaks are open.")


def test_what_stands_on_gaps_never_exceeds_what_is_carried() -> None:
    accounts = [MISSING | {"account_id": name} for name in ("trust_swiss", "llc_us", "unheard_of")]
    answer = _ready(*accounts, MISSING | MARKET)
    assert Decimal(answer["affected_base"]) <= Decimal(answer["carried_base"])
