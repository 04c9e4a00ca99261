"""The session tape that the paper broker trades on, its mids the real closes. Fills do not belong here."""

from datetime import date

import pandas as pd

from fo_platform.simulation.instruments import SECURITIES
from fo_platform.simulation.market import Market, price_label
from fo_platform.units import plain

HEADER = "instrument_id,mid_price,spread_bps,volume,price_source"


def session_tape(market: Market, day: date) -> bytes:
    """One line an instrument: mid, spread, the session's volume in units, and who made the price."""
    volumes = market.volumes.loc[pd.Timestamp(day)]
    rows = [
        f"{name},{plain(market.price(row, day))},{row.spread_bps},{volumes[name]},{price_label(row)}"
        for name, row in SECURITIES.items()
    ]
    return ("\n".join([HEADER, *rows]) + "\n").encode()
