"""Small owners to decide about: frames as the decision reads them, and random problems as the solver reads them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from fo_platform.contracts import analytics, book, policy, reference
from fo_platform.contracts._base import inexact
from fo_platform.decision.inputs import Inputs
from fo_platform.decision.model import Assets, Classes, Lots, Pockets, Problem, Purchases, Taxpayers

DAY = pd.Timestamp("2022-06-14")
SHA = "a" * 64
RECORD = {"file_sha256": SHA, "line": 1, "byte_offset": 0}
LIMITS = {
    "drift_limit": (0.02, "fraction"),
    "drift_rearm": (0.015, "fraction"),
    "drift_step": (0.005, "fraction"),
    "turnover_max": (0.2, "fraction"),
    "ticket_min": (10_000, "USD"),
    "collar_bps": (100, "bps"),
    "approval_validity_days": (5, "sessions"),
    "review_days": (30, "days"),
    "stale_uncertainty": (0.02, "fraction"),
    "participation_max": (0.1, "fraction"),
    "commission_bps": (0.5, "bps"),
    "impact_coefficient": (0.01, "fraction"),
    "min_approvals": (2, "signatures"),
}
INSTRUMENTS = {
    "AAPL": ("us_equity", 1.2),
    "JPM": ("us_equity", 1.1),
    "KO": ("us_equity", 0.7),
    "XOM": ("us_equity", 1.0),
    "NESN": ("intl_equity", 0.6),
    "SAP": ("intl_equity", 1.1),
    "USCORP": ("fixed_income", 0.1),
    "USGOV": ("fixed_income", -0.05),
}


@dataclass(frozen=True)
class Owner:
    """One owner with everything in one account; weights and targets by class, split evenly over its instruments."""

    entity_id: str = "foundation"
    legal_form: str = "foundation"
    nav: float = 120e6
    weights: dict[str, float] = field(
        default_factory=lambda: {"us_equity": 0.476, "intl_equity": 0.103, "fixed_income": 0.368, "cash": 0.053}
    )
    targets: dict[str, float] = field(
        default_factory=lambda: {"us_equity": 0.50, "intl_equity": 0.10, "fixed_income": 0.35, "cash": 0.05}
    )
    basis: float = 1.0
    rates: tuple[float, float] = (0.0, 0.0)
    acquired: str = "2015-03-02"
    spread_bps: float = 5.0
    risk_aversion: float = 4.0


def inputs_of(owner: Owner) -> Inputs:
    """The tables that an office with this one owner would hand to the decision."""
    positions = _positions(owner)
    return Inputs(
        allocation_drift=drift_of(owner, positions),
        reconciled_positions=positions,
        net_worth=_net_worth(owner),
        tax_lots=_lots(owner, positions),
        **_market(owner),
        **_policy(owner),
    )


def drift_of(owner: Owner, positions: pd.DataFrame) -> pd.DataFrame:
    held = positions.groupby("asset_class")["market_value_base"].sum()
    rows = [
        {
            "scope": owner.entity_id,
            "asset_class": name,
            "market_value_base": held.get(name, 0.0),
            "nav_base": owner.nav,
            "sleeve_base": owner.nav,
            "weight": held.get(name, 0.0) / owner.nav,
            "weight_target": target,
            "drift_total": held.get(name, 0.0) / owner.nav - target,
            "weight_tradeable": held.get(name, 0.0) / owner.nav,
            "weight_target_tradeable": target,
            "drift_tradeable": held.get(name, 0.0) / owner.nav - target,
            "drift_limit": 0.02,
            "is_breach": abs(held.get(name, 0.0) / owner.nav - target) > 0.02,
            "is_hard_breach": False,
        }
        for name, target in owner.targets.items()
    ]
    return inexact(analytics.AllocationDrift.frame(rows))


def _positions(owner: Owner) -> pd.DataFrame:
    rows = []
    for name, (asset_class, _) in INSTRUMENTS.items():
        share = owner.weights.get(asset_class, 0.0) / sum(c == asset_class for c, _ in INSTRUMENTS.values())
        rows.append((name, asset_class, round(share * owner.nav / 100), 100.0))
    cash = owner.nav - sum(quantity * price for _, _, quantity, price in rows)
    rows.append(("CASH.USD", "cash", cash, 1.0))
    frame = [
        {
            "account_id": f"{owner.entity_id}_us",
            "instrument_id": name,
            "entity_id": owner.entity_id,
            "asset_class": asset_class,
            "currency": "USD",
            "quantity": quantity,
            "price_local": price,
            "price_date": "2022-06-13",
            "fx_rate": 1.0,
            "market_value_local": quantity * price,
            "accrued_local": 0,
            "market_value_base": quantity * price,
            "accrued_base": 0,
            "statement_date": "2022-06-13",
            "is_priced": True,
            "is_stale": False,
            "has_break": False,
        }
        for name, asset_class, quantity, price in rows
        if quantity
    ]
    return inexact(book.ReconciledPositions.frame(frame))


def _net_worth(owner: Owner) -> pd.DataFrame:
    row = {
        "entity_id": owner.entity_id,
        "base_currency": "USD",
        "assets_base": owner.nav,
        "cash_base": 0,
        "liabilities_base": 0,
        "nav_base": owner.nav,
        "stale_base": 0,
        "broken_base": 0,
        "unpriced_count": 0,
    }
    return inexact(book.NetWorth.frame([row]))


def _lots(owner: Owner, positions: pd.DataFrame) -> pd.DataFrame:
    held = positions[positions["asset_class"] != "cash"]
    rows = [
        {
            "account_id": row.account_id,
            "instrument_id": row.instrument_id,
            "lot_id": f"L{half}",
            "acquired_date": owner.acquired,
            "quantity": row.quantity / 2,
            "currency": "USD",
            "lot_authority": "custodian",
            "cost_local": round(row.quantity / 2 * row.price_local * owner.basis, 2),
            "statement_date": "2022-06-13",
        }
        for row in held.itertuples()
        for half in (1, 2)
    ]
    return inexact(book.TaxLots.frame(rows))


def _market(owner: Owner) -> dict[str, pd.DataFrame]:
    common = {
        "instrument_type": "share",
        "currency": "USD",
        "currency_risk": "USD",
        "market": "US",
        "mic": "XNYS",
        "country": "US",
        "price_basis": "unit",
        "multiplier": 1,
        "lot_size": 1,
        "is_liquid": True,
        "is_restricted": False,
        **RECORD,
    }
    instruments = [
        {"instrument_id": n, "instrument_name": n, "issuer_id": n, "asset_class": c, **common}
        for n, (c, _) in INSTRUMENTS.items()
    ]
    liquidity = [
        {
            "instrument_id": n,
            "adv_quantity": 5e7,
            "spread_bps": owner.spread_bps,
            "liquidity_source": "made up",
            **RECORD,
        }
        for n in INSTRUMENTS
    ]
    loadings = [
        {"instrument_id": n, "factor": "MKT", "loading": beta, "observations": 252, "is_proxy": False}
        for n, (_, beta) in INSTRUMENTS.items()
    ] + [
        {"instrument_id": n, "factor": "RATES", "loading": 1.0, "observations": 252, "is_proxy": False}
        for n, (c, _) in INSTRUMENTS.items()
        if c == "fixed_income"
    ]
    covariance = {("MKT", "MKT"): 0.24**2, ("RATES", "RATES"): 0.06**2, ("MKT", "RATES"): 0.0, ("RATES", "MKT"): 0.0}
    factors = [
        {"factor_1": a, "factor_2": b, "covariance_annual": c, "observations": 252} for (a, b), c in covariance.items()
    ]
    specific = [
        {"instrument_id": n, "observations": 252, "is_proxy": False}
        | {"specific_volatility_annual": 0.02 if c == "fixed_income" else 0.2}
        for n, (c, _) in INSTRUMENTS.items()
    ]
    return {
        "instruments": inexact(reference.Instruments.frame(instruments)),
        "market_liquidity": inexact(reference.MarketLiquidity.frame(liquidity)),
        "factor_loadings": analytics.FactorLoadings.frame(loadings),
        "factor_covariances": analytics.FactorCovariances.frame(factors),
        "specific_risks": analytics.SpecificRisks.frame(specific),
    }


def _policy(owner: Owner) -> dict[str, pd.DataFrame]:
    entity = {
        "entity_id": owner.entity_id,
        "entity_name": owner.entity_id,
        "legal_form": owner.legal_form,
        "base_currency": "USD",
        "risk_aversion": owner.risk_aversion,
    }
    account = {
        "account_id": f"{owner.entity_id}_us",
        "entity_id": owner.entity_id,
        "custodian": "us_custodian",
        "account_id_source": "1",
        "statement_basis": "trade",
        "lot_authority": "custodian",
        "broker": "paper",
        "is_tradeable": True,
        "base_currency": "USD",
        "cash_floor_base": 100_000,
    }
    payer = {
        "taxpayer_id": owner.entity_id,
        "tax_rate_short": owner.rates[0],
        "tax_rate_long": owner.rates[1],
        "tax_deferral_credit": 0.0,
        "carry_forward_base": 0,
        "wash_sale_group": owner.entity_id,
    }
    targets = [
        {"entity_id": owner.entity_id, "asset_class": n, "weight_target": t, "weight_min": max(0, t - 0.1)}
        | {"weight_max": t + 0.1, "is_liquid": True}
        for n, t in owner.targets.items()
    ]
    limits = [{"entity_id": "office", "limit_name": n, "value": v, "unit": u} for n, (v, u) in LIMITS.items()]
    return {
        "entities": inexact(policy.Entities.frame([entity])),
        "accounts": inexact(policy.Accounts.frame([account])),
        "ownership": policy.Ownership.frame(),
        "taxpayers": inexact(policy.Taxpayers.frame([payer])),
        "allocation_targets": policy.AllocationTargets.frame(targets),
        "limits": inexact(policy.Limits.frame(limits)),
    }


def random_problem(seed: int, instruments: int = 8, lots: int = 2, accounts: int = 2) -> Problem:
    """A made-up taxed owner: three classes and money, everything held in every account, some lots at a loss."""
    rng = np.random.default_rng(seed)
    n, names = instruments, [f"I{i:03d}" for i in range(instruments)]
    value = rng.uniform(0.5, 1.5, n)
    value *= 95e6 / value.sum()
    class_index = np.arange(n) % 3
    cash = np.full(accounts, 5e6 / accounts)
    held = np.append(value, cash.sum())
    tilt = 1 + np.array([0.08, -0.05, -0.03])[class_index] * rng.uniform(0.8, 1.2, 3)[class_index]
    target = np.append(value / tilt, 0.0)
    target[-1] = held.sum() - target.sum()
    lot_asset, lot_account = (
        np.repeat(part, lots) for part in (np.tile(np.arange(n), accounts), _by_account(n, accounts))
    )
    lot_value = np.tile(np.repeat(value / accounts / lots, lots), accounts)
    buy_asset, buy_account = np.tile(np.arange(n), accounts), _by_account(n, accounts)
    adv = rng.uniform(2e7, 2e9, n)
    linear = rng.uniform(1e-4, 6e-4, n)
    return Problem(
        entity_id="owner",
        nav=float(held.sum()),
        risk_aversion=4.0,
        turnover_cap=0.3 * float(held.sum()),
        ticket_min=0.0,
        sleeve=float(held.sum()),
        drift_limit=0.02 * float(held.sum()),
        rearm=0.015 * float(held.sum()),
        collar=0.01,
        assets=Assets(
            names=(*names, "CASH.USD"),
            value=held,
            target=target,
            class_index=np.append(class_index, 3),
            exposure=np.vstack([rng.normal(0.15, 0.08, (n, 3)), np.zeros((1, 3))]),
            specific=np.append(rng.uniform(0.1, 0.3, n), 0.0),
            linear=np.append(linear, 0.0),
            impact=np.append(0.01 / np.sqrt(adv), 0.0),
            volume_cap=np.append(0.1 * adv, 0.0),
        ),
        lots=Lots(
            account_id=tuple(f"A{i}" for i in lot_account),
            instrument_id=tuple(names[i] for i in lot_asset),
            lot_id=tuple(f"L{i % lots}" for i in range(len(lot_asset))),
            asset=lot_asset,
            pocket=lot_account,
            value=lot_value,
            cap=lot_value.copy(),
            unit_value=np.full(len(lot_asset), 100.0),
            gain=rng.uniform(-0.2, 0.6, len(lot_asset)),
            is_long_term=rng.random(len(lot_asset)) < 0.7,
        ),
        purchases=Purchases(
            account_id=tuple(f"A{i}" for i in buy_account),
            instrument_id=tuple(names[i] for i in buy_asset),
            asset=buy_asset,
            pocket=buy_account,
            cap=0.1 * adv[buy_asset],
            unit_value=np.full(len(buy_asset), 100.0),
        ),
        pockets=Pockets(
            account_id=tuple(f"A{i}" for i in range(accounts)),
            currency=("USD",) * accounts,
            asset=np.full(accounts, n),
            cash=cash,
            floor=np.full(accounts, 1e5),
        ),
        classes=Classes(names=("c0", "c1", "c2", "cash"), lower=np.zeros(4), upper=np.full(4, held.sum())),
        taxpayers=_taxed(),
    )


def _taxed() -> Taxpayers:
    return Taxpayers(
        names=("payer",),
        share=np.ones(1),
        rate_short=np.array([0.408]),
        rate_long=np.array([0.238]),
        phi=np.array([0.1]),
        carry_forward=np.array([50_000.0]),
    )


def _by_account(instruments: int, accounts: int) -> np.ndarray:
    return np.repeat(np.arange(accounts), instruments)


@pytest.fixture(scope="session")
def owner() -> type[Owner]:
    """Makes an owner; see its fields."""
    return Owner


@pytest.fixture(scope="session")
def make_inputs() -> Callable[[Owner], Inputs]:
    """Makes the tables of an owner."""
    return inputs_of


@pytest.fixture(scope="session")
def make_problem() -> Callable[..., Problem]:
    """Makes a random problem from a seed."""
    return random_problem


@pytest.fixture(scope="session")
def day() -> pd.Timestamp:
    """The business date of every test here."""
    return DAY
