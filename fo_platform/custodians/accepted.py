"""The records that count among a day's deliveries: accepted and not restated. Parsing belongs to formats."""

from collections.abc import Callable, Iterator
from itertools import chain, islice

import pandas as pd

from fo_platform.canonical import canonical
from fo_platform.contracts.raw import Record
from fo_platform.custodians.parse import parse_again
from fo_platform.custodians.records import Parsed

BLOCK = 50_000
COLUMNS = (
    "file_sha256", "line", "byte_offset", "byte_length", "record_kind", "feed", "account_id_source", "statement_date",
    "received_at", "payload",
)  # fmt: skip
Row = tuple[object, ...]
"""A record by COLUMNS."""
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
    rows = chain.from_iterable(_rows(parse_again(read(str(sha256))), stated) for sha256, stated in files)
    blocks = [_frame(block) for block in iter(lambda: list(islice(rows, BLOCK)), [])]
    return pd.concat(blocks, ignore_index=True) if blocks else Record.frame()


def _rows(parsed: Parsed, deliveries: pd.DataFrame) -> Iterator[Row]:
    """One file's records of the accounts whose statement counts, one at a time."""
    accounts, first = set(deliveries["account_id_source"].dropna()), deliveries.iloc[0]
    sha256, feed, received = first["file_sha256"], first["feed"], first["received_at"]
    for kind, line, offset, length, account, day, fields in parsed.each_record():
        if account is None or account in accounts:
            payload = canonical(dict(fields)).decode()
            yield sha256, line, offset, length, kind, feed, account, day, received, payload


def _frame(rows: list[Row]) -> pd.DataFrame:
    """Rows of many files as a table at once: a table of each takes longer to make than a short file to read."""
    return Record.frame(pd.DataFrame(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))))
