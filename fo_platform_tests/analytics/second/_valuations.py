"""Volatilities of appraised assets from their valuations, in plain loops. Who stands in for them belongs elsewhere."""

from collections import defaultdict
from math import isnan, sqrt


def own_volatilities(read):
    """By instrument: the highest of its accounts, of those with 37 valuations or more."""
    histories, found = defaultdict(dict), {}
    for row in read("book.valuations").itertuples():
        if row.appraisal_method != "cost":
            histories[row.account_id, row.instrument_id, row.currency][row.appraisal_date] = row.market_value_local
    for (_, name, _), dated in histories.items():
        volatility = _volatility(dated)
        if volatility >= 0.001:
            found[name] = max(volatility, found.get(name, 0.0))
    return found


def desmoothed(returns):
    """What a lag took out of returns, put back; as they are where they do not follow one another."""
    mean = sum(returns) / len(returns)
    centred = [each - mean for each in returns]
    squares = sum(each**2 for each in centred)
    rho = sum(a * b for a, b in zip(centred, centred[1:], strict=False)) / squares if squares else 0.0
    if isnan(rho) or rho <= 0:
        return returns
    return [(later - rho * before) / (1 - rho) for before, later in zip(returns, returns[1:], strict=False)]


def _volatility(dated):
    dates = sorted(dated)
    if len(dates) < 37 or min(dated.values()) <= 0:
        return 0.0
    returns = [dated[later] / dated[before] - 1 for before, later in zip(dates, dates[1:], strict=False)]
    true = desmoothed(returns)
    mean = sum(true) / len(true)
    a_year = len(returns) / ((dates[-1] - dates[0]).days / 365.25)
    return sqrt(sum((each - mean) ** 2 for each in true) / (len(true) - 1) * a_year)
