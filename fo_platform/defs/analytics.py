"""The analytics tables, one a file of analytics/metrics. The metrics themselves belong to analytics."""

import dagster as dg

from fo_platform.analytics.metric import Metric, Read
from fo_platform.contracts.analytics import Alerts
from fo_platform.defs._table import Effect, previous, table_asset, window
from fo_platform.lineage.recipe import Read as TableRead
from fo_platform.operations.alerts import record_alerts
from fo_platform.registry import discover

AFTER: dict[str, Effect] = {Alerts.name: record_alerts}
"""What the ledger is told of a table once the day's is stored."""


def _read(table: str, how: Read) -> TableRead | None:
    """A metric's way of reading as the recipe's; a table of the day needs no declaration."""
    if isinstance(how, tuple):
        return window(table, how[1])
    return previous(table) if how == "previous" else None


def _asset(metric: Metric) -> dg.AssetsDefinition:
    reads = {table: read for table, how in metric.reads.items() if (read := _read(table, how))}
    after = AFTER.get(metric.contract.name)
    return table_asset(metric.contract, reads=reads, exact=metric.exact, after=after, audience="family")(metric.compute)


METRICS = [
    metric for metric in discover("fo_platform.analytics.metrics", "METRIC").values() if isinstance(metric, Metric)
]
ANALYTICS_ASSETS = [_asset(metric) for metric in METRICS]
