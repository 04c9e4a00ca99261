"""Where a scope's value may be over the sessions of a month. Losses at a confidence do not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.risk_book import HISTORY, Held, Past
from fo_platform.analytics.simulated_office import PROBABILITIES, SimulatedOffice, simulated_office
from fo_platform.contracts.analytics import SimulatedPaths


def simulated_paths(held: Held, past: Past, day: pd.Timestamp) -> pd.DataFrame:
    """Quantiles of net asset value from the same paths as `simulated_loss`; session 0 is today's."""
    office = simulated_office(held, past, day)
    return SimulatedPaths.frame(_values(office))


METRIC = Metric(SimulatedPaths, simulated_paths, HISTORY)


def _values(office: SimulatedOffice) -> pd.DataFrame:
    losses = office.fans
    now = losses[["scope", "method"]].drop_duplicates().merge(pd.Series(PROBABILITIES, name="probability"), how="cross")
    rows = pd.concat([now.assign(session_ahead=0, loss_base=0.0), losses], ignore_index=True)
    value = rows["scope"].map(office.book.nav) - rows["loss_base"]
    return rows.assign(value_simulated_base=value).drop(columns="loss_base")
