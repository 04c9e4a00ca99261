"""Who pays tax on an owner's gains, how much exactly, and the convex bound that the solver uses.

Rates and shares are the office's configuration, not advice. Wash sales do not belong here.
"""

import numpy as np
import pandas as pd

from fo_platform.decision.inputs import Inputs
from fo_platform.decision.model import Array, Lots, Problem, Taxpayers
from fo_platform.errors import PolicyError

Owners = dict[str, dict[str, float]]
"""Share by owner, by what is owned."""

EXEMPT_FORMS = ("foundation",)
"""Legal forms that pay no tax on gains unless they are declared as taxpayers."""


def entity_taxpayers(entity_id: str, inputs: Inputs, day: pd.Timestamp) -> Taxpayers:
    """Taxpayers behind an entity on a day, through every pass-through owner; none behind an exempt one.

    A past loss serves the one entity that its taxpayer holds most of, never two.
    """
    owners, rows = owners_on(inputs.ownership, day), inputs.taxpayers.set_index("taxpayer_id")
    legal_form = inputs.entities.set_index("entity_id").at[entity_id, "legal_form"]
    shares = taxpayer_shares(entity_id, owners, set(rows.index), is_exempt=legal_form in EXEMPT_FORMS)
    is_home = np.array([_home(name, owners) == entity_id for name in shares], dtype=bool)
    figures = rows.loc[list(shares)]
    return Taxpayers(
        names=tuple(shares),
        share=np.array(list(shares.values()), dtype=float),
        rate_short=figures["tax_rate_short"].to_numpy(float),
        rate_long=figures["tax_rate_long"].to_numpy(float),
        phi=figures["tax_deferral_credit"].to_numpy(float),
        carry_forward=figures["carry_forward_base"].to_numpy(float) * is_home,
    )


def taxpayer_shares(entity_id: str, owners: Owners, taxpayers: set[str], *, is_exempt: bool) -> dict[str, float]:
    """Share of an entity's gains that reaches each taxpayer; an entity that is a taxpayer bears its own tax.

    Shares that do not sum to one are a PolicyError: a gain that reaches nobody would be untaxed by accident.
    """
    shares = _reach(entity_id, owners, taxpayers)
    if is_exempt and not shares:
        return {}
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise PolicyError(
            f"Declared taxpayers bear {sum(shares.values()):.4%} of the gains of {entity_id}.",
            "Declare it as a taxpayer, or owners whose shares sum to one.",
        )
    return dict(sorted(shares.items()))


def owners_on(ownership: pd.DataFrame, day: pd.Timestamp) -> Owners:
    """Ownership in force on a day: the last declared share of every pair of owned and owner."""
    dated = ownership[ownership["valid_from"] <= day].sort_values("valid_from")
    owners: Owners = {}
    for owned, owner, share in zip(dated["owned_id"], dated["owner_id"], dated["ownership_share"], strict=True):
        owners.setdefault(owned, {})[owner] = share
    return owners


def is_taxed(taxpayers: Taxpayers) -> bool:
    """Whether any gain costs tax."""
    return bool((taxpayers.share * (taxpayers.rate_short + taxpayers.rate_long)).any())


def tax_due(problem: Problem, sales: Array) -> Array:
    """Tax of each taxpayer on the gains of some sales: short and long netted, then one against the other.

    A past loss is netted as a long one. Losses beyond gains pay nothing now.
    """
    lots, payers = problem.lots, problem.taxpayers
    gain = lots.gain * sales
    short = payers.share * gain[~lots.is_long_term].sum()
    long = payers.share * gain[lots.is_long_term].sum() - payers.carry_forward
    netted = np.where(long > short, payers.rate_long, payers.rate_short) * np.maximum(short + long, 0)
    separate = payers.rate_short * short + payers.rate_long * long
    due: Array = np.where((short >= 0) & (long >= 0), separate, netted)
    return due


def tax_bound(lots: Lots, payers: Taxpayers) -> tuple[Array, Array]:
    """A and b of the convex bound max(0, A sales - b) on each taxpayer's tax.

    Losses, whatever their term, count at the lower of the two rates: the bound equals the exact tax unless a short
    loss meets short gains, and is never below it.
    """
    lower = np.minimum(payers.rate_short, payers.rate_long)[:, None]
    term = np.where(lots.is_long_term[None, :], payers.rate_long[:, None], payers.rate_short[:, None])
    rate = np.where(lots.gain[None, :] > 0, term, lower)
    return payers.share[:, None] * rate * lots.gain[None, :], lower[:, 0] * payers.carry_forward


def _reach(owned_id: str, owners: Owners, taxpayers: set[str], above: tuple[str, ...] = ()) -> dict[str, float]:
    if owned_id in above:
        raise PolicyError(f"{owned_id} owns itself through {', '.join(above)}.", "Correct the declared ownership.")
    if owned_id in taxpayers:
        return {owned_id: 1.0}
    reached: dict[str, float] = {}
    for owner_id, part in owners.get(owned_id, {}).items():
        for name, share in _reach(owner_id, owners, taxpayers, (*above, owned_id)).items():
            reached[name] = reached.get(name, 0.0) + share * part
    return reached


def _home(taxpayer_id: str, owners: Owners) -> str:
    """The entity through which a taxpayer uses its past losses: the one it holds most of, or itself."""
    held = [(-shares[taxpayer_id], owned) for owned, shares in owners.items() if taxpayer_id in shares]
    return min(held)[1] if held else taxpayer_id
