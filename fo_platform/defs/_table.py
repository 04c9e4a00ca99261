"""@table_asset: a pure function becomes an asset that reads, validates, writes, reports. Figures do not belong here."""

import inspect
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter

import dagster as dg
import pandas as pd
from pandera.errors import SchemaErrors

from fo_platform.checks._check import Check, checks_of
from fo_platform.contracts._base import Table
from fo_platform.contracts.catalogue import tables
from fo_platform.defs._figures import figures
from fo_platform.defs._pictures import picture
from fo_platform.defs.partitions import DAYS
from fo_platform.errors import DataError
from fo_platform.lineage.code import code_hash
from fo_platform.lineage.recipe import Made, Read, Reading, Recipe, make, parameters, store
from fo_platform.office import Office
from fo_platform.warehouse.warehouse import Written

logger = logging.getLogger(__name__)

# Range runs and partition mappings are marked beta; the version is pinned and the tests run them.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

OWNER = "team:operations"
SAMPLE = 5
LAYERS = {
    "analytics": "analytics", "decision": "decision", "execution": "execution",
}  # fmt: skip
"""Layer of a schema; the others are the data layer."""

FULL_NAMES = {contract.table_name: contract.name for contract in tables()}
"""`schema.table` by table name; a table name is used in one schema only."""

RECIPES: dict[str, Recipe] = {}
"""Every table of this code location by name: what rebuild and explain replay."""

Effect = Callable[[Office, date], object]


@dataclass
class Outcome:
    """What one execution did: a written table per day, and the rows that each check found wrong."""

    written: dict[date, Written] = field(default_factory=dict)
    made: dict[date, Made] = field(default_factory=dict)
    wrong: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    figures: dict[date, dict[str, float | int | str]] = field(default_factory=dict)
    seconds: float = 0.0


class ContractBroken(Exception):  # noqa: N818 - control flow of one asset body, never seen by a caller.
    """The computed frame violates its contract; the last good batch stays."""

    def __init__(self, day: date, sample: str, failures: int) -> None:
        """Keep what the check reports."""
        super().__init__(f"{day}: {failures} failures")
        self.day, self.sample, self.failures = day, sample, failures


def table_asset(
    contract: type[Table],
    *,
    reads: Mapping[str, Read] | None = None,
    exact: bool = True,
    name: str | None = None,
    before: Effect | None = None,
    after: Effect | None = None,
    follows: tuple[str, ...] = (),
    kinds: tuple[str, ...] = ("pandas",),
    audience: str = "operator",
    has_pii: bool = False,
) -> Callable[[Callable[..., pd.DataFrame]], dg.AssetsDefinition]:
    """Make a function of tables an asset of its contract.

    Parameters named after tables give the dependencies; `reads` says which are not simply of the day. `before` and
    `after` are operations on the outside world: they run only on the office's current day and never in a rebuild.
    `follows` names tables that come first because the ledger, not a read, carries what they did.
    """

    def wrap(compute: Callable[..., pd.DataFrame]) -> dg.AssetsDefinition:
        recipe = Recipe(name or contract.name, contract, compute, _reads(compute, reads or {}), exact)
        RECIPES[recipe.name] = recipe
        checks = checks_of(recipe.name)
        key = dg.AssetKey(recipe.name.split("."))

        def body(context: dg.AssetExecutionContext) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[object]]:
            office: Office = context.resources.office
            days = sorted(date.fromisoformat(text) for text in context.partition_keys)
            try:
                outcome = _run(recipe, office, days, checks, effects=(before, after), run_id=context.run_id)
            except ContractBroken as broken:
                yield _failed(broken, has_pii=has_pii)
                return
            yield dg.AssetCheckResult(passed=True, check_name="contract", metadata={"rows": _rows(outcome)})
            yield from _checked(checks, outcome, has_pii=has_pii)
            if set(outcome.written) != set(days):
                return
            for day in days:
                context.add_asset_metadata(_of_day(outcome, day), partition_key=str(day))
            yield _materialised(outcome, picture(contract, office, days[-1]))

        return dg.asset(
            key=key,
            group_name=contract.schema_name,
            description=inspect.getdoc(contract),
            deps=_deps(recipe, follows),
            partitions_def=DAYS,
            backfill_policy=dg.BackfillPolicy.single_run(),
            required_resource_keys={"office"},
            output_required=False,
            check_specs=[
                dg.AssetCheckSpec("contract", asset=key, blocking=True, description="Shape, types, ranges and key.")
            ]
            + [dg.AssetCheckSpec(c.name, asset=key, blocking=c.is_blocking, description=c.description) for c in checks],
            owners=[OWNER],
            kinds=set(kinds),
            code_version=code_hash(),
            tags={"layer": LAYERS.get(contract.schema_name, "data"), "audience": audience}
            | ({"pii": "true"} if has_pii else {}),
            metadata=definition_metadata(contract, recipe.name),
        )(body)

    return wrap


def window(table: str, sessions: int) -> Read:
    """Rows of a table over the last sessions up to the day."""
    return Read((_full(table),), "window", sessions)


def previous(table: str, sessions: int = 1) -> Read:
    """Rows of a table of the last sessions before the day."""
    return Read((_full(table),), "previous", sessions)


def of_day(*tables: str) -> Read:
    """Rows of tables of the day."""
    return Read(tuple(tables))


def _full(table: str) -> str:
    return FULL_NAMES.get(table, table)


def _reads(compute: Callable[..., pd.DataFrame], declared: Mapping[str, Read]) -> dict[str, Read]:
    """Reads by parameter: declared ones, `<table>_previous`, and plain table names."""
    found: dict[str, Read] = {}
    for parameter in [name for parts in parameters(compute).values() for name in parts]:
        if parameter in declared:
            found[parameter] = declared[parameter]
        elif parameter in FULL_NAMES:
            found[parameter] = Read((FULL_NAMES[parameter],))
        elif parameter.removesuffix("_previous") in FULL_NAMES:
            found[parameter] = previous(parameter.removesuffix("_previous"))
    return found


def _deps(recipe: Recipe, follows: tuple[str, ...]) -> list[dg.AssetDep]:
    deps = {table: dg.AssetDep(dg.AssetKey(table.split("."))) for table in follows}
    for read in recipe.reads.values():
        for table in read.tables:
            deps.setdefault(table, dg.AssetDep(dg.AssetKey(table.split(".")), partition_mapping=_mapping(read)))
    return list(deps.values())


def _mapping(read: Read) -> dg.PartitionMapping | None:
    if read.mode == "day":
        return None
    last = -1 if read.mode == "previous" else 0
    first = last + 1 - read.sessions
    return dg.TimeWindowPartitionMapping(
        start_offset=first, end_offset=last, allow_nonexistent_upstream_partitions=True
    )


def _run(
    recipe: Recipe,
    office: Office,
    days: list[date],
    checks: list[Check],
    *,
    effects: tuple[Effect | None, Effect | None],
    run_id: str,
) -> Outcome:
    outcome = Outcome()
    before, after = effects
    for day in days:
        started = perf_counter()
        is_today = day == office.ledger.clock.business_date
        if before and is_today:
            before(office, day)
        _make_day(recipe, office, day, checks, outcome=outcome, run_id=run_id)
        if after and is_today and day in outcome.written:
            after(office, day)
        outcome.seconds += perf_counter() - started
    return outcome


def _make_day(recipe: Recipe, office: Office, day: date, checks: list[Check], *, outcome: Outcome, run_id: str) -> None:
    contracts = {name: r.contract for name, r in RECIPES.items()}
    reading = Reading(office, contracts, day, office.ledger.last_known_at())
    made = make(recipe, reading)
    frame = _valid(recipe.contract, made.frame, day)
    for check in checks:
        outcome.wrong.setdefault(check.name, []).append(check.find(frame))
    if any(check.is_blocking and len(outcome.wrong[check.name][-1]) for check in checks):
        return
    outcome.written[day] = store(recipe, office, day, frame, made, run_id=run_id)
    outcome.made[day] = made
    outcome.figures[day] = figures(recipe.contract, frame)
    logger.info("made %s of %s: %d rows", recipe.name, day, len(frame))


def _valid(contract: type[Table], frame: pd.DataFrame, day: date) -> pd.DataFrame:
    try:
        return contract.validate(frame)
    except SchemaErrors as error:
        cases = error.failure_cases[["column", "check", "failure_case", "index"]]
        raise ContractBroken(day, cases.head(SAMPLE).to_string(), len(cases)) from error
    except DataError as error:
        raise ContractBroken(day, str(error), 1) from error


def _failed(broken: ContractBroken, *, has_pii: bool) -> dg.AssetCheckResult:
    """The failed contract check; rows of a table that names accounts are counted and not shown."""
    sample = dg.MetadataValue.md("not shown" if has_pii else f"```\n{broken.sample}\n```")
    return dg.AssetCheckResult(
        passed=False,
        check_name="contract",
        metadata={"day": str(broken.day), "failures": broken.failures, "sample": sample},
    )


def _checked(checks: list[Check], outcome: Outcome, *, has_pii: bool) -> Iterator[dg.AssetCheckResult]:
    for check in checks:
        wrong = pd.concat(outcome.wrong[check.name], ignore_index=True)
        sample = dg.MetadataValue.md("not shown" if has_pii else f"```\n{wrong.head(SAMPLE).to_string()}\n```")
        yield dg.AssetCheckResult(
            passed=wrong.empty,
            check_name=check.name,
            severity=dg.AssetCheckSeverity.ERROR if check.is_blocking else dg.AssetCheckSeverity.WARN,
            metadata={"wrong_rows": len(wrong), "sample": sample},
        )


def _rows(outcome: Outcome) -> int:
    return sum(written.row_count for written in outcome.written.values())


def _of_day(outcome: Outcome, day: date) -> dict[str, object]:
    """What is shown of a day: its figures, its batch and what that was made of."""
    written, made = outcome.written[day], outcome.made[day]
    return {
        **outcome.figures[day],
        "dagster/row_count": written.row_count,
        "batch_id": written.batch_id,
        "content_sha256": written.content_sha256,
        "known_up_to": str(made.read_at),
        "inputs": dg.MetadataValue.json(made.inputs),
    }


def _materialised(outcome: Outcome, shown: Mapping[str, dg.MarkdownMetadataValue]) -> dg.MaterializeResult[object]:
    """What is shown of the run: days, new batches, seconds and its picture; its version is that of the last day."""
    last = list(outcome.written.values())[-1]
    metadata: dict[str, dg.MetadataValue | float] = {
        "days": len(outcome.written),
        "seconds": outcome.seconds,
        "new_batches": sum(written.is_new for written in outcome.written.values()),
        **shown,
    }
    return dg.MaterializeResult(data_version=dg.DataVersion(last.content_sha256), metadata=metadata)


def definition_metadata(contract: type[Table], name: str) -> dict[str, object]:
    """Columns with their meaning, the table's name and its primary key, as Dagster's pages show them."""
    schema = dg.TableSchema(
        columns=[
            dg.TableColumn(
                n,
                str(c.arrow),
                f"{c.meaning} [{c.unit}]" if c.unit else c.meaning,
                dg.TableColumnConstraints(nullable=nullable),
            )
            for n, (c, nullable) in contract.fields().items()
        ]
    )
    return {"dagster/column_schema": schema, "dagster/table_name": name, "primary_key": ", ".join(contract.key)}
