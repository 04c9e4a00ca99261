"""What the world says about instruments and markets. What the office decides belongs to policy."""

from fo_platform.contracts._base import Table


class Instruments(Table):
    """Instrument master, last known delivery carried forward."""

    key = ("instrument_id",)
    columns = (
        "instrument_id instrument_name instrument_type asset_class issuer_id currency currency_risk currency_hedged? "
        "market mic? country price_basis multiplier lot_size is_liquid is_restricted file_sha256 line byte_offset"
    )
    allowed = {"price_basis": ("unit", "per_100")}


class Identifiers(Table):
    """Which identifier names which instrument, from which day on."""

    key = ("id_type", "id_value", "valid_from")
    columns = "id_type id_value valid_from instrument_id source file_sha256 line byte_offset"


class Prices(Table):
    """Closing prices of the day's deliveries, the best source's that is believed, else the last known."""

    key = ("instrument_id", "price_date")
    columns = "instrument_id price_date price_local currency price_source file_sha256 line byte_offset"


class HeldPrices(Table):
    """Prices that were delivered on the day and are not believed, each with the last known one that is used instead."""

    key = ("instrument_id", "price_date", "source")
    columns = (
        "instrument_id price_date source price_local currency price_source held_reason price_last_local "
        "price_last_date file_sha256 line byte_offset"
    )


class FxRates(Table):
    """Exchange rates as delivered, turned round and crossed: base for one unit of local; the last where none came."""

    key = ("currency", "base_currency", "rate_date")
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


class Countries(Table):
    """Effective-dated regions of countries and how developed their markets are."""

    key = ("country", "valid_from")
    columns = "country valid_from country_name region development_level"
    allowed = {"development_level": ("developed", "emerging", "frontier", "unclassified")}


class FundHoldings(Table):
    """What funds own, by their newest regulatory report (SEC N-PORT).

    `country` is the second country that a report names, that of risk, or else the issuer's own.
    """

    key = ("fund_id", "holding_no")
    columns = (
        "fund_id fund_name? fund_instrument_id? report_date holding_no instrument_id? isin? cusip? lei? description? "
        "asset_category? country? country_domicile? payoff? currency currency_risk? quantity? market_value_local "
        "weight? source file_sha256 line byte_offset"
    )


class Benchmarks(Table):
    """Daily returns of benchmarks delivered on the day."""

    key = ("benchmark_id", "return_date")
    columns = "benchmark_id benchmark_name? return_date return_1d currency? source file_sha256 line byte_offset"


class CorporateActions(Table):
    """Events of instruments, as custodians last announced them; past ones are kept for a year."""

    key = ("source", "event_reference")
    columns = (
        "source event_reference event_type participation? event_status? instrument_id? description? ex_date? "
        "record_date? pay_date? ratio_new? ratio_old? cash_rate? currency? file_sha256 line byte_offset"
    )
