"""Simulated losses of a book: closed forms, contributions, and independence of what has nothing to do with them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fo_platform.analytics.loss import shortfall_paths, tail
from fo_platform.analytics.risk_book import RiskBook
from fo_platform.analytics.scenarios import normals
from fo_platform.analytics.simulated_office import summarise
from fo_platform.analytics.simulation import (
    HISTORY_MIN,
    METHODS,
    PATHS,
    PATHS_EVEN,
    SESSIONS,
    Elliptical,
    losses_after,
    simulate,
)

FACTORS = ["CHF", "MKT"]


def book_of(values: dict[str, dict[str, float]], uncovered: tuple[str, ...] = ()) -> RiskBook:
    """Scopes with values of lines; a line's loadings and specific risk follow from its name."""
    table = pd.DataFrame(values).T.fillna(0.0).rename_axis(index="scope", columns="instrument_id")
    table = table[sorted(table)]
    known = [name for name in table if name not in uncovered]
    drawn = {name: np.random.default_rng(list(name.encode())).uniform(0.5, 1.5, 3) for name in known}
    figures = pd.DataFrame(drawn, index=[*FACTORS, "specific"]).T.rename_axis("instrument_id")
    return RiskBook(
        values=table,
        nav=table.sum(axis=1),
        lines=pd.DataFrame({"asset_class": "equity", "risk_basis": "own"}, index=table.columns),
        loadings=figures[FACTORS],
        specific=figures["specific"] / 100,
        covariance=pd.DataFrame([[1e-4, 2e-5], [2e-5, 4e-5]], index=FACTORS, columns=FACTORS),
    )


def history_of(book: RiskBook, dates: int = 250) -> pd.DataFrame:
    """Made-up returns of the covered lines."""
    values = np.random.default_rng(1).normal(0, 0.01, (dates, len(book.loadings)))
    return pd.DataFrame(values, index=pd.bdate_range("2021-01-04", periods=dates), columns=book.loadings.index)


def volatility(book: RiskBook, scope: str) -> float:
    """Closed form of a session's volatility in base currency."""
    held = book.covered.loc[scope]
    exposures = held @ book.loadings
    return float(np.sqrt(exposures @ book.covariance @ exposures + (held**2 * book.specific**2).sum()))


BOOK = book_of({"llc": {"A": 60.0, "B": 40.0}, "office": {"A": 90.0, "B": 40.0, "C": 70.0}})


def losses_of(book: RiskBook, scope: str, method: str, dates: int = 250) -> object:
    """One scope's losses by one method."""
    return {(s, m): losses for s, m, losses in simulate(book, history_of(book, dates), 20220614)}[scope, method]


@pytest.mark.parametrize("scope", ["llc", "office"])
@pytest.mark.parametrize("confidence", [0.95, 0.99])
@pytest.mark.parametrize(("horizon", "name"), [(1, "1d"), (10, "10d"), (21, "21d")])
def test_gaussian_losses_meet_their_closed_form(scope: str, confidence: float, horizon: int, name: str) -> None:
    found = tail(losses_after(losses_of(BOOK, scope, "gaussian"), horizon), confidence)
    size, quantile = volatility(BOOK, scope) * horizon**0.5, stats.norm.ppf(confidence)
    assert found.value_at_risk == pytest.approx(size * quantile, rel=5e-4), name
    assert found.expected_shortfall == pytest.approx(size * stats.norm.pdf(quantile) / (1 - confidence), rel=5e-4)


def test_student_s_losses_meet_their_closed_form_within_four_errors() -> None:
    found = tail(losses_of(BOOK, "office", "student_t").day, 0.99)
    scale, quantile = volatility(BOOK, "office") * (3 / 5) ** 0.5, stats.t.ppf(0.99, 5)
    shortfall = stats.t.pdf(quantile, 5) / 0.01 * (5 + quantile**2) / 4
    assert abs(found.value_at_risk - scale * quantile) < 4 * found.value_at_risk_error
    assert abs(found.expected_shortfall - scale * shortfall) < 4 * found.expected_shortfall_error


def test_independent_sessions_of_student_s_t_add_their_variances_and_lose_their_tails() -> None:
    losses = losses_of(BOOK, "office", "student_t")
    assert losses.ahead.shape[0] == SESSIONS
    assert losses.ahead[0].tobytes() == losses.day[: losses.ahead.shape[1]].tobytes()
    assert losses.ahead[-1].std() == pytest.approx(volatility(BOOK, "office") * SESSIONS**0.5, rel=0.05)
    assert stats.kurtosis(losses.ahead[-1]) < stats.kurtosis(losses.day) / 3


def test_resampled_losses_are_those_of_dates_of_the_past() -> None:
    losses, history = losses_of(BOOK, "llc", "bootstrap"), history_of(BOOK)
    of_dates = -(history @ BOOK.covered.loc["llc"]).to_numpy()
    assert losses.day == pytest.approx(of_dates[losses.places[0]])
    assert losses.ahead[2] == pytest.approx(of_dates[losses.places[:3]].sum(axis=0))


@pytest.mark.parametrize("method", METHODS)
def test_contributions_of_every_method_sum_to_expected_shortfall(method: str) -> None:
    losses = losses_of(BOOK, "office", method)
    contributions = losses.contributions(shortfall_paths(losses.day, 0.99))
    assert contributions.sum() == pytest.approx(tail(losses.day, 0.99).expected_shortfall, rel=1e-12)


def test_gaussian_contributions_are_those_of_volatility_scaled() -> None:
    losses = losses_of(BOOK, "office", "gaussian")
    held, loadings = BOOK.covered.loc["office"], BOOK.loadings
    pull = loadings @ BOOK.covariance @ (held @ loadings) + BOOK.specific**2 * held
    expected = held * pull / volatility(BOOK, "office") ** 2
    found = losses.contributions(shortfall_paths(losses.day, 0.99))
    assert found / found.sum() == pytest.approx(expected.to_numpy(), abs=0.002)


def test_collapsed_paths_have_the_law_of_every_line_simulated_by_itself() -> None:
    held, paths = BOOK.covered.loc["office"], 200_000
    root = np.linalg.cholesky(BOOK.covariance)
    factors, own = root @ normals(5, FACTORS, paths), normals(5, list(BOOK.loadings.index), paths)
    lines = BOOK.loadings.to_numpy() @ factors + BOOK.specific.to_numpy()[:, None] * own
    losses = -(held.to_numpy() @ lines)
    full = shortfall_paths(losses, 0.99).mean(-held.to_numpy()[:, None] * lines)
    collapsed = losses_of(BOOK, "office", "gaussian")
    found = collapsed.contributions(shortfall_paths(collapsed.day, 0.99))
    assert found == pytest.approx(full, rel=0.06)
    assert tail(collapsed.day, 0.99).expected_shortfall == pytest.approx(
        tail(losses, 0.99).expected_shortfall, rel=0.02
    )


@pytest.mark.parametrize("method", METHODS[:2])
def test_a_new_instrument_of_one_owner_leaves_the_others_losses_alone(method: str) -> None:
    more = book_of({"llc": {"A": 60.0, "B": 40.0}, "office": {"A": 90.0, "B": 40.0, "C": 70.0, "NEW": 30.0}})
    before, after = losses_of(BOOK, "llc", method), losses_of(more, "llc", method)
    assert before.day.tobytes() == after.day.tobytes()
    assert losses_of(BOOK, "office", method).day.tobytes() != losses_of(more, "office", method).day.tobytes()


def test_equal_input_gives_equal_bits_and_another_day_others() -> None:
    one, same, other = (next(iter(simulate(BOOK, history_of(BOOK), seed)))[2] for seed in (1, 1, 2))
    assert one.day.tobytes() == same.day.tobytes() != other.day.tobytes()


def test_short_positions_lose_when_their_lines_gain() -> None:
    long, short = (book_of({"llc": {"A": value}}) for value in (100.0, -100.0))
    assert losses_of(long, "llc", "bootstrap").day == pytest.approx(-losses_of(short, "llc", "bootstrap").day)


def test_too_short_a_history_leaves_only_what_needs_none() -> None:
    found = {method for _, method, _ in simulate(BOOK, history_of(BOOK, HISTORY_MIN - 1), 1)}
    assert found == {"gaussian", "student_t"}


def test_a_scope_of_which_nothing_is_covered_has_no_losses_and_says_so() -> None:
    book = book_of({"llc": {"A": 50.0}, "trust": {"X": 50.0}}, uncovered=("X",))
    office = summarise(book, history_of(book), seed=1)
    tails = office.tails.set_index("scope")
    assert tails.loc["trust", "value_at_risk_base"].isna().all()
    assert set(tails.loc["trust", "reason"]) == {"No line has a risk model."}
    assert tails.loc["llc", "reason"].isna().all()
    assert set(office.fans["scope"]) == {"llc"}


def test_a_book_that_cannot_move_loses_nothing() -> None:
    still = Elliptical(np.zeros((1, 2)), np.zeros(1), np.ones((3, 10)), np.ones((1, 1)))
    assert not still.day.any()
    assert not still.contributions(shortfall_paths(still.day, 0.5)).any()


def test_the_paths_of_a_session_are_those_that_are_stated() -> None:
    assert len(losses_of(BOOK, "llc", "student_t").day) == PATHS
    even = losses_of(BOOK, "llc", "gaussian")
    assert (len(even.day), even.ahead.shape) == (PATHS_EVEN, (SESSIONS, PATHS_EVEN))
