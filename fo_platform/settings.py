"""Where this process stands: home, project, office, environment and the names of its secrets, read once.

What an office decides belongs to policy; the simulated world's own folder is unknown here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field

from fo_platform.declarations import Declared, Document, nearest
from fo_platform.errors import SettingsError

SecretName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", description="name of an environment variable")]


class LocalWarehouse(Declared):
    """Parquet batches under the home."""

    kind: Literal["local"]


class SnowflakeWarehouse(Declared):
    """The same tables in Snowflake."""

    kind: Literal["snowflake"]
    account_env: SecretName
    user_env: SecretName
    private_key_env: SecretName
    role: str
    warehouse: str
    database: str


class SqliteStore(Declared):
    """A file under the home."""

    kind: Literal["sqlite"]


class PostgresqlStore(Declared):
    """A PostgreSQL database."""

    kind: Literal["postgresql"]
    url_env: SecretName


Store = Annotated[SqliteStore | PostgresqlStore, Field(discriminator="kind")]


class BrokerBinding(Declared):
    """How a broker that accounts are routed to is reached."""

    kind: Literal["paper"]


class SourceBinding(Declared):
    """How deliveries reach the inbox."""

    transport: Literal["directory"]


Severity = Literal["info", "warn", "critical"]


class LogChannel(Declared):
    """Alerts as lines of the process's log."""

    kind: Literal["log"]
    severity_min: Severity = "info"


class EmailChannel(Declared):
    """Alerts by e-mail; without STARTTLS only for a server on this machine."""

    kind: Literal["email"]
    host: str
    port: int = 587
    sender: str
    recipients: Annotated[list[str], Field(min_length=1)]
    starttls: bool = True
    user_env: SecretName | None = None
    password_env: SecretName | None = None
    severity_min: Severity = "warn"


class WebhookChannel(Declared):
    """Alerts as JSON to a URL, which is a secret: whoever knows it may write there."""

    kind: Literal["webhook"]
    url_env: SecretName
    severity_min: Severity = "warn"


ChannelBinding = Annotated[LogChannel | EmailChannel | WebhookChannel, Field(discriminator="kind")]


class Environment(Declared):
    """Every binding of one environment."""

    warehouse: Annotated[LocalWarehouse | SnowflakeWarehouse, Field(discriminator="kind")]
    ledger: Store
    dagster: Store
    brokers: dict[str, BrokerBinding]
    sources: SourceBinding
    notify: dict[str, ChannelBinding] = {"log": LogChannel(kind="log")}
    login_env: SecretName | None = None
    """`user:password` that the web server asks for; without it, this machine's users are trusted."""


@dataclass(frozen=True)
class Settings:
    """Folders, names and bindings of one process; secret values never show in its repr."""

    home: Path
    project: Path
    office: str
    environment: str
    bindings: Environment
    secrets: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Settings from FO_HOME, FO_PROJECT, FO_OFFICE and FO_ENVIRONMENT, with the defaults of the demo."""
        project = Path(environ.get("FO_PROJECT") or Path(__file__).parents[1]).resolve()
        home = Path(environ.get("FO_HOME") or project / ".fo").resolve()
        office = _known("FO_OFFICE", environ.get("FO_OFFICE") or "demo", project / "resources/offices", "*/office.yaml")
        name = environ.get("FO_ENVIRONMENT") or "local"
        environment = _known("FO_ENVIRONMENT", name, project / "resources/environments", "*.yaml")
        document = Document.read(project / f"resources/environments/{environment}.yaml", SettingsError)
        bindings = document.parse(Environment)
        secrets = {name: environ[name] for name in secret_names(bindings) if environ.get(name)}
        return cls(home, project, office, environment, bindings, secrets)

    @property
    def archive(self) -> Path:
        """Every byte that any source ever sent."""
        return self.home / "archive"

    @property
    def lake(self) -> Path:
        """Batches of the local warehouse."""
        return self.home / "lake"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance."""
        return self.home / "dagster"

    @property
    def inbox(self) -> Path:
        """Where deliveries arrive."""
        return self.home / "inbox"

    @property
    def office_folder(self) -> Path:
        """What the office declares."""
        return self.project / "resources/offices" / self.office

    @property
    def environment_file(self) -> Path:
        """What this environment binds."""
        return self.project / f"resources/environments/{self.environment}.yaml"

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger."""
        store = self.bindings.ledger
        return f"sqlite:///{self.home / 'ledger.sqlite'}" if store.kind == "sqlite" else self.secret(store.url_env)

    @property
    def login(self) -> str | None:
        """`user:password` of the web server, when the environment binds one."""
        name = self.bindings.login_env
        return self.secret(name) if name else None

    def broker_folder(self, broker: str) -> Path:
        """State that belongs to one broker's binding."""
        return self.home / "brokers" / broker

    def secret(self, name: str) -> str:
        """Value of a secret that the environment file names."""
        if name not in self.secrets:
            raise SettingsError(
                f"The environment `{self.environment}` needs the variable {name}, which is not set.",
                f"Export {name}, or set FO_ENVIRONMENT to another of resources/environments.",
            )
        return self.secrets[name]


def secret_names(bindings: Declared) -> list[str]:
    """Names of the environment variables that bindings ask for, sorted."""
    nested = [name for part in _parts(bindings) for name in secret_names(part)]
    own = [value for key, value in bindings if key.endswith("_env") and value]
    return sorted({*nested, *own})


def _parts(bindings: Declared) -> list[Declared]:
    values = [value for _, value in bindings]
    nested = [value for named in values if isinstance(named, dict) for value in named.values()]
    return [value for value in [*values, *nested] if isinstance(value, Declared)]


def _known(variable: str, name: str, folder: Path, pattern: str) -> str:
    """The name, if the project has it."""
    found = sorted(path.parent.name if "/" in pattern else path.stem for path in folder.glob(pattern))
    if name not in found:
        raise SettingsError(
            f"{variable} names `{name}`, which is not in {folder}; {nearest(name, found)}.",
            f"Set {variable} to one of: {', '.join(found) or 'none there'}.",
        )
    return name
