"""Every statement of the demo carries totals that tie, recomputed here with regular expressions alone."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from fo_platform.simulation.writers.ibkr_totals import CASH_PARTS, NAV_CHANGES

CENTS = Decimal("0.01")


def rows(text: str, tag: str) -> list[dict[str, str]]:
    return [dict(re.findall(r'(\w+)="([^"]*)"', row)) for row in re.findall(rf"<{tag} [^>]*>", text)]


def statements(file: Path) -> list[str]:
    return re.findall(r"<FlexStatement .*?</FlexStatement>", file.read_text(encoding="utf-8"), flags=re.DOTALL)


def flex_files(inbox: Path) -> list[Path]:
    return sorted((inbox / "interactive_brokers").glob("*.xml"))


def final_flex_files(inbox: Path) -> list[Path]:
    return [file for file in flex_files(inbox) if not file.with_stem(f"{file.stem}_restated").exists()]


def comma(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def test_the_parts_of_every_flex_statement_add_up_to_its_net_asset_value(inbox: Path) -> None:
    for text in (statement for file in flex_files(inbox) for statement in statements(file)):
        summary = [row for row in rows(text, "OpenPosition") if row["levelOfDetail"] == "SUMMARY"]
        nav = rows(text, "EquitySummaryByReportDateInBase")[-1]
        held = sum(Decimal(row["positionValue"]) * Decimal(row["fxRateToBase"]) for row in summary)
        assert held == Decimal(nav["stock"]) + Decimal(nav["bonds"])
        parts = ("cash", "stock", "bonds", "interestAccruals")
        assert sum(Decimal(nav[part]) for part in parts) == Decimal(nav["total"])


def test_cash_by_currency_adds_up_to_the_base_summary_and_every_row_rolls(inbox: Path) -> None:
    for text in (statement for file in flex_files(inbox) for statement in statements(file)):
        base, *currencies = rows(text, "CashReportCurrency")
        rates = {row["fromCurrency"]: Decimal(row["rate"]) for row in rows(text, "ConversionRate")} | {
            "USD": Decimal(1)
        }
        cash = sum(Decimal(row["endingCash"]) * rates[row["currency"]] for row in currencies)
        assert base["currency"] == "BASE_SUMMARY"
        assert cash == Decimal(base["endingCash"])
        assert base["endingCash"] == rows(text, "EquitySummaryByReportDateInBase")[-1]["cash"]
        counted_once = [part for part in CASH_PARTS if part not in ("deposits", "withdrawals")]
        for row in (base, *currencies):
            moved = sum(Decimal(row[part]) for part in counted_once)
            assert Decimal(row["startingCash"]) + moved == Decimal(row["endingCash"])


def test_the_net_asset_value_rolls_within_a_statement_and_from_day_to_day(inbox: Path) -> None:
    days = [[rows(text, "ChangeInNAV")[0] for text in statements(file)] for file in final_flex_files(inbox)]
    for change in (change for day in days for change in day):
        moved = sum(Decimal(change[name]) for name in NAV_CHANGES)
        assert Decimal(change["startingValue"]) + moved == Decimal(change["endingValue"])
    for yesterday, today in pairwise(days):
        assert [row["endingValue"] for row in yesterday] == [row["startingValue"] for row in today]


def misstated(text: str) -> set[str]:
    """Symbols whose lots are not their summary."""
    positions = rows(text, "OpenPosition")
    summary = {row["symbol"]: Decimal(row["position"]) for row in positions if row["levelOfDetail"] == "SUMMARY"}
    lots = dict.fromkeys(summary, Decimal(0))
    for row in (row for row in positions if row["levelOfDetail"] == "LOT"):
        lots[row["symbol"]] += Decimal(row["position"])
    return {symbol for symbol in summary if summary[symbol] != lots[symbol]}


def test_lots_add_up_to_their_position_save_in_the_statement_that_is_restated(inbox: Path) -> None:
    stated = [(file.stem, text) for file in flex_files(inbox) for text in statements(file)]
    wrong = [(stem, symbol) for stem, text in stated for symbol in misstated(text)]
    assert wrong == [("ibkr_flex_20220615", "KO")]


def test_holdings_pages_and_the_whole_statement_tie_in_every_complete_mt535(inbox: Path) -> None:
    for first in sorted((inbox / "swiss_bank").glob("mt535_*_p1.fin")):
        second = first.with_name(first.name.replace("_p1", "_p2"))
        pages = [first.read_bytes().decode("ascii"), second.read_bytes().decode("ascii")]
        if not pages[1].endswith("-}\r\n"):
            assert first.name == "mt535_083577412001_20220614_p1.fin"
            continue
        totals = [comma(re.search(r":19A::HOLP//CHF([\d,]+)", page)[1]) for page in pages]
        held = [sum(map(comma, re.findall(r":19A::HOLD//CHF([\d,]+)", page))) for page in pages]
        assert held == totals
        assert {comma(re.search(r":19A::HOLS//CHF([\d,]+)", page)[1]) for page in pages} == {sum(totals)}
        assert [re.search(r":28E:(\S+)", page)[1] for page in pages] == ["1/MORE", "2/LAST"]
        assert "\n" not in pages[0].replace("\r\n", "")


def test_every_mt535_value_is_quantity_times_price(inbox: Path) -> None:
    price = r":90([AB])::MRKT//(?:PRCT/|ACTU/[A-Z]{3})([\d,]+)"
    pattern = price + r".*?:93B::AGGR//(?:UNIT|FAMT)/([\d,]+).*?:19A::HOLD//[A-Z]{3}([\d,]+)"
    text = (inbox / "swiss_bank" / "mt535_083577412001_20220613_p1.fin").read_bytes().decode("ascii")
    found = re.findall(pattern, text, flags=re.DOTALL)
    assert {kind for kind, *_ in found} == {"A", "B"}
    for kind, price, quantity, value in found:
        scale = Decimal("0.01") if kind == "A" else Decimal(1)
        assert abs(comma(price) * comma(quantity) * scale - comma(value)) <= CENTS


def test_mt940_balances_tie_and_chain_for_every_account_and_currency(inbox: Path) -> None:
    closed: dict[tuple[str, str], str] = {}
    for file in sorted((inbox / "swiss_bank").glob("mt940_*.sta")):
        for text in file.read_bytes().decode("ascii").split("-}\r\n")[:-1]:
            mark, currency, opened = re.search(r":60F:([CD])\d{6}([A-Z]{3})([\d,]+)", text).groups()
            booked = re.findall(r":61:\d{10}([CD])([\d,]+)N", text)
            closing = re.search(r":62F:C\d{6}[A-Z]{3}([\d,]+)", text)[1]
            moved = sum(comma(value) if sign == "C" else -comma(value) for sign, value in booked)
            key = re.search(r":25:(\S+)", text)[1], currency
            assert mark == "C"
            assert comma(opened) + moved == comma(closing)
            assert closed.get(key, opened) == opened
            closed[key] = closing
    assert len(closed) == 6


def test_the_us_custodians_trailer_counts_its_records_and_adds_its_values(inbox: Path) -> None:
    for file in sorted((inbox / "us_custodian").glob("*.txt")):
        header, *details, trailer = file.read_bytes().decode("ascii").split("\n")[:-1]
        kinds = [sum(record[0] == kind for record in details) for kind in "PLCA"]
        values = sum(int(r[117] + r[99:117]) for r in details if r[0] == "P")
        assert {len(record) for record in (header, *details, trailer)} == {200}
        assert [int(trailer[20:29]), *(int(trailer[at : at + 9]) for at in (29, 38, 47, 56))] == [len(details), *kinds]
        assert int(trailer[85] + trailer[65:85]) == values
        assert header[12:20] == trailer[12:20] == file.stem[-8:]


def test_the_us_custodians_lots_add_up_to_its_positions(inbox: Path) -> None:
    records = (inbox / "us_custodian" / "us_custodian_20220613.txt").read_text().splitlines()
    held = {(r[1:11], r[32:40]): int(r[44:62]) for r in records if r[0] == "P"}
    lots: dict[tuple[str, str], list[int]] = {}
    for record in (r for r in records if r[0] == "L"):
        lots.setdefault((record[1:11], record[32:40]), []).append(int(record[67:85]))
    assert {key: sum(parts) for key, parts in lots.items()} == held
    assert all(2 <= len(parts) <= 7 for parts in lots.values())


def test_the_market_file_counts_its_rows_and_only_the_first_one_carries_history(inbox: Path) -> None:
    files = sorted((inbox / "market_data").glob("*.csv"))
    for number, file in enumerate(files):
        header, *details, trailer = file.read_text(encoding="utf-8").splitlines()
        kinds = ("SEC", "IDN", "PRC", "FXR", "FAC", "LIQ")
        assert trailer == "TRL," + ",".join(str(sum(row.startswith(kind) for row in details)) for kind in kinds)
        assert len({row.split(",")[2] for row in details if row.startswith("PRC")}) == (301 if number == 0 else 1)
        assert any(row.startswith("SEC") for row in details) == (number == 0)
        assert len(set(details)) == len(details)
        widths = {(row[:3], row.count(",") + 1) for row in details}
        assert widths <= {("SEC", 16), ("IDN", 5), ("PRC", 6), ("FXR", 6), ("FAC", 5), ("LIQ", 5)}


def test_on_easter_monday_the_last_known_rate_keeps_its_own_date(inbox: Path) -> None:
    details = (inbox / "market_data" / "market_20220418.csv").read_text(encoding="utf-8").splitlines()
    rates = [row.split(",")[1:5] for row in details if row.startswith("FXR")]
    assert rates == [["CHF", "USD", "2022-04-14", "1.06762195"], ["EUR", "USD", "2022-04-14", "1.0878"]]
