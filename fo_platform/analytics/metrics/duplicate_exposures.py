"""What is owned more than once, directly or hidden in funds. How concentrated it makes the book belongs elsewhere."""

import pandas as pd

from fo_platform.analytics.duplicates import fund_overlaps
from fo_platform.analytics.leaves import owned_weights, reported
from fo_platform.analytics.look_through import funds_within, self_owned
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import in_scopes, is_money
from fo_platform.contracts.analytics import DuplicateExposures

NONE = ""
"""The other fund of what has no other fund."""

PARTS = ["value_shares_base", "value_bonds_base", "value_funds_base"]


def duplicate_exposures(
    *,
    look_through: pd.DataFrame,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    accounts: pd.DataFrame,
    instruments: pd.DataFrame,
    fund_holdings: pd.DataFrame,
) -> pd.DataFrame:
    """Instruments at several custodians, issuers in several holdings, what funds have in common, and funds in funds.

    coverage_share is the part of a scope's gross securities whose issuer is known: only it can be seen twice.
    """
    leaves = look_through[~is_money(look_through["leaf_id"])]
    found = {
        "same_instrument": _instruments(in_scopes(holdings, net_worth), accounts),
        "same_issuer": _issuers(leaves, instruments),
        "fund_overlap": _overlaps(leaves),
        "fund_in_fund": _hidden(leaves, owned_weights(reported(fund_holdings))),
    }
    rows = pd.concat([DuplicateExposures.frame(part.assign(kind=kind)) for kind, part in found.items()])
    nav = rows["scope"].map(net_worth.set_index("entity_id")["nav_base"].astype("float64"))
    coverage = rows["scope"].map(_coverage(leaves))
    return DuplicateExposures.frame(rows.assign(weight=rows["value_base"] / nav, coverage_share=coverage))


METRIC = Metric(DuplicateExposures, duplicate_exposures)


def _instruments(held: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Securities that more than one custodian has: information, not an alarm."""
    custodian = held["account_id"].map(accounts.set_index("account_id")["custodian"])
    lines = held.assign(custodian=custodian)[~is_money(held["instrument_id"])]
    groups = lines.groupby(["scope", "instrument_id"])
    sums = groups.agg(value_base=("market_value_base", "sum"), place_count=("custodian", "nunique")).reset_index()
    named = sums[sums["place_count"] > 1].rename(columns={"instrument_id": "duplicate_id"})
    return named.assign(other_instrument_id=NONE)


def _issuers(leaves: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Issuers in more than one of a scope's holdings, one line each with its parts."""
    bonds = instruments.loc[instruments["instrument_type"] == "bond", "instrument_id"]
    part = leaves["leaf_id"].isin(bonds).map({False: PARTS[0], True: PARTS[1]}).mask(leaves["depth"] > 0, PARTS[2])
    known = leaves.assign(part=part).dropna(subset=["issuer_id"])
    by = ["scope", "issuer_id"]
    places = known.groupby(by)["held_instrument_id"].nunique().rename("place_count")
    sums = known.pivot_table(index=by, columns="part", values="value_base", aggfunc="sum", fill_value=0.0)
    parts = sums.reindex(columns=PARTS, fill_value=0.0)
    lines = parts.assign(value_base=parts.sum(axis=1), place_count=places).reset_index()
    largest = known.sort_values(["depth", "value_base", "leaf_id"], ascending=[True, False, True]).drop_duplicates(by)
    names = largest.set_index(by)["leaf_name"].rename("duplicate_name")
    named = lines[lines["place_count"] > 1].join(names, on=by).rename(columns={"issuer_id": "duplicate_id"})
    return named.assign(other_instrument_id=NONE)


def _overlaps(leaves: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a scope's funds that own the same; what they do not report is not common."""
    through = leaves[leaves["depth"] > 0]
    pairs = [_pairs(rows).assign(scope=scope) for scope, rows in through.groupby("scope")]
    rows = pd.concat(pairs) if pairs else _pairs(through).assign(scope=through["scope"])
    named = rows.rename(columns={"fund_id": "duplicate_id", "other_id": "other_instrument_id"})
    return named.assign(place_count=2)


def _pairs(through: pd.DataFrame) -> pd.DataFrame:
    nav = through.groupby("held_instrument_id")["value_base"].sum()
    stated = through[~through["is_residual"]].set_index(["held_instrument_id", "leaf_id"])["value_base"]
    values = stated.unstack("leaf_id").fillna(0.0)
    return fund_overlaps(values, nav.reindex(values.index))


def _hidden(leaves: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """Funds that a scope holds itself and again inside another of its funds."""
    within = funds_within(owned[~owned["fund_id"].isin(self_owned(owned))])
    values = leaves.groupby(["scope", "held_instrument_id"])["value_base"].sum().reset_index()
    outer = values.merge(within, how="inner", left_on="held_instrument_id", right_on="fund_id", validate="many_to_many")
    held = values[["scope", "held_instrument_id"]].rename(columns={"held_instrument_id": "instrument_id"})
    both = outer.merge(held, how="inner", on=["scope", "instrument_id"], validate="many_to_one")
    return pd.DataFrame(
        {
            "scope": both["scope"],
            "duplicate_id": both["instrument_id"],
            "other_instrument_id": both["fund_id"],
            "place_count": 2,
            "value_base": both["value_base"] * both["weight"],
        }
    )


def _coverage(leaves: pd.DataFrame) -> pd.Series:
    """Part of the gross value of every scope's securities whose issuer is known."""
    size = leaves["value_base"].abs()
    gross = size.groupby(leaves["scope"]).sum()
    known = size.where(leaves["issuer_id"].notna(), 0.0).groupby(leaves["scope"]).sum()
    return (known / gross).where(gross > 0, 1.0).clip(upper=1.0)
