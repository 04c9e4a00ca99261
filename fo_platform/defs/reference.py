"""The reference tables: what the world says about instruments and markets. Reading records belongs to reference."""

from pathlib import Path

import pandas as pd

from fo_platform.contracts import reference as contracts
from fo_platform.defs._table import table_asset
from fo_platform.defs.raw import RAW
from fo_platform.operations.policy import adopt_policy
from fo_platform.policy.world import load_countries, load_settlement_cycles
from fo_platform.reference import ranked_prices, rates, tables

READS = {"raw_records": RAW}

instruments = table_asset(contracts.Instruments, reads=READS)(tables.instruments)
identifiers = table_asset(contracts.Identifiers, reads=READS)(tables.identifiers)
prices = table_asset(contracts.Prices, reads=READS)(ranked_prices.prices)
held_prices = table_asset(contracts.HeldPrices, reads=READS)(ranked_prices.held_prices)
fx_rates = table_asset(contracts.FxRates, reads=READS)(rates.fx_rates)
factor_returns = table_asset(contracts.FactorReturns, reads=READS)(tables.factor_returns)
market_liquidity = table_asset(contracts.MarketLiquidity, reads=READS)(tables.market_liquidity)
fund_holdings = table_asset(contracts.FundHoldings, reads=READS)(tables.fund_holdings)
benchmarks = table_asset(contracts.Benchmarks, reads=READS)(tables.benchmarks)
corporate_actions = table_asset(contracts.CorporateActions, reads=READS)(tables.corporate_actions)


@table_asset(contracts.SettlementCycles, before=adopt_policy, kinds=("yaml",))
def settlement_cycles(policy_folder: Path) -> pd.DataFrame:
    """Settlement cycles of markets, as declared under resources/reference."""
    return load_settlement_cycles(policy_folder.parents[1] / "reference")


@table_asset(contracts.Countries, before=adopt_policy, kinds=("yaml",))
def countries(policy_folder: Path) -> pd.DataFrame:
    """Regions and development levels of countries, as declared under resources/reference."""
    return load_countries(policy_folder.parents[1] / "reference")
