"""Where values may be, from the law that every method states, session by session. Tails belong to simulated_loss."""

import pandas as pd

from fo_platform_tests.analytics.second._losses import SESSIONS, Laws, quantile_error
from fo_platform_tests.analytics.second._risk_book import Read

PROBABILITIES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def second(read: Read) -> pd.DataFrame:
    """Every quantile of value, with the distance that chance allows; today's value is certain."""
    laws, rows = Laws(read), []
    for scope in laws.scopes:
        nav = laws.book.nav[scope]
        for method in ("student_t", "filtered"):
            rows += [(scope, method, 0, p, nav, 0.01) for p in PROBABILITIES]
            for session, law in zip(range(1, SESSIONS + 1), laws.of(scope, method), strict=True):
                paths = 65_536 if method == "student_t" and session == 1 else 8192
                rows += [
                    (scope, method, session, p, nav - law.quantile(1 - p), quantile_error(law, 1 - p, paths) + 0.01)
                    for p in PROBABILITIES
                ]
    columns = "scope method session_ahead probability value_simulated_base value_simulated_base_tolerance"
    return pd.DataFrame(rows, columns=columns.split())
