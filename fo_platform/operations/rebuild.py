"""Rebuilding the warehouse from archive and ledger, each batch as known then. Meaning does not belong here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fo_platform.contracts._base import Table
from fo_platform.errors import LedgerError
from fo_platform.ledger.queries import Row, all_batches
from fo_platform.lineage.code import code_hash
from fo_platform.lineage.recipe import Reading, Recipe, make
from fo_platform.office import Office


@dataclass(frozen=True)
class Rebuilt:
    """Batches in the ledger, how many were missing and are back, and how many stood already."""

    batches: int
    restored: int
    present: int


def rebuild(office: Office, recipes: Mapping[str, Recipe], progress: Callable[[int, int], None]) -> Rebuilt:
    """Replay every batch whose file is missing, in the ledger's order, each with its recorded inputs and K.

    A batch made by other code is refused, naming the version, before anything is written; so is content that does not
    hash to what the ledger says. progress: called with batches done and batches in all.
    """
    batches = all_batches(office.ledger)
    missing = [batch for batch in batches if not (office.warehouse.lake / batch.path).exists()]
    _refuse_other_code(missing)
    contracts = {name: recipe.contract for name, recipe in recipes.items()}
    for done, batch in enumerate(missing, start=1):
        _restore(office, recipes[batch.asset], contracts, batch)
        progress(done, len(missing))
    return Rebuilt(len(batches), len(missing), len(batches) - len(missing))


def _restore(office: Office, recipe: Recipe, contracts: Mapping[str, type[Table]], batch: Row) -> None:
    reading = Reading(office, contracts, batch.business_date, batch.read_at, json.loads(batch.inputs))
    made = make(recipe, reading)
    office.warehouse.restore(batch, recipe.contract, recipe.contract.validate(made.frame))


def _refuse_other_code(missing: list[Row]) -> None:
    others = sorted({batch.code_hash for batch in missing if batch.code_hash != code_hash()})
    if others:
        raise LedgerError(
            f"{len(missing)} batches are missing, some made by code {', '.join(others)}; this code is {code_hash()}.",
            "Check out that version of the code and rebuild with it.",
        )
