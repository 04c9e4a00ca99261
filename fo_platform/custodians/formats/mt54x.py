"""SWIFT settlement messages, MT540 to MT549, and the orders before them. What one states belongs to _settlement."""

import re
from datetime import date
from decimal import Decimal

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._numbers import add
from fo_platform.custodians._settlement import (
    CONFIRMATIONS,
    TYPES,
    account_of,
    day_of,
    instruction_fields,
    transaction_fields,
)
from fo_platform.custodians._swift import Message
from fo_platform.custodians._swift_fields import joined, stated, texts_of, walk
from fo_platform.custodians._swift_whole import AGAIN, as_date, check_whole, messages_of, note_dates
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_DETAILS = re.compile(_swift.AT_FIELD + r"16R:(?:TRADDET|SETTRAN|FIAC|SETDET|ORDRDET|CONFDET)[ \t]*$", re.MULTILINE)
_ADVICE = re.compile(_swift.AT_FIELD + r"16R:STAT[ \t]*$", re.MULTILINE)
_ADVISED = re.compile(_swift.AT_LINE + r"23G:(?:INST|CAST)", re.MULTILINE)
_OTHERS = re.compile(
    _swift.AT_LINE + r"16R:(?:FIN|TRAN|TRANSDET|CAOPTN|CADETL|CACONF|USECU|PENA|PENDET)[ \t]*$", re.MULTILINE
)
_NEEDED = {
    **dict.fromkeys(map(str, range(540, 548)), ("GENL", "TRADDET", "FIAC", "SETDET")),
    "548": ("GENL", "SETTRAN"), "502": ("GENL", "ORDRDET"), "515": ("GENL", "CONFDET"),
}  # fmt: skip
_SUM = frozenset({"DEAL", "ACRU", "SETT", "ESTT"})


def sniff(head: bytes) -> bool:
    """Whether a header names a settlement message or, where there is no header, the blocks are those of one."""
    text = _swift.beginning(head)
    types = _swift.message_types(text)
    if types:
        return bool(types & TYPES)
    is_advice = _ADVICE.search(text) and _ADVISED.search(text)
    return bool(_DETAILS.search(text) or is_advice) and not _OTHERS.search(text)


def read(draft: Draft) -> None:
    """Every message as an instruction; a confirmation as a booking as well."""
    for message in messages_of(draft, TYPES):
        draft.stated = draft.stated or stated(message)
        _read_message(draft, message)
    if not draft.opened:
        draft.fault(0, "there is no settlement message in it", AGAIN)


def _read_message(draft: Draft, message: Message) -> None:
    needed = _NEEDED.get(message.type, ())
    day = _day(draft, message)
    account = account_of(message)
    statement = draft.open(account or None, day, "settle")
    statement.offset = message.root.start
    check_whole(draft, message, needed)
    _note_missing(draft, message, needed)
    if not account and message.type in CONFIRMATIONS:
        draft.fault(message.root.start, "the confirmation names no account (97A SAFE)", AGAIN)
    _keep(draft, statement, message)
    draft.close(statement)


def _day(draft: Draft, message: Message) -> date | None:
    try:
        note_dates(draft, message)
        return as_date(day_of(message))
    except ValueError as error:
        draft.fault(message.root.start, f"98: {error}", AGAIN)
        return None


def _note_missing(draft: Draft, message: Message, needed: tuple[str, ...]) -> None:
    """A message with an end but not all of its blocks; the general information only a fragment may lack."""
    present = {block.name for block in walk(message.root)}
    missing = [name for name in needed or ("GENL",) if name not in present]
    if "GENL" in missing and message.has_header:
        draft.fault(message.root.start, "there is no block GENL, so neither reference nor function is stated", AGAIN)
    elif missing:
        draft.note(message.root.start, f"the message has no block {', '.join(missing)}", AGAIN)


def _keep(draft: Draft, statement: StatementDraft, message: Message) -> None:
    """The message as an instruction and, of a confirmation, as a transaction."""
    try:
        fields = instruction_fields(message)
        if not fields.get("reference") and not any(name in fields for name in ("isin", "description", "symbol")):
            raise ValueError("it states neither a reference (20C SEME) nor an instrument (35B)")
        is_booked = message.type in CONFIRMATIONS and fields.get("function") != "PREA"
        transaction = transaction_fields(fields) if is_booked else {}
    except ValueError as error:
        draft.fault(message.root.start, f"MT{message.type}: {error}", AGAIN)
        return
    statement.reference = fields.get("reference", "")
    span = message.root.start, message.root.end
    kept = (statement.account, statement.statement_date)
    statement.records.append(draft.record("instruction", span, fields, *kept))
    if transaction:
        statement.records.append(draft.record("transaction", span, transaction, *kept))
    _prove(draft, statement, message, fields)


def _prove(draft: Draft, statement: StatementDraft, message: Message, fields: dict[str, str]) -> None:
    """Deal and accrued interest are the settled amount, where nothing else is part of it."""
    qualifiers = {qualifier for qualifier, _ in texts_of(joined(walk(message.root)), "19A")}
    parts = [fields.get(name, "") for name in ("amount_deal", "accrued", "amount")]
    is_one = not any(name in fields for name in ("amount_deal_currency", "accrued_currency"))
    if not all(parts) or not is_one or qualifiers - _SUM:
        return
    deal, accrued, settled = map(Decimal, parts)
    actual = add((deal, accrued))
    control = Control(f"settled amount {fields['currency']}", plain(settled), plain(actual), actual == settled)
    draft.prove(control, statement.controls, message.root.start, AGAIN)


FORMAT = Format("mt54x", sniff, read, "SWIFT MT540 to MT549 settlement instructions, confirmations and statuses")
