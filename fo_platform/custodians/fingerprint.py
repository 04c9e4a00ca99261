"""What a delivery states, as one figure, and what it speaks of within its accounts. Comparing belongs to intake."""

import hashlib
import json
from collections.abc import Iterator

from fo_platform.custodians.records import Parsed, Statement
from fo_platform.ids import digest

SUBJECTS = {
    "capital_account": ("fund_id_source",),
    "capital_notice": ("notice_id", "fund_id_source"),
    "appraisal": ("asset_id_source",),
    "corporate_action": ("event_reference", "reference"),
    "instruction": ("reference",),
}
"""Kinds of record that each speak of one thing, and the fields that name it; any other speaks of the whole account."""

_BESIDE = "transaction"
"""Kind of record that may stand beside one of those: the money of a confirmed trade."""

_MODULUS = 1 << 256


def fingerprint(parsed: Parsed) -> str | None:
    """Digest of accounts, dates, controls and records whatever their order and layout; None when nothing is stated.

    What two files say of an account, its opening and closing balance among it, is the same if and only if this is:
    names, envelopes, line ends and the order of rows do not count, but how often an equal row stands does.
    """
    total, count = 0, 0
    for content in _contents(parsed):
        total, count = (total + _number(content)) % _MODULUS, count + 1
    return digest(parsed.format, str(count), f"{total:x}") if any(len(s.records) for s in parsed.statements) else None


def subject(parsed: Parsed) -> str | None:
    """Digest of the funds, notices, events or trades that a delivery is about; None when of accounts as a whole.

    Two files of one account and day restate one another when this is the same: a second fund's statement does not
    take the place of the first's.
    """
    named: set[tuple[str, ...]] = set()
    for record in parsed.each_record():
        if record.kind in SUBJECTS:
            named.add((record.kind, *(record.fields.get(name, "") for name in SUBJECTS[record.kind])))
        elif record.kind != _BESIDE:
            return None
    return digest(*("\n".join(name) for name in sorted(named))) if named else None


def _contents(parsed: Parsed) -> Iterator[object]:
    for statement in parsed.statements:
        yield _head(statement)
        for record in statement.records:
            yield [record.kind, record.account, str(record.statement_date), record.fields]


def _head(statement: Statement) -> object:
    part = statement.part
    return [
        statement.account,
        str(statement.statement_date),
        statement.basis,
        [part.number, part.is_last] if part else None,
        sorted([control.name, control.expected] for control in statement.controls),
    ]


def _number(content: object) -> int:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest())
