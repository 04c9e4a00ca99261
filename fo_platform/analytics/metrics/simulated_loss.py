"""Value at risk and expected shortfall of every scope. What each line adds to them does not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric, Read
from fo_platform.analytics.returns import WINDOW
from fo_platform.analytics.simulated_office import simulated_office
from fo_platform.contracts.analytics import SimulatedLoss

HISTORY: dict[str, Read] = dict.fromkeys(("prices", "fx_rates", "factor_returns"), ("window", WINDOW))
"""What every simulation reads of the past."""


def simulated_loss(
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
    """Losses of today's holdings that are kept as they are, over each horizon; in base currency and over NAV.

    Longer horizons are sums of independent or resampled sessions, not compounded. A fraction of a NAV that is not
    above zero is unknown.
    """
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
    rows = office.tails
    nav = rows["scope"].map(office.book.nav.where(office.book.nav > 0))
    return SimulatedLoss.frame(
        rows.assign(
            value_at_risk=rows["value_at_risk_base"] / nav,
            expected_shortfall=rows["expected_shortfall_base"] / nav,
            paths=rows["paths"].fillna(0),
            seed=office.seed,
            coverage_share=rows["scope"].map(office.book.coverage_share),
        )
    )


METRIC = Metric(SimulatedLoss, simulated_loss, HISTORY)
