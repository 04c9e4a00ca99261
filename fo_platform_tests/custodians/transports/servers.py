"""Servers on this machine that the transports are tried on, and a time to move. What is tried belongs to tests."""

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tenacity import wait_fixed

from fo_platform.custodians.transports._base import Limits
from fo_platform.custodians.transports._http import Patience

NOW = dt.datetime(2024, 3, 1, 12, 0, tzinfo=dt.UTC)
LIMITS = Limits(deadline_seconds=60, file_bytes_max=100_000, pull_bytes_max=1_000_000)


@dataclass
class Time:
    """Seconds that pass when someone pauses, and by `step` whenever someone looks."""

    seconds: float = 0.0
    step: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def elapsed(self) -> float:
        self.seconds += self.step
        return self.seconds

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    @property
    def patience(self) -> Patience:
        return Patience(self.pause, wait_fixed(1), lambda: NOW)


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


class Answering(BaseHTTPRequestHandler):
    """Answers what the test says for a path; `reply` sends a whole answer."""

    protocol_version = "HTTP/1.1"
    server: "Http"

    def do_GET(self) -> None:  # noqa: N802 - the library's name.
        parts = urlsplit(self.path)
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.server.asked.append(Asked(parts.path, dict(parse_qsl(parts.query)), headers))
        self.server.answers[parts.path](self)

    def reply(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.start(status, len(body), **headers)
        self.wfile.write(body)

    def start(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        for name, text in ({"Content_Length": str(length)} | headers).items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name.
        pass


class Http(ThreadingHTTPServer):
    """A server of HTTP. over: set when the test is, for answers that never end on their own."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        """Listen on a free port, with TLS where a context is given."""
        super().__init__(("127.0.0.1", 0), Answering)
        self.answers: dict[str, Callable[[Answering], None]] = {}
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what these tests are about."""


@contextmanager
def http_server(tls: ssl.SSLContext | None = None) -> Iterator[Http]:
    with Http(tls) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of 127.0.0.1 that vouches for itself, and a server's side of TLS with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


@dataclass
class RemoteFile:
    """A file of the SFTP server. said: what its size is said to be; on_read: called before every read of it."""

    content: bytes
    mtime: int = 1
    said: int | None = None
    on_read: Callable[[asyncssh.SSHServerChannel], None] = lambda channel: None
    permissions: int = 0o100644

    @property
    def attrs(self) -> asyncssh.SFTPAttrs:
        size = len(self.content) if self.said is None else self.said
        return asyncssh.SFTPAttrs(size=size, permissions=self.permissions, atime=self.mtime, mtime=self.mtime)


class Folder(asyncssh.SFTPServer):
    """Files that the test makes up, under any name; every read is of at most 1000 bytes."""

    files: dict[bytes, RemoteFile]
    opened: list[bytes]
    on_list: list[Callable[[], object]]

    async def scandir(self, path: bytes) -> "asyncio.AsyncIterator[asyncssh.SFTPName]":
        if path != b"/out":
            raise asyncssh.SFTPNoSuchFile("no such folder")
        for hook in self.on_list:
            hook()
        for name, file in self.files.items():
            yield asyncssh.SFTPName(name, attrs=file.attrs)

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> RemoteFile:
        name = path.removeprefix(b"/out/")
        self.opened.append(name)
        return self.files[name]

    def read(self, file: RemoteFile, offset: int, size: int) -> bytes:
        file.on_read(self.channel)
        return file.content[offset : offset + min(size, 1000)]

    def fstat(self, file: RemoteFile) -> asyncssh.SFTPAttrs:
        return file.attrs

    def close(self, file: RemoteFile) -> None:
        pass


@dataclass
class Sftp:
    """A running server with its key, the key that it accepts, its files, what was opened and what happens first."""

    port: int
    host_key: str
    client_key: str
    files: dict[bytes, RemoteFile] = field(default_factory=dict)
    opened: list[bytes] = field(default_factory=list)
    on_list: list[Callable[[], object]] = field(default_factory=list)


@contextmanager
def sftp_server() -> Iterator[Sftp]:
    """An SFTP server in a thread of its own."""
    host, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    server = Sftp(0, host.export_public_key().decode().strip(), client.export_private_key().decode())
    served = type("Served", (Folder,), {name: getattr(server, name) for name in ("files", "opened", "on_list")})
    authorised = asyncssh.import_authorized_keys(client.export_public_key().decode())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host], authorized_client_keys=authorised, sftp_factory=served
        )

    async def leave() -> None:
        acceptor.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=5) if others else None

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    try:
        server.port = acceptor.get_port()
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(leave(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
