"""Composition root: settings become one office's ledger, archive and warehouse. Rules do not belong here."""

from dataclasses import dataclass

from fo_platform.errors import SettingsError
from fo_platform.ledger.anchor import Anchor
from fo_platform.ledger.ledger import Ledger
from fo_platform.settings import Settings
from fo_platform.warehouse.archive import Archive
from fo_platform.warehouse.warehouse import Warehouse


@dataclass(frozen=True)
class Office:
    """Everything that one office's operations stand on."""

    settings: Settings
    ledger: Ledger
    archive: Archive
    warehouse: Warehouse


def open_office(settings: Settings) -> Office:
    """The office of these settings; its home is made when it is missing."""
    if settings.bindings.warehouse.kind != "local":
        raise SettingsError(
            f"A warehouse of kind {settings.bindings.warehouse.kind} is declared but cannot be written yet.",
            "Use FO_ENVIRONMENT=local or postgres.",
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    ledger = Ledger.open(settings.ledger_url, Anchor(settings.home / "audit"))
    return Office(settings, ledger, Archive(settings.archive), Warehouse(ledger, settings.lake))
