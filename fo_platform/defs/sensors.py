"""Sensors do the routine: new files, drift, signatures. What makes something due belongs to operations."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps

import dagster as dg

from fo_platform.defs.jobs import close, evaluate, publish, release
from fo_platform.defs.partitions import POLICY, is_session
from fo_platform.office import Office
from fo_platform.operations.approve import releasable
from fo_platform.operations.drift import record_drift
from fo_platform.operations.intake import waiting
from fo_platform.operations.notices import tell

TICK_SECONDS = 10
"""How often each sensor looks."""

Requests = Iterator[dg.RunRequest | dg.SkipReason]
Look = Callable[[dg.SensorEvaluationContext], Requests]


def on_sessions(look: Look) -> Look:
    """A sensor that rests on days without a session, which have no partition."""

    @wraps(look)
    def tick(context: dg.SensorEvaluationContext) -> Requests:
        if is_session(_today(context)[1]):
            yield from look(context)
        else:
            yield dg.SkipReason("There is no session today; the next one takes up what arrives.")

    return tick


@dg.sensor(
    job=evaluate,
    required_resource_keys={"office"},
    minimum_interval_seconds=TICK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
@on_sessions
def arrivals(context: dg.SensorEvaluationContext) -> Requests:
    """Files in an inbox that the ledger does not know start the day's chain up to the decision."""
    office, day = _today(context)
    files = waiting(office, POLICY.sources)
    if not files:
        yield dg.SkipReason("No new file in any inbox.")
        return
    yield dg.RunRequest(run_key=f"arrivals:{day}:{files}", partition_key=str(day), tags={"fo/trigger": "arrivals"})


@dg.sensor(
    job=evaluate,
    required_resource_keys={"office"},
    minimum_interval_seconds=TICK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
@on_sessions
def drift(context: dg.SensorEvaluationContext) -> Requests:
    """Drift beyond the limit starts one evaluation; the ledger's episode says when another one is due."""
    office, day = _today(context)
    due = record_drift(office, day)
    if not due:
        yield dg.SkipReason(f"No evaluation is due on {day}; the reasons are in the ledger's drift events.")
    for item in due:
        tags = {"fo/trigger": "drift", "fo/scope": item.scope, "fo/reason": item.reason}
        yield dg.RunRequest(run_key=item.run_key, partition_key=str(day), tags=tags, asset_selection=_keys("decision"))


@dg.sensor(
    job=release,
    required_resource_keys={"office"},
    minimum_interval_seconds=TICK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
@on_sessions
def approvals(context: dg.SensorEvaluationContext) -> Requests:
    """A proposal that enough people signed is released, once a session while its approval holds."""
    office, day = _today(context)
    digests = releasable(office, day)
    if not digests:
        yield dg.SkipReason("No signed proposal waits for its release.")
    for digest in digests:
        yield dg.RunRequest(
            run_key=f"{digest}:{day}", partition_key=str(day), tags={"fo/trigger": "approval", "fo/digest": digest}
        )


@dg.sensor(
    required_resource_keys={"office"},
    minimum_interval_seconds=TICK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def notices(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Channels are told of alerts that opened or became worse."""
    office, _ = _today(context)
    outcomes = tell(office)
    failed = sum(row["outcome"] == "failed" for row in outcomes)
    return dg.SkipReason(f"{len(outcomes) - failed} notices sent, {failed} not taken; `fo alerts list` shows them.")


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[close],
    request_job=publish,
    minimum_interval_seconds=TICK_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def closings(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    """A day that was closed is published."""
    return published(context.dagster_run)


def published(closed: dg.DagsterRun) -> dg.RunRequest:
    """The run that publishes what a run closed."""
    return dg.RunRequest(run_key=f"closings:{closed.run_id}", partition_key=closed.tags["dagster/partition"])


SENSORS = [arrivals, drift, approvals, notices, closings]


def _today(context: dg.SensorEvaluationContext) -> tuple[Office, date]:
    office: Office = context.resources.office
    return office, office.ledger.clock.business_date


def _keys(schema: str) -> list[dg.AssetKey]:
    from fo_platform.defs._table import RECIPES  # noqa: PLC0415 - filled while the location loads.

    return [
        dg.AssetKey(name.split("."))
        for name in RECIPES
        if name.startswith(f"{schema}.") and name != "decision.approval"
    ]
