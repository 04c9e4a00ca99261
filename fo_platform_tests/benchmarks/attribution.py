"""Attribution of ten years of days, fifty segments and a hundred portfolios, beside reading it and beside pandas.

What the effects are is tested beside the analytics.
"""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

from fo_platform.analytics.brinson import Array, Effects, brinson
from fo_platform.analytics.linking import linked_effects
from fo_platform.analytics.scopes import TEXT
from fo_platform_tests.benchmarks.figures import Figure

DAYS, SEGMENTS, PORTFOLIOS = 2_520, 50, 100
TIMES = 3
KEYS = ["day", "portfolio"]
COUNTS = {"segment": SEGMENTS, "portfolio": PORTFOLIOS}


def attributed(_: Path) -> list[Figure]:
    """Processor time of all effects over that of summing the four inputs once; of a group-by over linked effects."""
    inputs = _inputs()
    frame = _frame(inputs)
    _prove_equal(linked_effects(*inputs), _by_pandas(frame))
    acts = (
        lambda: brinson(*inputs),
        lambda: [array.sum() for array in inputs],
        lambda: linked_effects(*inputs),
        lambda: _by_pandas(frame),
    )
    turns = [[_seconds(act) for act in acts] for _ in range(TIMES)]
    ours, floor, linked, theirs = (min(column) for column in zip(*turns, strict=True))
    what = f"attribution, {DAYS:,} days x {SEGMENTS} segments x {PORTFOLIOS} portfolios"
    return [
        Figure(f"{what} / reading it ({ours * 1000:.0f} ms)", ours / floor, limit=20.0),
        Figure(f"pandas group-by ({theirs:.1f} s) / {what}, linked", theirs / linked, least=20.0),
    ]


def _inputs() -> tuple[Array, ...]:
    """Weights of both sides, which sum to one, and returns of both, seeded."""
    numbers = np.random.default_rng(1)
    shape = (DAYS, SEGMENTS, PORTFOLIOS)
    weights = [numbers.random(shape) for _ in range(2)]
    returns = [numbers.normal(0.0, 0.01, shape) for _ in range(2)]
    return (*(each / each.sum(axis=1, keepdims=True) for each in weights), *returns)


def _frame(inputs: tuple[Array, ...]) -> pd.DataFrame:
    """The same as a table, one row a day, segment and portfolio, with names as our tables have them."""
    names = [pd.array([f"{kind} {n:03}" for n in range(count)], dtype=TEXT) for kind, count in COUNTS.items()]
    index = pd.MultiIndex.from_product([pd.bdate_range("2015-01-01", periods=DAYS), *names], names=["day", *COUNTS])
    columns = dict(zip(("w_p", "w_b", "r_p", "r_b"), (array.ravel() for array in inputs), strict=True))
    return pd.DataFrame(columns, index=index).reset_index()


def _by_pandas(frame: pd.DataFrame) -> list[Array]:
    """Linked effects from the table: a group-by for returns of days, one for sums over days."""
    earned = frame[KEYS].assign(p=frame["w_p"] * frame["r_p"], b=frame["w_b"] * frame["r_b"]).groupby(KEYS)
    r_p, r_b = earned["p"].transform("sum"), earned["b"].transform("sum")
    k = (np.log1p(r_p) - np.log1p(r_b)) / (r_p - r_b)
    effects = frame[["segment", "portfolio"]].assign(
        allocation=k * (frame["w_p"] - frame["w_b"]) * (frame["r_b"] - r_b),
        selection=k * frame["w_p"] * (frame["r_p"] - frame["r_b"]),
    )
    growth = (1 + earned.sum()).groupby("portfolio").prod()
    total = (np.log(growth["p"]) - np.log(growth["b"])) / (growth["p"] - growth["b"])
    sums = effects.groupby(["segment", "portfolio"]).sum().div(total, axis=0, level="portfolio")
    return [sums[name].to_numpy() for name in ("allocation", "selection")]


def _prove_equal(ours: Effects, theirs: list[Array]) -> None:
    """Both give the same effects, so that neither is fast by leaving some out."""
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.ravel(), other, rtol=0, atol=1e-11)


def _seconds(act: Callable[[], object]) -> float:
    started = process_time()
    act()
    return process_time() - started
