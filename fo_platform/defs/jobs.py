"""The jobs: evaluate, release, close, publish, history's range run. When they run is told by sensors, schedules."""

import dagster as dg

DECISION = dg.AssetSelection.groups("decision") - dg.AssetSelection.assets("decision/approval")
MEASURED = dg.AssetSelection.groups("reference", "policy", "raw", "book", "analytics")
EVALUATED = MEASURED | DECISION
RELEASED = dg.AssetSelection.assets(
    "decision/approval", "execution/pretrade_checks", "execution/orders", "execution/fills"
)
CLOSED = RELEASED | dg.AssetSelection.groups("execution")

ALONE = {"dagster/concurrency_key": "broker"}
"""Releasing is done by one run at a time; the ledger's lease makes sure even where the scheduler does not."""

evaluate = dg.define_asset_job(
    "evaluate",
    EVALUATED,
    description="From what arrived to the plan that could be signed.",
    executor_def=dg.in_process_executor,
)
release = dg.define_asset_job(
    "release",
    RELEASED,
    description="Send what two people signed; without a valid signature it sends nothing and succeeds.",
    executor_def=dg.in_process_executor,
    tags=ALONE,
)
close = dg.define_asset_job(
    "close",
    CLOSED,
    description="The day's executions, settlements and the reconciliation report.",
    executor_def=dg.in_process_executor,
)
history = dg.define_asset_job(
    "history",
    MEASURED,
    description="What was owned and what it meant, over a range of days in one run.",
    executor_def=dg.in_process_executor,
)

publish = dg.define_asset_job(
    "publish",
    dg.AssetSelection.groups("marts"),
    description="The marts, brought up to all that is known.",
    executor_def=dg.in_process_executor,
)

JOBS = [evaluate, release, close, history, publish]
