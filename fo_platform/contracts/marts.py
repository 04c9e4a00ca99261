"""History-wide aggregates that dbt builds for pages and reports. What one day states belongs to the other schemas."""

from fo_platform.contracts._base import Table


class AllocationHistory(Table):
    """Allocation against target, day by day."""

    key = ("business_date", "scope", "asset_class")
    columns = (
        "business_date scope asset_class market_value_base nav_base weight weight_target drift_total drift_tradeable? "
        "drift_limit is_breach is_hard_breach"
    )


class AllocationLevels(Table):
    """Value of all holdings by class, by currency, by owner's class and by account's class, day by day.

    A level has `*` in place of what it sums over; a currency here is the one that a line is stated in.
    """

    key = ("business_date", "allocation_level", "entity_id", "account_id", "asset_class", "currency_held")
    columns = "business_date allocation_level entity_id account_id asset_class currency_held market_value_base"
    allowed = {"allocation_level": ("class", "currency", "entity_class", "account_class")}


class ExposuresHistory(Table):
    """Exposure by class, risk currency and country, looked through funds, day by day; each sums to one."""

    key = ("business_date", "scope", "dimension", "bucket")
    columns = "business_date scope dimension bucket exposure_base weight"
    allowed = {"dimension": ("asset_class", "currency", "country")}


class HoldingsStatement(Table):
    """Everything owned and owed with its cost, day by day, as a statement shows it."""

    key = ("business_date", "account_id", "instrument_id")
    columns = (
        "business_date entity_id account_id instrument_id instrument_name? holding_kind asset_class currency quantity "
        "price_local? price_date? fx_rate? market_value_local? market_value_base? accrued_base? cost_local? is_priced "
        "is_stale has_break"
    )


class BreakAgeing(Table):
    """Open breaks by severity, class and age, day by day."""

    key = ("business_date", "severity", "break_class", "age_bucket")
    columns = "business_date severity break_class age_bucket break_count materiality_base"
    allowed = {"age_bucket": ("new", "1-3", "4-10", "over 10")}


class OperatingDays(Table):
    """What arrived, broke, was decided, traded and settled on each day."""

    key = ("business_date",)
    columns = (
        "business_date deliveries_due deliveries_in_hand deliveries_quarantined breaks_opened errors_caught "
        "is_above_limit approvals orders_open settlements_pending"
    )


class ApprovalDays(Table):
    """How every proposal that was up for signature stood at each day's close."""

    key = ("business_date", "proposal_digest")
    columns = (
        "business_date proposal_digest entity_id approval_status signatures signers approved_at? valid_until_date "
        "reason?"
    )


class ApprovalHistory(Table):
    """Every proposal that was ever put up for signature, with who signed it and when its approval was complete."""

    key = ("proposal_digest",)
    columns = (
        "proposal_digest entity_id approval_status signatures signers approved_at? valid_until_date business_date "
        "breach_date? decision_days?"
    )


class OperatingKpis(Table):
    """Figures that say how well the office is run, over its whole history."""

    key = ("kpi",)
    columns = "kpi kpi_figure? unit description"
