"""The code location: it loads without a secret, its assets are the contracts' tables, and the graph runs one way."""

import os
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from fo_platform.contracts.catalogue import tables
from fo_platform.contracts.raw import Record
from fo_platform.definitions import defs
from fo_platform.defs.partitions import DAYS
from fo_platform.defs.sensors import SENSORS
from fo_platform.lineage.code import code_hash
from fo_platform.policy.office import Policy
from fo_platform.settings import Settings
from fo_platform_tests.processes import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
LAYERS = [{"raw", "reference", "policy"}, {"book"}, {"analytics"}, {"decision"}, {"execution"}, {"marts"}]
"""Schemas in the order in which the day makes them."""


@pytest.fixture(scope="module")
def graph() -> AssetGraph:
    """Every asset of the location and what it depends on."""
    return defs.resolve_asset_graph()


@pytest.fixture(scope="module")
def contracts(policy: Policy) -> dict[dg.AssetKey, Any]:
    """The contract of every table by its asset key; raw tables are one a source, of one contract."""
    raw = {dg.AssetKey(["raw", source]): Record for source in policy.sources}
    return raw | {dg.AssetKey(table.name.split(".")): table for table in tables() if table is not Record}


def selected(job: str) -> set[dg.AssetKey]:
    return set(defs.resolve_job_def(job).asset_layer.selected_asset_keys)


def schemas(job: str) -> set[str]:
    return {key.path[0] for key in selected(job)}


def test_the_workspace_names_a_module_that_exists_and_the_default_office(settings: Settings) -> None:
    [entry] = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    assert entry["python_module"] == {"module_name": "fo_platform.definitions", "location_name": settings.office}
    assert find_spec(entry["python_module"]["module_name"])


def test_dagster_finds_the_workspace_valid_and_loading_it_makes_no_office(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FO_")}
    environment |= {"DAGSTER_HOME": str(tmp_path), "FO_HOME": str(tmp_path / "home"), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Validation successful for code location demo" in done.stdout + done.stderr
    assert not (tmp_path / "home").exists()


def test_every_reference_between_definitions_resolves() -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_assets_are_the_tables_of_the_contracts(graph: AssetGraph, contracts: dict[dg.AssetKey, Any]) -> None:
    assert graph.get_all_asset_keys() == set(contracts)


def test_every_asset_says_what_it_is_who_owns_it_and_which_code_made_it(graph: AssetGraph) -> None:
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    assert [node.key for node in nodes if not (node.description and node.owners and node.kinds)] == []
    assert {node.code_version for node in nodes} == {code_hash()}
    assert {node.partitions_def for node in nodes} == {DAYS}


def test_every_asset_shows_its_contracts_columns_and_what_they_mean(
    graph: AssetGraph, contracts: dict[dg.AssetKey, Any]
) -> None:
    shown = {key: graph.get(key).metadata["dagster/column_schema"].columns for key in contracts}
    assert {key: [c.name for c in columns] for key, columns in shown.items()} == {
        key: list(contract.fields()) for key, contract in contracts.items()
    }
    assert [(key, c.name) for key, columns in shown.items() for c in columns if not c.description] == []


def test_the_layer_and_the_group_follow_from_the_schema(graph: AssetGraph) -> None:
    for key in graph.get_all_asset_keys():
        node, schema = graph.get(key), key.path[0]
        assert node.group_name == schema
        assert node.tags["layer"] == (schema if schema in {"analytics", "decision", "execution"} else "data")
        assert node.tags["audience"] in {"operator", "compliance", "family"}


def test_tables_that_name_a_custodians_accounts_are_marked_personal(
    graph: AssetGraph, contracts: dict[dg.AssetKey, Any]
) -> None:
    marked = {key for key in contracts if "pii" in graph.get(key).tags}
    assert marked >= {key for key, contract in contracts.items() if "account_id_source" in contract.fields()}


def test_a_broken_contract_blocks_what_depends_on_every_table(graph: AssetGraph) -> None:
    checks = {dg.AssetCheckKey(key, "contract") for key in graph.get_all_asset_keys()}
    assert checks <= set(graph.asset_check_keys)
    assert all(graph.get(check).blocking for check in checks)


def test_there_are_five_jobs_and_together_they_make_every_table(graph: AssetGraph) -> None:
    jobs = {job.name for job in defs.resolve_all_job_defs() if not job.name.startswith("__")}
    assert jobs == {"evaluate", "release", "close", "history", "publish"}
    assert selected("evaluate") | selected("close") | selected("publish") == graph.get_all_asset_keys()


def test_evaluating_trades_nothing_and_history_decides_nothing() -> None:
    approval = dg.AssetKey(["decision", "approval"])
    assert "execution" not in schemas("evaluate")
    assert selected("evaluate").isdisjoint(selected("release"))
    assert schemas("history").isdisjoint({"decision", "execution"})
    assert selected("release") < selected("close")
    assert {key for key in selected("close") if key.path[0] != "execution"} == {approval}


def test_the_graph_runs_from_data_to_execution_and_never_back(graph: AssetGraph) -> None:
    place = {schema: number for number, names in enumerate(LAYERS) for schema in names}
    parents = {key: graph.get(key).parent_keys for key in graph.get_all_asset_keys()}
    assert [(k, p) for k in parents for p in parents[k] if place[p.path[0]] > place[k.path[0]]] == []
    order = TopologicalSorter({key: found - {key} for key, found in parents.items()}).static_order()
    assert set(order) == set(parents)


def test_a_table_that_reads_itself_reads_earlier_sessions(graph: AssetGraph) -> None:
    themselves = [node for node in map(graph.get, graph.get_all_asset_keys()) if node.key in node.parent_keys]
    assert dg.AssetKey(["book", "positions"]) in {node.key for node in themselves}
    for node in themselves:
        mapping = node.partition_mappings[node.key]
        assert isinstance(mapping, dg.TimeWindowPartitionMapping)
        assert mapping.end_offset == -1


def test_every_sensor_looks_from_the_start() -> None:
    assert {sensor.name: sensor.default_status for sensor in SENSORS} == dict.fromkeys(
        ("arrivals", "drift", "approvals", "notices", "closings"), dg.DefaultSensorStatus.RUNNING
    )
