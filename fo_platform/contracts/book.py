"""What is owned, proved against our own record. What it means for risk belongs to analytics."""

from fo_platform.contracts._base import Table


class ExpectedDeliveries(Table):
    """What was due from every source and feed on the day, and what came of it."""

    key = ("source", "feed", "account_id")
    columns = (
        "source feed account_id expected_date statement_date? coverage_status received_at? age_sessions row_count "
        "file_sha256? reason? remedy?"
    )
    allowed = {"coverage_status": ("received", "late", "missing", "quarantined")}


class Positions(Table):
    """Holdings by account and instrument: what the custodian states and what our own book expects."""

    key = ("account_id", "instrument_id")
    columns = (
        "account_id instrument_id currency quantity_stated? quantity_pending quantity_settled? quantity_unsettled "
        "quantity_book price_stated? market_value_stated? market_value_implied? cost_stated? accrued_local "
        "statement_basis statement_date? is_stale source file_sha256? line? byte_offset?"
    )


class Cash(Table):
    """Money by account and currency: what the custodian states and what our own book expects."""

    key = ("account_id", "currency")
    columns = (
        "account_id currency cash_stated? cash_pending cash_book statement_basis statement_date? is_stale source "
        "file_sha256? line? byte_offset?"
    )


class TaxLots(Table):
    """Open tax lots, the custodian's or ours by the account's lot authority."""

    key = ("account_id", "instrument_id", "lot_id")
    columns = (
        "account_id instrument_id lot_id acquired_date quantity cost_local currency lot_authority statement_date? "
        "file_sha256? line? byte_offset?"
    )
    allowed = {"lot_authority": ("custodian", "office")}


class Transactions(Table):
    """Movements that custodians reported on the day, each once."""

    key = ("transaction_id",)
    columns = (
        "transaction_id account_id transaction_kind trade_date settlement_date? instrument_id? quantity? cash_local "
        "currency reference_source? statement_date source file_sha256 line byte_offset"
    )
    allowed = {
        "transaction_kind": (
            "buy",
            "sell",
            "dividend",
            "interest",
            "fee",
            "tax",
            "deposit",
            "withdrawal",
            "transfer_in",
            "transfer_out",
            "fx",
            "other",
        )
    }


class ReconciliationBreaks(Table):
    """Open differences between custodian, our book and the rows that should tie, one a line and cause."""

    key = ("break_id",)
    columns = (
        "break_id account_id instrument_id break_class severity quantity_stated? quantity_pending? quantity_book? "
        "quantity_difference? cash_stated? cash_book? cash_difference? materiality_base? first_seen_date age_sessions "
        "explanation statement_date? file_sha256? line? byte_offset?"
    )
    allowed = {
        "severity": ("info", "warn", "critical"),
        "break_class": (
            "MISSING_AT_CUSTODIAN",
            "MISSING_IN_BOOK",
            "QUANTITY",
            "QUANTITY_FACTOR",
            "SIGN",
            "IDENTIFIER",
            "ACCOUNT",
            "TRADE",
            "LOT",
            "VALUE",
            "PRICE",
            "CASH",
        ),
    }


class ReconciledPositions(Table):
    """The book that every figure stands on: securities and cash, valued, with what is uncertain marked."""

    key = ("account_id", "instrument_id")
    columns = (
        "account_id instrument_id entity_id asset_class currency quantity price_local? price_date? fx_rate? "
        "market_value_local? accrued_local market_value_base? accrued_base? statement_date? is_priced is_stale "
        "has_break file_sha256? line? byte_offset?"
    )


class NetWorth(Table):
    """Net asset value per entity and for the office."""

    key = ("entity_id",)
    columns = (
        "entity_id base_currency assets_base cash_base liabilities_base nav_base stale_base broken_base unpriced_count"
    )
