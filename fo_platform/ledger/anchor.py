"""The signed head of the audit chain, kept outside the database, so that a cut tail or a rewritten chain shows. Links do not belong here."""

import base64
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

    def write(self, seq: int, head: str) -> None:
        """Record a newer head; an older one never replaces it."""
        if (known := self.read()) and known[0] >= seq:
            return
        signature = base64.b64encode(self._key().sign(_message(seq, head))).decode()
        temporary = self.folder / f"head.{os.getpid()}.tmp"
        temporary.write_text(json.dumps({"seq": seq, "head": head, "signature": signature}))
        temporary.rename(self.folder / "head.json")

    def read(self) -> tuple[int, str] | None:
        """(links, head) of the signed head, or nothing when there is none."""
        if not (path := self.folder / "head.json").exists():
            return None
        body = json.loads(path.read_text())
        return int(body["seq"]), str(body["head"])

    def is_genuine(self) -> bool:
        """Whether the head carries the signature of the office's key."""
        body = json.loads((self.folder / "head.json").read_text())
        public = Ed25519PublicKey.from_public_bytes((self.folder / "office.pub").read_bytes())
        try:
            public.verify(base64.b64decode(body["signature"]), _message(int(body["seq"]), str(body["head"])))
        except InvalidSignature:
            return False
        return True

    def _key(self) -> Ed25519PrivateKey:
        path = self.folder / "office.key"
        if not path.exists():
            self._create(path)
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())

    def _create(self, path: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        key, raw = Ed25519PrivateKey.generate(), serialization.Encoding.Raw
        private = key.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
        public = key.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
        (self.folder / "office.pub").write_bytes(public)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(private)


def _message(seq: int, head: str) -> bytes:
    return f"fo-audit-head/v1:{seq}:{head}".encode()
