"""What the owners owe, as their lenders and ledgers state it. Uncalled commitments belong to private_capital."""

import pandas as pd

from fo_platform import units
from fo_platform.book.statements import current_statements, known_accounts, rows_of
from fo_platform.book.value import with_rates
from fo_platform.contracts.book import Liabilities
from fo_platform.records import POINTERS, unpack

KEY = ["account_id", "liability_id"]
_NAMES = {"liability_id_source": "liability_id", "amount": "liability_local"}
_STATED = [
    *KEY, "description", "liability_kind", "currency", "liability_local", "interest_rate", "maturity_date",
    "statement_date", "source", *POINTERS,
]  # fmt: skip


def liabilities(
    raw_records: pd.DataFrame,
    accounts: pd.DataFrame,
    liabilities_previous: pd.DataFrame,
    fx_rates: pd.DataFrame,
    *,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """book.Liabilities: those of every account's newest statement, else carried; what that leaves out is repaid."""
    statements = current_statements(raw_records, accounts, liabilities_previous, kind="liability", day=day)
    records = known_accounts(unpack(raw_records, "liability"), accounts).rename(columns=_NAMES)
    stated = rows_of(records, statements, KEY)
    carried = liabilities_previous[~liabilities_previous["account_id"].isin(statements["account_id"])]
    known = pd.concat([carried[_STATED], Liabilities.complete(stated[_STATED])], ignore_index=True)
    owners = accounts[["account_id", "entity_id", "base_currency"]]
    rated = with_rates(known.merge(owners, how="left", on="account_id", validate="many_to_one"), fx_rates, day)
    valued = rated.assign(liability_base=units.convert(rated["liability_local"], rated["fx_rate"]))
    return Liabilities.frame(valued[list(Liabilities.fields())])
