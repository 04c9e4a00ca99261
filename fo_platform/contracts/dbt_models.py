"""The contracts of the marts as dbt enforces them; run as a module, it writes dbt/models/marts/marts.yml.

What the models compute belongs to dbt/models.
"""

import inspect
import sys

import yaml

from fo_platform.contracts._base import Table
from fo_platform.contracts.catalogue import tables
from fo_platform.contracts.dbt_sources import described


def render() -> str:
    """The text of marts.yml: every model with its columns, types, key and what may be unknown."""
    models = [_model(table) for table in tables() if table.schema_name == "marts"]
    body = yaml.safe_dump({"version": 2, "models": models}, sort_keys=False, width=120)
    return "# Written by `python -m fo_platform.contracts.dbt_models`.\n" + body


def _model(table: type[Table]) -> dict[str, object]:
    columns = [
        {**described(name), **({} if optional else {"constraints": [{"type": "not_null"}]})}
        for name, (_, optional) in table.fields().items()
    ]
    return {
        "name": table.table_name,
        "description": inspect.getdoc(table),
        "config": {"contract": {"enforced": True}},
        "constraints": [{"type": "primary_key", "columns": list(table.key)}],
        "columns": columns,
    }


if __name__ == "__main__":
    sys.stdout.write(render())
