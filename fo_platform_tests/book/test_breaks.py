"""Breaks: one a line, classified, weighed, aged; and none where only time has passed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd
import pytest

from fo_platform.book.breaks import reconciliation_breaks
from fo_platform.book.cash import cash
from fo_platform.book.positions import positions
from fo_platform.book.tax_lots import tax_lots
from fo_platform.book.transactions import transactions
from fo_platform.contracts.book import Cash, Positions, ReconciliationBreaks, TaxLots, Transactions
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import DAY, PREVIOUS, SWISS, lot, position, record

D = Decimal
NEXT = pd.Timestamp("2022-06-16")
CLOSES = {"KO": "60", "NESN": "100", "UST": "101.5"}
NO_HISTORY = pd.DataFrame({"break_id": [], "first_seen_date": []})


@dataclass(frozen=True)
class Day:
    """The book of a morning."""

    positions: pd.DataFrame = field(default_factory=Positions.frame)
    cash: pd.DataFrame = field(default_factory=Cash.frame)
    lots: pd.DataFrame = field(default_factory=TaxLots.frame)
    breaks: pd.DataFrame = field(default_factory=ReconciliationBreaks.frame)


EMPTY = Day()


def _on(
    day: pd.Timestamp,
    records: Iterable[frames.Row] = (),
    before: Day = EMPTY,
    *,
    fills: Iterable[frames.Row] = (),
    history: pd.DataFrame = NO_HISTORY,
) -> Day:
    raw, known, accounts = frames.raw(records), frames.identifiers(), frames.accounts()
    common = {"fills_known": frames.fills(fills), "day": day, "previous_session": day - pd.offsets.BDay(1)}
    instruments = frames.instruments()
    moves = transactions(raw, known, accounts, Transactions.frame(), day=day)
    held = positions(raw, known, accounts, before.positions, moves, **common)
    money = cash(raw, accounts, before.cash, moves, instruments, **common)
    lots = tax_lots(raw, known, accounts, before.lots, held, instruments=instruments, **common)
    breaks = reconciliation_breaks(
        held,
        money,
        lots,
        moves,
        raw,
        identifiers=known,
        accounts=accounts,
        instruments=instruments,
        prices=frames.prices(CLOSES, price_date=day - pd.offsets.BDay(1)),
        fx_rates=frames.fx_rates(),
        limits=frames.limits(),
        fills_known=common["fills_known"],
        break_history=history,
        day=day,
    )
    return Day(held, money, lots, ReconciliationBreaks.validate(breaks))


def _holding(name: str, quantity: int, settled: int | None = None, **more: str) -> list[frames.Row]:
    """A holding of the US custodian on the second day with its lot."""
    both = {"quantity_settled": str(quantity if settled is None else settled)}
    return [
        position(name, str(quantity), statement=DAY, **both, **more),
        lot(name, f"L-{name}", str(quantity), statement=DAY),
    ]


OPENED = [
    *(position(name, "100", quantity_settled="100") for name in ("KO", "UST")),
    *(lot(name, f"L-{name}", "100") for name in ("KO", "UST")),
    record("cash", currency="USD", amount="1000"),
    position("NESN", "50", of=SWISS, currency="CHF"),
    record("cash", of=SWISS, currency="CHF", amount="70"),
]
SECOND = [
    *_holding("KO", 110, 100),
    *_holding("UST", 100),
    record("cash", statement=DAY, currency="USD", amount="400"),
    record(
        "transaction",
        statement=DAY,
        kind="buy",
        date="2022-06-15",
        amount="-600",
        quantity="10",
        currency="USD",
        isin="ISIN-KO",
    ),
    position("NESN", "50", of=SWISS, statement=DAY, currency="CHF"),
    record("cash", of=SWISS, statement=DAY, currency="CHF", amount="70"),
]
BOUGHT = [{"quantity": "10", "price_local": "60", "trade_date": DAY, "settlement_date": "2022-06-17"}]


@pytest.fixture(scope="module")
def opening() -> Day:
    """The first day of both accounts."""
    return _on(DAY, OPENED)


def _cells(day: Day, *names: str) -> dict[tuple[str, str], tuple[object, ...]]:
    return {
        (row["account_id"], row["instrument_id"]): tuple(row[name] for name in names) if names else row["break_class"]
        for row in day.breaks.to_dict("records")
    }


def test_a_day_on_which_everything_agrees_has_no_break(opening: Day) -> None:
    assert opening.breaks.empty
    assert _on(NEXT, SECOND, opening, fills=BOUGHT).breaks.empty


def test_a_missing_file_is_stale_and_not_a_break(opening: Day) -> None:
    day = _on(NEXT, SECOND[-2:], opening, fills=BOUGHT)
    assert day.positions.set_index("account_id").at["foundation_us", "is_stale"].all()
    assert day.breaks.empty


@pytest.mark.parametrize(
    ("row", "key", "instrument", "break_class"),
    [
        (0, "quantity", "KO", "QUANTITY"),
        (0, "quantity_settled", "KO", "QUANTITY"),
        (1, "quantity", "KO", "LOT"),
        (3, "quantity", "UST", "LOT"),
        (5, "quantity", "KO", "TRADE"),
        (6, "quantity", "NESN", "QUANTITY"),
    ],
)
def test_changing_one_quantity_by_one_gives_exactly_one_break(
    row: int, key: str, instrument: str, break_class: str, opening: Day
) -> None:
    records = [dict(record) for record in SECOND]
    payload = json.loads(str(records[row]["payload"]))
    records[row]["payload"] = json.dumps({**payload, key: str(int(payload[key]) + 1)})
    (found,) = _on(NEXT, records, opening, fills=BOUGHT).breaks.to_dict("records")
    assert (found["instrument_id"], found["break_class"]) == (instrument, break_class)
    assert abs(found["quantity_difference"]) == 1
    assert found["account_id"] == ("trust_swiss" if instrument == "NESN" else "foundation_us")


def test_differences_of_quantity_are_told_apart() -> None:
    opened = _on(DAY, [position(name, "100", of=SWISS) for name in ("KO", "NESN", "UST")] + [position("KO", "100")])
    swiss = {"KO": "-100", "NESN": "1000", "UST": "0"}
    stated = [position(name, quantity, of=SWISS, statement=DAY) for name, quantity in swiss.items()]
    day = _on(NEXT, [*stated, position("KO", "99", statement=DAY), position("UST", "7", statement=DAY)], opened)
    assert _cells(day) == {
        ("trust_swiss", "KO"): "SIGN",
        ("trust_swiss", "NESN"): "QUANTITY_FACTOR",
        ("trust_swiss", "UST"): "MISSING_AT_CUSTODIAN",
        ("foundation_us", "KO"): "QUANTITY",
        ("foundation_us", "UST"): "MISSING_IN_BOOK",
    }


def test_a_break_says_both_numbers_the_remedy_and_what_it_is_worth_in_base_currency(opening: Day) -> None:
    records = [position("NESN", "40", of=SWISS, statement=DAY, currency="CHF")]
    (found,) = _on(NEXT, records, opening).breaks.to_dict("records")
    assert found["explanation"] == (
        "The custodian states 40 with 0 pending where our book has 50: "
        "ask the custodian for a restated file or book the missing movement."
    )
    assert found["materiality_base"] == D("1050.00")
    assert (found["quantity_stated"], found["quantity_book"], found["quantity_difference"]) == (D(40), D(50), D(-10))
    assert (found["line"], found["severity"], found["statement_date"]) == (1, "warn", DAY)


def test_a_large_difference_is_critical_and_so_is_one_that_nobody_can_price(opening: Day) -> None:
    large = _on(NEXT, [position("NESN", "1050", of=SWISS, statement=DAY)], opening)
    assert _cells(large, "severity") == {("trust_swiss", "NESN"): ("critical",)}
    unknown = _on(DAY, [position("XX", "1", of=SWISS)])
    assert _cells(unknown, "break_class", "severity") == {
        ("trust_swiss", "UNKNOWN.ISIN-XX"): ("IDENTIFIER", "critical")
    }


def test_a_holding_without_identifier_is_worth_what_the_custodian_says() -> None:
    day = _on(DAY, [position("XX", "1", of=SWISS, market_value="200.00", currency="CHF")])
    assert _cells(day, "materiality_base", "severity") == {("trust_swiss", "UNKNOWN.ISIN-XX"): (D("210.00"), "warn")}


def test_cash_may_be_off_by_rounding_and_no_more(opening: Day) -> None:
    def stated(amount: str) -> dict[tuple[str, str], tuple[object, ...]]:
        records = [*SECOND[:4], record("cash", statement=DAY, currency="USD", amount=amount)]
        return _cells(_on(NEXT, records, opening, fills=BOUGHT), "break_class", "cash_difference", "materiality_base")

    assert stated("405.00") == {}
    assert stated("394.99") == {("foundation_us", "CASH.USD"): ("CASH", D("-5.01"), D("5.01"))}


def test_a_custodian_s_purchase_that_is_not_ours_shows_in_holding_and_cash(opening: Day) -> None:
    day = _on(NEXT, SECOND, opening)
    assert _cells(day) == {("foundation_us", "KO"): "QUANTITY", ("foundation_us", "CASH.USD"): "CASH"}


def test_holdings_and_money_of_an_undeclared_account_are_breaks_without_its_number() -> None:
    stranger = {**SWISS, "account": "SECRET-1"}
    records = [
        position("KO", "10", of=stranger, market_value="600"),
        record("cash", of=stranger, currency="CHF", amount="10"),
    ]
    day = _on(DAY, records)
    assert sorted(day.breaks["instrument_id"]) == ["CASH.CHF", "KO"]
    assert set(day.breaks["break_class"]) == {"ACCOUNT"}
    assert sorted(day.breaks["materiality_base"]) == [D("10.50"), D("600.00")]
    assert not day.breaks.astype(str).apply(lambda cells: cells.str.contains("SECRET")).any(axis=None)


def test_a_value_that_is_not_quantity_times_price_is_a_break_unless_it_includes_the_accrued() -> None:
    def valued(market_value: str) -> dict[tuple[str, str], str]:
        bond = {"price": "101.5", "price_basis": "per_100", "accrued": "250.00", "market_value": market_value}
        return _cells(_on(DAY, [position("UST", "10000", of=SWISS, **bond)]))

    assert valued("10150.00") == valued("10400.00") == {}
    assert valued("1015.00") == {("trust_swiss", "UST"): "VALUE"}


def test_a_price_off_the_market_is_information_if_it_matters() -> None:
    def priced(quantity: str, price: str) -> dict[tuple[str, str], tuple[object, ...]]:
        return _cells(_on(DAY, [position("KO", quantity, of=SWISS, price=price)]), "break_class", "severity")

    assert priced("10000", "62") == {("trust_swiss", "KO"): ("PRICE", "info")}
    assert priced("10000", "60.5") == priced("100", "62") == {}


def test_a_break_keeps_its_identity_and_first_day_while_its_class_changes(opening: Day) -> None:
    missing = [position("UST", "1", of=SWISS, statement=DAY)]
    first = _on(NEXT, missing, opening).breaks.set_index("instrument_id").loc["NESN"]
    history = pd.DataFrame({"break_id": [first["break_id"]], "first_seen_date": [NEXT.date()]})
    sign = [position("NESN", "-50", of=SWISS, statement=PREVIOUS), position("UST", "1", of=SWISS, statement=PREVIOUS)]
    monday = pd.Timestamp("2022-06-21")
    later = [{**row, "statement_date": pd.Timestamp("2022-06-17")} for row in sign]
    again = _on(monday, later, opening, history=history).breaks.set_index("instrument_id").loc["NESN"]
    assert (first["break_class"], again["break_class"]) == ("MISSING_AT_CUSTODIAN", "SIGN")
    assert again["break_id"] == first["break_id"]
    assert (again["first_seen_date"], again["age_sessions"]) == (NEXT, 2)


def test_the_order_of_records_changes_no_break(opening: Day) -> None:
    records = [*SECOND[1:], position("XX", "3", of=SWISS, statement=DAY)]
    names = ["break_id", "break_class", "explanation", "materiality_base"]
    forwards, backwards = (_on(NEXT, rows, opening, fills=BOUGHT).breaks[names] for rows in (records, records[::-1]))
    assert len(forwards) == 2
    pd.testing.assert_frame_equal(forwards, backwards)


def test_an_empty_office_has_no_breaks() -> None:
    assert EMPTY.breaks.empty
    assert _on(DAY).breaks.empty
