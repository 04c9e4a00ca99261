"""Where a scope's value may be over the sessions of a month. Losses at a confidence do not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.metrics.simulated_loss import HISTORY
from fo_platform.analytics.simulated_office import PROBABILITIES, SimulatedOffice, simulated_office
from fo_platform.contracts.analytics import SimulatedPaths


def simulated_paths(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    instruments: pd.DataFrame,
    allocation_targets: pd.DataFrame,
    factor_loadings: pd.DataFrame,
    factor_covariances: pd.DataFrame,
    specific_risks: pd.DataFrame,
    prices: pd.DataFrame,
    fx_rates: pd.DataFrame,
    factor_returns: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Quantiles of net asset value from the same paths as `simulated_loss`; session 0 is today's."""
    office = simulated_office(
        holdings,
        net_worth,
        instruments=instruments,
        allocation_targets=allocation_targets,
        factor_loadings=factor_loadings,
        factor_covariances=factor_covariances,
        specific_risks=specific_risks,
        prices=prices,
        fx_rates=fx_rates,
        factor_returns=factor_returns,
        day=day,
    )
    return SimulatedPaths.frame(_values(office))


METRIC = Metric(SimulatedPaths, simulated_paths, HISTORY)


def _values(office: SimulatedOffice) -> pd.DataFrame:
    losses = office.fans
    now = losses[["scope", "method"]].drop_duplicates().merge(pd.Series(PROBABILITIES, name="probability"), how="cross")
    rows = pd.concat([now.assign(session_ahead=0, loss_base=0.0), losses], ignore_index=True)
    value = rows["scope"].map(office.book.nav) - rows["loss_base"]
    return rows.assign(value_simulated_base=value).drop(columns="loss_base")
