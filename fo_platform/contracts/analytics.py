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
    """Net exposure by risk currency; a scope's net values sum to its NAV."""

    key = ("scope", "currency")
    columns = "scope currency asset_value_base cash_base hedge_value_base net_value_base weight"


class Volatility(Table):
    """Annual volatility of today's holdings by asset class and in total."""

    key = ("scope", "asset_class")
    columns = "scope asset_class volatility_annual? volatility_ewma_annual? observations coverage_share"


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


class Concentration(Table):
    """Concentration measures by issuer, in long form."""

    key = ("scope", "measure")
    columns = "scope measure value unit"


class LiquidityProfile(Table):
    """How much of NAV can be sold, and be in cash, within each horizon; disjoint buckets that sum to NAV."""

    key = ("scope", "horizon")
    columns = "scope horizon value_trading_base weight_trading value_cash_base weight_cash"
    allowed = {"horizon": ("1d", "1w", "1m", "beyond", "never")}


class Alerts(Table):
    """What needs a person's eye today, one a rule and scope."""

    key = ("alert_id",)
    columns = "alert_id rule scope severity value? threshold? unit message"
    allowed = {"severity": ("info", "warn", "critical")}
