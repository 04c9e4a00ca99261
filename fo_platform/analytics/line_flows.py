"""Gain and flows of every line held, from one session's book to the next. Returns on them do not belong here."""

import pandas as pd

from fo_platform.analytics.scopes import TEXT
from fo_platform.identify import CASH

UNASSIGNED = "unassigned"
"""Class of what no holding earned: fees, taxes and income that name no instrument, cost of exchange and of trading."""

LINE = ["account_id", "instrument_id"]
FUND = ["account_id", "fund_id"]

UNQUOTED = ("private_fund", "appraised_asset", "liability")
"""Kinds whose every flow is external to their account: it has no cash that could pay for them."""

TRADES = ("buy", "sell")
DELIVERIES = ("transfer_in", "transfer_out")
INCOME = ("dividend", "interest", "tax", "other")

FUND_PREFIX = "FUND."

ROUNDING = 1e-9
"""Quantities that differ by a smaller part are equal."""

CENT = 0.005
"""Money that is not explained and less than half a cent is rounding."""

_WORTH = {"market_value_base": "base", "quantity": "quantity", "fx_rate": "rate", "is_stale": "stale"}
_CUMULATED = ["called_local", "distributed_local", "calls_since_local", "distributions_since_local"]
_TELLING = ["entity_id", "asset_class", "currency", "holding_kind"]


def line_flows(
    *,
    holdings: pd.DataFrame,
    holdings_previous: pd.DataFrame,
    transactions: pd.DataFrame,
    private_capital: pd.DataFrame,
    private_capital_previous: pd.DataFrame,
) -> pd.DataFrame:
    """Every line of two sessions: its value, what flowed into it in between and what it gained, in base currency.

    Columns account_id, entity_id, asset_class, start_base, end_base, flow_base, fee_base (paid, positive),
    local_gain_base (what it gained in its own currency, at the rate of the start), is_stale, is_unpriced.
    A flow is counted at the line it reaches, so that one within an account, a class or an entity cancels there: a
    purchase leaves the cash and reaches the security, a dividend leaves the security. What an account's lines do not
    explain of its external flows is a line of its own, UNASSIGNED: gains of lines sum to the account's.
    An account, or a line that nobody quotes, which was not there yesterday comes in at its value, and is no gain.
    A line without a value on either day is left at zero and marked, and what reaches it has left the rest.
    """
    lines = _lines(holdings, holdings_previous)
    moves = _in_base(transactions, holdings)
    said = _reported(lines, moves)
    delivered = (said["delivered"] * lines["unit_base"]).fillna(0.0)
    capital = _capital_moved(lines, private_capital, private_capital_previous)
    change = (lines["end_base"] - lines["start_base"]).fillna(0.0)
    flows = _own_flows(lines, said, capital).mask(lines["is_moved"], change).fillna(0.0)
    is_external = lines["is_moved"] | lines["holding_kind"].isin(UNQUOTED)
    entered = flows.where(is_external, delivered) - flows.where(lines["is_unpriced"], 0.0)
    known = _gained(lines, flows)
    return pd.concat([known, _unassigned(known, entered, moves, lines)], ignore_index=True)


def _lines(today: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Lines of either day, both values side by side; where one is not, it is worth nothing at the other's rate.

    `is_moved`: the whole account, or a line that nobody quotes, came or went.
    """
    both = _side(before, "start").merge(_side(today, "end"), how="outer", on=LINE, validate="one_to_one")
    telling = {name: both[f"{name}_end"].fillna(both[f"{name}_start"]) for name in _TELLING}
    was, there = both["there_start"].eq(True), both["there_end"].eq(True)
    worth = {
        f"{side}_{name}": both[f"{name}_{side}"].where(present, 0.0)
        for side, present in (("start", was), ("end", there))
        for name in ("base", "local", "quantity")
    }
    account = both["account_id"]
    is_whole = ~was.groupby(account).transform("any") | ~there.groupby(account).transform("any")
    units = [(both[f"base_{side}"] / both[f"quantity_{side}"]) for side in ("end", "start")]
    return both[LINE].assign(
        **telling,
        **worth,
        unit_base=units[0].fillna(units[1]),
        start_rate=both["rate_start"].fillna(both["rate_end"]),
        end_rate=both["rate_end"].fillna(both["rate_start"]),
        is_stale=both["stale_end"].eq(True),
        is_unpriced=worth["start_base"].isna() | worth["end_base"].isna(),
        is_account_moved=is_whole,
        is_moved=is_whole | ((was != there) & telling["holding_kind"].isin(UNQUOTED)),
    )


def _side(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    """One day's lines, columns named after it."""
    shown = rows.rename(columns=_WORTH).assign(local=rows["market_value_local"] + rows["accrued_local"], there=True)
    named = shown[[*LINE, *_TELLING, *_WORTH.values(), "local", "there"]]
    return named.rename(columns={name: f"{name}_{side}" for name in named if name not in LINE})


def _in_base(transactions: pd.DataFrame, holdings: pd.DataFrame) -> pd.DataFrame:
    """Movements in base currency, by the line they speak of: interest that names no instrument is the cash's own."""
    rates = holdings.drop_duplicates("currency").set_index("currency")["fx_rate"]
    is_own = transactions["instrument_id"].isna() & (transactions["transaction_kind"] == "interest")
    cash = CASH + transactions["currency"]
    return transactions.assign(
        instrument_id=transactions["instrument_id"].mask(is_own, cash),
        cash_base=(transactions["cash_local"] * transactions["currency"].map(rates)).astype("float64").fillna(0.0),
    )


def _reported(lines: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """What movements say of every line: quantity delivered, quantity and money traded, income; zero where nothing."""
    kind = moves["transaction_kind"]
    quantity, money = moves["quantity"].fillna(0.0), moves["cash_base"]
    said = moves[LINE].assign(
        delivered=quantity.where(kind.isin(DELIVERIES), 0.0),
        traded=quantity.where(kind.isin(TRADES), 0.0),
        paid=-money.where(kind.isin(TRADES), 0.0),
        income=money.where(kind.isin(INCOME), 0.0),
    )
    sums = said.dropna(subset=["instrument_id"]).groupby(LINE, as_index=False).sum()
    known = lines[LINE].merge(sums, how="left", on=LINE, validate="one_to_one")
    return known.drop(columns=LINE).set_index(lines.index).astype("float64").fillna(0.0)


def _own_flows(lines: pd.DataFrame, said: pd.DataFrame, capital: pd.Series) -> pd.Series:
    """What reached every line: at the money paid where the movement is reported, else at the value of the day.

    Borrowing is a flow, and so is repayment; an appraisal is none. Income leaves the line that earned it.
    """
    kind = lines["holding_kind"]
    traded = lines["end_quantity"] - lines["start_quantity"] - said["delivered"]
    is_reported = (said["traded"] - traded).abs() <= ROUNDING * traded.abs().clip(lower=1.0)
    bought = (traded * lines["unit_base"]).mask(is_reported, said["paid"])
    quoted = bought + said["delivered"] * lines["unit_base"] - said["income"]
    owed = (lines["end_local"] - lines["start_local"]) * lines["end_rate"]
    return (
        quoted.mask(kind == "liability", owed)
        .mask(kind == "private_fund", capital * lines["end_rate"])
        .mask(kind == "appraised_asset", 0.0)
    )


def _capital_moved(lines: pd.DataFrame, today: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Called less distributed since yesterday by line, local: as cumulated, or else as rolled on one statement."""
    both = today.merge(before, how="inner", on=FUND, validate="one_to_one", suffixes=("", "_before"))
    change = {name: both[name] - both[f"{name}_before"] for name in _CUMULATED}
    rolled = change["calls_since_local"] - change["distributions_since_local"]
    on_one_statement = rolled.where(both["nav_date"] == both["nav_date_before"], 0.0)
    moved = (change["called_local"] - change["distributed_local"]).fillna(on_one_statement)
    named = both[["account_id"]].assign(instrument_id=FUND_PREFIX + both["fund_id"], moved=moved)
    known = lines[LINE].merge(named, how="left", on=LINE, validate="one_to_one")
    return known["moved"].set_axis(lines.index).astype("float64")


def _gained(lines: pd.DataFrame, flows: pd.Series) -> pd.DataFrame:
    """Lines with flows and local gains; what has no value on either day counts nothing."""
    local = (lines["end_local"] - lines["start_local"] - flows / lines["end_rate"]) * lines["start_rate"]
    figures = lines[["start_base", "end_base"]].assign(flow_base=flows, fee_base=0.0, local_gain_base=local)
    named = lines[["account_id", "entity_id", "asset_class", "is_stale", "is_unpriced"]]
    return named.join(figures.mask(lines["is_unpriced"], 0.0))


def _unassigned(known: pd.DataFrame, entered: pd.Series, moves: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """A line for every account whose lines do not explain its external flows, and for its fees."""
    kind = moves["transaction_kind"]
    is_outside = kind.isin(("deposit", "withdrawal", *DELIVERIES)) | ((kind == "other") & moves["instrument_id"].isna())
    accounts = pd.DataFrame(
        {
            "explained": (entered - known["flow_base"]).groupby(lines["account_id"]).sum(),
            "entity_id": lines.groupby("account_id")["entity_id"].first(),
            "is_moved": lines.groupby("account_id")["is_account_moved"].any(),
        }
    )
    outside, fees = (moves[which].groupby("account_id")["cash_base"].sum() for which in (is_outside, kind == "fee"))
    settled = ~accounts["is_moved"]
    flow = accounts["explained"] + outside.reindex(accounts.index).fillna(0.0).where(settled, 0.0)
    fee = -fees.reindex(accounts.index).fillna(0.0).where(settled, 0.0)
    rest = accounts[["entity_id"]].assign(
        asset_class=pd.Series(UNASSIGNED, index=accounts.index, dtype=TEXT),
        is_stale=False, is_unpriced=False, start_base=0.0, end_base=0.0, flow_base=flow, fee_base=fee,
        local_gain_base=-flow,
    )  # fmt: skip
    return rest[(flow.abs() > CENT) | (fee != 0)].reset_index()
