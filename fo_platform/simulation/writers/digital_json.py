"""The digital-asset custodian's JSON: vault accounts and their balances, in pages that count their accounts.

Who holds what belongs to the office; securities belong to the other writers.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

PAGE = 100
"""Vault accounts that one page holds."""

_DECIMALS = Decimal(1).scaleb(-18)


class Balance(NamedTuple):
    """One asset of a vault account, in whole coins; all but the total are parts of it."""

    total: Decimal
    available: Decimal
    pending: Decimal
    frozen: Decimal
    staked: Decimal


class Vault(NamedTuple):
    """A vault account and its balances by asset."""

    account_id: str
    name: str
    balances: Mapping[str, Balance]


def digital_json(account_id: str, statement_date: date, balances: Mapping[str, Balance]) -> bytes:
    """The one page of one vault account at the end of a day."""
    return digital_pages([Vault(account_id, f"Vault {account_id}", balances)], statement_date)[0]


def digital_pages(vaults: Sequence[Vault], statement_date: date, size: int = PAGE) -> list[bytes]:
    """Every page of the vault accounts at the end of a day; there is one page even where there is no account."""
    pages = [vaults[start : start + size] for start in range(0, len(vaults), size)] or [[]]
    return [_page(page, statement_date, (number, len(pages))) for number, page in enumerate(pages, start=1)]


def _page(vaults: Sequence[Vault], statement_date: date, place: tuple[int, int]) -> bytes:
    number, pages = place
    page = {
        "vaultAccounts": [_account(vault) for vault in vaults],
        "asOf": f"{statement_date}T23:59:59Z",
        "page": number,
        "pages": pages,
        "count": len(vaults),
        "next": None if number == pages else f"page-{number + 1}",
    }
    return json.dumps(page, indent=1, ensure_ascii=False).encode() + b"\n"


def _account(vault: Vault) -> dict[str, object]:
    assets = [_asset(asset, balance) for asset, balance in vault.balances.items()]
    return {"id": vault.account_id, "name": vault.name, "hiddenOnUI": False, "assets": assets}


def _asset(asset: str, balance: Balance) -> dict[str, str]:
    """Amounts as text with all eighteen decimals; what is locked is what is neither available, pending nor frozen."""
    locked = balance.total - balance.available - balance.pending - balance.frozen
    assert locked >= 0
    parts = {**balance._asdict(), "lockedAmount": locked}
    return {"id": asset, **{name: format(amount.quantize(_DECIMALS), "f") for name, amount in parts.items()}}
