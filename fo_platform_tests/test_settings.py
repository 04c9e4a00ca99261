"""Settings: defaults, refusals, and what never shows."""

from pathlib import Path

import pytest

from fo_platform.errors import SettingsError
from fo_platform.settings import Settings, secret_names

ENVIRONMENTS = ("local", "postgres", "snowflake")


def test_without_variables_the_demo_runs_locally_in_the_project() -> None:
    settings = Settings.read({})
    assert (settings.office, settings.environment) == ("demo", "local")
    assert settings.home == settings.project / ".fo"
    assert settings.ledger_url == f"sqlite:///{settings.project}/.fo/ledger.sqlite"
    assert settings.office_folder == settings.project / "resources/offices/demo"


def test_every_folder_of_state_lies_under_the_home(tmp_path: Path) -> None:
    settings = Settings.read({"FO_HOME": str(tmp_path)})
    folders = [settings.archive, settings.lake, settings.dagster_home, settings.inbox]
    assert all(folder.parent == tmp_path for folder in folders)
    assert settings.broker_folder("paper").is_relative_to(tmp_path)


@pytest.mark.parametrize(
    ("variable", "name", "words"),
    [
        ("FO_OFFICE", "demmo", "did you mean `demo`"),
        ("FO_OFFICE", "../demo", "which is not in"),
        ("FO_ENVIRONMENT", "postgress", "did you mean `postgres`"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_exist(variable: str, name: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({variable: name})
    assert words in caught.value.message
    assert "demo" in caught.value.remedy or "local, postgres, snowflake" in caught.value.remedy


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_environment_file_is_a_full_set_of_bindings(environment: str) -> None:
    assert Settings.read({"FO_ENVIRONMENT": environment}).environment_file.stem == environment


def test_a_secret_is_taken_by_the_name_in_the_environment_file_and_never_shown() -> None:
    url = "postgresql://fo:geheim@localhost/fo"
    settings = Settings.read({"FO_ENVIRONMENT": "postgres", "FO_LEDGER_URL": url, "PATH": "/bin"})
    assert settings.ledger_url == url
    assert "geheim" not in repr(settings)
    assert set(settings.secrets) == {"FO_LEDGER_URL"}


def test_a_secret_that_is_not_set_is_asked_for_by_name() -> None:
    settings = Settings.read({"FO_ENVIRONMENT": "postgres"})
    with pytest.raises(SettingsError, match="FO_LEDGER_URL, which is not set"):
        _ = settings.ledger_url


def test_snowflake_names_its_secrets() -> None:
    bindings = Settings.read({"FO_ENVIRONMENT": "snowflake"}).bindings
    assert {"SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PRIVATE_KEY"} < set(secret_names(bindings))


def test_an_unknown_key_of_an_environment_file_is_refused(project: Path) -> None:
    path = project / "resources/environments/local.yaml"
    path.write_text(path.read_text().replace("ledger:", "leger:"))
    with pytest.raises(SettingsError, match=r"local\.yaml line 4: leger: .*did you mean `ledger`"):
        Settings.read({"FO_PROJECT": str(project)})
