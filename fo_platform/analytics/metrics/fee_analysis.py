"""Fees as they were charged against what was agreed. What others would charge belongs to tariff_comparison."""

from collections.abc import Iterable, Mapping

import pandas as pd

from fo_platform.analytics.charges import Charge, Measures, Subject, charged, due_charges, expected_charge, measures
from fo_platform.analytics.metric import Metric
from fo_platform.analytics.scopes import base_currency
from fo_platform.analytics.tariffs import Tariff, in_force, rates_of, span_of, tariffs_of
from fo_platform.contracts.analytics import FeeAnalysis

TRADES_WINDOW = 70
"""Sessions of trades that are read: the last whole quarter, seen on the first session after it."""

DAYS = 365
"""How long a period's row is kept, as long as fees are."""

CENT, ROUNDING = 0.01, 1e-6
NOTHING = ""
"""Status of a period of which neither an expected nor a charged amount is known."""


def fee_analysis(
    *,
    fees: pd.DataFrame,
    fee_tariffs: pd.DataFrame,
    accounts: pd.DataFrame,
    holdings: pd.DataFrame,
    net_worth: pd.DataFrame,
    private_capital: pd.DataFrame,
    transactions: pd.DataFrame,
    fee_analysis_previous: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Charges expected by the tariff in force, charges made, and what the difference means, for a year.

    A rate of a value is of the value at the period's end, which the book of the session after it states; its charge is
    worked out then and carried. A period in which nothing was charged has its row; a charge that is taken inside a
    price is never seen, and says so. A difference within a cent, or the tariff's tolerance, is explained.
    """
    tariffs = tariffs_of(fee_tariffs)
    known = measures(holdings, private_capital, transactions, rates_of(holdings, base_currency(net_worth)))
    made = charged(fees, accounts, private_capital, tariffs)
    carried = _carried(fee_analysis_previous)
    oldest = day - pd.Timedelta(days=DAYS)
    every = {**carried, **dict.fromkeys(due_charges(tariffs, known, accounts, day)), **made}
    rows = [
        _row(charge, *_expected(charge, tariffs, known, carried, day=day), made.get(charge, float("nan")))
        for charge in every
        if charge.period_end > oldest
    ]
    return FeeAnalysis.frame(row for row in rows if row["fee_status"] != NOTHING)


METRIC = Metric(FeeAnalysis, fee_analysis, {"transactions": ("window", TRADES_WINDOW)})


def _carried(previous: pd.DataFrame) -> dict[Charge, float]:
    """Expected charges of the session before."""
    names = list(Charge._fields)
    charges = (Charge(*row) for row in previous[names].itertuples(index=False, name=None))
    return dict(zip(charges, previous["fee_expected_local"], strict=True))


def _expected(
    charge: Charge, tariffs: Iterable[Tariff], known: Measures, carried: Mapping[Charge, float], *, day: pd.Timestamp
) -> tuple[Tariff | None, float]:
    """The tariff in force at a period's end, and its charge: worked out now, or else as it was carried."""
    mine = [tariff for tariff in tariffs if (tariff.provider, tariff.layer) == (charge.provider, charge.layer)]
    tariff = in_force(mine, entity_id=charge.entity_id, account_id=charge.account_id, day=charge.period_end)
    if tariff is None or tariff.currency != charge.currency:
        return None, float("nan")
    period = span_of(tariff.period, charge.period_start)
    if period != (charge.period_start, charge.period_end):
        return tariff, float("nan")
    now = expected_charge(tariff, Subject(charge.entity_id, charge.account_id), period, known, day)
    return tariff, carried.get(charge, now) if pd.isna(now) else now


def _row(charge: Charge, tariff: Tariff | None, expected: float, made: float) -> dict[str, object]:
    difference = round(made - expected, 2)
    status, reason = _verdict(tariff, expected, made, difference)
    amounts = {"fee_expected_local": expected, "fee_charged_local": made, "fee_difference_local": difference}
    return charge._asdict() | amounts | {"fee_status": status, "reason": reason}


def _verdict(tariff: Tariff | None, expected: float, made: float, difference: float) -> tuple[str, str]:
    """What a difference means, and why: the first sentence that holds."""
    if tariff is None or pd.isna(made):
        return _unpaired(tariff, expected, is_made=pd.notna(made))
    allowed = max(tariff.tolerance * expected, CENT) + ROUNDING
    above, below = f"{difference:,.2f} {tariff.currency}", f"{-difference:,.2f} {tariff.currency}"
    verdicts = [
        (
            pd.isna(expected),
            "unknown",
            "What the rate is of was not known at its end, or the period is not the tariff's.",
        ),
        (difference > allowed, "overcharged", f"The charge is {above} above the tariff: claim it back."),
        (difference < -allowed, "undercharged", f"The charge is {below} below the tariff: see what is missing."),
        (True, "explained", "The charge is what the tariff leads to."),
    ]
    return next((status, reason) for holds, status, reason in verdicts if holds)


def _unpaired(tariff: Tariff | None, expected: float, *, is_made: bool) -> tuple[str, str]:
    """The same where there is no tariff, or nothing was charged."""
    if is_made:
        return "no_tariff", "No tariff in this currency is declared for it."
    if tariff is not None and tariff.is_embedded:
        return "embedded", "It is taken inside a price or a trade's net amount and never charged."
    is_due = pd.notna(expected) and expected > 0
    return ("not_charged", "Nothing was charged for the period yet.") if is_due else (NOTHING, "")
