"""Factor exposure and specific volatility of an owner's instruments. Their estimation does not belong here."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from fo_platform.decision.inputs import Inputs
from fo_platform.decision.lines import CASH
from fo_platform.decision.model import Array
from fo_platform.errors import DataError


def risk_model(inputs: Inputs, value: pd.Series, is_open: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Exposure to independent factors, and specific volatility, by instrument.

    value: what is held of each instrument. Money without a row carries no risk, nor does what has no known worth and
    may not be traded, such as a holding that no identifier names: its doubt is weighed apart.
    """
    names = value.index
    wide = inputs.factor_covariances.pivot_table(index="factor_1", columns="factor_2", values="covariance_annual")
    loadings = inputs.factor_loadings.pivot_table(index="instrument_id", columns="factor", values="loading")
    loadings = loadings.reindex(columns=wide.index).fillna(0.0)
    specific = inputs.specific_risks.set_index("instrument_id")["specific_volatility_annual"]
    counts = ~names.str.startswith(CASH) & ((value != 0).to_numpy() | is_open)
    unknown = names[counts & ~(names.isin(loadings.index) & names.isin(specific.index))]
    if len(unknown):
        raise DataError(f"{', '.join(unknown)} have no risk figures.", "Rebuild analytics/factor_loadings for the day.")
    size, vectors = np.linalg.eigh(wide.reindex(columns=wide.index).to_numpy(float))
    root = vectors * np.sqrt(np.maximum(size, 0.0))
    held = loadings.reindex(names).fillna(0.0).to_numpy(float)
    return held @ root, specific.reindex(names).fillna(0.0).to_numpy(float)
