"""ISO 20022 account statements and reports of cash, camt.053 and camt.052. One entry belongs to _camt."""

from collections import Counter
from datetime import date

from fo_platform.custodians import _camt
from fo_platform.custodians._camt import BOOKED
from fo_platform.custodians._camt_proof import CLOSINGS, OPENINGS, Proof
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._iso20022 import check_version, day, iso, names, report, text, versions
from fo_platform.custodians._numbers import add, iso_date
from fo_platform.custodians._pages import check_pages, page_label
from fo_platform.custodians._xml import Plan, Row, Span, Take, holds, walk
from fo_platform.custodians._xml_plain import Element, Stated
from fo_platform.custodians.records import Record
from fo_platform.units import plain

_MESSAGES = {"BkToCstmrStmt": "Stmt", "BkToCstmrAcctRpt": "Rpt"}
_OLD = ("BkToCstmrStmtV01", "BkToCstmrAccountReportV01", "BkToCstmrAcctRptV01")
_VERSIONS = versions("camt.053", range(2, 15)) | versions("camt.052", range(2, 15))
_PASSED = names("RptgSeq RptgSrc RltdAcct Intrst AddtlStmtInf AddtlRptInf SplmtryData")
_SUMMARIES_MAX = 100
"""Statements of one file that its totals show one by one."""
_AGAIN = "Ask the bank to send the statement again."


def sniff(head: bytes) -> bool:
    """Whether the message of a camt.053 or camt.052 stands in it, in an envelope or not."""
    return any(holds(head, name) for name in (*_MESSAGES, *_OLD))


def read(draft: Draft) -> None:
    """Every statement with its entries, proved by opening + booked entries = closing in every currency."""
    reader = _Reader(draft)
    namespace = walk(draft, reader.plan())
    reader.finish(namespace)


class _Statement:
    """One statement or report while it is read."""

    def __init__(self, draft: StatementDraft, faults_before: int, sent: date | None) -> None:
        """sent: the day of the message, for a statement that states none."""
        self.draft = draft
        self.faults_before = faults_before
        self.sent = sent
        self.is_report = False
        self.is_unmarked = False
        self.proof = Proof()
        self.number = ""
        self.to_day: date | None = None
        self.only_day = ""
        self.pagination: Element | None = None
        self.cash: dict[str, tuple[date | None, Record]] = {}

    def date(self) -> None:
        """Its day is that of its closing balance or, where it states none, the last day that it is about."""
        days = [(balance.code, balance.day) for balance, _ in self.proof.balances if balance.day]
        closing = max((day for code, day in days if code in CLOSINGS), default=None)
        last = max((day for _, day in days), default=self.sent)
        self.draft.statement_date = closing or self.to_day or last
        self.only_day = iso(days[0][1]) if len({day for _, day in days}) == 1 else ""


class _Reader:
    """One pass over one message: the statement it is in, and the last one of every account."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.statement: _Statement
        self.last: dict[str | None, _Statement] = {}
        self.pagination: Element | None = None
        self.sent: date | None = None
        self.unbooked: Counter[str] = Counter()
        self.unbooked_offset = 0
        self.reported: set[str] = set()
        self.summaries: list[dict[str, object]] = []

    def plan(self) -> Plan:
        """What is taken from the message, and by which function."""
        statement: dict[str, Take] = {
            "Id": self._reference, "ElctrncSeqNb": self._sequence, "LglSeqNb": self._sequence, "CreDtTm": self._day,
            "FrToDt": self._day, "StmtPgntn": self._page, "RptPgntn": self._page, "Acct": self._account,
            "CpyDplctInd": self._duplicate, "Bal": self._balance, "TxsSummry": self._summary,
        }  # fmt: skip
        inner = _MESSAGES.values()
        items: dict[str, Take] = {f"{name}/GrpHdr": self._header for name in _MESSAGES}
        items |= {f"{name}/{child}": take for name in inner for child, take in statement.items()}
        passed = {f"{name}/{child}" for name in (*inner, *_MESSAGES) for child in _PASSED}
        enter = dict.fromkeys((*_MESSAGES, *_OLD), self._message) | {"Stmt": self._open, "Rpt": self._open_report}
        leave, rows = (
            dict.fromkeys(inner, self._close),
            {f"{name}/Ntry": Row(self._entry, _camt.WANTED) for name in inner},
        )
        return Plan(frozenset((*_MESSAGES, *_OLD)), enter, items, leave, frozenset(passed), rows)

    def finish(self, namespace: str | None) -> None:
        """What only the whole file tells: that it held a statement, its pages, and what is not booked."""
        draft = self.draft
        for statement in self.last.values():
            self._state_cash(statement)
        if not draft.opened and not draft.faults:
            draft.fault(0, "there is no statement in it", _AGAIN)
        for status, count in self.unbooked.items():
            what = f"entries of the status {status[:20]} are not booked and not counted: {count}"
            draft.note(self.unbooked_offset, what, "Expect them as booked entries in a later statement.")
        if not draft.faults:
            check_pages(draft, _AGAIN)
        draft.stated["ns"] = namespace
        if draft.opened <= _SUMMARIES_MAX:
            draft.stated["stmts"] = self.summaries

    def _message(self, namespace: str, offset: int) -> None:
        check_version(self.draft, namespace, offset, _VERSIONS)
        self.pagination, self.sent = None, None

    def _header(self, element: Element, _: Span) -> None:
        self.pagination, self.sent = element.find("MsgPgntn"), day(element, "CreDtTm")

    def _open(self, _: str, offset: int) -> None:
        self.statement = _Statement(self.draft.open(None, None, "settle"), self.draft.faults, self.sent)
        self.statement.draft.offset = offset
        self.statement.date()

    def _open_report(self, namespace: str, offset: int) -> None:
        self._open(namespace, offset)
        self.statement.is_report = True

    def _reference(self, element: Element, _: Span) -> None:
        self.statement.draft.reference = text(element)

    def _sequence(self, element: Element, _: Span) -> None:
        self.statement.number = self.statement.number or text(element)

    def _day(self, element: Element, _: Span) -> None:
        period = text(element, "ToDtTm") or text(element, "ToDt")
        stated = iso_date(period[:10]) if period else day(element)
        self.statement.to_day = stated if period else self.statement.to_day or stated
        self.statement.date()

    def _page(self, element: Element, _: Span) -> None:
        self.statement.pagination = element

    def _account(self, element: Element, _: Span) -> None:
        account = text(element, "Id/IBAN") or text(element, "Id/Othr/Id")
        self.statement.draft.account = account or None

    def _duplicate(self, element: Element, span: Span) -> None:
        what = f"the bank marks the statement as one that it has sent before ({text(element)[:20]})"
        self.draft.note(span[0], what, "Look for the first one; count only one of them.")

    def _balance(self, element: Element, span: Span) -> None:
        self.statement.proof.balances.append((_camt.balance(element), span))
        self.statement.date()
        if not text(element, "CdtDbtInd"):
            self.statement.is_unmarked = True
            self._say(span[0], "balances do not say whether they are credit or debit, they are read as credit")

    def _say(self, offset: int, what: str) -> None:
        """What the bank leaves out, once a file."""
        if what not in self.reported:
            self.reported.add(what)
            self.draft.note(offset, what, "Ask the bank to state it.")

    def _summary(self, element: Element, _: Span) -> None:
        self.statement.proof.summary = element

    def _entry(self, entry: Stated, span: Span) -> None:
        """Keep one booked entry; others are counted only, because their money has not moved.

        A statement lists what is booked, also where it leaves the status out; a report within the day does not.
        """
        statement = self.statement
        fields, status, mark, strange = _camt.read_entry(entry, statement.only_day)
        if not (status or statement.is_report):
            status = BOOKED
            self._say(span[0], "entries of a statement have no status (Sts), they are read as booked")
        if "settle_date" not in fields:
            self._say(span[0], "entries state no date, they are dated as the statement is")
        statement.proof.take(fields, status, mark)
        if status != BOOKED:
            self.unbooked_offset = self.unbooked_offset or span[0]
            self.unbooked[status or "none"] += 1
            return
        report(self.draft, strange, span[0], self.reported)
        record = self.draft.record("transaction", span, fields, statement.draft.account, statement.draft.statement_date)
        statement.draft.records.append(record)

    def _close(self) -> None:
        """End of a statement: it is proved, and compared with the one before it of its account."""
        statement, draft = self.statement, self.statement.draft
        if draft.account is None or draft.statement_date is None:
            self.draft.fault(draft.offset, "the statement names no account (Acct) or no date (FrToDt)", _AGAIN)
        self._summarise(statement)
        currencies = statement.proof.currencies()
        is_whole = all(map(statement.proof.is_bounded, currencies))
        pagination = statement.pagination if statement.pagination is not None else self.pagination
        if pagination is not None:
            self._number(statement, pagination, is_whole=is_whole)
        if self.draft.faults == statement.faults_before:
            self._prove(statement, currencies)
        self._keep_cash(statement)
        self._follow(statement)

    def _number(self, statement: _Statement, pagination: Element, *, is_whole: bool) -> None:
        """Which page it is; one that does not itself state both balances is proved with its others."""
        draft, proof = statement.draft, statement.proof
        is_last = text(pagination, "LastPgInd") in ("true", "1")
        try:
            draft.page = page_label(text(pagination, "PgNb"), is_last=is_last)
        except ValueError as error:
            self.draft.fault(draft.offset, f"PgNb: {error}", _AGAIN)
            return
        if draft.page.endswith("ONLY") or (statement.pagination is None and is_whole):
            return
        draft.part = proof.part((draft.account or "", draft.reference or statement.number), draft.page)

    def _prove(self, statement: _Statement, currencies: list[str]) -> None:
        """Balances against entries; only entries can prove on which side a balance is that does not say so itself."""
        draft, proof = statement.draft, statement.proof
        for currency in currencies:
            if statement.is_unmarked and not proof.moved.get(currency):
                self.draft.fault(draft.offset, f"nothing tells whether the {currency} is credit or debit", _AGAIN)
            control, closing = proof.balance_control(currency), proof.bound(CLOSINGS, currency)
            if control and closing:
                self.draft.prove(control, draft.controls, closing[1][0], _AGAIN)
            elif proof.moved.get(currency) is not None and not (statement.is_report or draft.part):
                what = f"entries in {currency} stand without opening (OPBD) or closing balance (CLBD)"
                self.draft.fault(draft.offset, what, _AGAIN)
        is_closed = any(proof.bound(CLOSINGS, currency) for currency in currencies)
        if not (is_closed or proof.moved or statement.is_report or draft.part):
            self.draft.note(draft.offset, "the statement states no booked balance (CLBD)", "Ask the bank for it.")
        for control in () if draft.part else proof.summary_controls():
            self.draft.prove(control, draft.controls, draft.offset, _AGAIN)

    def _keep_cash(self, statement: _Statement) -> None:
        """The closing balance of each currency, or what a report within the day says is booked so far.

        On a page that goes on in another, such a balance only stands between the pages.
        """
        proof, draft = statement.proof, statement.draft
        codes = CLOSINGS if draft.part and not draft.part.is_last else (*CLOSINGS, "ITBD")
        for currency in sorted({balance.currency for balance, _ in proof.balances}):
            found = proof.bound(codes, currency)
            if found is None or found[0].is_interim:
                continue
            available = proof.bound(("CLAV", "ITAV"), currency)
            fields = {"currency": currency, "amount": found[0].amount}
            fields |= {"amount_available": available[0].amount} if available else {}
            at = found[0].day or draft.statement_date
            statement.cash[currency] = at, self.draft.record("cash", found[1], fields, draft.account, at)

    def _follow(self, statement: _Statement) -> None:
        """The next statement of an account: its balance takes the place of one that is stated for the same day."""
        account = statement.draft.account
        before = self.last.get(account)
        self.last[account] = statement
        if before is None:
            return
        self._note_gaps(before, statement)
        same = [currency for currency, (at, _) in before.cash.items() if statement.cash.get(currency, (None,))[0] == at]
        for currency in same:
            del before.cash[currency]
        self._state_cash(before)

    def _note_gaps(self, before: _Statement, statement: _Statement) -> None:
        for currency in before.proof.currencies():
            closed, opens = before.proof.bound(CLOSINGS, currency), statement.proof.bound(OPENINGS, currency)
            if closed and opens and closed[0].amount != opens[0].amount and not statement.is_report:
                what = f"the balance opens at {opens[0].amount}, the statement before it closes at {closed[0].amount}"
                self.draft.note(opens[1][0], what, "Look for a statement that is missing or out of order.")

    def _state_cash(self, statement: _Statement) -> None:
        for _, record in statement.cash.values():
            statement.draft.records.append(record)
        if statement.draft.part is None:
            self.draft.close(statement.draft)

    def _summarise(self, statement: _Statement) -> None:
        """What the totals of the file show of one statement."""
        proof = statement.proof
        if len(self.summaries) < _SUMMARIES_MAX:
            net = add(proof.moved.values())
            balances = {b.code: f"{b.stated}{b.currency}" for b, _ in proof.balances}
            self.summaries.append({"entries": proof.counted.total(), "net": plain(net), "bal": balances})


FORMAT = Format(
    "camt053",
    sniff,
    read,
    "ISO 20022 account statement of cash (camt.053) and report within the day (camt.052)",
    is_markup=True,
)
