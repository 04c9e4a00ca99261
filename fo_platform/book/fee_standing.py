"""Where every fee was paid, so that each is deducted from returns once. What was charged, and when, belongs to fees.

account: the account has money of its own, and paid. fund: a private fund charged it inside its value. repeated: listed
without an account that pays, and an account of the same owner paid the same amount, currency and kind within
`SAME_DAYS`; of two alike the earliest is taken, each once. undecided, with the reason: only the kind differs
(same_amount); nobody is named who charged it (no_payee), or a custodian of the owner's is, who may have taken it in
other amounts (custodian_payee); or its currency has no rate (no_rate). outside: any other, paid from outside the book.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fo_platform.book.amounts import is_true

ACCOUNT, FUND, OUTSIDE, REPEATED, UNDECIDED = "account", "fund", "outside", "repeated", "undecided"

SAME_DAYS = 15
"""Days between an invoice and its payment; of equal monthly charges, one further away is another month's."""

STANDING = ["fee_standing", "fee_id_same", "reason"]

_OF_OWNER = ["entity_id", "currency", "fee_local"]


def stood(
    fees: pd.DataFrame, accounts: pd.DataFrame, cash: pd.DataFrame, private_capital: pd.DataFrame
) -> pd.DataFrame:
    """Fees with STANDING. fees: book.Fees, `account` where a movement of the account says so, with today's fx_rate."""
    paying = accounts[accounts["account_id"].isin(cash["account_id"])]
    is_paid = is_true(fees["fee_standing"] == ACCOUNT) | fees["account_id"].isin(paying["account_id"])
    funds = pd.concat([private_capital["fund_name"], private_capital["fund_id"]]).dropna()
    payee = _plain(fees["description"])
    is_fund = ~is_paid & (payee.isin(_plain(funds)) | fees["account_id"].isin(private_capital["account_id"]))
    listed, paid = fees[~is_paid & ~is_fund], fees[is_paid]
    same = _pairs(listed, paid, [*_OF_OWNER, "fee_kind"])
    is_open = ~listed["fee_id"].isin(list(same)), ~paid["fee_id"].isin(list(same.values()))
    alike = _pairs(listed[is_open[0]], paid[is_open[1]], _OF_OWNER)
    owner = pd.MultiIndex.from_arrays([fees["entity_id"], payee])
    custodians = pd.MultiIndex.from_arrays([paying["entity_id"], _plain(paying["custodian"])])
    doubts = {
        "same_amount": fees["fee_id"].isin(list(alike)),
        "no_payee": payee.isna(),
        "custodian_payee": pd.Series(owner.isin(custodians)),
        "no_rate": fees["fx_rate"].isna(),
    }
    decided = {ACCOUNT: is_paid, FUND: is_fund, REPEATED: fees["fee_id"].isin(list(same))}
    reason = _first(doubts).mask(np.any(list(decided.values()), axis=0))
    standing = _first(decided | {UNDECIDED: reason.notna()}).fillna(OUTSIDE)
    return fees.assign(fee_standing=standing, fee_id_same=fees["fee_id"].map(same | alike), reason=reason)


def _first(conditions: Mapping[str, pd.Series]) -> pd.Series:
    """The name of the first condition that holds of every row, unknown where none does."""
    found = np.select([holds.to_numpy() for holds in conditions.values()], list(conditions), "")
    return pd.Series(found, dtype=pd.StringDtype("pyarrow")).replace("", pd.NA)


def _plain(names: pd.Series) -> pd.Series:
    """Names as they are compared: without case, and blanks for the underscores of our own."""
    return names.str.strip().str.casefold().str.replace("_", " ")


def _pairs(listed: pd.DataFrame, paid: pd.DataFrame, alike: list[str]) -> dict[str, str]:
    """For listed fees the paid one that is alike, each once, by fee_id; both in the order charged."""
    columns = [*alike, "charged_date", "fee_id"]
    free: dict[tuple[object, ...], list[tuple[pd.Timestamp, str]]] = {}
    for *key, date, fee_id in paid[columns].sort_values(columns[-2:]).itertuples(index=False, name=None):
        free.setdefault(tuple(key), []).append((date, fee_id))
    pairs: dict[str, str] = {}
    for *key, date, fee_id in listed[columns].dropna().sort_values(columns[-2:]).itertuples(index=False, name=None):
        others = free.get(tuple(key), [])
        near = [other for other in others if abs((other[0] - date).days) <= SAME_DAYS]
        if near:
            others.remove(near[0])
            pairs[fee_id] = near[0][1]
    return pairs
