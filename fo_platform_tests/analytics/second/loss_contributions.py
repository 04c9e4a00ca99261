"""What lines add to expected shortfall, from the law that every method states. Totals belong to simulated_loss.

Of normal and Student's losses the covariance with the whole tells it; of the past, its worst dates.
"""

from itertools import product

import numpy as np
import pandas as pd

from fo_platform_tests.analytics.second._losses import (
    QUASI_RANDOM,
    WIDTH,
    Laws,
    Normal,
    shortfall_error,
    surprise_scales,
)
from fo_platform_tests.analytics.second._risk_book import Read

CONFIDENCE, SAMPLES = 0.99, 500
PATHS = {"gaussian": 16_384, "student_t": 65_536, "bootstrap": 8192, "filtered": 8192}


def second(read: Read) -> pd.DataFrame:
    """Every held line, with the distance that chance allows; shares are of the total that the product states."""
    laws, totals = Laws(read), read("analytics.simulated_loss").set_index(["scope", "method", "horizon", "confidence"])
    rows = []
    for scope, method in product(laws.scopes, PATHS):
        total = totals.loc[(scope, method, "1d", CONFIDENCE), "expected_shortfall_base"]
        parts, errors = (_past if method in ("bootstrap", "filtered") else _closed)(laws, scope, method)
        width = QUASI_RANDOM if method == "gaussian" else WIDTH
        found = dict(zip(laws.book.covered(scope), zip(parts, width * errors, strict=True), strict=True))
        for name, value in laws.book.values[scope].items():
            line = laws.book.lines[name]
            part, error = found.get(name, (np.nan, 0.0))
            stated = (line.asset_class, value, line.basis, total)
            rows.append((scope, method, name, *stated, part, error, part / total, error / abs(total)))
    columns = (
        "scope method instrument_id asset_class market_value_base risk_basis expected_shortfall_base "
        "loss_contribution_base loss_contribution_base_tolerance loss_contribution_share "
        "loss_contribution_share_tolerance"
    )
    return pd.DataFrame(rows, columns=columns.split())


def _closed(laws: Laws, scope: str, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Parts, and their errors: of the tail's mean, and of what each line does given the whole.

    What is specific to lines is drawn once for all of them, so that it varies with their sum alone. Given the whole,
    Student's variance grows with its square.
    """
    shared, systematic, specific = laws.moments(scope)
    law = laws.of(scope, method)[0]
    _, mean, square = law.tail(CONFIDENCE)
    variance, paths = shared.sum(), PATHS[method]
    beta = shared / variance
    own = systematic + specific**2 / specific.sum()
    wider = 1.0 if isinstance(law, Normal) else (3 + square / variance) / 4
    left = np.maximum(own - beta**2 * variance, 0.0) * wider / (paths * (1 - CONFIDENCE))
    return beta * mean, np.sqrt(beta**2 * shortfall_error(law, CONFIDENCE, paths) ** 2 + left)


def _past(laws: Laws, scope: str, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Parts of the worst dates, and how far the same parts spread where dates are drawn so many times."""
    profits, paths = laws.profits(scope), PATHS[method]
    total = profits.sum(axis=1)
    losses = -profits * (surprise_scales(total) if method == "filtered" else np.ones(len(total)))[:, None]
    order, mass = np.argsort(-losses.sum(axis=1), kind="stable"), paths * (1 - CONFIDENCE)

    def parts(counts: np.ndarray) -> np.ndarray:
        before = np.cumsum(counts[..., order], axis=-1) - counts[..., order]
        return np.clip(mass - before, 0.0, counts[..., order]) / mass @ losses[order]

    even = np.full(len(total), 1 / len(total))
    samples = np.random.Generator(np.random.PCG64(11)).multinomial(paths, even, size=SAMPLES)
    return parts(paths * even), parts(samples.astype("float64")).std(axis=0)
