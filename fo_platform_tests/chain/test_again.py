"""What must hold when the demo is run again, after nothing, an edit, a loss or a forgery."""

import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from fo_platform.ledger import tables
from fo_platform.ledger.ledger import Ledger
from fo_platform_tests.chain.conftest import LAST, ROOT, Home


def _hashes(home: Home) -> dict[tuple[str, str], str]:
    """Content hash of the newest batch of every table and day."""
    batch = tables.batches.c
    rows = Ledger.open(f"sqlite:///{home.fo / 'ledger.sqlite'}").rows(
        sa.select(tables.batches).order_by(batch.known_at)
    )
    return {(row.asset, str(row.business_date)): row.content_sha256 for row in rows}


def test_running_again_writes_nothing_even_without_the_simulated_world(own_home: Home) -> None:
    before = _hashes(own_home)
    shutil.rmtree(own_home.world)
    assert own_home.json("run")["batches_written"] == 0
    assert _hashes(own_home) == before


def test_rebuild_restores_every_batch_from_archive_and_ledger(own_home: Home) -> None:
    files = sorted(path.relative_to(own_home.fo) for path in (own_home.fo / "lake").rglob("*.parquet"))
    shutil.rmtree(own_home.fo / "lake")
    shutil.rmtree(own_home.fo / "dagster")
    answer = own_home.json("rebuild")
    assert (answer["restored"], answer["equal"]) == (len(files), True)
    assert sorted(path.relative_to(own_home.fo) for path in (own_home.fo / "lake").rglob("*.parquet")) == files


def test_one_quantity_changed_by_one_is_exactly_one_break(own_home: Home) -> None:
    path = sorted((own_home.fo / "inbox/us_custodian").iterdir())[-1]
    lines = path.read_bytes().split(b"\n")
    at = next(i for i, line in enumerate(lines) if line[:1] == b"P" and line[32:40].strip() == b"KO")
    lines[at] = lines[at][:44] + b"%018d" % (int(lines[at][44:62]) + 100000) + lines[at][62:]
    path.write_bytes(b"\n".join(lines))
    before = own_home.json("breaks")
    own_home.json("run")
    breaks = own_home.json("breaks")
    assert before == []
    assert [(row["instrument_id"], row["break_class"]) for row in breaks] == [("KO", "QUANTITY")]
    assert breaks[0]["account_id"] in ("llc_us", "foundation_us")


def test_targets_without_drift_change_the_verdict(own_home: Home, tmp_path: Path) -> None:
    for part in ("resources", "dbt"):
        shutil.copytree(ROOT / part, tmp_path / "project" / part)
    targets = tmp_path / "project/resources/offices/demo/targets.yaml"
    body: dict[str, Any] = yaml.safe_load(targets.read_text())
    body["foundation"]["us_equity"]["target"] = 0.53
    body["foundation"]["fixed_income"]["target"] = 0.33
    targets.write_text(yaml.safe_dump(body))
    before = own_home.json("status", "--day", LAST)["verdicts"]
    after = Home(own_home.folder, tmp_path / "project").json("run")["verdicts"]
    assert before["foundation"] == "TRADE"
    assert after["foundation"] == "WAIT"


def test_the_audit_names_a_flipped_byte_of_the_archive(own_home: Home) -> None:
    assert own_home.json("audit", "verify")["ok"]
    path = next(p for p in sorted((own_home.fo / "archive").rglob("*")) if p.is_file())
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    done = own_home.run("audit", "verify", "--json")
    assert done.returncode == 1
    assert path.name in done.stdout
