"""What is owned more than once: at several custodians, of one issuer, in two funds, in a fund in a fund."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.duplicates import fund_overlaps
from fo_platform.analytics.metrics.duplicate_exposures import duplicate_exposures
from fo_platform.contracts import policy
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import DuplicateExposures
from fo_platform_tests.analytics import funds

Row = tuple[object, ...]


def duplicates_of(
    frames: SimpleNamespace, held: list[Row], instruments: pd.DataFrame, owned: pd.DataFrame, custodians: int = 2
) -> pd.DataFrame:
    """Duplicates by kind, what is owned twice, and the other fund, of the trust; its accounts lie at so many banks."""
    positions = frames.positions(*held)
    worth = frames.net_worth(positions)
    names = positions["account_id"].unique()
    accounts = pd.DataFrame({"account_id": names, "custodian": [f"bank_{n % custodians}" for n in range(len(names))]})
    found = duplicate_exposures(
        look_through=funds.looked(positions, worth, instruments, owned),
        holdings=inexact(positions),
        net_worth=inexact(worth),
        accounts=policy.Accounts.frame(accounts.assign(is_tradeable=True)),
        instruments=instruments,
        fund_holdings=owned,
    )
    valid = inexact(DuplicateExposures.validate(found))
    return valid[valid["scope"] == "trust"].set_index(["kind", "duplicate_id", "other_instrument_id"])


def test_the_same_instrument_at_two_custodians_is_one_line_and_at_one_it_is_none(frames: SimpleNamespace) -> None:
    rows: list[Row] = [
        ("trust", "X", "us_equity", 60),
        ("trust", "X", "us_equity", 20),
        ("trust", "Y", "us_equity", 20),
    ]
    found = duplicates_of(frames, rows, frames.instruments("X", "Y"), funds.fund_holdings())
    assert found[["value_base", "weight", "place_count"]].values.tolist() == [[80, 0.8, 2]]
    assert found.index.tolist() == [("same_instrument", "X", "")]
    assert duplicates_of(frames, rows, frames.instruments("X", "Y"), funds.fund_holdings(), custodians=1).empty


def test_an_issuer_s_share_bond_and_part_of_a_fund_are_one_line_with_its_parts(frames: SimpleNamespace) -> None:
    instruments = frames.instruments(
        "X", "XB", "A", issuer_id=["XCORP", "XCORP", "A"], instrument_type=["share", "bond", "etf"]
    )
    rows: list[Row] = [("trust", "X", "us_equity", 50), ("trust", "XB", "bonds", 30), ("trust", "A", "us_equity", 20)]
    owned = funds.fund_holdings(("A", "X", 0.5, "L1"), ("A", "ISIN.B", 0.1, "L1"))
    line = duplicates_of(frames, rows, instruments, owned).loc[("same_issuer", "XCORP", "")]
    parts = ["value_shares_base", "value_bonds_base", "value_funds_base", "value_base", "weight", "place_count"]
    assert line[parts].tolist() == pytest.approx([50, 30, 12, 92, 0.92, 3])
    # 8 of the fund are not listed by it: nobody knows whose they are.
    assert line["coverage_share"] == pytest.approx(0.92)
    assert line["duplicate_name"] == "X"


def test_funds_have_in_common_the_lesser_of_both_weights(frames: SimpleNamespace) -> None:
    instruments = frames.instruments("A", "B", instrument_type="etf")
    owned = funds.fund_holdings(("A", "X", 0.6), ("A", "Y", 0.4), ("B", "X", 0.3), ("B", "Z", 0.7))
    rows: list[Row] = [("trust", "A", "us_equity", 100), ("trust", "B", "us_equity", 300)]
    line = duplicates_of(frames, rows, instruments, owned).loc[("fund_overlap", "A", "B")]
    assert line[["overlap_share", "value_base", "place_count"]].tolist() == pytest.approx([0.3, 60, 2])


def test_a_fund_that_is_held_and_held_again_in_another_is_a_hidden_duplicate(frames: SimpleNamespace) -> None:
    instruments = frames.instruments("A", "B", instrument_type="etf")
    owned = funds.fund_holdings(("A", "M", 0.5), ("M", "B", 0.4), ("B", "X", 1.0))
    found = duplicates_of(
        frames, [("trust", "A", "us_equity", 100), ("trust", "B", "us_equity", 50)], instruments, owned
    )
    line = found.loc[("fund_in_fund", "B", "A")]
    assert line[["value_base", "place_count"]].tolist() == pytest.approx([20, 2])
    assert ("fund_in_fund", "M", "A") not in found.index


def test_what_no_report_lists_and_what_a_fund_is_short_of_is_in_common_with_nobody() -> None:
    values = pd.DataFrame({"X": [60.0, -50.0], "Y": [0.0, 150.0]}, index=["A", "B"])
    assert fund_overlaps(values, pd.Series({"A": 100.0, "B": 100.0})).empty


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.floats(0, 1), min_size=12, max_size=12))
def test_an_overlap_lies_between_none_and_all_and_agrees_with_plain_loops(sizes: list[float]) -> None:
    values = pd.DataFrame([sizes[:4], sizes[4:8], sizes[8:]], index=["A", "B", "C"], columns=list("WXYZ"))
    nav = values.sum(axis=1) + 0.01
    found = fund_overlaps(values, nav).set_index(["fund_id", "other_id"])["overlap_share"]
    for one, other in (("A", "B"), ("A", "C"), ("B", "C")):
        pairs = zip(values.loc[one] / nav[one], values.loc[other] / nav[other], strict=True)
        assert found.get((one, other), 0.0) == pytest.approx(sum(min(pair) for pair in pairs), abs=1e-12)
    assert found.between(0, 1).all()


def test_an_office_without_holdings_owns_nothing_twice(frames: SimpleNamespace) -> None:
    assert duplicates_of(frames, [], frames.instruments(), funds.fund_holdings()).empty
