"""When each line of the book is sold and paid, session by session, in plain loops."""

from datetime import timedelta

import pandas as pd

from fo_platform.calendars import add_sessions

HORIZONS = {"1d": 1, "1w": 5, "1m": 21}
BUCKETS = [*HORIZONS, "beyond", "never"]


def today(read) -> pd.Timestamp:
    """The business date; a table says it only where it is read over several sessions."""
    return read("book.net_worth", 2)["business_date"].max()


def lines(read, day):
    """Every line with how it is sold, what part of it is pledged, and whether it may be sold at all."""
    holdings = read("book.holdings")
    master = read("reference.instruments").set_index("instrument_id").to_dict("index")
    volumes = dict(read("reference.market_liquidity")[["instrument_id", "adv_quantity"]].itertuples(index=False))
    cycles = {}
    for row in read("reference.settlement_cycles").sort_values("valid_from").itertuples():
        if row.valid_from <= day:
            cycles[row.market] = row.cycle_days
    maturities = {
        (row.account_id, f"DEBT.{row.liability_id}"): row.maturity_date for row in read("book.liabilities").itertuples()
    }
    terms = read("policy.liquidity_terms").to_dict("records")
    own = {row["instrument_id"]: row for row in terms if row["instrument_id"] != "*" and row["account_id"] == "*"}
    shared = {row["asset_class"]: row for row in terms if row["asset_class"] != "*"}
    pledges = {(row["account_id"], row["instrument_id"]): row["pledged_share"] for row in terms}
    limits = read("policy.limits")
    most = limits[(limits["entity_id"] == "office") & (limits["limit_name"] == "participation_max")]["value"].iloc[0]
    whole = holdings["quantity"].abs().groupby(holdings["instrument_id"]).sum().to_dict()
    for line in holdings.to_dict("records"):
        name, known = line["instrument_id"], master.get(line["instrument_id"])
        mine, cls = own.get(name), shared.get(line["asset_class"])
        lock = next((row["lock_up_until"] for row in (mine, cls) if row and pd.notna(row["lock_up_until"])), None)
        volume = most * volumes.get(name, 0.0) if known and known["is_liquid"] else 0.0
        line |= {"pledged": pledges.get((line["account_id"], name), 0.0), "lock": lock}
        stated = [row for row in (mine, cls) if row and pd.notna(row["notice_days"])]
        if name.startswith("CASH."):
            yield line | {"kind": "money"}
        elif line["holding_kind"] == "liability":
            due = maturities.get((line["account_id"], name))
            yield line | {"kind": "maturity", "dates": [(day if due is None or pd.isna(due) else max(due, day), 1.0)]}
        elif line["holding_kind"] == "security" and (known is None or known["is_restricted"]):
            yield line | {"kind": "restricted"}
        elif stated and (stated[0] is mine or not volume):
            yield line | {
                "kind": "notice",
                "dates": _dealings(stated[0], lock, day),
                "late": stated[0]["settlement_days"],
            }
        elif volume:
            cycle = cycles.get(known["market"], 10_000)
            yield line | {"kind": "volume", "daily": volume / whole[name], "lag": cycle, "wait": _wait(lock, day)}
        else:
            yield line | {"kind": "none"}


def reached(line, day, sessions, *, is_paid):
    """Part of a line that is sold, or paid, by the end of so many sessions."""
    if line["kind"] == "money":
        return 1.0
    if line["kind"] == "volume":
        waited = line["wait"] + (line["lag"] if is_paid else 0)
        sold = 0.0
        for _ in range(int(max(sessions - waited, 0))):
            sold += min(line["daily"], 1.0 - sold)
        return sold
    end = add_sessions(day, sessions - 1)
    late = timedelta(days=int(line.get("late", 0)) if is_paid else 0)
    return sum(part for date, part in line.get("dates", []) if date + late <= end)


def ladder(rows, day, *, is_paid):
    """Cumulative money within each horizon and in the end, and what is never money."""
    never = totals = 0.0
    within = dict.fromkeys(HORIZONS, 0.0)
    for line in rows:
        value = line["market_value_base"]
        kept = value if line["kind"] == "restricted" else value * (line["pledged"] if is_paid else 0.0)
        never, totals = never + kept, totals + value
        for name, sessions in HORIZONS.items():
            within[name] += reached(line, day, sessions, is_paid=is_paid) * (value - kept)
    return [*within.values(), totals - never, totals]


def _dealings(row, lock, day):
    first = day + timedelta(days=int(row["notice_days"]))
    if lock is not None:
        first = max(first, lock + timedelta(days=1))
    left, dates = 1.0, []
    while left > 1e-12:
        part = min(row["gate_share"], left)
        dates.append((first + len(dates) * timedelta(days=int(row["period_days"])), part))
        left -= part
    return dates


def _wait(lock, day):
    sessions = 0
    while lock is not None and add_sessions(day, sessions) <= lock:
        sessions += 1
    return sessions
