"""The rules that turn numbers into TRADE, WAIT or HOLD, with the sentence that says why. Numbers do not belong here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from fo_platform.decision.scoring import DAYS_PER_YEAR
from fo_platform.decision.standing import Standing
from fo_platform.decision.weighing import Weighed

Word = Literal["TRADE", "WAIT", "HOLD"]
Trigger = Literal["drift", "hard_limit", "none"]


@dataclass(frozen=True)
class Verdict:
    """What is decided and why, on which day, and until when it stands."""

    word: Word
    trigger: Trigger
    reason: str
    evaluated_date: pd.Timestamp
    next_review_date: pd.Timestamp


def give_verdict(
    standing: Standing, weighed: Weighed, previous: pd.Series | None, *, day: pd.Timestamp, review: pd.Timedelta
) -> Verdict:
    """A fresh verdict when one is due, else the one in force, else waiting.

    previous: the entity's row of yesterday. It is in force until its review date, under the same targets and limits.
    """
    trigger: Trigger = "none"
    if standing.is_due:
        trigger = "hard_limit" if standing.is_hard_breach else "drift"
    fresh = Verdict("WAIT", trigger, "", day, day + review)
    if standing.is_due:
        word, reason = _decided(standing, weighed)
        return replace(fresh, word=word, reason=reason)
    today = _quiet(standing, weighed, fresh)
    if previous is None or previous["targets_digest"] != standing.targets_digest or day >= previous["next_review_date"]:
        return today
    return _carried(previous, today)


def _carried(previous: pd.Series, today: Verdict) -> Verdict:
    """Yesterday's decision, or today's view when yesterday decided nothing; the review date stays either way."""
    if previous["trigger"] == "none" or previous["verdict"] == "HOLD":
        return replace(today, next_review_date=previous["next_review_date"])
    prefix = f"decision of {previous['evaluated_date']:%Y-%m-%d}: "
    return Verdict(
        word=previous["verdict"],
        trigger=previous["trigger"],
        reason=prefix + str(previous["reason"]).removeprefix(prefix),
        evaluated_date=previous["evaluated_date"],
        next_review_date=previous["next_review_date"],
    )


def _decided(standing: Standing, weighed: Weighed) -> tuple[Word, str]:
    """The verdict of a day on which one is due."""
    solution = weighed.best.solution if weighed.target.solution.is_solved else weighed.target.solution
    if not solution.is_solved:
        broken = "; ".join(solution.violated)
        return "HOLD", f"no trade meets every limit: {broken}" if broken else "the solver did not converge"
    if could_flip(standing, weighed):
        return "HOLD", _doubt(standing)
    if standing.is_hard_breach:
        return "TRADE", _hard(standing, weighed)
    if weighed.best.solution.trades.is_empty:
        return "WAIT", _too_dear(standing, weighed)
    return "TRADE", _pays(standing, weighed)


def _quiet(standing: Standing, weighed: Weighed, fresh: Verdict) -> Verdict:
    """Today's view when no decision is due."""
    if standing.has_working_orders:
        return replace(fresh, reason="orders of an approved proposal are still working")
    if could_flip(standing, weighed):
        return replace(fresh, word="HOLD", reason=_doubt(standing))
    drift = f"drift {abs(standing.drift_tradeable):.2%} of {standing.asset_class}"
    return replace(fresh, reason=f"{drift} is within the limit of {standing.limit:.2%}")


def could_flip(standing: Standing, weighed: Weighed) -> bool:
    """Whether stale or broken data could turn the verdict: it differs at drift less and plus the uncertainty."""
    u = standing.uncertainty
    return _would_trade(standing, weighed, -u) != _would_trade(standing, weighed, u)


def _would_trade(standing: Standing, weighed: Weighed, shift: float) -> bool:
    size = abs(standing.drift_tradeable) + shift
    pays = weighed.flip is not None and size > weighed.flip
    return standing.hard_excess + shift > 0 or (size > standing.limit and pays)


def _doubt(standing: Standing) -> str:
    return (
        f"{standing.uncertainty:.2%} of net worth is uncertain and could turn the verdict at a drift of "
        f"{abs(standing.drift_tradeable):.2%} of {standing.asset_class} ({standing.doubts})"
    )


def _side(standing: Standing) -> str:
    side = "over" if standing.drift_tradeable > 0 else "under"
    return f"{standing.asset_class} is {abs(standing.drift_tradeable):.2%} {side} target"


def _pays(standing: Standing, weighed: Weighed) -> str:
    money = _money(standing)
    return (
        f"{_side(standing)}: the best trade costs {money(weighed.shown.score.cost)} and saves "
        f"{money(weighed.drift_saved)} of drift over {_span(weighed.shown_years)}"
    )


def _too_dear(standing: Standing, weighed: Weighed) -> str:
    if weighed.flip is None:
        return f"{_side(standing)}, but nothing that may be traded brings it back"
    money, scored = _money(standing), weighed.target.score
    return (
        f"{_side(standing)}, but going back costs {money(scored.cost)} (tax {money(scored.tax)}) against "
        f"{money(weighed.drift_saved)} of drift saved over {_span(weighed.shown_years)}; "
        f"no trade pays below a drift of {weighed.flip:.2%}"
    )


def _hard(standing: Standing, weighed: Weighed) -> str:
    money = _money(standing)
    return (
        f"{standing.hard_class} is {standing.hard_excess:.2%} outside its hard limit: the trade costs "
        f"{money(weighed.shown.score.cost)}, compliance alone {money(weighed.compliance_price)}"
    )


def _money(standing: Standing) -> Callable[[float], str]:
    return lambda amount: f"{standing.base_currency} {amount:,.0f}"


def _span(years: float) -> str:
    return f"{years:.1f} years" if years >= 1 else f"{years * DAYS_PER_YEAR:.0f} days"
