"""The performance system's export: portfolios month to date, benchmarks of the day. Books belong to trial_balance."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from fo_platform.simulation.private_history import Benchmark, MonthToDate

_PORTFOLIOS = "Portfolio;Currency;Period Start;Period End;Begin NAV;Net Flows;Gain;End NAV;Return"
_BENCHMARKS = "Benchmark ID;Benchmark Name;Date;Return;Currency"


def performance_csv(
    portfolios: Sequence[MonthToDate], returns: Sequence[tuple[Benchmark, Decimal]], as_of: date,
    numbers: Mapping[str, str],
) -> bytes:  # fmt: skip
    """Returns at the end of a day, with decimal commas. numbers: what the system calls each entity's portfolio."""
    count = len(portfolios) + len(returns)
    lines = [
        "Performance Export", f"Records;{count}", "",
        _PORTFOLIOS, *(_portfolio(row, numbers) for row in portfolios), "",
        _BENCHMARKS, *(f"{row.benchmark_id};{row.name};{as_of};{_comma(change)};USD" for row, change in returns),
    ]  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _portfolio(row: MonthToDate, numbers: Mapping[str, str]) -> str:
    gain = row.nav_end - row.nav_begin
    change = f"{gain / row.nav_begin * 100:.6f}%"
    figures = (row.nav_begin, Decimal("0.00"), gain, row.nav_end)
    stated = [f"{row.start:%d.%m.%Y}", f"{row.end:%d.%m.%Y}", *map(_comma, figures), change.replace(".", ",")]
    return ";".join([numbers[row.entity], "USD", *stated])


def _comma(figure: Decimal) -> str:
    return format(figure, "f").replace(".", ",")
