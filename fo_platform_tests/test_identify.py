"""The cascade of identifiers, dated, and never a guess."""

import pandas as pd

from fo_platform.contracts.reference import Identifiers
from fo_platform.identify import identify, reidentify
from fo_platform.records import unpack
from fo_platform_tests.book import frames

DAY = pd.Timestamp("2022-06-15")


def _known(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    names = ("id_type", "id_value", "instrument_id", "valid_from")
    return Identifiers.frame([dict(zip(names, row, strict=True)) for row in rows])


KNOWN = _known(
    ("ISIN", "US1", "KO", "2000-01-01"),
    ("CUSIP", "C1", "KO", "2000-01-01"),
    ("CUSIP", "C2", "PEP", "2000-01-01"),
    ("VALOR", "77", "NESN", "2000-01-01"),
    ("TICKER", "KO", "KO", "2000-01-01"),
)


def _identified(known: pd.DataFrame, **payload: str) -> str:
    records = unpack(frames.raw([frames.record("position", **payload)]), "position")
    return str(identify(records, known, DAY).iloc[0])


def test_the_first_scheme_that_knows_the_security_names_it() -> None:
    assert _identified(KNOWN, isin="US1", cusip="C1") == "KO"
    assert _identified(KNOWN, isin="mistyped", cusip="C2") == "PEP"
    assert _identified(KNOWN, valor="77", symbol="anything") == "NESN"


def test_a_ticker_counts_only_where_nothing_better_is_stated() -> None:
    assert _identified(KNOWN, symbol="KO") == "KO"
    assert _identified(KNOWN, isin="US9", symbol="KO") == "UNKNOWN.US9"


def test_identifiers_that_name_two_securities_name_none() -> None:
    assert _identified(KNOWN, isin="US1", cusip="C2") == "UNKNOWN.US1"


def test_a_reused_identifier_means_what_it_meant_on_the_day() -> None:
    known = _known(
        ("CUSIP", "C1", "OLD", "2000-01-01"),
        ("CUSIP", "C1", "NEW", "2022-06-15"),
        ("CUSIP", "C1", "LATER", "2022-06-16"),
    )
    assert _identified(known, cusip="C1") == "NEW"
    records = unpack(frames.raw([frames.record("position", cusip="C1")]), "position")
    assert identify(records, known, pd.Timestamp("2022-06-14")).tolist() == ["OLD"]


def test_securities_without_any_identifier_stay_apart() -> None:
    rows = [frames.record("position", description=text, currency="USD") for text in ("BOND A", "BOND B")]
    names = identify(unpack(frames.raw(rows), "position"), KNOWN, DAY)
    assert names.is_unique
    assert names.str.startswith("UNKNOWN.").all()


def test_a_holding_unknown_yesterday_gets_its_name_once_the_identifier_is_known() -> None:
    rows = pd.DataFrame({"instrument_id": pd.Series(["UNKNOWN.C2", "UNKNOWN.C3", "KO"], dtype="string[pyarrow]")})
    assert reidentify(rows, KNOWN, DAY)["instrument_id"].tolist() == ["PEP", "UNKNOWN.C3", "KO"]


def test_an_empty_master_loses_nothing() -> None:
    assert _identified(KNOWN.head(0), isin="US1", symbol="KO") == "UNKNOWN.US1"
