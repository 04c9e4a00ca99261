"""What the book means: allocation, exposure, risk, liquidity, alerts. What to do about it belongs to decision."""

from fo_platform.contracts._base import Table


class AllocationDrift(Table):
    """Weight against target per scope and asset class, over NAV and over the tradeable sleeve.

    Over a sleeve that has no value weights are unknown; a class that no target names has no hard limits.
    """

    key = ("scope", "asset_class")
    columns = (
        "scope asset_class market_value_base nav_base sleeve_base weight weight_target weight_min? weight_max? "
        "drift_total weight_tradeable? weight_target_tradeable? drift_tradeable? drift_limit is_breach is_hard_breach"
    )


class ExposuresClass(Table):
    """Value and weight by asset class; weights of a scope sum to one."""

    key = ("scope", "asset_class")
    columns = "scope asset_class market_value_base weight"


class ExposuresCurrency(Table):
    """Net exposure by risk currency after look-through; a scope's net values sum to its NAV."""

    key = ("scope", "currency")
    columns = (
        "scope currency asset_value_base value_funds_base cash_base hedge_value_base net_value_base weight hedge_ratio?"
    )


class ExposuresAccount(Table):
    """Value by owner, account and asset class; weights of an entity sum to one, those over the office do too."""

    key = ("entity_id", "account_id", "asset_class")
    columns = "entity_id account_id asset_class market_value_base weight weight_office"


class ExposuresGeography(Table):
    """Value by country after look-through, by domicile and by risk; weights of a scope and basis sum to one."""

    key = ("scope", "country_basis", "country")
    columns = "scope country_basis country country_name region development_level value_base value_funds_base weight"
    allowed = {"country_basis": ("domicile", "risk")}


class LookThrough(Table):
    """What is held in the end, directly or through funds, by the holding it is held through; it sums to NAV.

    What a fund does not report, or all of it where it reports nothing, is a leaf that is_residual.
    """

    key = ("scope", "held_instrument_id", "leaf_id")
    columns = (
        "scope held_instrument_id leaf_id instrument_id? leaf_name? issuer_id? asset_class country? "
        "country_domicile? currency_risk? value_base weight depth report_date? report_age_days? is_residual reason?"
    )


class DuplicateExposures(Table):
    """What is owned more than once, by kind: an instrument, an issuer, the common part of two funds, a fund in a fund.

    Parts of an issuer sum to its value. Overlap is of two funds only, and so is the other one's name.
    """

    key = ("scope", "kind", "duplicate_id", "other_instrument_id")
    columns = (
        "scope kind duplicate_id other_instrument_id duplicate_name? place_count value_base weight value_shares_base? "
        "value_bonds_base? value_funds_base? overlap_share? coverage_share"
    )
    allowed = {"kind": ("same_instrument", "same_issuer", "fund_overlap", "fund_in_fund")}


class Volatility(Table):
    """Annual volatility of today's holdings by asset class and in total."""

    key = ("scope", "asset_class")
    columns = (
        "scope asset_class volatility_annual? volatility_ewma_annual? volatility_newey_west_annual? "
        "volatility_desmoothed_annual? autocorrelation? observations coverage_share proxy_asset_class? reason?"
    )


class Correlations(Table):
    """Correlation of every two asset classes of a scope, and of the office's largest risks, both triangles."""

    key = ("scope", "item_kind", "item_1", "item_2")
    columns = (
        "scope item_kind item_1 item_2 correlation? correlation_same_day? correlation_ewma? observations method "
        "psd_distance? is_proxy reason?"
    )
    allowed = {"item_kind": ("asset_class", "instrument"), "method": ("lead_lag_1",)}


class FactorLoadings(Table):
    """Sensitivity of every instrument to every factor."""

    key = ("instrument_id", "factor")
    columns = "instrument_id factor loading r_squared? observations is_proxy"


class FactorCovariances(Table):
    """Annual covariance of factor returns, both triangles."""

    key = ("factor_1", "factor_2")
    columns = "factor_1 factor_2 covariance_annual observations"


class SpecificRisks(Table):
    """Annual volatility of every instrument that factors leave unexplained."""

    key = ("instrument_id",)
    columns = "instrument_id specific_volatility_annual observations is_proxy"


class RiskContributions(Table):
    """What every position, class and scope adds to volatility; shares of a scope's covered positions sum to one.

    Rows of a class and of all of them have `total` where the instrument, or the class too, would stand.
    """

    key = ("scope", "rollup", "asset_class", "instrument_id")
    columns = (
        "scope rollup asset_class instrument_id market_value_base weight volatility_contribution_annual? "
        "volatility_contribution_share? volatility_marginal_annual? coverage_share risk_basis? proxy_asset_class? "
        "reason?"
    )
    allowed = {
        "rollup": ("position", "class", "total"),
        "risk_basis": ("own", "short_history", "money", "desmoothed", "class_proxy", "unknown"),
    }


class ExposuresFactor(Table):
    """Sensitivity of every scope to every factor, from its returns and from its holdings."""

    key = ("scope", "method", "factor")
    columns = (
        "scope method factor basis loading? standard_error? t_statistic? loading_dimson? standard_error_dimson? "
        "variance_inflation? r_squared? observations? coverage_share reason?"
    )
    allowed = {"method": ("returns", "holdings")}


class Concentration(Table):
    """Concentration measures by issuer, in long form."""

    key = ("scope", "measure")
    columns = "scope measure value unit"


class LiquidityProfile(Table):
    """How much of NAV can be sold, and be in cash, within each horizon; disjoint buckets that sum to NAV.

    Over a net asset value that is not above zero weights are unknown.
    """

    key = ("scope", "horizon")
    columns = "scope horizon value_trading_base weight_trading? value_cash_base weight_cash? reason?"
    allowed = {"horizon": ("1d", "1w", "1m", "beyond", "never")}


class LiquidityLines(Table):
    """How every line becomes money and how long it takes: in sessions on a market, in days by its terms."""

    key = ("account_id", "instrument_id")
    columns = (
        "account_id instrument_id entity_id market_value_base? liquidity_basis sessions_to_sell? sessions_to_cash? "
        "days_to_cash? pledged_share reason?"
    )
    allowed = {"liquidity_basis": ("money", "volume", "notice", "maturity", "restricted", "none")}


class LiquidityCoverage(Table):
    """Cash within each horizon against what falls due within it, and against all that may be called.

    No cash crosses owners: the office's shortfall is the sum of its entities'.
    """

    key = ("scope", "horizon")
    columns = (
        "scope horizon cash_within_base calls_due_base debts_due_base unfunded_base cover_due? shortfall_due_base "
        "cover_unfunded? shortfall_unfunded_base reason?"
    )
    allowed = {"horizon": ("1d", "1w", "1m", "beyond")}


class DriftMeasures(Table):
    """How far each scope is from its targets in one figure, by several measures, over NAV and over the sleeve."""

    key = ("scope", "measure")
    columns = "scope measure value? unit reason?"


class CashForecast(Table):
    """Cash of the next twelve months by scope and source of flow: opening plus flows is closing, to the cent.

    Months are counted from the day. Only a closing row has quantiles of its simulated paths.
    """

    key = ("scope", "month_ahead", "flow")
    columns = (
        "scope month_ahead flow month_end_date cash_base flow_basis cash_p05_base? cash_p25_base? cash_p50_base? "
        "cash_p75_base? cash_p95_base? cash_floor_base? below_floor_share? reason?"
    )
    allowed = {
        "flow": (
            "opening", "calls_known", "distributions_known", "calls_expected", "distributions_expected", "coupons",
            "redemptions", "spending", "tax", "interest", "repayments", "closing",
        ),
        "flow_basis": ("known", "declared", "assumption", "sum"),
    }  # fmt: skip


class FeeAnalysis(Table):
    """What was to be charged against what was charged, by who charges, account or fund, layer and period."""

    key = ("entity_id", "provider", "account_id", "layer", "period_start", "currency")
    columns = (
        "entity_id provider account_id layer period_start period_end currency fee_expected_local? fee_charged_local? "
        "fee_difference_local? fee_status reason"
    )
    allowed = {
        "fee_status": (
            "explained", "overcharged", "undercharged", "not_charged", "embedded", "no_tariff", "unknown",
        )
    }  # fmt: skip


class TariffComparison(Table):
    """Custody of each scope's book for a year, at every custodian's tariff and at its own."""

    key = ("scope", "provider")
    columns = "scope provider value_priced_base fee_annual_base? cost_bps? fee_saved_base? reason?"


class SimulatedLoss(Table):
    """Value at risk and expected shortfall by scope, method, horizon and confidence; losses are positive.

    Of the part of the scope that has a risk model, which coverage_share states; unknown with a reason where nothing
    has one or history is too short. Errors of gaussian and student_t are those of drawing paths from the model; those
    of bootstrap and filtered count too that the dates of the past, which are drawn, are few.
    """

    key = ("scope", "method", "horizon", "confidence")
    columns = (
        "scope method horizon confidence value_at_risk_base? value_at_risk? value_at_risk_error_base? "
        "expected_shortfall_base? expected_shortfall? expected_shortfall_error_base? paths seed coverage_share reason?"
    )
    allowed = {"method": ("gaussian", "student_t", "bootstrap", "filtered"), "horizon": ("1d", "10d", "21d")}


class LossContributions(Table):
    """What every line adds to the expected shortfall of a session at 99 %; contributions sum to it.

    A line without a risk model has none.
    """

    key = ("scope", "method", "instrument_id")
    columns = (
        "scope method instrument_id asset_class market_value_base risk_basis loss_contribution_base? "
        "loss_contribution_share? expected_shortfall_base?"
    )
    allowed = {"risk_basis": ("own", "money", "desmoothed", "class_proxy", "unknown")}


class SimulatedPaths(Table):
    """Quantiles of a scope's simulated value over the sessions of a month, by method; without trades and flows."""

    key = ("scope", "method", "session_ahead", "probability")
    columns = "scope method session_ahead probability value_simulated_base"


class StressContributions(Table):
    """What every line loses in every scenario of the office; unknown where no shock maps to it."""

    key = ("scope", "scenario", "instrument_id")
    columns = (
        "scope scenario instrument_id asset_class market_value_base stress_basis? stress_return? stress_loss_base?"
    )
    allowed = {"stress_basis": ("instrument", "rates", "asset_class", "factors", "window", "money")}


class StressLosses(Table):
    """What every scope loses in every scenario, the sum of its lines; what no shock maps to is uncovered, not zero."""

    key = ("scope", "scenario")
    columns = "scope scenario scenario_name stress_loss_base? stress_loss? uncovered_base coverage_share reason?"


class VarOutcomes(Table):
    """Yesterday's forecast of a session's loss beside the loss that came, of yesterday's holdings, without flows.

    coverage_share is the part of the forecast's gross value that has returns of its own; the rest follows factors.
    """

    key = ("scope", "method", "confidence", "return_date")
    columns = (
        "scope method confidence return_date value_at_risk_base expected_shortfall_base loss_base coverage_share "
        "is_exception"
    )


class VarBacktests(Table):
    """Whether losses of up to 250 sessions exceeded value at risk as often as forecast, and independently.

    Unknown with a reason where sessions are too few to tell.
    """

    key = ("scope", "method", "confidence")
    columns = (
        "scope method confidence observations exception_count exception_count_expected kupiec_statistic? "
        "kupiec_p_value? independence_statistic? independence_p_value? coverage_statistic? coverage_p_value? "
        "shortfall_score? traffic_light? reason?"
    )
    allowed = {"traffic_light": ("green", "yellow", "red")}


class Performance(Table):
    """Time-weighted return of every scope, asset class and account over the last session, linked to those before it.

    A return is unknown where `reason` says why; the record is carried over such days, and ends at a total loss.
    Fees that no account paid are of owners and the office only.
    """

    key = ("scope", "level", "segment")
    columns = (
        "scope level segment close_date start_value_base end_value_base external_flow_base fee_paid_base "
        "fee_outside_base undecided_count gain_base return_local_1d? return_fx_1d? return_gross_1d? return_net_1d? "
        "reason? inception_date? index_gross? index_net? return_gross_mtd? return_net_mtd? return_gross_ytd? "
        "return_net_ytd? return_gross_itd? return_net_itd? return_net_annual? return_dietz_mtd? mtd_start_date "
        "mtd_start_base mtd_flow_base mtd_flow_days gap_sessions? is_large_flow is_stale unpriced_count"
    )
    allowed = {
        "level": ("total", "asset_class", "account"),
        "reason": ("no_capital", "total_loss", "unknown_value"),
    }


class PrivatePerformance(Table):
    """Multiples of every private fund to date; its internal rate and market equivalent to its last stated value.

    The first value on record is carried, as rates begin with it where earlier flows are not known.
    """

    key = ("account_id", "fund_id")
    columns = (
        "account_id fund_id entity_id currency nav_date nav_stated nav_local called_local? distributed_local? "
        "dpi? rvpi? tvpi? record_basis record_start_date opening_date opening_nav_local irr_annual? irr_flag "
        "return_money_weighted? benchmark_class ks_pme? ks_pme_reason?"
    )
    allowed = {
        "record_basis": ("inception", "opening"),
        "irr_flag": ("one_root", "no_root", "several_roots", "one_sign", "under_one_year", "no_period"),
        "ks_pme_reason": ("no_market_level", "nothing_paid_in"),
    }


class ReturnAttribution(Table):
    """Where a scope's return over its policy's comes from: effects of the day, and linked over spans that it ends.

    In total, effects sum to the active return: net portfolio return less benchmark return. By asset class they sum to
    the total's, selection and fees by account too, `outside` among them for fees that no account paid; currency and
    hedge by currency sum to its currency. `rest` is what a level does not explain. Allocation and selection are of
    returns over local cash, which counts as earning nothing where its rate is not known: `no_cash_rate`. Days whose
    effects are unknown are left out of spans and counted.
    """

    key = ("scope", "span", "level", "segment", "effect")
    columns = (
        "scope span level segment effect close_date weight? weight_benchmark? effect_return? log_sum linked_sessions "
        "unknown_sessions reason?"
    )
    allowed = {
        "span": ("1d", "mtd", "ytd", "itd"),
        "level": ("total", "asset_class", "account", "currency"),
        "effect": (
            "portfolio", "benchmark", "active", "allocation", "selection", "currency", "hedge", "trading", "fees",
        ),
        "reason": (
            "own_return", "no_benchmark", "no_benchmark_return", "not_held", "no_policy_weights", "no_return",
            "no_cash_rate",
        ),
    }  # fmt: skip


class Alerts(Table):
    """What needs a person's eye today, one a rule and scope."""

    key = ("alert_id",)
    columns = "alert_id rule scope alert_state severity value? threshold? unit message"
    allowed = {"severity": ("info", "warn", "critical"), "alert_state": ("open", "unjudged")}
