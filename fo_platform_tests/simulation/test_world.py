"""What the world delivers, when, and what it leaves alone."""

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import exchange_calendars
import pytest

from fo_platform.errors import DataError
from fo_platform.simulation.world import World

TRIGGER_DAY = date(2022, 6, 14)
FIRST_DAY_AFTER = date(2022, 6, 15)
SETTLEMENT_MORNING = date(2022, 6, 17)
DROP_COPY_HEADER = (
    "exec_id,client_order_id,account_id,instrument_id,side,quantity,price,currency,fee,trade_date,settlement_date,"
    "exec_type,exec_ref_id,executed_at,price_source"
)


def fill(
    exec_id: str, account_and_instrument: str, side: str, quantity: int, kind: str = "trade", ref: str = ""
) -> str:
    return (
        f"{exec_id},ORDER1,{account_and_instrument},{side},{quantity},53.50,USD,12.34,2022-06-14,2022-06-16,"
        f"{kind},{ref},2022-06-14T15:00:00Z,skfolio adjusted close"
    )


def broker_with(folder: Path, *fills: str) -> Path:
    (folder / "drop_copy").mkdir(parents=True)
    (folder / "drop_copy" / "2022-06-14.csv").write_text("\n".join([DROP_COPY_HEADER, *fills]) + "\n", encoding="utf-8")
    return folder


def contents(inbox: Path) -> dict[str, bytes]:
    return {str(path.relative_to(inbox)): path.read_bytes() for path in inbox.rglob("*") if path.is_file()}


def us_record(inbox: Path, day: str, start: str, symbol: str) -> str:
    records = (inbox / "us_custodian" / f"us_custodian_{day}.txt").read_text().splitlines()
    return next(record for record in records if record.startswith(start) and symbol in record)


def test_sessions_are_those_of_the_exchange_with_sixty_before_the_trigger_day(world: World) -> None:
    sessions = world.sessions()
    calendar = exchange_calendars.get_calendar("XNYS", start="2022-03-18", end="2022-12-28")
    assert sessions == [stamp.date() for stamp in calendar.sessions]
    assert sessions.index(TRIGGER_DAY) == 60
    assert len(sessions) - 64 >= 120


def test_a_morning_brings_the_files_of_every_source_that_state_the_session_before(inbox: Path) -> None:
    monday = sorted(name for name in contents(inbox) if "20220613" in name)
    assert monday == [
        "accounting/trial_balance_20220613.csv",
        "digital_custodian/vaults_20220613.json",
        "global_custodian/camt053_GC44881207_20220613.xml",
        "global_custodian/camt053_GC44889003_20220613.xml",
        "global_custodian/semt002_GC44881207_20220613_p1.xml",
        "global_custodian/semt002_GC44881207_20220613_p2.xml",
        "global_custodian/semt002_GC44889003_20220613_p1.xml",
        "global_custodian/semt002_GC44889003_20220613_p2.xml",
        "interactive_brokers/ibkr_flex_20220613.xml",
        "market_data/market_20220613.csv",
        "performance_system/performance_20220613.csv",
        "swiss_bank/mt535_083577412001_20220613_p1.fin",
        "swiss_bank/mt535_083577412001_20220613_p2.fin",
        "swiss_bank/mt535_083577412501_20220613_p1.fin",
        "swiss_bank/mt535_083577412501_20220613_p2.fin",
        "swiss_bank/mt940_083577412001_20220613.sta",
        "swiss_bank/mt940_083577412501_20220613.sta",
        "us_custodian/us_custodian_20220613.txt",
    ]
    assert not [name for name in contents(inbox) if name.endswith(".part")]


def test_the_session_tape_shows_the_close_of_the_session_itself(world: World, tmp_path: Path) -> None:
    world.deliver(TRIGGER_DAY, tmp_path / "inbox", tmp_path / "broker")
    lines = (tmp_path / "broker" / "tape" / "2022-06-14.csv").read_text().splitlines()
    assert lines[0] == "instrument_id,mid_price,spread_bps,volume,price_source"
    assert lines[1].startswith("AAPL,131.972,")
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == {"skfolio adjusted close", "simulated"}


def test_the_same_seed_gives_the_same_bytes_and_deleting_the_home_changes_nothing(world: World, tmp_path: Path) -> None:
    first, second = World(tmp_path / "home"), tmp_path / "second"
    first.deliver(TRIGGER_DAY, tmp_path / "first" / "inbox", tmp_path / "first" / "broker")
    shutil.rmtree(tmp_path / "home")
    world.deliver(TRIGGER_DAY, second / "inbox", second / "broker")
    assert contents(tmp_path / "first" / "inbox") == contents(second / "inbox")


def test_another_seed_moves_what_is_simulated_and_no_real_close(world: World) -> None:
    other = World(world.home, seed=8).market.closes
    assert (other["AAPL"] == world.market.closes["AAPL"]).all()
    assert (other["NESN"] != world.market.closes["NESN"]).mean() > 0.9


def test_a_file_that_an_operator_edited_is_not_overwritten(world: World, tmp_path: Path) -> None:
    inbox, broker = tmp_path / "inbox", tmp_path / "broker"
    edited, *others = world.deliver(TRIGGER_DAY, inbox, broker)
    others[0].unlink()
    edited.write_text("edited")
    again = world.deliver(TRIGGER_DAY, inbox, broker)
    assert again == [edited, *others]
    assert edited.read_text() == "edited"
    assert others[0].exists()


def test_a_fill_shows_the_next_morning_and_settles_on_its_settlement_date(world: World, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    broker = broker_with(tmp_path / "broker", fill("EXEC1", "foundation_us,USGOV", "sell", 10_000))
    for day in (TRIGGER_DAY, FIRST_DAY_AFTER, SETTLEMENT_MORNING):
        world.deliver(day, inbox, broker)
    days = ("20220613", "20220614", "20220616")
    positions = [us_record(inbox, day, "P0088100371", "USGOV") for day in days]
    traded, settled = [[int(r[at : at + 13]) for r in positions] for at in (44, 63)]
    cash = [us_record(inbox, day, "C0088100371", "USD999997") for day in days]
    cash_traded, cash_settled = [[int(r[at : at + 18]) for r in cash] for at in (44, 63)]
    proceeds = 10_000 * 5350 - 1234
    assert [q - traded[0] for q in traded] == [0, -10_000, -10_000]
    assert [q - settled[0] for q in settled] == [0, 0, -10_000]
    assert [c - cash_traded[0] for c in cash_traded] == [0, proceeds, proceeds]
    assert [c - cash_settled[0] for c in cash_settled] == [0, 0, proceeds]
    assert "SELEXEC1" in us_record(inbox, "20220614", "A0088100371", "USGOV")


def test_interactive_brokers_states_trades_at_once_and_settled_cash_later(world: World, tmp_path: Path) -> None:
    broker = broker_with(tmp_path / "broker", fill("EXEC2", "llc_ib,USGOV", "buy", 1000))
    world.deliver(FIRST_DAY_AFTER, tmp_path / "inbox", broker)
    text = (tmp_path / "inbox" / "interactive_brokers" / "ibkr_flex_20220614.xml").read_text()
    trade = next(line for line in text.splitlines() if line.startswith("<Trade "))
    lot = next(line for line in text.splitlines() if 'originatingTransactionID="EXEC2"' in line)
    usd = [line for line in text.splitlines() if 'currency="USD" levelOfDetail="Currency"' in line][1]
    assert 'quantity="1000"' in trade
    assert 'netCash="-53512.34"' in trade
    assert 'costBasisMoney="53512.34"' in lot
    ending, settled = (
        Decimal(usd.split(f' {name}="')[1].split('"')[0]) for name in ("endingCash", "endingSettledCash")
    )
    assert ending - settled == Decimal("-53512.34")


def test_the_swiss_bank_knows_nothing_of_a_trade_before_it_settles(world: World, tmp_path: Path) -> None:
    broker = broker_with(tmp_path / "broker", fill("EXEC3", "foundation_swiss,NESN", "sell", 100).replace("USD", "CHF"))
    for day in (TRIGGER_DAY, FIRST_DAY_AFTER, SETTLEMENT_MORNING):
        world.deliver(day, tmp_path / "inbox", broker)
    stated = [
        (tmp_path / "inbox" / "swiss_bank" / f"mt535_083577412501_{day}_p1.fin")
        .read_text()
        .split("AGGR//UNIT/")[1]
        .split(",")[0]
        for day in ("20220613", "20220614", "20220616")
    ]
    cash = (tmp_path / "inbox" / "swiss_bank" / "mt940_083577412501_20220616.sta").read_text()
    assert [int(quantity) - int(stated[0]) for quantity in stated] == [0, 0, -100]
    assert ":61:2206160616C5337,66NSECNONREF//EXEC3" in cash


def test_a_cancelled_fill_leaves_no_trace(world: World, tmp_path: Path) -> None:
    cancelled = (
        fill("EXEC4", "foundation_us,USGOV", "sell", 10),
        fill("EXEC5", "foundation_us,USGOV", "sell", 10, "trade_cancel", "EXEC4"),
    )
    world.deliver(FIRST_DAY_AFTER, tmp_path / "a", broker_with(tmp_path / "cancelled", *cancelled))
    world.deliver(FIRST_DAY_AFTER, tmp_path / "b", broker_with(tmp_path / "quiet"))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (fill("EXEC6", "nobody,USGOV", "sell", 10), "nobody"),
        (fill("EXEC7", "foundation_us,USGOV", "sell", 90_000_000), "EXEC7"),
    ],
)
def test_a_fill_that_cannot_be_is_refused_by_name(world: World, tmp_path: Path, line: str, word: str) -> None:
    with pytest.raises(DataError, match=word):
        world.deliver(FIRST_DAY_AFTER, tmp_path / "inbox", broker_with(tmp_path / "broker", line))


def test_the_planted_defects_are_a_truncated_page_and_a_restated_file(inbox: Path, mornings: list[date]) -> None:
    broken = [p.name for p in (inbox / "swiss_bank").glob("*.fin") if not p.read_bytes().endswith(b"-}\r\n")]
    restated = [path.name for path in (inbox / "interactive_brokers").glob("*restated*")]
    assert mornings[-1] - TRIGGER_DAY == timedelta(days=3)
    assert broken == ["mt535_083577412001_20220614_p2.fin"]
    assert restated == ["ibkr_flex_20220615_restated.xml"]


def test_without_defects_the_first_file_is_the_right_one(inbox: Path, tmp_path: Path) -> None:
    clean = World(tmp_path / "home", defects=False)
    clean.deliver(date(2022, 6, 16), tmp_path / "inbox", tmp_path / "broker")
    [only] = (tmp_path / "inbox" / "interactive_brokers").iterdir()
    restated = (inbox / "interactive_brokers" / "ibkr_flex_20220615_restated.xml").read_text()
    assert only.read_text() == restated.replace("20220616;064500", "20220616;021500")
