"""Which sales at a loss and which purchases would wash one another inside a declared group. Tax is not computed here.

Names are taken as substantially identical only to themselves; a wider declaration is policy that does not exist yet.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fo_platform.decision.inputs import Inputs
from fo_platform.decision.model import Flags, Problem, Trades
from fo_platform.decision.taxes import entity_taxpayers, is_taxed

WINDOW = pd.Timedelta(days=30)


@dataclass(frozen=True)
class Washed:
    """Instruments that an owner's group bought, and those it sold, within the window: they may not meet."""

    bought: frozenset[str] = frozenset()
    sold: frozenset[str] = frozenset()

    def joined(self, other: "Washed") -> "Washed":
        """Both together."""
        return Washed(self.bought | other.bought, self.sold | other.sold)


NOTHING = Washed()


@dataclass(frozen=True)
class Group:
    """Entities whose trades wash one another, and those of them that pay tax on gains."""

    entities: frozenset[str]
    taxed: frozenset[str]


def wash_groups(inputs: Inputs, day: pd.Timestamp) -> dict[str, Group]:
    """The group of every entity: itself, and those with a taxpayer in one of its taxpayers' declared groups."""
    payers = {name: entity_taxpayers(name, inputs, day) for name in inputs.entities["entity_id"]}
    declared = inputs.taxpayers.set_index("taxpayer_id")["wash_sale_group"]
    groups = {name: {declared[payer] for payer in theirs.names if declared[payer]} for name, theirs in payers.items()}
    taxed = frozenset(name for name, theirs in payers.items() if is_taxed(theirs))
    members = {name: frozenset({name, *(n for n in groups if groups[n] & groups[name])}) for name in groups}
    return {name: Group(entities, entities & taxed) for name, entities in members.items()}


def recent_trades(inputs: Inputs, group: Group, day: pd.Timestamp) -> Washed:
    """What a group of entities bought and sold in the last 30 days, by its open lots and reported transactions.

    A taxed member's sale counts whatever it realised, since its gain is not in the tables: to wait is safe.
    """
    lots, moves = _of(inputs.tax_lots, inputs, group.entities), _of(inputs.transactions, inputs, group.taxed)
    sales = moves[(moves["transaction_kind"] == "sell") & (moves["trade_date"] >= day - WINDOW)]
    buys = lots[lots["acquired_date"] >= day - WINDOW]
    return Washed(frozenset(buys["instrument_id"]), frozenset(sales["instrument_id"].dropna()))


def proposed_trades(problem: Problem, trades: Trades) -> Washed:
    """What trades would buy, and sell at a loss."""
    names = problem.assets.names
    bought = problem.purchases.asset[trades.purchases > 0]
    sold = problem.lots.asset[(trades.sales > 0) & loss_lots(problem)]
    return Washed(frozenset(names[i] for i in bought), frozenset(names[i] for i in sold))


def loss_lots(problem: Problem) -> Flags:
    """Lots whose sale realises a loss that a taxpayer could lose to the rule; none of an untaxed owner."""
    return (problem.lots.gain < 0) & is_taxed(problem.taxpayers)


def forbidden(problem: Problem, washed: Washed) -> tuple[Flags, Flags]:
    """Loss lots of what the group bought, and purchases of what it sold: (lots, purchases) that may not be traded."""
    bought, sold = (np.isin(problem.assets.names, list(names)) for names in (washed.bought, washed.sold))
    return loss_lots(problem) & bought[problem.lots.asset], sold[problem.purchases.asset]


def conflicted_lots(problem: Problem, trades: Trades) -> Flags:
    """Loss lots of names that the same trades both buy and sell at a loss."""
    proposed = proposed_trades(problem, trades)
    return forbidden(problem, Washed(bought=proposed.bought & proposed.sold))[0]


def _of(rows: pd.DataFrame, inputs: Inputs, entity_ids: Collection[str]) -> pd.DataFrame:
    accounts = inputs.accounts.loc[inputs.accounts["entity_id"].isin(list(entity_ids)), "account_id"]
    return rows[rows["account_id"].isin(accounts)]
