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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cases.json file FAILED: cannot be read: "), ("[]", "cases.json file FAILED: holds no list of cases"),
        ('{"cases": []}', "cases.json file FAILED: holds no list of cases"),
        ("[7]", "? ? FAILED: a case is an object, not int"),
        ("[{}]", "? ? FAILED: the case states no id, function, input, expected"),
        (json.dumps([{**MEAN, "input": [1.0]}]), "mean-01 mean FAILED: its input is an object, not list"),
        (json.dumps([{**MEAN, "atol": "x"}]), "mean-01 mean FAILED: ValueError: "),
        (json.dumps([{**MEAN, "function": "covariance", "input": {}}]), "mean-01 covariance FAILED: KeyError"),
        (json.dumps([{**MEAN, "function": "ks_pme", "input": {"amounts": [-1, 2], "index": [1]}}]),
         "mean-01 ks_pme FAILED: InvalidPaymentsError: "),
        (json.dumps([{**MEAN, "function": "xirr", "input": {"dates": ["2020-01-01"], "amounts": [-1, 2]}}]),
         "mean-01 xirr FAILED: AssertionError: every flow has a date"),
        (json.dumps([{**MEAN, "function": "correlation", "input": {"data": [[1, 2], [2, 1], [3, 3]]}}]),
         "mean-01 correlation FAILED: expected 1.5, got [["),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_one_failed_line(
    tmp_path: Path, capsys: pytest.CaptureFixture, text: str, said: str
) -> None:
    file = tmp_path / "cases.json"
    file.write_text(text)
    assert main(file) == 1
    line, count = capsys.readouterr().out.splitlines()
    assert line.startswith(said)
    assert count == "0 passed, 1 failed"


def test_a_file_that_is_not_there_is_one_failed_line(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(tmp_path / "none.json") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


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
        (float("nan"), None, True), (float("nan"), 0.0, False), (float("inf"), float("inf"), True),
        (float("inf"), 1e300, False),
        ([1.0, None], [1.0 + 1e-10, None], True), ([1.0], [1.0, 2.0], False), ([[1.0]], [[1.1]], False),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}, True), ({"a": 1.0}, {}, False), ("x", "x", True), (True, 1.0, True),
    ],
)  # fmt: skip
def test_numbers_agree_within_the_tolerance_and_a_null_only_with_a_null(
    expected: object, got: object, *, same: bool
) -> None:
    assert agrees(expected, got, 1e-9) is same


FLAT = [0.01, 0.01, 0.01]
MIXED = [None, 0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1]
EUROS, YEN = ["EUR", 1.2, 0.04], ["JPY", -0.2, 0.0]
MARKETS = {"portfolio_markets": [["A", 1.0, 0.1, 0.0]], "benchmark_markets": [["A", 1.0, 0.1, 0.0]]}


@pytest.mark.parametrize(
    ("function", "given", "expected"),
    [
        ("xirr", {"dates": ["2020-01-01"] * 2, "amounts": [-100, 110]}, None),
        ("xirr", {"dates": [], "amounts": []}, None),
        ("xirr", {"dates": ["2019-01-01", "2020-01-01"], "amounts": [-100, 110], "day_count": "Actual/365"}, 0.1),
        ("xirr", {"dates": ["2019-01-01", "2020-01-01"], "amounts": [-100, 110], "day_count": "act/360"},
         1.1 ** (360 / 365) - 1),
        ("rvpi", {"amounts": [-10, -20, 15, 30], "nav": 15}, 0.5),
        ("rvpi", {"amounts": [10, 20, 15, 30], "nav": 15}, 0.2),
        ("annualize", {"cumulative": 1.0, "start_incl": "2020-02-28", "end_incl": "2021-02-27"}, 1.0),
        ("annualize", {"cumulative": 1.0, "start_incl": "2020-02-29", "end_incl": "2021-02-28"}, 2 ** (365 / 366) - 1),
        ("annualize", {
            "cumulative": 0.21, "start_incl": "2020-01-01", "end_incl": "2021-12-31", "days_per_year": 365.5,
        }, 0.1),
        ("linked_modified_dietz", {
            "start_incl": "2026-08-01", "end_incl": "2026-08-31", "v_start": 1000, "v_end": 505, "flow_timing": "begin",
            "valuations": [["2026-08-16", 0], ["2026-08-13", 1000]],
            "flows": [["2026-08-14", -1000], ["2026-08-17", 500]],
        }, 0.01),
        ("cum_returns", {"returns": [None, 0.1, 0.1]}, [0.0, 0.1, 0.21]),
        ("cum_returns_final", {"returns": [0.1, 0.1], "starting_value": 100}, 121.0),
        ("cum_return", {"returns": []}, None), ("max_drawdown", {"returns": []}, None),
        ("drawdowns_compounded", {"returns": [None, 0.1, -0.5, None, -0.3]}, [None, 0.0, -0.5, None, -0.65]),
        ("worst_realization", {"returns": [None, -0.2, 0.1]}, 0.2), ("worst_realization", {"returns": [None]}, None),
        ("cdar_uncompounded", {"returns": [None, 0.1, -0.5, -0.3, 0.8], "beta": 0.6}, (0.8 + 0.6 * 0.5) / 1.6),
        ("drawdown_at_risk_uncompounded", {"returns": [0.1, -0.5, -0.3, 0.8], "beta": 0.6}, 0.5),
        ("max_drawdown_cum", {"cumulative_returns": [0, 0.1, 0.2, -1.4]}, 4 / 3),
        ("annual_return", {"returns": [], "periods_per_year": 252}, None),
        ("calmar_ratio", {"returns": MIXED, "n_obs": 9}, 19.135925373194233),
        ("omega_ratio", {"returns": FLAT}, None),
        ("omega_ratio", {"returns": MIXED, "required_return": -10.0}, None),
        ("omega_ratio", {"returns": MIXED, "risk_free": 0.01}, 0.8125),
        ("sharpe_ratio", {"returns": MIXED, "risk_free": [0.0, 0.01] * 4 + [0.0]}, 0.34111411441060574),
        ("capture", {"returns": [0.0, *MIXED[1:]], "factor_returns": MIXED}, 1.0),
        ("std", {"data": [1.0, 3.0], "ddof": 0}, 1.0), ("std", {"data": [1.0]}, None),
        ("variance", {"data": [1.0, 3.0], "biased": True}, 1.0),
        ("semi_variance", {"data": [1.0, 3.0], "biased": True}, 0.5),
        ("bernardo_ledoit", {"returns": FLAT}, None), ("kurtosis_sample", {"data": [1.0, 2.0, 3.0]}, None),
        ("omega_sharpe_mar_-1", {"returns": FLAT}, None),
        ("skewness_unbiased", {"data": [1.0, 2.0]}, None), ("kurtosis_unbiased", {"data": [1.0, 2.0, 4.0]}, None),
        ("value_at_risk_linear_quantile", {"returns": [], "cutoff": 0.05}, None),
        ("value_at_risk_hist_loss", {"returns": [None, None]}, None), ("cvar_hist_loss", {"returns": []}, None),
        ("value_at_risk_hist_loss", {"returns": [[-0.5, None], [0.1, -0.2], [0.1, 0.3]], "beta": 0.9}, [0.5, 0.2]),
        ("value_at_risk_hist_loss", {"returns": list(range(-100, 0)), "beta": 0.95}, 95),
        ("value_at_risk_hist_loss", {"returns": list(range(-100, 0)), "beta": 0.95 + 1e-12}, 96),
        ("mean", {"data": [[1.0, 3.0], [2.0, None]]}, [1.5, 3.0]),
        ("mean_absolute_deviation", {"returns": [1.0, 2.0], "min_acceptable_return": 0.0}, 1.5),
        ("semi_variance", {"returns": [1.0]}, None), ("semi_variance", {"returns": [], "biased": True}, None),
        ("semi_deviation", {"returns": [1.0, 3.0], "biased": False}, 1.0),
        ("oas_shrinkage", {"data": [[1.0], [2.0], [4.0]]}, 0.0),
        ("menchero_coefficients", {"r_p": [0.2, -0.1, 0.05], "r_b": [0.2, -0.1, 0.05]}, [1.134 ** (2 / 3)] * 3),
        ("menchero_coefficients", {"r_p": [1e-9, 0.0], "r_b": [1e-9 - 1e-15, 0.0]}, [1.0, 1.0]),
        ("karnosky_singer_currency_allocation", {
            **MARKETS, "portfolio_currencies": [EUROS, YEN], "benchmark_currencies": [YEN, EUROS],
        }, [0.0, 0.0]),
    ],
)  # fmt: skip
def test_sources_conventions_at_the_edges(function: str, given: dict[str, object], expected: object) -> None:
    case = {"id": "edge", "function": function, "input": given, "expected": expected, "atol": 1e-8}
    assert run(case, adapters()).problem == ""


def test_every_function_is_declared_once() -> None:
    names = [name for name, _ in declared()]
    assert sorted(names) == sorted(set(names))
