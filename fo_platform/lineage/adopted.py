"""The policy as it was adopted for a day, laid out from the archive. Adopting edits belongs to operations."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from fo_platform.errors import DataError
from fo_platform.ledger.views import policy_version, seq_at
from fo_platform.office import Office
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform.warehouse.archive import write_durably


def policy_folder(office: Office, day: date, read_at: datetime | None) -> Path:
    """The office's folder of the policy in force on a day as known at an instant, under its own digest."""
    version = policy_version(office.ledger, day, seq_at(office.ledger, read_at))
    if version is None:
        raise DataError(f"No policy is adopted for {day}.", "Run `fo run` so that the office's files are taken in.")
    digest, files = version
    folder = office.settings.home / "policy" / digest
    for name, sha256 in files.items():
        if not (path := folder / name).exists():
            write_durably(path, office.archive.read(sha256))
    return folder / "offices" / office.settings.office


@lru_cache(maxsize=8)
def policy_in(folder: Path) -> Policy:
    """The policy in a folder that is named by its digest: it never changes, so it is read once."""
    return load_policy(folder)


def policy_of(office: Office, day: date) -> Policy:
    """The policy in force on a day, as known now."""
    return policy_in(policy_folder(office, day, office.ledger.last_known_at()))
