"""What resources/reference declares about the world, as frames. What an office decides belongs to load."""

from pathlib import Path

import pandas as pd
import pycountry

from fo_platform.contracts.reference import Countries as CountriesTable
from fo_platform.contracts.reference import SettlementCycles as SettlementCyclesTable
from fo_platform.declarations import Document
from fo_platform.errors import PolicyError
from fo_platform.policy.models import Countries, SettlementCycles


def load_settlement_cycles(reference_folder: Path) -> pd.DataFrame:
    """Effective-dated settlement cycles of markets."""
    document = Document.read(reference_folder / "settlement_cycles.yaml", PolicyError)
    rows = [
        {"market": market, "valid_from": cycle.valid_from, "cycle_days": cycle.cycle_days}
        for market, cycles in document.parse(SettlementCycles).root.items()
        for cycle in cycles
    ]
    return SettlementCyclesTable.frame(rows)


def load_countries(reference_folder: Path) -> pd.DataFrame:
    """Effective-dated regions and development levels of countries, with their names in ISO 3166."""
    document = Document.read(reference_folder / "countries.yaml", PolicyError)
    declared = document.parse(Countries)
    regions = {code: region for region, codes in declared.regions.items() for code in codes}
    rows = [
        {
            "country": code,
            "valid_from": step.valid_from,
            "country_name": _name(code, document),
            "region": regions[code],
            "development_level": step.level,
        }
        for step in declared.levels
        for code in step.countries
    ]
    return CountriesTable.frame(rows)


def _name(code: str, document: Document) -> str:
    known = pycountry.countries.get(alpha_2=code)
    if known is None:
        raise document.fault(("regions",), f"{code} is no country of ISO 3166", "Correct the code.")
    return str(known.name)
