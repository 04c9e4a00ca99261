"""Cash against calls and debts once more, line by line."""

import pandas as pd

from fo_platform.calendars import add_sessions
from fo_platform_tests.analytics.second._liquidity import HORIZONS, ladder, lines, today


def second(read) -> pd.DataFrame:
    """Needs and shortfalls by horizon."""
    day = today(read)
    ends = {name: add_sessions(day, sessions - 1) for name, sessions in HORIZONS.items()} | {"beyond": None}
    every = [line for line in lines(read, day) if pd.notna(line["market_value_base"])]
    owners = sorted({line["entity_id"] for line in every})
    calls, debts, unfunded = _needs(read, day)
    rows = []
    for owner in owners:
        assets = [line for line in every if line["entity_id"] == owner and line["holding_kind"] != "liability"]
        cash = dict(zip(ends, ladder(assets, day, is_paid=True), strict=False))
        for name, end in ends.items():
            called, owed = (
                sum(amount for who, date, amount in needs if who == owner and (end is None or date <= end))
                for needs in (calls, debts)
            )
            open_ = sum(amount for who, amount in unfunded if who == owner)
            rows.append(_row(owner, name, cash[name], called, owed, open_))
    office = []
    for name in ends:
        mine = [row for row in rows if row["horizon"] == name]
        sums = {key: sum(row[key] for row in mine) for key in mine[0] if key.endswith("_base")}
        own = _row(
            "office",
            name,
            *(sums[k] for k in ("cash_within_base", "calls_due_base", "debts_due_base", "unfunded_base")),
        )
        office.append(own | {key: sums[key] for key in sums if key.startswith("shortfall")})
    return pd.DataFrame(rows + office)


def _needs(read, day):
    accounts = dict(read("policy.accounts")[["account_id", "entity_id"]].itertuples(index=False))
    funds = read("book.private_capital")
    rates = dict(funds[["currency", "fx_rate"]].itertuples(index=False)) | {"USD": 1.0}
    notices = read("book.capital_notices")
    calls = [
        (
            accounts[row.account_id],
            day if pd.isna(row.due_date) else row.due_date,
            row.amount_local * rates[row.currency],
        )
        for row in notices[notices["notice_type"] == "call"].itertuples()
        if not row.due_date <= day
    ]
    debts = [
        (row.entity_id, day if pd.isna(row.maturity_date) else row.maturity_date, row.liability_base)
        for row in read("book.liabilities").itertuples()
    ]
    return calls, debts, [(row.entity_id, row.unfunded_base) for row in funds.itertuples()]


def _row(scope, horizon, cash, called, owed, unfunded):
    due, every = called + owed, unfunded + owed
    return {
        "scope": scope,
        "horizon": horizon,
        "cash_within_base": cash,
        "calls_due_base": called,
        "debts_due_base": owed,
        "unfunded_base": unfunded,
        "cover_due": cash / due if due else float("nan"),
        "shortfall_due_base": max(due - cash, 0.0),
        "cover_unfunded": cash / every if every else float("nan"),
        "shortfall_unfunded_base": max(every - cash, 0.0),
    }
