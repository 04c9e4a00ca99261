"""Covariance of the factors once more, by scikit-learn."""

import numpy as np
import pandas as pd
from sklearn.covariance import ledoit_wolf

from fo_platform_tests.analytics.second._factors import complete_factors


def second(read) -> pd.DataFrame:
    """Annual covariances, and of how many dates."""
    names, factors = complete_factors(read)
    columns = ["factor_1", "factor_2", "covariance_annual", "observations"]
    if len(factors) < 36:
        return pd.DataFrame(columns=columns)
    covariance, _ = ledoit_wolf(np.array(list(factors.values())))
    cells = [(a, b, covariance[i, j] * 252, len(factors)) for i, a in enumerate(names) for j, b in enumerate(names)]
    return pd.DataFrame(cells, columns=columns)
