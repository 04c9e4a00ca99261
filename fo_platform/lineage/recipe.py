"""Recipe: how a table of a day is made from the tables, ledger facts and policy it names. When does not belong here."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Literal

import pandas as pd

from fo_platform.calendars import add_sessions, previous_session
from fo_platform.contracts._base import Table
from fo_platform.errors import DataError
from fo_platform.ledger.queries import Row
from fo_platform.ledger.restated import restated
from fo_platform.ledger.views import VIEWS, seq_at
from fo_platform.lineage.adopted import policy_folder, policy_in
from fo_platform.lineage.code import code_hash
from fo_platform.lineage.raw_records import late_batches, raw_records
from fo_platform.office import Office
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
        """Names of what the function reads; a parameter that is a dataclass of frames stands for its fields."""
        return [name for names in parameters(self.compute).values() for name in names]


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
    batches: dict[str, list[Row]] = field(default_factory=dict)

    def argument(self, recipe: Recipe, name: str) -> object:
        """The value of one parameter of a recipe's function."""
        if name in recipe.reads:
            return self.frame(name, recipe.reads[name], exact=recipe.exact)
        if name in VIEWS:
            return VIEWS[name](self.office.ledger, self.day, seq_at(self.office.ledger, self.read_at))
        return self._context(name)

    def frame(self, name: str, read: Read, *, exact: bool) -> pd.DataFrame:
        """Rows of an input; `raw_records` are those of every source that count on the day."""
        if name == "raw_records":
            return self._raw_records(name, read)
        table = read.tables[0]
        self.batches[name] = self._listed(name, read)
        return self.office.warehouse.read(self.contracts[table], self.batches[name], exact=exact)

    def _raw_records(self, name: str, read: Read) -> pd.DataFrame:
        office = self.office
        again = restated(office.ledger, self.day, seq_at(office.ledger, self.read_at))
        found = self._listed(name, read)
        listed = {table: [batch for batch in found if batch.asset == table] for table in read.tables}
        if again and self.pinned is None:
            late = {table: late_batches(office.warehouse, table, again, self.read_at) for table in listed}
            listed = {table: [*batches, *late[table]] for table, batches in listed.items()}
        self.batches[name] = [batch for batches in listed.values() for batch in batches]
        return raw_records(office.warehouse, listed, again)

    def _listed(self, name: str, read: Read) -> list[Row]:
        if self.pinned is not None:
            return [b for b in self.office.warehouse.batches_by_id(self.pinned.get(name, [])) if b.asset in read.tables]
        first, last = self._span(read)
        return self.office.warehouse.batches_of(read.tables, first, last, self.read_at)

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
                return policy_folder(self.office, self.day, self.read_at)
            case "policy":
                return policy_in(policy_folder(self.office, self.day, self.read_at))
            case "archive":
                return self.office.archive
            case "content_hashes":
                return {n: ",".join(b.content_sha256 for b in batches) for n, batches in self.batches.items()}
        raise DataError(f"No table, ledger view or context is called {name}.", "Name a parameter after what it reads.")


def parameters(compute: Callable[..., pd.DataFrame]) -> dict[str, list[str]]:
    """Per parameter of a function the names it reads: its own, or the fields of the dataclass that it is."""
    found = inspect.signature(compute).parameters.values()
    return {p.name: [f.name for f in fields(p.annotation)] if _is_bundle(p) else [p.name] for p in found}


def _is_bundle(parameter: inspect.Parameter) -> bool:
    """Whether a parameter is a dataclass of frames and not one value such as the policy."""
    kind = parameter.annotation
    return is_dataclass(kind) and all(f.type is pd.DataFrame for f in fields(kind))


def call(compute: Callable[..., pd.DataFrame], read: Mapping[str, object]) -> pd.DataFrame:
    """What a function makes of everything that was read, by name; its dataclasses of frames are made here."""
    kinds = {p.name: p.annotation for p in inspect.signature(compute).parameters.values()}
    arguments = {
        name: kinds[name](**{part: read[part] for part in parts}) if parts != [name] else read[name]
        for name, parts in parameters(compute).items()
    }
    return compute(**arguments)


def make(recipe: Recipe, reading: Reading) -> Made:
    """Read every input and call the pure function; hashes of inputs that it asks for are those of everything read."""
    names = sorted(recipe.parameters, key=lambda name: name == "content_hashes")
    read = {name: reading.argument(recipe, name) for name in names}
    frame = call(recipe.compute, read)
    inputs = {name: [batch.batch_id for batch in batches] for name, batches in reading.batches.items()}
    return Made(frame, inputs, reading.read_at)


def store(recipe: Recipe, office: Office, day: date, frame: pd.DataFrame, made: Made, *, run_id: str) -> Written:
    """Write a validated frame with how it came about."""
    how = Derivation(made.inputs, code_hash(), run_id, made.read_at)
    return office.warehouse.write(recipe.name, recipe.contract, day, frame, how)
