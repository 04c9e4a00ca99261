"""Where values may be, from the law that every method states, session by session. Tails belong to simulated_loss."""

from itertools import product

import pandas as pd

from fo_platform_tests.analytics.second._losses import SESSIONS, Laws, quantile_error
from fo_platform_tests.analytics.second._risk_book import Read

PROBABILITIES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def second(read: Read) -> pd.DataFrame:
    """Every quantile of value, with the distance that chance allows; today's value is certain."""
    laws, rows = Laws(read), []
    for scope, method in product(laws.scopes, ("student_t", "filtered")):
        nav, ahead = laws.book.nav[scope], laws.of(scope, method)
        rows += [(scope, method, 0, p, nav, 0.0) for p in PROBABILITIES]
        for (session, law), p in product(zip(range(1, SESSIONS + 1), ahead, strict=True), PROBABILITIES):
            paths = 65_536 if method == "student_t" and session == 1 else 8192
            rows.append((scope, method, session, p, nav - law.quantile(1 - p), quantile_error(law, 1 - p, paths)))
    columns = "scope method session_ahead probability value_simulated_base value_simulated_base_tolerance"
    return pd.DataFrame(rows, columns=columns.split())
