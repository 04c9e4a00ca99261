"""Whether SWIFT messages are whole: borders of blocks, ends, pages. What they state belongs to formats."""

import re
from collections.abc import Iterator
from datetime import date

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, StatementDraft
from fo_platform.custodians._swift import Block, Message
from fo_platform.custodians._swift_fields import joined, plausible_day, texts_of, walk
from fo_platform.custodians.records import Basis, Part

AGAIN = "Ask the custodian to send it again."
_BASIS: dict[str, Basis] = {"TRAD": "trade", "SETT": "settle"}
_BORDER = re.compile(rb":16S:([^\r\n]*)")
_LOOK = 40
_PAGE = re.compile(r"([0-9]{1,5})/(MORE|LAST|ONLY)")


def messages_of(draft: Draft, types: frozenset[str]) -> Iterator[Message]:
    """Every message of these types, or of none; those of other types beside them are noted."""
    for message in _swift.messages(draft.data):
        if message.type in types or (not message.type and (message.root.blocks or message.root.fields)):
            yield message
        elif message.type:
            what = f"a message MT{message.type} stands beside them and is not read"
            draft.note(message.root.start, what, "Send messages of other types as a feed of their own.")


def check_whole(draft: Draft, message: Message, needed: tuple[str, ...] = ()) -> None:
    """A message that breaks off is a fault; one with an end may call a block by another name where it ends it.

    needed: blocks without which a message is not whole. One that has all of them may lack its end.
    """
    torn = [block for block in walk(message.root) if block.name and not block.is_closed]
    present = {block.name for block in walk(message.root) if block.is_closed}
    is_whole = bool(needed) and present.issuperset(needed)
    if _is_misnamed(draft, message, torn):
        what = f"the block {torn[0].name[:12]} is ended by another name"
        draft.note(message.stray, what, "Tell the sender; all of the message is there.")
    elif message.torn is not None:
        draft.fault(message.torn.start, f"the message breaks off inside the block {message.torn.name[:12]}", AGAIN)
    elif message.stray >= 0:
        draft.fault(message.stray, "a block ends here whose beginning is missing", AGAIN)
    elif message.has_header and not message.is_ended and not is_whole:
        draft.fault(message.root.end, "the message breaks off before its end (-})", AGAIN)


def note_dates(draft: Draft, message: Message) -> None:
    """Dates that no trade can have, such as 11111111, are left out and named."""
    for qualifier, text in texts_of(joined(walk(message.root)), "98"):
        if text[:8].isdigit() and not plausible_day(text):
            draft.note(message.root.start, f"98 {qualifier}: {text[:8]} is no day of a trade, it is left out", AGAIN)


def _is_misnamed(draft: Draft, message: Message, torn: list[Block]) -> bool:
    """Whether the message ends, and one block of it at a border that bears the name of no block."""
    if not message.is_ended or len(torn) != 1 or message.stray < torn[0].start:
        return False
    name = _BORDER.match(draft.data[message.stray : message.stray + _LOOK])
    return name is not None and name[1].decode("latin-1") not in {block.name for block in walk(message.root)}


def read_general(draft: Draft, statement: StatementDraft, general: Block) -> None:
    """Account, day, basis, page and reference of a statement, from its general information."""
    statement.account = general.first("97A:SAFE", "97B:SAFE") or None
    statement.basis = _BASIS.get(general.first("22F:STBA", "22H:STBA"))
    statement.page = general.first("28E", "28")
    statement.reference = general.first("20C:SEME")
    period = general.first("69A:STAT", "69B:STAT").rpartition("/")[2]
    stated = general.first("98A:STAT", "98C:STAT") or period or general.first("98A:PREP", "98C:PREP", "98E:PREP")
    try:
        statement.statement_date = as_date(plausible_day(stated))
    except ValueError as error:
        draft.fault(general.start, f"98A STAT: {error}", AGAIN)
    if statement.account is None or statement.statement_date is None:
        draft.fault(general.start, "the statement names no account (97A SAFE) or no date (98A STAT)", AGAIN)


def as_date(text: str) -> date | None:
    """The date of its text; None of nothing."""
    return date.fromisoformat(text) if text else None


def state_page(draft: Draft, statement: StatementDraft, general: Block) -> None:
    """Which page of which statement this is, where it says so."""
    if not statement.page:
        return
    match = _PAGE.fullmatch(statement.page)
    if match is None:
        draft.fault(general.start, f"{statement.page[:20]!r} is no page number (28E)", AGAIN)
        return
    number = 1 if match[2] == "ONLY" else int(match[1])
    key = (statement.account or "", str(statement.statement_date or ""), general.first("13A:STAT", "20C:CORP"))
    statement.part = Part(number, match[2] != "MORE", key)
