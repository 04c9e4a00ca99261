"""Whether trading pays, what exactly would be traded, and who signed it. What happened belongs to execution."""

from fo_platform.contracts._base import Table


class RebalanceEvaluation(Table):
    """Verdict per entity with both costs, the horizon they are compared over and what would flip it."""

    key = ("entity_id",)
    columns = (
        "entity_id verdict trigger reason drift_total drift_tradeable cost_of_drift_per_day_base cost_of_drift_base "
        "cost_of_drift_to_review_base cost_of_trading_base cost_of_trading_full_credit_zero_base cost_to_target_base "
        "tax_base saving_base horizon_days? break_even_days? drift_flip? next_review_date tracking_error_annual "
        "turnover binding_constraint? shadow_price_bps? solver_status evaluated_date targets_digest"
    )
    allowed = {"verdict": ("TRADE", "WAIT", "HOLD"), "trigger": ("drift", "hard_limit", "none")}


class RebalanceProposal(Table):
    """Lot-level lines of the proposal of every entity whose verdict is TRADE; a purchase has the lot `new`."""

    key = ("entity_id", "account_id", "instrument_id", "side", "lot_id")
    columns = (
        "entity_id account_id instrument_id side lot_id quantity price_local currency notional_base gain_base "
        "tax_base cost_expected_base"
    )
    allowed = {"side": ("BUY", "SELL")}


class ExecutionPlan(Table):
    """Orders that a signature would allow: one line an account, instrument and side."""

    key = ("client_order_id",)
    columns = (
        "client_order_id entity_id proposal_digest account_id instrument_id side slice_no quantity_max price_local "
        "price_date limit_price_local currency broker lots notional_base cost_expected_bps valid_until_date"
    )
    allowed = {"side": ("BUY", "SELL")}


class Approval(Table):
    """Signed proposals as the ledger knows them; without a valid approval there is no row."""

    key = ("proposal_digest",)
    columns = "proposal_digest entity_id approval_status signatures signers approved_at? valid_until_date reason?"
    allowed = {"approval_status": ("pending", "approved", "rejected", "void", "expired")}
