"""Signatures over policy and sessions: who may give them, and what is recorded when somebody may not."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from fo_platform.clock import morning_of
from fo_platform.errors import ApprovalError
from fo_platform.ledger import tables
from fo_platform.office import Office, open_office
from fo_platform.operations.approve import is_policy_signed, record_policy, record_release, sign_policy_as_demo
from fo_platform.operations.policy import adopt_policy
from fo_platform.policy.load import load_policy
from fo_platform.settings import Settings
from fo_platform.simulation.approvers import demo_key

DAY = date(2022, 6, 14)


@pytest.fixture
def office(tmp_path: Path, project: Path) -> Office:
    """An office whose policy is adopted and not yet signed, in a project that a test may edit."""
    office = open_office(Settings.read({"FO_HOME": str(tmp_path / "home"), "FO_PROJECT": str(project)}))
    office.ledger.move_clock(morning_of(DAY))
    adopt_policy(office, DAY)
    return office


def _decisions(office: Office) -> list[str]:
    return [row.decision for row in office.ledger.rows(sa.select(tables.approvals.c.decision))]


def test_a_policy_needs_two_different_approvers(office: Office) -> None:
    assert not is_policy_signed(office, DAY)
    record_policy(office, "demo_cio", demo_key("demo_cio"), DAY)
    assert not is_policy_signed(office, DAY)
    record_policy(office, "demo_principal", demo_key("demo_principal"), DAY)
    assert is_policy_signed(office, DAY)


def test_an_unsigned_edit_of_targets_undoes_the_signatures(office: Office) -> None:
    sign_policy_as_demo(office, load_policy(office.settings.office_folder), DAY, demo_key)
    assert is_policy_signed(office, DAY)
    limits = office.settings.office_folder / "limits.yaml"
    limits.write_text(limits.read_text().replace("drift_limit: 0.02", "drift_limit: 0.03"))
    adopt_policy(office, DAY)
    assert not is_policy_signed(office, DAY)


def test_an_edit_that_trading_does_not_rest_on_needs_no_new_signature(office: Office) -> None:
    sign_policy_as_demo(office, load_policy(office.settings.office_folder), DAY, demo_key)
    targets = office.settings.office_folder / "targets.yaml"
    targets.write_text(f"# A remark.\n{targets.read_text()}")
    adopt_policy(office, DAY)
    assert is_policy_signed(office, DAY)


def test_another_persons_key_is_refused_and_the_refusal_recorded(office: Office) -> None:
    with pytest.raises(ApprovalError, match="demo_cio does not hold the role approver"):
        record_policy(office, "demo_cio", demo_key("demo_principal"), DAY)
    assert _decisions(office) == ["refused approve"]
    assert not is_policy_signed(office, DAY)


def test_nobody_releases_what_is_not_approved(office: Office) -> None:
    with pytest.raises(ApprovalError, match="is not approved"):
        record_release(office, "0" * 64, "demo_trader", demo_key("demo_trader"), DAY)
    assert _decisions(office) == []


def test_somebody_unknown_approves_nothing(office: Office) -> None:
    with pytest.raises(ApprovalError, match="nobody's approver"):
        record_policy(office, "somebody", demo_key("demo_cio"), DAY)
