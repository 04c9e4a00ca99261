"""Value at risk and expected shortfall of every scope. What each line adds to them does not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.risk_book import HISTORY, Held, Past
from fo_platform.analytics.simulated_office import simulated_office
from fo_platform.contracts.analytics import SimulatedLoss


def simulated_loss(held: Held, past: Past, day: pd.Timestamp) -> pd.DataFrame:
    """Losses of today's holdings that are kept as they are, over each horizon; in base currency and over NAV.

    Longer horizons are sums of independent or resampled sessions, not compounded. A fraction of a NAV that is not
    above zero is unknown.
    """
    office = simulated_office(held, past, day)
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
