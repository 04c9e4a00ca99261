"""The signed head of the audit chain, kept outside the database so that a cut tail shows. Links do not belong here."""

import base64
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True)
class Anchor:
    """head.json and the office's key beside it; the key never leaves its file."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where the head stands."""
        return self.folder / "head.json"

    def write(self, seq: int, head: str) -> None:
        """Record a newer head; an older one never replaces it, whichever process is late."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (known := self.read()) and known[0] >= seq:
                return
            signature = base64.b64encode(self._key().sign(_message(seq, head))).decode()
            temporary = self.folder / "head.tmp"
            temporary.write_text(json.dumps({"seq": seq, "head": head, "signature": signature}))
            temporary.rename(self.path)

    def read(self) -> tuple[int, str] | None:
        """(links, head) of the signed head, or nothing when there is none that can be read."""
        try:
            body = json.loads(self.path.read_text())
            return int(body["seq"]), str(body["head"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def is_genuine(self) -> bool:
        """Whether the head carries the signature of the office's key."""
        try:
            body = json.loads(self.path.read_text())
            public = Ed25519PublicKey.from_public_bytes((self.folder / "office.pub").read_bytes())
            public.verify(base64.b64decode(body["signature"]), _message(int(body["seq"]), str(body["head"])))
        except (OSError, ValueError, TypeError, KeyError, InvalidSignature):
            return False
        return True

    def _key(self) -> Ed25519PrivateKey:
        path = self.folder / "office.key"
        if not path.exists():
            self._create(path)
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())

    def _create(self, path: Path) -> None:
        key, raw = Ed25519PrivateKey.generate(), serialization.Encoding.Raw
        private = key.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
        public = key.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
        (self.folder / "office.pub").write_bytes(public)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(private)


def _message(seq: int, head: str) -> bytes:
    return f"fo-audit-head/v1:{seq}:{head}".encode()
