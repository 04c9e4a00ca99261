"""Return attribution once more: the session in plain loops, spans from what is stored of every session since the first.

What it is held against belongs to the chain's test.
"""

from collections import defaultdict
from math import isnan, log, nan, prod

import pandas as pd

from fo_platform.calendars import previous_session

HISTORY = 300
SPANS = {"1d": "%Y-%m-%d", "mtd": "%Y-%m", "ytd": "%Y", "itd": ""}
RETURNS = ("portfolio", "benchmark")


def second(read):
    """Figures of every line and span, by definition: coefficients of the span's sessions times their effects."""
    close = read("analytics.performance")["close_date"].max()
    days = {close: session(read, close)}
    stored = read("analytics.return_attribution", HISTORY, back=1)
    for row in stored[stored["span"] == "1d"].itertuples():
        days.setdefault(row.close_date, {})[row.scope, row.level, row.segment, row.effect] = row.effect_return
    scopes = {line[0] for line in days[close]}
    rows = []
    for span, period in SPANS.items():
        inside = {day: lines for day, lines in days.items() if f"{day:{period}}" == f"{close:{period}}" or not period}
        rows += [row for scope in sorted(scopes) for row in _spanned(scope, span, inside, days[close])]
    return pd.DataFrame(rows)


def _spanned(scope, span, days, today):
    sides = {d: [lines.get((scope, "total", "total", side), nan) for side in RETURNS] for d, lines in days.items()}
    there = [day for day, lines in days.items() if (scope, "total", "total", "portfolio") in lines]
    known = [day for day in there if not any(map(isnan, sides[day]))]
    grown = [1.0, 1.0]
    for day in known:
        grown = [before * (1 + earned) for before, earned in zip(grown, sides[day], strict=True)]
    whole = _ratio(grown[0] - 1, grown[1] - 1)
    for line in sorted({line for lines in days.values() for line in lines if line[0] == scope}):
        effects = [(sides[day], days[day].get(line, 0.0)) for day in known]
        value = sum(_ratio(*pair) * effect for pair, effect in effects) / whole if known else nan
        value = prod(1 + effect for _, effect in effects) - 1 if line[3] in RETURNS and known else value
        row = dict(zip(("scope", "level", "segment", "effect"), line, strict=True))
        figure = today[line] if span == "1d" else value
        yield row | {
            "span": span,
            "effect_return": figure,
            "linked_sessions": len(known),
            "unknown_sessions": len(there) - len(known),
        }


def _ratio(portfolio, benchmark):
    apart = portfolio - benchmark
    return (log(1 + portfolio) - log(1 + benchmark)) / apart if abs(apart) > 1e-7 else 1 / (1 + benchmark + apart / 2)


def session(read, close):
    """Effects of the session by line."""
    segments = {(r["scope"], r["level"], r["segment"]): r for r in read("analytics.performance").to_dict("records")}
    owners = {
        scope: row for (scope, level, _), row in segments.items() if level == "total" and row["start_value_base"] > 0
    }
    trades = _trades(read)
    moves = _fx(read)
    cash = _cash(read, close, moves)
    measures = _benchmarks(read, close, moves)
    targets = _targets(read, {scope: row["start_value_base"] for scope, row in owners.items()})
    found = {}
    for scope, whole in owners.items():
        found |= _scope(scope, whole, segments, trades, measures, targets.get(scope, {}), moves, cash, read)
    return found


def _scope(scope, whole, segments, trades, measures, policy, moves, cash, read):
    worth = whole["start_value_base"]
    is_stated = abs(sum(policy.values()) - 1) <= 1e-9
    own = {name: row for (owner, level, name), row in segments.items() if (owner, level) == (scope, "asset_class")}
    cells = {}
    for name in sorted({*own, *(name for names in [policy] for name in names)}):
        start, total, local = _earned(own[name]) if name in own else (0.0, 0.0, 0.0)
        traded = sum(v for (o, _, c), v in trades.items() if c == name and scope in (o, "office"))
        w, target = start / worth, policy.get(name, 0.0) if is_stated else nan
        if any(part != 0 for part in (w, target, total, local, traded)):
            cells[name] = _cell(w, target, local / worth, (total - local) / worth, traded / worth, measures.get(name))
    lines = [row for row in _held(read) if scope in (row["entity_id"], "office")]
    for name, cell in cells.items():
        _lend(cell, [x for x in lines if x["asset_class"] == name], worth, cash)
    found = {}
    benchmark_local = sum(c["target"] * c["b_local"] for c in cells.values())
    for name, c in cells.items():
        line = (scope, "asset_class", name)
        found[*line, "benchmark"] = c["b_local"] + c["b_fx"]
        found[*line, "allocation"] = (c["w"] - c["target"]) * (c["b_local"] - benchmark_local)
        found[*line, "selection"] = c["local"] - c["traded"] - (c["w"] * c["b_local"] if c["w"] else 0.0)
        found[*line, "currency"] = c["fx"] - c["target"] * c["b_fx"]
        found[*line, "trading"] = c["traded"]
    rest = whole["return_gross_1d"] - sum(c["local"] + c["fx"] for c in cells.values())
    found[scope, "asset_class", "rest", "selection"] = rest
    total = {
        name: sum(v for line, v in found.items() if line[3] == name)
        for name in ("allocation", "selection", "currency", "trading")
    }
    total["portfolio"], total["fees"] = whole["return_net_1d"], whole["return_net_1d"] - whole["return_gross_1d"]
    total["benchmark"] = sum(c["target"] * (c["b_local"] + c["b_fx"]) for c in cells.values())
    total["active"] = total["portfolio"] - total["benchmark"]
    found |= {(scope, "total", "total", name): value for name, value in total.items()}
    found |= _accounts(scope, worth, segments, trades, cells, total, lines, cash)
    return found | _currencies(scope, worth, cells, total, lines, moves, cash)


def _lend(cell, lines, worth, cash):
    """Take out of both sides' local returns what cash of the currencies they stand in earned, and give it to money."""
    mine = sum(x["market_value_base"] / worth * cash.get(x["currency"], 0.0) for x in lines)
    mix = _mix(lines) if cell["mix"] is None else cell["mix"]
    theirs = sum(part * cash.get(currency, 0.0) for currency, part in mix.items())
    cell["local"], cell["fx"] = cell["local"] - mine, cell["fx"] + mine
    cell["b_local"], cell["b_fx"] = cell["b_local"] - theirs, cell["b_fx"] + theirs


def _cell(w, target, local, fx, traded, measure):
    outside, money, mix, kind = measure or (nan, nan, {}, None)
    is_own = kind == "own" or (isnan(outside) and target == 0)
    if is_own:
        nothing = 0.0 if target == 0 else nan
        outside, money = ((local - traded) / w, fx / w) if w else (nothing, nothing)
    return {
        "w": w, "target": target, "local": local, "fx": fx, "traded": traded, "b_local": outside, "b_fx": money,
        "mix": None if is_own else mix,
    }  # fmt: skip


def _earned(row):
    at_work = row["start_value_base"] or row["external_flow_base"]
    gross, local = row["return_gross_1d"], row["return_local_1d"]
    total = row["gain_base"] + row["fee_paid_base"] if isnan(gross) else at_work * gross
    return row["start_value_base"], total, total if isnan(local) else at_work * local


def _accounts(scope, worth, segments, trades, cells, total, lines, cash):
    found, sums = {}, defaultdict(float)
    for (owner, level, account), row in segments.items():
        if (owner, level) != (scope, "account"):
            continue
        _, _, local = _earned(row)
        traded = sum(value for (_, a, _), value in trades.items() if a == account)
        due = sum(
            x["market_value_base"] * (cells[x["asset_class"]]["b_local"] + cash.get(x["currency"], 0.0))
            for x in lines
            if x["account_id"] == account
        )
        figures = {"selection": local - traded - due, "trading": traded, "fees": -row["fee_paid_base"]}
        for name, value in figures.items():
            found[scope, "account", account, name] = value / worth
            sums[name] += value / worth
    outside = segments[scope, "total", "total"]["fee_outside_base"]
    if sums and outside:
        found |= {(scope, "account", "outside", name): 0.0 for name in ("selection", "trading")}
        found[scope, "account", "outside", "fees"] = -outside / worth
        sums["fees"] -= outside / worth
    return found | {(scope, "account", "rest", name): total[name] - value for name, value in sums.items()}


def _currencies(scope, worth, cells, total, lines, moves, cash):
    given = dict.fromkeys(moves, 0.0)
    for name, cell in cells.items():
        inside = [x for x in lines if x["asset_class"] == name]
        mix = _mix(inside) if cell["mix"] is None else cell["mix"]
        for currency in moves:
            given[currency] += cell["target"] * mix.get(currency, 0.0)
    earned = {c: log((1 + move) * (1 + cash[c])) for c, move in moves.items()}
    reference = sum(given[c] * part for c, part in earned.items())
    found = {}
    for currency, part in earned.items():
        held = sum(x["market_value_base"] for x in lines if x["currency"] == currency) / worth
        found[scope, "currency", currency, "currency"] = (held - given[currency]) * (part - reference)
    return found | {(scope, "currency", "rest", "currency"): total["currency"] - sum(found.values())}


def _mix(lines):
    total = sum(x["market_value_base"] for x in lines) or 1.0
    mix = defaultdict(float)
    for x in lines:
        mix[x["currency"]] += x["market_value_base"] / total
    return mix


def _held(read):
    """Yesterday's lines that have a value on both days; the demo has no forwards."""
    lost = {
        (r["account_id"], r["instrument_id"])
        for r in read("book.holdings").to_dict("records")
        if isnan(r["market_value_base"])
    }
    every = read("book.holdings", back=1).dropna(subset=["market_value_base"]).to_dict("records")
    return [row for row in every if (row["account_id"], row["instrument_id"]) not in lost]


def _fx(read):
    base = read("book.net_worth")["base_currency"].iloc[0]
    last = []
    for back in (0, 1):
        rows = read("reference.fx_rates", back=back).sort_values("rate_date")
        last.append({r.currency: r.fx_rate for r in rows.itertuples() if r.base_currency == base != r.currency})
    return {c: rate / last[1][c] - 1 for c, rate in last[0].items()} | {base: 0.0}


def _cash(read, close, moves):
    """What cash of every currency earned since the session before; zero where its rate is not known."""
    before = previous_session(close)
    found = dict.fromkeys(moves, 0.0)
    for row in sorted(read("policy.cash_rates").to_dict("records"), key=lambda row: row["valid_from"]):
        if row["currency"] in found and row["valid_from"] <= before:
            is_read = before <= row["known_until"]
            found[row["currency"]] = row["interest_rate"] * (close - before).days / row["day_count"] if is_read else 0.0
    return found


def _benchmarks(read, close, moves):
    """By class: local return, what currencies add, exposures, and `own` of what is measured against itself."""
    base = read("book.net_worth")["base_currency"].iloc[0]
    known = {("currency", name): move for name, move in moves.items()}
    for table, column, kind in (("benchmarks", "benchmark_id", "index"), ("factor_returns", "factor", "factor")):
        of_close = [row for row in read(f"reference.{table}").to_dict("records") if row["return_date"] == close]
        known |= {(kind, row[column]): row["return_1d"] for row in of_close}
    days = (close - previous_session(close)).days
    parts = defaultdict(list)
    for row in read("policy.class_benchmarks", back=1).to_dict("records"):
        if row["valid_from"] <= close:
            parts[row["asset_class"], row["valid_from"]].append(row)
    found = {}
    for (name, _), rows in sorted(parts.items()):
        earned = {(r["benchmark_kind"], r["benchmark_id"]): _part(r, known, days) * r["weight_component"] for r in rows}
        mix = {r["benchmark_id"]: r["weight_component"] for r in rows if r["benchmark_kind"] == "currency"}
        money = sum(value for (kind, _), value in earned.items() if kind == "currency")
        local = sum(value for (kind, _), value in earned.items() if kind != "currency")
        mix = mix | {base: mix.get(base, 0.0) + 1 - sum(mix.values())}
        found[name] = (local + 0 * money, money * (1 + local), mix, rows[0]["benchmark_kind"])
    return found


def _part(row, known, days):
    kind = row["benchmark_kind"]
    return row["interest_rate"] * days / 365 if kind == "rate" else known.get((kind, row["benchmark_id"]), nan)


def _targets(read, worth):
    found = defaultdict(dict)
    for row in read("policy.allocation_targets", back=1).to_dict("records"):
        found[row["entity_id"]][row["asset_class"]] = row["weight_target"]
    entities = {name: value for name, value in worth.items() if name != "office"}
    for entity, value in entities.items():
        for name, weight in found[entity].items():
            found["office"][name] = found["office"].get(name, 0.0) + weight * value / sum(entities.values())
    return found


def _trades(read):
    """Gain of trades over the close, by owner, account and class, where they explain the change of their line."""
    sides = [
        {(r["account_id"], r["instrument_id"]): r for r in read("book.holdings", back=b).to_dict("records")}
        for b in (0, 1)
    ]
    now, was = sides
    rates = {row["currency"]: row["fx_rate"] for row in now.values()}
    prices = {r.instrument_id: r.price_local for r in read("reference.prices").sort_values("price_date").itertuples()}
    done, given = defaultdict(lambda: [0.0, 0.0]), defaultdict(float)
    for row in read("book.transactions").to_dict("records"):
        line = (row["account_id"], row["instrument_id"])
        if row["transaction_kind"] in ("buy", "sell"):
            done[line][0] += row["quantity"]
            done[line][1] += row["cash_local"]
        if row["transaction_kind"] in ("transfer_in", "transfer_out"):
            given[line] += row["quantity"]
    found = defaultdict(float)
    for line, (quantity, cash) in done.items():
        held, before = now.get(line), was.get(line)
        told = held or before
        if told is None or not all(any(key[0] == line[0] for key in side) for side in sides):
            continue
        change = (held["quantity"] if held else 0.0) - (before["quantity"] if before else 0.0) - given[line]
        if abs(quantity - change) > 1e-9 * max(abs(change), 1.0):
            continue
        rate = rates[told["currency"]]
        if held and held["quantity"]:
            unit = held["market_value_base"] / held["quantity"]
        else:
            unit = before["market_value_base"] / before["quantity"] * prices.get(line[1], nan) * rate
            unit /= before["price_local"] * before["fx_rate"]
        if not isnan(unit):
            found[told["entity_id"], line[0], told["asset_class"]] += quantity * unit + cash * rate
    return found
