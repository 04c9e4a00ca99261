"""Records and statements as JSON and back, for deliveries too large for memory. When that is so belongs to _spool."""

from datetime import date
from decimal import Decimal

from fo_platform.custodians._spool import Codec, Overflow, Spool, State
from fo_platform.custodians.records import Control, Part, Record, Statement


def _record(record: Record) -> State:
    return [*record[:5], record.statement_date and record.statement_date.isoformat(), record.fields]


def _record_again(_: Overflow, row: State) -> Record:
    kind, line, offset, length, account, day, fields = row
    return Record(kind, line, offset, length, account, _day(day), fields)


def _statement(statement: Statement) -> State:
    spool = statement.records
    rows = spool.state() if isinstance(spool, Spool) else [len(spool), [], [_record(record) for record in spool]]
    day = statement.statement_date and statement.statement_date.isoformat()
    controls = [[control.name, control.expected, control.actual, control.ok] for control in statement.controls]
    names = statement.basis, statement.page, statement.complete
    return [statement.account, day, *names, controls, rows, statement.reference, _part(statement.part)]


def _statement_again(overflow: Overflow, row: State) -> Statement:
    account, day, basis, page, complete, controls, rows, reference, part = row
    stated = tuple(Control(*control) for control in controls)
    records = Spool.restored(overflow, RECORDS, rows)
    return Statement(account, _day(day), basis, page, complete, stated, records, reference, _part_again(part))


def _part(part: Part | None) -> State | None:
    if part is None:
        return None
    held = {currency: str(amount) for currency, amount in part.held.items()}
    stated = part.stated and [part.stated[0], str(part.stated[1])]
    return [part.number, part.is_last, part.key, part.holdings, held, stated]


def _part_again(row: State | None) -> Part | None:
    if row is None:
        return None
    number, is_last, key, holdings, held, stated = row
    amounts = {currency: Decimal(text) for currency, text in held.items()}
    return Part(number, is_last, tuple(key), holdings, amounts, stated and (stated[0], Decimal(stated[1])))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _statement_weight(statement: Statement) -> int:
    spool = statement.records
    return 1 + (spool.weight() if isinstance(spool, Spool) else len(spool))


RECORDS = Codec(_record, _record_again, lambda _: 1)
STATEMENTS = Codec(_statement, _statement_again, _statement_weight)
