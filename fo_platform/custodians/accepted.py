"""The records that count among a day's deliveries: accepted and not restated. Parsing belongs to formats."""

from collections.abc import Callable

import pandas as pd

from fo_platform.canonical import canonical
from fo_platform.contracts.raw import Record
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

STATEMENT_PAGE = ["feed", "account_id_source", "statement_date", "page_no"]


def standing(deliveries: pd.DataFrame) -> pd.DataFrame:
    """Accepted deliveries, one row an account, without those that a later one states again.

    deliveries: the ledger's view, in order of receipt. A restated page replaces that page, a restated file all of it.
    """
    accepted = deliveries[deliveries["verdict"] == "accepted"]
    pages = accepted.assign(page_no=accepted["page"].str.split("/").str[0])
    return pages.drop_duplicates(STATEMENT_PAGE, keep="last").drop(columns="page_no")


def accepted_records(deliveries: pd.DataFrame, read: Callable[[str], bytes]) -> pd.DataFrame:
    """`raw.Record` rows of the deliveries that count, parsed again from the archive's bytes.

    read: archived bytes by sha256.
    """
    files = standing(deliveries).groupby("file_sha256", sort=True)
    parts = [_records(parse(read(str(sha256)), None), rows) for sha256, rows in files]
    return pd.concat(parts, ignore_index=True) if parts else Record.frame()


def _records(parsed: Parsed, deliveries: pd.DataFrame) -> pd.DataFrame:
    accounts, first = set(deliveries["account_id_source"].dropna()), deliveries.iloc[0]
    kept = [r for r in parsed.records if r.account is None or r.account in accounts]
    rows = {
        "file_sha256": [first["file_sha256"]] * len(kept),
        "line": [r.line for r in kept],
        "byte_offset": [r.offset for r in kept],
        "byte_length": [r.length for r in kept],
        "record_kind": [r.kind for r in kept],
        "feed": [first["feed"]] * len(kept),
        "account_id_source": [r.account for r in kept],
        "statement_date": [r.statement_date for r in kept],
        "received_at": [first["received_at"]] * len(kept),
        "payload": [canonical(dict(r.fields)).decode() for r in kept],
    }
    return Record.frame(pd.DataFrame(rows))
