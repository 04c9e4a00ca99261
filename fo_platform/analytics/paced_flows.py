"""Further calls and distributions of every fund, expected and simulated. The model of one fund belongs to pacing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from fo_platform.analytics.cash_paths import Shocks
from fo_platform.analytics.dated_flows import Flow, month_ahead, month_ends
from fo_platform.analytics.pacing import DAYS_PER_YEAR, MONTHS, Commitment, pace

Matrix = npt.NDArray[np.float64]

ANY = "*"
MARKET, CALLS = "market", "calls"
"""Names of the shocks that all funds share: distributions come and go with the market, calls on their own."""

KINDS = ("call", "distribution")
FLAT, NOTHING = np.ones((1, MONTHS)), np.zeros((1, MONTHS))

NO_AGE = "no vintage is declared and no notice is known"
NO_COMMITMENT = "what is unfunded or its value is unknown"


@dataclass(frozen=True)
class Paced:
    """Expected flows, and by owner how far paths stray from them, paths x months."""

    flows: list[Flow]
    strayed: dict[str, Matrix]


def paced_flows(
    private_capital: pd.DataFrame,
    capital_notices: pd.DataFrame,
    notices: pd.DataFrame,
    *,
    rules: Mapping[str, Mapping[str, float]],
    shocks: Shocks,
    day: pd.Timestamp,
) -> Paced:
    """Flows of all funds beyond those announced.

    notices: rows of `coming_notices`. rules: numbers of the rules `pacing` by fund, FUND.<fund>, and `*`. A fund is as
    old as its declared vintage, which begins with its year, or else as its first notice; one without either, without
    a stated commitment or a value in base currency has one row of unknown amount.
    """
    first = capital_notices.groupby("fund_id")["notice_date"].min()
    announced = _announced(notices, day)
    flows: list[Flow] = []
    strayed: dict[str, Matrix] = {}
    for fund in private_capital.to_dict("records"):
        name, owner = str(fund["fund_id"]), str(fund["entity_id"])
        numbers = {**rules[ANY], **rules.get(f"FUND.{name}", {})}
        age = _age(numbers.get("vintage"), first.get(name), day)
        is_stated = pd.notna(fund["unfunded_base"] + fund["nav_base"])
        if np.isnan(age) or not is_stated:
            said = f"{name} ({NO_AGE if is_stated else NO_COMMITMENT})"
            flows.append(Flow(owner, "calls_expected", "assumption", day, float("nan"), said))
            continue
        known = (announced[str(fund["account_id"]), name, kind] for kind in KINDS)
        stake = Commitment(fund["unfunded_base"], fund["nav_base"], age, *known)
        calls, paid = pace(stake, numbers, FLAT, FLAT)
        flows += _flows(owner, name, -calls[0], paid[0], day)
        shaken = pace(stake, numbers, *_factors(f"{fund['account_id']} {name}", numbers, shocks))
        strayed[owner] = strayed.get(owner, NOTHING) + (shaken[1] - paid) - (shaken[0] - calls)
    return Paced(flows, strayed)


def _age(vintage: float | None, first_notice: pd.Timestamp | None, day: pd.Timestamp) -> float:
    """Years since a vintage's first day, or since the first notice; unknown without either."""
    begun = pd.Timestamp(int(vintage), 1, 1) if vintage is not None else first_notice
    return float("nan") if begun is None or pd.isna(begun) else (day - begun).days / DAYS_PER_YEAR


def _announced(notices: pd.DataFrame, day: pd.Timestamp) -> dict[tuple[str, str, str], Matrix]:
    """Announced money by account, fund and kind, a number a month."""
    found: dict[tuple[str, str, str], Matrix] = defaultdict(lambda: np.zeros(MONTHS))
    months = month_ahead(notices["due_date"], day)
    keys = zip(notices["account_id"], notices["fund_id"], notices["notice_type"], strict=True)
    for key, month, amount in zip(keys, months, notices["amount_base"].fillna(0.0), strict=True):
        if month <= MONTHS:
            found[key][month - 1] += amount
    return found


def _factors(name: str, numbers: Mapping[str, float], shocks: Shocks) -> tuple[Matrix, Matrix]:
    return (
        shocks.factors(name, CALLS, numbers["call_volatility"]),
        shocks.factors(name, MARKET, numbers["distribution_volatility"]),
    )


def _flows(owner: str, fund: str, calls: Matrix, paid: Matrix, day: pd.Timestamp) -> list[Flow]:
    parts = {"calls_expected": calls, "distributions_expected": paid}
    ends = month_ends(day)
    return [
        Flow(owner, flow, "assumption", end, float(cash), fund)
        for flow, flows in parts.items()
        for end, cash in zip(ends, flows, strict=True)
    ]
