"""SWIFT MT536 statements of transactions, in one or several pages. What one of them states belongs to _posting."""

import re
from collections.abc import Iterator

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._pages import check_pages
from fo_platform.custodians._posting import posted_fields, roll
from fo_platform.custodians._swift import Block, Message
from fo_platform.custodians._swift_fields import inside, stated
from fo_platform.custodians._swift_whole import AGAIN, check_whole, messages_of, read_general, state_page
from fo_platform.custodians.records import Control

_TYPES = frozenset({"536"})
_POSTED = re.compile(_swift.AT_LINE + r"16R:TRAN(?:SDET)?[ \t]*$", re.MULTILINE)
_HELD = re.compile(_swift.AT_LINE + r"16R:FIN[ \t]*$", re.MULTILINE)
_PERIOD = re.compile(_swift.AT_LINE + r"69[AB]::STAT//", re.MULTILINE)
_IDLE = re.compile(_swift.AT_LINE + r"17B::ACTI//N", re.MULTILINE)
"""The period of the statement, which one of holdings has not, and that nothing moved in it."""
_OTHERS = re.compile(_swift.AT_LINE + r"16R:(?:STAT|PENA|PENDET|TRADDET|CAOPTN|CADETL)[ \t]*$", re.MULTILINE)
_NEW = "Ask the custodian for a statement that is new (23G NEWM)."


def sniff(head: bytes) -> bool:
    """Whether a header says MT536 or, where there is no header, the blocks are those of an MT536."""
    text = _swift.beginning(head)
    types = _swift.message_types(text)
    if types:
        return bool(types & _TYPES)
    is_posted = _POSTED.search(text) and _HELD.search(text)
    is_idle = _PERIOD.search(text) and _IDLE.search(text)
    return bool(is_posted or is_idle) and not _OTHERS.search(text)


def read(draft: Draft) -> None:
    """Every MT536 message as a statement; pages of one statement are held until all of them are there."""
    for message in messages_of(draft, _TYPES):
        draft.stated = draft.stated or stated(message)
        _read_message(draft, message)
    if not draft.opened:
        draft.fault(0, "no block of a statement of transactions is there", AGAIN)
    if not draft.faults:
        check_pages(draft, AGAIN)


def _read_message(draft: Draft, message: Message) -> None:
    statement = draft.open(None, None, None)
    statement.offset = message.root.start
    generals = message.root.named("GENL")
    for general in generals:
        read_general(draft, statement, general)
        state_page(draft, statement, general)
        if not (general.first("23G") or "NEWM").startswith("NEWM"):
            draft.fault(general.start, f"the message is no new statement (23G {general.first('23G')[:9]})", _NEW)
    if not generals:
        draft.fault(message.root.start, "there is no block GENL, so neither account nor date is stated", AGAIN)
    check_whole(draft, message)
    read = [_read_instrument(draft, statement, block, account) for block, account in _instruments(message.root)]
    is_active = generals[0].first("17B:ACTI") if generals else ""
    if is_active == "N" and any(read):
        draft.fault(message.root.start, "the statement says that nothing moved (17B ACTI), yet lists movements", AGAIN)


def _instruments(block: Block, account: str = "") -> Iterator[tuple[Block, str]]:
    """Every FIN block inside, with the account that the SUBSAFE around it names."""
    for inner in block.blocks:
        if inner.name == "FIN":
            yield inner, account
        else:
            yield from _instruments(inner, inner.first("97A:SAFE", "97B:SAFE") if inner.name == "SUBSAFE" else account)


def _read_instrument(draft: Draft, statement: StatementDraft, block: Block, account: str) -> int:
    """Keep every transaction of one instrument and prove its balances; how many there are."""
    statement = draft.statement_of(statement, account)
    transactions = [inner for inner in inside(block, "TRAN") if inner.is_closed]
    posted = []
    for inner in transactions:
        try:
            fields = posted_fields(inner, block.first("35B"))
        except ValueError as error:
            draft.fault(inner.start, f"TRAN: {error}", AGAIN)
            continue
        span = inner.start, inner.end
        record = draft.record("transaction", span, fields, statement.account, statement.statement_date)
        statement.records.append(record)
        posted.append(fields)
    if len(posted) == len(transactions):
        _prove(draft, statement, block, posted)
    return len(transactions)


def _prove(draft: Draft, statement: StatementDraft, block: Block, posted: list[dict[str, str]]) -> None:
    """Opening balance and transactions are the closing balance."""
    try:
        for kind, closing, rolled in roll(block, posted):
            name = f"closing balance {block.first('35B')[:40].split(chr(10))[0]} {kind}"
            draft.prove(Control(name, closing, rolled, closing == rolled), statement.controls, block.start, AGAIN)
    except ValueError as error:
        draft.fault(block.start, f"93B: {error}", AGAIN)


FORMAT = Format("mt536", sniff, read, "SWIFT MT536 statement of transactions")
