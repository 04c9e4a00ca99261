"""SWIFT MT535 statements of holdings, in one or several pages. What one holding states belongs to _mt535."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from fo_platform.custodians import _swift
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._mt535 import ORDINARY, read_holding
from fo_platform.custodians._numbers import EXACT
from fo_platform.custodians._pages import check_pages
from fo_platform.custodians._swift import Block, Message
from fo_platform.custodians._swift_fields import money, stated_date
from fo_platform.custodians._swift_rows import Row, rows
from fo_platform.custodians.records import Basis, Control, Part
from fo_platform.units import plain

_TYPE = "535"
_HOLDINGS = re.compile(r":(?:(?<=^:)|(?<=@:))16R:FIN[ \t]*$", re.MULTILINE)
_BALANCE = re.compile(_swift.AT_LINE + r"93B::AGGR/", re.MULTILINE)
_PAGED = re.compile(_swift.AT_LINE + r"28E?:[0-9]{1,5}/(?:MORE|LAST|ONLY)", re.MULTILINE)
_OTHERS = re.compile(
    _swift.AT_LINE + r"(?:16R:(?:TRAN|STAT|TRADDET|CAOPTN|CADETL|SETDET|REQD)[ \t]*$|69[AB]::STAT//)", re.MULTILINE
)
_SAFE = ("97A:SAFE", "97B:SAFE")
_ZERO = Decimal(0)
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


@dataclass
class _Page:
    """One message while it is read: its statement, its holdings, and how many have values, with their sums."""

    statement: StatementDraft
    place: Block | None = None
    """The innermost block around the last holding; those beside it there are of the same account."""
    holder: StatementDraft | None = None
    holdings: int = 0
    sums: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    accrued: dict[str, Decimal] = field(default_factory=dict)

    def take(self, values: dict[str, str], fields: dict[str, str]) -> None:
        """Count and sum up one holding."""
        self.holdings += 1
        if "accrued" in fields:
            currency, accrued = fields["currency"], Decimal(fields["accrued"])
            self.accrued[currency] = EXACT.add(self.accrued.get(currency, _ZERO), accrued)
        for currency, amount in values.items():
            count, held = self.sums.get(currency, (0, _ZERO))
            self.sums[currency] = count + 1, EXACT.add(held, Decimal(amount))

    def held(self, stated: tuple[str, Decimal] | None) -> dict[str, Decimal]:
        """The sums in each currency that all holdings are valued in.

        stated: the page's total, which German banks state with accrued interest, though the values are without.
        """
        clean = {currency: held for currency, (count, held) in self.sums.items() if count == self.holdings}
        if stated is None or stated in clean.items():
            return clean
        dirty = {currency: EXACT.add(held, self.accrued.get(currency, _ZERO)) for currency, held in clean.items()}
        return dirty if stated in dirty.items() else clean


def read(draft: Draft) -> None:
    """Every MT535 message as a statement; pages of one statement are held until all of them are there.

    Each holding is read as soon as it is whole, so that a message may be of any length.
    """
    page: _Page | None = None
    for message, row in rows(draft.data, "FIN", ORDINARY):
        if message.type not in ("", _TYPE):
            continue
        page = page or _begin(draft, message)
        if row is not None:
            _read_holding(draft, page, message, row)
        else:
            _finish(draft, page, message)
            page = None
    if not draft.statements:
        draft.fault(0, "no block of a statement of holdings is there", _AGAIN)
    if not draft.faults:
        check_pages(draft, _AGAIN)


def _begin(draft: Draft, message: Message) -> _Page:
    """The statement of a message, from the general information before its first holding."""
    statement = draft.open(None, None, None)
    statement.offset = message.root.start
    generals = message.root.named("GENL")
    for general in generals:
        _read_general(draft, statement, general)
    if not generals:
        draft.fault(message.root.start, "there is no block GENL, so neither account nor date is stated", _AGAIN)
    return _Page(statement)


def _finish(draft: Draft, page: _Page, message: Message) -> None:
    """What only the end of a message tells."""
    late = [message.late[key] for key in _SAFE if key in message.late]
    if late:
        draft.fault(late[0], "an account is named behind its holdings (97A SAFE)", _AGAIN)
    _check_whole(draft, message)
    _read_totals(draft, page, message)


def _read_general(draft: Draft, statement: StatementDraft, general: Block) -> None:
    statement.account = general.first(*_SAFE) or None
    statement.basis = _BASIS.get(general.first("22F:STBA", "22H:STBA"))
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


def _read_holding(draft: Draft, page: _Page, message: Message, row: Row) -> None:
    """Keep one holding, in the account that the SUBSAFE around it names; it counts when there is something to value."""
    start, end, found = row
    try:
        fields, valued = read_holding(found)
    except ValueError as error:
        draft.fault(start, f"FIN: {error}", _AGAIN)
        return
    if page.holder is None or page.place is not message.open[-1]:
        page.place, page.holder = message.open[-1], draft.statement_of(page.statement, _account(message))
    statement = page.holder
    record = draft.record("position", (start, end), fields, statement.account, statement.statement_date)
    statement.records.append(record)
    if valued or fields["quantity"] != "0":
        page.take(valued, fields)


def _account(message: Message) -> str:
    """The account that the innermost open SUBSAFE names, or nothing."""
    for block in reversed(message.open):
        if block.name == "SUBSAFE":
            return block.first(*_SAFE)
    return ""


def _check_whole(draft: Draft, message: Message) -> None:
    if message.torn is not None:
        where = f"inside the block {message.torn.name[:12]}" if message.torn.name else "where a block begins"
        draft.fault(message.torn.start, f"the message breaks off {where}", _AGAIN)
    elif message.stray >= 0:
        draft.fault(message.stray, "a block ends here whose beginning is missing", _AGAIN)
    elif message.has_header and not message.is_ended:
        draft.fault(message.root.end, "the message breaks off before its end (-})", _AGAIN)


def _read_totals(draft: Draft, page: _Page, message: Message) -> None:
    """The page's own total, and what the statement's total over all pages needs."""
    statement = page.statement
    info = next(iter(message.root.named("ADDINFO")), Block("ADDINFO", message.root.start))
    try:
        of_page, stated = (_total(info.first(key)) for key in ("19A:HOLP", "19A:HOLS"))
        held = page.held(of_page or stated)
        statement.part = _part(statement, message, (page.holdings, held, stated))
    except ValueError as error:
        draft.fault(message.root.start, f"{error}", _AGAIN)
        return
    if of_page and (not page.holdings or of_page[0] in held):
        currency, expected = of_page
        actual = held.get(currency, Decimal(0))
        control = Control(f"page total {currency}", plain(expected), plain(actual), expected == actual)
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
