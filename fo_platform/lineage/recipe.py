"""Recipe: how one table of one day is made from the tables, ledger facts and policy it names. Scheduling does not belong here."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from sqlalchemy.engine import Row

from fo_platform.calendars import add_sessions, previous_session
from fo_platform.contracts._base import Table, inexact
from fo_platform.errors import DataError
from fo_platform.ledger.views import VIEWS, policy_version, seq_at
from fo_platform.lineage.code import code_hash
from fo_platform.office import Office
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform.warehouse.archive import write_durably
from fo_platform.warehouse.warehouse import Derivation, Written

Mode = Literal["day", "window", "previous"]


@dataclass(frozen=True)
class Read:
    """How an input is read: its tables, and whether of the day, of sessions up to it, or of sessions before it."""

    tables: tuple[str, ...]
    mode: Mode = "day"
    sessions: int = 1


@dataclass(frozen=True)
class Recipe:
    """One table: name `schema.table`, contract, pure function, and how each of its parameters is read.

    exact: whether decimals reach the function as decimals (book, execution) or as float64 (analytics, solvers).
    """

    name: str
    contract: type[Table]
    compute: Callable[..., pd.DataFrame]
    reads: Mapping[str, Read]
    exact: bool = True

    @property
    def parameters(self) -> list[str]:
        """The function's parameter names."""
        return list(inspect.signature(self.compute).parameters)


@dataclass(frozen=True)
class Made:
    """A computed table, not yet validated, with the batch ids of exactly what was read and the K it was read at."""

    frame: pd.DataFrame
    inputs: dict[str, list[str]]
    read_at: datetime | None


@dataclass
class Reading:
    """One execution's view of the office: everything as known at `read_at`; `pinned` replays recorded batch ids."""

    office: Office
    contracts: Mapping[str, type[Table]]
    day: date
    read_at: datetime | None
    pinned: Mapping[str, list[str]] | None = None
    batches: dict[str, list[Row[Any]]] = field(default_factory=dict)

    def argument(self, recipe: Recipe, name: str) -> object:
        """The value of one parameter of a recipe's function."""
        if name in recipe.reads:
            return self.frame(name, recipe.reads[name], exact=recipe.exact)
        if name in VIEWS:
            return VIEWS[name](self.office.ledger, self.day, seq_at(self.office.ledger, self.read_at))
        return self._context(name)

    def frame(self, name: str, read: Read, *, exact: bool) -> pd.DataFrame:
        """Rows of an input; an input of several tables carries `source`, the table's last name."""
        found = {table: self._listed(name, table, read) for table in read.tables}
        self.batches[name] = [batch for batches in found.values() for batch in batches]
        frames = {t: self.office.warehouse.read(self.contracts[t], b) for t, b in found.items()}
        whole = self._joined(frames) if name == "raw_records" else frames[read.tables[0]]
        return whole if exact else inexact(whole)

    def _joined(self, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        parts = [frame.assign(source=pd.Series(t.split(".")[1], frame.index, dtype="string[pyarrow]")) for t, frame in frames.items()]
        return pd.concat(parts, ignore_index=True)

    def _listed(self, name: str, table: str, read: Read) -> list[Row[Any]]:
        if self.pinned is not None:
            return [b for b in self.office.warehouse.batches_by_id(self.pinned.get(name, [])) if b.asset == table]
        first, last = self._span(read)
        return self.office.warehouse.batches(table, first, last, self.read_at)

    def _span(self, read: Read) -> tuple[date, date]:
        last = pd.Timestamp(self.day) if read.mode != "previous" else previous_session(pd.Timestamp(self.day))
        return add_sessions(last, 1 - read.sessions).date(), last.date()

    def _context(self, name: str) -> object:
        match name:
            case "day":
                return pd.Timestamp(self.day)
            case "previous_session":
                return previous_session(pd.Timestamp(self.day))
            case "policy_folder":
                return self.policy_folder()
            case "policy":
                return adopted_policy(self.policy_folder())
            case "archive":
                return self.office.archive
            case "content_hashes":
                return {n: ",".join(b.content_sha256 for b in batches) for n, batches in self.batches.items()}
        raise DataError(f"No table, ledger view or context is called {name}.", "Name a parameter after what it reads.")

    def policy_folder(self) -> Path:
        """The policy files adopted for the day, laid out from the archive under their digest."""
        version = policy_version(self.office.ledger, self.day, seq_at(self.office.ledger, self.read_at))
        if version is None:
            raise DataError(f"No policy is adopted for {self.day}.", "Run `fo run` so that the office's files are taken in.")
        digest, files = version
        folder = self.office.settings.home / "policy" / digest
        for name, sha256 in files.items():
            if not (path := folder / name).exists():
                write_durably(path, self.office.archive.read(sha256))
        return folder / "offices" / self.office.settings.office


@lru_cache(maxsize=8)
def adopted_policy(folder: Path) -> Policy:
    """The policy in a folder named by its digest: it never changes, so it is read once."""
    return load_policy(folder)


def make(recipe: Recipe, reading: Reading) -> Made:
    """Read every input and call the pure function."""
    names = recipe.parameters
    late = [name for name in names if name == "content_hashes"]
    arguments = {name: reading.argument(recipe, name) for name in [n for n in names if n not in late] + late}
    frame = recipe.compute(**arguments)
    inputs = {name: [batch.batch_id for batch in batches] for name, batches in reading.batches.items()}
    return Made(frame, inputs, reading.read_at)


def store(recipe: Recipe, office: Office, day: date, frame: pd.DataFrame, made: Made, run_id: str) -> Written:
    """Write a validated frame with how it came about."""
    how = Derivation(made.inputs, code_hash(), run_id, made.read_at)
    return office.warehouse.write(recipe.name, recipe.contract, day, frame, how)
