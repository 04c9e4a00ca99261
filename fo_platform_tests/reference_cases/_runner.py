"""Running published examples: which function a case names, and whether what comes out is what is expected.

The functions themselves belong to the modules beside this one, each with its ADAPTERS.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np
from pyxirr import InvalidPaymentsError

from fo_platform.errors import DataError
from fo_platform.registry import discover

Adapter = Callable[[dict[str, object]], object]

FAULTS = (
    ArithmeticError, AssertionError, AttributeError, DataError, InvalidPaymentsError, LookupError, RuntimeError,
    TypeError, ValueError,
)  # fmt: skip
"""What a function that cannot serve a case raises."""

PARTS = ("id", "function", "input", "expected")
"""What every case states; a null may be expected, but not left out."""

PARAMETER = re.compile(r"(?P<stem>.+)_(?P<name>[a-z]+)_(?P<value>-?[0-9.]+)")
"""A function's name that carries a number: `upside_risk_mar_0.005` is `upside_risk` of an input with `mar`."""

RATIO = "_ratio"
"""A word that sources write or leave out."""


@dataclass(frozen=True)
class Outcome:
    """One case run; `problem` is empty where the figure is the expected one."""

    case_id: str
    function: str
    problem: str

    @property
    def line(self) -> str:
        """How the case is reported."""
        return f"{self.case_id} {self.function} {'FAILED: ' + self.problem if self.problem else 'ok'}"


def adapters() -> dict[str, Adapter]:
    """Every function that a case may name."""
    return dict(declared())


def declared() -> list[tuple[str, Adapter]]:
    """Functions by name as their modules declare them, a name that two modules declare twice."""
    tables = discover(__package__ or "", "ADAPTERS").values()
    return [pair for table in tables if isinstance(table, Mapping) for pair in table.items()]


def run(case: object, known: Mapping[str, Adapter]) -> Outcome:
    """One case held against the function that it names; what is no case, or states too little of one, fails."""
    if not isinstance(case, Mapping):
        return Outcome("?", "?", f"a case is an object, not {type(case).__name__}")
    function = str(case.get("function", "?"))
    return Outcome(str(case.get("id", "?")), function, " ".join(_problem(case, _named(function, known)).split()))


def agrees(expected: object, got: object, atol: float) -> bool:
    """Whether a result is the expected one: numbers within atol, everything else exactly, containers part by part.

    A null is expected of what has no figure, and NaN is one.
    """
    if _is_null(expected):
        return _is_null(got)
    if isinstance(expected, Mapping):
        return isinstance(got, Mapping) and all(n in got and agrees(e, got[n], atol) for n, e in expected.items())
    if isinstance(expected, list):
        parts = list(got) if isinstance(got, list | tuple | np.ndarray) else None
        is_as_long = parts is not None and len(parts) == len(expected)
        return is_as_long and all(agrees(e, g, atol) for e, g in zip(expected, parts or [], strict=True))
    if isinstance(expected, bool | str):
        return bool(got == expected)
    return isinstance(got, Real) and (got == expected or abs(float(got) - float(expected)) <= atol)  # type: ignore[arg-type]


def _is_null(value: object) -> bool:
    return value is None or (isinstance(value, Real) and math.isnan(value))


def _named(function: str, known: Mapping[str, Adapter]) -> tuple[Adapter, dict[str, float]] | None:
    spelled = (name for name in (function, function.removesuffix(RATIO), function + RATIO) if name in known)
    if name := next(spelled, None):
        return known[name], {}
    carried = PARAMETER.fullmatch(function)
    found = _named(carried["stem"], known) if carried else None
    return (found[0], {**found[1], carried["name"]: float(carried["value"])}) if carried and found else None


def _problem(case: Mapping[str, object], found: tuple[Adapter, dict[str, float]] | None) -> str:
    """Why a case fails, empty where it does not."""
    if missing := [part for part in PARTS if part not in case]:
        return f"the case states no {', '.join(missing)}"
    if found is None:
        return "no function of this name"
    given, (adapter, parameters) = case["input"], found
    if not isinstance(given, Mapping):
        return f"its input is an object, not {type(given).__name__}"
    try:
        got = adapter({**given, **parameters})
        is_same = agrees(case["expected"], got, float(str(case.get("atol") or 0.0)))
    except FAULTS as error:
        return f"{type(error).__name__}: {error}"
    return "" if is_same else f"expected {case['expected']}, got {got}"
