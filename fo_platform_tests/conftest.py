"""What most tests stand on: the demo office's settings in a home of their own, and its policy."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform.settings import Settings
from fo_platform_tests.databases import Database, PostgresqlServer, SqliteFiles
from fo_platform_tests.postgresql_server import binaries, postgresql

ROOT = Path(__file__).parents[1]

hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("repeatable")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The demo office on this machine, its home empty."""
    return Settings.read({"FO_HOME": str(tmp_path / "home")})


@pytest.fixture(scope="session")
def policy() -> Policy:
    """What the demo office declares."""
    return load_policy(ROOT / "resources/offices/demo")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder whose resources a test may edit."""
    shutil.copytree(ROOT / "resources", tmp_path / "project/resources")
    return tmp_path / "project"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL server for this session of tests, database `postgres`."""
    pytest.importorskip("psycopg2", reason="the driver of PostgreSQL is not installed (extra postgres)")
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    with postgresql(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> PostgresqlServer:
    """That server, as a maker of databases."""
    return PostgresqlServer(postgres_url)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Where a test's ledger is kept: the test runs once on each kind."""
    if request.param == "sqlite":
        return SqliteFiles(tmp_path_factory.mktemp("sqlite"))
    server: PostgresqlServer = request.getfixturevalue("postgres")
    return server
