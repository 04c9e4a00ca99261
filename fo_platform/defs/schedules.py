"""Schedules: the close of the session. Everything else is started by what happened, in sensors."""

import dagster as dg

from fo_platform.clock import CLOSE, OFFICE_ZONE
from fo_platform.defs.jobs import close
from fo_platform.defs.partitions import is_session
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


SCHEDULES = [close_of_day]
