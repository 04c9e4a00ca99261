"""Returns of the factors on dates on which all are known, date by date."""

from collections import defaultdict

from fo_platform_tests.analytics.second._histories import WINDOW
from fo_platform_tests.analytics.second._liquidity import today


def complete_factors(read):
    """Names in order, and by date the return of every factor."""
    day, by_date = today(read), defaultdict(dict)
    for row in read("reference.factor_returns", WINDOW).itertuples():
        if row.return_date < day:
            by_date[row.return_date][row.factor] = row.return_1d
    names = sorted({name for returns in by_date.values() for name in returns})
    last = sorted(by_date)[-WINDOW:]
    return names, {date: [by_date[date][n] for n in names] for date in last if len(by_date[date]) == len(names)}
