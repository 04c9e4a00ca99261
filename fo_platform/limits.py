"""Policy numbers read from the limits table, exactly. What is done when a limit is crossed does not belong here."""

from decimal import Decimal

import pandas as pd

from fo_platform.errors import PolicyError

OFFICE = "office"
"""The entity that stands for all of them: scope of office-wide figures and owner of office-wide limits."""


def limit(limits: pd.DataFrame, entity_id: str, name: str) -> Decimal:
    """The declared value of a limit, the entity's own or else the office's, in the unit of its row.

    limits: policy.Limits, exact or float64 (a float counts as its shortest decimal). Undeclared is a PolicyError.
    """
    declared = limits[(limits["limit_name"] == name) & limits["value"].notna()].set_index("entity_id")["value"]
    owner = entity_id if entity_id in declared.index else OFFICE
    if owner not in declared.index:
        raise PolicyError(
            f"No limit {name} is declared for {entity_id}.", f"Declare {name} for {entity_id} or for {OFFICE}."
        )
    return Decimal(str(declared.at[owner]))
