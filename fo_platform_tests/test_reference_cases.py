"""Published examples come out at their tolerance, and the runner says so when one does not."""

import json
from pathlib import Path

import pytest

from fo_platform_tests.reference_cases.__main__ import main
from fo_platform_tests.reference_cases._runner import adapters, agrees, declared, run

CASES = Path(__file__).parents[1] / "../shared/reference_cases.json"
PUBLISHED = json.loads(CASES.read_text(encoding="utf-8")) if CASES.exists() else []
MEAN = {"id": "mean-01", "function": "mean", "input": {"data": [1.0, 2.0]}, "expected": 1.5, "atol": 1e-9}


@pytest.mark.skipif(not PUBLISHED, reason="the published cases are not beside the project")
@pytest.mark.parametrize("case", PUBLISHED, ids=[case["id"] for case in PUBLISHED])
def test_a_published_case_comes_out(case: dict[str, object]) -> None:
    assert run(case, adapters()).problem == ""


def test_the_runner_prints_a_line_a_case_and_how_many_passed(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([MEAN, {**MEAN, "expected": 1.6}, {**MEAN, "function": "unheard_of"}]))
    assert main(file) == 1
    assert capsys.readouterr().out.splitlines() == [
        "mean-01 mean ok",
        "mean-01 mean FAILED: expected 1.6, got 1.5",
        "mean-01 unheard_of FAILED: no function of this name",
        "1 passed, 2 failed",
    ]
    file.write_text(json.dumps([MEAN]))
    assert main(file) == 0


def test_a_function_that_cannot_serve_its_input_fails_the_case_alone() -> None:
    assert "FAILED: KeyError" in run({**MEAN, "input": {}}, adapters()).line
    assert "FAILED: ValueError" in run({**MEAN, "input": {"data": ["x"]}}, adapters()).line


def test_a_name_may_carry_parameters_or_leave_out_ratio() -> None:
    known = {"kappa": lambda case: case["mar"] * case["l"], "omega_ratio": lambda case: 1.0}
    assert not run({**MEAN, "function": "kappa_l_3_mar_0.5"}, known).problem
    assert not run({**MEAN, "function": "omega", "expected": 1}, known).problem


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        (None, float("nan"), True), (None, None, True), (None, 0.0, False), (1.0, None, False),
        (1.0, float("nan"), False),
        ([1.0, None], [1.0 + 1e-10, None], True), ([1.0], [1.0, 2.0], False), ([[1.0]], [[1.1]], False),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}, True), ({"a": 1.0}, {}, False), ("x", "x", True), (True, 1.0, True),
    ],
)  # fmt: skip
def test_numbers_agree_within_the_tolerance_and_a_null_only_with_a_null(
    expected: object, got: object, *, same: bool
) -> None:
    assert agrees(expected, got, 1e-9) is same


def test_every_function_is_declared_once() -> None:
    names = [name for name, _ in declared()]
    assert sorted(names) == sorted(set(names))
