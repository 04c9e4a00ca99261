"""Which fills the custodians' records prove settled, and how the rest stand. Instructing does not belong here."""

from decimal import Decimal

import pandas as pd

from fo_platform import calendars
from fo_platform.contracts.execution import Settlements
from fo_platform.execution.amounts import settlement_cash
from fo_platform.execution.fills import FILL, active_fills, without
from fo_platform.execution.order_terms import order_terms

TRADE = ["account_id", "instrument_id", "side", "trade_date"]
EVIDENCE = ["file_sha256", "line", "byte_offset"]
TRADED = ["instrument_id", "quantity", "trade_date"]
LEG = ["account_id", "currency", "side", "settlement_date", "cash_local"]
REPORTED = [*TRADE, "quantity", "cash_local", "transaction_id", *EVIDENCE]
CENT = Decimal("0.01")
GRACE_SESSIONS = 1
"""Sessions after the settlement date for which a custodian's silence is not yet a failure."""


def prove_settlements(
    fills: pd.DataFrame,
    settlements: pd.DataFrame,
    transactions: pd.DataFrame,
    expected_deliveries: pd.DataFrame,
    instruments: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Fills that are newly proved settled, as rows for the ledger's settlements.

    A fill is settled when its account's custodian reports the trade, quantity exactly and cash to the cent, fill by
    fill or a day's fills in one, and its statements have reached the settlement date. The line is where the trade is
    reported. transactions: `book.transactions` since the oldest unsettled fill.
    """
    owed = _owed(active_fills(fills), expected_deliveries, instruments)
    reported = _reported(owed, transactions)
    proved = reported[reported["proof_date"] >= reported["settlement_date"]]
    new = without(proved, settlements, on=FILL)
    return new[FILL + EVIDENCE].assign(settled_date=new["proof_date"], business_date=day).reset_index(drop=True)


def settlements_at_close(
    fills: pd.DataFrame,
    settlements: pd.DataFrame,
    order_events: pd.DataFrame,
    expected_deliveries: pd.DataFrame,
    instruments: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Every fill that is not settled, with its age, and those proved settled on the day, as `execution.settlements`."""
    active = active_fills(fills[fills["business_date"] <= day])
    known = settlements[settlements["business_date"] <= day]
    open_fills = without(active, known[known["business_date"] < day], on=FILL)
    proofs = known[[*FILL, "settled_date", *EVIDENCE]]
    owners = order_terms(order_events)[["client_order_id", "entity_id"]]
    rows = (
        _owed(open_fills, expected_deliveries, instruments)
        .merge(proofs, how="left", on=FILL, validate="one_to_one")
        .merge(owners, how="left", on="client_order_id", validate="many_to_one")
    )
    dates = zip(rows["settled_date"], rows["settlement_date"], rows["proof_date"], strict=True)
    standing = [_standing(*row) for row in dates]
    ages = [calendars.sessions_between(traded, day) for traded in rows["trade_date"]]
    statuses, reasons = [status for status, _ in standing], [reason for _, reason in standing]
    told = rows.assign(settlement_status=statuses, reason=reasons, age_sessions=ages)
    return Settlements.frame(told[list(Settlements.fields())])


def reported_trades(transactions: pd.DataFrame, owed: pd.DataFrame) -> pd.DataFrame:
    """Reported purchases and sales in the words and signs of fills.

    owed: fills with the cash_local that settles them. A bank's cash leg states neither instrument nor size: it is the
    trade of the fill that it pays for, same account, side, settlement date and money to the cent.
    """
    trades = transactions[transactions["transaction_kind"].isin(["buy", "sell"])]
    sided = trades.assign(side=trades["transaction_kind"].str.upper(), quantity=trades["quantity"].abs())
    is_leg = sided["quantity"].isna()
    named = _numbered(sided[is_leg], LEG).merge(
        _numbered(owed, LEG)[[*LEG, "turn", *TRADED]],
        how="inner",
        on=[*LEG, "turn"],
        suffixes=("_leg", ""),
        validate="one_to_one",
    )
    return pd.concat([sided.loc[~is_leg, REPORTED], named[REPORTED]], ignore_index=True)


def _standing(settled_date: pd.Timestamp, settlement_date: pd.Timestamp, proof_date: pd.Timestamp) -> tuple[str, str]:
    """Status of a fill and the sentence that explains it."""
    if pd.notna(settled_date):
        return "settled", f"Proved by the statement of {settled_date.date()}."
    if pd.isna(proof_date) or proof_date < settlement_date:
        return "pending", f"Due on {settlement_date.date()}; no statement speaks of that day yet."
    if calendars.sessions_between(settlement_date, proof_date) <= GRACE_SESSIONS:
        return (
            "pending",
            f"Due on {settlement_date.date()}; the statement of {proof_date.date()} does not report it yet.",
        )
    return "failed", f"Due on {settlement_date.date()}; the statement of {proof_date.date()} still does not report it."


def _owed(fills: pd.DataFrame, expected_deliveries: pd.DataFrame, instruments: pd.DataFrame) -> pd.DataFrame:
    """Fills with the money they move and the day up to which their account's statements speak."""
    proof_dates = _proof_dates(fills, expected_deliveries)
    return fills.assign(cash_local=settlement_cash(fills, instruments), proof_date=proof_dates)


def _proof_dates(fills: pd.DataFrame, expected_deliveries: pd.DataFrame) -> pd.Series:
    """Per fill the day up to which all statements of its account speak."""
    by_feed = expected_deliveries.groupby(["account_id", "feed"])["statement_date"].max()
    by_account = by_feed.groupby("account_id").agg(lambda dates: dates.min(skipna=False))
    return pd.Series(fills["account_id"].map(by_account), dtype="datetime64[ns]")


def _reported(owed: pd.DataFrame, transactions: pd.DataFrame) -> pd.DataFrame:
    """Fills that a custodian reports, with the line that does: one by one, else a day's fills of a line in one."""
    trades = reported_trades(transactions, owed)
    size = [*TRADE, "quantity"]
    singly = _tied(_numbered(owed, size), _numbered(trades, size), on=[*size, "turn"])
    rest, left = without(owed, singly, on=FILL), without(trades, singly, on=["transaction_id"])
    stated = _summed(left).merge(_first(left), how="inner", on=TRADE, validate="one_to_one")
    blocks = _tied(_summed(rest), stated, on=[*TRADE, "quantity"])
    together = rest.merge(blocks[TRADE + EVIDENCE], how="inner", on=TRADE, validate="many_to_one")
    return pd.concat([singly[list(together)], together], ignore_index=True)


def _numbered(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows with a running number among those of equal key, dearest first."""
    ordered = rows.sort_values("cash_local", kind="stable")
    return ordered.assign(turn=ordered.groupby(key).cumcount())


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(TRADE, as_index=False)[["quantity", "cash_local"]].sum()


def _first(trades: pd.DataFrame) -> pd.DataFrame:
    return trades.drop_duplicates(TRADE)[TRADE + EVIDENCE]


def _tied(owed: pd.DataFrame, stated: pd.DataFrame, *, on: list[str]) -> pd.DataFrame:
    """Rows that agree in size and key, and in cash within a cent."""
    pairs = owed.merge(stated, how="inner", on=on, suffixes=("", "_stated"), validate="one_to_one")
    return pairs[(pairs["cash_local"] - pairs["cash_local_stated"]).abs() <= CENT]
