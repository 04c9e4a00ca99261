"""The demo's fund reports: read clean by the real parser, made of the demo's own securities and of others, and tied."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from stdnum import isin as isins

from fo_platform.custodians.parse import parse
from fo_platform.simulation.fund_names import BONDS, COMPANIES, TREASURIES, lei
from fo_platform.simulation.fund_reports import NET_ASSETS, fund_report, published
from fo_platform.simulation.instruments import SECURITIES, SERIES
from fo_platform.simulation.world import World
from fo_platform.simulation.writers.nport import nport

QUARTER = date(2022, 3, 31)


def test_reports_come_sixty_days_after_a_quarter_and_the_first_morning_brings_the_last(
    world: World, inbox: Path
) -> None:
    days = {
        day: published(world.market, day, world.seed, is_first=day == world.sessions()[0]) for day in world.sessions()
    }
    came = {str(day): {str(report.day) for report in reports} for day, reports in days.items() if reports}
    # 30 May is a holiday.
    assert came == {
        "2022-03-18": {"2021-12-31"}, "2022-05-31": {"2022-03-31"}, "2022-08-29": {"2022-06-30"},
        "2022-11-29": {"2022-09-30"},
    }  # fmt: skip
    names = sorted(path.name for path in (inbox / "fund_reports").iterdir())
    assert names == sorted(f"nport_{s}_{day}.xml" for s in SERIES.values() for day in ("20211231", "20220331"))


@pytest.mark.parametrize("name", SERIES)
def test_a_report_is_read_clean_and_its_lines_are_what_its_net_assets_are_made_of(world: World, name: str) -> None:
    report = fund_report(world.market, name, QUARTER, world.seed)
    parsed = parse(nport(report), "sec_nport")
    assert (parsed.verdict, parsed.problems) == ("clean", ())
    [statement] = parsed.statements
    assert (statement.account, statement.statement_date) == (SERIES[name], QUARTER)
    fields = [record.fields for record in statement.records]
    listed = sum(Decimal(row["market_value"]) for row in fields)
    assert listed + report.receivables - report.payables == report.net_assets
    assert all("imulated" in row["fund_name"] for row in fields)
    for row in fields:
        part = Decimal(row["market_value"]) / report.net_assets
        assert abs(Decimal(row["weight"]) - part) < Decimal("1e-12")
    assert sum(row["asset_category"] == "STIV" for row in fields) == 1


def test_equity_funds_hold_the_demo_s_shares_and_others_and_one_bond_fund_holds_the_other(world: World) -> None:
    held = {
        name: {line.isin for line in fund_report(world.market, name, QUARTER, world.seed).lines} for name in NET_ASSETS
    }
    shares = {
        row.isin for row in SECURITIES.values() if row.asset_class == "us_equity" and row.instrument_type == "share"
    }
    assert len(shares) == 20
    for name in ("MTUM", "QUAL", "SIZE", "USMV", "VLUE"):
        assert shares | {company.isin for company in COMPANIES} <= held[name]
    assert SECURITIES["UST2029"].isin in held["USGOV"]
    assert SECURITIES["USGOV"].isin in held["USCORP"]
    assert not {SECURITIES["USCORP"].isin} & held["USGOV"]


def test_the_same_seed_gives_the_same_bytes_and_another_quarter_or_seed_other_weights(world: World) -> None:
    first, again = (nport(fund_report(world.market, "QUAL", QUARTER, 7)) for _ in range(2))
    assert first == again
    assert nport(fund_report(world.market, "QUAL", QUARTER, 8)) != first
    before = fund_report(world.market, "QUAL", date(2021, 12, 31), 7)
    after = fund_report(world.market, "QUAL", QUARTER, 7)
    assert [line.title for line in before.lines] == [line.title for line in after.lines]
    changes = [abs(one.value_usd / two.value_usd - 1) for one, two in zip(before.lines, after.lines, strict=True)]
    assert Decimal(0) < max(changes) < 1


def test_identifiers_have_right_check_digits_and_issuers_of_shares_and_bonds_one_lei() -> None:
    numbers = [*(company.isin for company in COMPANIES), *(row[2] for row in BONDS), *(row[1] for row in TREASURIES)]
    assert all(isins.is_valid(number) for number in numbers)
    assert not set(numbers) & {row.isin for row in SECURITIES.values()}
    assert all(int("".join(str(int(sign, 36)) for sign in lei(row[0]))) % 97 == 1 for row in BONDS)
    assert {row[0] for row in BONDS} & {row.name for row in SECURITIES.values()}
    assert {row[0] for row in BONDS} & {company.name for company in COMPANIES}
