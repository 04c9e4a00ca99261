"""How long every line takes to be money once more, by counting sessions and dealing days."""

import pandas as pd

from fo_platform_tests.analytics.second._liquidity import lines, today

NEVER = 10_000
"""Lag of a market whose settlement is unknown."""


def second(read) -> pd.DataFrame:
    """Sessions on a market, days by terms."""
    day = today(read)
    return pd.DataFrame([_row(line, day) for line in lines(read, day)])


def _row(line, day):
    row = {name: line[name] for name in ("account_id", "instrument_id", "entity_id", "market_value_base")}
    row |= {"liquidity_basis": line["kind"], "pledged_share": line["pledged"]}
    row |= dict.fromkeys(["sessions_to_sell", "sessions_to_cash", "days_to_cash"], float("nan"))
    if line["kind"] == "volume":
        row["sessions_to_sell"] = line["wait"] + _sessions(line["daily"])
        row["sessions_to_cash"] = row["sessions_to_sell"] + line["lag"] if line["lag"] < NEVER else float("nan")
    elif "dates" in line:
        row["days_to_cash"] = (line["dates"][-1][0] - day).days + int(line.get("late", 0))
    return row


def _sessions(daily):
    left, sessions = 1.0, 0
    while left > 0:
        left, sessions = left - daily, sessions + 1
    return sessions
