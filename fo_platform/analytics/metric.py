"""Metric: what a file of analytics/metrics declares about its table. The metrics themselves do not belong here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from fo_platform.contracts._base import Table

Read = Literal["day", "latest", "previous"] | tuple[Literal["window"], int]


@dataclass(frozen=True)
class Metric:
    """One table of analytics: its contract and the pure function whose parameters name the tables it reads.

    A parameter that is a dataclass of frames stands for the tables that its fields name.

    reads: how a table is read where not simply of the day; ("window", n) is its rows of the last n sessions.
    exact: whether decimals reach the function as decimals or as float64.
    """

    contract: type[Table]
    compute: Callable[..., pd.DataFrame]
    reads: Mapping[str, Read] = field(default_factory=dict)
    exact: bool = False
