"""ISO 20022 custody statements of holdings, semt.002, in one or several pages. One balance belongs to _semt."""

from decimal import Decimal

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._iso20022 import check_version, money, report, text, unknown, versions
from fo_platform.custodians._numbers import EXACT
from fo_platform.custodians._pages import check_pages
from fo_platform.custodians._semt import BALANCE, read_balance
from fo_platform.custodians._semt_statement import AGAIN, PASSED, Heading
from fo_platform.custodians._xml import Plan, Span, holds, walk
from fo_platform.custodians._xml_plain import Element
from fo_platform.custodians.records import Control, Part
from fo_platform.units import plain

_MESSAGE, _OLD = "SctiesBalCtdyRpt", "CtdyStmtOfHldgsV02"
_VERSIONS = versions("semt.002", range(3, 12), ("001", "002"))
_FULL = "Ask the custodian for the complete statement (UpdTp COMP)."


def sniff(head: bytes) -> bool:
    """Whether a custody statement stands in it, in an envelope or not."""
    return holds(head, _MESSAGE) or holds(head, _OLD)


def read(draft: Draft) -> None:
    """Every message as a statement; pages of one statement are held until all of them are there."""
    reader = _Reader(draft)
    walk(draft, reader.plan())
    if not draft.opened and not draft.faults:
        draft.fault(0, "there is no statement of holdings in it", AGAIN)
    if not draft.faults:
        check_pages(draft, AGAIN)


class _Held:
    """The values of the holdings of one page, by currency, for each currency that all of them are valued in."""

    def __init__(self) -> None:
        self.count = self.valued = 0
        self.sums: dict[str, Decimal] = {}

    def add(self, fields: dict[str, str], values: dict[str, str]) -> None:
        """One more holding; one of nothing, with no value, needs none."""
        self.count += 1
        if not values and fields["quantity"] == "0":
            return
        self.valued += 1
        known = values if self.valued == 1 else {code: values[code] for code in self.sums.keys() & values.keys()}
        self.sums = {code: EXACT.add(self.sums.get(code, Decimal(0)), Decimal(value)) for code, value in known.items()}


class _Reader:
    """One pass over one file: the message it is in."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.heading: Heading
        self.held = _Held()
        self.sub_account = ""
        self.totals: tuple[Element, Span] | None = None
        self.reported: set[str] = set()

    def plan(self) -> Plan:
        """What is taken from a message, and by which function."""
        items = {
            f"{_MESSAGE}/Pgntn": self._page, f"{_MESSAGE}/StmtGnlDtls": self._general,
            f"{_MESSAGE}/SfkpgAcct": self._account, f"{_MESSAGE}/BalForAcct": self._balance,
            f"{_MESSAGE}/AcctBaseCcyTtlAmts": self._total, "SubAcctDtls/SfkpgAcct": self._name_sub_account,
            "SubAcctDtls/BalForSubAcct": self._balance,
        }  # fmt: skip
        passed = {f"{place}/{name}" for place in (_MESSAGE, "SubAcctDtls") for name in PASSED}
        passed |= {f"{_MESSAGE}/AltrnRptgCcyTtlAmts", "SubAcctDtls/FngbInd", "SubAcctDtls/ActvtyInd"}
        enter = {_MESSAGE: self._open, _OLD: self._refuse, "SubAcctDtls": self._enter}
        return Plan(
            frozenset((_MESSAGE, _OLD)),
            enter,
            items,
            {_MESSAGE: self._close, "SubAcctDtls": self._leave},
            frozenset(passed),
        )

    def _open(self, namespace: str, offset: int) -> None:
        check_version(self.draft, namespace, offset, _VERSIONS)
        self.heading, self.held, self.totals = Heading(self.draft, offset), _Held(), None

    def _refuse(self, _: str, offset: int) -> None:
        what = "the version semt.002.001.02 is the message before the one that is known to us"
        self.draft.halt(offset, what, "Ask the custodian for semt.002.001.03 or later.")

    def _enter(self, _: str, __: int) -> None:
        self.sub_account = ""

    def _leave(self) -> None:
        self.sub_account = ""

    def _name_sub_account(self, element: Element, _: Span) -> None:
        self.sub_account = text(element, "Id")

    def _page(self, element: Element, _: Span) -> None:
        self.heading.take_page(element)

    def _account(self, element: Element, _: Span) -> None:
        self.heading.take_account(element)

    def _general(self, element: Element, span: Span) -> None:
        self.heading.take_general(element)
        if self.heading.update == "DELT":
            self.draft.fault(span[0], "the statement lists changes only (UpdTp DELT), not the holdings", _FULL)

    def _balance(self, element: Element, span: Span) -> None:
        """Keep one holding."""
        fields, values = read_balance(element)
        self.held.add(fields, values)
        report(self.draft, unknown(element, BALANCE), span[0], self.reported)
        statement = self.draft.statement_of(self.heading.statement, self.sub_account)
        record = self.draft.record("position", span, fields, statement.account, statement.statement_date)
        statement.records.append(record)

    def _total(self, element: Element, span: Span) -> None:
        self.totals = element, span

    def _close(self) -> None:
        """End of a message: its own total is proved, and kept for the statement's what that needs."""
        heading, statement = self.heading, self.heading.statement
        heading.check()
        if not heading.is_active and self.held.count:
            what = "the statement says that nothing is held (ActvtyInd false), yet lists holdings"
            self.draft.fault(statement.offset, what, AGAIN)
        page, stated = self._stated("TtlHldgsValOfPg"), self._stated("TtlHldgsValOfStmt")
        if statement.page:
            number = int(statement.page.partition("/")[0])
            held = self.held.valued, self.held.sums, stated
            statement.part = Part(number, heading.is_last, heading.key, *held)
        for name, total in (("page total", page), ("" if statement.page else "statement total", stated)):
            if name and total and (not self.held.valued or total[0] in self.held.sums):
                actual = self.held.sums.get(total[0], Decimal(0))
                control = Control(f"{name} {total[0]}", plain(total[1]), plain(actual), total[1] == actual)
                self.draft.prove(control, statement.controls, self.totals[1][0] if self.totals else 0, AGAIN)
        if statement.part is None:
            self.draft.close(statement, *statement.others.values())

    def _stated(self, name: str) -> tuple[str, Decimal] | None:
        element = self.totals[0].find(name) if self.totals else None
        if element is None or self.totals is None:
            return None
        try:
            code, amount = money(element)
        except ValueError as error:
            self.draft.fault(self.totals[1][0], f"{name}: {error}", AGAIN)
            return None
        return code, Decimal(amount)


FORMAT = Format("semt002", sniff, read, "ISO 20022 custody statement of holdings (semt.002)", is_markup=True)
