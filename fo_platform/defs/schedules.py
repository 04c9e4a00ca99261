"""Schedules: morning pulls and the close of the session. All else is started by what happened, in sensors."""

import dagster as dg

from fo_platform.clock import CLOSE, OFFICE_ZONE
from fo_platform.defs.jobs import close, evaluate
from fo_platform.defs.partitions import POLICY, is_session
from fo_platform.office import Office


@dg.schedule(
    job=close,
    cron_schedule=f"{CLOSE.minute} {CLOSE.hour} * * 1-5",
    execution_timezone=str(OFFICE_ZONE),
    required_resource_keys={"office"},
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def close_of_day(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """After the session the day's executions, settlements and report are stated; a simulated day is closed by `fo`."""
    office: Office = context.resources.office
    day = office.ledger.clock.business_date
    if office.ledger.clock.is_simulated or not is_session(day):
        return dg.SkipReason(f"{day} has no session to close in real time.")
    return dg.RunRequest(run_key=f"close:{day}", partition_key=str(day))


@dg.schedule(
    job=evaluate,
    cron_schedule="*/30 6-10 * * 1-5",
    execution_timezone=str(OFFICE_ZONE),
    required_resource_keys={"office"},
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def morning_pulls(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Sources that do not put files into an inbox are asked for theirs, and the day's chain follows."""
    office: Office = context.resources.office
    day = office.ledger.clock.business_date
    remote = [name for name, source in POLICY.sources.items() if source.transport.kind != "directory"]
    if not remote or not is_session(day):
        return dg.SkipReason(f"Nothing is to be fetched on {day}.")
    at = context.scheduled_execution_time
    return dg.RunRequest(run_key=f"pulls:{at:%Y-%m-%dT%H:%M}", partition_key=str(day), tags={"fo/trigger": "pulls"})


SCHEDULES = [close_of_day, morning_pulls]
