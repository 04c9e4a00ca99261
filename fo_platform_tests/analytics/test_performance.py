"""Performance: what is a flow and what is a gain, of an account, a class, an owner; and how days link."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.metrics.performance import performance
from fo_platform.contracts import book
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import Performance

DAY = pd.Timestamp("2022-06-14")
KEY = ["scope", "level", "segment"]
PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}

Line = tuple[str, str, float, float]


def held(*lines: Line, entity: str = "trust", rates: dict[str, float] | None = None, **more: object) -> pd.DataFrame:
    """Holdings from (account, instrument, quantity, price); an instrument says its class: EQ.A, BOND.B, CASH.USD.

    Its last part may name a currency after @: EQ.A@EUR.
    """
    rows = [_line(*line, entity=entity, rates=rates or {}) for line in lines]
    return inexact(
        book.Holdings.frame(
            pd.DataFrame(rows, columns=list(_line("a", "CASH.USD", 1, 1, entity="", rates={}))).assign(**more)
        )
    )


def _line(account: str, name: str, quantity: float, price: float, *, entity: str, rates: dict[str, float]) -> dict:
    currency = name.rpartition("@")[2] if "@" in name else name.removeprefix("CASH.") if "CASH." in name else "USD"
    kinds = {"CASH": "cash", "FUND": "private_fund", "ASSET": "appraised_asset", "DEBT": "liability"}
    family = name.partition(".")[0]
    rate = rates.get(currency, 1.0)
    return {
        "account_id": account, "instrument_id": name, "entity_id": entity, "asset_class": family.lower(),
        "currency": currency, "quantity": quantity, "price_local": price, "fx_rate": rate, "accrued_local": 0,
        "market_value_local": quantity * price, "market_value_base": round(quantity * price * rate, 2),
        "is_priced": True, "is_stale": False, "has_break": False, "holding_kind": kinds.get(family, "security"),
    }  # fmt: skip


def moves(*rows: tuple[str, str, str | None, float | None, float]) -> pd.DataFrame:
    """Movements from (account, kind, instrument, quantity, cash)."""
    names = ["account_id", "transaction_kind", "instrument_id", "quantity", "cash_local"]
    frame = pd.DataFrame(rows, columns=names).assign(
        transaction_id=[str(number) for number in range(len(rows))],
        trade_date=DAY, statement_date=DAY, currency="USD", source="bank", **PLACE,
    )  # fmt: skip
    return inexact(book.Transactions.frame(frame))


def capital(called: float | None, distributed: float = 0.0, **more: object) -> pd.DataFrame:
    """One fund's account, F of account p."""
    row = {
        "account_id": "p", "fund_id": "F", "entity_id": "trust", "currency": "USD", "nav_date": DAY, "nav_stated": 0,
        "calls_since_local": 0, "distributions_since_local": 0, "called_local": called,
        "distributed_local": distributed,
    }  # fmt: skip
    return inexact(book.PrivateCapital.frame([row | more]))


NO_FUNDS, NO_FEES = inexact(book.PrivateCapital.frame()), inexact(book.Fees.frame())


def run(
    today: pd.DataFrame, before: pd.DataFrame, transactions: pd.DataFrame | None = None, **more: object
) -> pd.DataFrame:
    """Performance by key."""
    given = {
        "private_capital": NO_FUNDS, "private_capital_previous": NO_FUNDS, "day": DAY,
        "fees": NO_FEES, "fees_previous": NO_FEES,
        "performance_previous": inexact(Performance.frame()),
    }  # fmt: skip
    made = performance(
        holdings=today, holdings_previous=before,
        transactions=moves() if transactions is None else transactions, **given | more,
    )  # fmt: skip
    return inexact(Performance.validate(made)).set_index(KEY).sort_index()


TOTAL = ("trust", "total", "total")
EQUITY, CASH = ("trust", "asset_class", "eq"), ("trust", "asset_class", "cash")
UNASSIGNED = ("trust", "asset_class", "unassigned")


def test_a_price_that_rises_is_a_gain_and_a_deposit_is_not() -> None:
    before = held(("a", "EQ.A", 10, 10), ("a", "CASH.USD", 100, 1))
    today = held(("a", "EQ.A", 10, 11), ("a", "CASH.USD", 150, 1))
    found = run(today, before, moves(("a", "deposit", None, None, 50)))
    assert found.loc[TOTAL, "external_flow_base"] == 50
    assert found.loc[TOTAL, "return_net_1d"] == pytest.approx(10 / 200)
    assert found.loc[EQUITY, "return_net_1d"] == pytest.approx(0.1)
    assert found.loc[CASH, "return_net_1d"] == 0
    assert found.loc[TOTAL, "is_large_flow"]


def test_a_purchase_is_a_flow_between_classes_and_its_cost_is_borne_by_the_security() -> None:
    before = held(("a", "EQ.A", 10, 10), ("a", "CASH.USD", 100, 1))
    today = held(("a", "EQ.A", 15, 10), ("a", "CASH.USD", 48, 1))
    found = run(today, before, moves(("a", "buy", "EQ.A", 5, -52)))
    assert found.loc[TOTAL, "external_flow_base"] == 0
    assert found.loc[TOTAL, "gain_base"] == -2
    assert found.loc[EQUITY, "external_flow_base"] == 52
    assert found.loc[EQUITY, "return_net_1d"] == pytest.approx(-0.02)
    assert found.loc[CASH, "gain_base"] == 0


def test_a_purchase_that_nobody_reported_moves_at_the_day_s_value_and_its_cost_is_unassigned() -> None:
    before = held(("a", "EQ.A", 10, 10), ("a", "CASH.USD", 100, 1))
    today = held(("a", "EQ.A", 15, 10), ("a", "CASH.USD", 48, 1))
    found = run(today, before)
    assert found.loc[TOTAL, "gain_base"] == -2
    assert found.loc[EQUITY, "gain_base"] == 0
    assert found.loc[UNASSIGNED, "gain_base"] == -2
    assert found.loc[UNASSIGNED, "reason"] == "no_capital"


def test_a_dividend_is_income_of_what_paid_it_and_its_tax_is_less_of_it() -> None:
    before = held(("a", "EQ.A", 10, 10), ("a", "CASH.USD", 100, 1))
    today = held(("a", "EQ.A", 10, 9.5), ("a", "CASH.USD", 104, 1))
    found = run(today, before, moves(("a", "dividend", "EQ.A", None, 5), ("a", "tax", "EQ.A", None, -1)))
    assert found.loc[EQUITY, "gain_base"] == pytest.approx(-1)
    assert found.loc[TOTAL, "gain_base"] == pytest.approx(-1)
    assert found.loc[CASH, "gain_base"] == 0


def test_interest_on_money_is_the_money_s_own_and_a_fee_parts_gross_from_net() -> None:
    before = held(("a", "CASH.USD", 1000, 1))
    found = run(
        held(("a", "CASH.USD", 999, 1)), before, moves(("a", "interest", None, None, 2), ("a", "fee", None, None, -3))
    )
    assert found.loc[CASH, "return_gross_1d"] == pytest.approx(0.002)
    assert found.loc[TOTAL, "return_gross_1d"] == pytest.approx(0.002)
    assert found.loc[TOTAL, "return_net_1d"] == pytest.approx(-0.001)
    assert found.loc[TOTAL, "fee_paid_base"] == 3


def test_a_transfer_between_two_accounts_of_one_owner_is_a_flow_of_each_and_none_of_the_owner() -> None:
    before = held(("a", "EQ.A", 10, 10), ("b", "EQ.A", 10, 10))
    today = held(("a", "EQ.A", 6, 12), ("b", "EQ.A", 14, 12))
    found = run(today, before, moves(("a", "transfer_out", "EQ.A", -4, 0), ("b", "transfer_in", "EQ.A", 4, 0)))
    flows = found["external_flow_base"]
    assert flows[("trust", "account", "a")] == -48
    assert flows[("trust", "account", "b")] == 48
    assert flows[TOTAL] == 0
    assert found.loc[
        [TOTAL, ("trust", "account", "a"), ("trust", "account", "b")], "return_net_1d"
    ].tolist() == pytest.approx([0.2] * 3)


def test_a_return_abroad_is_made_of_the_local_one_and_the_rate_s() -> None:
    before = held(("a", "EQ.A@EUR", 10, 10), rates={"EUR": 1.0})
    found = run(held(("a", "EQ.A@EUR", 10, 11), rates={"EUR": 1.2}), before).loc[TOTAL]
    assert found["return_local_1d"] == pytest.approx(0.1)
    assert found["return_fx_1d"] == pytest.approx(0.2)
    assert found["return_gross_1d"] == pytest.approx(0.32)


def test_a_call_reaches_the_fund_and_a_new_statement_is_a_gain() -> None:
    before, today = held(("p", "FUND.F", 1, 100)), held(("p", "FUND.F", 1, 135))
    found = run(today, before, private_capital=capital(220), private_capital_previous=capital(200)).loc[TOTAL]
    assert found["external_flow_base"] == 20
    assert found["return_net_1d"] == pytest.approx(0.15)
    rolled = {"calls_since_local": 20.0}
    unknown = {"private_capital": capital(None, **rolled), "private_capital_previous": capital(None)}
    assert run(today, before, **unknown).loc[TOTAL, "external_flow_base"] == 20


def test_borrowing_is_a_flow_and_a_debt_alone_has_no_return() -> None:
    before = held(("a", "CASH.USD", 100, 1), ("d", "DEBT.L", -1, 50))
    found = run(
        held(("a", "CASH.USD", 130, 1), ("d", "DEBT.L", -1, 80)), before, moves(("a", "deposit", None, None, 30))
    )
    assert found.loc[TOTAL, "external_flow_base"] == 0
    assert found.loc[TOTAL, "return_net_1d"] == 0
    assert found.loc[("trust", "asset_class", "debt"), "reason"] == "no_capital"


def test_an_account_that_appears_comes_in_at_its_value() -> None:
    before = held(("a", "EQ.A", 10, 10))
    today = held(("a", "EQ.A", 10, 11), ("b", "EQ.A", 100, 11), ("b", "CASH.USD", 7, 1))
    found = run(today, before, moves(("b", "deposit", None, None, 7)))
    assert found.loc[TOTAL, "return_net_1d"] == pytest.approx(0.1)
    assert found.loc[TOTAL, "external_flow_base"] == 1107
    assert found.loc[("trust", "account", "b"), "return_net_1d"] == 0
    gone = run(before, held(("a", "EQ.A", 10, 10), ("b", "EQ.A", 100, 10)))
    assert gone.loc[TOTAL, "return_net_1d"] == 0


def test_a_line_that_loses_its_price_is_left_out_and_is_no_loss() -> None:
    before = held(("a", "EQ.A", 10, 10), ("a", "EQ.B", 10, 10))
    today = held(("a", "EQ.A", 10, 11), ("a", "EQ.B", 10, 10))
    unpriced = today.assign(market_value_base=today["market_value_base"].where(today["instrument_id"] == "EQ.A"))
    found = run(unpriced, before).loc[TOTAL]
    assert found["return_net_1d"] == pytest.approx(0.1)
    assert found["unpriced_count"] == 1


def test_all_that_is_lost_is_a_reason_and_no_return() -> None:
    found = run(held(("a", "EQ.A", 10, 0)), held(("a", "EQ.A", 10, 10))).loc[TOTAL]
    assert found["reason"] == "total_loss"
    assert pd.isna(found["return_net_1d"])
    assert pd.isna(found["index_net"])


def test_a_stale_statement_says_so() -> None:
    lines = held(("a", "EQ.A", 10, 10), is_stale=True)
    assert run(lines, lines).loc[TOTAL, "is_stale"]


def days_of(prices: list[float], days: list[str]) -> list[pd.DataFrame]:
    """Performance day by day of many shares at these prices."""
    found, before, known = [], held(), inexact(Performance.frame())
    for price, day in zip(prices, days, strict=True):
        today = held(("a", "EQ.A", 100_000, price))
        found.append(run(today, before, day=pd.Timestamp(day), performance_previous=known))
        known, before = found[-1].reset_index(), today
    return found


def test_days_link_from_inception_and_months_and_years_begin_anew() -> None:
    days = ["2021-12-30", "2021-12-31", "2022-01-03", "2022-01-04", "2022-02-01", "2022-02-02"]
    rows = [frame.loc[TOTAL] for frame in days_of([10, 11, 12.1, 13.31, 14.641, 16.1051], days)]
    assert rows[0]["inception_date"] == pd.Timestamp("2021-12-29")
    assert [row["index_net"] for row in rows] == pytest.approx([1.1**n for n in range(6)])
    assert rows[2]["return_net_ytd"] == pytest.approx(0.21), "the close of 31 December, on the morning of 3 January"
    assert rows[3]["return_net_ytd"] == pytest.approx(0.1)
    assert rows[5]["return_net_mtd"] == pytest.approx(0.1)
    assert rows[5]["return_net_ytd"] == pytest.approx(1.1**3 - 1)
    assert rows[5]["return_net_annual"] != rows[5]["return_net_annual"]
    assert [row["return_dietz_mtd"] for row in rows[1:]] == pytest.approx([row["return_net_mtd"] for row in rows[1:]])


def test_a_record_is_annualised_from_one_year_on() -> None:
    rows = [frame.loc[TOTAL] for frame in days_of([10, 11, 12.1], ["2021-06-14", "2022-06-10", "2022-06-14"])]
    assert pd.isna(rows[1]["return_net_annual"])
    years = (pd.Timestamp("2022-06-13") - pd.Timestamp("2021-06-11")).days / 365.25
    assert rows[2]["return_net_annual"] == pytest.approx(1.21 ** (1 / years) - 1)


def test_a_record_ends_with_a_total_loss_and_a_new_one_begins() -> None:
    rows = [
        frame.loc[TOTAL] for frame in days_of([10, 0, 0, 5], ["2022-06-10", "2022-06-13", "2022-06-14", "2022-06-15"])
    ]
    assert rows[1]["reason"] == "total_loss"
    assert rows[2]["reason"] == "no_capital"
    assert pd.isna(rows[2]["inception_date"])


def test_modified_dietz_of_the_month_weighs_a_flow_by_the_days_that_it_was_there() -> None:
    lines = [held(("a", "CASH.USD", amount, 1)) for amount in (1000, 1100, 1110)]
    first = run(lines[0], held(), day=pd.Timestamp("2022-06-02")).reset_index()
    second = run(
        lines[1], lines[0], moves(("a", "deposit", None, None, 100)),
        day=pd.Timestamp("2022-06-07"), performance_previous=first,
    ).reset_index()  # fmt: skip
    third = run(
        lines[2], lines[1], moves(("a", "interest", None, None, 10)),
        day=pd.Timestamp("2022-06-14"), performance_previous=second,
    ).loc[TOTAL]  # fmt: skip
    start, flow, end = pd.Timestamp("2022-06-01"), pd.Timestamp("2022-06-06"), pd.Timestamp("2022-06-13")
    weight = (end - flow) / (end - start)
    assert third["return_dietz_mtd"] == pytest.approx(10 / (1000 + 100 * weight), rel=1e-9)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50), st.integers(-20, 20)), min_size=1, max_size=4),
    st.integers(-500, 500),
)
def test_gains_of_classes_sum_to_the_owner_s_whatever_is_traded(
    lines: list[tuple[int, int, int]], deposit: int
) -> None:
    names = [
        f"{family}.{number}" for number, family in zip(range(len(lines)), ("EQ", "BOND", "EQ", "GOLD"), strict=False)
    ]
    before = held(
        ("a", "CASH.USD", 10_000, 1),
        *(("a", name, line[0] + 25, line[1]) for name, line in zip(names, lines, strict=True)),
    )
    spent = sum(line[2] * line[1] * 1.01 for line in lines)
    today = held(
        ("a", "CASH.USD", 10_000 + deposit - spent, 1),
        *(("a", name, line[0] + 25 + line[2], line[1] + 1) for name, line in zip(names, lines, strict=True)),
    )
    reported = [("a", "buy", name, line[2], -line[2] * line[1] * 1.01) for name, line in zip(names, lines, strict=True)]
    found = run(today, before, moves(("a", "deposit", None, None, deposit), *reported[::2]))
    classes = found.loc[("trust", "asset_class")]
    for column in ("gain_base", "external_flow_base", "end_value_base"):
        assert classes[column].sum() == pytest.approx(found.loc[TOTAL, column], abs=0.05)
    assert found.loc[TOTAL, "external_flow_base"] == pytest.approx(deposit)
    pd.testing.assert_frame_equal(
        found, run(today[::-1], before[::-1], moves(*reported[::2], ("a", "deposit", None, None, deposit))), rtol=1e-12
    )


def bills(*rows: tuple[str, str, float], **more: object) -> pd.DataFrame:
    """Fees of the trust's ledger from (number, day charged, amount), paid outside unless `more` says otherwise."""
    usual = {"account_id": "books", "entity_id": "trust", "currency": "USD", "fx_rate": 1, "fee_standing": "outside"}
    listed = [dict(zip(("fee_id", "charged_date", "fee_local"), row, strict=True)) | usual | more for row in rows]
    return inexact(book.Fees.frame([row | {"source": "ledger"} | PLACE for row in listed]))


def with_fees(*fees: pd.DataFrame, gain: float = 0.0) -> list[pd.DataFrame]:
    """Sessions of 13 June and after of 1,000 dollars, which earn `gain` on each, with the fees known on each."""
    amounts = [1000 + gain * number for number in range(len(fees) + 1)]
    today = held(("a", "CASH.USD", amounts[0], 1))
    found = [run(today, held(), day=pd.Timestamp("2022-06-10"))]
    known = NO_FEES
    for number, (day, own) in enumerate(zip(pd.bdate_range("2022-06-13", periods=len(fees)), fees, strict=True), 1):
        before, today = today, held(("a", "CASH.USD", amounts[number], 1))
        earned = moves(("a", "interest", None, None, gain))
        given = {"fees": own, "fees_previous": known, "performance_previous": found[-1].reset_index(), "day": day}
        found.append(run(today, before, earned, **given))
        known = own
    return found[1:]


def test_a_fee_that_was_paid_outside_is_net_of_the_owner_s_return_and_of_no_account_s() -> None:
    plain, found = with_fees(NO_FEES, gain=20)[0], with_fees(bills(("1", "2022-06-10", 5)), gain=20)[0]
    for scope in ("trust", "office"):
        row = found.loc[(scope, "total", "total")]
        assert (row["return_gross_1d"], row["return_net_1d"]) == pytest.approx((0.02, 0.015))
        assert (row["fee_outside_base"], row["fee_paid_base"], row["gain_base"]) == (5, 0, 20)
        assert row["return_dietz_mtd"] == pytest.approx(0.015)
    parts = found[found.index.get_level_values("level") != "total"]
    assert (parts["fee_outside_base"] == 0).all()
    assert (parts["return_net_1d"] == parts["return_gross_1d"]).all()
    kept = [name for name in found if "net" not in name and name not in ("fee_outside_base", "return_dietz_mtd")]
    kept = [name for name in kept if not name.startswith("mtd_flow")]
    pd.testing.assert_frame_equal(found[kept], plain[kept], check_exact=True)


def test_a_fee_counts_once_when_it_is_known_and_a_correction_by_its_difference() -> None:
    days = with_fees(bills(("1", "2022-06-10", 5)), bills(("1", "2022-06-10", 5)), bills(("1", "2022-06-10", 7)))
    assert [day.loc[TOTAL, "fee_outside_base"] for day in days] == [5, 0, 2]
    assert days[-1].loc[TOTAL, "index_net"] == pytest.approx(0.995 * 0.998)
    late = with_fees(NO_FEES, bills(("1", "2022-06-10", 5)))
    assert [day.loc[TOTAL, "fee_outside_base"] for day in late] == [0, 5]


def test_a_fee_is_given_back_when_an_account_turns_out_to_have_paid_it() -> None:
    days = with_fees(bills(("1", "2022-06-10", 5)), bills(("1", "2022-06-10", 5), fee_standing="repeated"))
    assert [day.loc[TOTAL, "fee_outside_base"] for day in days] == [5, -5]


def test_a_fee_counts_on_no_session_before_it_is_charged_nor_when_it_was_charged_before_the_record() -> None:
    coming = bills(("1", "2022-06-13", 5))
    assert [day.loc[TOTAL, "fee_outside_base"] for day in with_fees(coming, coming)] == [0, 5]
    assert with_fees(bills(("1", "2022-06-09", 5)))[0].loc[TOTAL, "fee_outside_base"] == 0
    first = run(held(("a", "CASH.USD", 1000, 1)), held(), fees=bills(("1", "2022-06-13", 5))).loc[TOTAL]
    assert (first["fee_outside_base"], first["return_net_1d"]) == (0, 0)


def test_a_fee_in_another_currency_counts_at_the_session_s_rate() -> None:
    assert with_fees(bills(("1", "2022-06-10", 5), currency="EUR", fx_rate=1.2))[0].loc[TOTAL, "fee_outside_base"] == 6


@pytest.mark.parametrize("standing", ["account", "fund", "repeated", "undecided"])
def test_a_fee_that_was_not_paid_outside_is_not_deducted_and_one_that_is_undecided_is_counted(standing: str) -> None:
    rate = None if standing == "undecided" else 1
    row = with_fees(bills(("1", "2022-06-10", 5), fee_standing=standing, fx_rate=rate), gain=20)[0].loc[TOTAL]
    assert row["return_net_1d"] == row["return_gross_1d"]
    assert row["undecided_count"] == (standing == "undecided")


def test_a_fee_larger_than_all_that_is_owned_is_a_total_loss() -> None:
    assert with_fees(bills(("1", "2022-06-10", 1000)))[0].loc[TOTAL, "reason"] == "total_loss"


@settings(max_examples=5, deadline=None)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=3), st.integers(-50, 50))
def test_net_returns_are_never_above_gross_ones_and_link_over_sessions(charged: list[float], gain: int) -> None:
    dates = pd.bdate_range("2022-06-10", periods=len(charged)).strftime("%Y-%m-%d")
    rows = [(date, date, round(fee, 2)) for date, fee in zip(dates, charged, strict=True)]
    days = [day.loc[TOTAL] for day in with_fees(*(bills(*rows[: n + 1]) for n in range(len(rows))), gain=gain)]
    index = 1.0
    for number, (day, row) in enumerate(zip(days, rows, strict=True)):
        start = 1000 + gain * number
        assert day["return_net_1d"] == pytest.approx((gain - row[2]) / start, abs=1e-12)
        assert day["return_net_1d"] <= day["return_gross_1d"]
        assert (day["return_net_1d"] == day["return_gross_1d"]) == (row[2] == 0)
        index *= 1 + day["return_net_1d"]
    assert days[-1]["index_net"] == pytest.approx(index, abs=1e-12)


def test_an_empty_office_has_no_rows() -> None:
    assert run(held(), held()).empty
