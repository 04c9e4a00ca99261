"""Which fills custodians' records prove settled, and how the rest stand."""

from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.contracts.book import ExpectedDeliveries, Transactions
from fo_platform.contracts.execution import Settlements
from fo_platform.execution.settle import prove_settlements, settlements_at_close

TRADED, SETTLED, ARRIVED = pd.Timestamp("2022-06-14"), pd.Timestamp("2022-06-16"), pd.Timestamp("2022-06-17")
NONE_SETTLED = pd.DataFrame(
    {name: pd.Series(dtype="object") for name in ("broker", "account_id", "exec_id", "file_sha256")}
    | {name: pd.Series(dtype="Int64") for name in ("line", "byte_offset")}
    | {name: pd.Series(dtype="datetime64[ns]") for name in ("settled_date", "business_date")}
)


def reported(*rows: dict[str, object]) -> pd.DataFrame:
    """Transactions; a purchase of 10 AAPL for 1,000 traded on the 14th, unless a row says otherwise."""
    usual = {
        "account_id": "foundation_us", "transaction_kind": "buy", "trade_date": TRADED, "settlement_date": SETTLED,
        "instrument_id": "AAPL", "quantity": "10", "cash_local": "-1000", "currency": "USD", "statement_date": TRADED,
        "source": "us_custodian", "file_sha256": "c" * 64, "byte_offset": 0,
    }  # fmt: skip
    return Transactions.frame(
        [{**usual, "transaction_id": f"t{n}", "line": n, **row} for n, row in enumerate(rows, start=1)]
    )


def stated(*dates: str | None, account_id: str = "foundation_us") -> pd.DataFrame:
    """Statements of one account's feeds, by the day up to which they speak."""
    usual = {
        "source": "us_custodian",
        "account_id": account_id,
        "expected_date": SETTLED,
        "coverage_status": "received",
        "age_sessions": 0,
        "row_count": 1,
    }
    return ExpectedDeliveries.frame(
        [{**usual, "feed": f"f{n}", "statement_date": date} for n, date in enumerate(dates)]
    )


@pytest.fixture
def prove(make_fills, instruments):
    """`prove(fills, transactions, statements)`: what is proved on the morning of the 17th."""

    def build(fills: list[dict[str, object]], transactions: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
        return prove_settlements(make_fills(*fills), NONE_SETTLED, transactions, statements, instruments, day=ARRIVED)

    return build


def test_a_reported_trade_is_settled_by_the_statement_of_its_settlement_date(prove):
    proved = prove([{"exec_id": "B"}], reported({}), stated("2022-06-16"))
    assert proved.to_dict("records") == [
        {
            "broker": "paper", "account_id": "foundation_us", "exec_id": "B", "file_sha256": "c" * 64, "line": 1,
            "byte_offset": 0, "settled_date": SETTLED, "business_date": ARRIVED,
        }
    ]  # fmt: skip


def test_before_the_settlement_date_nothing_is_proved(prove):
    assert prove([{"exec_id": "B"}], reported({}), stated("2022-06-15")).empty


def test_the_latest_feed_of_an_account_decides(prove):
    assert prove([{"exec_id": "B"}], reported({}), stated("2022-06-16", "2022-06-15")).empty
    assert prove([{"exec_id": "B"}], reported({}), stated("2022-06-16", None)).empty


@pytest.mark.parametrize(
    "difference",
    [
        {"quantity": "9"},
        {"cash_local": "-1000.02"},
        {"instrument_id": "MSFT"},
        {"transaction_kind": "sell"},
        {"trade_date": SETTLED},
        {"account_id": "trust_ib"},
    ],
)
def test_another_trade_proves_nothing(prove, difference):
    assert prove([{"exec_id": "B"}], reported(difference), stated("2022-06-16")).empty


def test_a_cent_of_rounding_is_forgiven(prove):
    assert len(prove([{"exec_id": "B"}], reported({"cash_local": "-1000.01"}), stated("2022-06-16"))) == 1


def test_one_reported_trade_proves_one_of_two_equal_fills(prove):
    two = [{"exec_id": "B"}, {"exec_id": "C"}]
    assert len(prove(two, reported({}), stated("2022-06-16"))) == 1
    assert len(prove(two, reported({}, {}), stated("2022-06-16"))) == 2


def test_a_day_reported_in_one_proves_all_its_fills(prove):
    two = [{"exec_id": "B", "fee_local": "1"}, {"exec_id": "C", "quantity": "5", "price_local": "102"}]
    proved = prove(two, reported({"quantity": "15", "cash_local": "-1511", "line": 7}), stated("2022-06-16"))
    assert list(proved["exec_id"]) == ["B", "C"]
    assert list(proved["line"]) == [7, 7]


def test_sales_are_reported_with_a_sign_and_still_found(prove):
    fill = {"exec_id": "B", "side": "SELL", "fee_local": "0.10"}
    assert (
        len(
            prove(
                [fill],
                reported({"transaction_kind": "sell", "quantity": "-10", "cash_local": "999.90"}),
                stated("2022-06-16"),
            )
        )
        == 1
    )


def test_what_is_proved_is_not_proved_again(make_fills, instruments, prove):
    first = prove([{"exec_id": "B"}], reported({}), stated("2022-06-16"))
    again = prove_settlements(
        make_fills({"exec_id": "B"}), first, reported({}), stated("2022-06-16"), instruments, day=ARRIVED
    )
    assert again.empty


def test_a_busted_fill_is_never_settled(prove):
    bust = {"exec_id": "C", "exec_type": "trade_cancel", "exec_ref_id": "B"}
    assert prove([{"exec_id": "B"}, bust], reported({}), stated("2022-06-16")).empty


@pytest.fixture
def close(make_fills, make_events, instruments):
    """`close(day, settlements, statements)`: the settlements table of one fill at the close of a day."""

    def build(day: str, settlements: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
        fills = make_fills({"exec_id": "B", "fee_local": "1.50"})
        return settlements_at_close(
            fills, settlements, make_events("o1", "NEW"), statements, instruments, day=pd.Timestamp(day)
        )

    return build


def test_a_fill_is_pending_with_its_age_until_it_is_settled_and_then_gone(close, prove):
    proved = prove([{"exec_id": "B", "fee_local": "1.50"}], reported({"cash_local": "-1001.50"}), stated("2022-06-16"))
    states = {
        day: close(day, proved, stated("2022-06-16"))
        for day in ("2022-06-14", "2022-06-16", "2022-06-17", "2022-06-21")
    }
    assert [(s["settlement_status"].iloc[0], s["age_sessions"].iloc[0]) for s in list(states.values())[:3]] == [
        ("pending", 0),
        ("pending", 2),
        ("settled", 3),
    ]
    assert states["2022-06-21"].empty
    settled = states["2022-06-17"].iloc[0]
    assert (settled["cash_local"], settled["settled_date"], settled["entity_id"]) == (
        Decimal("-1001.50"),
        SETTLED,
        "foundation",
    )
    Settlements.validate(states["2022-06-17"])


def test_silence_is_forgiven_for_one_session_and_then_a_failure(close):
    at = {
        day: close("2022-06-22", NONE_SETTLED, stated(day)).iloc[0]
        for day in ("2022-06-16", "2022-06-17", "2022-06-21")
    }
    assert [row["settlement_status"] for row in at.values()] == ["pending", "pending", "failed"]
    assert "2022-06-21 still does not report it" in at["2022-06-21"]["reason"]


def test_without_any_statement_a_fill_is_pending(close):
    row = close("2022-06-22", NONE_SETTLED, stated("2022-06-21", account_id="trust_ib")).iloc[0]
    assert row["settlement_status"] == "pending"


def test_without_fills_nothing_settles(make_fills, make_events, instruments, prove):
    assert prove([], reported({}), stated("2022-06-16")).empty
    assert settlements_at_close(
        make_fills(), NONE_SETTLED, make_events("o1", "NEW"), stated(), instruments, day=ARRIVED
    ).empty


LEG = {"instrument_id": None, "quantity": None, "trade_date": SETTLED}
"""A bank's cash statement: money on the settlement date, neither instrument nor size."""


def test_a_cash_leg_proves_the_fill_that_it_pays_for_to_the_cent(prove):
    fills = [{"exec_id": "A", "quantity": "10"}, {"exec_id": "B", "quantity": "7"}]
    proved = prove(fills, reported({**LEG, "cash_local": "-700"}), stated("2022-06-16"))
    assert list(proved["exec_id"]) == ["B"]


@pytest.mark.parametrize(
    "difference",
    [{"cash_local": "-1000.01"}, {"transaction_kind": "sell"}, {"settlement_date": ARRIVED}, {"currency": "CHF"}],
)
def test_other_money_is_no_proof(prove, difference):
    assert prove([{"exec_id": "A"}], reported({**LEG, **difference}), stated("2022-06-16")).empty


def test_one_cash_leg_proves_one_of_two_equal_fills(prove):
    fills = [{"exec_id": "A"}, {"exec_id": "B"}]
    assert len(prove(fills, reported(LEG), stated("2022-06-16"))) == 1
    assert len(prove(fills, reported(LEG, LEG), stated("2022-06-16"))) == 2
