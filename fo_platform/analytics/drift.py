"""One figure for many classes' distances from their targets. Breaches of a limit belong to allocation_drift."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class ClassRisk:
    """Risk of asset classes in factor form, and the part of each class's value that it speaks of.

    loadings: classes x factors. specific: annual variance of each class that factors leave. factors: annual covariance.
    """

    loadings: pd.DataFrame
    specific: pd.Series
    covered: pd.Series
    factors: pd.DataFrame

    def tracking_error(self, drift: pd.Series) -> float:
        """sqrt(d' (B F B' + D) d) a year, of drift by class; unknown where a drifted class has no risk."""
        apart = drift[drift != 0]
        if not apart.index.isin(self.loadings.index).all():
            return float("nan")
        exposure = apart.to_numpy() @ self.loadings.loc[apart.index].to_numpy()
        own = apart.to_numpy() ** 2 @ self.specific[apart.index].to_numpy()
        return float(np.sqrt(exposure @ self.factors.to_numpy() @ exposure + own))

    def coverage(self, drift: pd.Series) -> float:
        """Part of sum|d| that rests on the classes' own holdings; unknown without drift."""
        size = drift.abs()
        known = self.covered.reindex(size.index).fillna(0.0)
        return float((size * known).sum() / size.sum()) if size.sum() else float("nan")


def class_risk(
    held: pd.DataFrame, proxies: pd.Series, loadings: pd.DataFrame, specific: pd.DataFrame, factors: pd.DataFrame
) -> ClassRisk:
    """Risk of every class from what is held in it, weighted by value; a class without risk of its own has its proxy's.

    held: asset_class, instrument_id, market_value_base. proxies: liquid class by illiquid class. loadings,
    specific, factors: tables factor_loadings, specific_risks and factor_covariances. Risk that factors leave of one
    instrument is independent of any other's; a proxy's share that is covered is zero.
    """
    sensitivity = loadings.pivot(index="instrument_id", columns="factor", values="loading")
    variance = specific.set_index("instrument_id")["specific_volatility_annual"] ** 2
    values = held.groupby(["asset_class", "instrument_id"])["market_value_base"].sum()
    known = values[values.index.isin(sensitivity.index.intersection(variance.index), level="instrument_id")]
    total = known.groupby("asset_class").transform("sum")
    weights = (known / total)[total != 0].unstack().fillna(0.0)
    own = weights @ sensitivity.reindex(weights.columns)
    unexplained = weights**2 @ variance.reindex(weights.columns)
    gross = values.abs().groupby("asset_class").sum()
    covered = (known.abs().groupby("asset_class").sum() / gross).reindex(own.index)
    standing_in = proxies[~proxies.index.isin(own.index) & proxies.isin(own.index)]
    borrowed = own.reindex(standing_in.to_list()).set_axis(standing_in.index)
    square = factors.pivot(index="factor_1", columns="factor_2", values="covariance_annual")
    return ClassRisk(
        loadings=pd.concat([own, borrowed]).reindex(columns=square.index),
        specific=pd.concat([unexplained, unexplained.reindex(standing_in.to_list()).set_axis(standing_in.index)]),
        covered=covered,
        factors=square.reindex(columns=square.index),
    )


def distances(drift: pd.Series, target: pd.Series) -> dict[str, float]:
    """Distances of drift d from zero, and of d from targets t, by class; all unknown where a drift is.

    drift_max: max|d|. turnover_one_way: sum|d|/2, the part that must be sold to be on target. drift_l2: Euclidean
    length. drift_relative_max: max|d/t| over classes with a target above zero, unknown without one. off_zero_targets:
    classes held although their target is zero, for which d/t is undefined.
    """
    if drift.empty or drift.isna().any():
        return dict.fromkeys(
            ["drift_max", "turnover_one_way", "drift_l2", "drift_relative_max", "off_zero_targets"], float("nan")
        )
    size = drift.abs()
    return {
        "drift_max": float(size.max()),
        "turnover_one_way": float(size.sum() / 2),
        "drift_l2": float(np.sqrt((size**2).sum())),
        "drift_relative_max": float((size / target)[target > 0].max()),
        "off_zero_targets": float(((target == 0) & (drift != 0)).sum()),
    }
