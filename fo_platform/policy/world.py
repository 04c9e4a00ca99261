"""What resources/reference declares about the world, as frames. What an office decides belongs to load."""

from pathlib import Path

import pandas as pd

from fo_platform.contracts.reference import SettlementCycles as SettlementCyclesTable
from fo_platform.declarations import Document
from fo_platform.errors import PolicyError
from fo_platform.policy.models import SettlementCycles


def load_settlement_cycles(reference_folder: Path) -> pd.DataFrame:
    """Effective-dated settlement cycles of markets."""
    document = Document.read(reference_folder / "settlement_cycles.yaml", PolicyError)
    rows = [
        {"market": market, "valid_from": cycle.valid_from, "cycle_days": cycle.cycle_days}
        for market, cycles in document.parse(SettlementCycles).root.items()
        for cycle in cycles
    ]
    return SettlementCyclesTable.frame(rows)
