"""What the demo day costs: the orchestrator's share, and seconds by layer. What happens in it does not belong here."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from fo_platform_tests.benchmarks.analytics_layer import layer
from fo_platform_tests.benchmarks.figures import Figure

LAYERS = {"analytics": "analytics", "decision": "decision", "execution": "execution"}
"""Layer of a schema; the others are the data layer."""


def demo_day(folder: Path) -> list[Figure]:
    """The whole demo in a home of its own, as `fo run` itself accounts for it, and its analytics on larger books."""
    environment = {**os.environ, "FO_HOME": str(folder / "fo"), "FO_SIMULATION_HOME": str(folder / "world")}
    command = [sys.executable, "-m", "fo_platform.cli", "run", "--json"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    document = json.loads(done.stdout)
    layers = _by_layer(document["seconds_by_layer"])
    return [
        Figure("demo day: orchestrator's share of its runs", float(document["orchestration_share"]) * 100, "%"),
        Figure(f"demo day: wall time of {document['days']} days", float(document["seconds"]), "s"),
        *(Figure(f"demo day: {name} layer", spent, "s") for name, spent in layers.items()),
        *layer(folder / "fo", date.fromisoformat(document["business_date"])),
    ]


def _by_layer(by_schema: Mapping[str, str]) -> dict[str, float]:
    layers = dict.fromkeys(("data", *LAYERS.values()), 0.0)
    for schema, spent in by_schema.items():
        layers[LAYERS.get(schema, "data")] += float(spent)
    return layers
