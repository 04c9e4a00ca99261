"""The numbers shown beside a table: every table has some, they are right, and they name no account."""

import json

import pandas as pd
import pytest

from fo_platform.contracts.analytics import AllocationDrift
from fo_platform.contracts.book import NetWorth, ReconciliationBreaks
from fo_platform.contracts.catalogue import tables
from fo_platform.defs._figures import FIGURES, figures

TABLES = [table for table in tables() if table.schema_name != "marts"]
"""Those that our functions make; dbt's are shown with their rows."""


def test_every_table_shows_figures_and_nothing_else_does() -> None:
    assert set(FIGURES) == {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_day_without_rows_has_figures_that_can_be_shown(table: type) -> None:
    json.dumps(figures(table, table.frame()), allow_nan=False)


def test_counts_of_a_closed_set_fall_to_zero_and_sums_skip_what_is_unknown() -> None:
    breaks = ReconciliationBreaks.frame(
        [
            {"break_id": "a", "severity": "warn", "materiality_base": "10.50"},
            {"break_id": "b", "severity": "warn", "materiality_base": "0.25"},
            {"break_id": "c", "severity": "info"},
        ]
    )
    assert figures(ReconciliationBreaks, breaks) == {
        "severity info": 1,
        "severity warn": 2,
        "severity critical": 0,
        "materiality_base": 10.75,
    }


def test_figures_by_owner_and_of_the_office() -> None:
    worth = NetWorth.frame([{"entity_id": "trust", "nav_base": "12.50"}, {"entity_id": "office", "nav_base": "20"}])
    assert figures(NetWorth, worth) == {"trust": 12.5, "office": 20.0}
    drift = pd.DataFrame(
        {
            "scope": ["office", "trust", "office"],
            "asset_class": ["cash", "cash", "us_equity"],
            "drift_total": [0.01, 0.5, float("nan")],
            "is_breach": [True, True, False],
            "is_hard_breach": [False, False, False],
        }
    )
    assert figures(AllocationDrift, drift) == {"cash": 0.01, "is_breach": 2, "is_hard_breach": 0}
