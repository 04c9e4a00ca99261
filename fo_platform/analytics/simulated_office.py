"""The office's simulated losses of a day in three small frames, made once. What the tables show belongs to metrics."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fo_platform.analytics.loss import quantiles, shortfall_paths, tail
from fo_platform.analytics.risk_book import Held, Past, RiskBook, line_returns, risk_book
from fo_platform.analytics.scopes import base_currency
from fo_platform.analytics.simulation import HISTORY_MIN, METHODS, SESSIONS, Losses, losses_after, simulate
from fo_platform.once import once

HORIZONS = {"1d": 1, "10d": 10, "21d": SESSIONS}
"""Sessions of every horizon; ten are the Basel Committee's."""

CONFIDENCES = (0.95, 0.99)

CONTRIBUTION_CONFIDENCE = 0.99

PROBABILITIES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""Of a value no higher: the bands of the fan."""

FAN_METHODS = ("student_t", "filtered")
"""What may come whatever today is like, and what may come of a day like today."""

CASES = ["scope", "method", "horizon", "confidence"]
CONTRIBUTION = ["scope", "method", "instrument_id", "loss_contribution_base"]
FAN = ["scope", "method", "session_ahead", "probability", "loss_base"]
TAIL = ["value_at_risk_base", "value_at_risk_error_base", "expected_shortfall_base", "expected_shortfall_error_base"]


@dataclass(frozen=True)
class SimulatedOffice:
    """Small enough to keep: the paths themselves are gone.

    book: what was simulated. tails: every case of CASES with TAIL, paths, and the reason where nothing is known.
    contributions: by scope, method and line. fans: losses by scope, method of FAN_METHODS,
    session_ahead and probability.
    """

    book: RiskBook
    seed: int
    tails: pd.DataFrame
    contributions: pd.DataFrame
    fans: pd.DataFrame


@once
def simulated_office(held: Held, past: Past, day: pd.Timestamp) -> SimulatedOffice:
    """Every scope by every method, from random numbers that follow from the day alone, and from the scope's name."""
    book = risk_book(held)
    history = line_returns(book, *past.returns(base_currency(held.net_worth), day))
    return summarise(book, history, seed=int(f"{day:%Y%m%d}"))


def summarise(book: RiskBook, history: pd.DataFrame, seed: int) -> SimulatedOffice:
    """Tails, contributions and fans of what `simulate` draws; one scope's paths are in memory at a time."""
    tails, contributions, fans = [], [], []
    for scope, method, losses in simulate(book, history, seed):
        place = {"scope": scope, "method": method}
        tails += [{**place, **row} for row in _tails(losses)]
        contributions.append(_contributions(losses, book).assign(**place))
        if method in FAN_METHODS:
            fans.append(_fan(losses).assign(**place))
    grid = pd.MultiIndex.from_product([book.values.index, METHODS, list(HORIZONS), CONFIDENCES], names=CASES)
    stated = pd.DataFrame(tails, columns=[*CASES, *TAIL, "paths"]).set_index(CASES).astype("float64").reindex(grid)
    return SimulatedOffice(
        book=book,
        seed=seed,
        tails=stated.assign(reason=_reasons(stated, book, len(history))).reset_index(),
        contributions=pd.concat(contributions) if contributions else pd.DataFrame(columns=CONTRIBUTION),
        fans=pd.concat(fans) if fans else pd.DataFrame(columns=FAN),
    )


def _tails(losses: Losses) -> Iterator[dict[str, object]]:
    for horizon, sessions in HORIZONS.items():
        drawn = losses_after(losses, sessions)
        for confidence in CONFIDENCES:
            found = tail(drawn, confidence, losses.date_errors(sessions, confidence))
            yield {
                "horizon": horizon,
                "confidence": confidence,
                "value_at_risk_base": found.value_at_risk,
                "value_at_risk_error_base": found.value_at_risk_error,
                "expected_shortfall_base": found.expected_shortfall,
                "expected_shortfall_error_base": found.expected_shortfall_error,
                "paths": len(drawn),
            }


def _contributions(losses: Losses, book: RiskBook) -> pd.DataFrame:
    parts = losses.contributions(shortfall_paths(losses.day, CONTRIBUTION_CONFIDENCE))
    return pd.DataFrame({"instrument_id": book.loadings.index, "loss_contribution_base": parts})


def _fan(losses: Losses) -> pd.DataFrame:
    """Losses that are exceeded with every probability of a value no higher, after every session."""
    several = quantiles(losses.ahead, [1 - probability for probability in PROBABILITIES])
    first = quantiles(losses.day[None, :], [1 - probability for probability in PROBABILITIES])
    table = np.vstack([first, several[1:]])
    index = pd.MultiIndex.from_product([range(1, SESSIONS + 1), PROBABILITIES], names=["session_ahead", "probability"])
    return pd.DataFrame({"loss_base": table.ravel()}, index=index).reset_index()


def _reasons(stated: pd.DataFrame, book: RiskBook, dates: int) -> pd.Series:
    """Why a case has no figure; unknown where it has one."""
    scopes = stated.index.get_level_values("scope")
    is_covered = scopes.map((book.covered.abs().sum(axis=1) > 0).to_dict())
    short = f"Only {dates} of {HISTORY_MIN} dates of history are known."
    reasons = pd.Series(np.where(is_covered, short, "No line has a risk model."), index=stated.index, dtype="object")
    return reasons.mask(stated["paths"].notna(), None)
