"""Looking an office over: what stands, what is missing, and what to do about it. Mending does not belong here."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from fo_platform.custodians.parse import formats
from fo_platform.errors import FoError
from fo_platform.ledger import tables
from fo_platform.ledger.queries import all_batches, count
from fo_platform.lineage.code import code_hash
from fo_platform.office import open_office
from fo_platform.policy.load import load_policy
from fo_platform.registry import discover
from fo_platform.settings import Settings

FREE_BYTES_MIN = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and the remedy if it is not."""

    ok: bool
    what: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Everything looked at, in the order in which one would mend it."""
    return [_tried(look, settings) for look in (_policy, _bindings, _sources, _space, _ledger, _batches, _clock)]


def _tried(look: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return look(settings)
    except FoError as error:
        return Finding(ok=False, what=error.message, remedy=error.remedy)


def _policy(settings: Settings) -> Finding:
    policy = load_policy(settings.office_folder)
    unread = [f for source in policy.sources.values() for f in source.feeds if f not in formats()]
    held = f"{len(policy.entities)} owners, {len(policy.accounts)} accounts, {len(policy.sources)} sources"
    return Finding(
        not unread, f"Policy of {settings.office}: {held}.", f"Add formats {', '.join(unread)}." if unread else ""
    )


def _bindings(settings: Settings) -> Finding:
    brokers = {a.broker for _, a in load_policy(settings.office_folder).accounts.values() if a.broker}
    known = discover("fo_platform.brokers", "BROKER")
    missing = sorted(brokers - (known.keys() & settings.bindings.brokers.keys()))
    remedy = f"Bind {', '.join(missing)} in {settings.environment_file.name}." if missing else ""
    return Finding(not missing, f"Environment {settings.environment}: brokers {', '.join(sorted(brokers))}.", remedy)


def _sources(settings: Settings) -> Finding:
    """Whether what fetching needs is there: the variables that sources name, and the library of SFTP."""
    transports = {name: source.transport for name, source in load_policy(settings.office_folder).sources.items()}
    missing = {
        name: t.credential for name, t in transports.items() if t.credential and not os.environ.get(t.credential)
    }
    remedies = [f"Export {variable} for {name}." for name, variable in missing.items()]
    if any(t.kind == "sftp" for t in transports.values()) and find_spec("asyncssh") is None:
        remedies.append("Install fo_platform with its extra sftp.")
    fetched = sum(t.kind != "directory" for t in transports.values())
    return Finding(not remedies, f"Sources: {fetched} of {len(transports)} are fetched.", " ".join(remedies))


def _space(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.project).free
    remedy = "Make room: a full disk stops intake." if free < FREE_BYTES_MIN else ""
    return Finding(not remedy, f"{free / 2**30:.0f} GiB free for {settings.home}.", remedy)


def _ledger(settings: Settings) -> Finding:
    office = open_office(settings)
    links = count(office.ledger, tables.audit_chain)
    return Finding(ok=True, what=f"Ledger on {office.ledger.engine.dialect.name}: {links} links.")


def _batches(settings: Settings) -> Finding:
    office = open_office(settings)
    batches = all_batches(office.ledger)
    missing = sum(not (settings.lake / batch.path).exists() for batch in batches)
    others = sum(batch.code_hash != code_hash() for batch in batches)
    what = (
        f"Warehouse: {len(batches)} batches, {missing} files missing, {others} made by other code than {code_hash()}."
    )
    return Finding(not missing, what, "Run `fo rebuild`." if missing else "")


def _clock(settings: Settings) -> Finding:
    clock = open_office(settings).ledger.clock
    kind = "simulated" if clock.is_simulated else "real"
    return Finding(ok=True, what=f"The office's clock is {kind} and reads {clock.now():%Y-%m-%d %H:%M} UTC.")
