"""Schedules: the close of the session. Everything else is started by what happened, in sensors."""

import dagster as dg

from fo_platform.clock import CLOSE, OFFICE_ZONE
from fo_platform.defs.jobs import close
from fo_platform.office import Office


@dg.schedule(
    job=close,
    cron_schedule=f"{CLOSE.minute} {CLOSE.hour} * * 1-5",
    execution_timezone=str(OFFICE_ZONE),
    required_resource_keys={"office"},
)
def close_of_day(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """After the session the day's executions, settlements and report are stated."""
    office: Office = context.resources.office
    day = office.ledger.clock.business_date
    return dg.RunRequest(run_key=f"close:{day}", partition_key=str(day))


SCHEDULES = [close_of_day]
