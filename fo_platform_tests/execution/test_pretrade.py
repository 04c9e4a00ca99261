"""Every pre-trade check passes, breaches, and says when it has no evidence."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.contracts.book import ReconciledPositions
from fo_platform.contracts.decision import Approval, ExecutionPlan
from fo_platform.contracts.execution import Orders, PretradeChecks
from fo_platform.contracts.policy import Accounts, Limits
from fo_platform.contracts.reference import MarketLiquidity, Prices
from fo_platform.errors import PolicyError
from fo_platform.execution.pretrade import CHECKS, PretradeTables, order_checks, pretrade_checks

DAY = pd.Timestamp("2022-06-14")
LINE = {"file_sha256": "b" * 64, "line": 1, "byte_offset": 0}
BUY = {
    "client_order_id": "buy", "entity_id": "foundation", "account_id": "foundation_us", "instrument_id": "AAPL",
    "side": "BUY", "quantity": "100", "limit_price_local": "105", "currency": "USD", "order_status": "NEW",
    "cum_quantity": 0, "leaves_quantity": "100", "trade_date": DAY, "broker": "paper", "proposal_digest": "a" * 64,
    "age_sessions": 0,
}  # fmt: skip
SELL = {
    **BUY,
    "client_order_id": "sell",
    "instrument_id": "MSFT",
    "side": "SELL",
    "quantity": "40",
    "leaves_quantity": "40",
    "limit_price_local": "190",
}


def plan_of(*orders: dict[str, object]) -> pd.DataFrame:
    shared = [
        "client_order_id",
        "entity_id",
        "proposal_digest",
        "account_id",
        "instrument_id",
        "side",
        "limit_price_local",
        "currency",
        "broker",
    ]
    signed = {
        "slice_no": 1,
        "price_local": "100",
        "notional_base": "10000",
        "cost_expected_bps": 5,
        "valid_until_date": DAY,
    }
    return ExecutionPlan.frame(
        [{name: order[name] for name in shared} | {"quantity_max": order["quantity"], **signed} for order in orders]
    )


def held(instrument_id: str, quantity: str, **more: object) -> dict[str, object]:
    usual = {
        "account_id": "foundation_us",
        "entity_id": "foundation",
        "asset_class": "us_equity",
        "currency": "USD",
        "accrued_local": 0,
    }
    flags = {"is_priced": True, "is_stale": False, "has_break": False, "fx_rate": 1}
    return {**usual, **flags, "instrument_id": instrument_id, "quantity": quantity, **more}


def money(amount: str, **more: object) -> dict[str, object]:
    return held("CASH.USD", amount, asset_class="cash", market_value_base=amount, **more)


@pytest.fixture
def tables(instruments, make_fills) -> PretradeTables:
    """A purchase of 100 AAPL at up to 105 and a sale of 40 MSFT at 190, in order: cash 20,000, floor 10,000."""
    price = {"currency": "USD", "price_source": "x", "price_date": "2022-06-13", **LINE}
    account = {
        "account_id": "foundation_us", "entity_id": "foundation", "custodian": "us_custodian",
        "account_id_source": "1", "statement_basis": "trade", "lot_authority": "custodian", "broker": "paper",
        "is_tradeable": True, "base_currency": "USD", "cash_floor_base": "10000",
    }  # fmt: skip
    approval = {
        "proposal_digest": "a" * 64,
        "entity_id": "foundation",
        "approval_status": "approved",
        "signatures": 2,
        "signers": "ann,bob",
        "valid_until_date": DAY,
    }
    limits = [("price_age_max_days", "4"), ("participation_max", "0.1")]
    liquidity = {"spread_bps": 1, "liquidity_source": "x", **LINE}
    return PretradeTables(
        day=DAY,
        orders=Orders.frame([BUY, SELL]),
        execution_plan=plan_of(BUY, SELL),
        approval=Approval.frame([approval]),
        prices=Prices.frame(
            [
                {"instrument_id": "AAPL", "price_local": "100", **price},
                {"instrument_id": "MSFT", "price_local": "200", **price},
            ]
        ),
        reconciled_positions=ReconciledPositions.frame([money("20000"), held("MSFT", "40")]),
        instruments=instruments,
        accounts=Accounts.frame([account]),
        market_liquidity=MarketLiquidity.frame(
            [{"instrument_id": i, "adv_quantity": "1000", **liquidity} for i in ("AAPL", "MSFT")]
        ),
        limits=Limits.frame(
            [{"entity_id": "office", "limit_name": name, "value": value, "unit": "x"} for name, value in limits]
        ),
        fills=make_fills(),
        is_killed=False,
        is_policy_signed=True,
    )


def result(tables: PretradeTables, check: str, order: str = "buy") -> str:
    rows = pretrade_checks(tables)
    return rows.set_index(["client_order_id", "check"])["check_result"].at[(order, check)]


def test_an_order_in_order_passes_every_check(tables):
    rows = pretrade_checks(tables)
    assert set(rows["check_result"]) == {"pass"}
    assert len(rows) == 2 * len(CHECKS)
    PretradeChecks.validate(rows)


NO_ROWS = slice(0, 0)
WRONG = {
    "approved": ("approval", lambda t: t.assign(approval_status="pending")),
    "as_signed": ("execution_plan", lambda t: t.assign(side="SELL")),
    "quantity": ("orders", lambda t: Orders.frame([{**BUY, "quantity": "101"}, SELL])),
    "price_fresh": ("prices", lambda t: t.assign(price_date=pd.Timestamp("2022-06-09"))),
    "price_collar": ("prices", lambda t: t.assign(price_local=t["price_local"] + Decimal("5.01"))),
    "cash": ("reconciled_positions", lambda t: ReconciledPositions.frame([money("12899.99"), held("MSFT", "40")])),
    "not_restricted": ("instruments", lambda t: t.assign(is_restricted=True)),
    "account_tradeable": ("accounts", lambda t: t.assign(is_tradeable=False)),
    "no_unknown_order": ("orders", lambda t: Orders.frame([BUY, {**SELL, "order_status": "UNKNOWN"}])),
    "participation": (
        "market_liquidity",
        lambda t: MarketLiquidity.frame(t.assign(adv_quantity=t["adv_quantity"] - 1)),
    ),
}


@pytest.mark.parametrize("check", WRONG)
def test_each_check_catches_what_it_is_for_and_nothing_else_does(tables, check):
    table, damage = WRONG[check]
    damaged = replace(tables, **{table: damage(getattr(tables, table))})
    failing = pretrade_checks(damaged).query("client_order_id == 'buy' and check_result != 'pass'")
    assert dict(zip(failing["check"], failing["check_result"], strict=True)) == {check: "breach"}


MISSING = {
    "approved": "approval", "as_signed": "execution_plan", "quantity": "execution_plan", "price_fresh": "prices",
    "price_collar": "prices", "cash": "reconciled_positions", "account_tradeable": "accounts",
    "participation": "market_liquidity",
}  # fmt: skip


@pytest.mark.parametrize("check", MISSING)
def test_without_evidence_a_check_does_not_pass(tables, check):
    emptied = replace(tables, **{MISSING[check]: getattr(tables, MISSING[check]).iloc[NO_ROWS]})
    assert result(emptied, check) == "no_evidence"


def test_an_instrument_that_the_master_lacks_is_no_evidence(tables):
    order = tables.orders.iloc[0]
    known = replace(tables, instruments=tables.instruments[tables.instruments["instrument_id"] != "AAPL"])
    assert CHECKS["not_restricted"](order, known).check_result == "no_evidence"


def test_cash_counts_the_same_proposals_sales_and_every_purchase_of_the_account(tables):
    """100 x 105 less 40 x 190 needs 2,900; another proposal's purchase of the same size needs 10,500 more."""
    enough = replace(tables, reconciled_positions=ReconciledPositions.frame([money("12900"), held("MSFT", "40")]))
    other = {**BUY, "client_order_id": "other", "proposal_digest": "b" * 64}
    assert result(enough, "cash") == "pass"
    assert result(replace(enough, orders=Orders.frame([BUY, SELL, other])), "cash") == "breach"


def test_the_floor_is_held_over_all_currencies_of_the_account(tables):
    francs = held("CASH.CHF", "1000", asset_class="cash", currency="CHF", fx_rate="1.05", market_value_base="1050")
    rows = [money("12000"), francs, held("MSFT", "40")]
    assert result(replace(tables, reconciled_positions=ReconciledPositions.frame(rows)), "cash") == "pass"


def test_stale_cash_is_no_evidence(tables):
    rows = [money("20000", is_stale=True), held("MSFT", "40")]
    assert result(replace(tables, reconciled_positions=ReconciledPositions.frame(rows)), "cash") == "no_evidence"


@pytest.mark.parametrize(
    ("holding", "expected"),
    [
        ([held("MSFT", "40")], "pass"),
        ([held("MSFT", "39.99")], "breach"),
        ([], "breach"),
        ([held("MSFT", "40", is_stale=True)], "no_evidence"),
        ([held("MSFT", "40", has_break=True)], "no_evidence"),
    ],
)
def test_a_sale_may_not_exceed_a_holding_that_is_known(tables, holding, expected):
    positions = ReconciledPositions.frame([money("20000"), *holding])
    assert result(replace(tables, reconciled_positions=positions), "holdings", "sell") == expected


def test_two_sales_of_one_holding_are_added(tables):
    twice = Orders.frame([SELL, {**SELL, "client_order_id": "sell2", "leaves_quantity": "1"}])
    assert result(replace(tables, orders=twice, execution_plan=plan_of(SELL)), "holdings", "sell") == "breach"


def test_the_collar_of_a_sale_lies_below(tables):
    falling = tables.prices.assign(price_local=tables.prices["price_local"] - Decimal("10.01"))
    damaged = replace(tables, prices=falling)
    assert (result(damaged, "price_collar", "sell"), result(damaged, "price_collar", "buy")) == ("breach", "pass")


def test_a_lapsed_approval_is_a_breach(tables):
    assert result(replace(tables, day=DAY + pd.Timedelta(days=1)), "approved") == "breach"


def test_an_order_does_not_block_its_own_resend(tables):
    resent = Orders.frame([{**BUY, "order_status": "UNKNOWN"}])
    assert result(replace(tables, orders=resent), "no_unknown_order") == "pass"


def test_the_kill_switch_and_an_unsigned_policy_stop_everything(tables):
    assert result(replace(tables, is_killed=True), "kill_switch") == "breach"
    assert result(replace(tables, is_policy_signed=False), "policy_signed") == "breach"
    assert result(replace(tables, is_policy_signed=None), "policy_signed") == "no_evidence"


def test_an_orphan_fill_stops_new_orders_of_its_account(tables, make_fills):
    orphan = make_fills({"exec_id": "X", "is_orphan": True})
    assert result(replace(tables, fills=orphan), "no_orphan_fill") == "breach"
    elsewhere = make_fills({"exec_id": "X", "is_orphan": True, "account_id": "trust_ib"})
    assert result(replace(tables, fills=elsewhere), "no_orphan_fill") == "pass"


def test_an_undeclared_limit_is_a_fault_of_policy(tables):
    with pytest.raises(PolicyError):
        pretrade_checks(replace(tables, limits=tables.limits.iloc[NO_ROWS]))


def test_orders_that_the_broker_has_are_not_checked_again(tables):
    sent = tables.orders.assign(order_status="ACKED")
    assert pretrade_checks(replace(tables, orders=sent)).empty


def test_the_figure_stands_beside_its_limit(tables):
    rows = {row["check"]: row for row in order_checks(tables.orders.iloc[0], tables)}
    assert (rows["cash"]["value"], rows["cash"]["threshold"]) == (2900, 10000)
    assert rows["participation"]["message"] == "0.1 is within the share of average daily volume of 0.1 fraction."
