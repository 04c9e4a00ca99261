"""Every contract there is. The tables themselves belong to the module of their schema."""

import inspect

from fo_platform.contracts import analytics, book, decision, execution, marts, policy, raw, reference
from fo_platform.contracts._base import Table

SCHEMAS = (reference, policy, raw, book, analytics, decision, execution, marts)


def tables() -> list[type[Table]]:
    """Every contract, by schema in the order of the chain and then as written."""
    return [
        value
        for module in SCHEMAS
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Table) and value is not Table
    ]
