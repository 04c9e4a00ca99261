"""Our own lots as frames: which holdings move, where new lots come from. One holding's arithmetic is in own_lots."""

from collections.abc import Iterator

import pandas as pd

from fo_platform import ids
from fo_platform.book.amounts import is_nonzero, or_zero, sum_by, summed
from fo_platform.book.holdings import KEY
from fo_platform.book.own_lots import Basis, moved_lots
from fo_platform.contracts.book import TaxLots
from fo_platform.lots import Lot
from fo_platform.records import POINTERS

LOT_KEY = [*KEY, "lot_id"]
ORIGIN = ["currency", "statement_date", *POINTERS]


def office_lots(previous: pd.DataFrame, trades: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """book.TaxLots of ours: yesterday's where they still sum to our book, moved where they do not or where we traded.

    previous: book.TaxLots. trades: fill legs with cash_local. held: book.Positions with basis_quantity, basis_cost and
    basis_date, what the statement says that the holding cost.
    """
    sums = summed(previous, KEY, column="quantity", name="quantity_before")
    both = held.merge(sums, how="left", on=KEY, validate="one_to_one")
    is_equal = (or_zero(both["quantity_before"]) == both["quantity_book"]).astype("bool")
    is_quiet = is_equal & ~_index(both).isin(_index(trades))
    quiet = previous[_index(previous).isin(_index(both[is_quiet]))]
    if is_quiet.all():
        return TaxLots.frame(quiet)
    moved = _moved(previous, _fills(trades), both[~is_quiet])
    return TaxLots.frame(pd.concat([quiet, moved]).assign(lot_authority="office"))


def _fills(trades: pd.DataFrame) -> pd.DataFrame:
    """Fills as the lots they open or relieve, corrections netted; what was paid, fee included, is the cost."""
    ordered = trades.sort_values(["trade_date", "root"], kind="stable")
    columns = [*KEY, "root", "trade_date", "quantity", "cash_local"]
    net = sum_by(ordered[columns], [*KEY, "root"], ["quantity", "cash_local"])
    made = [ids.short_id("fill", *key) for key in net[[*KEY, "root"]].itertuples(index=False)]
    named = net.assign(lot_id=made, cost_local=-net["cash_local"]).rename(columns={"trade_date": "acquired_date"})
    return named[is_nonzero(net["quantity"])]


def _moved(previous: pd.DataFrame, fills: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Lots of the given holdings after their fills; one that no fill opened comes from the holding's statement."""
    cells = list(_cells(_by_holding(previous), _by_holding(fills), held))
    lots = pd.DataFrame(cells, columns=[*LOT_KEY, "acquired_date", "quantity", "cost_local"])
    typed = lots.astype(dict.fromkeys(LOT_KEY, pd.StringDtype("pyarrow"))).astype({"acquired_date": "datetime64[ns]"})
    known = typed.merge(previous[[*LOT_KEY, *ORIGIN]], how="left", on=LOT_KEY, validate="one_to_one")
    both = known.merge(held[[*KEY, *ORIGIN]], how="left", on=KEY, validate="many_to_one", suffixes=("", "_new"))
    is_new = both["currency"].isna()
    is_stated = is_new & ~both["lot_id"].isin(fills["lot_id"])
    origins = {name: both[name].mask(is_stated, both[f"{name}_new"]) for name in ORIGIN}
    stated = both.assign(**origins | {"currency": both["currency"].mask(is_new, both["currency_new"])})
    return TaxLots.frame(stated[[name for name in TaxLots.fields() if name in stated]])


def _cells(
    before: dict[tuple[str, str], list[Lot]], fills: dict[tuple[str, str], list[Lot]], held: pd.DataFrame
) -> Iterator[tuple[object, ...]]:
    for row in held.to_dict("records"):
        key = (row["account_id"], row["instrument_id"])
        basis = Basis(row["basis_quantity"], row["basis_cost"], row["basis_date"].date())
        for lot in moved_lots(before.get(key, []), fills.get(key, []), row["quantity_book"], basis):
            yield (*key, lot.lot_id, lot.acquired_date, lot.quantity, lot.cost_local)


def _by_holding(rows: pd.DataFrame) -> dict[tuple[str, str], list[Lot]]:
    found: dict[tuple[str, str], list[Lot]] = {}
    for row in rows.to_dict("records"):
        lot = Lot(row["lot_id"], row["acquired_date"].date(), row["quantity"], row["cost_local"])
        found.setdefault((row["account_id"], row["instrument_id"]), []).append(lot)
    return found


def _index(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[KEY])
