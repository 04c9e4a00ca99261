"""The records that count among a day's deliveries: accepted and not restated. Parsing belongs to formats."""

from collections.abc import Callable
from itertools import islice

import pandas as pd

from fo_platform.canonical import canonical
from fo_platform.contracts.raw import Record
from fo_platform.custodians import records as custodians
from fo_platform.custodians.parse import parse_again
from fo_platform.custodians.records import Parsed

BLOCK = 50_000
STATEMENT_PAGE = ["feed", "account_id_source", "statement_date", "subject", "page_no"]


def standing(deliveries: pd.DataFrame) -> pd.DataFrame:
    """Accepted deliveries, one row an account, without those that a later one states again.

    deliveries: the ledger's view, in order of receipt. A restated page replaces that page, a restated file all of it,
    and a file that speaks of something else in the account, such as another fund, replaces nothing.
    """
    accepted = deliveries[deliveries["verdict"] == "accepted"]
    pages = accepted.assign(page_no=accepted["page"].str.split("/").str[0])
    return pages.drop_duplicates(STATEMENT_PAGE, keep="last").drop(columns="page_no")


def accepted_records(deliveries: pd.DataFrame, read: Callable[[str], bytes]) -> pd.DataFrame:
    """`raw.Record` rows of the deliveries that count, parsed again from the archive's bytes.

    read: archived bytes by sha256.
    """
    files = standing(deliveries).groupby("file_sha256", sort=True)
    parts = [_records(parse_again(read(str(sha256))), rows) for sha256, rows in files]
    return pd.concat(parts, ignore_index=True) if parts else Record.frame()


def _records(parsed: Parsed, deliveries: pd.DataFrame) -> pd.DataFrame:
    """Rows of one file, made a block at a time: a long one is in memory once, as columns."""
    accounts, first = set(deliveries["account_id_source"].dropna()), deliveries.iloc[0]
    kept = (r for r in parsed.each_record() if r.account is None or r.account in accounts)
    blocks = [_frame(block, first) for block in iter(lambda: list(islice(kept, BLOCK)), [])]
    return pd.concat(blocks, ignore_index=True) if blocks else Record.frame()


def _frame(records: list[custodians.Record], delivery: pd.Series) -> pd.DataFrame:
    rows = {
        "file_sha256": [delivery["file_sha256"]] * len(records),
        "line": [r.line for r in records],
        "byte_offset": [r.offset for r in records],
        "byte_length": [r.length for r in records],
        "record_kind": [r.kind for r in records],
        "feed": [delivery["feed"]] * len(records),
        "account_id_source": [r.account for r in records],
        "statement_date": [r.statement_date for r in records],
        "received_at": [delivery["received_at"]] * len(records),
        "payload": [canonical(dict(r.fields)).decode() for r in records],
    }
    return Record.frame(pd.DataFrame(rows))
