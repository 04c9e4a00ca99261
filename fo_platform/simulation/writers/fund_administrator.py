"""The fund administrator's files: capital accounts, notices and appraisals. Books belong to trial_balance."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from fo_platform.simulation.private_history import Appraisal, Notice, Period
from fo_platform.simulation.writers.workbook import Cell, workbook

ACCOUNT_COLUMNS = (
    "Fund ID", "Fund", "Investor", "Currency", "Period Start", "Period End", "Beginning NAV", "Contributions",
    "Distributions", "Return of Capital", "Gain Distributions", "Income Distributions", "Management Fee (Gross)",
    "Management Fee Offset", "Expenses", "Accrued Carry", "Realised Gain", "Unrealised Gain", "Ending NAV",
    "Commitment", "Called (ITD)", "Distributed (ITD)", "Recallable (ITD)", "Unfunded",
)  # fmt: skip
NOTICE_COLUMNS = (
    "Notice ID", "Notice Type", "Fund ID", "Fund", "Investor", "Currency", "Notice Date", "Due Date", "Investments",
    "Management Fees", "Expenses", "Return of Capital", "Gain", "Income", "Total", "Recallable", "Unfunded Before",
    "Unfunded After",
)  # fmt: skip
APPRAISAL_COLUMNS = (
    "Property ID", "Description", "Owner", "Appraisal Date", "Value", "Currency", "Ownership", "Debt", "Method", "NOI",
)  # fmt: skip


def capital_accounts_csv(periods: Sequence[Period], numbers: Mapping[str, str]) -> bytes:
    """Capital accounts, a row each. numbers: what the administrator calls each entity's account."""
    rows = [_account(period, numbers[period.fund.entity]) for period in periods]
    return _csv("ILPA Capital Account Statement", "2.0", ACCOUNT_COLUMNS, rows)


def notices_csv(notices: Sequence[Notice], numbers: Mapping[str, str]) -> bytes:
    """Notices, a row each."""
    rows = [_notice(notice, numbers[notice.fund.entity]) for notice in notices]
    return _csv("ILPA Capital Call and Distribution Notice", "2.0", NOTICE_COLUMNS, rows)


def appraisals_xlsx(appraisals: Sequence[Appraisal], numbers: Mapping[str, str]) -> bytes:
    """Appraisals on one sheet, a row each."""
    head: list[Sequence[Cell]] = [["Property Appraisals"], ["Records", Decimal(len(appraisals))], [], APPRAISAL_COLUMNS]
    return workbook({"Appraisals": [*head, *(_appraisal(row, numbers[row.row.entity]) for row in appraisals)]})


def _account(period: Period, investor: str) -> list[object]:
    fund = period.fund
    return [
        fund.fund_id, fund.name, investor, fund.currency, period.start, period.end, period.nav_begin,
        period.contributions, sum(period.paid), *period.paid, period.fee, period.offset, period.expenses, period.carry,
        period.realised, period.unrealised, period.nav_end, fund.commitment, period.called, period.distributed,
        period.recallable, period.unfunded,
    ]  # fmt: skip


def _notice(notice: Notice, investor: str) -> list[object]:
    fund, blank = notice.fund, ("", "", "")
    is_call = notice.kind == "Call"
    return [
        notice.notice_id, "Capital Call" if is_call else notice.kind, fund.fund_id, fund.name, investor, fund.currency,
        notice.notice_date, notice.due_date, *(notice.parts if is_call else blank),
        *(blank if is_call else notice.parts), notice.amount, notice.recallable, notice.unfunded_before,
        notice.unfunded_after,
    ]  # fmt: skip


def _appraisal(found: Appraisal, owner: str) -> list[Cell]:
    row = found.row
    return [
        row.property_id, row.description, owner, found.appraisal_date, found.market_value, row.currency, row.ownership,
        found.debt, found.method, Decimal(row.net_operating_income),
    ]  # fmt: skip


def _csv(title: str, template: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([[title], ["Template", template], ["Records", len(rows)], [], columns])
    writer.writerows([_shown(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _shown(cell: object) -> str:
    """Money with commas between thousands, losses in brackets: what statements look like."""
    if isinstance(cell, Decimal):
        return f"({-cell:,.2f})" if cell < 0 else f"{cell:,.2f}"
    return f"{cell:%d-%b-%Y}" if isinstance(cell, date) else str(cell)
