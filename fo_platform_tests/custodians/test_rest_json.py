"""JSON of custodians: exact numbers, exact places, and what each of them means by its signs."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.custodians._draft import Draft
from fo_platform.custodians._json import parsed_value, values
from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

HERE = Path(__file__).parent
GOOD = {
    name: (HERE / name / file).read_bytes()
    for name, file in {
        "alpaca_json": "positions.rest",
        "coinbase_json": "balances.rest",
        "fireblocks_json": "one_page.rest",
        "plaid_json": "transactions.rest",
        "snaptrade_json": "activities.rest",
    }.items()
}
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def vault(**asset: str) -> bytes:
    assets = [{"id": "BTC", "total": "1", **asset}]
    page = {"vaultAccounts": [{"id": "0", "assets": assets}], "asOf": "2022-06-13", "page": 1, "pages": 1, "count": 1}
    return json.dumps(page).encode()


def alpaca(**members: str) -> bytes:
    held = {"asset_id": "a", "symbol": "KO", "qty": "1", "avg_entry_price": "1", "market_value": "2", "side": "long"}
    return json.dumps([{**held, **members}]).encode()


def activity(**members: str) -> bytes:
    return json.dumps([{"id": "1", "account_id": "A", "date": "2022-06-10", **members}]).encode()


def moved(**members: str) -> dict[str, str]:
    found = parse(activity(**members))
    assert found.verdict == "clean", found.reason
    return found.records[0].fields


def refused(data: bytes) -> Parsed:
    found = parse(data)
    assert found.verdict == "quarantined"
    return found


@given(st.dictionaries(st.text(max_size=6), TREES, max_size=4), st.integers(0, 3), st.booleans())
def test_every_value_is_found_where_it_stands(tree: dict[str, object], indent: int, is_ascii: bool) -> None:  # noqa: FBT001
    data = json.dumps(tree, indent=indent or None, ensure_ascii=is_ascii).encode()
    found = [(value.is_element, json.loads(data[value.start : value.end])) for value in values(Draft("x", data))]
    flat = [
        pair
        for held in tree.values()
        for pair in ([(True, inner) for inner in held] if isinstance(held, list) else [(False, held)])
    ]
    assert found == flat


@given(st.text("0123456789.eE+-", min_size=1, max_size=40))
def test_a_number_is_kept_as_it_is_written(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        return
    assert parsed_value(text.encode(), 0, len(text)) == text


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_breaks_off_anywhere_is_never_clean(name: str) -> None:
    data = GOOD[name].rstrip()
    assert {parse(data[:at], name).verdict for at in range(0, len(data), 3)} == {"quarantined"}


@pytest.mark.parametrize("name", GOOD)
def test_every_record_points_at_its_own_object(name: str) -> None:
    for record in parse(GOOD[name]).records:
        source = json.loads(GOOD[name][record.offset : record.offset + record.length])
        assert isinstance(source, dict)
        assert record.fields.get("quantity", "0").lstrip("-") in json.dumps(source) or "total" in source


def test_eighteen_decimals_are_kept_and_nineteen_refused() -> None:
    (record,) = parse(vault(total="12345678901234567890.123456789012345678")).records
    assert record.fields["quantity"] == "12345678901234567890.123456789012345678"
    assert "more than 20 digits" in refused(vault(total="0.1234567890123456789")).reason


@pytest.mark.parametrize("total", ["-1", "NaN", "1,000", "", "0x10", "1e99"])
def test_a_balance_that_is_none_is_refused(total: str) -> None:
    assert refused(vault(total=total)).records == ()


def test_an_asset_or_a_vault_that_stands_twice_is_refused() -> None:
    asset = b'{"id": "BTC", "total": "1"}'
    assert "the asset BTC stands twice" in refused(vault().replace(asset, asset + b"," + asset)).reason
    account = b'{"id": "0", "assets": [' + asset + b"]}"
    twice = vault().replace(account, account + b"," + account).replace(b'"count": 1', b'"count": 2')
    assert "the vault account 0 stands twice" in refused(twice).reason


def test_a_page_that_contradicts_itself_is_refused() -> None:
    assert "contradicts" in refused(vault().replace(b'"count": 1', b'"count": 1, "next": "p2"')).reason
    assert "no valid number" in refused(vault().replace(b'"page": 1', b'"page": 2')).reason


def test_the_answer_of_the_service_itself_is_read_and_held_while_more_follows() -> None:
    page = {"accounts": [{"id": "0", "hiddenOnUI": False, "assets": [{"id": "BTC", "total": "1"}]}], "paging": {}}
    assert parse(json.dumps(page).encode()).verdict == "clean"
    assert parse(json.dumps({**page, "paging": {"after": "abc"}}).encode()).verdict == "incomplete"


def test_what_is_short_is_below_zero_however_it_is_written() -> None:
    for quantity in ("3", "-3"):
        (record,) = parse(alpaca(side="short", qty=quantity)).records
        assert (record.fields["quantity"], record.fields["side"]) == ("-3", "SHORT")


def test_a_currency_that_the_file_does_not_settle_is_left_out() -> None:
    data = alpaca().replace(b'"side"', b'"usd": {"market_value": "9"}, "side"')
    assert "currency" not in parse(data).records[0].fields
    assert parse(alpaca()).records[0].fields["currency"] == "USD"


@pytest.mark.parametrize(
    ("label", "money", "kind"),
    [
        ("CSD", "5", "deposit"),
        ("CSW", "-5", "withdrawal"),
        ("DIV", "5", "dividend"),
        ("DIVNRA", "-5", "tax"),
        ("INT", "5", "interest"),
        ("FEE", "-5", "fee"),
        ("JNLC", "-5", "transfer_out"),
        ("ACATC", "5", "transfer_in"),
        ("SPIN", "0", "other"),
    ],
)
def test_every_activity_is_what_it_does_to_money(label: str, money: str, kind: str) -> None:
    found = moved(activity_type=label, net_amount=money)
    assert (found["kind"], found["amount"]) == (kind, money)


def test_a_fill_moves_price_times_quantity() -> None:
    fill = {"activity_type": "FILL", "qty": "3", "price": "1.25", "side": "buy", "symbol": "KO"}
    assert (moved(**fill)["amount"], moved(**{**fill, "side": "sell_short"})["quantity"]) == ("-3.75", "-3")
    closed = moved(**{**fill, "side": "buy_to_close"})
    assert (closed["kind"], closed["quantity"]) == ("buy", "3")
    assert moved(**{**fill, "symbol": "KO220715C00060000"})["amount"] == "-375"


@pytest.mark.parametrize(("quantity", "kind"), [("200", "buy"), ("-200", "sell")])
def test_shares_that_an_option_delivers_are_traded(quantity: str, kind: str) -> None:
    found = moved(activity_type="OPTRD", symbol="KO", qty=quantity, price="60", net_amount="-12000")
    assert (found["kind"], found["quantity"]) == (kind, quantity)


def test_a_member_that_we_do_not_know_is_kept_and_reported_once() -> None:
    data = alpaca(mood="calm")
    found = parse(data[:-1] + b"," + data[1:])
    assert [problem.what for problem in found.problems] == ["the member mood is not known to us: it is kept as it is"]
    assert [record.fields["mood"] for record in found.records] == ["calm", "calm"]


def test_money_that_goes_out_is_positive_in_plaid_and_negative_here() -> None:
    found = {r.fields["kind"]: r.fields["amount"] for r in parse(GOOD["plaid_json"]).records}
    assert found == {"dividend": "6.16", "sell": "300", "buy": "-6.2"}


def test_a_holding_of_an_unknown_security_is_refused() -> None:
    data = (
        (HERE / "plaid_json/holdings.rest")
        .read_bytes()
        .replace(b'"security_id": "S1", "isin"', b'"security_id": "S9", "isin"')
    )
    assert "no security is called 'S1'" in refused(data).reason


def test_pending_movements_of_a_bank_are_not_booked() -> None:
    rows = [
        {
            "account_id": "A",
            "transaction_id": str(n),
            "date": "2022-06-10",
            "amount": 5.5,
            "iso_currency_code": "USD",
            "pending": n > 0,
        }
        for n in range(2)
    ]
    page = {"accounts": [{"account_id": "A", "type": "depository"}], "transactions": rows, "total_transactions": 2}
    found = parse(json.dumps(page).replace('"type": "depository"', '"type": "x"').encode())
    assert [(r.fields["amount"], r.fields["kind"]) for r in found.records] == [("-5.5", "withdrawal")]
    assert [problem.what for problem in found.problems] == ["the item is left out: it is pending"]
