"""Which lots of an order are sold: those that cost least tax first. How much is sold does not belong here."""

import numpy as np
import pandas as pd

from fo_platform.decision.model import Array, Problem
from fo_platform.decision.taxes import tax_bound


def relieve_cheapest(problem: Problem, sales: Array) -> Array:
    """The same sales of every account and instrument, taken from its lots in order of tax per unit, then of gain.

    An optimum that is indifferent between lots spreads a sale over all of them; a person wants few. No tax is added.
    """
    lots = problem.lots
    rate, _ = tax_bound(lots, problem.taxpayers)
    tax = (1 - problem.taxpayers.phi) @ rate
    lines = pd.DataFrame({"account_id": lots.account_id, "instrument_id": lots.instrument_id, "cap": lots.cap})
    ordered = lines.assign(sale=sales).iloc[np.lexsort((lots.gain, tax))]
    orders = ordered.groupby(["account_id", "instrument_id"])
    before = orders["cap"].cumsum() - ordered["cap"]
    taken = (orders["sale"].transform("sum") - before).clip(lower=0.0, upper=ordered["cap"])
    relieved: Array = taken.reindex(lines.index).to_numpy(float)
    return relieved
