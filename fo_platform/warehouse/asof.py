"""The SQL of as-of reads and comparisons, the same text for DuckDB and Snowflake. Which files belong to warehouse."""

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

DIFFERENCE = """
with gone as (select * from before except select * from after), new as (select * from after except select * from before)
select (select count(*) from gone), (select count(*) from new), (select count(*) from gone join new using ({keys}))
"""
"""Rows of the tables `before` and `after` that only one has, and how many of their keys both have."""
