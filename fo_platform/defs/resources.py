"""Dagster's resources of the code location. What they open belongs to office."""

import dagster as dg

from fo_platform.defs.partitions import SETTINGS
from fo_platform.office import Office, open_office


@dg.resource(description="The office's ledger, archive and warehouse.")
def office(_context: dg.InitResourceContext) -> Office:
    """The office that this code location serves."""
    return open_office(SETTINGS)
