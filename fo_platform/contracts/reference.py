"""What the world says about instruments and markets. What the office decides belongs to policy."""

from fo_platform.contracts._base import Table


class Instruments(Table):
    """Instrument master, last known delivery carried forward."""

    key = ("instrument_id",)
    columns = (
        "instrument_id instrument_name instrument_type asset_class issuer_id currency currency_risk market mic? "
        "country price_basis multiplier lot_size is_liquid is_restricted file_sha256 line byte_offset"
    )
    allowed = {"price_basis": ("unit", "per_100")}


class Identifiers(Table):
    """Which identifier names which instrument, from which day on."""

    key = ("id_type", "id_value", "valid_from")
    columns = "id_type id_value valid_from instrument_id source file_sha256 line byte_offset"


class Prices(Table):
    """Closing prices delivered on the day; the first delivery carries history."""

    key = ("instrument_id", "price_date")
    columns = "instrument_id price_date price_local currency price_source file_sha256 line byte_offset"


class FxRates(Table):
    """Exchange rates delivered on the day: base currency for one unit of local currency."""

    key = ("currency", "rate_date")
    columns = "currency rate_date base_currency fx_rate fx_source file_sha256 line byte_offset"


class FactorReturns(Table):
    """Daily returns of factors and indices delivered on the day."""

    key = ("factor", "return_date")
    columns = "factor return_date return_1d source file_sha256 line byte_offset"


class MarketLiquidity(Table):
    """Average daily volume and spread, last known delivery carried forward."""

    key = ("instrument_id",)
    columns = "instrument_id adv_quantity spread_bps liquidity_source file_sha256 line byte_offset"


class SettlementCycles(Table):
    """Effective-dated settlement cycles of markets."""

    key = ("market", "valid_from")
    columns = "market valid_from cycle_days"
