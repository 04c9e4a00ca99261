"""The SQL of an as-of read, the same text for DuckDB and Snowflake. Which files are read does not belong here."""

SINGLE = "select {columns} from read_parquet($1) where not is_deleted"
"""A day with one batch needs neither join nor window."""

ONCE_A_DAY = """
select {columns} from read_parquet($1) f join batches b on f.batch_id = b.batch_id where not is_deleted
"""
"""Days with one batch each: the ledger knows, so no window is needed to find a key's last row."""

AS_OF = """
select {columns} from (
    select f.*, b.business_date, b.known_at
    from read_parquet($1) f join batches b on f.batch_id = b.batch_id
    qualify row_number() over (partition by b.business_date, {keys} order by b.known_at desc) = 1
) where not is_deleted
"""
