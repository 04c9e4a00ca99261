"""What brokers' exports of holdings say in their several layouts."""

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed

POSITIONS = "Symbol,Description,Quantity,Last Price,Current Value,Cost Basis Total"


def read(*lines: str) -> Parsed:
    found = parse("\n".join((*lines, "")).encode())
    assert found.verdict == "clean", found.reason
    return found


def rows(*lines: str) -> list[dict[str, str]]:
    return [record.fields for record in read(*lines).records]


def test_fidelity_s_holdings_are_their_account_s_name_s_where_it_has_no_number() -> None:
    found = read(f"Account name,{POSITIONS}", "Trust,KO,COLA,10,$60,$600,$500", "Joint,KO,COLA,1,$60,$60,$50")
    assert [s.account for s in found.statements] == ["Trust", "Joint"]
    joined = read(f"Account Name/Number,{POSITIONS}", "Trust X12345678,KO,COLA,10,$60,$600,$500")
    assert [s.account for s in joined.statements] == ["X12345678"]


def test_a_plan_s_sum_of_the_brokerage_account_linked_to_it_does_not_count_twice() -> None:
    head, plan = f"Account Number,Account Name,{POSITIONS}", "417,PLAN 401(K),,BROKERAGELINK,600,$1.00,$600.00,$600.00"
    linked = "652,BrokerageLink,KO,COLA,10,$60,$600,$500"
    found = read(head, plan, linked)
    assert (found.verdict, [r.fields["symbol"] for r in found.records]) == ("clean", ["KO"])
    (alone,) = rows(head, plan)
    assert (alone["description"], alone["market_value"]) == ("BROKERAGELINK", "600")


def test_fidelity_s_pending_activity_may_be_of_no_value_yet() -> None:
    (pending,) = rows(
        f"Account Number,Account Name,{POSITIONS}", "X1,Trust,Pending Activity,,,,$12.00,", "X1,T,Pending activity,,,,,"
    )
    assert pending["amount"] == "12"


def test_schwab_s_money_in_futures_is_part_of_the_account_and_a_cost_may_be_incomplete() -> None:
    found = read(
        "Symbol,Description,Qty (Quantity),Price,Mkt Val (Market Value),Cost Basis,Price Chng $ (Price Change $)",
        'KO,COLA,10,60.00,"$600.00",Incomplete,...',
        "Futures Cash,--,--,--,$30.00,--,--",
        "Futures Positions Market Value,--,--,--,-$5.00,--,--",
        "Cash & Money Market,--,--,--,-$100.00,--,--",
        "Account Total,,--,--,$525.00,--,--",
    )
    held, *money = (record.fields for record in found.records)
    assert (found.verdict, [fields["amount"] for fields in money]) == ("clean", ["30", "-5", "-100"])
    assert "cost" not in held


@pytest.mark.parametrize(
    "head",
    [
        "Product,Symbool/ISIN,Aantal,Slotkoers,Lokale waarde,Waarde in EUR",
        "Product,Symbol/ISIN,Amount,Closing,Local value,Value in CHF",
    ],
)
def test_degiro_s_older_portfolio_has_currency_and_value_in_one_cell(head: str) -> None:
    money, held = read(
        head, 'CASH & CASH FUND (EUR),,,,EUR -143.20,"-143,20"', 'COLA,US1912161007,10,"60,50",USD 605.00,"550,00"'
    ).records
    assert (money.kind, money.fields["currency"], money.fields["amount"]) == ("cash", "EUR", "-143.2")
    assert [held.fields[name] for name in ("quantity", "price", "currency", "market_value")] == [
        "10",
        "60.5",
        "USD",
        "605",
    ]
