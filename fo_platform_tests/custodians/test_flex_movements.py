"""What trades and transfers of a Flex statement do to units and money."""

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

FILE = (
    '<FlexQueryResponse><FlexStatements count="1"><FlexStatement accountId="U1" toDate="20220613">{rows}'
    "</FlexStatement></FlexStatements></FlexQueryResponse>"
)
MOVED = (
    '<Transfer accountId="U1" currency="USD" assetCategory="{category}" symbol="{symbol}" conid="{conid}" '
    'date="2022-06-10" dateTime="2022-06-10;093000" settleDate="2022-06-14" type="INTERNAL" direction="{direction}" '
    'account="U2" quantity="{quantity}" positionAmount="{value}" cashTransfer="{cash}" transactionID="{name}" />'
)


def read(*rows: str) -> Parsed:
    parsed = parse(FILE.format(rows="".join(rows)).encode(), "ibkr_flex")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def moved(direction: str, quantity: str = "0", cash: str = "0", name: str = "T1") -> str:
    facts = {"category": "STK", "symbol": "KO", "conid": "8894", "value": "120"}
    money = {"category": "CASH", "symbol": "--", "conid": "", "value": "0"}
    about = money if quantity == "0" else facts
    return MOVED.format(direction=direction, quantity=quantity, cash=cash, name=name, **about)


def test_what_comes_from_another_account_or_goes_to_it_is_a_transfer() -> None:
    arrived, left, paid = (
        record.fields for record in read(moved("IN", "2"), moved("OUT", "-2"), moved("OUT", cash="-5")).records
    )
    assert [fields["kind"] for fields in (arrived, left, paid)] == ["transfer_in", "transfer_out", "transfer_out"]
    assert (arrived["quantity"], arrived["conid"], arrived["date"], arrived["other_account"]) == (
        "2",
        "8894",
        "2022-06-10",
        "U2",
    )
    assert ("amount" in arrived, paid["amount"], "symbol" in paid) == (False, "-5", False)


def test_totals_count_transfers_neither_among_trades_nor_among_cash() -> None:
    totals = read(moved("IN", "2"), moved("OUT", cash="-5")).totals()
    assert [totals[name] for name in ("trades", "cash_transactions", "cash_transactions_sum")] == [0, 0, {}]


def test_a_transfer_without_direction_goes_where_its_sign_points() -> None:
    kinds_of = [record.fields["kind"] for record in read(moved("", "-2"), moved("", cash="5")).records]
    assert kinds_of == ["transfer_out", "transfer_in"]


def test_a_transfer_that_moves_nothing_is_none_and_one_that_cannot_be_read_is_a_fault() -> None:
    assert read('<Transfer levelOfDetail="TRANSFER" />').records == ()
    assert "Transfer" in parse(FILE.format(rows=moved("IN", "two")).encode(), "ibkr_flex").reason


def traded(**attributes: str) -> dict[str, str]:
    stated = {"currency": "USD", "symbol": "KO", "assetCategory": "STK", "tradeDate": "20220613", **attributes}
    (record,) = read("<Trade " + "".join(f'{name}="{text}" ' for name, text in stated.items()) + "/>").records
    return record.fields


def test_a_trade_that_states_no_cash_moves_its_proceeds_less_what_was_paid_out_of_them() -> None:
    sold = {"quantity": "-2", "proceeds": "120", "ibCommission": "-1", "taxes": "-0.5", "buySell": "SELL"}
    assert traded(**sold)["amount"] == "118.5"
    assert traded(**sold, ibCommissionCurrency="USD")["amount"] == "118.5"
    assert traded(**sold, ibCommissionCurrency="EUR")["amount"] == "119.5"
    assert traded(**sold, netCash="118")["amount"] == "118"
    assert traded(**{**sold, "assetCategory": "CASH"})["amount"] == "120"


@pytest.mark.parametrize(
    ("side", "quantity", "kind"), [("BUY (Ca.)", "-2", "sell"), ("SELL (Ca.)", "2", "buy"), ("BUY", "2", "buy")]
)
def test_a_cancelled_trade_without_money_goes_the_way_that_its_units_go(side: str, quantity: str, kind: str) -> None:
    assert traded(buySell=side, quantity=quantity)["kind"] == kind
    assert traded(buySell=side, quantity=quantity, netCash="5")["kind"] == side.split(maxsplit=1)[0].lower()
