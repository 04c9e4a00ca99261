"""Our pages: what they show of the status document, and that nothing in it can become markup."""

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from fo_platform.settings import Settings
from fo_platform.web import pages

ENTITY = {
    "net_worth": "119000000.00",
    "drift_tradeable": "0.021300",
    "verdict": "TRADE",
    "reason": "worth <b>42,000</b> a year",
    "cost_of_drift_per_day": "812.10",
    "cost_of_drift": "65000.00",
    "cost_of_trading": "23456.78",
    "tax": "0.00",
}
STATUS: dict[str, Any] = {
    "office": "demo",
    "business_date": "2022-06-14",
    "clock": "2022-06-14T11:30+00:00",
    "deliveries": 9,
    "quarantined": 1,
    "late": 2,
    "missing": 3,
    "batches": 46,
    "breaks": {"open": 4, "critical": 5},
    "net_worth": "500123456.78",
    "drift_total": "0.018000",
    "drift_tradeable": "0.021300",
    "verdicts": {"foundation": "TRADE"},
    "cost_of_drift_per_day": "812.10",
    "cost_of_trading": "23456.78",
    "orders": 6,
    "fills": 7,
    "settled": 8,
    "pending": 10,
    "audit_head": "ab" * 32,
    "entities": {"foundation": ENTITY, "trust": dict.fromkeys(ENTITY) | {"drift_tradeable": "0.000000"}},
}


@pytest.fixture
def page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """The first page of an office whose status is made up."""
    monkeypatch.setattr(pages, "status", lambda _office: STATUS)
    return bytes(_first_page(settings).body).decode()


def _first_page(settings: Settings) -> Response:
    return pages.today(settings)(Request({"type": "http"}))


@pytest.mark.parametrize(
    "words",
    [
        "demo, 2022-06-14",
        "500,123,457",
        "2.13%",
        "1 quarantined, 2 late, 3 missing",
        "5 critical",
        "7 fills, 8 settled, 10 pending",
        "<td>foundation</td>",
        "23,457",
        "TRADE",
        "Audit head abababababababab",
    ],
)
def test_the_first_page_shows_the_state_of_the_day(page: str, words: str) -> None:
    assert words in page


def test_what_a_file_or_a_person_wrote_is_text_not_markup(page: str) -> None:
    assert "worth &lt;b&gt;42,000&lt;/b&gt; a year" in page


def test_an_entity_without_a_verdict_has_a_dash(page: str) -> None:
    trust = page[page.index("<td>trust</td>") :]
    assert trust.count("<td>–</td>") == 3


def test_our_pages_run_no_script(settings: Settings) -> None:
    answer = _first_page(settings)
    assert b"<script" not in answer.body
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
