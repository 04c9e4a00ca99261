"""Restating: late and restated files count on the days they speak of, by request; nothing that was known is lost."""

import shutil
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import fo_platform.definitions  # noqa: F401 - loading the location fills the recipes.
from fo_platform.clock import morning_of
from fo_platform.contracts.book import ExpectedDeliveries, Positions, TaxLots, Transactions
from fo_platform.defs._table import RECIPES
from fo_platform.errors import DataError
from fo_platform.ledger import tables
from fo_platform.ledger.queries import all_batches
from fo_platform.ledger.verify import verify
from fo_platform.lineage.recipe import Reading, make, store
from fo_platform.office import Office, open_office
from fo_platform.operations.intake import take_in
from fo_platform.operations.policy import adopt_policy
from fo_platform.operations.read import of_day
from fo_platform.operations.rebuild import rebuild
from fo_platform.operations.restate import Restatement, outcome, record_restatement
from fo_platform.policy.load import load_policy
from fo_platform.settings import Settings
from fo_platform.simulation.world import FIRST_PARTITION, World
from fo_platform.warehouse.warehouse import Warehouse
from fo_platform_tests.conftest import ROOT

FIRST, SECOND, THIRD, FOURTH = DAYS = (date(2022, 3, 31), date(2022, 4, 1), date(2022, 4, 4), date(2022, 4, 5))
WANTED = ("book.net_worth", "book.expected_deliveries")


def _needed(names: Iterable[str]) -> dict[str, set[str]]:
    """Tables by name with what they read, of these tables and all that they are made of."""
    graph: dict[str, set[str]] = {}
    todo = list(names)
    while todo:
        if (name := todo.pop()) not in graph:
            graph[name] = {table for read in RECIPES[name].reads.values() for table in read.tables} - {name}
            todo.extend(graph[name])
    return graph


ORDERED = tuple(TopologicalSorter(_needed(WANTED)).static_order())
RECIPES_MADE = {name: RECIPES[name] for name in ORDERED}
CONTRACTS = {name: recipe.contract for name, recipe in RECIPES_MADE.items()}
FEEDS = {name: tuple(body.feeds) for name, body in load_policy(ROOT / "resources/offices/demo").sources.items()}

US_FILE = "us_custodian_20220331.txt"
LATE = dict.fromkeys((US_FILE, "mt940_083577412001_20220331.sta", "market_20220331.csv"), FOURTH)
"""Files due on the second day that came on the fourth: holdings, lots and a fee; money of a bank; prices and rates."""

ON_ARRIVAL = ("raw.", "book.expected_deliveries")
"""Tables that say when something came; no other may depend on it."""

Mornings = Mapping[date, list[Path]]
Contents = dict[tuple[str, date], str]


@pytest.fixture(scope="module")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Mornings:
    """What arrives in the demo's world on four mornings, nothing wrong with it; and its master data on the first."""
    folder = tmp_path_factory.mktemp("world")
    world = World(folder / "home", defects=False)
    master = [
        path for path in world.deliver(FIRST_PARTITION, folder / "inbox", folder / "broker") if path.suffix == ".csv"
    ]
    arrived = {day: world.deliver(day, folder / "inbox", folder / "broker") for day in DAYS}
    return arrived | {FIRST: master + arrived[FIRST]}


@pytest.fixture(scope="module")
def begun(mornings: Mornings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after the first day."""
    home = tmp_path_factory.mktemp("begun") / "home"
    live(opened(home), mornings, {}, DAYS[:1])
    return home


@pytest.fixture(scope="module")
def punctual_home(begun: Path, mornings: Mornings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after four days on which every file came in time."""
    home = Path(shutil.copytree(begun, tmp_path_factory.mktemp("punctual") / "home"))
    live(opened(home), mornings, {}, DAYS[1:])
    return home


@pytest.fixture(scope="module")
def tardy_home(begun: Path, mornings: Mornings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after four days on which some files came two days late."""
    home = Path(shutil.copytree(begun, tmp_path_factory.mktemp("tardy") / "home"))
    live(opened(home), mornings, LATE, DAYS[1:])
    return home


@pytest.fixture(scope="module")
def mended(tardy_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The home that got files late after its days were made again, and what was told; to look at only."""
    home = Path(shutil.copytree(tardy_home, tmp_path_factory.mktemp("mended") / "home"))
    return home, restate(opened(home), SECOND)


@pytest.fixture
def punctual(punctual_home: Path, tmp_path: Path) -> Office:
    """A copy of the office that got every file in time."""
    return opened(Path(shutil.copytree(punctual_home, tmp_path / "punctual")))


@pytest.fixture
def tardy(tardy_home: Path, tmp_path: Path) -> Office:
    """A copy of the office that got some files late."""
    return opened(Path(shutil.copytree(tardy_home, tmp_path / "tardy")))


def opened(home: Path) -> Office:
    return open_office(Settings.read({"FO_HOME": str(home)}))


def live(office: Office, mornings: Mornings, late: Mapping[str, date], days: Iterable[date]) -> None:
    """The mornings of the days, each file on its own or on the later day that is named."""
    for day in days:
        office.ledger.move_clock(morning_of(day))
        adopt_policy(office, day)
        for path in arriving(mornings, late, day):
            put(office, path.parent.name, path.name, path.read_bytes())
        produce(office, [day])


def arriving(mornings: Mornings, late: Mapping[str, date], day: date) -> list[Path]:
    dated = [(path, late.get(path.name, own_day)) for own_day, paths in mornings.items() for path in paths]
    return [path for path, arrival in dated if arrival == day]


def us_file(mornings: Mornings) -> bytes:
    return next(path for path in mornings[SECOND] if path.name == US_FILE).read_bytes()


def put(office: Office, source: str, name: str, content: bytes) -> None:
    """A file arrives and is taken in on the office's day."""
    folder = office.settings.inbox / source
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    take_in(office, source, FEEDS[source], office.ledger.clock.business_date)


def produce(office: Office, days: Iterable[date]) -> None:
    """Every table of the days, table by table, as a range run does."""
    for name in ORDERED:
        for day in days:
            reading = Reading(office, CONTRACTS, day, office.ledger.last_known_at())
            made = make(RECIPES_MADE[name], reading)
            frame = CONTRACTS[name].validate(made.frame)
            store(RECIPES_MADE[name], office, day, frame, made, run_id="test")


def asked(office: Office, first: date, last: date | None = None) -> Restatement:
    return record_restatement(office, FEEDS, (first, last), asked_by="operator", reason="late file")


def restate(office: Office, first: date, last: date | None = None) -> dict[str, Any]:
    """Days made again, and what is told of them."""
    span = asked(office, first, last)
    produce(office, [day for day in DAYS if span.first <= day <= span.last])
    document: dict[str, Any] = outcome(office, CONTRACTS, span)
    return document


def contents(office: Office, known_at: datetime | None = None) -> Contents:
    """Content hash of every table and day as known at an instant."""
    batches = [b for name in CONTRACTS for b in office.warehouse.batches(name, DAYS[0], DAYS[-1], known_at)]
    return {(batch.asset, batch.business_date): batch.content_sha256 for batch in batches}


def figures(office: Office) -> Contents:
    """Contents without the tables that say when something came."""
    return {key: content for key, content in contents(office).items() if not key[0].startswith(ON_ARRIVAL)}


def changed(document: dict[str, Any]) -> dict[str, set[str]]:
    """Names of the tables that changed, by day."""
    return {day["business_date"]: set(day["tables"]) for day in document["days"] if day["tables"]}


def stated(office: Office, day: date, known_at: datetime | None = None) -> dict[str, str]:
    """What the US custodian states for an account by instrument."""
    rows = office.warehouse.read(Positions, office.warehouse.batches(Positions.name, day, day, known_at))
    rows = rows[rows["account_id"] == "llc_us"]
    return {row.instrument_id: f"{row.quantity_stated:.0f}" for row in rows.itertuples()}


def without(content: bytes, symbol: bytes) -> bytes:
    """The US custodian's file again, a holding and its lots taken out of its first account, every total put right."""
    header, *details, trailer = [line for line in content.split(b"\n") if line]
    account = details[0][1:11]
    gone = [line for line in details if line[:11] in (b"P" + account, b"L" + account) and line[32:40].strip() == symbol]
    assert gone, "the custodian states no such holding"
    kept = [line for line in details if line not in gone]
    counts = [len(kept), *[sum(line[:1] == kind for line in kept) for kind in (b"P", b"L", b"C", b"A")]]
    value = int(trailer[65:85]) - sum(int(line[99:117]) for line in gone if line[:1] == b"P")
    ended = trailer[:20] + b"".join(b"%09d" % count for count in counts) + b"%020d" % value + trailer[85:]
    return b"\n".join([header, *kept, ended]) + b"\n"


def test_restated_days_are_as_if_every_file_had_come_in_time(
    punctual_home: Path, tardy_home: Path, mended: tuple[Path, dict[str, Any]]
) -> None:
    in_time, before, after = (figures(opened(home)) for home in (punctual_home, tardy_home, mended[0]))
    differing = {key for key, content in in_time.items() if before.get(key) != content}
    assert {name for name, _ in differing} >= {"book.positions", "book.cash", "book.tax_lots", "book.transactions"}
    assert {name for name, _ in differing} >= {"reference.prices", "reference.fx_rates", "book.net_worth"}
    assert after == in_time
    assert {(name, day) for day, names in changed(mended[1]).items() for name in names} >= {
        (name, str(day)) for name, day in differing
    }
    rows = of_day(opened(mended[0]), Transactions, SECOND)
    assert set(rows["account_id"]) >= {"llc_us", "foundation_us", "trust_swiss"}


def test_what_was_known_before_stays_readable(tardy_home: Path, mended: tuple[Path, dict[str, Any]]) -> None:
    was, now = opened(tardy_home), opened(mended[0])
    assert contents(now, was.ledger.last_known_at()) == contents(was)
    assert contents(now) != contents(was)
    assert verify(now.ledger, now.archive.folder).ok


def test_raw_tables_stay_as_received_and_coverage_says_when_it_came(
    tardy_home: Path, mended: tuple[Path, dict[str, Any]]
) -> None:
    was, now = ({k: v for k, v in contents(opened(h)).items() if k[0][:4] == "raw."} for h in (tardy_home, mended[0]))
    assert was == now
    due = of_day(opened(mended[0]), ExpectedDeliveries, SECOND)
    rows = due[due["source"] == "us_custodian"]
    assert set(rows["statement_date"].dt.date) == {FIRST}
    assert {at.date() for at in rows["received_at"]} == {FOURTH}


def test_it_is_told_day_by_day_and_on_record(mended: tuple[Path, dict[str, Any]]) -> None:
    home, told = mended
    said = {"from": str(SECOND), "to": str(FOURTH), "asked_by": "operator", "reason": "late file"}
    assert said.items() <= told.items()
    second = told["days"][0]
    assert second["net_worth_before"] != second["net_worth_after"]
    assert second["tables"]["book.transactions"]["added"] > 0
    assert second["tables"]["book.positions"]["changed"] > 0
    [row] = opened(home).ledger.rows(sa.select(tables.restatements))
    assert (row.restatement, row.first_date, row.last_date) == (1, SECOND, FOURTH)
    assert (row.asked_by, row.reason) == ("operator", "late file")


def test_the_same_again_is_on_record_and_makes_nothing_new(mended: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    office = opened(Path(shutil.copytree(mended[0], tmp_path / "again")))
    before = contents(office)
    told = restate(office, SECOND)
    assert (told["restatement"], told["batches_written"], changed(told)) == (2, 0, {})
    assert contents(office) == before


def test_the_past_changes_by_no_other_run(tardy: Office) -> None:
    before = contents(tardy)
    produce(tardy, [SECOND])
    assert contents(tardy) == before


def test_what_comes_after_a_restatement_waits_for_the_next(
    mended: tuple[Path, dict[str, Any]], mornings: Mornings, tmp_path: Path
) -> None:
    office = opened(Path(shutil.copytree(mended[0], tmp_path / "next")))
    before = {key: content for key, content in contents(office).items() if key[1] == SECOND}
    put(office, "us_custodian", "again.txt", without(us_file(mornings), b"AMD"))
    produce(office, [SECOND, FOURTH])
    assert {key: content for key, content in contents(office).items() if key in before} == before
    asked(office, SECOND)
    produce(office, [SECOND])
    assert stated(office, SECOND)["AMD"] == "0"


def test_a_restated_file_replaces_the_whole_statement(punctual: Office, mornings: Mornings) -> None:
    """The holding that it leaves out is stated as none, and its lots are gone with tombstones."""
    before = punctual.ledger.last_known_at()
    put(punctual, "us_custodian", "restated.txt", without(us_file(mornings), b"AMD"))
    told = restate(punctual, SECOND)
    assert stated(punctual, SECOND)["AMD"] == "0"
    assert stated(punctual, SECOND, before)["AMD"] != "0"
    assert stated(punctual, THIRD)["AMD"] == stated(punctual, THIRD, before)["AMD"] != "0"
    assert told["days"][0]["tables"]["book.tax_lots"]["removed"] > 0
    lots = punctual.warehouse.batches(TaxLots.name, SECOND, SECOND)
    cold = Warehouse(punctual.ledger, punctual.warehouse.lake)
    assert "AMD" not in set(cold.read(TaxLots, lots).query("account_id == 'llc_us'")["instrument_id"])
    assert "AMD" in set(cold.read(TaxLots, lots[:-1]).query("account_id == 'llc_us'")["instrument_id"])


def test_what_came_after_the_range_stays_out(tardy: Office) -> None:
    before = contents(tardy)
    told = restate(tardy, SECOND, SECOND)
    assert (told["to"], changed(told)) == (str(SECOND), {})
    assert contents(tardy) == before


def test_what_waits_in_an_inbox_today_is_taken_in_first(punctual: Office, mornings: Mornings) -> None:
    path = punctual.settings.inbox / "us_custodian/restated.txt"
    path.write_bytes(without(us_file(mornings), b"AMD"))
    asked(punctual, SECOND)
    [row] = punctual.ledger.rows(sa.select(tables.restatements))
    known = tables.deliveries
    [taken] = punctual.ledger.rows(sa.select(known).where(known.c.file_name == path.name))
    assert (taken.business_date, taken.audit_seq < row.audit_seq) == (FOURTH, True)


def test_a_restated_past_is_rebuilt_from_archive_and_ledger(
    tardy_home: Path, mended: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    known = opened(tardy_home).ledger.last_known_at()
    office = opened(Path(shutil.copytree(mended[0], tmp_path / "lost")))
    lost = [batch for batch in all_batches(office.ledger) if known and batch.known_at > known]
    for batch in lost:
        (office.warehouse.lake / batch.path).unlink()
    assert rebuild(office, RECIPES_MADE, lambda *_: None).restored == len(lost) > 0


@pytest.mark.parametrize(
    ("first", "last", "reason", "message"),
    [
        (date(2022, 3, 30), None, "late", "Nothing is known of 2022-03-30"),
        (SECOND, date(2022, 4, 6), "late", "Nothing is known of 2022-04-06"),
        (THIRD, SECOND, "late", "2022-04-01 lies before 2022-04-04"),
        (SECOND, None, " ", "needs a reason"),
    ],
)
def test_what_cannot_be_restated_is_refused_with_a_remedy(
    punctual: Office, first: date, last: date | None, reason: str, message: str
) -> None:
    links = len(punctual.ledger.rows(sa.select(tables.audit_chain)))
    with pytest.raises(DataError, match=message) as refused:
        record_restatement(punctual, FEEDS, (first, last), asked_by="operator", reason=reason)
    assert refused.value.remedy
    assert len(punctual.ledger.rows(sa.select(tables.audit_chain))) == links
