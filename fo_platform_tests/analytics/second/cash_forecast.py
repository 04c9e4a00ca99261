"""Cash of the next twelve months once more: expected flows month by month, and the fan path by path."""

import math
from collections import defaultdict
from itertools import product

import numpy as np
import pandas as pd

from fo_platform.ids import digest
from fo_platform_tests.analytics.second._liquidity import today

MONTHS = range(1, 13)


def second(read) -> pd.DataFrame:
    """Opening, flows and closing of every scope, with quantiles of closing cash."""
    day = today(read)
    ends = [day + pd.DateOffset(months=month) for month in MONTHS]
    flows, strayed = defaultdict(float), {}
    for owner, flow, date, cash in [
        *_notices(read, day),
        *_debts(read, day, ends),
        *_bonds(read, day),
        *_rules(read, day),
    ]:
        month = next((number for number, end in zip(MONTHS, ends, strict=True) if date <= end), None)
        if month:
            flows[owner, month, flow] += cash
    for owner, month, flow, cash, paths in _funds(read, day, ends):
        flows[owner, month, flow] += cash
        strayed[owner, month] = strayed.get((owner, month), 0.0) + paths
    level = _level(read)
    worth, rows = read("book.net_worth"), []
    cash = read("book.holdings")
    cash = cash[cash["instrument_id"].str.startswith("CASH.")].groupby("entity_id")["market_value_base"].sum()
    floors = read("policy.accounts").groupby("entity_id")["cash_floor_base"].sum()
    owners = [name for name in worth["entity_id"] if name != "office"]
    ends_of = {}
    for owner in owners:
        reached, apart = cash.get(owner, 0.0), 0.0
        for month in MONTHS:
            rows.append((owner, month, "opening", reached))
            mine = {flow: round(value, 2) for (who, m, flow), value in flows.items() if (who, m) == (owner, month)}
            rows += [(owner, month, flow, value) for flow, value in mine.items()]
            reached += sum(mine.values())
            rows.append((owner, month, "closing", reached))
            apart = apart + strayed.get((owner, month), 0.0) + level[:, month - 1] * mine.get("spending", 0.0)
            ends_of[owner, month] = reached + apart
    office = defaultdict(float)
    for _, month, flow, value in rows:
        office[month, flow] += value
    for month in MONTHS:
        ends_of["office", month] = sum(ends_of[owner, month] for owner in owners)
    rows += [("office", month, flow, value) for (month, flow), value in office.items()]
    floors["office"] = floors.sum()
    return pd.DataFrame([_row(*row, ends_of, floors) for row in rows])


def _row(scope, month, flow, cash, paths, floors):
    row = {"scope": scope, "month_ahead": month, "flow": flow, "cash_base": cash}
    named = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
    fan = {f"cash_{name}_base": float("nan") for name in named} | {"below_floor_share": float("nan")}
    if flow == "closing":
        closing = paths[scope, month]
        fan = {f"cash_{n}_base": np.quantile(closing, part, method="inverted_cdf") for n, part in named.items()}
        fan["below_floor_share"] = sum(closing < floors[scope]) / len(closing)
    return row | fan


def _notices(read, day):
    accounts = dict(read("policy.accounts")[["account_id", "entity_id"]].itertuples(index=False))
    rates = dict(read("book.private_capital")[["currency", "fx_rate"]].itertuples(index=False)) | {"USD": 1.0}
    for row in read("book.capital_notices").itertuples():
        if not row.due_date <= day:
            cash = round(row.amount_local * rates[row.currency], 2)
            flow = ("calls_known", -cash) if row.notice_type == "call" else ("distributions_known", cash)
            yield accounts[row.account_id], flow[0], day if pd.isna(row.due_date) else row.due_date, flow[1]


def _debts(read, day, ends):
    debts = list(read("book.liabilities").itertuples())
    for row, (start, end) in product(debts, zip([day, *ends], ends, strict=False)):
        days = ((end if pd.isna(row.maturity_date) else min(end, row.maturity_date)) - start).days
        yield row.entity_id, "interest", end, -row.liability_base * row.interest_rate * max(days, 0) / 365
    for row in debts:
        if pd.notna(row.maturity_date):
            yield row.entity_id, "repayments", row.maturity_date, -row.liability_base


def _bonds(read, day):
    terms = read("policy.bond_terms").dropna(subset=["coupon_rate", "maturity_date"]).set_index("instrument_id")
    lines = [line for line in read("book.holdings").itertuples() if line.instrument_id in terms.index]
    for line, month in product(lines, range(12 * 60)):
        bond, face = terms.loc[line.instrument_id], line.quantity * line.fx_rate
        due, frequency = bond["maturity_date"] - pd.DateOffset(months=month), int(bond["coupon_frequency"])
        if due > day and month % (12 // frequency) == 0:
            yield line.entity_id, "coupons", due, face * bond["coupon_rate"] / frequency
    for line in lines:
        yield (
            line.entity_id,
            "redemptions",
            terms.loc[line.instrument_id, "maturity_date"],
            line.quantity * line.fx_rate,
        )


def _rules(read, day):
    nav = dict(read("book.net_worth")[["entity_id", "nav_base"]].itertuples(index=False))
    rules = read("policy.cash_flow_rules")
    numbers = {(row.subject_id, row.flow_rule, row.parameter): row.value for row in rules.itertuples()}
    coming = {f"{date:%m-%d}": date for date in pd.date_range(day, periods=366)[1:]}
    for (owner, rule, name), part in numbers.items():
        yearly = numbers.get((owner, rule, "amount"), 0.0) + numbers.get((owner, rule, "rate"), 0.0) * max(
            nav.get(owner, 0.0), 0.0
        )
        if rule in ("spending", "tax") and name in coming:
            yield owner, rule, coming[name], -yearly * part


def _numbers(read, subject):
    rules = read("policy.cash_flow_rules")
    return dict(rules[rules["subject_id"] == subject][["parameter", "value"]].itertuples(index=False))


def _normals(numbers, name):
    key = [int(numbers["seed"]), int(digest(name)[:16], 16)]
    return np.random.default_rng(key).standard_normal((int(numbers["paths"]), 12))


def _level(read):
    numbers = _numbers(read, "*")
    sigma = numbers["nav_volatility"] / math.sqrt(12)
    steps = np.exp(sigma * _normals(numbers, "market") - sigma**2 / 2)
    return steps.cumprod(axis=1) - 1


def _funds(read, day, ends):
    """Expected further calls and distributions of every fund and month, and how far each path strays from them."""
    rules = _numbers(read, "*")
    for fund in read("book.private_capital").itertuples():
        born = pd.Timestamp(int(_numbers(read, f"FUND.{fund.fund_id}")["vintage"]), 1, 1)
        age = (day - born).days / 365.25
        factors = [_factors(rules, fund, *pair) for pair in (("calls", "call"), ("market", "distribution"))]
        notices = _announced(read, day, ends, fund)
        paths = [
            _path(rules, fund, age, notices, [factor[path] for factor in factors]) for path in range(len(factors[0]))
        ]
        calls, paid = (np.array(flows) for flows in zip(*paths, strict=True))
        for m in range(12):
            yield fund.entity_id, m + 1, "calls_expected", -calls[0, m], calls[0, m] - calls[1:, m]
            yield fund.entity_id, m + 1, "distributions_expected", paid[0, m], paid[1:, m] - paid[0, m]


def _factors(rules, fund, common, flow):
    """What flows are over what is expected: first of the model itself, then path by path."""
    sigma, part = rules[f"{flow}_volatility"], rules["common_share"]
    own = _normals(rules, f"{common} {fund.account_id} {fund.fund_id}")
    z = math.sqrt(part) * _normals(rules, common) + math.sqrt(1 - part) * own
    return np.vstack([np.ones((1, 12)), np.exp(sigma * z - sigma**2 / 2)])


def _announced(read, day, ends, fund):
    """Money of the fund's notices by month, calls and distributions."""
    found = {"call": [0.0] * 12, "distribution": [0.0] * 12}
    for row in read("book.capital_notices").itertuples():
        if (row.account_id, row.fund_id) == (fund.account_id, fund.fund_id) and day < row.due_date <= ends[-1]:
            month = sum(row.due_date > end for end in ends)
            found[row.notice_type][month] += round(row.amount_local * fund.fx_rate, 2)
    return found["call"], found["distribution"]


def _path(rules, fund, age, notices, factors):
    """Further calls and distributions of one path."""
    called, distributed = notices
    free, nav, calls, paid = fund.unfunded_base - sum(called), fund.nav_base, [], []
    for m in range(12):
        rate = [rules[f"contribution_rate_{year}"] for year in (1, 2, 3)][min(int(age + m / 12), 2)]
        wish = (1 - (1 - rate) ** (1 / 12)) * (free + sum(called[m:])) * factors[0][m]
        calls.append(min(max(wish - called[m], 0), free))
        share = min(max(((age + (m + 1) / 12) / rules["life_years"]) ** rules["bow"], rules["yield_min"]), 1)
        grown = max(nav, 0) * (1 + rules["growth"]) ** (1 / 12)
        gone = max(min((1 - (1 - share) ** (1 / 12)) * grown * factors[1][m], grown), distributed[m])
        paid.append(gone - distributed[m])
        free -= calls[-1]
        nav = grown + calls[-1] + called[m] - gone
    return calls, paid
