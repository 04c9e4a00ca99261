"""Servers and an inbox for every test of the transports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fo_platform_tests.custodians.transports.servers import Http, Sftp, Time, http_server, sftp_server


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def http() -> Iterator[Http]:
    with http_server() as server:
        yield server


@pytest.fixture
def sftp() -> Iterator[Sftp]:
    with sftp_server() as server:
        yield server


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox" / "bank"
