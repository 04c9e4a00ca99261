"""The office's days as Dagster partitions: sessions of its exchange. Entities and sources are columns."""

import os
from datetime import date, datetime, timedelta

import dagster as dg
import pandas as pd

from fo_platform.calendars import HORIZON, sessions
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform.settings import Settings

FORMAT = "%Y-%m-%d"


def days_of(policy: Policy) -> dg.TimeWindowPartitionsDefinition:
    """Sessions from the office's first to its last day; the exchange's holidays are excluded from the weekdays."""
    first, last = pd.Timestamp(policy.office.first_day), pd.Timestamp(policy.office.last_day or HORIZON[1])
    open_days = set(sessions(policy.office.exchange, first, last))
    holidays = [day.to_pydatetime() for day in pd.bdate_range(first, last) if day not in open_days]
    return dg.TimeWindowPartitionsDefinition(
        start=first.strftime(FORMAT),
        end=(last + timedelta(days=1)).strftime(FORMAT),
        cron_schedule="0 0 * * 1-5",
        fmt=FORMAT,
        # Of a real clock's days today is one, although it has not ended; a simulated clock's days have all ended.
        end_offset=1 if policy.office.clock == "real" else 0,
        exclusions=[datetime.fromisoformat(day.isoformat()) for day in holidays],
    )


SETTINGS = Settings.read(os.environ)
POLICY = load_policy(SETTINGS.office_folder)
DAYS = days_of(POLICY)
"""One code location serves one office: its calendar is read once, when the location loads."""


def is_session(day: date) -> bool:
    """Whether a day is one of the office's partitions: no week-end and no holiday of its exchange."""
    return DAYS.has_partition_key(str(day))
