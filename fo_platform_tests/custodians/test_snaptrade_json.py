"""SnapTrade's holdings and activities: what its nesting, its signs and its own total mean."""

import json
from pathlib import Path

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HOLDINGS = (Path(__file__).parent / "snaptrade_json" / "holdings.rest").read_bytes()
MOVE = {
    "id": "t", "symbol": {"symbol": "KO", "currency": {"code": "USD"}}, "option_symbol": None, "option_type": "",
    "type": "BUY", "price": 1, "units": 1, "amount": -1, "trade_date": "2022-06-10", "settlement_date": None,
}  # fmt: skip


def moved(**members: object) -> dict[str, str]:
    found = parse(json.dumps([{**MOVE, **members}]).encode())
    assert (found.format, found.verdict) == ("snaptrade_json", "clean"), found.reason
    return found.records[0].fields


def held(**members: object) -> Parsed:
    return parse(json.dumps({**json.loads(HOLDINGS), **members}).encode())


@pytest.mark.parametrize(
    ("label", "units", "money", "kind", "quantity"),
    [
        ("BUY", 2, -10, "buy", "2"),
        ("SELL", 2, 10, "sell", "-2"),
        ("SELL", -2, 10, "sell", "-2"),
        ("REI", 2, -10, "buy", "2"),
        ("DIVIDEND", 2, 10, "dividend", None),
        ("SUBSTITUTE_DIVIDEND", 0, 10, "dividend", None),
        ("STOCK_DIVIDEND", 2, 0, "other", "2"),
        ("INTEREST", 0, 10, "interest", None),
        ("FEE", 0, -10, "fee", None),
        ("TAX", 0, -10, "tax", None),
        ("CONTRIBUTION", 0, 10, "deposit", None),
        ("WITHDRAWAL", 0, -10, "withdrawal", None),
        ("TRANSFER", 0, -10, "transfer_out", "0"),
        ("EXTERNAL_ASSET_TRANSFER_IN", 2, 0, "transfer_in", "2"),
        ("OPTIONEXPIRATION", -1, 0, "other", "-1"),
    ],
)
def test_every_activity_is_what_it_does(label: str, units: int, money: int, kind: str, quantity: str | None) -> None:
    found = moved(type=label, units=units, amount=money)
    assert (found["kind"], found.get("quantity"), found["amount"]) == (kind, quantity, str(money))


def test_an_activity_without_a_date_or_a_currency_is_refused() -> None:
    for members in ({"trade_date": None}, {"symbol": None}):
        assert parse(json.dumps([{**MOVE, **members}]).encode()).verdict == "quarantined"


def test_more_activities_than_the_answer_counts_are_refused() -> None:
    pages = {total: json.dumps({"data": [MOVE, MOVE], "pagination": {"total": total}}).encode() for total in (1, 2, 3)}
    verdicts = {total: parse(page).verdict for total, page in pages.items()}
    assert verdicts == {1: "quarantined", 2: "clean", 3: "incomplete"}


def test_an_answer_that_breaks_off_anywhere_is_never_clean() -> None:
    data = HOLDINGS.rstrip()
    assert {parse(data[:at], "snaptrade_json").verdict for at in range(0, len(data), 3)} == {"quarantined"}


def test_every_holding_points_at_its_own_object() -> None:
    for record in parse(HOLDINGS).records:
        source = json.loads(HOLDINGS[record.offset : record.offset + record.length])
        assert str(source.get("units", source.get("cash"))) in record.fields.values()


def test_a_mini_option_is_of_ten_shares() -> None:
    (option,) = json.loads(HOLDINGS)["option_positions"]
    option["symbol"]["option_symbol"]["is_mini_option"] = True
    found = held(option_positions=[option])
    assert [record.fields["multiplier"] for record in found.records if "multiplier" in record.fields] == ["10"]


def test_a_cash_equivalent_is_not_counted_beside_the_cash_that_holds_it() -> None:
    found = parse(HOLDINGS)
    assert "MMF" not in {record.fields.get("symbol") for record in found.records}
    assert any("cash equivalent" in problem.what for problem in found.problems)


def test_a_total_that_is_off_is_remarked_on_as_snaptrade_reckons_it_itself() -> None:
    found = held(total_value={"value": 1275.51, "currency": "USD"})
    assert (found.verdict, found.controls) == ("clean", ())
    assert found.problems[-1].what == "total value: the file states 1275.51, its rows give 1275.5"
    assert held(total_value={"value": "much", "currency": "USD"}).verdict == "quarantined"


def test_a_total_in_another_currency_than_the_rows_is_left_alone() -> None:
    for stated in ({"value": 1, "currency": "EUR"}, None):
        found = held(total_value=stated)
        assert (found.verdict, found.controls) == ("clean", ())


def test_a_holding_without_a_currency_or_units_is_refused() -> None:
    for members in ({"symbol": {"symbol": {"symbol": "KO"}}, "units": 1}, {"currency": {"code": "USD"}}):
        assert held(positions=[members]).verdict == "quarantined"


def test_the_day_is_that_of_the_last_look_at_the_broker() -> None:
    assert {record.statement_date.isoformat() for record in parse(HOLDINGS).records if record.statement_date} == {
        "2022-06-13"
    }
    account = {"id": "a-1", "sync_status": {"holdings": {"last_successful_sync": "soon"}}, "brokerage_authorization": 1}
    assert held(account=account).verdict == "quarantined"
