"""Cash of the next twelve months by source of flow, with a fan. Cash of more than a year does not belong here."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fo_platform.analytics.cash_paths import Matrix, Shocks, quantiles
from fo_platform.analytics.dated_flows import (
    Flow,
    bond_flows,
    debt_flows,
    month_ahead,
    month_ends,
    notice_flows,
    rule_flows,
)
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.notices import coming_notices
from fo_platform.analytics.paced_flows import ANY, MARKET, paced_flows
from fo_platform.analytics.pacing import MONTHS
from fo_platform.analytics.scopes import TEXT, base_currency, by_scope, is_money
from fo_platform.contracts.analytics import CashForecast
from fo_platform.errors import PolicyError
from fo_platform.limits import OFFICE

CERTAINTY = ("known", "declared", "assumption")
"""Bases of flows; a flow of several has the last of theirs."""

OPENING, CLOSING, SPENDING = "opening", "closing", "spending"


def cash_forecast(
    *,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    accounts: pd.DataFrame,
    private_capital: pd.DataFrame,
    capital_notices: pd.DataFrame,
    liabilities: pd.DataFrame,
    cash_flow_rules: pd.DataFrame,
    bond_terms: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Opening cash, flows by source and closing cash of every month, by scope; quantiles of simulated closing cash.

    Announced notices, interest and repayments are known, coupons follow declared terms, spending and tax declared
    rules. Further calls and distributions follow `pacing`; the simulation varies them, and spending with the level of
    net asset value. Flows of a month are rounded to cents by owner, and the office's are their sums.
    """
    rules = _numbers(cash_flow_rules)
    shocks = Shocks(int(rules[ANY]["seed"]), int(rules[ANY]["paths"]), rules[ANY]["common_share"])
    notices = coming_notices(
        capital_notices, private_capital, accounts, base_currency=base_currency(net_worth), day=day
    )
    paced = paced_flows(private_capital, capital_notices, notices, rules=rules, shocks=shocks, day=day)
    nav = net_worth.set_index("entity_id")["nav_base"]
    known = [
        *notice_flows(notices),
        *debt_flows(liabilities, day),
        *bond_flows(holdings, bond_terms, day),
        *rule_flows(cash_flow_rules, nav, day),
        *paced.flows,
    ]
    flows = _by_owner(pd.DataFrame(known, columns=Flow._fields), nav.index, day)
    strayed = {name: np.zeros((shocks.paths, MONTHS)) for name in nav.index.drop(OFFICE)} | paced.strayed
    level = shocks.levels(MARKET, rules[ANY]["nav_volatility"]) - 1
    strayed = {name: apart + level * _monthly(flows, name, SPENDING) for name, apart in strayed.items()}
    strayed[OFFICE] = sum(strayed.values(), np.zeros((shocks.paths, MONTHS)))
    scoped = _grouped(by_scope(flows), "scope")
    balances = _balances(scoped, _opening(holdings, nav.index), strayed, _floors(accounts))
    rows = pd.concat([scoped, balances], ignore_index=True) if len(scoped) else balances
    return CashForecast.frame(
        rows.assign(month_end_date=month_ends(day)[rows["month_ahead"].to_numpy(dtype="int64") - 1])
    )


METRIC = Metric(CashForecast, cash_forecast)


def _numbers(cash_flow_rules: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Numbers of the simulation and of pacing by subject."""
    stated = cash_flow_rules[cash_flow_rules["flow_rule"].isin(["pacing", "simulation"])]
    found: dict[str, dict[str, float]] = {}
    for subject, parameter, value in zip(stated["subject_id"], stated["parameter"], stated["value"], strict=True):
        found.setdefault(subject, {})[parameter] = float(value)
    if ANY not in found:
        raise PolicyError("No rule of pacing or simulation is declared.", "Declare pacing in cash_flows.yaml.")
    return found


def _by_owner(flows: pd.DataFrame, owners: pd.Index, day: pd.Timestamp) -> pd.DataFrame:
    """Flows of the twelve months by owner, month and source, to the cent; what has no amount is named."""
    months = flows.assign(month_ahead=month_ahead(flows["due_date"], day), reason=flows["what"])
    coming = months[(months["month_ahead"] <= MONTHS) & months["entity_id"].isin(owners)]
    named = coming.assign(reason=coming["reason"].where(coming["cash_base"].isna()))
    rows = _grouped(named, "entity_id")
    return rows.assign(reason="No amount in base currency is known of " + rows["reason"].astype(TEXT))


def _grouped(flows: pd.DataFrame, owner: str) -> pd.DataFrame:
    """Sums by owner, month and source, with the least certain basis and every reason."""
    key = [owner, "month_ahead", "flow"]
    basis = flows["flow_basis"].map({name: rank for rank, name in enumerate(CERTAINTY)})
    sums = flows.assign(basis=basis).groupby(key)[["cash_base", "basis"]].agg({"cash_base": "sum", "basis": "max"})
    said = flows.dropna(subset=["reason"]).groupby(key)["reason"].agg(lambda texts: "; ".join(sorted(set(texts))))
    names = sums["basis"].map(dict(enumerate(CERTAINTY)))
    cash = sums["cash_base"].astype("float64").round(2)
    return sums.assign(flow_basis=names, cash_base=cash, reason=said).drop(columns="basis").reset_index()


def _monthly(flows: pd.DataFrame, owner: str, flow: str) -> Matrix:
    """Money of one owner and source by month."""
    mine = flows[(flows["entity_id"] == owner) & (flows["flow"] == flow)].set_index("month_ahead")["cash_base"]
    return mine.reindex(range(1, MONTHS + 1)).fillna(0.0).to_numpy(dtype="float64")


def _opening(holdings: pd.DataFrame, scopes: pd.Index) -> pd.Series:
    """Cash by scope; money that nobody knows the rate of is left out, as it is of net worth."""
    money = by_scope(holdings[is_money(holdings["instrument_id"])])
    return money.groupby("scope")["market_value_base"].sum().reindex(scopes).fillna(0.0).round(2)


def _floors(accounts: pd.DataFrame) -> pd.Series:
    return by_scope(accounts).groupby("scope")["cash_floor_base"].sum()


def _balances(
    flows: pd.DataFrame, opening: pd.Series, strayed: Mapping[str, Matrix], floors: pd.Series
) -> pd.DataFrame:
    """Opening and closing rows of every scope, in whole cents; the fan is laid around the closing cash."""
    net = flows.pivot_table(index="scope", columns="month_ahead", values="cash_base", aggfunc="sum")
    net = net.reindex(index=opening.index, columns=range(1, MONTHS + 1)).fillna(0.0)
    cents = np.column_stack([opening, net]).astype("float64")
    reached = np.rint(cents * 100).astype("int64").cumsum(axis=1) / 100
    rows = [
        row
        for at, scope in enumerate(opening.index)
        for row in (_openings(scope, reached[at]), _closings(scope, reached[at], strayed[scope], floors.get(scope)))
    ]
    return pd.concat(rows, ignore_index=True)


def _openings(scope: str, reached: Matrix) -> pd.DataFrame:
    basis = ["known", *["sum"] * (MONTHS - 1)]
    known = {"scope": scope, "month_ahead": range(1, MONTHS + 1), "flow": OPENING, "flow_basis": basis}
    return pd.DataFrame(known | {"cash_base": reached[:-1]})


def _closings(scope: str, reached: Matrix, strayed: Matrix, floor: float | None) -> pd.DataFrame:
    paths = reached[1:] + strayed.cumsum(axis=1)
    known = {"scope": scope, "month_ahead": range(1, MONTHS + 1), "flow": CLOSING, "flow_basis": "sum"}
    fan = {f"cash_{name}_base": values for name, values in quantiles(paths).items()}
    lowest = {} if floor is None else {"cash_floor_base": floor, "below_floor_share": (paths < floor).mean(axis=0)}
    return pd.DataFrame(known | {"cash_base": reached[1:]} | fan | lowest)
