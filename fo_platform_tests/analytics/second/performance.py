"""Performance computed once more, line by line in plain loops. What it is held against belongs to the chain's test."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import pandas as pd

Read = Callable[..., pd.DataFrame]
Sums = dict[tuple[str, str, str], dict[str, float]]

UNQUOTED = ("private_fund", "appraised_asset", "liability")
FIELDS = ("start", "end", "flow", "fee", "local", "outside")


def second(read: Read) -> pd.DataFrame:
    """Returns of the session by segment, and their links to the rows of the session before."""
    today, before = (_by_line(read("book.holdings", back=back)) for back in (0, 1))
    moves = read("book.transactions").to_dict("records")
    funds = [_called(read("book.private_capital", back=back)) for back in (0, 1)]
    sums: Sums = defaultdict(lambda: dict.fromkeys(FIELDS, 0.0))
    accounts = sorted({line[0] for line in (*today, *before)})
    told = [(name, *part) for name in accounts for part in _account(name, today, before, moves=moves, funds=funds)]
    cells = [
        (key, *cell) for a, owner, kind, found in told for key in _segments(a, owner, kind) for cell in found.items()
    ]
    for key, name, value in cells:
        sums[key][name] += value
    known = read("analytics.performance", back=1)
    for owner, paid in _billed(read, known):
        for scope in (owner, "office"):
            sums[scope, "total", "total"]["outside"] += paid
    links = known.set_index(["scope", "level", "segment"]).to_dict("index") if len(known) else {}
    return pd.DataFrame([_row(key, figures, links.get(key, {})) for key, figures in sorted(sums.items())])


def _billed(read: Read, known: pd.DataFrame) -> Iterator[tuple[str, float]]:
    """Owner and base money of every fee that is new in the book and that neither an account nor a fund has taken."""
    begun = {row.scope: row.inception_date for row in known.itertuples() if row.level == "total"}
    paying, funds = set(read("book.cash")["account_id"]), set(read("book.private_capital")["fund_name"])
    old = set(read("book.fees", back=1)["fee_id"]) if len(known) else set()
    fees = read("book.fees")
    by_accounts = {(fee.entity_id, fee.fee_local) for fee in fees.itertuples() if fee.account_id in paying}
    rates = {row["currency"]: row["fx_rate"] for row in read("book.holdings").to_dict("records")}
    for fee in fees.itertuples():
        if fee.fee_id in old or fee.account_id in paying or fee.description in funds:
            continue
        if (fee.entity_id, fee.fee_local) in by_accounts:
            raise NotImplementedError("no fee of the demo is listed twice")
        if fee.entity_id in begun and fee.charged_date > begun[fee.entity_id]:
            yield fee.entity_id, fee.fee_local * rates[fee.currency]


def _by_line(holdings: pd.DataFrame) -> dict[tuple[str, str], dict]:
    return {(row["account_id"], row["instrument_id"]): row for row in holdings.to_dict("records")}


def _called(capital: pd.DataFrame) -> dict[tuple[str, str], float]:
    net = capital["called_local"] - capital["distributed_local"]
    return dict(zip(zip(capital["account_id"], "FUND." + capital["fund_id"], strict=True), net, strict=True))


def _segments(account: str, owner: str, asset_class: str) -> list[tuple[str, str, str]]:
    scoped = [(scope, level, name) for scope in (owner, "office") for level, name in _levels(asset_class)]
    return [*scoped, (owner, "account", account)]


def _levels(asset_class: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("total", "total"), ("asset_class", asset_class)


def _account(account: str, today: dict, before: dict, *, moves: list, funds: list) -> Iterator[tuple]:
    """Every line of an account as owner, class and figures, and what its lines leave unexplained."""
    lines = sorted({line for line in (*today, *before) if line[0] == account})
    is_new = not any(line in before for line in lines) or not any(line in today for line in lines)
    rates = {row["currency"]: row["fx_rate"] for row in today.values()}
    own = [move for move in moves if move["account_id"] == account]
    reached, outside, owner = 0.0, 0.0, ""
    for line in lines:
        now, was = today.get(line), before.get(line)
        told = now or was
        owner = told["entity_id"]
        if pd.isna((now or {"market_value_base": 0})["market_value_base"]) or pd.isna(
            (was or {"market_value_base": 0})["market_value_base"]
        ):
            raise NotImplementedError("the demo prices every line")
        start, end = (row["market_value_base"] if row else 0.0 for row in (was, now))
        came = is_new or (told["holding_kind"] in UNQUOTED and (now is None or was is None))
        flow, external = (end - start,) * 2 if came else _flow(line, now, was, moves=own, funds=funds, rates=rates)
        reached, outside = reached + flow, outside + external
        rate_was, rate_now = (was or now)["fx_rate"], (now or was)["fx_rate"]
        local = (_local(now) - _local(was) - flow / rate_now) * rate_was
        yield owner, told["asset_class"], {"start": start, "end": end, "flow": flow, "local": local}
    if is_new:
        return
    named = ("deposit", "withdrawal", "transfer_in", "transfer_out")
    for move in own:
        is_external = move["transaction_kind"] in named
        is_external |= move["transaction_kind"] == "other" and pd.isna(move["instrument_id"])
        outside += move["cash_local"] * rates[move["currency"]] if is_external else 0.0
    fees = -sum(m["cash_local"] * rates[m["currency"]] for m in own if m["transaction_kind"] == "fee")
    if abs(outside - reached) > 0.005 or fees:
        yield owner, "unassigned", {"flow": outside - reached, "fee": fees, "local": reached - outside}


def _local(row: dict | None) -> float:
    return row["market_value_local"] + row["accrued_local"] if row else 0.0


def _flow(line: tuple, now: dict | None, was: dict | None, *, moves: list, funds: list, rates: dict) -> tuple:
    """What reached a line, and what of it came from outside its account."""
    kind, currency = (now or was)["holding_kind"], (now or was)["currency"]
    if kind == "appraised_asset":
        return 0.0, 0.0
    if kind == "private_fund":
        return ((funds[0][line] - funds[1][line]) * rates[currency],) * 2
    if kind == "liability":
        return ((_local(now) - _local(was)) * now["fx_rate"],) * 2
    mine = [move for move in moves if move["instrument_id"] == line[1]]
    mine += [m for m in moves if _is_cash_interest(m) and line[1] == f"CASH.{m['currency']}"]
    priced = now if now and now["quantity"] else was
    unit = priced["market_value_base"] / priced["quantity"] if priced and priced["quantity"] else 0.0
    given = sum(m["quantity"] for m in mine if m["transaction_kind"] in ("transfer_in", "transfer_out"))
    traded = (now["quantity"] if now else 0.0) - (was["quantity"] if was else 0.0) - given
    trades = [m for m in mine if m["transaction_kind"] in ("buy", "sell")]
    paid = -sum(m["cash_local"] * rates[m["currency"]] for m in trades)
    is_told = abs(sum(m["quantity"] for m in trades) - traded) <= 1e-9 * max(abs(traded), 1)
    earned = sum(
        m["cash_local"] * rates[m["currency"]]
        for m in mine
        if m["transaction_kind"] in ("dividend", "interest", "tax", "other")
    )
    return (paid if is_told else traded * unit) + given * unit - earned, given * unit


def _is_cash_interest(move: dict) -> bool:
    return move["transaction_kind"] == "interest" and pd.isna(move["instrument_id"])


def _row(key: tuple[str, str, str], sums: dict[str, float], before: dict) -> dict[str, object]:
    """Session's returns and the indices that they link to."""
    capital = sums["start"] or (sums["flow"] if sums["end"] else 0.0)
    gain = sums["end"] - sums["start"] - sums["flow"]
    row = dict(zip(("scope", "level", "segment"), key, strict=True))
    row |= {"start_value_base": sums["start"], "end_value_base": sums["end"], "gain_base": gain}
    row |= {"external_flow_base": sums["flow"], "fee_paid_base": sums["fee"], "fee_outside_base": sums["outside"]}
    earned = gain - sums["outside"]
    lost = min(earned, gain + sums["fee"]) <= -capital
    has_return = capital > 0 and not lost
    gross, net, local = (
        (part / capital if has_return else None) for part in (gain + sums["fee"], earned, sums["local"] + sums["fee"])
    )
    row |= {"return_gross_1d": gross, "return_net_1d": net, "return_local_1d": local}
    row["return_fx_1d"] = (1 + gross) / (1 + local) - 1 if has_return else None
    for name, value in (("index_gross", gross), ("index_net", net)):
        known = before.get(name)
        begun = known is not None and not pd.isna(known)
        row[name] = (known if begun else 1.0) * (1 + (value or 0.0)) if begun or has_return else None
    return row
