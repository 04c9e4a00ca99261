"""What a script and a person get from `fo`: stable keys, exit codes, errors with a remedy, one screen."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fo_platform.ledger import tables
from fo_platform.office import open_office
from fo_platform.operations.status import status
from fo_platform.settings import Settings
from fo_platform.simulation.approvers import demo_key
from fo_platform_tests.chain.conftest import LAST, TRIGGER, Home

Document = dict[str, Any]
Played = tuple[Home, Document]

STATUS = {
    *("office", "business_date", "clock", "deliveries", "quarantined", "late", "missing", "batches", "breaks"),
    *("net_worth", "drift_total", "drift_tradeable", "verdicts", "cost_of_drift_per_day", "cost_of_trading"),
    *("orders", "fills", "settled", "pending", "audit_head"),
}
RUN = STATUS | {"days", "seconds", "orchestration_share", "batches_written"}
DECIMALS = ("net_worth", "drift_total", "drift_tradeable", "cost_of_drift_per_day", "cost_of_trading")
AUDIT = {"ok", "rows", "head", "first_bad"}
PARSED = {"format", "verdict", "reason", "statements", "totals", "problems"}
TOTALS = {"positions", "quantity", "market_value", "cash", "trades", "cash_transactions", "cash_transactions_sum"}
STATEMENT = {
    *("account", "statement_date", "basis", "page", "complete"),
    *("positions", "cash", "transactions", "controls"),
}
POSITION = {
    *("identifiers", "quantity", "quantity_type", "price", "price_basis", "factor", "multiplier"),
    *("currency", "market_value", "accrued", "side", "level"),
}
TRANSACTION = {"kind", "date", "settle_date", "amount", "currency", "quantity", "reference"}
CONTROL = {"name", "expected", "actual", "ok"}
PROBLEM = {"line", "offset", "what", "remedy"}

FILES = {
    "us_custodian": "us_custodian_*.txt",
    "interactive_brokers": "ibkr_flex_*.xml",
    "swiss_bank": "mt535_*_p1.fin",
    "market_data": "market_*.csv",
}
"""A kind of file of each source; the bank's is the first of two pages."""

UNKNOWN = b"\x01nothing that any custodian sends\n"
NOBODYS = "0" * 64
"""Digest of no proposal."""


def _file(home: Home, source: str) -> Path:
    """The newest of a source's files."""
    return sorted((home.fo / "inbox" / source).glob(FILES[source]))[-1]


def _parse(home: Home, path: Path) -> tuple[int, Document]:
    """Exit code and document of `fo parse`."""
    done = home.run("parse", str(path), "--json")
    return done.returncode, json.loads(done.stdout, parse_float=_refuse)


def _all(rows: list[Document], name: str) -> list[Document]:
    """What every row lists under a name, in one list."""
    return [item for row in rows for item in row[name]]


def _refuse(number: str) -> None:
    pytest.fail(f"{number} is a decimal that is not a string")


def _key(folder: Path, name: str) -> str:
    path = folder / f"{name}.pem"
    path.write_bytes(demo_key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(path)


@pytest.mark.parametrize(
    ("words", "keys"),
    [(("status",), STATUS), (("status", "--day", TRIGGER), STATUS), (("audit", "verify"), AUDIT)],
)
def test_every_documented_key_is_there(demo_home: Home, words: tuple[str, ...], keys: set[str]) -> None:
    done = demo_home.run(*words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert keys <= json.loads(done.stdout, parse_float=_refuse).keys()


def test_run_answers_with_the_last_status_and_what_it_spent(played: Played) -> None:
    home, answer = played
    assert answer.keys() >= RUN
    assert answer.items() >= home.json("status").items()
    assert all(isinstance(answer[name], str) for name in ("seconds", "orchestration_share"))


def test_amounts_of_a_status_are_plain_text(played: Played) -> None:
    status_of_day = played[1]
    assert all(f"{Decimal(status_of_day[name]):f}" == status_of_day[name] for name in DECIMALS)
    assert status_of_day["business_date"] == LAST
    assert status_of_day["breaks"].keys() >= {"open", "critical"}


def test_the_audit_holds_and_its_head_is_the_one_status_shows(played: Played) -> None:
    home, answer = played
    audit = home.json("audit", "verify")
    assert (audit["ok"], audit["head"], audit["first_bad"]) == (True, answer["audit_head"], None)
    assert audit["rows"] > 0


@pytest.mark.parametrize("source", ["us_custodian", "interactive_brokers", "swiss_bank"])
def test_a_parsed_file_has_every_documented_key(demo_home: Home, source: str) -> None:
    document = _parse(demo_home, _file(demo_home, source))[1]
    statements = document["statements"]
    positions = _all(statements, "positions")
    assert document.keys() >= PARSED
    assert document["totals"].keys() >= TOTALS
    assert positions
    assert all(statement.keys() >= STATEMENT for statement in statements)
    assert all(position.keys() >= POSITION for position in positions)
    assert all(move.keys() >= TRANSACTION for move in _all(statements, "transactions"))
    assert all(isinstance(position["quantity"], str) for position in positions)
    assert all(isinstance(amount, str) for statement in statements for amount in statement["cash"].values())


@pytest.mark.parametrize("source", ["us_custodian", "interactive_brokers", "market_data"])
def test_a_clean_file_exits_with_0_and_its_controls_agree(demo_home: Home, source: str) -> None:
    code, document = _parse(demo_home, _file(demo_home, source))
    controls = _all([document, *document["statements"]], "controls")
    assert (code, document["verdict"], document["problems"]) == (0, "clean", [])
    assert controls
    assert all(control.keys() >= CONTROL and control["ok"] for control in controls)
    assert all(isinstance(control[name], str) for control in controls for name in ("expected", "actual"))


@pytest.mark.parametrize("source", FILES)
def test_a_truncated_file_exits_with_2_and_says_what_to_do(demo_home: Home, source: str, tmp_path: Path) -> None:
    whole = _file(demo_home, source).read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    code, document = _parse(demo_home, tmp_path / "cut")
    assert (code, document["verdict"]) == (2, "quarantined")
    assert document["reason"]
    assert document["problems"]
    assert all(problem.keys() >= PROBLEM and problem["remedy"] for problem in document["problems"])


def test_a_page_without_the_others_exits_with_2(demo_home: Home) -> None:
    code, document = _parse(demo_home, _file(demo_home, "swiss_bank"))
    assert (code, document["verdict"]) == (2, "incomplete")


def test_bytes_of_no_format_exit_with_3(demo_home: Home, tmp_path: Path) -> None:
    (tmp_path / "what").write_bytes(UNKNOWN)
    code, document = _parse(demo_home, tmp_path / "what")
    assert (code, document["verdict"]) == (3, "unknown")


@pytest.mark.parametrize(
    ("code", "named", "words"),
    [
        ("data", "1999-01-01", ("status", "--day", "1999-01-01")),
        ("data", "soon", ("breaks", "--day", "soon")),
        ("data", "no[/such].txt", ("parse", "no[/such].txt")),
        ("approval", "no.pem", ("approve", NOBODYS, "--as", "demo_cio", "--key", "no.pem")),
        ("approval", NOBODYS[:12], ("approve", NOBODYS, "--as", "demo_cio", "--key", "KEY")),
        ("approval", NOBODYS[:12], ("release", NOBODYS, "--as", "demo_cio", "--key", "KEY")),
    ],
)
def test_an_error_is_one_document_on_stderr(
    demo_home: Home, tmp_path: Path, code: str, named: str, words: tuple[str, ...]
) -> None:
    words = tuple(_key(tmp_path, "demo_cio") if word == "KEY" else word for word in words)
    done = demo_home.run(*words, "--json")
    error = json.loads(done.stderr)["error"]
    assert (done.returncode, done.stdout) == (1, "")
    assert error.keys() == {"code", "message", "remedy"}
    assert error["code"] == code
    assert named in error["message"]
    assert error["remedy"]


@pytest.mark.parametrize("words", [("status", "--day", "[/x]"), ("parse", "no[/such].txt")])
def test_an_error_tells_a_person_the_same_without_a_traceback(demo_home: Home, words: tuple[str, ...]) -> None:
    done = demo_home.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert words[-1] in done.stderr
    assert "Traceback" not in done.stderr


def test_an_office_without_figures_says_what_to_type(tmp_path: Path) -> None:
    done = Home(tmp_path).run("status", "--json")
    assert done.returncode == 1
    assert json.loads(done.stderr)["error"]["remedy"] == "Run `fo run`."


def test_the_demo_has_thirteen_orders_all_filled(demo_home: Home) -> None:
    orders = demo_home.json("orders")
    assert len(orders) == 13
    assert {order["order_status"] for order in orders} == {"FILLED"}
    assert {order["trade_date"] for order in orders} == {TRIGGER}
    assert all(order["quantity"] == order["cum_quantity"] for order in orders)


def test_the_orders_are_the_signed_proposal(demo_home: Home) -> None:
    proposals = demo_home.json("proposal", "--day", TRIGGER)
    assert [(item["entity_id"], item["status"]) for item in proposals] == [("foundation", "approved")]
    assert {order["proposal_digest"] for order in demo_home.json("orders")} == {proposals[0]["digest"]}


def test_no_break_is_open(demo_home: Home) -> None:
    assert demo_home.json("breaks") == []


def test_the_screen_names_what_a_person_looks_for(played: Played) -> None:
    home, answer = played
    screen = home.run("status").stdout
    worth = f"${Decimal(answer['net_worth']):,.0f}"
    executed = f"{answer['orders']} orders, {answer['fills']} fills, {answer['settled']} settled, 0 pending"
    for text in (LAST, "Net worth", worth, "Verdict per owner", "Executed", executed, "Breaks", "0 open, 0 critical"):
        assert text in screen
    for owner, verdict in answer["verdicts"].items():
        assert any(owner in line and verdict in line for line in screen.splitlines())
    next_steps = screen.splitlines()[-1].removeprefix("Next: ").split(" · ")
    assert [step.split()[-1] for step in next_steps] == ["breaks", "proposal", "orders", "advance", "ui"]


def test_status_answers_for_every_day(demo_home: Home) -> None:
    office = open_office(Settings.read({"FO_HOME": str(demo_home.fo), "FO_PROJECT": str(demo_home.project)}))
    batch = tables.batches.c
    rows = office.ledger.rows(sa.select(batch.business_date).where(batch.asset == "book.net_worth").distinct())
    answers = [json.loads(json.dumps(status(office, row.business_date)), parse_float=_refuse) for row in rows]
    assert len({answer["business_date"] for answer in answers}) == 64
    assert all(Decimal(answer["net_worth"]) > 0 and answer.keys() >= STATUS for answer in answers)


def test_a_file_named_with_square_brackets_is_shown_by_its_name(own_home: Home) -> None:
    (own_home.fo / "inbox/us_custodian/stmt[bold].txt").write_bytes(UNKNOWN)
    done = own_home.run("run")
    assert done.returncode == 0, done.stderr
    for screen in (done.stdout, own_home.run("status").stdout):
        assert "stmt[bold].txt" in screen


def test_the_doctor_finds_nothing_to_mend(demo_home: Home) -> None:
    answer, done = demo_home.json("doctor"), demo_home.run("doctor")
    assert answer["ok"]
    assert all(finding["ok"] for finding in answer["findings"])
    assert done.returncode == 0
    assert sum(line.startswith("ok ") for line in done.stdout.splitlines()) == len(answer["findings"])
