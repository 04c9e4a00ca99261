"""Columns of decisions and their execution. Columns that other layers have too belong to columns."""

import pandera.pandas as pa_check

from fo_platform.contracts._column import Column, count, day, floating, moment, money, price, quantity, text

_SHA = pa_check.Check.str_matches(r"^[0-9a-f]{64}$")

TRADING: dict[str, Column] = {
    # Decision.
    "verdict": text("TRADE, WAIT or HOLD"),
    "trigger": text("why an evaluation was due: drift, hard_limit or none"),
    "cost_of_drift_per_day_base": money("base", "risk-equivalent cost of one day of waiting"),
    "cost_of_drift_base": money("base", "cost of drift over the horizon that the trade shown saves"),
    "cost_of_drift_to_review_base": money("base", "cost of drift until the next review"),
    "cost_of_trading_base": money(
        "base",
        "one-off cost of the trade shown (the best one; the one to target when none pays): spread, commission, impact "
        "and tax less deferral credit",
    ),
    "cost_of_trading_full_credit_zero_base": money("base", "the same with no deferral credit (phi = 0)"),
    "cost_to_target_base": money("base", "one-off cost of trading all the way to target"),
    "tax_base": money("base", "tax on realised gains"),
    "saving_base": money("base", "cost of drift saved less cost of trading"),
    "horizon_days": floating("days", "standing-policy horizon T_eff"),
    "break_even_days": floating("days", "days of waiting that cost as much as the trade"),
    "drift_flip": floating("fraction", "drift at which the verdict flips: edge of the no-trade band"),
    "next_review_date": day("when the entity is looked at anyway"),
    "tracking_error_annual": floating("fraction per year", "volatility of holdings less target"),
    "shadow_price_bps": floating("basis points", "NAV gained by relaxing the binding constraint by 1 % of NAV"),
    "binding_constraint": text("constraint with the largest shadow price"),
    "turnover": floating("fraction", "one-way turnover over NAV"),
    "evaluated_date": day("business date on which the verdict in force was decided"),
    "targets_digest": text("sha256 of the entity's targets and limits that the verdict was decided under", _SHA),
    "solver_status": text("how the solver ended"),
    "side": text("BUY or SELL, FIX Side (54)"),
    "quantity_max": quantity("most that the signature allows on the line"),
    "limit_price_local": price("worst price that the signature allows, FIX Price (44)"),
    "notional_base": money("base", "absolute value of the line at the reference price"),
    "cost_expected_base": money("base", "expected spread, commission and impact"),
    "cost_expected_bps": floating("basis points", "expected cost over notional"),
    "gain_base": money("base", "gain that the sale realises"),
    "proposal_digest": text("sha256 of the canonical proposal document", _SHA),
    "client_order_id": text("FIX ClOrdID (11), deterministic"),
    "slice_no": count("slice", "slice of the line"),
    "approval_status": text("pending, approved, rejected, void or expired"),
    "signatures": count("signatures", "valid signatures by different people"),
    "signers": text("who signed, comma separated"),
    "approved_at": moment("when the last needed signature arrived"),
    "valid_until_date": day("last session of the approval"),
    # Execution.
    "check": text("pre-trade check or quality measure"),
    "check_result": text("pass, breach or no_evidence"),
    "order_status": text("FIX OrdStatus (39) in words"),
    "cum_quantity": quantity("executed so far, FIX CumQty (14)"),
    "leaves_quantity": quantity("still open, FIX LeavesQty (151)"),
    "average_price_local": Column("price", "local", "average executed price, FIX AvgPx (6)"),
    "arrival_price_local": Column("price", "local", "mid price when the order was released"),
    "exec_id": text("FIX ExecID (17), unique per broker and account"),
    "exec_ref_id": text("FIX ExecRefID (19): the execution that is corrected or cancelled"),
    "exec_type": text("FIX ExecType (150) in words: trade, trade_correct, trade_cancel"),
    "fee_local": money("local", "commission and fees, positive is a cost"),
    "slippage_bps": floating("basis points", "signed cost against arrival, positive is worse"),
    "shortfall_base": money("base", "implementation shortfall with the opportunity cost of what was not filled"),
    "executed_at": moment("when the fill happened, FIX TransactTime (60)"),
    "settlement_status": text("pending, settled or failed"),
    "settled_date": day("statement date that proves settlement"),
    "quantity_expected": quantity("position that follows from the book and the fills"),
    "cash_expected": money("local", "cash that follows from the book and the fills"),
    "cash_difference": money("local", "stated less expected"),
    "report_status": text("reconciled, pending or break"),
}
