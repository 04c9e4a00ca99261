"""The accounting system's export: balances, liabilities and fees one below the other. Returns belong to performance."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from fo_platform.simulation.private_history import Debt, Fee, LedgerLine

Row = Sequence[object]


def trial_balance_csv(
    as_of: date, lines: Sequence[LedgerLine], owed: Sequence[tuple[Debt, Decimal]], fees: Sequence[Fee],
    numbers: Mapping[str, str],
) -> bytes:  # fmt: skip
    """The books of all entities at the end of a day. numbers: what the accounting system calls each entity."""
    tables: list[list[Row]] = [
        [["Trial Balance"], ["As of", as_of], ["Records", len(lines) + len(owed) + len(fees)]],
        [
            ["Entity", "Account", "Name", "Kind", "Currency", "Debit", "Credit"],
            *([numbers[line.entity], line.ledger_account, line.name, line.kind, line.currency, *_sides(line.signed)]
              for line in lines),
        ],
        [
            ["Liabilities"],
            ["Entity", "Liability ID", "Kind", "Lender", "Currency", "Balance", "Rate", "Maturity"],
            *(
                [numbers[d.entity], d.debt_id, d.kind, d.lender, d.currency, balance, d.rate, d.maturity_date]
                for d, balance in owed
            ),
        ],
    ]  # fmt: skip
    if fees:
        head = ["Entity", "Fee ID", "Kind", "Payee", "Period From", "Period To", "Charged", "Currency", "Amount"]
        tables.append([["Fees"], head, *(_fee(fee, numbers) for fee in fees)])
    return _csv(tables)


def _fee(fee: Fee, numbers: Mapping[str, str]) -> Row:
    return [
        numbers[fee.entity], fee.fee_id, fee.kind, fee.payee, fee.start, fee.end, fee.charged_date, fee.currency,
        fee.charged,
    ]  # fmt: skip


def _sides(signed: Decimal) -> tuple[str, str]:
    return (f"{signed:.2f}", "") if signed >= 0 else ("", f"{-signed:.2f}")


def _csv(tables: Sequence[Sequence[Row]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for table in tables:
        writer.writerows([*table, []])
    return text.getvalue().encode()
