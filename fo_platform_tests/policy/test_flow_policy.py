"""Policy of liquidity, cash flows and fees: what the demo declares, what no file means, what is refused."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fo_platform.contracts import policy as contracts
from fo_platform.policy import flow_frames
from fo_platform.policy.cash_flows import parts
from fo_platform.policy.load import OPTIONAL, load_policy
from fo_platform.policy.office import Policy
from fo_platform.simulation.private_assets import FUNDS
from fo_platform.simulation.private_history import FEE_RATE
from fo_platform_tests.policy.edited import refused

TABLES = {
    flow_frames.liquidity_terms: contracts.LiquidityTerms,
    flow_frames.cash_flow_rules: contracts.CashFlowRules,
    flow_frames.fee_tariffs: contracts.FeeTariffs,
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_frame_passes_its_contract_and_is_not_empty(table: object, policy: Policy) -> None:
    assert len(TABLES[table].validate(table(policy))) > 0


def test_an_office_without_the_files_has_no_terms_and_no_tariffs_but_a_model(project: Path) -> None:
    folder = project / "resources/offices/demo"
    for name in ("liquidity", "cash_flows", "tariffs"):
        assert name in OPTIONAL
        (folder / f"{name}.yaml").unlink()
    bare = load_policy(folder)
    assert flow_frames.liquidity_terms(bare).empty
    assert flow_frames.fee_tariffs(bare).empty
    assert set(flow_frames.cash_flow_rules(bare)["flow_rule"]) == {"pacing", "simulation"}


CONTRADICTIONS = [
    ("liquidity", "  private_equity: {notice", "  private_equitie: {notice", 6, "did you mean `private_equity`"),
    ("liquidity", "account: trust_ib", "account: trust_ibk", 16, "did you mean `trust_ib`"),
    ("liquidity", "USGOV, share: 0.2", "USGOV, share: 1.2", 16, "less than or equal to 1"),
    ("liquidity", "gate_share: 0.25", "gate_share: 0", 10, "greater than 0"),
    ("liquidity", "notice_days: 120", "notice: 120", 6, "did you mean `notice_days`"),
    (
        "liquidity",
        "share: 0.2}",
        "share: 0.2}\n  - {account: trust_ib, instrument: USGOV, share: 0.3}",
        17,
        "USGOV of trust_ib is already pledged",
    ),
    ("cash_flows", "  foundation: {rate: 0.05", "  foundations: {rate: 0.05", 5, "did you mean `foundation`"),
    ("cash_flows", "03-31, 06-30", "02-30, 06-30", 5, "02-30 is no day of a year"),
    ("cash_flows", "03-31, 06-30", "03-31, 03-31", 5, "a day stands twice"),
    ("cash_flows", "03-31, 06-30", "3-31, 06-30", 5, "should match pattern"),
    ("cash_flows", "rate: 0.05", "rate: 5", 5, "less than or equal to 1"),
    ("cash_flows", "  bow: 2.5", "  bows: 2.5", 15, "did you mean `bow`"),
    ("cash_flows", "paths: 2000", "paths: 20", 23, "greater than or equal to 100"),
    ("tariffs", "entity: trust, basis", "entity: truss, basis", 0, "did you mean `trust`"),
    ("tariffs", "trust_ib: 213200000", "trust_ibk: 213200000", 0, "did you mean `trust_ib`"),
    ("tariffs", "rate: 18500", "rate: 18500, tiers: [{rate: 1}]", 0, "states a rate or tiers"),
    ("tariffs", "tiers: [{up_to: 250000000, rate: 6}, {rate: 5}]", "tiers: [{rate: 6}, {rate: 5}]", 0, "tiers rise"),
    ("tariffs", "layer: administration, entity: llc", "layer: administration, entity: trust", 0, "already charges for"),
    ("tariffs", "basis: flat", "basis: flatt", 0, "input should be"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), CONTRADICTIONS)
def test_a_contradiction_is_refused_with_its_line(  # noqa: PLR0913, PLR0917
    project: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    error = refused(project, name, old, new)
    assert words in error.message
    assert error.remedy
    assert f"{name}.yaml line {line or ''}" in error.message


def test_a_line_is_read_as_it_is_written(policy: Policy) -> None:
    terms = flow_frames.liquidity_terms(policy).set_index("instrument_id").drop(index="*")
    assert terms.loc["FUND.BIR2", ["notice_days", "gate_share"]].tolist() == [90, 0.25]
    assert terms.loc["USGOV", ["account_id", "pledged_share"]].tolist() == ["trust_ib", 0.2]
    rules = flow_frames.cash_flow_rules(policy).set_index(["subject_id", "flow_rule", "parameter"]).sort_index()
    assert rules.loc[("foundation", "spending", "rate"), "value"] == Decimal("0.05")
    assert rules.loc[("foundation", "spending", "rate"), "flow_basis"] == "declared"
    assert rules.loc[("trust", "tax", "amount"), "unit"] == "USD"
    assert rules.loc[("FUND.ALD4", "pacing", "vintage"), "value"] == 2019


def test_parts_of_a_year_sum_to_it_whatever_their_number() -> None:
    assert parts(["06-30", "01-01", "12-31"]) == {
        "01-01": Decimal("0.33333333"), "06-30": Decimal("0.33333333"), "12-31": Decimal("0.33333334"),
    }  # fmt: skip
    assert sum(parts([f"01-{day:02}" for day in range(1, 8)]).values()) == 1


def test_a_tariff_has_a_row_a_tier_and_again_for_each_agreed_value(policy: Policy) -> None:
    tariffs = flow_frames.fee_tariffs(policy)
    bank = tariffs[(tariffs["provider"] == "swiss_bank") & (tariffs["layer"] == "custody")]
    assert bank.groupby("account_id").size().to_dict() == {"*": 3, "trust_swiss": 3, "foundation_swiss": 3}
    assert bank["valid_from"].eq(date(2022, 3, 1).isoformat()).all()


def test_the_management_fees_of_the_demo_s_funds_are_agreed(policy: Policy) -> None:
    for fund in FUNDS:
        tariff = next(tariff for tariff in policy.tariffs[f"FUND.{fund.fund_id}"] if tariff.layer == "management")
        assert (tariff.rate, tariff.currency) == (FEE_RATE * 4 * 10_000, fund.currency)
