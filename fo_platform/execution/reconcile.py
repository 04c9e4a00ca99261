"""Every traded line of a proposal against the custodian's own record. Breaks of what was not traded belong to book."""

from decimal import Decimal

import pandas as pd

from fo_platform import units
from fo_platform.contracts.execution import ReconciliationReport
from fo_platform.execution.amounts import settlement_cash
from fo_platform.execution.fills import FILL, active_fills, without
from fo_platform.execution.order_terms import order_terms
from fo_platform.execution.settle import TRADE, reported_trades

LINE = ["proposal_digest", "entity_id", "account_id", "instrument_id"]
CENT = Decimal("0.01")


def reconciliation_report(
    fills: pd.DataFrame,
    settlements: pd.DataFrame,
    order_events: pd.DataFrame,
    positions: pd.DataFrame,
    cash: pd.DataFrame,
    *,
    transactions: pd.DataFrame,
    instruments: pd.DataFrame,
    carried: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Expected against stated for every traded line and for the money it moved, as `execution.reconciliation_report`.

    A line is shown until its fills are settled and it is reconciled. The holding expected is what our book says less
    what the statement cannot know yet; the cash of a line is what its fills cost; `CASH.<currency>` is the account's.
    positions, cash: `book` of the morning. transactions: `book.transactions` since the first trade. carried: the report
    of the day before.
    """
    known, settled = fills[fills["business_date"] <= day], settlements[settlements["business_date"] < day]
    shown = _shown(known, settled, order_events, carried[carried["report_status"] != "reconciled"])
    owed = shown.assign(cash_expected=settlement_cash(shown, instruments))
    rows = pd.concat([_securities(owed, positions, transactions), _money(owed, cash)], ignore_index=True)
    compared = rows.assign(
        quantity_difference=rows["quantity_stated"] - rows["quantity_expected"],
        cash_difference=rows["cash_stated"] - rows["cash_expected"],
    )
    judged = [_judged(row) for _, row in compared.iterrows()]
    statuses, explanations = [status for status, _ in judged], [sentence for _, sentence in judged]
    told = compared.assign(report_status=statuses, explanation=explanations)
    return ReconciliationReport.frame(told[list(ReconciliationReport.fields())])


def _shown(
    fills: pd.DataFrame, settlements: pd.DataFrame, order_events: pd.DataFrame, waiting: pd.DataFrame
) -> pd.DataFrame:
    """Fills of every line that has an unsettled fill or was not reconciled yesterday, with their proposal."""
    owners = order_terms(order_events)[["client_order_id", "entity_id", "proposal_digest"]]
    active = active_fills(fills[~fills["is_orphan"].astype(bool)])
    owned = active.merge(owners, how="inner", on="client_order_id", validate="many_to_one")
    open_lines = pd.concat([without(owned, settlements, on=FILL)[LINE], waiting[LINE]]).drop_duplicates()
    return owned.merge(open_lines, how="inner", on=LINE, validate="many_to_one")


def _securities(owed: pd.DataFrame, positions: pd.DataFrame, transactions: pd.DataFrame) -> pd.DataFrame:
    """One row a line: the holding, and what the custodian booked for the trades."""
    held = positions.assign(quantity_expected=positions["quantity_book"] - positions["quantity_pending"])
    reached = positions.groupby("account_id", as_index=False)["statement_date"].max()
    booked = (
        owed[[*LINE, "side", "trade_date"]]
        .drop_duplicates()
        .merge(
            reported_trades(transactions, owed.assign(cash_local=owed["cash_expected"]))[[*TRADE, "cash_local"]],
            how="inner",
            on=TRADE,
            validate="one_to_many",
        )
    )
    stated = booked.groupby(LINE, as_index=False).agg(cash_stated=("cash_local", "sum"))
    holdings = held[["account_id", "instrument_id", "quantity_expected", "quantity_stated"]]
    rows = (
        _summed(owed, LINE)
        .merge(holdings, how="left", on=["account_id", "instrument_id"], validate="many_to_one")
        .merge(reached, how="left", on="account_id", validate="many_to_one")
        .merge(stated, how="left", on=LINE, validate="one_to_one")
    )
    nothing = {"quantity_expected": Decimal(0), "quantity_stated": Decimal(0), "cash_stated": Decimal(0)}
    return rows.fillna(nothing)


def _money(owed: pd.DataFrame, cash: pd.DataFrame) -> pd.DataFrame:
    """One row a proposal, account and currency: the account's money as a whole."""
    moved = _summed(owed.assign(instrument_id="CASH." + owed["currency"]), LINE).drop(columns="cash_expected")
    expected = cash.assign(cash_expected=cash["cash_book"] - cash["cash_pending"])
    accounts = expected[["account_id", "currency", "cash_expected", "cash_stated", "statement_date"]]
    return moved.merge(accounts, how="left", on=["account_id", "currency"], validate="many_to_one")


def _summed(owed: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return owed.groupby(key, as_index=False).agg(
        currency=("currency", "first"), cash_expected=("cash_expected", "sum"), due_date=("settlement_date", "max")
    )


def _judged(row: pd.Series) -> tuple[str, str]:
    """Status of a line and the sentence that explains it."""
    due, stated = row["due_date"], row["statement_date"]
    if pd.isna(stated) or stated < due:
        told = "no statement has arrived" if pd.isna(stated) else f"the last statement is of {stated.date()}"
        return "pending", f"Settles on {due.date()}; {told}."
    quantity, money = row["quantity_difference"], row["cash_difference"]
    if pd.isna(money):
        return "break", f"The custodian states no {row['currency']} balance on {stated.date()}."
    if abs(money) <= CENT and (pd.isna(quantity) or quantity == 0):
        return "reconciled", f"Agrees with the statement of {stated.date()}."
    units_off = "" if pd.isna(quantity) or quantity == 0 else f"{units.plain(quantity)} units and "
    return "break", f"The statement of {stated.date()} differs by {units_off}{units.plain(money)} {row['currency']}."
