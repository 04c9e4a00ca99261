"""Opening the brokers that the environment binds. What a broker does belongs to brokers."""

from datetime import date

import pandas as pd

from fo_platform.brokers._paper_fills import PaperTerms
from fo_platform.brokers.paper import PaperBroker
from fo_platform.calendars import settlement_date
from fo_platform.contracts.reference import Instruments, SettlementCycles
from fo_platform.errors import SettingsError
from fo_platform.office import Office
from fo_platform.operations.read import of_day

SEED = 7
"""Seed of the paper broker's sessions."""


def open_broker(office: Office, name: str, day: date) -> PaperBroker:
    """The bound broker of a name, with settlement dates by the day's instruments and cycles."""
    if name not in office.settings.bindings.brokers:
        raise SettingsError(f"No broker {name} is bound.", f"Bind it in {office.settings.environment_file.name}.")
    markets = of_day(office, Instruments, day).set_index("instrument_id")["market"].to_dict()
    cycles = of_day(office, SettlementCycles, day)

    def settles(instrument_id: str, trade_date: date) -> date:
        return settlement_date(pd.Timestamp(trade_date), markets[instrument_id], cycles).date()

    return PaperBroker(office.settings.broker_folder(name), PaperTerms(seed=SEED), settles)
