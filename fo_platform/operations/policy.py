"""Adopting the office's policy files: archived before any figure uses them. Their meaning belongs to policy."""

import json
from datetime import date
from pathlib import Path

from fo_platform.canonical import content_digest
from fo_platform.ledger import tables
from fo_platform.ledger.queries import newest_policy
from fo_platform.office import Office
from fo_platform.policy.load import load_policy


def adopt_policy(office: Office, day: date) -> str:
    """Take in the policy files as they stand; a new version is recorded only when a byte changed. Returns the digest.

    Files that do not hold together raise PolicyError with file, line and remedy, and the last version stays in force.
    """
    load_policy(office.settings.office_folder)
    files = {name: office.archive.store(path.read_bytes()) for name, path in _policy_files(office).items()}
    digest = content_digest(dict(files))
    with office.ledger.transaction("policy") as entry:
        last = newest_policy(entry)
        if last is None or last.policy_digest != digest:
            version = {"version": last.version + 1 if last else 1, "business_date": day, "policy_digest": digest}
            entry.append(tables.policy_versions, [{**version, "files": json.dumps(files, sort_keys=True)}])
    return digest


def _policy_files(office: Office) -> dict[str, Path]:
    """Every declaration of the office and of the world, by its place in the archive's folder layout."""
    own = {
        f"offices/{office.settings.office}/{path.name}": path for path in office.settings.office_folder.glob("*.yaml")
    }
    world = {
        f"reference/{path.name}": path for path in (office.settings.project / "resources/reference").glob("*.yaml")
    }
    return dict(sorted((own | world).items()))
