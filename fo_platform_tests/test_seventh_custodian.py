"""The README's ten lines make a custodian: declared, due, read, and named in every figure that it gives."""

from datetime import date
from pathlib import Path

import yaml

from fo_platform.book.statements import known_accounts
from fo_platform.clock import morning_of
from fo_platform.custodians.accepted import accepted_records
from fo_platform.ledger.views import deliveries, seq_at
from fo_platform.office import open_office
from fo_platform.operations.intake import take_in
from fo_platform.policy import frames
from fo_platform.policy.load import load_policy
from fo_platform.records import unpack
from fo_platform.settings import Settings

ROOT = Path(__file__).parents[1]
BLOCK = (ROOT / "README.md").read_text(encoding="utf-8").split("```yaml\n", 1)[1].split("```", 1)[0]
STATEMENT = (ROOT / "fo_platform_tests/custodians/semt002/one_page.xml").read_bytes()
DAY = date(2022, 6, 14)


def test_the_readme_s_custodian_is_declared_due_and_read(project: Path, settings: Settings) -> None:
    declared = project / "resources/offices/demo/custodians.yaml"
    declared.write_text(f"{declared.read_text(encoding='utf-8')}\n{BLOCK}", encoding="utf-8")
    policy = load_policy(declared.parent)
    ((name, body),) = yaml.safe_load(BLOCK).items()
    due = frames.sources(policy)
    feeds = due.loc[due["source"] == name, ["feed", "account_id", "time_zone"]].values.tolist()
    assert feeds == [["camt053", "llc_north", "Europe/Stockholm"], ["semt002", "llc_north", "Europe/Stockholm"]]
    office = open_office(settings)
    office.ledger.move_clock(morning_of(DAY))
    (settings.inbox / name).mkdir(parents=True)
    number = body["accounts"]["llc_north"]["account_id_source"]
    (settings.inbox / name / "holdings.xml").write_bytes(STATEMENT.replace(b"0835-774120-01", number.encode()))
    assert take_in(office, name, tuple(policy.sources[name].feeds), DAY) == {"accepted": 1}
    known = deliveries(office.ledger, DAY, seq_at(office.ledger, office.ledger.last_known_at()))
    records = accepted_records(known, office.archive.read).assign(source=name)
    found = known_accounts(unpack(records, "position"), frames.accounts(policy))
    assert set(found["account_id"]) == {"llc_north"}
    assert found["quantity"].notna().all()


def test_at_most_ten_lines_of_yaml_declare_it() -> None:
    assert len(BLOCK.strip().splitlines()) <= 10
