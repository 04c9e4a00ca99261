"""Published attribution examples: effects of one period, linked over several, geometric, and by currency.

Effects, Carino's linking and the grids of Karnosky and Singer are the product's; other ways of linking, which it does
not use, are written down here.
"""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product

import numpy as np

from fo_platform.analytics.brinson import Array, Effects, brinson, interaction
from fo_platform.analytics.currency_attribution import Grid, grid_effects, log_premium
from fo_platform.analytics.linking import carino_coefficients
from fo_platform_tests.reference_cases._runner import Adapter

Case = dict[str, object]


def _array(values: object) -> Array:
    return np.asarray(values, dtype="float64")


def _cubes(case: Case) -> tuple[Array, ...]:
    """Weights and returns of both sides, periods x segments x 1; what is stated once holds in every period."""
    stated = [_array(case[name]) for name in ("w_p", "w_b", "r_p", "r_b")]
    periods = max((len(each) for each in stated if each.ndim == 2), default=1)
    segments = stated[0].shape[-1]
    return tuple(np.broadcast_to(each, (periods, segments))[..., None] for each in stated)


def _totals(case: Case) -> tuple[Array, Array]:
    """Portfolio and benchmark return of every period, stated as such or from segments."""
    if "w_p" not in case:
        return _array(case["r_p"]), _array(case["r_b"])
    w_p, w_b, r_p, r_b = _cubes(case)
    return (w_p * r_p).sum(axis=(1, 2)), (w_b * r_b).sum(axis=(1, 2))


def _compound(returns: Array) -> float:
    return float(np.prod(1 + returns) - 1)


def _fachler(case: Case) -> Effects:
    return brinson(*_cubes(case))


def _beebower(case: Case) -> Effects:
    return brinson(*_cubes(case), hurdle="zero")


BRINSON = ("brinson", "brinson_fachler", "brinson_hood_beebower", "bhb")


def _selection(case: Case) -> Array:
    """Selection with interaction, which does not depend on the hurdle."""
    return _fachler(case).selection


def _interaction(case: Case) -> Array:
    return interaction(*_cubes(case))


def _pure_selection(case: Case) -> Array:
    return _selection(case) - _interaction(case)


EFFECTS: dict[str, Callable[[Case], Array]] = {
    **{f"{name}_allocation": lambda case: _fachler(case).allocation for name in BRINSON[:2]},
    **{f"{name}_allocation": lambda case: _beebower(case).allocation for name in BRINSON[2:]},
    **{f"{name}_selection_incl_interaction": _selection for name in BRINSON},
    **{f"{name}_selection": _pure_selection for name in BRINSON},
    **{f"{name}_interaction": _interaction for name in BRINSON},
    "geometric_allocation": lambda case: _geometric(case).allocation,
    "geometric_selection": lambda case: _geometric(case).selection,
}
"""Effects of segments, periods x segments x 1."""


def _geometric(case: Case) -> Effects:
    """Effects over the wealth that each decision starts from: they multiply to the geometric excess return.

    Source: Bacon (2008), "Practical Portfolio Performance Measurement and Attribution", chapter 5.
    """
    w_p, w_b, r_p, r_b = _cubes(case)
    effects = _fachler(case)
    benchmark = (w_b * r_b).sum(axis=1, keepdims=True)
    notional = (w_p * r_b).sum(axis=1, keepdims=True)
    return Effects(effects.allocation / (1 + benchmark), effects.selection / (1 + notional))


def _by_segment(case: Case, *, effect: Callable[[Case], Array]) -> object:
    cells = effect(case)[..., 0]
    return cells[0].tolist() if len(cells) == 1 else cells.tolist()


def _total(case: Case, *, effect: Callable[[Case], Array]) -> object:
    sums = effect(case).sum(axis=(1, 2))
    return float(sums[0]) if len(sums) == 1 else sums.tolist()


def menchero(portfolio: Array, benchmark: Array) -> Array:
    """One scale for all periods, and the smallest correction (in squares) that leaves no residual.

    Source: Menchero (2000), "An Optimized Approach to Linking Attribution Effects over Time".
    """
    count, active = len(portfolio), portfolio - benchmark
    growth, growth_benchmark = 1 + _compound(portfolio), 1 + _compound(benchmark)
    steps = np.arange(count)
    scale = np.mean(growth ** ((count - 1 - steps) / count) * growth_benchmark ** (steps / count))
    missing = (frongello(portfolio, benchmark) - scale) @ active
    return np.asarray(scale + missing * active / ((active**2).sum() or 1.0))


def frongello(portfolio: Array, benchmark: Array) -> Array:
    """Growth of the portfolio before a period times that of the benchmark after it; GRAP comes to the same.

    Source: Frongello (2002), "Attribution Linking: Proofed and Clarified".
    """
    before = np.cumprod(np.append(1.0, 1 + portfolio[:-1]))
    after = np.cumprod(np.append(1.0, 1 + benchmark[:0:-1]))[::-1]
    return np.asarray(before * after)


LINKING = {"carino": carino_coefficients, "menchero": menchero, "frongello": frongello, "grap": frongello}

EFFECT_NAMES = {
    "allocation": "bhb_allocation",
    "selection": "bhb_selection",
    "interaction": "bhb_interaction",
    "selection_incl_interaction": "bhb_selection_incl_interaction",
}
"""Effects of an example over several periods: Brinson, Hood and Beebower's, as that source takes them."""

DAVIES_LAKER = ("allocation", "selection", "interaction")

STATED = (
    "allocation", "selection", "interaction", "issue_selection", "security_selection", "stock_selection",
    "industry_selection", "sector_selection", "asset_allocation", "industry_allocation", "sector_allocation",
    "country_allocation", "currency", "timing", "total", "active", "excess", "effect",
)  # fmt: skip
"""What an effect that an example states itself may be called."""


def _coefficients(case: Case, *, method: str) -> Array:
    return LINKING[method](*_totals(case))


def _linked_segments(case: Case, *, method: str, effect: str) -> Array:
    """Linked effect of every segment."""
    single = EFFECTS[EFFECT_NAMES[effect]](case)[..., 0]
    return np.asarray(_coefficients(case, method=method) @ single)


def _linked_by_segment(case: Case, *, method: str, effect: str) -> object:
    return _linked_segments(case, method=method, effect=effect).tolist()


def _linked_total(case: Case, *, method: str, effect: str) -> object:
    return float(_linked_segments(case, method=method, effect=effect).sum())


def _linked(case: Case, *, method: str, effect: str) -> object:
    """Linked sum of an effect: stated by period, under its own name or as `effect`, or made from segments."""
    stated = case.get("effect", case.get(effect))
    if stated is None and effect in EFFECT_NAMES:
        return _linked_total(case, method=method, effect=effect)
    values = _array(stated) if stated is not None else np.subtract(*_totals(case))
    return float(_coefficients(case, method=method) @ values)


def _source_periods(case: Case, *, method: str, effect: str) -> object:
    """Linked effect of every period, as it is found at the end of the last one."""
    return (_coefficients(case, method=method) * _array(case.get(effect, case.get("effect")))).tolist()


def _frongello_total(case: Case) -> object:
    parts = [_array(case[name]) for name in ("allocation", "selection", "interaction") if name in case]
    return float(_coefficients(case, method="frongello") @ sum(parts))


def _davies_laker(case: Case, *, effect: str) -> object:
    """Effects between compounded notional funds; interaction is what they leave.

    Source: Davies and Laker (2001), "Multiple-Period Performance Attribution Using the Brinson Model".
    """
    w_p, w_b, r_p, r_b = _cubes(case)
    pairs = {"benchmark": (w_b, r_b), "allocation": (w_p, r_b), "selection": (w_b, r_p), "portfolio": (w_p, r_p)}
    grown = {name: _compound((w * r).sum(axis=(1, 2))) for name, (w, r) in pairs.items()}
    if effect == "interaction":
        return grown["portfolio"] - grown["selection"] - grown["allocation"] + grown["benchmark"]
    return grown[effect] - grown["benchmark"]


def _excess(case: Case) -> Array:
    portfolio, benchmark = _totals(case)
    return portfolio - benchmark


def _geometric_excess(case: Case) -> Array:
    portfolio, benchmark = _totals(case)
    return np.asarray((1 + portfolio) / (1 + benchmark) - 1)


def _plain(values: Array) -> object:
    return float(values[0]) if len(values) == 1 else values.tolist()


def _column(rows: object, number: int) -> Array:
    assert isinstance(rows, list)
    return _array([row[number] for row in rows])[None, :, None]


def _markets(rows: object) -> Grid:
    """Markets: name, weight, local return, local cash."""
    return Grid(_column(rows, 1), log_premium(_column(rows, 2), _column(rows, 3)))


def _currencies(rows: object) -> Grid:
    """Currencies: name, net exposure, return of its cash in base currency."""
    return Grid(_column(rows, 1), np.log1p(_column(rows, 2)))


def _sides(case: Case) -> dict[str, tuple[Grid, Grid]]:
    return {
        "market": (_markets(case["portfolio_markets"]), _markets(_aligned(case, "markets"))),
        "currency": (_currencies(case["portfolio_currencies"]), _currencies(_aligned(case, "currencies"))),
    }


def _aligned(case: Case, table: str) -> object:
    """Rows of the benchmark by name, in the order of the portfolio's; both sides have the same."""
    ours, theirs = case[f"portfolio_{table}"], case[f"benchmark_{table}"]
    assert isinstance(ours, list)
    assert isinstance(theirs, list)
    rows = {row[0]: row for row in theirs}
    assert len(rows) == len(ours), f"both sides have the same {table}"
    return [rows[row[0]] for row in ours]


CURRENCY_EFFECTS = {
    "market_allocation": ("market", "allocation"),
    "security_selection": ("market", "selection"),
    "market_selection": ("market", "selection"),
    "currency_allocation": ("currency", "allocation"),
    "hedge_selection": ("currency", "selection"),
    "currency_selection": ("currency", "selection"),
}


def _currency_effect(case: Case, *, name: str) -> Array:
    grid, effect = CURRENCY_EFFECTS[name]
    return np.asarray(getattr(grid_effects(*_sides(case)[grid]), effect)).ravel()


def _currency_segments(case: Case, *, name: str) -> object:
    return _currency_effect(case, name=name).tolist()


def _currency_sum(case: Case, *, name: str) -> object:
    return float(_currency_effect(case, name=name).sum())


def _currency_totals(case: Case, *, grids: tuple[str, ...]) -> object:
    """Logarithmic return of portfolio and benchmark, and their difference."""
    sides = _sides(case)
    portfolio, benchmark = (
        float(sum((sides[grid][side].weights * sides[grid][side].log_returns).sum() for grid in grids))
        for side in (0, 1)
    )
    return [portfolio, benchmark, portfolio - benchmark]


def _by_method(pattern: str, adapter: Callable[..., object], effects: Iterable[str]) -> dict[str, Adapter]:
    """The adapter of every way of linking and every effect, under the name that the pattern gives it."""
    pairs = product(LINKING, effects)
    return {pattern.format(method, effect): partial(adapter, method=method, effect=effect) for method, effect in pairs}


ADAPTERS: dict[str, Adapter] = {
    **{name: partial(_by_segment, effect=effect) for name, effect in EFFECTS.items()},
    **{f"{name}_total": partial(_total, effect=effect) for name, effect in EFFECTS.items()},
    **{f"{method}_coefficients": partial(_coefficients, method=method) for method in LINKING},
    **{f"{method}_factors": partial(_coefficients, method=method) for method in LINKING},
    **_by_method("{}_linked_{}", _linked, dict.fromkeys((*STATED, *EFFECT_NAMES))),
    **_by_method("{}_linked_{}_by_asset", _linked_by_segment, EFFECT_NAMES),
    **_by_method("{}_linked_{}_total", _linked_total, EFFECT_NAMES),
    **_by_method("{}_{}", _source_periods, (name for name in STATED if name != "total")),
    "frongello_total": _frongello_total,
    **{f"davies_laker_{effect}": partial(_davies_laker, effect=effect) for effect in DAVIES_LAKER},
    **{f"davies_laker_linked_{effect}": partial(_davies_laker, effect=effect) for effect in DAVIES_LAKER},
    "excess_return_by_period": lambda case: _excess(case).tolist(),
    "active_return_by_period": lambda case: _excess(case).tolist(),
    "portfolio_return_by_period": lambda case: _totals(case)[0].tolist(),
    "benchmark_return_by_period": lambda case: _totals(case)[1].tolist(),
    "excess_return_total": lambda case: float(np.subtract(*(_compound(each) for each in _totals(case)))),
    "brinson_active_return": lambda case: _plain(_excess(case)),
    "arithmetic_excess_return": lambda case: _plain(_excess(case)),
    "geometric_excess_return": lambda case: _plain(_geometric_excess(case)),
    "geometric_excess_return_by_period": lambda case: _geometric_excess(case).tolist(),
    **{f"karnosky_singer_{name}": partial(_currency_segments, name=name) for name in CURRENCY_EFFECTS},
    **{f"karnosky_singer_{name}_total": partial(_currency_sum, name=name) for name in CURRENCY_EFFECTS},
    "karnosky_singer_totals": partial(_currency_totals, grids=("market", "currency")),
    "karnosky_singer_market_totals": partial(_currency_totals, grids=("market",)),
    "karnosky_singer_currency_totals": partial(_currency_totals, grids=("currency",)),
}
