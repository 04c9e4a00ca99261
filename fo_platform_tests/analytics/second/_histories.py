"""Past returns of instruments and of today's classes, instrument by instrument and date by date, in plain loops."""

from collections import defaultdict
from itertools import product
from math import isnan, nan

from fo_platform_tests.analytics.second._liquidity import today

WINDOW = 300
TOTAL = "total"


def base_returns(read):
    """Dates, and by instrument and CASH.<currency> the daily returns in base currency on them."""
    day = today(read)
    base = read("book.net_worth")["base_currency"].iloc[0]
    rates = defaultdict(dict)
    for row in read("reference.fx_rates", WINDOW).itertuples():
        if row.rate_date < day and row.currency != base:
            rates[row.currency][row.rate_date] = row.fx_rate
    quotes, every = defaultdict(dict), set()
    for row in read("reference.prices", WINDOW).itertuples():
        if row.price_date < day:
            quotes[row.instrument_id][row.price_date] = (row.price_local, row.currency)
            every.add(row.price_date)
    dates = sorted(every)[-WINDOW - 1 :]

    def rate(currency, date):
        if currency == base:
            return 1.0
        known = [then for then in rates[currency] if then <= date]
        return rates[currency][max(known)] if known else nan

    levels = {
        name: [known[date][0] * rate(known[date][1], date) if date in known else nan for date in dates]
        for name, known in quotes.items()
    }
    for currency in [base, *rates]:
        levels[f"CASH.{currency}"] = [rate(currency, date) for date in dates]
    return dates[1:], {name: _changes(level) for name, level in levels.items() if not all(map(isnan, level))}


def _changes(levels):
    last, changes = nan, []
    for level in levels:
        changes.append(level / last - 1)
        last = last if isnan(level) else level
    return changes[1:]


def scoped(read):
    """Value by scope, class and what it moves with; every line under its entity, the office and both totals."""
    values = defaultdict(lambda: defaultdict(float))
    for row in read("book.holdings").dropna(subset=["market_value_base"]).itertuples():
        moves = f"CASH.{row.currency}" if row.holding_kind == "liability" else row.instrument_id
        for place in product((row.entity_id, "office"), (row.asset_class, TOTAL)):
            values[place][moves] += row.market_value_base
    return {place: lines for place, lines in values.items() if sum(map(abs, lines.values())) > 0}


def class_histories(read):
    """Dates, and by scope and class: returns, part of the value they cover, and the class that stands in or None."""
    dates, returns = base_returns(read)
    targets = read("policy.allocation_targets").dropna(subset=["proxy_asset_class"])
    proxies = dict(zip(targets["asset_class"], targets["proxy_asset_class"], strict=True))
    values = scoped(read)
    own = {place: _history(lines, returns, len(dates)) for place, lines in values.items()}
    found = {place: (series, coverage, None) for place, (series, coverage) in own.items()}
    for (scope, name), (_, coverage) in own.items():
        stand_ins = [(owner, proxies.get(name)) for owner in (scope, "office")] if coverage == 0 else []
        usable = [place for place in stand_ins if place in own and own[place][1] > 0]
        if usable:
            found[scope, name] = (own[usable[0]][0], coverage, proxies[name])
    return dates, found, values


def _history(lines, returns, length):
    unknown = [nan] * length
    covered = {}
    for name, value in lines.items():
        series = returns.get(name, unknown)
        if length and sum(not isnan(each) for each in series) / length >= 0.8:
            covered[name] = value
    gross, net = sum(map(abs, covered.values())), sum(covered.values())
    coverage = gross / sum(map(abs, lines.values()))
    if not covered or abs(net) < 0.05 * gross:
        return unknown, coverage
    held = {name: value / net for name, value in covered.items() if value}
    return [sum(weight * returns[name][t] for name, weight in held.items()) for t in range(length)], coverage
