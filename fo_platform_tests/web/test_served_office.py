"""The office's own code location behind an operator's server: one table is made, and a launch alone trades nothing."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from fo_platform.clock import morning_of
from fo_platform.contracts.catalogue import SCHEMAS
from fo_platform.ledger import tables
from fo_platform.office import Office, open_office
from fo_platform.settings import Settings
from fo_platform.web.app import MODULE
from fo_platform_tests.web.served_office import LAUNCH, ServedOffice, served

DAY = date(2022, 6, 14)
LOCATION = """
{ workspaceOrError { ... on Workspace { locationEntries {
  name locationOrLoadError { __typename ... on PythonError { message stack } }
} } } }
"""
GROUPS = "{ assetNodes { groupName hasAssetChecks } }"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The demo office on the morning of a day, nothing delivered."""
    office = open_office(Settings.read({"FO_HOME": str(tmp_path_factory.mktemp("office") / "home")}))
    office.ledger.move_clock(morning_of(DAY))
    return office


@pytest.fixture(scope="module")
def desk(home: Office) -> Iterator[ServedOffice]:
    """An operator's server of that office."""
    with served(home.settings, "operate", MODULE) as office:
        yield office


def test_every_schema_is_a_group_of_checked_tables(desk: ServedOffice) -> None:
    assert desk.ask(LOCATION)["data"]["workspaceOrError"]["locationEntries"] == [
        {"name": MODULE, "locationOrLoadError": {"__typename": "RepositoryLocation"}}
    ]
    nodes = desk.ask(GROUPS)["data"]["assetNodes"]
    assert {node["groupName"] for node in nodes} == {schema.__name__.rpartition(".")[2] for schema in SCHEMAS}
    assert all(node["hasAssetChecks"] for node in nodes)


@pytest.fixture(scope="module")
def materialised(desk: ServedOffice) -> str:
    """How a run that an operator launched for one table of the day ended."""
    launched = desk.ask(LAUNCH, params=desk.launch_of("policy.entities", str(DAY)))["data"]["launchRun"]
    return desk.outcome(launched["run"]["runId"])


def test_an_operator_materialises_one_table_of_the_day(materialised: str, home: Office) -> None:
    assert materialised == "SUCCESS"
    assert [batch.row_count for batch in home.warehouse.batches("policy.entities", DAY, DAY)] == [3]


@pytest.mark.usefixtures("materialised")
def test_launching_the_release_trades_nothing_that_nobody_signed(desk: ServedOffice, home: Office) -> None:
    params = desk.launch_of("execution.orders", str(DAY))
    location = {"repositoryLocationName": desk.module, "repositoryName": "__repository__"}
    params["selector"] = {**location, "pipelineName": "release"}
    launched = desk.ask(LAUNCH, params=params)["data"]["launchRun"]
    assert desk.outcome(launched["run"]["runId"]) == "SUCCESS"
    assert home.ledger.rows(sa.select(tables.outbox)) == home.ledger.rows(sa.select(tables.order_events)) == []
