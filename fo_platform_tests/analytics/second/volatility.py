"""Volatilities once more, series by series in plain loops."""

from math import floor, isnan, nan, sqrt

import pandas as pd

from fo_platform_tests.analytics.second._histories import class_histories
from fo_platform_tests.analytics.second._valuations import desmoothed, own_volatilities


def second(read) -> pd.DataFrame:
    """Every volatility of every class, and what it covers."""
    _, histories, values = class_histories(read)
    valued, rows = own_volatilities(read), []
    for (scope, name), (series, coverage, proxy) in histories.items():
        known = [each for each in series if not isnan(each)]
        known = _sized(known, values[scope, name], valued) if proxy else known
        figures = _figures(known) if len(known) >= 36 else [nan] * 5
        rows.append((scope, name, *figures, len(known), coverage, proxy))
    columns = (
        "scope asset_class volatility_annual volatility_ewma_annual volatility_newey_west_annual "
        "volatility_desmoothed_annual autocorrelation observations coverage_share proxy_asset_class"
    )
    return pd.DataFrame(rows, columns=columns.split())


def _sized(returns, lines, valued):
    """Returns of a stand-in, larger or smaller by what each line's own volatility makes of its part of the value."""
    mean = sum(returns) / len(returns)
    plain = sqrt(sum((each - mean) ** 2 for each in returns) / (len(returns) - 1) * 252)
    parts = [abs(value) * valued.get(name, plain) / plain for name, value in lines.items()]
    size = sum(parts) / sum(abs(value) for value in lines.values())
    return [size * each for each in returns]


def _figures(returns):
    count = len(returns)
    mean = sum(returns) / count
    centred = [each - mean for each in returns]
    products = [sum(a * b for a, b in zip(centred[lag:], centred, strict=False)) for lag in range(count)]
    lags = floor(4 * (count / 100) ** (2 / 9))
    long_run = products[0] + 2 * sum((1 - lag / (lags + 1)) * products[lag] for lag in range(1, lags + 1))
    weights = [0.94 ** (count - 1 - place) for place in range(count)]
    ewma = sum(w * each**2 for w, each in zip(weights, returns, strict=True)) / sum(weights)
    plain = sqrt(products[0] / (count - 1) * 252)
    rho = products[1] / products[0] if max(returns) > min(returns) else nan
    true = desmoothed(returns)
    middle = sum(true) / len(true)
    unsmoothed = sqrt(sum((each - middle) ** 2 for each in true) / (len(true) - 1) * 252)
    return plain, sqrt(ewma * 252), sqrt(max(long_run, 0) / (count - 1) * 252), unsmoothed, rho
