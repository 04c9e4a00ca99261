"""The accounting system's trial balance, with liabilities and fees as charged. What columns mean is in _accounting."""

from collections import defaultdict
from decimal import Decimal

from fo_platform.custodians._accounting import LEDGER
from fo_platform.custodians._draft import Draft, Format, StatementDraft
from fo_platform.custodians._numbers import EXACT
from fo_platform.custodians._table_reading import Entry, place
from fo_platform.custodians._tabular import Book, claims, entries
from fo_platform.custodians.records import Control
from fo_platform.units import plain

_ASK = "Ask accounting for a trial balance that balances."


def sniff(head: bytes) -> bool:
    """Whether a title or a header is that of a trial balance, of liabilities or of fees."""
    return claims(head, LEDGER)


def read(draft: Draft) -> None:
    """Every row as a record of its entity; debits must equal credits in every currency of an entity."""
    book, balance = Book(draft), _Balance(draft)
    for entry in entries(draft, LEDGER):
        if entry.table.name == "trial balance":
            balance.take(book, entry)
        elif entry.table.name == "liabilities":
            book.keep(entry, "liability", entry.fields["as_of_date"])
        else:
            book.keep(entry, "fee", entry.fields["charged_date"])
    balance.prove()


class _Balance:
    """Debits and credits so far, by statement and currency."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.offset = 0
        self._sums: dict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        self._statements: dict[tuple[str, str, str], StatementDraft] = {}

    def take(self, book: Book, entry: Entry) -> None:
        """One balance; it stands on one side at least."""
        fields, row = entry.fields, entry.row
        if "debit" not in fields and "credit" not in fields:
            self.draft.fault(row.start, f"{place(row, 0)}the balance is blank on both sides", _ASK)
            return
        key = fields["account"], fields["balance_date"], fields["currency"]
        self._statements[key] = book.keep(entry, "ledger_balance", fields["balance_date"])
        for side, name in enumerate(("debit", "credit")):
            self._sums[key][side] = EXACT.add(self._sums[key][side], Decimal(fields.get(name, "0")))
        self.offset = row.start

    def prove(self) -> None:
        """Debits against credits."""
        for key, (debit, credit) in self._sums.items():
            entity, _, currency = key
            control = Control(f"debit and credit {entity} {currency}", plain(debit), plain(credit), debit == credit)
            self.draft.prove(control, self._statements[key].controls, self.offset, _ASK)


FORMAT = Format("trial_balance", sniff, read, "trial balance with liabilities and fees, CSV or workbook")
