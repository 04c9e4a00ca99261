"""Annual covariance of factor returns. Loadings on the factors do not belong here."""

import pandas as pd

from fo_platform.analytics.covariance import ledoit_wolf
from fo_platform.analytics.factor_model import OBSERVATIONS_MIN
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.returns import SESSIONS_PER_YEAR, WINDOW, complete_factors
from fo_platform.contracts.analytics import FactorCovariances


def factor_covariances(factor_returns: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Ledoit-Wolf covariance of daily factor returns x 252, both triangles; no row from too few complete dates."""
    factors = complete_factors(factor_returns, day)
    if len(factors) < OBSERVATIONS_MIN:
        return FactorCovariances.frame()
    covariance, _ = ledoit_wolf(factors.to_numpy())
    square = pd.DataFrame(covariance * SESSIONS_PER_YEAR, index=factors.columns, columns=factors.columns)
    long = square.rename_axis("factor_1").melt(var_name="factor_2", value_name="covariance_annual", ignore_index=False)
    return FactorCovariances.frame(long.reset_index().assign(observations=len(factors)))


METRIC = Metric(FactorCovariances, factor_covariances, {"factor_returns": ("window", WINDOW)})
