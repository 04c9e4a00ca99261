"""SWIFT corporate action messages, MT564 to MT568. What an event and its options state belongs to _corporate_action."""

import re
from datetime import date

from fo_platform.custodians import _swift
from fo_platform.custodians._corporate_action import TYPES, account_blocks, balance_fields, event_fields
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._pages import check_pages
from fo_platform.custodians._swift import Block, Message
from fo_platform.custodians._swift_fields import inside, joined, plausible_day, stated
from fo_platform.custodians._swift_whole import (
    AGAIN,
    as_date,
    check_whole,
    messages_of,
    note_dates,
    state_page,
)

_BLOCKS = re.compile(_swift.AT_FIELD + r"16R:(?:CAOPTN|CADETL|CACONF|CAINST|USECU)[ \t]*$", re.MULTILINE)
_EVENT = re.compile(_swift.AT_LINE + r"20C::CORP//", re.MULTILINE)
_TYPE = re.compile(_swift.AT_LINE + r"22F::CAEV/", re.MULTILINE)
_OTHERS = re.compile(_swift.AT_LINE + r"16R:(?:TRAN|TRANSDET|TRADDET|SETTRAN)[ \t]*$", re.MULTILINE)


def sniff(head: bytes) -> bool:
    """Whether a header names a corporate action message or, where there is no header, the blocks are those of one."""
    text = _swift.beginning(head)
    types = _swift.message_types(text)
    if types:
        return bool(types & TYPES)
    is_event = _EVENT.search(text) and _TYPE.search(text)
    return bool(_BLOCKS.search(text) or is_event) and not _OTHERS.search(text)


def read(draft: Draft) -> None:
    """Every message as a corporate action, once for each account that it names."""
    for message in messages_of(draft, TYPES):
        draft.stated = draft.stated or stated(message)
        _read_message(draft, message)
    if not draft.opened:
        draft.fault(0, "there is no corporate action message in it", AGAIN)
    if not draft.faults:
        check_pages(draft, AGAIN)


def _read_message(draft: Draft, message: Message) -> None:
    general = joined(inside(message.root, "GENL"))
    accounts = account_blocks(message)
    statement = draft.open(_account(next(iter(accounts), general)) or None, _day(draft, message, general), "settle")
    statement.offset = message.root.start
    statement.page, statement.reference = general.first("28E"), general.first("20C:SEME")
    state_page(draft, statement, general)
    check_whole(draft, message)
    if message.has_header and not inside(message.root, "GENL"):
        draft.fault(message.root.start, "there is no block GENL, so neither event nor function is stated", AGAIN)
    _keep(draft, statement, message, accounts)


def _account(block: Block) -> str:
    return block.first("97A:SAFE", "97B:SAFE")


def _day(draft: Draft, message: Message, general: Block) -> date | None:
    """The day on which the message was prepared."""
    try:
        note_dates(draft, message)
        return as_date(plausible_day(general.first("98A:PREP", "98C:PREP", "98E:PREP")))
    except ValueError as error:
        draft.fault(message.root.start, f"98: {error}", AGAIN)
        return None


def _keep(draft: Draft, statement: StatementDraft, message: Message, accounts: list[Block]) -> None:
    """The event; one that is about several accounts stands once for each, over the lines of that account."""
    spans = [(block, (block.start, block.end)) for block in accounts if block.is_closed]
    whole = message.root.start, message.root.end
    rows = spans if len(spans) > 1 else [(next(iter(accounts), Block("", 0)), whole)]
    try:
        event = event_fields(message)
        if not any(name in event for name in ("event_reference", "reference", "isin", "description")):
            raise ValueError("it states neither an event (20C CORP) nor an instrument (35B)")
        kept = [(block, span, {**event, **balance_fields(block)}) for block, span in rows]
    except ValueError as error:
        draft.fault(message.root.start, f"MT{message.type}: {error}", AGAIN)
        return
    for block, span, fields in kept:
        of_account = draft.statement_of(statement, _account(block))
        record = draft.record("corporate_action", span, fields, of_account.account, statement.statement_date)
        of_account.records.append(record)


FORMAT = Format("mt564", sniff, read, "SWIFT MT564 to MT568 corporate action notifications and confirmations")
