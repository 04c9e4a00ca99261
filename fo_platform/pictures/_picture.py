"""Picture: how a table is drawn where people would rather look than read. The pictures are the files beside it."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from fo_platform.registry import discover

SIZE = (8.0, 4.5)
"""Inches."""

DPI = 100


@dataclass(frozen=True)
class Picture:
    """One table drawn: `draw` takes its rows with a column `business_date` and gives a figure.

    sessions: of how many sessions up to the day; a picture of one day is of one session.
    """

    draw: Callable[[pd.DataFrame], Figure]
    sessions: int = 1


def picture_of(table_name: str) -> Picture | None:
    """The picture of a table, by file name; most tables have none."""
    found = discover("fo_platform.pictures", "PICTURE").get(table_name)
    return found if isinstance(found, Picture) else None


def png(figure: Figure) -> bytes:
    """A figure as PNG, the same bytes for the same figure."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None})
    return stream.getvalue()
