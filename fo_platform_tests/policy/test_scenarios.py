"""What the office fears: the demo office's scenarios, and the contradictions that are refused."""

from pathlib import Path

import pytest

from fo_platform.contracts.policy import BondTerms, StressScenarios
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform.policy.scenarios import ScenariosFile, bond_terms, stress_scenarios
from fo_platform_tests.policy.edited import refused

DEMO = "resources/offices/demo"


def test_the_demo_office_s_scenarios_and_bonds_pass_their_contracts(policy: Policy) -> None:
    scenarios = StressScenarios.validate(stress_scenarios(policy.scenarios))
    assert set(scenarios["shock_kind"]) == {"classes", "rates", "currencies", "factors", "window"}
    assert set(scenarios["scenario"]) == set(policy.scenarios.scenarios)
    windows = scenarios[scenarios["shock_kind"] == "window"]
    assert windows[["start_date", "end_date"]].notna().all(axis=None)
    terms = BondTerms.validate(bond_terms(policy.scenarios)).set_index("instrument_id")
    assert terms.loc["UST2029", ["coupon_rate", "coupon_frequency"]].tolist() == [0.02375, 2]
    assert (terms["duration_years"].notna() ^ terms["maturity_date"].notna()).all()


def test_an_office_that_fears_nothing_has_empty_tables() -> None:
    assert StressScenarios.validate(stress_scenarios(ScenariosFile())).empty
    assert BondTerms.validate(bond_terms(ScenariosFile())).empty


def test_an_office_need_not_have_the_file(project: Path) -> None:
    (project / DEMO / "scenarios.yaml").unlink()
    assert load_policy(project / DEMO).scenarios == ScenariosFile()


CONTRADICTIONS = [
    ("classes: {us_equity: -0.35", "classes: {us_equities: -0.35", "did you mean `us_equity`"),
    ("us_equity: -0.35", "us_equity: -1.35", "greater than or equal to -1"),
    ("currencies: {EUR: -0.167", "currencies: {USD: -0.167", "cannot move against itself"),
    ("currencies: {EUR", "currency: {EUR", "did you mean `currencies`"),
    ("end: 2022-03-08", "end: 2022-01-03", "is not after start"),
    ("window: {start", "shocks: {}\n    window: {start", "either shocks or a window"),
    ("{duration: 6.4, convexity: 65}", "{convexity: 65}", "either a coupon and a maturity or a duration"),
    ("{duration: 6.4,", "{duration: 6.4, coupon: 0.01, maturity: 2030-01-01,", "either a coupon and a maturity"),
    ("frequency: 2}", "frequency: 3}", "'1', '2', '4' or '12'"),
]


@pytest.mark.parametrize(("old", "new", "said"), CONTRADICTIONS, ids=[said for _, _, said in CONTRADICTIONS])
def test_a_contradiction_is_refused_with_its_file(project: Path, old: str, new: str, said: str) -> None:
    message = refused(project, "scenarios", old, new).message
    assert said in message
    assert "scenarios.yaml line " in message
