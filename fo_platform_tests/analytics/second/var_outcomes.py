"""The session's loss beside yesterday's forecast, line by line. What many outcomes tell does not belong here."""

import pandas as pd

from fo_platform_tests.analytics.second._risk_book import Read, line_returns, risk_book

COPIED = ["scope", "method", "confidence", "value_at_risk_base", "expected_shortfall_base"]
COLUMNS = [*COPIED, "return_date", "loss_base", "coverage_share", "is_exception"]


def second(read: Read) -> pd.DataFrame:
    """Every forecast for one session with what yesterday's holdings lost on the one date since their prices."""
    book = risk_book(read, back=1)
    priced = read("book.holdings", back=1)["price_date"].max()
    newest = {date: moves for date, moves in line_returns(read, book).items() if date > priced}
    rows = []
    for row in read("analytics.simulated_loss", back=1).to_dict("records"):
        if row["horizon"] != "1d" or pd.isna(row["value_at_risk_base"]) or len(newest) != 1:
            continue
        ((date, moves),) = newest.items()
        loss = gross = own = 0.0
        for name, value in book.covered(row["scope"]).items():
            change, is_own = moves[name]
            loss -= value * change
            gross += abs(value)
            own += abs(value) * is_own
        figures = (date, loss, own / gross, loss > row["value_at_risk_base"])
        rows.append((*(row[name] for name in COPIED), *figures))
    return pd.DataFrame(rows, columns=COLUMNS)
