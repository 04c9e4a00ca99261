"""Drift episodes: what opens, repeats, holds and closes them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.decision.episodes import Episode, Observation, Rules, Step, observe, run_key

DAY = date(2022, 6, 14)
RULES = Rules(limit=Decimal("0.02"), rearm=Decimal("0.015"), step=Decimal("0.005"), review_days=91)
CALM = Observation("foundation", DAY, Decimal("0.0199"), frozenset(), frozenset(), Decimal(0))
BREACH = replace(CALM, drift=Decimal("0.021"), breached=frozenset({"us_equity"}))


def _opened() -> Episode:
    return observe(Episode(), BREACH, RULES).episode


def test_drift_within_the_limit_is_only_observed_and_says_why() -> None:
    step = observe(Episode(), CALM, RULES)
    assert (step.event, step.reason) == ("observed", "drift 1.99 % does not exceed the limit 2.00 %")
    assert step.episode == Episode()


def test_a_breach_opens_an_episode_with_its_first_evaluation() -> None:
    step = observe(Episode(), BREACH, RULES)
    assert step.event == "evaluation_due"
    assert (step.episode.number, step.episode.attempt, step.episode.is_open) == (1, 1, True)
    assert run_key("foundation", step.episode) == "foundation:1:1"


@pytest.mark.parametrize(
    ("seen", "event"),
    [
        (replace(BREACH, drift=Decimal("0.0259")), "observed"),
        (replace(BREACH, drift=Decimal("0.026")), "evaluation_due"),
        (replace(BREACH, breached=frozenset({"us_equity", "fixed_income"})), "evaluation_due"),
        (replace(BREACH, hard_breached=frozenset({"cash"})), "evaluation_due"),
        (replace(BREACH, reopened=True), "evaluation_due"),
        (replace(BREACH, day=DAY + timedelta(days=90)), "observed"),
        (replace(BREACH, day=DAY + timedelta(days=91)), "evaluation_due"),
        (replace(BREACH, reopened=True, has_working_orders=True), "observed"),
        (replace(CALM, drift=Decimal("0.015")), "observed"),
        (replace(CALM, drift=Decimal("0.0149")), "closed"),
    ],
)
def test_within_an_episode_another_evaluation_needs_a_reason(seen: Observation, event: str) -> None:
    assert observe(_opened(), seen, RULES).event == event


def test_uncertain_data_hold_an_evaluation_that_they_could_undo() -> None:
    step = observe(Episode(), replace(BREACH, uncertainty=Decimal("0.001")), RULES)
    assert step.event == "held"
    assert "2.10 %" in step.reason
    assert not step.episode.is_open


def test_uncertain_data_do_not_hold_what_they_cannot_undo() -> None:
    assert observe(Episode(), replace(BREACH, uncertainty=Decimal("0.0009")), RULES).event == "evaluation_due"


def test_a_new_episode_after_a_closed_one_has_the_next_number() -> None:
    closed = observe(_opened(), replace(CALM, drift=Decimal(0)), RULES).episode
    assert observe(closed, BREACH, RULES).episode.number == 2


@given(st.lists(st.decimals("0", "0.1", places=4), min_size=1, max_size=30))
def test_a_run_key_is_never_used_twice(drifts: list[Decimal]) -> None:
    episode, keys = Episode(), []
    for drift in drifts:
        breached = frozenset({"us_equity"}) if drift > RULES.limit else frozenset[str]()
        step: Step = observe(episode, replace(CALM, drift=drift, breached=breached), RULES)
        episode = step.episode
        if step.event == "evaluation_due":
            keys.append(run_key("foundation", episode))
    assert len(keys) == len(set(keys))
