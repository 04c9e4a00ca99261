"""The marts as assets and their dbt tests as checks, one build for all. What is built belongs to operations and dbt."""

import inspect
from collections.abc import Iterator

import dagster as dg

from fo_platform.contracts.catalogue import tables
from fo_platform.defs._table import OWNER, definition_metadata
from fo_platform.defs.partitions import DAYS, SETTINGS
from fo_platform.lineage.code import code_hash
from fo_platform.office import Office
from fo_platform.operations.marts import build_marts, models, tests

PROJECT = SETTINGS.project / "dbt"
CONTRACTS = {contract.name: contract for contract in tables()}
TESTS = tests(PROJECT)
"""By name of every dbt test: its mart, and what it says."""


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


SPECS = [
    dg.AssetSpec(
        _key(model.name),
        deps=[_key(table) for table in model.reads],
        description=inspect.getdoc(CONTRACTS[model.name]),
        group_name="marts",
        code_version=code_hash(),
        owners=[OWNER],
        kinds={"dbt"},
        tags={"layer": "data", "audience": "family"},
        metadata=definition_metadata(CONTRACTS[model.name], model.name),
    )
    for model in models(PROJECT)
]
CHECKS = [
    *(
        dg.AssetCheckSpec(
            "contract", asset=spec.key, blocking=True, description="Columns, types, key: enforced by dbt."
        )
        for spec in SPECS
    ),
    *(dg.AssetCheckSpec(name, asset=_key(mart), description=said) for name, (mart, said) in TESTS.items()),
]


@dg.multi_asset(
    name="marts",
    specs=SPECS,
    check_specs=CHECKS,
    partitions_def=DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    required_resource_keys={"office"},
)
def marts(context: dg.AssetExecutionContext) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[object]]:
    """Bring every mart up to all that is known; the days of the run are among it."""
    office: Office = context.resources.office
    built = build_marts(office, CONTRACTS)
    for spec in SPECS:
        metadata = {"dagster/row_count": built.rows[".".join(spec.key.path)], "new_days": built.days}
        yield dg.MaterializeResult(asset_key=spec.key, metadata=metadata)
        yield dg.AssetCheckResult(asset_key=spec.key, check_name="contract", passed=True)
    for name, (mart, _) in TESTS.items():
        wrong = built.wrong_rows[name]
        yield dg.AssetCheckResult(
            asset_key=_key(mart),
            check_name=name,
            passed=wrong == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"wrong_rows": wrong},
        )
