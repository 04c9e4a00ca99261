"""Which accepted deliveries stand: the last of every statement, page and subject."""

import pandas as pd

from fo_platform.custodians.accepted import standing

COLUMNS = ["delivery_id", "verdict", "feed", "account_id_source", "statement_date", "subject", "page"]


def _standing(*rows: tuple[str, str, str | None, str | None]) -> list[str]:
    """Identifiers of what stands. rows: identifier, verdict, subject, page; all of one feed, account and day."""
    told = [(name, verdict, "f", "A", "2022-06-14", subject, page) for name, verdict, subject, page in rows]
    frame = pd.DataFrame(told, columns=COLUMNS).astype(pd.StringDtype("pyarrow"))
    return list(standing(frame)["delivery_id"])


def test_a_statement_that_is_stated_again_stands_once_as_it_was_last() -> None:
    assert _standing(("1", "accepted", None, None), ("2", "accepted", None, None)) == ["2"]


def test_another_page_or_another_fund_takes_nobody_s_place() -> None:
    pages = [("1", "accepted", None, "1/MORE"), ("2", "accepted", None, "2/LAST"), ("3", "accepted", None, "1/MORE")]
    assert _standing(*pages) == ["2", "3"]
    funds = [("1", "accepted", "a", None), ("2", "accepted", "b", None), ("3", "accepted", "a", None)]
    assert _standing(*funds) == ["2", "3"]


def test_what_is_held_rejected_or_a_copy_does_not_stand() -> None:
    verdicts = ("quarantined", "incomplete", "unknown", "duplicate", "rejected")
    assert _standing(*((verdict, verdict, None, None) for verdict in verdicts)) == []
