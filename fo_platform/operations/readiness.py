"""Whether the office can work on a day: what is not here, what stands on it, when it usually comes. Pure."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from fo_platform.policy.frames import NO_ACCOUNT

READY, GAPS, NOT_READY = "ready", "ready with gaps", "not ready"

SHARE_MAX = Decimal("0.5")
"""Part of all that is carried that may stand on older statements; above it the day's figures are mostly yesterday's."""

MINUTES_AN_HOUR = 60

Document = dict[str, Any]


def readiness(
    expected_deliveries: pd.DataFrame, reconciled_positions: pd.DataFrame, *, critical_breaks: int, now: datetime
) -> Document:
    """The answer to "can we work?": ready, ready with gaps, or not ready, in one sentence, and every gap behind it.

    A gap is a statement that was due and is not here; what stands on it is what its account is carried at, in absolute
    values. Nobody can work without market data, which every figure stands on, nor on more older statements than new
    ones. now: the office's clock, by which something may not be due yet.
    """
    carried = _carried(reconciled_positions)
    total = sum(carried.values(), Decimal(0))
    late = expected_deliveries["statement_date"] < expected_deliveries["expected_date"]
    never = expected_deliveries["statement_date"].isna() & expected_deliveries["expected_date"].notna()
    rows = expected_deliveries[late | never].to_dict("records")
    gaps = [_gap({str(name): cell for name, cell in row.items()}, carried, total, now) for row in rows]
    by_account = {gap["account_id"]: Decimal(gap["market_value_base"]) for gap in gaps}
    affected = by_account.get(NO_ACCOUNT, sum(by_account.values(), Decimal(0)))
    is_blind = NO_ACCOUNT in by_account or not total or affected > SHARE_MAX * total
    answer = NOT_READY if is_blind else GAPS if gaps or critical_breaks else READY
    return {
        "answer": answer,
        "sentence": _sentence(answer, gaps, (affected, total), critical_breaks),
        "affected_base": f"{affected:.2f}",
        "carried_base": f"{total:.2f}",
        "gaps": gaps,
    }


def _carried(positions: pd.DataFrame) -> dict[str, Decimal]:
    """Absolute value that is carried in every account."""
    values: dict[str, Decimal] = {}
    for account, value in zip(positions["account_id"], positions["market_value_base"], strict=True):
        values[account] = values.get(account, Decimal(0)) + (Decimal(0) if pd.isna(value) else abs(value))
    return values


def _gap(row: Document, carried: dict[str, Decimal], total: Decimal, now: datetime) -> Document:
    is_awaited = row["coverage_status"] == "missing" and row["expected_by_at"] > now
    value = total if row["account_id"] == NO_ACCOUNT else carried.get(row["account_id"], Decimal(0))
    return {
        **{name: row[name] for name in ("source", "feed", "account_id")},
        "status": "awaited" if is_awaited else row["coverage_status"],
        "carried_from": None if pd.isna(row["statement_date"]) else f"{row['statement_date']:%Y-%m-%d}",
        "market_value_base": f"{value:.2f}",
        "usually": _usually(row),
        "reason": None if pd.isna(row["reason"]) else row["reason"],
        "remedy": None if pd.isna(row["remedy"]) else row["remedy"],
    }


def _usually(row: Document) -> str:
    """When a feed usually comes, as it was learnt; before anything came, when it is due."""
    if pd.isna(row["arrival_minutes_usual"]):
        due = row["expected_by_at"].tz_convert(row["time_zone"])
        return f"due by {due:%Y-%m-%d %H:%M} {row['time_zone']}"
    hour, minute = divmod(int(row["arrival_minutes_usual"]), MINUTES_AN_HOUR)
    days = int(row["arrival_days_usual"])
    after = "on its date" if days == 0 else "1 day after its date" if days == 1 else f"{days} days after its date"
    return f"usually at {hour:02}:{minute:02} {row['time_zone']}, {after}"


def _sentence(answer: str, gaps: list[Document], values: tuple[Decimal, Decimal], critical_breaks: int) -> str:
    affected, total = (f"${value:,.0f}" for value in values)
    told = [f"{affected} of {total} stands on older statements: {_grouped(gaps)}"] * bool(gaps)
    told += [f"{critical_breaks} critical breaks are open"] * bool(critical_breaks)
    told += ["nothing is carried yet"] * (not values[1])
    return f"{answer}: {'; '.join(told) or 'everything that was due is here'}."


def _grouped(gaps: list[Document]) -> str:
    """Sources with what is wrong and for whom, each said once."""
    groups: dict[tuple[str, str, str], list[Document]] = {}
    for gap in gaps:
        groups.setdefault((gap["source"], gap["status"], gap["usually"]), []).append(gap)
    return ", ".join(
        f"{source} {_each(group, 'feed')} {status} for {_each(group, 'account_id')} ({usually})"
        for (source, status, usually), group in groups.items()
    )


def _each(gaps: list[Document], name: str) -> str:
    found = dict.fromkeys("everything" if gap[name] == NO_ACCOUNT else gap[name] for gap in gaps)
    return " and ".join(found)
