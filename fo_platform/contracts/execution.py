"""What was sent, filled and settled, as the ledger stood at the close of the day.

Why it was sent belongs to decision.
"""

from fo_platform.contracts._base import Table


class PretradeChecks(Table):
    """Every check made before an order may be sent; no evidence is not a pass."""

    key = ("client_order_id", "check")
    columns = "client_order_id entity_id check check_result value? threshold? unit message"
    allowed = {"check_result": ("pass", "breach", "no_evidence")}


class Orders(Table):
    """Orders with their state; open ones are carried with their age."""

    key = ("client_order_id",)
    columns = (
        "client_order_id entity_id account_id instrument_id side quantity limit_price_local currency order_status "
        "cum_quantity leaves_quantity average_price_local? trade_date broker proposal_digest age_sessions reason?"
    )
    allowed = {
        "side": ("BUY", "SELL"),
        "order_status": (
            "NEW",
            "SENDING",
            "ACKED",
            "REJECTED",
            "UNKNOWN",
            "PARTIALLY_FILLED",
            "FILLED",
            "CANCELED",
            "EXPIRED",
        ),
    }


class Fills(Table):
    """Executions of the day, corrections and cancellations as rows of their own."""

    key = ("broker", "account_id", "exec_id")
    columns = (
        "broker account_id exec_id client_order_id entity_id? instrument_id side quantity price_local currency "
        "fee_local trade_date settlement_date exec_type exec_ref_id? executed_at price_source"
    )
    allowed = {"side": ("BUY", "SELL"), "exec_type": ("trade", "trade_correct", "trade_cancel")}


class ExecutionQuality(Table):
    """Cost of every order against its arrival price and against what was predicted."""

    key = ("client_order_id",)
    columns = (
        "client_order_id entity_id arrival_price_local? average_price_local? cum_quantity leaves_quantity "
        "slippage_bps? cost_expected_bps shortfall_base? check_result message"
    )
    allowed = {"check_result": ("pass", "breach", "no_evidence")}


class Settlements(Table):
    """Every fill until it is settled: pending with its age, or settled with the statement that proves it."""

    key = ("broker", "account_id", "exec_id")
    columns = (
        "broker account_id exec_id client_order_id entity_id? instrument_id side quantity cash_local currency "
        "trade_date settlement_date settlement_status settled_date? age_sessions file_sha256? line? byte_offset? "
        "reason?"
    )
    allowed = {"side": ("BUY", "SELL"), "settlement_status": ("pending", "settled", "failed")}


class ReconciliationReport(Table):
    """Every traded line from proposal to the custodian's own record: expected against stated."""

    key = ("proposal_digest", "account_id", "instrument_id")
    columns = (
        "proposal_digest entity_id account_id instrument_id currency quantity_expected? quantity_stated? "
        "quantity_difference? cash_expected? cash_stated? cash_difference? report_status statement_date? explanation"
    )
    allowed = {"report_status": ("reconciled", "pending", "break")}
