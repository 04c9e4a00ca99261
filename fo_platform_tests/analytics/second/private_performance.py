"""Private funds' figures computed once more, by bisection and plain sums. The chain's test holds them against ours."""

from collections.abc import Callable

import pandas as pd

Read = Callable[..., pd.DataFrame]


def second(read: Read) -> pd.DataFrame:
    """Multiples of every fund, and the rate of its record where the record is at least a year long."""
    notices = read("book.capital_notices").to_dict("records")
    opened = {
        (row["account_id"], row["fund_id"]): row for row in read("analytics.private_performance").to_dict("records")
    }
    return pd.DataFrame([_row(fund, notices, opened) for fund in read("book.private_capital").to_dict("records")])


def _row(fund: dict, notices: list[dict], opened: dict) -> dict[str, object]:
    key = fund["account_id"], fund["fund_id"]
    called, paid, nav = fund["called_local"], fund["distributed_local"], fund["nav_local"]
    own = [n for n in notices if (n["account_id"], n["fund_id"]) == key and n["due_date"] <= fund["nav_date"]]
    flows = [(n["due_date"], n["amount_local"] * (-1 if n["notice_type"] == "call" else 1)) for n in own]
    if opened[key]["record_basis"] == "opening":
        first = opened[key]["opening_date"]
        flows = [(first, -opened[key]["opening_nav_local"]), *((day, each) for day, each in flows if day > first)]
    flows.append((fund["nav_date"], fund["nav_stated"]))
    years = (fund["nav_date"] - min(day for day, _ in flows)).days / 365
    rate = _bisected(flows) if years > 0 else None
    return {
        "account_id": key[0],
        "fund_id": key[1],
        "dpi": paid / called,
        "rvpi": nav / called,
        "tvpi": (paid + nav) / called,
        "return_money_weighted": (1 + rate) ** years - 1 if rate is not None else None,
        "irr_annual": rate if years >= 1 else None,
    }


def _bisected(flows: list[tuple[pd.Timestamp, float]]) -> float:
    """The rate between -99 % and 900 % at which flows are worth nothing."""
    start = min(day for day, _ in flows)

    def worth(rate: float) -> float:
        return sum(amount * (1 + rate) ** (-(day - start).days / 365) for day, amount in flows)

    low, high = -0.99, 9.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) * worth(low) > 0 else (low, middle)
    return (low + high) / 2
