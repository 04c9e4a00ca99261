"""What agreed tariffs charge. What was charged, and whether it agrees, do not belong here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from fo_platform.once import once

ANY = "*"
BPS = 1e-4
PERIODS = {"monthly": 12, "quarterly": 4, "yearly": 1}
"""Charges a year."""

FREQUENCIES = {"monthly": "M", "quarterly": "Q", "yearly": "Y"}
OF_A_YEAR = ("bps_of_value", "bps_of_commitment")

KEY = ["provider", "layer", "entity_id", "account_id", "valid_from"]


class Span(NamedTuple):
    """First and last day of a period."""

    start: pd.Timestamp
    end: pd.Timestamp


@lru_cache(maxsize=4096)
def span_of(period: str, day: pd.Timestamp, *, before: int = 0) -> Span:
    """The period of PERIODS that a day is in, or that many before it."""
    found = pd.Period(day, FREQUENCIES[period]) - before
    return Span(found.start_time, found.end_time.normalize())


@dataclass(frozen=True)
class Tariff:
    """One agreed charge; steps: rate by the value from which it applies, the first from zero."""

    provider: str
    layer: str
    entity_id: str
    account_id: str
    valid_from: pd.Timestamp
    basis: str
    period: str
    currency: str
    steps: tuple[tuple[float, float], ...]
    minimum: float
    agreed_value: float
    tolerance: float
    is_embedded: bool

    def charge(self, measure: float) -> float:
        """Charge of one period, in the tariff's currency; unknown for a share of a gain.

        measure: value or commitment in the tariff's currency, money of trades, or their number; of a flat charge it
        does not matter. A tier's rate is of the part of the value between it and the next.
        """
        if self.basis == "flat":
            return max(self.steps[0][1], self.minimum)
        if self.basis == "share_of_gain":
            return float("nan")
        unit = 1.0 if self.basis == "per_trade" else BPS
        parts = PERIODS[self.period] if self.basis in OF_A_YEAR else 1
        return max(_stepped(self.steps, measure) * unit / parts, self.minimum)

    def last_period(self, day: pd.Timestamp) -> Span:
        """The newest period that is over on a day."""
        return span_of(self.period, day, before=1)


@once
def tariffs_of(fee_tariffs: pd.DataFrame) -> list[Tariff]:
    """Tariffs of policy.FeeTariffs, which has a row a tier."""
    return [_tariff(tiers) for _, tiers in fee_tariffs.sort_values("tier_from_local").groupby(KEY)]


def in_force(tariffs: Iterable[Tariff], *, entity_id: str, account_id: str, day: pd.Timestamp) -> Tariff | None:
    """The tariff that holds for an account of an entity on a day: the most specific, then the newest.

    tariffs: of one provider and layer. account_id `*`: a charge that is not of an account of its own.
    """
    open_to = [
        tariff
        for tariff in tariffs
        if tariff.valid_from <= day and tariff.entity_id in (entity_id, ANY) and tariff.account_id in (account_id, ANY)
    ]
    return max(open_to, key=lambda t: (t.account_id != ANY, t.entity_id != ANY, t.valid_from), default=None)


def rates_of(holdings: pd.DataFrame, base_currency: str) -> Mapping[str, float]:
    """Base currency for one unit of each currency that is held, and of the base currency itself."""
    known = holdings.dropna(subset=["fx_rate"]).drop_duplicates("currency")
    return {**dict(zip(known["currency"], known["fx_rate"].astype("float64"), strict=True)), base_currency: 1.0}


def _stepped(steps: tuple[tuple[float, float], ...], value: float) -> float:
    ends = [*(start for start, _ in steps[1:]), float("inf")]
    return sum(rate * max(min(value, end) - start, 0.0) for (start, rate), end in zip(steps, ends, strict=True))


def _tariff(tiers: pd.DataFrame) -> Tariff:
    first = tiers.iloc[0]
    return Tariff(
        provider=first["provider"],
        layer=first["layer"],
        entity_id=first["entity_id"],
        account_id=first["account_id"],
        valid_from=first["valid_from"],
        basis=first["fee_basis"],
        period=first["fee_period"],
        currency=first["currency"],
        steps=tuple(zip(tiers["tier_from_local"].astype("float64"), tiers["fee_rate"].astype("float64"), strict=True)),
        minimum=float(first["minimum_local"]),
        agreed_value=float(first["agreed_value_local"]),
        tolerance=float(first["tolerance"]),
        is_embedded=bool(first["is_embedded"]),
    )
