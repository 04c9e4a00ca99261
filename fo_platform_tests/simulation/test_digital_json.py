"""What the digital-asset custodian writes, its reader reads: every coin to the last of eighteen decimals."""

import json
from datetime import date
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from fo_platform.custodians.parse import parse
from fo_platform.simulation.writers.digital_json import Balance, Vault, digital_json, digital_pages

DAY = date(2022, 6, 14)
ETHER = Balance(
    Decimal("12.000000000000000001"), Decimal("8.5"), Decimal("0"), Decimal("1.5"), Decimal("2.000000000000000001")
)
COIN = Balance(Decimal("0.73"), Decimal("0.73"), Decimal(0), Decimal(0), Decimal(0))
AMOUNTS = st.decimals(0, 10**9, places=18, allow_nan=False)


def test_an_account_comes_back_asset_by_asset() -> None:
    found = parse(digital_json("17", DAY, {"ETH": ETHER, "BTC": COIN}), "fireblocks_json")
    assert found.verdict == "clean", found.reason
    (statement,) = found.statements
    assert (statement.account, statement.statement_date) == ("17", DAY)
    names = ("symbol", "quantity", "available", "frozen", "lockedAmount", "staked")
    assert [tuple(record.fields[name] for name in names) for record in statement.records] == [
        ("ETH", "12.000000000000000001", "8.5", "1.5", "2.000000000000000001", "2.000000000000000001"),
        ("BTC", "0.73", "0.73", "0", "0", "0"),
    ]


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=5))
def test_every_balance_is_read_exactly(parts: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    with localcontext(prec=60):
        balances = {
            f"COIN{place}": Balance(available + frozen + staked, available, Decimal(0), frozen, staked)
            for place, (available, frozen, staked) in enumerate(parts)
        }
        found = parse(digital_json("17", DAY, balances), "fireblocks_json")
    assert found.verdict == "clean", found.reason
    assert [Decimal(record.fields["quantity"]) for record in found.records] == [b.total for b in balances.values()]
    assert [Decimal(record.fields["staked"]) for record in found.records] == [b.staked for b in balances.values()]


def test_pages_wait_for_each_other_and_count_their_accounts() -> None:
    vaults = [Vault(str(number), "Famille Müller", {"BTC": COIN}) for number in range(5)]
    pages = digital_pages(vaults, DAY, size=2)
    assert [json.loads(page)["count"] for page in pages] == [2, 2, 1]
    assert [parse(page).verdict for page in pages] == ["incomplete"] * 3
    parts = [parse(page).statements[0].part for page in pages]
    assert [(part.number, part.is_last) for part in parts if part] == [(1, False), (2, False), (3, True)]


def test_a_custodian_without_accounts_writes_one_empty_page() -> None:
    (page,) = digital_pages([], DAY)
    found = parse(page)
    assert (found.verdict, found.totals()["positions"]) == ("clean", 0)
