"""The one contract of every source of deliveries. What the records mean belongs to book."""

from fo_platform.contracts._base import Table


class Record(Table):
    """One record of an accepted delivery, exactly as its file states it, with where its bytes stand."""

    key = ("file_sha256", "byte_offset", "record_kind")
    columns = (
        "file_sha256 line byte_offset byte_length record_kind feed account_id_source? statement_date? received_at "
        "payload"
    )
