"""What is stated for accounts that policy does not know. Differences within known accounts do not belong here."""

import pandas as pd

from fo_platform import ids, units
from fo_platform.book.amounts import constant, sum_by
from fo_platform.book.holdings import KEY
from fo_platform.book.value import with_rates
from fo_platform.identify import CASH, UNKNOWN, identify
from fo_platform.records import NO_CURRENCY, POINTERS, unpack

_SENTENCE = (
    "The custodian states {} in an account that policy does not declare and our book has 0: "
    "declare the account in custodians.yaml or ask the custodian to stop sending it."
)
_AMOUNTS = ["quantity_stated", "cash_stated", "value_local"]


def account_breaks(
    raw_records: pd.DataFrame,
    identifiers: pd.DataFrame,
    accounts: pd.DataFrame,
    fx_rates: pd.DataFrame,
    day: pd.Timestamp,
) -> pd.DataFrame:
    """Holdings and money of unknown accounts, one row a line, so that none is lost.

    The account is named by a digest: the custodian's own number stays in policy and the archive alone.
    """
    strange = _of_unknown_accounts(raw_records, accounts)
    if strange.empty:
        return strange
    lines = pd.concat([_securities(strange, identifiers, day), _money(strange)], ignore_index=True)
    rows = sum_by(lines[[*KEY, "currency", *_AMOUNTS, "statement_date", *POINTERS]], KEY, _AMOUNTS)
    rated = with_rates(rows.assign(base_currency=accounts["base_currency"].min()), fx_rates, day)
    return rated.assign(
        break_class="ACCOUNT",
        materiality_base=units.convert(rated["value_local"].abs(), rated["fx_rate"]),
        explanation=[_SENTENCE.format(stated) for stated in _stated(rated)],
    )


def _of_unknown_accounts(raw_records: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    known = pd.MultiIndex.from_frame(accounts[["custodian", "account_id_source"]])
    named = raw_records[raw_records["account_id_source"].notna()]
    strange = named[~pd.MultiIndex.from_frame(named[["source", "account_id_source"]]).isin(known)]
    pairs = strange[["source", "account_id_source"]].itertuples(index=False)
    digests = [UNKNOWN + ids.short_id(*pair) for pair in pairs]
    return strange.assign(account_id=pd.Series(digests, strange.index, dtype=pd.StringDtype("pyarrow")))


def _securities(records: pd.DataFrame, identifiers: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    rows = unpack(records, "position")
    return rows.assign(
        instrument_id=identify(rows, identifiers, day),
        quantity_stated=rows["quantity"].fillna(rows["quantity_settled"]),
        cash_stated=constant(None, rows.index, units.MONEY),
        value_local=rows["market_value"],
    )


def _money(records: pd.DataFrame) -> pd.DataFrame:
    rows = unpack(records, "cash")
    stated = rows["amount"].fillna(rows["amount_settled"])
    return rows.assign(
        instrument_id=CASH + rows["currency"].fillna(NO_CURRENCY),
        currency=rows["currency"].fillna(NO_CURRENCY),
        quantity_stated=constant(None, rows.index, units.QUANTITY),
        cash_stated=stated,
        value_local=stated,
    )


def _stated(rows: pd.DataFrame) -> list[str]:
    pairs = zip(rows["quantity_stated"], rows["cash_stated"], strict=True)
    return [units.plain(money if quantity is pd.NA else quantity) for quantity, money in pairs]
