"""The dbt project: its sources are the contracts, and it parses."""

from pathlib import Path

import pytest

from fo_platform.contracts import dbt_models, dbt_sources
from fo_platform.contracts.catalogue import tables
from fo_platform.policy.office import Policy
from fo_platform_tests.conftest import ROOT

SOURCES = ROOT / "dbt/models/staging/sources.yml"


def test_the_sources_of_dbt_are_the_contracts(policy: Policy) -> None:
    expected = dbt_sources.render(sorted(policy.sources))
    command = expected.splitlines()[0].split("`")[1]
    assert SOURCES.read_text() == expected, f"run: {command} > dbt/models/staging/sources.yml"


def test_the_models_of_dbt_are_held_to_the_contracts_of_the_marts() -> None:
    written = ROOT / "dbt/models/marts/marts.yml"
    command = "python -m fo_platform.contracts.dbt_models > dbt/models/marts/marts.yml"
    assert written.read_text() == dbt_models.render(), f"run: {command}"


def test_a_decimal_column_keeps_its_precision() -> None:
    text = dbt_sources.render(["some_bank"])
    assert "- name: nav_base\n      description: net asset value (base)\n      data_type: decimal(24,2)" in text


def test_every_declared_source_is_a_table_of_raw() -> None:
    assert "- name: some_bank\n" in dbt_sources.render(["some_bank"])


def test_the_project_parses_into_one_source_per_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbt.cli.main import dbtRunner

    monkeypatch.setenv("DO_NOT_TRACK", "1")
    monkeypatch.setenv("FO_HOME", str(tmp_path))
    folders = ["--project-dir", str(ROOT / "dbt"), "--profiles-dir", str(ROOT / "dbt")]
    outputs = ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    result = dbtRunner().invoke(["parse", "--quiet", *folders, *outputs])
    assert result.success, result.exception
    names = {(source.schema, source.name) for source in result.result.sources.values()}
    contracts = [table for table in tables() if table.schema_name not in ("raw", "marts")]
    assert {(table.schema_name, table.table_name) for table in contracts} <= names
