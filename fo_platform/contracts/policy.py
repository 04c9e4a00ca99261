"""What the office declares: owners, accounts, targets, limits, signers. What it owns belongs to book."""

from fo_platform.contracts._base import Table


class Entities(Table):
    """Legal owners."""

    key = ("entity_id",)
    columns = "entity_id entity_name legal_form base_currency risk_aversion"
    allowed = {"legal_form": ("trust", "llc", "foundation")}


class Ownership(Table):
    """Who owns what part of which entity, from which day on."""

    key = ("owned_id", "owner_id", "valid_from")
    columns = "owned_id owner_id valid_from ownership_share"


class Taxpayers(Table):
    """Who bears the tax of which entity's gains, and at what rates; a pass-through entity's rows follow its owners."""

    key = ("taxpayer_id",)
    columns = "taxpayer_id tax_rate_short tax_rate_long tax_deferral_credit carry_forward_base wash_sale_group"


class Accounts(Table):
    """Accounts by our surrogate; the custodian's own number stays in this table alone."""

    key = ("account_id",)
    columns = (
        "account_id entity_id custodian account_id_source statement_basis lot_authority broker? is_tradeable "
        "base_currency cash_floor_base"
    )
    allowed = {"statement_basis": ("trade", "settle"), "lot_authority": ("custodian", "office")}


class AllocationTargets(Table):
    """Target weights and hard limits of every asset class per entity."""

    key = ("entity_id", "asset_class")
    columns = "entity_id asset_class weight_target weight_min weight_max is_liquid proxy_asset_class?"


class Limits(Table):
    """Every policy number of an entity (or of `office`), with its unit."""

    key = ("entity_id", "limit_name")
    columns = "entity_id limit_name value unit"


class PriceRules(Table):
    """Whose price counts for a class of instruments, `*` for any other, how old it may be and what is held."""

    key = ("asset_class", "source")
    columns = "asset_class source source_rank price_age_max_days price_spike_factor"


class ClassBenchmarks(Table):
    """What a class is measured against from a day on; weights but those of currencies, which are on top, sum to one.

    An index is of reference.benchmarks, a factor of reference.factor_returns; `own` is the class's own return.
    """

    key = ("asset_class", "valid_from", "benchmark_kind", "benchmark_id")
    columns = "asset_class valid_from benchmark_kind benchmark_id weight_component interest_rate?"
    allowed = {"benchmark_kind": ("index", "factor", "rate", "currency", "own")}


class CashRates(Table):
    """What a night of a currency's cash earns from a day on, for as long as the source was read."""

    key = ("currency", "valid_from")
    columns = "currency valid_from known_until interest_rate day_count rate_source"


class LiquidityTerms(Table):
    """How a class or a holding without a market becomes money, and what part of one is pledged; `*` is any.

    A row without notice says nothing of how the holding is sold.
    """

    key = ("asset_class", "instrument_id", "account_id")
    columns = (
        "asset_class instrument_id account_id notice_days? period_days? gate_share? settlement_days? lock_up_until? "
        "pledged_share"
    )


class CashFlowRules(Table):
    """What the cash forecast assumes, one number a row."""

    key = ("subject_id", "flow_rule", "parameter")
    columns = "subject_id flow_rule parameter value unit flow_basis"
    allowed = {
        "flow_rule": ("spending", "tax", "pacing", "simulation"),
        "flow_basis": ("known", "declared", "assumption"),
    }


class FeeTariffs(Table):
    """What everybody who charges the office agreed to charge, one row a tier; `*` is any account or entity."""

    key = ("provider", "layer", "entity_id", "account_id", "valid_from", "tier_from_local")
    columns = (
        "provider layer entity_id account_id valid_from tier_from_local fee_basis fee_period currency fee_rate "
        "minimum_local agreed_value_local? tolerance is_embedded"
    )
    allowed = {
        "layer": ("management", "performance", "custody", "administration", "commission", "fund_expense"),
        "fee_basis": ("bps_of_value", "bps_of_commitment", "share_of_gain", "flat", "bps_of_trade", "per_trade"),
        "fee_period": ("monthly", "quarterly", "yearly"),
    }


class StressScenarios(Table):
    """What the office fears: shocks that happen at once, one a row, or a window of the past for everything."""

    key = ("scenario", "shock_kind", "shock_target")
    columns = "scenario scenario_name shock_kind shock_target shock? start_date? end_date?"
    allowed = {"shock_kind": ("instruments", "rates", "classes", "factors", "currencies", "window")}


class BondTerms(Table):
    """What bonds pay, from which they are repriced, or how they answer to yields."""

    key = ("instrument_id",)
    columns = "instrument_id coupon_rate? maturity_date? coupon_frequency duration_years? convexity_years"


class AlertRules(Table):
    """What a person must look at: whose figure is held against what, how badly, and what to do."""

    key = ("rule",)
    columns = (
        "rule judged_table conditions figure? is_absolute is_each operator threshold? limit_name? rearm? scopes "
        "severity unit named title remedy coverage_min? stale_max?"
    )
    allowed = {"severity": ("info", "warn", "critical"), "operator": (">", ">=", "<", "<=")}


class Approvers(Table):
    """Who may propose, approve or release for which entity, with which key, from when until when."""

    key = ("entity_id", "approver_id", "approver_role")
    columns = "entity_id approver_id approver_role public_key valid_from valid_until?"
    allowed = {"approver_role": ("proposer", "approver", "releaser")}
