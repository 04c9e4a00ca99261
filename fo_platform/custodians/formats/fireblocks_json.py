"""Fireblocks vault accounts and their assets, JSON in pages that count themselves. Walking JSON belongs to _json."""

from datetime import date

from fo_platform.custodians._draft import Draft, Format
from fo_platform.custodians._json import (
    Members,
    Value,
    elements,
    member_start,
    parsed_object,
    parsed_value,
    text_of,
    values,
)
from fo_platform.custodians._rest import AGAIN, UNIT, Row, Taken, day_of, numbers, required
from fo_platform.custodians.records import Control, Part, check_parts

_LISTS = ("vaultAccounts", "accounts", "")
_BALANCES = ("total", "available", "pending", "frozen", "lockedAmount", "staked")
_KNOWN_ASSET = (
    *_BALANCES, "id", "balance", "blockHeight", "blockHash", "maxBip44AddressIndexUsed",
    "maxBip44ChangeAddressIndexUsed",
    "totalStakedCPU", "totalStakedNetwork", "selfStakedCPU", "selfStakedNetwork", "pendingRefundCPU",
    "pendingRefundNetwork", "rewardsInfo", "allocatedBalances", "creationTimestamp",
)  # fmt: skip
_INTEGERS, _DECIMALS = 20, 18
"""Digits on either side of the point that a balance may have."""


def sniff(head: bytes) -> bool:
    """Whether vault accounts with assets are listed, in an envelope or bare."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{") and b'"vaultAccounts"' in text:
        return True
    is_list = text.startswith(b"[") or (text.startswith(b"{") and b'"accounts"' in text)
    return is_list and all(name in text for name in (b'"assets"', b'"hiddenOnUI"'))


def read(draft: Draft) -> None:
    """Every asset of every vault account as a position; the page's count is proved, and pages are held together."""
    head = _envelope(draft)
    taken = Taken(draft, "settle", _as_of(draft, head))
    vaults: set[str] = set()
    for value in values(draft):
        if value.is_element and value.name in _LISTS:
            _read_vault(taken, value, vaults)
    _prove(draft, head, len(vaults))
    taken.state()
    draft.stated["items"] = len(vaults)
    _page(draft, head)


def _envelope(draft: Draft) -> dict[str, Value]:
    return {value.name: value for value in values(draft) if not value.is_element}


def _member(draft: Draft, head: dict[str, Value], name: str) -> object:
    """What the envelope says under a name; a member that is no JSON is a fault."""
    if name not in head:
        return None
    value = head[name]
    try:
        return parsed_value(draft.data, value.start, value.end)
    except ValueError as error:
        draft.fault(value.start, f"{name}: {error}", AGAIN)
        return None


def _as_of(draft: Draft, head: dict[str, Value]) -> date | None:
    found = _member(draft, head, "asOf")
    try:
        return day_of(found) if isinstance(found, str) else None
    except ValueError as error:
        draft.fault(head["asOf"].start, f"asOf: {error}", AGAIN)
        return None


def _read_vault(taken: Taken, value: Value, vaults: set[str]) -> None:
    """One vault account, asset by asset; a list of assets in it twice, or the vault twice, is refused."""
    draft = taken.draft
    try:
        account = required(parsed_object(draft.data, value.start, value.end), "id")
        if account in vaults:
            raise ValueError(f"the vault account {account[:40]} stands twice")
        start = member_start(draft.data, value, "assets")
        if draft.data[start : start + 1] != b"[":
            raise ValueError("it lists no assets")
    except ValueError as error:
        draft.fault(value.start, f"vault account: {error}", AGAIN)
        return
    vaults.add(account)
    taken.statement(account)
    assets: set[str] = set()
    for asset in elements(draft.data, start, "asset"):
        taken.take(asset, lambda members: _asset(taken, members, account, assets))


def _asset(taken: Taken, members: Members, account: str, assets: set[str]) -> Row:
    symbol = required(members, "id")
    if symbol in assets:
        raise ValueError(f"the asset {symbol[:40]} stands twice")
    assets.add(symbol)
    found = numbers(members, {name: name for name in _BALANCES})
    for name, text in found.items():
        _check_balance(name, text)
    if "total" not in found:
        raise ValueError("total is missing")
    quantity = found["total"]
    fields = {
        **taken.others(members, _KNOWN_ASSET),
        **found,
        **UNIT,
        "symbol": symbol,
        "quantity": quantity,
        "side": "LONG",
    }
    return Row("position", "position", fields, account)


def _check_balance(name: str, text: str) -> None:
    whole, _, part = text.partition(".")
    if text.startswith("-"):
        raise ValueError(f"{name} is below zero")
    if len(whole) > _INTEGERS or len(part) > _DECIMALS:
        raise ValueError(f"{name} has more than {_INTEGERS} digits before or {_DECIMALS} behind the point")


def _prove(draft: Draft, head: dict[str, Value], actual: int) -> None:
    expected = _member(draft, head, "count")
    if expected is not None:
        control = Control("count", str(expected), str(actual), str(expected) == str(actual))
        draft.prove(control, draft.controls, head["count"].start, AGAIN)


def _page(draft: Draft, head: dict[str, Value]) -> None:
    """Which page this is of how many; a further one is named by `next` or, in the bare answer, by `paging.after`."""
    paging = _member(draft, head, "paging")
    after = text_of(paging, "after") if isinstance(paging, dict) else ""
    number, pages = (str(_member(draft, head, name) or "") for name in ("page", "pages"))
    if not number and not pages:
        if after or _member(draft, head, "next"):
            draft.hold("A page of several: held until the others have arrived.")
        return
    if not (number.isdecimal() and pages.isdecimal() and 1 <= int(number[:9]) <= int(pages[:9])):
        draft.fault(
            head.get("page", head.get("pages", Value("", False, 0, 0))).start, "the page has no valid number", AGAIN
        )
        return
    if "next" in head and (int(number) < int(pages)) != bool(_member(draft, head, "next")):
        draft.fault(head["next"].start, f"page {number} of {pages} contradicts what it says of the next one", AGAIN)
    if pages != "1" and draft.statements:
        _hold(draft, int(number), int(pages))


def _hold(draft: Draft, number: int, pages: int) -> None:
    first = draft.statements[0]
    first.part = Part(number, number == pages, ("vaultAccounts", str(first.statement_date or ""), str(pages)))
    verdict, reason, _ = check_parts([first.part])
    for statement in draft.statements:
        statement.page, statement.complete = f"{number}/{pages}", verdict == "clean"
    if verdict == "incomplete":
        draft.hold(reason)


FORMAT = Format("fireblocks_json", sniff, read, "Fireblocks vault accounts and their balances, JSON pages")
