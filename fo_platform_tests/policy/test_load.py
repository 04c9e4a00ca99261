"""Policy files: the demo office loads, and every contradiction is refused with file, line and remedy."""

from pathlib import Path

import pytest

from fo_platform.errors import PolicyError
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy, policy_digest
from fo_platform.settings import Settings
from fo_platform.signing import public_key
from fo_platform.simulation.approvers import DEMO_NAMES, demo_key
from fo_platform_tests.conftest import ROOT
from fo_platform_tests.policy.edited import edit

CONTRADICTIONS = [
    ("targets", "us_equity: {target: 0.54", "us_equity: {target: 0.53", 2, "sum to 0.990, not exactly 1"),
    ("targets", "target: 0.54, min: 0.44", "target: 0.54, min: 0.55", 3, "0.54 does not lie between min 0.55"),
    ("targets", "target: 0.54", "target: 60", 3, "less than or equal to 1"),
    ("targets", "target: 0.54", "taget: 0.54", 3, "did you mean `target`"),
    ("targets", "  us_equity:", "  us_equities:", 3, "`us_equities` is not declared; did you mean `us_equity`"),
    ("targets", "trust:", "trusts:", 2, "`trust` is not declared; did you mean `trusts`"),
    ("custodians", "entity: trust", "entity: thrust", 9, "`thrust` is not declared; did you mean `trust`"),
    ("custodians", "    llc_us:", "    llc_ib:", 51, "`llc_ib` is already an account of interactive_brokers"),
    ("custodians", "U7310502", "U7310441", 18, "already the number of trust_ib"),
    ("custodians", "lot_authority: custodian", "lot_authority: bank", 12, "input should be 'custodian' or 'office'"),
    ("custodians", "expected_by: 07:30", "expected_by: soon", 6, "valid time"),
    ("entities", "owner: trust, share: 0.6", "owner: truss, share: 0.6", 18, "did you mean `trust`"),
    ("entities", "owner: trust, share: 0.6", "owner: trust, share: 0.7", 17, "sum to 1.1, more than 1"),
    ("entities", "owner: family_trust, share: 1", "owner: llc, share: 1", 9, "trust owns itself"),
    ("approvers", "{trust: [approver], llc", "{thrust: [approver], llc", 10, "did you mean `trust`"),
    ("approvers", "{trust: [approver], llc", "{trust: [releaser], llc", 3, "trust needs 2 approvers' keys"),
    ("approvers", "ejoI+XQVmhPp9zk7sENMS2cXQCHlO+UuBWB+x2awLyM=", "short", 12, "should match pattern"),
    ("limits", "drift_rearm: 0.015", "drift_rearm: 0.02", 6, "0.02 is not below drift_limit 0.02"),
    ("limits", "  reserve: 0\n", "", 3, "office: does not state reserve"),
    ("prices", "us_custodian, ", "us_custodien, ", 5, "did you mean `us_custodian`"),
    ("prices", "spike_factor: 10", "spike_factor: 1", 6, "greater than 1"),
    ("prices", "classes: {}", "classes: {us_equities: {age_max_days: 9}}", 7, "did you mean `us_equity`"),
    ("prices", "classes: {}", "classes: {us_equity: {sources: [bank]}}", 7, "`bank` is not declared"),
    ("benchmarks", "us_equity:", "us_equities:", 5, "did you mean `us_equity`"),
    ("benchmarks", "[{factor: MKT}]}", "[{factor: MKT, weight: 0.9}]}", 6, "weights sum to 0.9, not exactly 1"),
    ("benchmarks", "[{factor: MKT}]}", "[{factor: MKT, index: SPX}]}", 6, "a part names one of"),
    ("benchmarks", "[{factor: RATES}]", "[{factor: RATES}, {factor: RATES, weight: 0}]", 11, "stands twice"),
    ("benchmarks", "own}", "own}\n  - {valid_from: 2014-01-01, against: own}", 12, "2 benchmarks begin"),
    ("benchmarks", "against: own}", "against: []}", 13, "names nothing"),
    ("benchmarks", "against: own}", "against: itself}", 13, "valid list"),
    ("limits", "office:", "entities:\n  truss: {reserve: 1}\noffice:", 4, "did you mean `trust`"),
    ("office", "demo_keys: allowed", "demo_keys: refused", 0, "this is a demo key"),
    (
        "office",
        "last_day: 2022-12-28",
        "last_day: 2022-01-01",
        7,
        "last_day: 2022-01-01 is before first_day 2022-03-18",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), CONTRADICTIONS)
def test_a_contradiction_is_refused_with_its_line(
    project: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    folder = edit(project, name, old, new)
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    assert words in caught.value.message
    assert caught.value.remedy
    assert line == 0 or f"{name}.yaml line {line}: " in caught.value.message


def test_a_share_that_changes_hands_later_replaces_the_earlier_one(project: Path) -> None:
    more = "share: 0.6, valid_from: 2014-01-01}\n      - {owner: trust, share: 0.55, valid_from: 2020-01-01}"
    folder = edit(project, "entities", "share: 0.6, valid_from: 2014-01-01}", more)
    assert len(load_policy(folder).entities["llc"].owners) == 3


def test_a_proxy_must_be_a_liquid_class(project: Path) -> None:
    path = project / "resources/reference/asset_classes.yaml"
    path.write_text(path.read_text() + "venture:\n  name: Venture\n  is_liquid: false\n  proxy: venture\n")
    with pytest.raises(
        PolicyError, match=r"asset_classes\.yaml line 33: venture\.proxy: `venture` is not a liquid class"
    ):
        load_policy(project / "resources/offices/demo")


def test_the_digest_follows_what_is_traded_on_and_nothing_else(project: Path, policy: Policy) -> None:
    digest = policy_digest(policy)
    folder = edit(project, "office", "name: Demo family office", "name: Another name")
    assert policy_digest(load_policy(folder)) == digest
    edit(project, "limits", "turnover_max: 0.20", "turnover_max: 0.2")
    assert policy_digest(load_policy(folder)) == digest
    edit(project, "limits", "turnover_max: 0.2", "turnover_max: 0.21")
    assert policy_digest(load_policy(folder)) != digest


def test_an_entitys_own_limit_wins_over_the_offices(project: Path) -> None:
    folder = edit(project, "limits", "office:", "entities:\n  trust: {reserve: 7}\noffice:")
    limits = load_policy(folder).limits
    assert (limits.of("trust")["reserve"], limits.of("llc")["reserve"]) == (7, 0)


def test_the_demo_offices_keys_are_those_that_its_people_sign_with(policy: Policy) -> None:
    declared = {name: body.public_key for name, body in policy.approvers.items()}
    assert declared == {name: public_key(demo_key(name)) for name in DEMO_NAMES}


def test_every_feed_of_the_demo_office_has_its_format(policy: Policy) -> None:
    feeds = {feed for source in policy.sources.values() for feed in source.feeds}
    assert {feed for feed in feeds if not (ROOT / f"fo_platform/custodians/formats/{feed}.py").exists()} == set()


@pytest.mark.parametrize("environment", ["local", "postgres", "snowflake"])
def test_every_broker_of_the_demo_office_is_bound(policy: Policy, environment: str) -> None:
    bound = Settings.read({"FO_ENVIRONMENT": environment}).bindings.brokers
    assert {account.broker for _, account in policy.accounts.values()} - {None} <= set(bound)
