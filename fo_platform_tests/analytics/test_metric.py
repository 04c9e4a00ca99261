"""Every file of analytics/metrics declares one table, and reads tables that exist."""

from pathlib import Path

import pytest

from fo_platform.analytics import metrics
from fo_platform.analytics.metric import Metric
from fo_platform.contracts import analytics, book, policy, reference
from fo_platform.contracts._base import Table
from fo_platform.lineage.recipe import parameters
from fo_platform.registry import discover

FOUND = discover(metrics.__name__, "METRIC")
TABLES = {table.table_name for table in Table.__subclasses__()}
SCHEMAS = (analytics, book, policy, reference)


@pytest.mark.parametrize("name", FOUND)
def test_a_metric_s_file_contract_and_function_bear_the_table_s_name(name: str) -> None:
    metric = FOUND[name]
    assert isinstance(metric, Metric)
    assert metric.contract.name == f"analytics.{name}"
    assert metric.compute.__name__ == name


@pytest.mark.parametrize("name", FOUND)
def test_a_metric_reads_known_tables_and_of_its_own_only_earlier_days(name: str) -> None:
    named = [part for parts in parameters(FOUND[name].compute).values() for part in parts]
    assert {part.removesuffix("_previous") for part in named} <= TABLES | {"day"}
    assert name not in named


def test_every_contract_of_analytics_has_its_metric() -> None:
    tables = {t.table_name for t in Table.__subclasses__() if t.schema_name == "analytics"}
    assert set(FOUND) == tables


def test_every_metric_has_a_test_of_its_own() -> None:
    texts = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    assert [name for name in FOUND if f"metrics.{name} import" not in texts] == []


@pytest.mark.parametrize("name", FOUND)
def test_a_metric_says_how_to_read_only_what_it_takes(name: str) -> None:
    named = {part for parts in parameters(FOUND[name].compute).values() for part in parts}
    assert set(FOUND[name].reads) <= named
