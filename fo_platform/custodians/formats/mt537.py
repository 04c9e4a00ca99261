"""SWIFT MT537 statements of pending transactions and penalties, in pages. What one states belongs to _posting."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._numbers import add
from fo_platform.custodians._pages import check_pages
from fo_platform.custodians._posting import account_of, penalty_fields, pending_fields
from fo_platform.custodians._swift import Block, Message
from fo_platform.custodians._swift_fields import inside, joined, money, stated
from fo_platform.custodians._swift_whole import AGAIN, check_whole, messages_of, read_general, state_page
from fo_platform.custodians.records import Control, Kind
from fo_platform.units import plain

_TYPES = frozenset({"537"})
_PENDING = re.compile(_swift.AT_LINE + r"16R:(?:TRAN|TRANSDET)[ \t]*$", re.MULTILINE)
_STATED = re.compile(_swift.AT_LINE + r"16R:STAT[ \t]*$", re.MULTILINE)
_PENALTY = re.compile(_swift.AT_LINE + r"16R:(?:PENA|PENDET)[ \t]*$", re.MULTILINE)
_OTHERS = re.compile(_swift.AT_LINE + r"16R:(?:FIN|TRADDET|SETTRAN|CAOPTN|CADETL)[ \t]*$", re.MULTILINE)
_NEW = "Ask the custodian for a statement that is new (23G NEWM)."
_FUNCTIONS = ("NEWM", "PENA")


def sniff(head: bytes) -> bool:
    """Whether a header says MT537 or, where there is no header, the blocks are those of an MT537."""
    text = _swift.beginning(head)
    types = _swift.message_types(text)
    if types:
        return bool(types & _TYPES)
    is_pending = _PENDING.search(text) and _STATED.search(text)
    return bool(is_pending or _PENALTY.search(text)) and not _OTHERS.search(text)


def read(draft: Draft) -> None:
    """Every MT537 message as a statement; pages of one statement are held until all of them are there."""
    changes = []
    for message in messages_of(draft, _TYPES):
        draft.stated = draft.stated or stated(message)
        statement, general = _read_message(draft, message)
        if general.first("22F:CODE") == "DELT":
            changes.append(statement)
    if not draft.opened:
        draft.fault(0, "no block of a statement of pending transactions is there", AGAIN)
    if not draft.faults:
        _free_last_pages(draft, changes)
        check_pages(draft, AGAIN)


def _read_message(draft: Draft, message: Message) -> tuple[StatementDraft, Block]:
    """Keep what one message states; its statement and its general information."""
    statement = draft.open(None, None, None)
    statement.offset = message.root.start
    general = joined(message.root.named("GENL"))
    _read_general(draft, statement, message, general)
    check_whole(draft, message)
    for kind, block, context in _rows(message.root, _Context()):
        _keep(draft, statement, kind, block, partial(_ROW[kind], block, context, message.type))
    if statement.page.endswith("ONLY"):
        for account in inside(message.root, "PENACOUNT"):
            _prove(draft, statement, account)
    return statement, general


def _read_general(draft: Draft, statement: StatementDraft, message: Message, general: Block) -> None:
    if not message.root.named("GENL"):
        draft.fault(message.root.start, "there is no block GENL, so neither account nor date is stated", AGAIN)
        return
    general.start = message.root.start
    read_general(draft, statement, general)
    state_page(draft, statement, general)
    if not (general.first("23G") or "NEWM").startswith(_FUNCTIONS):
        draft.fault(general.start, f"the message is no new statement (23G {general.first('23G')[:9]})", _NEW)


def _free_last_pages(draft: Draft, changes: list[StatementDraft]) -> None:
    """The last page of a statement of changes stands for itself where none of the others is in the file."""
    keys = Counter(statement.part.key for statement in draft.statements if statement.part)
    for statement in changes:
        part = statement.part
        if part and part.is_last and part.number > 1 and keys[part.key] == 1:
            statement.part = None
            what = f"it is page {part.number} of a statement of changes, the others are not in this file"
            draft.note(statement.offset, what, "Look for the pages before it.")


class _Context(NamedTuple):
    """What stands around a row: the block of its status, and the fields of the blocks of penalties."""

    status: Block = Block("", 0)
    penalties: Block = Block("", 0)


def _rows(block: Block, context: _Context) -> Iterator[tuple[Kind, Block, _Context]]:
    """Every whole transaction and penalty inside; the transaction that a penalty is about is part of the penalty."""
    for inner in block.blocks:
        if inner.name in ("TRAN", "TRANS", "PENDET"):
            kind: Kind = "fee" if inner.name == "PENDET" else "instruction"
            yield from [(kind, inner, context)] if inner.is_closed else []
        elif inner.name == "STAT":
            yield from _rows(inner, context._replace(status=inner))
        elif inner.name in ("PENA", "PENACUR", "PENACOUNT"):
            yield from _rows(inner, context._replace(penalties=joined([context.penalties, inner])))
        else:
            yield from _rows(inner, context)


def _pending(block: Block, context: _Context, message_type: str) -> dict[str, str]:
    status = block if inside(block, "STAT") else context.status
    return pending_fields(block, status, message_type)


def _penalty(block: Block, context: _Context, _: str) -> dict[str, str]:
    return penalty_fields(block, context.penalties)


_ROW = {"instruction": _pending, "fee": _penalty}


def _keep(
    draft: Draft, statement: StatementDraft, kind: Kind, block: Block, read_row: Callable[[], dict[str, str]]
) -> None:
    try:
        fields = read_row()
    except ValueError as error:
        draft.fault(block.start, f"{block.name}: {error}", AGAIN)
        return
    statement, span = draft.statement_of(statement, account_of(block)), (block.start, block.end)
    record = draft.record(kind, span, fields, statement.account, statement.statement_date)
    statement.records.append(record)


def _prove(draft: Draft, statement: StatementDraft, block: Block) -> None:
    """The net amount with one party is the sum of its penalties, where all of them are on one page."""
    texts = [text for inner in inside(block, "PENDET") for text in inner.fields.get("19A:AMCO", [])]
    try:
        stated_nets = [money(text) for text in block.fields.get("19A:AGNT", [])]
        amounts = [money(text) for text in texts]
    except ValueError as error:
        draft.fault(block.start, f"19A: {error}", AGAIN)
        return
    for currency, net in stated_nets:
        actual = plain(add(Decimal(amount) for unit, amount in amounts if unit == currency))
        control = Control(f"net penalties {currency}", net, actual, net == actual)
        draft.prove(control, statement.controls, block.start, AGAIN)


FORMAT = Format("mt537", sniff, read, "SWIFT MT537 statement of pending transactions and penalties")
