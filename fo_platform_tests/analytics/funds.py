"""Builders of what funds report and of looked-through rows, for the tests of this folder."""

import pandas as pd

from fo_platform.analytics.metrics.look_through import look_through
from fo_platform.contracts import reference
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import LookThrough

DAY = pd.Timestamp("2022-06-14")
PLACE = {"source": "test", "file_sha256": "0" * 64, "line": 1, "byte_offset": 0}


def fund_holdings(*rows: tuple[object, ...], **more: object) -> pd.DataFrame:
    """Lines from (fund, what it owns, weight[, LEI]); what it owns is an instrument, or an ISIN with `ISIN.` before it.

    The fund's number is `S_<fund>`. `more` gives columns, one value or one a row.
    """
    frame = pd.DataFrame([(*row, None)[:4] for row in rows], columns=["fund", "item", "weight", "lei"])
    item = frame["item"].astype("string[pyarrow]")
    usual = {
        "fund_id": "S_" + frame["fund"].astype("string[pyarrow]"), "fund_instrument_id": frame["fund"],
        "instrument_id": item.mask(item.str.startswith("ISIN.")), "report_date": "2022-03-31", "currency": "USD",
        "isin": item.str.removeprefix("ISIN.").where(item.str.startswith("ISIN.")), "description": item,
        "holding_no": frame.groupby("fund").cumcount() + 1, "market_value_local": 100, "country": "US",
        "country_domicile": "US", "currency_risk": "USD",
    }  # fmt: skip
    stated = frame.drop(columns=["fund", "item"]).assign(**usual | PLACE | more)
    return inexact(reference.FundHoldings.frame(stated))


def identifiers(**isins: str) -> pd.DataFrame:
    """ISINs by instrument."""
    rows = [
        {"id_type": "ISIN", "id_value": isin, "instrument_id": name, "valid_from": "2020-01-01", **PLACE}
        for name, isin in isins.items()
    ]
    return inexact(reference.Identifiers.frame(rows))


def looked(held: pd.DataFrame, net_worth: pd.DataFrame, instruments: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """analytics.LookThrough of holdings, as a metric reads it."""
    found = look_through(
        holdings=inexact(held),
        net_worth=inexact(net_worth),
        instruments=instruments,
        identifiers=identifiers(),
        fund_holdings=owned,
        day=DAY,
    )
    return inexact(LookThrough.validate(found))
