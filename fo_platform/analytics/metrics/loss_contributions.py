"""What every line adds to expected shortfall. What it adds to volatility does not belong here."""

import pandas as pd

from fo_platform.analytics.metric import Metric
from fo_platform.analytics.risk_book import HISTORY, Held, Past
from fo_platform.analytics.simulated_office import CONTRIBUTION_CONFIDENCE, SimulatedOffice, simulated_office
from fo_platform.contracts.analytics import LossContributions

LINE = ["scope", "method", "instrument_id"]


def loss_contributions(held: Held, past: Past, day: pd.Timestamp) -> pd.DataFrame:
    """Euler contributions to the expected shortfall of a session at 99 %, from the same paths as `simulated_loss`."""
    office = simulated_office(held, past, day)
    return LossContributions.frame(_lines(office))


METRIC = Metric(LossContributions, loss_contributions, HISTORY)


def _lines(office: SimulatedOffice) -> pd.DataFrame:
    """Lines of every scope that holds them and every method that has figures."""
    held = office.book.positions()
    rows = held.merge(_totals(office), how="inner", on="scope", validate="many_to_many")
    stated = rows.merge(office.contributions, how="left", on=LINE, validate="one_to_one")
    total = stated["expected_shortfall_base"]
    return stated.assign(
        risk_basis=stated["instrument_id"].map(office.book.lines["risk_basis"]).fillna("unknown"),
        loss_contribution_share=stated["loss_contribution_base"] / total.where(total != 0),
    )


def _totals(office: SimulatedOffice) -> pd.DataFrame:
    tails = office.tails
    is_total = (tails["horizon"] == "1d") & (tails["confidence"] == CONTRIBUTION_CONFIDENCE)
    return tails.loc[is_total & tails["paths"].notna(), ["scope", "method", "expected_shortfall_base"]]
