"""The 30-day rule across accounts, entities and a declared group."""

from dataclasses import replace

import pandas as pd

from fo_platform.contracts import book
from fo_platform.contracts._base import inexact
from fo_platform.decision.problem import build_problem
from fo_platform.decision.wash_sales import Group, Washed, recent_trades, wash_groups

LOSS = {"entity_id": "trust", "legal_form": "trust", "basis": 1.5, "rates": (0.4, 0.2)}


def sale(account_id: str, instrument_id: str, trade_date: str) -> pd.DataFrame:
    row = {
        "transaction_id": "t",
        "account_id": account_id,
        "transaction_kind": "sell",
        "trade_date": trade_date,
        "instrument_id": instrument_id,
        "quantity": -5,
        "cash_local": 500,
        "currency": "USD",
        "statement_date": trade_date,
        "source": "us_custodian",
        "file_sha256": "a" * 64,
        "line": 1,
        "byte_offset": 0,
    }
    return inexact(book.Transactions.frame([row]))


def built(inputs, entity_id: str, day: pd.Timestamp):
    """The problem of an entity that knows what its group traded."""
    return build_problem(inputs, entity_id, day, recent_trades(inputs, wash_groups(inputs, day)[entity_id], day))


def allowed(problem) -> tuple[set[str], set[str]]:
    """Names whose lots may be sold, and names that may be bought."""
    names = problem.assets.names
    sellable = {names[i] for i, cap in zip(problem.lots.asset, problem.lots.cap, strict=True) if cap > 0}
    return sellable, {
        names[i] for i, cap in zip(problem.purchases.asset, problem.purchases.cap, strict=True) if cap > 0
    }


def test_a_loss_on_a_name_bought_within_30_days_may_not_be_realised(owner, make_inputs, day):
    inputs = make_inputs(owner(**LOSS))
    is_recent = (inputs.tax_lots["instrument_id"] == "KO") & (inputs.tax_lots["lot_id"] == "L2")
    lots = inputs.tax_lots.assign(
        acquired_date=inputs.tax_lots["acquired_date"].mask(is_recent, day - pd.Timedelta(days=30))
    )
    sellable, _ = allowed(built(replace(inputs, tax_lots=lots), "trust", day))
    assert "KO" not in sellable
    assert "XOM" in sellable


def test_a_loss_on_a_name_bought_31_days_ago_may(owner, make_inputs, day):
    inputs = make_inputs(owner(**LOSS, acquired="2022-05-14"))
    assert "KO" in allowed(built(inputs, "trust", day))[0]


def test_what_was_sold_within_30_days_is_not_bought_back(owner, make_inputs, day):
    inputs = replace(make_inputs(owner(**LOSS)), transactions=sale("trust_us", "KO", "2022-06-01"))
    _, buyable = allowed(built(inputs, "trust", day))
    assert "KO" not in buyable
    assert "XOM" in buyable


def test_an_untaxed_owner_may_buy_back_what_it_sold(owner, make_inputs, day):
    inputs = replace(make_inputs(owner()), transactions=sale("foundation_us", "KO", "2022-06-01"))
    assert "KO" in allowed(built(inputs, "foundation", day))[1]


def test_a_loss_is_not_realised_while_another_of_the_group_buys_the_name(owner, make_inputs, day):
    inputs = make_inputs(owner(**LOSS))
    sellable, buyable = allowed(build_problem(inputs, "trust", day, Washed(frozenset({"KO"}), frozenset({"XOM"}))))
    assert "KO" not in sellable
    assert "XOM" not in buyable


def test_the_group_is_declared_by_taxpayers(owner, make_inputs, day):
    inputs = make_inputs(owner(**LOSS))
    entities = pd.concat(
        [inputs.entities, inputs.entities.assign(entity_id="llc"), inputs.entities.assign(entity_id="other")]
    )
    payers = [
        inputs.taxpayers.assign(taxpayer_id=name, wash_sale_group=group)
        for name, group in (("trust", "family"), ("llc", "family"), ("other", "other"))
    ]
    office = replace(inputs, entities=entities, taxpayers=pd.concat(payers))
    groups = wash_groups(office, day)
    assert groups["llc"] == Group(frozenset({"llc", "trust"}), frozenset({"llc", "trust"}))
    assert groups["other"].entities == {"other"}
    assert recent_trades(office, groups["other"], day) == Washed()
