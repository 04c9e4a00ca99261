"""The column dictionary: one definition per column name, with its type, unit and meaning. Tables do not belong here."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa_check
import pyarrow as pa
from pandas.api.extensions import ExtensionDtype

from fo_platform import units

Kind = Literal["text", "date", "timestamp", "flag", "count", "float", "quantity", "price", "fx", "money"]

FrameType = ExtensionDtype | np.dtype[np.generic]

ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "flag": pa.bool_(),
    "count": pa.int64(),
    "float": pa.float64(),
    "quantity": units.QUANTITY,
    "price": units.PRICE,
    "fx": units.FX,
    "money": units.MONEY,
}

FRAME: dict[str, FrameType] = {
    "text": pd.StringDtype("pyarrow"),
    "date": np.dtype("datetime64[ns]"),
    "timestamp": pd.DatetimeTZDtype("us", "UTC"),  # type: ignore[arg-type]  # The stubs know nanoseconds only.
    "flag": np.dtype("bool"),
    "count": pd.Int64Dtype(),
    "float": np.dtype("float64"),
}


@dataclass(frozen=True)
class Column:
    """One column: kind (type at rest), unit, meaning (with its FIX or ISO 20022 name) and the range it may take."""

    kind: Kind
    unit: str
    meaning: str
    checks: list[pa_check.Check] = field(default_factory=list)

    @property
    def arrow(self) -> pa.DataType:
        """Type at rest."""
        return ARROW[self.kind]

    @property
    def exact_dtype(self) -> FrameType:
        """Type in a frame, decimals kept exact."""
        return FRAME.get(self.kind) or pd.ArrowDtype(self.arrow)

    @property
    def missing(self) -> object:
        """How an unknown cell is written."""
        return pd.NaT if self.kind in ("date", "timestamp") else float("nan") if self.kind == "float" else pd.NA


def _text(meaning: str, *checks: pa_check.Check) -> Column:
    return Column("text", "", meaning, list(checks))


def _date(meaning: str) -> Column:
    return Column("date", "date", meaning)


def _at(meaning: str) -> Column:
    return Column("timestamp", "UTC", meaning)


def _flag(meaning: str) -> Column:
    return Column("flag", "", meaning)


def _count(unit: str, meaning: str) -> Column:
    return Column("count", unit, meaning, [pa_check.Check.ge(0)])


def _float(unit: str, meaning: str, *checks: pa_check.Check) -> Column:
    return Column("float", unit, meaning, list(checks))


def _share(meaning: str) -> Column:
    return _float("fraction", meaning, pa_check.Check.in_range(0, 1))


def _quantity(meaning: str) -> Column:
    return Column("quantity", "signed units", meaning)


def _price(meaning: str) -> Column:
    return Column(
        "price",
        "currency per unit or per cent",
        meaning,
        [pa_check.Check(lambda s: s.astype("float64") > 0, name="above_zero")],
    )


def _money(unit: str, meaning: str) -> Column:
    return Column("money", unit, meaning)


_CURRENCY = pa_check.Check.str_matches(r"^[A-Z]{3}$")
_SHA = pa_check.Check.str_matches(r"^[0-9a-f]{64}$")

COLUMNS: dict[str, Column] = {
    # Where a row comes from.
    "file_sha256": _text("sha256 of the archived file that the row was read from", _SHA),
    "line": Column("count", "line", "1-based line of the record in its file", [pa_check.Check.ge(1)]),
    "byte_offset": _count("bytes", "0-based offset of the record's first byte in its file"),
    "byte_length": _count("bytes", "length of the record in its file"),
    "record_kind": _text(
        "what the record states: position, lot, cash, transaction, price, fx, factor, instrument, liquidity"
    ),
    "account_id_source": _text("the account as its custodian writes it"),
    "business_date": _date("day whose book is stated; the batch carries it, views show it"),
    "statement_date": _date("the day the custodian's file speaks of (ISO 20022 StmtDt)"),
    "payload": _text("the record's fields as a JSON object of strings"),
    "source": _text("declared source of deliveries"),
    "feed": _text("format of the delivery, one file of custodians/formats"),
    "received_at": _at("when the delivery was taken in, on the office's clock"),
    # Identity.
    "instrument_id": _text("our identifier of an instrument; CASH.<currency> is money"),
    "instrument_name": _text("short name of the instrument"),
    "instrument_type": _text("kind of contract, ISO 10962 in words"),
    "id_type": _text("identifier scheme, as the standards spell it"),
    "id_value": _text("identifier in its scheme"),
    "issuer_id": _text("ultimate issuer, or the instrument itself when unknown"),
    "valid_from": _date("first day on which the row applies"),
    "valid_until": _date("last day on which the row applies; unknown when open"),
    "asset_class": _text("asset class of the office's allocation policy"),
    "currency": _text("ISO 4217 currency of local amounts", _CURRENCY),
    "currency_risk": _text("ISO 4217 currency whose moves the holder bears", _CURRENCY),
    "base_currency": _text("ISO 4217 currency the entity reports in", _CURRENCY),
    "market": _text("settlement market: US, CH, EU"),
    "mic": _text("ISO 10383 market identifier"),
    "country": _text("ISO 3166 alpha-2 country of risk"),
    "price_basis": _text("whether the price is per unit or per 100 of face value"),
    "multiplier": Column("price", "units per contract", "contract multiplier"),
    "lot_size": Column("quantity", "units", "smallest tradeable step"),
    "is_liquid": _flag("whether the class or instrument can be traded within a month"),
    "is_restricted": _flag("whether trading is forbidden"),
    "proxy_asset_class": _text("liquid class that stands for an illiquid one in tradeable targets"),
    # Market data.
    "price_date": _date("day of the closing price"),
    "price_local": _price("closing or stated price in local currency, FIX LastPx (31)"),
    "price_source": _text("who made the price; simulated ones say so"),
    "rate_date": _date("day of the exchange rate"),
    "fx_rate": Column(
        "fx",
        "base per local",
        "base currency for one unit of local currency",
        [pa_check.Check(lambda s: s.astype("float64") > 0, name="above_zero")],
    ),
    "fx_source": _text("who made the exchange rate"),
    "adv_quantity": _quantity("average daily volume, 20 sessions"),
    "spread_bps": _float("basis points", "quoted bid-ask spread over mid", pa_check.Check.ge(0)),
    "liquidity_source": _text("who measured volume and spread; simulated ones say so"),
    "factor": _text("risk factor"),
    "factor_1": _text("risk factor of the row"),
    "factor_2": _text("risk factor of the column"),
    "return_date": _date("day of the return"),
    "return_1d": _float("fraction", "simple return over one session"),
    "cycle_days": _count("sessions", "settlement cycle: sessions between trade and settlement"),
    # Policy.
    "entity_id": _text("legal owner; `office` is the sum of all"),
    "scope": _text("entity, or `office` for all of them"),
    "entity_name": _text("name of the legal owner"),
    "legal_form": _text("trust, llc or foundation"),
    "taxpayer_id": _text("who bears the tax"),
    "owner_id": _text("entity or taxpayer that owns"),
    "owned_id": _text("entity that is owned"),
    "ownership_share": _share("part owned"),
    "risk_aversion": _float("1", "lambda of mean-variance utility", pa_check.Check.gt(0)),
    "tax_rate_short": _share("tax on gains of lots held at most one year"),
    "tax_rate_long": _share("tax on gains of lots held more than one year"),
    "tax_deferral_credit": _share("phi: part of the tax that trading later would cost anyway"),
    "carry_forward_base": _money("base", "losses of earlier years that offset gains"),
    "wash_sale_group": _text("taxpayers whose purchases wash one another's losses"),
    "account_id": _text("our surrogate for an account; never the custodian's number"),
    "custodian": _text("source that states the account"),
    "statement_basis": _text("whether statements are trade- or settlement-dated (ISO 15022 STBA)"),
    "lot_authority": _text("whose tax lots are the record: custodian or office"),
    "broker": _text("broker that the account's orders are routed to"),
    "is_tradeable": _flag("whether orders may be sent for the account"),
    "cash_floor_base": _money("base", "cash that must stay in the account"),
    "weight_target": _share("target weight over NAV"),
    "weight_min": _share("lower hard limit of the class, over NAV"),
    "weight_max": _share("upper hard limit of the class, over NAV"),
    "limit_name": _text("which limit"),
    "value": Column("price", "see unit", "the figure, in the unit that the row names"),
    "unit": _text("unit of `value`"),
    "approver_id": _text("person or key that signs"),
    "approver_role": _text("proposer, approver or releaser"),
    "public_key": _text("Ed25519 public key, base64"),
    # Coverage.
    "coverage_status": _text("received, late, missing or quarantined"),
    "expected_date": _date("statement date that was due"),
    "reason": _text("why, in one sentence"),
    "remedy": _text("what to do, in one sentence"),
    "age_sessions": _count("sessions", "age in trading sessions"),
    "row_count": _count("rows", "accepted rows"),
    # Book.
    "quantity": _quantity("holding or order size, FIX OrderQty (38) on orders"),
    "quantity_stated": _quantity("what the custodian states"),
    "quantity_pending": _quantity("our fills that the statement's basis does not yet include"),
    "quantity_settled": _quantity("settled quantity where the custodian states it beside the trade-dated one"),
    "quantity_unsettled": _quantity("our fills that settle after the statement's date"),
    "quantity_book": _quantity("our own book: yesterday rolled forward by transactions and fills"),
    "quantity_difference": _quantity("stated plus pending less book"),
    "cash_stated": _money("local", "cash that the custodian states"),
    "cash_pending": _money("local", "cash of our fills that the statement does not yet include"),
    "cash_book": _money("local", "our own cash book"),
    "cash_local": _money("local", "signed cash amount; positive is money in"),
    "price_stated": Column("price", "local", "price on the custodian's statement"),
    "market_value_stated": _money("local", "market value on the custodian's statement"),
    "cost_stated": _money("local", "cost of the holding on the custodian's statement"),
    "market_value_implied": _money("local", "quantity x price as the custodian's own row states them, without accrued"),
    "market_value_local": _money("local", "quantity x price x multiplier / price basis, without accrued"),
    "market_value_base": _money("base", "market value with accrued interest in base currency"),
    "accrued_local": _money("local", "accrued interest"),
    "accrued_base": _money("base", "accrued interest in base currency"),
    "cost_local": _money("local", "tax cost of the lot"),
    "lot_id": _text("tax lot"),
    "lots": _text(
        "lots that a sale is to relieve, in order, with quantities; empty where none is named to the custodian"
    ),
    "acquired_date": _date("first day of the holding period"),
    "is_stale": _flag("whether the statement or price is older than policy allows"),
    "is_priced": _flag("whether a price was found"),
    "has_break": _flag("whether a break is open on the row"),
    "transaction_id": _text("stable identifier of a custodian transaction"),
    "transaction_kind": _text(
        "buy, sell, dividend, interest, fee, tax, deposit, withdrawal, transfer_in, transfer_out, fx, other"
    ),
    "trade_date": _date("trade date, FIX TradeDate (75)"),
    "settlement_date": _date("contractual settlement date, FIX SettlDate (64)"),
    "reference_source": _text("the custodian's own reference"),
    "break_id": _text("stable identifier of a break"),
    "break_class": _text("why two records differ"),
    "severity": _text("info, warn or critical"),
    "materiality_base": _money("base", "absolute value of the difference"),
    "first_seen_date": _date("first business date of an open item"),
    "explanation": _text("what differs, in one sentence"),
    "nav_base": _money("base", "net asset value"),
    "assets_base": _money("base", "securities with accrued"),
    "cash_base": _money("base", "cash, settled and unsettled"),
    "liabilities_base": _money("base", "what is owed"),
    "stale_base": _money("base", "absolute value of rows that are stale"),
    "broken_base": _money("base", "absolute value of rows with an open break"),
    "unpriced_count": _count("rows", "holdings without a price, left out of the value"),
    # Analytics.
    "weight": _float("fraction", "share of NAV"),
    "weight_trading": _float("fraction", "share of NAV that can be sold within the horizon, disjoint buckets"),
    "weight_cash": _float("fraction", "share of NAV that turns into cash within the horizon, disjoint buckets"),
    "value_trading_base": _money("base", "value sold within the horizon, disjoint buckets"),
    "value_cash_base": _money("base", "value in cash within the horizon, disjoint buckets"),
    "drift_total": _float("fraction", "weight less target, over NAV"),
    "drift_tradeable": _float("fraction", "weight less tradeable target, over the tradeable sleeve"),
    "weight_tradeable": _float("fraction", "weight over the tradeable sleeve"),
    "weight_target_tradeable": _float("fraction", "target over the tradeable sleeve"),
    "sleeve_base": _money("base", "tradeable sleeve: NAV less illiquid classes and reserve"),
    "is_breach": _flag("whether drift_tradeable exceeds the limit, decided exactly"),
    "is_hard_breach": _flag("whether the weight lies outside its hard limits"),
    "drift": Column("price", "fraction", "largest absolute tradeable drift, as an episode's event records it"),
    "drift_limit": _float("fraction", "drift above which an evaluation is due"),
    "asset_value_base": _money("base", "securities exposed to the currency"),
    "hedge_value_base": _money("base", "forward legs in the currency"),
    "net_value_base": _money("base", "net exposure to the currency; sums to NAV"),
    "volatility_annual": _float(
        "fraction per year", "standard deviation (ddof 1) of daily simple returns x sqrt(252)", pa_check.Check.ge(0)
    ),
    "volatility_ewma_annual": _float(
        "fraction per year", "RiskMetrics lambda 0.94 volatility x sqrt(252)", pa_check.Check.ge(0)
    ),
    "observations": _count("returns", "number of returns used"),
    "coverage_share": _share("share of the value that the figure covers"),
    "loading": _float("1", "sensitivity to the factor"),
    "r_squared": _float("fraction", "variance explained"),
    "covariance_annual": _float("fraction squared per year", "covariance of factor returns"),
    "specific_volatility_annual": _float(
        "fraction per year", "volatility that factors do not explain", pa_check.Check.ge(0)
    ),
    "is_proxy": _flag("whether the figure stands in for an instrument with too short a history"),
    "measure": _text("which measure"),
    "horizon": _text("1d, 1w, 1m, beyond or never"),
    "alert_id": _text("stable identifier of an alert"),
    "rule": _text("alert rule"),
    "threshold": Column("price", "see unit", "the limit that the value is held against"),
    "message": _text("one sentence for the operator"),
    # Decision.
    "verdict": _text("TRADE, WAIT or HOLD"),
    "trigger": _text("why an evaluation was due: drift, hard_limit or none"),
    "cost_of_drift_per_day_base": _money("base", "risk-equivalent cost of one day of waiting"),
    "cost_of_drift_base": _money("base", "cost of drift over the horizon that the trade shown saves"),
    "cost_of_drift_to_review_base": _money("base", "cost of drift until the next review"),
    "cost_of_trading_base": _money(
        "base",
        "one-off cost of the trade shown (the best one; the one to target when none pays): spread, commission, impact "
        "and tax less deferral credit",
    ),
    "cost_of_trading_full_credit_zero_base": _money("base", "the same with no deferral credit (phi = 0)"),
    "cost_to_target_base": _money("base", "one-off cost of trading all the way to target"),
    "tax_base": _money("base", "tax on realised gains"),
    "saving_base": _money("base", "cost of drift saved less cost of trading"),
    "horizon_days": _float("days", "standing-policy horizon T_eff"),
    "break_even_days": _float("days", "days of waiting that cost as much as the trade"),
    "drift_flip": _float("fraction", "drift at which the verdict flips: edge of the no-trade band"),
    "next_review_date": _date("when the entity is looked at anyway"),
    "tracking_error_annual": _float("fraction per year", "volatility of holdings less target"),
    "shadow_price_bps": _float("basis points", "NAV gained by relaxing the binding constraint by 1 % of NAV"),
    "binding_constraint": _text("constraint with the largest shadow price"),
    "turnover": _float("fraction", "one-way turnover over NAV"),
    "evaluated_date": _date("business date on which the verdict in force was decided"),
    "targets_digest": _text("sha256 of the entity's targets and limits that the verdict was decided under", _SHA),
    "solver_status": _text("how the solver ended"),
    "side": _text("BUY or SELL, FIX Side (54)"),
    "quantity_max": _quantity("most that the signature allows on the line"),
    "limit_price_local": _price("worst price that the signature allows, FIX Price (44)"),
    "notional_base": _money("base", "absolute value of the line at the reference price"),
    "cost_expected_base": _money("base", "expected spread, commission and impact"),
    "cost_expected_bps": _float("basis points", "expected cost over notional"),
    "gain_base": _money("base", "gain that the sale realises"),
    "proposal_digest": _text("sha256 of the canonical proposal document", _SHA),
    "client_order_id": _text("FIX ClOrdID (11), deterministic"),
    "slice_no": _count("slice", "slice of the line"),
    "approval_status": _text("pending, approved, rejected, void or expired"),
    "signatures": _count("signatures", "valid signatures by different people"),
    "signers": _text("who signed, comma separated"),
    "approved_at": _at("when the last needed signature arrived"),
    "valid_until_date": _date("last session of the approval"),
    # Execution.
    "check": _text("pre-trade check or quality measure"),
    "check_result": _text("pass, breach or no_evidence"),
    "order_status": _text("FIX OrdStatus (39) in words"),
    "cum_quantity": _quantity("executed so far, FIX CumQty (14)"),
    "leaves_quantity": _quantity("still open, FIX LeavesQty (151)"),
    "average_price_local": Column("price", "local", "average executed price, FIX AvgPx (6)"),
    "arrival_price_local": Column("price", "local", "mid price when the order was released"),
    "exec_id": _text("FIX ExecID (17), unique per broker and account"),
    "exec_ref_id": _text("FIX ExecRefID (19): the execution that is corrected or cancelled"),
    "exec_type": _text("FIX ExecType (150) in words: trade, trade_correct, trade_cancel"),
    "fee_local": _money("local", "commission and fees, positive is a cost"),
    "slippage_bps": _float("basis points", "signed cost against arrival, positive is worse"),
    "shortfall_base": _money("base", "implementation shortfall with the opportunity cost of what was not filled"),
    "executed_at": _at("when the fill happened, FIX TransactTime (60)"),
    "settlement_status": _text("pending, settled or failed"),
    "settled_date": _date("statement date that proves settlement"),
    "quantity_expected": _quantity("position that follows from the book and the fills"),
    "cash_expected": _money("local", "cash that follows from the book and the fills"),
    "cash_difference": _money("local", "stated less expected"),
    "report_status": _text("reconciled, pending or break"),
}
