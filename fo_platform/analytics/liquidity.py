"""When every line can be sold and be money, by volume, terms and maturity. What selling costs does not belong here."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from fo_platform.analytics.scopes import TEXT, is_money
from fo_platform.calendars import add_sessions, sessions_between
from fo_platform.limits import OFFICE, limit
from fo_platform.once import once

HORIZONS = {"1d": 1, "1w": 5, "1m": 21}
"""Sessions of every horizon, counted from today's."""

BUCKETS = (*HORIZONS, "beyond", "never")

KEY = ["account_id", "instrument_id"]
ANY = "*"
TERMS = ["notice_days", "period_days", "gate_share", "settlement_days", "lock_up_until"]
AT_ONCE = {"period_days": 1.0, "gate_share": 1.0, "settlement_days": 0.0}
"""Terms of what is paid whole on one day, such as a debt."""

Matrix = npt.NDArray[np.float64]


@once
def line_terms(
    *,
    holdings: pd.DataFrame,
    instruments: pd.DataFrame,
    market_liquidity: pd.DataFrame,
    settlement_cycles: pd.DataFrame,
    liquidity_terms: pd.DataFrame,
    liabilities: pd.DataFrame,
    limits: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """How every line of holdings becomes money, one row an account and instrument.

    liquidity_basis: `money` is there; a `volume` line sells `daily_share` of itself each session after
    `wait_sessions` and is paid `lag_sessions` later; a `notice` line pays `gate_share` of itself on `first_date` and
    every `period_days` on, `settlement_days` later; a debt falls due on its `maturity`, one without a maturity at once;
    a `restricted` line may not be sold or is unknown to the instrument master; of any other nothing is known (`none`).
    All lines of an instrument share the office's part of its volume. An instrument's own notice wins over its volume,
    its volume over the terms of its class. `pledged_share` is the part whose money is not the owner's.
    """
    lines = holdings[[*KEY, "asset_class", "holding_kind", "quantity"]].reset_index(drop=True)
    world = _world(lines["instrument_id"], instruments, market_liquidity, settlement_cycles, day)
    lines = lines.join(world).join(_declared(lines, liquidity_terms))
    lines["daily_share"] = _daily_share(lines, float(limit(limits, OFFICE, "participation_max")))
    lines["liquidity_basis"] = _basis(lines)
    lines["wait_sessions"] = _wait(lines["lock_up_until"], day)
    lines["first_date"] = _first_date(lines, liabilities, day)
    lines["pledged_share"] = _pledged(lines, liquidity_terms)
    kept = ["liquidity_basis", "daily_share", "lag_sessions", "wait_sessions", "first_date", *TERMS[1:4]]
    return lines[[*KEY, *kept, "pledged_share"]]


def shares_within(lines: pd.DataFrame, day: pd.Timestamp, *, is_paid: bool) -> Matrix:
    """Part of every line that is sold, or paid where `is_paid`, within each horizon; lines x horizons, cumulative.

    lines: rows with the columns of `line_terms`. A horizon's last session is the first where it has one session.
    """
    lag = lines["lag_sessions"].to_numpy() if is_paid else 0.0
    sessions = np.array(list(HORIZONS.values())) - (lines["wait_sessions"].to_numpy() + lag)[:, None]
    traded = np.minimum(lines["daily_share"].to_numpy()[:, None] * sessions.clip(min=0), 1.0)
    late = lines["settlement_days"].to_numpy() if is_paid else 0.0
    ends = [(add_sessions(day, count - 1) - day).days for count in HORIZONS.values()]
    elapsed = np.array(ends) - ((lines["first_date"] - day).dt.days.to_numpy(dtype="float64") + late)[:, None]
    dealt = (1 + elapsed // lines["period_days"].to_numpy()[:, None]).clip(min=0)
    redeemed = np.minimum(lines["gate_share"].to_numpy()[:, None] * dealt, 1.0)
    basis = lines["liquidity_basis"].to_numpy(dtype="object")[:, None]
    return np.select(
        [basis == "money", basis == "volume", np.isin(basis, ["notice", "maturity"])], [1.0, traded, redeemed]
    )


def bucketed(lines: pd.DataFrame, day: pd.Timestamp, *, is_paid: bool) -> pd.DataFrame:
    """Exact cents by (scope, NAV) and disjoint bucket; what is needed later is not counted as free before.

    lines: `scopes.in_scopes` with the columns of `line_terms`. Money of a pledged part and what may not be sold is
    there never. A debt or a short is money that leaves: where it takes more than its bucket brings, the rest is kept
    out of the nearest earlier bucket that has it, so that what is free within a horizon never shrinks with it.
    """
    value = lines["market_value_base"]
    kept = lines["pledged_share"] if is_paid else 0.0
    never = value.where(lines["liquidity_basis"] == "restricted", value * kept)
    free = (value - never).to_numpy()[:, None]
    reached = shares_within(lines, day, is_paid=is_paid) * free
    disjoint = np.diff(np.hstack([reached, free]), axis=1, prepend=0.0)
    parts = pd.DataFrame(disjoint, index=lines.index, columns=BUCKETS[:-1]).assign(never=never)
    return _held_back(_cents(parts.join(lines[["scope", "nav_base"]]).groupby(["scope", "nav_base"]).sum()))


def _world(
    names: pd.Series,
    instruments: pd.DataFrame,
    market_liquidity: pd.DataFrame,
    settlement_cycles: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """What the world says of every line's instrument: volume, settlement lag, whether it can be sold."""
    in_force = settlement_cycles[settlement_cycles["valid_from"] <= day].sort_values("valid_from")
    cycles = in_force.drop_duplicates("market", keep="last").set_index("market")["cycle_days"]
    master = instruments.set_index("instrument_id")
    known = names.isin(master.index)
    rows = master[["market", "is_liquid", "is_restricted"]].reindex(names).set_axis(names.index)
    volumes = market_liquidity.set_index("instrument_id")["adv_quantity"].reindex(names).set_axis(names.index)
    return pd.DataFrame(
        {
            "adv_quantity": volumes.where(rows["is_liquid"].eq(True)).fillna(0.0),
            "lag_sessions": rows["market"].map(cycles).astype("float64").fillna(np.inf),
            "is_restricted": rows["is_restricted"].eq(True),
            "is_known": known,
        }
    )


def _declared(lines: pd.DataFrame, liquidity_terms: pd.DataFrame) -> pd.DataFrame:
    """Terms of every line: its own, else its class's. is_own: whether a notice is declared for the line itself."""
    own = liquidity_terms[(liquidity_terms["instrument_id"] != ANY) & (liquidity_terms["account_id"] == ANY)]
    own = own.set_index("instrument_id")[TERMS].reindex(lines["instrument_id"]).set_axis(lines.index)
    shared = liquidity_terms[liquidity_terms["asset_class"] != ANY].set_index("asset_class")[TERMS]
    shared = shared.reindex(lines["asset_class"]).set_axis(lines.index)
    is_own = own["notice_days"].notna()
    terms = own.where(is_own, shared, axis=0)
    whole = terms.assign(
        **{name: terms[name].astype("float64").fillna(value) for name, value in AT_ONCE.items()},
        lock_up_until=own["lock_up_until"].fillna(shared["lock_up_until"]),
    )
    return whole.assign(is_own=is_own)


def _daily_share(lines: pd.DataFrame, participation: float) -> pd.Series:
    """Part of a line that a session can sell; lines of one instrument, whoever holds them, share its volume."""
    held = lines["quantity"].abs().groupby(lines["instrument_id"]).transform("sum")
    return (participation * lines["adv_quantity"] / held).clip(upper=1.0).fillna(0.0)


def _basis(lines: pd.DataFrame) -> pd.Series:
    is_security = lines["holding_kind"].eq("security")
    conditions = {
        "money": is_money(lines["instrument_id"]),
        "maturity": lines["holding_kind"].eq("liability"),
        "restricted": is_security & (lines["is_restricted"] | ~lines["is_known"]),
        "notice": lines["notice_days"].notna() & (lines["is_own"] | (lines["daily_share"] == 0)),
        "volume": lines["daily_share"] > 0,
    }
    names = np.select([held.to_numpy(dtype="bool") for held in conditions.values()], list(conditions), "none")
    return pd.Series(names, index=lines.index, dtype=TEXT)


def _wait(lock_up_until: pd.Series, day: pd.Timestamp) -> pd.Series:
    """Sessions, today's included, that pass before a lock-up is over."""
    locked = {end: sessions_between(day, end) + 1 for end in lock_up_until.dropna().unique() if end >= day}
    return lock_up_until.map(locked).fillna(0).astype("float64")


def _first_date(lines: pd.DataFrame, liabilities: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """First dealing day after notice and lock-up; a debt's maturity, today where it is past or unknown."""
    dealing = day + pd.to_timedelta(lines["notice_days"].astype("float64"), unit="D")
    free = lines["lock_up_until"] + pd.Timedelta(days=1)
    dealing = dealing.where(~(free > dealing), free)
    due = liabilities.set_index(["account_id", "liability_id"])["maturity_date"]
    keys = pd.MultiIndex.from_arrays([lines["account_id"], lines["instrument_id"].str.removeprefix("DEBT.")])
    maturity = due.reindex(keys).set_axis(lines.index).fillna(day)
    return dealing.where(lines["liquidity_basis"] != "maturity", maturity.where(maturity > day, day))


def _pledged(lines: pd.DataFrame, liquidity_terms: pd.DataFrame) -> pd.Series:
    shares = liquidity_terms.set_index(KEY)["pledged_share"]
    return shares[shares > 0].reindex(pd.MultiIndex.from_frame(lines[KEY])).set_axis(lines.index).fillna(0.0)


def _cents(sums: pd.DataFrame) -> pd.DataFrame:
    """Rows rounded to cents; what rounding leaves of a row's sum goes to its largest bucket."""
    cents = sums.round(2)
    left_over = sums.sum(axis=1).round(2) - cents.sum(axis=1)
    largest = cents.abs().rank(axis=1, method="first", ascending=False) == 1
    return (cents + largest.mul(left_over, axis=0)).round(2)


def _held_back(cents: pd.DataFrame) -> pd.DataFrame:
    """The same sums with no bucket but the first below zero."""
    reached = cents.cumsum(axis=1)
    free = reached.iloc[:, ::-1].cummin(axis=1).iloc[:, ::-1]
    return free.diff(axis=1).fillna(free.iloc[:, :1]).round(2)
