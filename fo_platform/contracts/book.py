"""What is owned, proved against our own record. What it means for risk belongs to analytics."""

from fo_platform.contracts._base import Table


class ExpectedDeliveries(Table):
    """What was due from every source and feed on the day, what came of it, and when it usually comes."""

    key = ("source", "feed", "account_id")
    columns = (
        "source feed account_id expected_date? expected_by_at? time_zone statement_date? coverage_status received_at? "
        "arrival_minutes_usual? arrival_minutes_high? arrival_days_usual? arrival_days_high? age_sessions row_count "
        "file_sha256? reason? remedy?"
    )
    in_hand = ("received", "restated")
    """Statuses of what came as it was due."""

    allowed = {
        "coverage_status": (
            *in_hand,
            "late",
            "missing",
            "duplicate",
            "out_of_order",
            "incomplete",
            "quarantined",
        )
    }


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


class Holdings(Table):
    """Everything owned and owed: what custodians hold, private funds, appraised assets, and debts below zero.

    A private fund, appraised asset or debt is one unit (a debt minus one) whose price is its value.
    """

    key = ("account_id", "instrument_id")
    columns = f"{ReconciledPositions.columns} holding_kind"
    allowed = {"holding_kind": ("security", "cash", "private_fund", "appraised_asset", "liability")}


class NetWorth(Table):
    """Net asset value per entity and for the office."""

    key = ("entity_id",)
    columns = (
        "entity_id base_currency assets_base cash_base liabilities_base nav_base stale_base broken_base unpriced_count"
    )


class CapitalNotices(Table):
    """Calls and distributions that private funds announced, every one ever received."""

    key = ("account_id", "fund_id", "notice_id")
    columns = (
        "account_id fund_id notice_id notice_type notice_date? due_date currency amount_local recallable_local? source "
        "file_sha256 line byte_offset"
    )
    allowed = {"notice_type": ("call", "distribution")}


class PrivateCapital(Table):
    """Commitments to private funds: the newest value stated, rolled forward by calls and distributions."""

    key = ("account_id", "fund_id")
    columns = (
        "account_id fund_id fund_name? entity_id currency nav_date nav_age_days nav_stated calls_since_local "
        "distributions_since_local recallable_since_local commitment_local? called_local? distributed_local? "
        "recallable_local? unfunded_local? nav_local fx_rate? nav_base? unfunded_base? source file_sha256 line "
        "byte_offset"
    )


class Appraisals(Table):
    """Assets that nobody quotes, such as real estate, at their newest appraisal."""

    key = ("account_id", "asset_id")
    columns = (
        "account_id asset_id description? entity_id appraisal_date appraisal_age_days appraisal_method? currency "
        "market_value_local ownership_share fx_rate? market_value_base? source file_sha256 line byte_offset"
    )


class Valuations(Table):
    """Every appraisal ever received of an asset that nobody quotes, in full, whatever our share of it."""

    key = ("account_id", "asset_id", "appraisal_date")
    columns = (
        "account_id asset_id instrument_id appraisal_date appraisal_method? currency market_value_local source "
        "file_sha256 line byte_offset"
    )


class Liabilities(Table):
    """What the owners owe, by account and lender's number."""

    key = ("account_id", "liability_id")
    columns = (
        "account_id liability_id description? entity_id liability_kind? currency liability_local interest_rate? "
        "maturity_date? fx_rate? liability_base? statement_date source file_sha256 line byte_offset"
    )


class Fees(Table):
    """Fees as they were charged over the last year, each once, and where they were paid; positive is a cost."""

    key = ("fee_id",)
    columns = (
        "fee_id account_id entity_id fee_kind? description? period_start? period_end? charged_date currency fee_local "
        "fx_rate? fee_standing fee_id_same? reason? reference_source? source file_sha256 line byte_offset"
    )
    allowed = {
        "fee_standing": ("account", "fund", "outside", "repeated", "undecided"),
        "reason": ("same_amount", "no_payee", "custodian_payee", "no_rate"),
    }
