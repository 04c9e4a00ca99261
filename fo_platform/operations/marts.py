"""Building the marts: views of what is new, dbt over them beside the served file, then a rename. No Dagster here."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fo_platform.contracts._base import Table
from fo_platform.errors import DataError
from fo_platform.ids import digest, random_id
from fo_platform.office import Office
from fo_platform.warehouse.views import Listed, last_build, record_build, row_counts, write_views

CACHE = "warehouse.duckdb"
"""The served file under the home; losing it loses nothing."""

LOCK = "marts.lock"
"""Who holds it builds; the system lets go of it when a process dies."""

_SOURCE = re.compile(r"source\('(\w+)', '(\w+)'\)")
_REF = re.compile(r"ref\('(\w+)'\)")
BROKEN = {"error", "fail", "skipped"}
"""How dbt calls a model or test that was not run to its end; what a test finds is a warning to it."""

LONG_AGO, FOREVER = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Model:
    """One model of the dbt project: the tables that it reads, sources and models alike, as `schema.table`."""

    name: str
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Built:
    """What a build did: rows of every mart, days that were new, rows that every test found wrong."""

    rows: Mapping[str, int]
    days: int
    wrong_rows: Mapping[str, int]


def models(project: Path) -> list[Model]:
    """The marts of a dbt project and what each reads, from its files: parsing with dbt takes seconds."""
    return [Model(f"marts.{path.stem}", _reads(path)) for path in sorted((project / "models/marts").glob("*.sql"))]


def tests(project: Path) -> dict[str, tuple[str, str]]:
    """By name of every test of a dbt project: the mart that it is of, the first that it names, and what it says."""
    found = {path.stem: path for path in sorted((project / "tests").glob("*.sql"))}
    return {name: (_reads(path)[0], _said(path)) for name, path in found.items()}


def build_marts(office: Office, contracts: Mapping[str, type[Table]]) -> Built:
    """Bring the marts up to all that is known, from the days that are new since the last build.

    The served file is copied, built on under a fresh name and swapped by rename only if every model was built; a test
    that finds rows is told and does not keep the marts back. One process builds at a time, others wait for it; what a
    killed one left is removed, and a served file that cannot be read is built anew.
    """
    with (office.settings.home / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _built(office, contracts)


def _built(office: Office, contracts: Mapping[str, type[Table]]) -> Built:
    home, project = office.settings.home, office.settings.project / "dbt"
    for left in home.glob(f"{Path(CACHE).stem}-*"):
        left.unlink()
    served, fresh = home / CACHE, home / f"{Path(CACHE).stem}-{random_id()}.duckdb"
    known_at, version = office.ledger.last_known_at(), _version(project)
    if known_at is None:
        raise DataError("There is nothing to build marts from.", "Run a day first.")
    since = _copied(served, fresh, version)
    listed = _new(office, contracts, models(project), since, known_at)
    write_views(fresh, office.warehouse.lake, listed)
    outcome = _build(project, fresh, home / "dbt")
    record_build(fresh, known_at, version)
    rows = row_counts(fresh, [model.name for model in models(project)])
    fresh.rename(served)
    return Built(rows, len({batch.business_date for _, batches in listed.values() for batch in batches}), outcome)


def _reads(path: Path) -> tuple[str, ...]:
    text = path.read_text()
    sources = [f"{schema}.{table}" for schema, table in _SOURCE.findall(text)]
    return tuple(dict.fromkeys([*sources, *(f"marts.{name}" for name in _REF.findall(text))]))


def _said(path: Path) -> str:
    return path.read_text().splitlines()[0].removeprefix("-- ")


def _version(project: Path) -> str:
    """Digest of the project's files: marts that another version built are built anew."""
    files = sorted(path for path in project.rglob("*") if path.suffix in {".sql", ".yml"})
    return digest(*(part for path in files for part in (str(path.relative_to(project)), path.read_bytes())))


def _copied(served: Path, fresh: Path, version: str) -> datetime | None:
    """Copy the served file; up to which moment its marts may be kept, None if all must be built."""
    last = last_build(served) if served.exists() else None
    if last is None or last[1] != version:
        return None
    shutil.copyfile(served, fresh)
    return last[0]


def _new(
    office: Office,
    contracts: Mapping[str, type[Table]],
    found: list[Model],
    since: datetime | None,
    known_at: datetime,
) -> Listed:
    """Batches of every source that a model reads, of the days on which any of them has one that is new."""
    names = sorted({name for model in found for name in model.reads if not name.startswith("marts.")})
    known = {name: office.warehouse.batches(name, LONG_AGO, FOREVER, known_at) for name in names}
    days = {
        batch.business_date
        for batches in known.values()
        for batch in batches
        if since is None or batch.known_at > since
    }
    return {
        name: (contracts[name], [batch for batch in batches if batch.business_date in days])
        for name, batches in known.items()
    }


def _build(project: Path, database: Path, outputs: Path) -> dict[str, int]:
    """Run every model, then every test, in this process; a model that fails is a DataError that names it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415 - an extra, slow to import.
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - see above.

    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    places = ["--target-path", str(outputs / "target"), "--log-path", str(outputs / "logs")]
    with _environment(FO_DBT_DATABASE=str(database), DO_NOT_TRACK="1"):
        done = dbtRunner().invoke(["build", "--quiet", *folders, *places])
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if done.exception is not None:
        raise DataError(f"dbt could not run: {done.exception}.", "See dbt/logs under the home.")
    results: list[Any] = list(done.result)  # type: ignore[arg-type]  # What `build` gives.
    broken = [f"{each.node.name}: {each.message}" for each in results if each.status in BROKEN]
    if broken:
        raise DataError(f"dbt could not build {'; '.join(broken)}.", "See dbt/logs under the home.")
    return {each.node.name: each.failures for each in results if each.node.resource_type == "test"}


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Variables that dbt's profile reads, for as long as it runs."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, was in before.items():
            os.environ.pop(name) if was is None else os.environ.update({name: was})
