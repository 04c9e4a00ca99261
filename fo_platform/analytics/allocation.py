"""Exact money by asset class: held, targeted, and wanted of what can be traded. Breaches do not belong here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from decimal import Decimal

from fo_platform.errors import PolicyError
from fo_platform.units import plain

CASH = "cash"
"""The class that a reserve is kept in."""

ZERO = Decimal(0)


@dataclass(frozen=True)
class Target:
    """Policy of one class: weights over NAV, and the liquid class that stands for it when it is illiquid."""

    weight: Decimal = ZERO
    weight_min: Decimal = ZERO
    weight_max: Decimal = ZERO
    is_liquid: bool = True
    proxy: str = ""


@dataclass(frozen=True)
class Line:
    """One class in base currency: held, targeted and its hard limits over NAV; held and wanted in the tradeable sleeve.

    What is wanted is not yet scaled to the sleeve. declared: how many owners' targets name the class.
    """

    value: Decimal = ZERO
    target: Decimal = ZERO
    low: Decimal = ZERO
    high: Decimal = ZERO
    tradeable: Decimal = ZERO
    wanted: Decimal = ZERO
    declared: int = 0

    def __add__(self, other: "Line") -> "Line":
        """The same class of two owners."""
        return Line(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))


Lines = dict[str, Line]


def allocate(entity_id: str, held: Mapping[str, Decimal], targets: Mapping[str, Target], reserve: Decimal) -> Lines:
    """Lines of one owner by class, from what it holds by class, its targets and the cash it keeps out of the sleeve.

    What an illiquid class lacks, or has above its target, is wanted of its proxy class; nothing is wanted below zero.
    """
    _check(entity_id, targets)
    nav = sum(held.values(), ZERO)
    kept = {CASH: reserve} if reserve else {}
    gaps: dict[str, Decimal] = defaultdict(Decimal)
    for name, target in targets.items():
        if not target.is_liquid:
            gaps[target.proxy] += target.weight * nav - held.get(name, ZERO)
    return {
        name: _line(held.get(name, ZERO), targets.get(name), nav=nav, gap=gaps[name], reserve=kept.get(name, ZERO))
        for name in sorted({*held, *targets, *kept})
    }


def combine(owners: Iterable[Lines]) -> Lines:
    """Lines of several owners, added by class."""
    sums: Lines = defaultdict(Line)
    for lines in owners:
        for name, line in lines.items():
            sums[name] += line
    return dict(sums)


def _line(value: Decimal, target: Target | None, *, nav: Decimal, gap: Decimal, reserve: Decimal) -> Line:
    terms = target or Target()
    return Line(
        value=value,
        target=terms.weight * nav,
        low=terms.weight_min * nav,
        high=terms.weight_max * nav,
        tradeable=value - reserve if terms.is_liquid else ZERO,
        wanted=max(terms.weight * nav + gap, ZERO) if terms.is_liquid else ZERO,
        declared=int(target is not None),
    )


def _check(entity_id: str, targets: Mapping[str, Target]) -> None:
    whole = sum((target.weight for target in targets.values()), ZERO)
    if whole != 1:
        message = f"Target weights of {entity_id} sum to {plain(whole)}, not to one."
        raise PolicyError(message, "Correct its allocation targets.")
    liquid = {name for name, target in targets.items() if target.is_liquid}
    orphans = [name for name, target in targets.items() if not target.is_liquid and target.proxy not in liquid]
    if orphans:
        message = f"No liquid class stands for {', '.join(orphans)} of {entity_id}."
        raise PolicyError(message, "Declare one of its liquid classes as the proxy.")
