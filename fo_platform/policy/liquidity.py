"""liquidity.yaml: how what has no market becomes money, and what is pledged. Volumes belong to market data."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from fo_platform.declarations import Declared
from fo_platform.policy.models import Name, Share

Days = Annotated[int, Field(ge=0, le=36_600, description="calendar days")]


class Terms(Declared):
    """How a class or a holding is redeemed or sold: notice first, then a part of it on every dealing day.

    gate_share: part that one dealing day pays out. period_days: between dealing days. settlement_days: from a dealing
    day to the money. lock_up_until: last day on which nothing may be redeemed or sold. Without notice_days a holding
    sells as its class or its market lets it.
    """

    notice_days: Days | None = None
    period_days: Annotated[int, Field(ge=1, le=3660, description="calendar days")] = 91
    gate_share: Annotated[Decimal, Field(gt=0, le=1)] = Decimal(1)
    settlement_days: Days = 0
    lock_up_until: date | None = None


class Pledge(Declared):
    """Part of a holding that stands as security for somebody else: its money is not the owner's."""

    account: Name
    instrument: str
    share: Share


class LiquidityFile(Declared):
    """liquidity.yaml; without it nothing but what trades on a market is known to become money."""

    classes: dict[Name, Terms] = {}
    holdings: dict[str, Terms] = {}
    pledges: list[Pledge] = []
