"""Commands that decide: approve, release, each signed with a person's own key. What is signed belongs to operations."""

from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

from fo_platform import signing
from fo_platform.cli._output import Day, Json, console, emit, office, told
from fo_platform.cli.look import parse_day
from fo_platform.errors import ApprovalError
from fo_platform.operations.approve import record_approval, record_policy, record_release
from fo_platform.operations.status import last_day

Digest = Annotated[
    str, typer.Argument(help="Digest of the proposal, or its beginning; `policy` signs the office's policy.")
]
Approved = Annotated[str, typer.Argument(help="Digest of the approved proposal, whole.")]
Person = Annotated[str, typer.Option("--as", help="Who signs, as approvers.yaml names them.")]
KeyFile = Annotated[Path, typer.Option("--key", help="Ed25519 private key, PEM or OpenSSH, unencrypted.")]


def approve(
    digest: Digest,
    *,
    person: Person,
    key: KeyFile,
    reject: Annotated[bool, typer.Option("--reject", help="Reject instead: the proposal is over.")] = False,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Sign exactly what `fo proposal` shows; two different people must, and neither may be the proposer."""
    with told(as_json):
        place, signer = office(), read_key(key)
        today = parse_day(day) or last_day(place)
        if digest == "policy":
            record_policy(place, person, signer, today)
        else:
            verdict = signing.REJECT if reject else signing.APPROVE
            record_approval(place, digest, person, signer, today, verdict=verdict)
        emit({"digest": digest, "signer": person, "rejected": reject}, as_json, lambda: console.print("Recorded."))


def release(digest: Approved, person: Person, key: KeyFile, day: Day = None, as_json: Json = False) -> None:
    """Open one session of an approved proposal; the approval sensor, or `fo advance`, then sends its orders."""
    with told(as_json):
        place = office()
        record_release(place, digest, person, read_key(key), parse_day(day) or last_day(place))
        emit({"digest": digest, "releaser": person}, as_json, lambda: console.print("Released for the session."))


def read_key(path: Path) -> Ed25519PrivateKey:
    """A person's private key from a file."""
    if not path.is_file():
        raise ApprovalError(f"{path} is not a file.", "Name your Ed25519 private key.")
    content = path.read_bytes()
    load = load_ssh_private_key if b"OPENSSH" in content else load_pem_private_key
    try:
        key = load(content, password=None)
    except (ValueError, TypeError) as error:
        raise ApprovalError(f"{path} holds no readable private key.", "Use an unencrypted Ed25519 key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ApprovalError(f"{path} is not an Ed25519 key.", "Make one with `ssh-keygen -t ed25519`.")
    return key
