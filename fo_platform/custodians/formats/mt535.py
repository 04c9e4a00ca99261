"""SWIFT MT535 statements of holdings, in one or several pages. What one holding states belongs to _mt535."""

import re
from collections.abc import Iterator
from decimal import Decimal

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._mt535 import read_holding
from fo_platform.custodians._numbers import total
from fo_platform.custodians._pages import check_pages
from fo_platform.custodians._swift import Block, Message
from fo_platform.custodians._swift_fields import money, stated_date
from fo_platform.custodians.records import Basis, Control, Part
from fo_platform.units import plain

_TYPE = "535"
_HOLDINGS = re.compile(r"(?:^|@):16R:FIN[ \t]*$", re.MULTILINE)
_BALANCE = re.compile(r"^:93B::AGGR/", re.MULTILINE)
_PAGED = re.compile(r"^:28E?:[0-9]{1,5}/(?:MORE|LAST|ONLY)", re.MULTILINE)
_OTHERS = re.compile(r"^:16R:(?:TRAN|STAT|TRADDET|CAOPTN|CADETL|SETDET|REQD)[ \t]*$", re.MULTILINE)
_PAGE = re.compile(r"([0-9]{1,5})/(MORE|LAST|ONLY)")
_BASIS: dict[str, Basis] = {"TRAD": "trade", "SETT": "settle"}
_AGAIN = "Ask the custodian to send the statement again."
_FULL = "Ask the custodian for the complete statement (CODE//COMP)."


def sniff(head: bytes) -> bool:
    """Whether a header says MT535 or, where there is no header, the blocks are those of an MT535."""
    text = _swift.beginning(head)
    types = _swift.message_types(text)
    if types:
        return _TYPE in types
    is_holdings = bool(_HOLDINGS.search(text) and _BALANCE.search(text))
    return (is_holdings or bool(_PAGED.search(text))) and not _OTHERS.search(text)


def read(draft: Draft) -> None:
    """Every MT535 message as a statement; pages of one statement are held until all of them are there."""
    for message in _swift.messages(draft.data):
        if message.type in ("", _TYPE):
            _read_message(draft, message)
    if not draft.statements:
        draft.fault(0, "no block of a statement of holdings is there", _AGAIN)
    if not draft.faults:
        check_pages(draft, _AGAIN)


def _read_message(draft: Draft, message: Message) -> None:
    statement = draft.open(None, None, None)
    statement.offset = message.root.start
    for general in message.root.named("GENL"):
        _read_general(draft, statement, general)
    if not message.root.named("GENL"):
        draft.fault(message.root.start, "there is no block GENL, so neither account nor date is stated", _AGAIN)
    valued = [v for block, account in _holdings(message.root) for v in _read_holding(draft, statement, block, account)]
    _check_whole(draft, message)
    _read_totals(draft, statement, message, valued)


def _read_general(draft: Draft, statement: StatementDraft, general: Block) -> None:
    statement.account = general.first("97A:SAFE", "97B:SAFE") or None
    statement.basis = _BASIS.get(general.first("22F:STBA"))
    statement.page = general.first("28E", "28")
    statement.reference = general.first("20C:SEME")
    try:
        statement.statement_date = stated_date(general.first("98A:STAT", "98C:STAT", "98A:PREP", "98C:PREP"))
    except ValueError as error:
        draft.fault(general.start, f"98A STAT: {error}", _AGAIN)
    if statement.account is None or statement.statement_date is None:
        draft.fault(general.start, "the statement names no account (97A SAFE) or no date (98A STAT)", _AGAIN)
    if general.first("22F:CODE") == "DELT":
        draft.fault(general.start, "the statement lists changes only (CODE//DELT), not the holdings", _FULL)
    if not (general.first("23G") or "NEWM").startswith("NEWM"):
        draft.fault(general.start, f"the message is no new statement (23G {general.first('23G')[:9]})", _FULL)


def _holdings(block: Block, account: str = "") -> Iterator[tuple[Block, str]]:
    """Every whole FIN block inside, with the account that the SUBSAFE around it names."""
    for inner in block.blocks:
        if inner.name == "FIN":
            yield from [(inner, account)] if inner.is_closed else []
        else:
            yield from _holdings(inner, inner.first("97A:SAFE", "97B:SAFE") if inner.name == "SUBSAFE" else account)


def _read_holding(draft: Draft, statement: StatementDraft, block: Block, account: str) -> Iterator[dict[str, str]]:
    """Keep one holding; yields its values by currency when there is something to value."""
    try:
        fields, valued = read_holding(block)
    except ValueError as error:
        draft.fault(block.start, f"FIN: {error}", _AGAIN)
        return
    statement = draft.statement_of(statement, account)
    span = block.start, block.end
    record = draft.record("position", span, fields, statement.account, statement.statement_date)
    statement.records.append(record)
    if valued or fields["quantity"] != "0":
        yield valued


def _check_whole(draft: Draft, message: Message) -> None:
    if message.torn is not None:
        where = f"inside the block {message.torn.name[:12]}" if message.torn.name else "where a block begins"
        draft.fault(message.torn.start, f"the message breaks off {where}", _AGAIN)
    elif message.stray >= 0:
        draft.fault(message.stray, "a block ends here whose beginning is missing", _AGAIN)
    elif message.has_header and not message.is_ended:
        draft.fault(message.root.end, "the message breaks off before its end (-})", _AGAIN)


def _read_totals(draft: Draft, statement: StatementDraft, message: Message, valued: list[dict[str, str]]) -> None:
    """The page's own total, and what the statement's total over all pages needs."""
    everywhere = set(valued[0]).intersection(*valued[1:]) if valued else set()
    held = {currency: total(row[currency] for row in valued) for currency in everywhere}
    info = next(iter(message.root.named("ADDINFO")), Block("ADDINFO", message.root.start))
    try:
        page, stated = (_total(info.first(key)) for key in ("19A:HOLP", "19A:HOLS"))
        statement.part = _part(statement, message, (len(valued), held, stated))
    except ValueError as error:
        draft.fault(message.root.start, f"{error}", _AGAIN)
        return
    if page and (not valued or page[0] in held):
        actual = held.get(page[0], Decimal(0))
        control = Control(f"page total {page[0]}", plain(page[1]), plain(actual), page[1] == actual)
        draft.prove(control, statement.controls, info.start, _AGAIN)


def _total(text: str) -> tuple[str, Decimal] | None:
    if not text:
        return None
    currency, amount = money(text)
    return currency, Decimal(amount)


def _part(
    statement: StatementDraft, message: Message, held: tuple[int, dict[str, Decimal], tuple[str, Decimal] | None]
) -> Part | None:
    """Which page this is of which statement; None where it does not say."""
    if not statement.page:
        return None
    match = _PAGE.fullmatch(statement.page)
    if match is None:
        raise ValueError(f"{statement.page[:20]!r} is no page number (28E)")
    number = 1 if match[2] == "ONLY" else int(match[1])
    statement_no = next((block.first("13A:STAT") for block in message.root.named("GENL")), "")
    key = (statement.account or "", str(statement.statement_date or ""), statement_no)
    return Part(number, match[2] != "MORE", key, *held)


FORMAT = Format("mt535", sniff, read, "SWIFT MT535 statement of holdings")
