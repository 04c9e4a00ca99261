"""Prices, rates and identifiers of the demo world."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from stdnum import cusip, isin

from fo_platform.simulation import market as market_module
from fo_platform.simulation.instruments import SECURITIES
from fo_platform.simulation.market import accrued, build_market
from fo_platform.simulation.world import World


def test_a_new_instrument_leaves_every_other_path_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    newcomer = replace(SECURITIES["NESN"], instrument_id="NEWCO")
    monkeypatch.setattr(market_module, "SECURITIES", {"NEWCO": newcomer} | SECURITIES)
    wider = build_market(7).closes
    assert wider[list(SECURITIES)].equals(world.market.closes)
    assert not wider["NEWCO"].equals(wider["NESN"])


def test_bonds_move_little_and_shares_with_the_market(world: World) -> None:
    returns = world.market.closes.pct_change().dropna()
    yearly = returns.std() * 252**0.5
    assert yearly["USGOV"] == pytest.approx(0.06, abs=0.01)
    assert abs(returns["USGOV"].corr(world.market.factors["MKT"])) < 0.15
    assert returns["ASML"].corr(world.market.factors["MKT"]) > 0.5
    assert 0.12 < yearly["NESN"] < 0.25


def test_interest_accrues_from_the_last_coupon() -> None:
    bond = SECURITIES["UST2029"]
    assert accrued(bond, Decimal(1_000_000), date(2022, 5, 15)) == 0
    assert accrued(bond, Decimal(1_000_000), date(2022, 6, 14)) == Decimal("1952.05")
    assert accrued(SECURITIES["KO"], Decimal(100), date(2022, 6, 14)) == 0


def test_every_identifier_has_a_valid_check_digit() -> None:
    securities = [row for row in SECURITIES.values() if row.instrument_type != "coin"]
    assert all(isin.is_valid(row.isin) for row in securities)
    assert all(cusip.is_valid(row.cusip) for row in securities if row.isin.startswith("US"))
    assert len({row.isin for row in securities}) == len(securities)
