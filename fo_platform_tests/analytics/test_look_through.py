"""What is held in the end, through funds that own funds."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.analytics.leaves import oldest_reports, owned_weights, reported
from fo_platform.analytics.look_through import expand_funds, funds_within, self_owned
from fo_platform.errors import DataError
from fo_platform_tests.analytics import funds

# A owns half of B and half of X; B owns 80 % of X and 30 % of Y, with borrowed money.
OWNED = pd.DataFrame(
    [("A", "B", 0.5), ("A", "X", 0.45), ("B", "X", 0.8), ("B", "Y", 0.3)],
    columns=["fund_id", "instrument_id", "weight"],
)


def held(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scope", "instrument_id", "value_base"])


def values(leaves: pd.DataFrame) -> dict[str, float]:
    return leaves.groupby("leaf_id")["value_base"].sum().to_dict()


def test_a_fund_of_a_fund_is_what_both_own_and_what_neither_reports() -> None:
    leaves = expand_funds(held(("s", "A", 1000.0), ("s", "X", 10.0)), OWNED, by=["scope"])
    # 1000 x (.45 + .5 x .8) = 850 of X; 1000 x .5 x .3 of Y; 50 that A does not list; B lists 10 % too much.
    expected = {"X": 860.0, "Y": 150.0, "REST.A": 50.0, "REST.B": -50.0}
    assert values(leaves) == pytest.approx(expected, abs=1e-9)
    depths = leaves.set_index("leaf_id")["depth"].to_dict()
    assert depths == {"X": 2, "Y": 2, "REST.A": 1, "REST.B": 2}


def test_the_answer_is_that_of_a_dense_inverse() -> None:
    numbers = np.random.default_rng(1)
    names = [f"F{n}" for n in range(12)]
    rows = [
        (names[row], names[column], weight / 13)
        for row in range(12)
        for column, weight in enumerate(numbers.random(12))
        if column > row
    ]
    rows += [(name, f"L{leaf}", numbers.random() / 13) for name in names for leaf in range(5)]
    owned = pd.DataFrame(rows, columns=["fund_id", "instrument_id", "weight"])
    wide = owned.pivot_table(index="fund_id", columns="instrument_id", values="weight", fill_value=0.0).loc[names]
    inside = np.linalg.inv(np.eye(12) - wide.reindex(columns=names, fill_value=0.0).to_numpy())
    leaves = wide[[f"L{leaf}" for leaf in range(5)]]
    expected = pd.DataFrame(inside @ leaves.to_numpy(), names, leaves.columns)
    holders = pd.DataFrame({"holder": names, "instrument_id": names, "value_base": 1.0})
    found = expand_funds(holders, owned, by=["holder"]).pivot_table(
        index="holder", columns="leaf_id", values="value_base", fill_value=0.0
    )
    np.testing.assert_allclose(found.loc[names, leaves.columns], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("rows", "named"),
    [([("A", "A", 0.1)], "A"), ([("A", "B", 0.1), ("B", "C", 0.1), ("C", "A", 0.1), ("D", "A", 0.5)], "A, B, C")],
)
def test_funds_that_own_themselves_are_refused_by_name(rows: list[tuple[str, str, float]], named: str) -> None:
    owned = pd.DataFrame(rows, columns=OWNED.columns)
    assert self_owned(owned) == named.split(", ")
    with pytest.raises(DataError, match=f"Funds own themselves: {named}\\."):
        expand_funds(held(("s", "A", 1.0)), owned, by=["scope"])


def test_without_reports_or_without_holdings_there_is_nothing_to_look_through() -> None:
    same = expand_funds(held(("s", "X", 10.0), ("t", "Y", -5.0)), OWNED.iloc[:0], by=["scope"])
    assert same[["scope", "leaf_id", "value_base", "depth"]].values.tolist() == [["s", "X", 10, 0], ["t", "Y", -5, 0]]
    assert expand_funds(held(), OWNED, by=["scope"]).empty


def test_funds_inside_a_fund_are_found_at_any_depth() -> None:
    owned = pd.concat([OWNED, pd.DataFrame([("C", "A", 0.2), ("C", "B", 0.1)], columns=OWNED.columns)])
    found = funds_within(owned).set_index(["fund_id", "instrument_id"])["weight"].to_dict()
    assert found == pytest.approx({("A", "B"): 0.5, ("C", "A"): 0.2, ("C", "B"): 0.1 + 0.2 * 0.5})


def test_a_line_without_a_weight_has_that_of_its_value() -> None:
    lines = funds.fund_holdings(
        ("A", "X", 0.5), ("A", "Y", None), ("B", "X", None), ("B", "Y", None), market_value_local=[50, 20, 30, 10]
    )
    assert owned_weights(reported(lines))["weight"].tolist() == [0.5, 0.2, 0.75, 0.25]


def test_a_fund_that_two_series_claim_to_be_is_the_one_that_reported_last() -> None:
    lines = funds.fund_holdings(
        ("A", "X", 0.5), ("A", "Y", 0.6), fund_id=["S1", "S2"], report_date=["2022-04-30", "2022-03-31"]
    )
    assert owned_weights(reported(lines))["instrument_id"].tolist() == ["X"]


def test_a_look_through_is_as_old_as_the_oldest_report_it_rests_on() -> None:
    lines = funds.fund_holdings(
        ("A", "B", 0.5), ("B", "C", 0.5), ("C", "X", 0.5), ("D", "X", 0.1),
        report_date=["2022-03-31", "2022-04-30", "2021-12-31", "2022-05-31"],
    )  # fmt: skip
    oldest = oldest_reports(owned_weights(reported(lines))).dt.strftime("%m-%d").to_dict()
    assert oldest == {"A": "12-31", "B": "12-31", "C": "12-31", "D": "05-31"}


def test_every_holding_is_shown_under_what_it_is_held_through(frames: SimpleNamespace) -> None:
    instruments = frames.instruments("A", "X", "E", instrument_type=["etf", "share", "etf"])
    positions = frames.positions(
        ("trust", "A", "us_equity", 100), ("trust", "X", "us_equity", 50), ("trust", "E", "bonds", 30),
        ("trust", "CASH.USD", "cash", 20),
    )  # fmt: skip
    owned = funds.fund_holdings(("A", "X", 0.6), ("A", "ISIN.NL0010273215", 0.3, "LEI1"))
    rows = funds.looked(positions, frames.net_worth(positions), instruments, owned).set_index(
        ["scope", "held_instrument_id", "leaf_id"]
    )
    trust = rows.loc["trust"]
    assert trust["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert trust.loc[("A", "X"), ["value_base", "depth", "issuer_id", "report_age_days"]].tolist() == [60, 1, "X", 75]
    outside = trust.loc[("A", "ISIN.NL0010273215")]
    assert outside[["value_base", "issuer_id", "asset_class"]].tolist() == [pytest.approx(30), "LEI.LEI1", "us_equity"]
    assert trust.loc[("A", "REST.A"), "value_base"] == pytest.approx(10)
    residual = trust[trust["is_residual"]]["reason"].to_dict()
    assert residual == {("A", "REST.A"): "Net assets that the fund's report does not list.",
                        ("E", "E"): "It reports no holdings."}  # fmt: skip
    assert trust.loc[("X", "X"), ["value_base", "depth"]].tolist() == [50, 0]
    assert pd.isna(trust.loc[("X", "X"), "report_date"])


def test_a_bond_in_a_fund_is_linked_to_the_issuer_whose_lei_it_states(frames: SimpleNamespace) -> None:
    instruments = frames.instruments("A", "X", "Y", issuer_id=["A", "XCORP", "YCORP"])
    positions = frames.positions(("trust", "A", "us_equity", 100))
    owned = funds.fund_holdings(
        ("A", "X", 0.2, "L1"), ("A", "ISIN.B1", 0.3, "L1"), ("A", "ISIN.B2", 0.1, "L2"), ("A", "ISIN.B3", 0.1),
        ("A", "X", 0.1, "L3"), ("A", "Y", 0.1, "L3"), ("A", "ISIN.B4", 0.1, "L3"),
    )  # fmt: skip
    rows = funds.looked(positions, frames.net_worth(positions), instruments, owned)
    issuers = rows[rows["scope"] == "trust"].set_index("leaf_id")["issuer_id"].dropna().to_dict()
    assert issuers == {"X": "XCORP", "Y": "YCORP", "ISIN.B1": "XCORP", "ISIN.B2": "LEI.L2", "ISIN.B4": "LEI.L3"}


def test_reports_of_funds_that_own_themselves_are_not_used_and_the_day_goes_on(frames: SimpleNamespace) -> None:
    positions = frames.positions(("trust", "A", "us_equity", 100), ("trust", "C", "us_equity", 100))
    owned = funds.fund_holdings(("A", "B", 0.5), ("B", "A", 0.5), ("C", "A", 0.5), ("C", "X", 0.5))
    instruments = frames.instruments("A", "B", "C", "X", instrument_type=["etf", "etf", "etf", "share"])
    rows = funds.looked(positions, frames.net_worth(positions), instruments, owned)
    trust = rows[rows["scope"] == "trust"].set_index(["held_instrument_id", "leaf_id"])
    assert trust["value_base"].to_dict() == {("A", "A"): 100, ("C", "A"): 50, ("C", "X"): 50}
    assert trust["reason"].dropna().unique().tolist() == ["It owns a part of itself, so its report is not used."]


def test_an_office_without_holdings_has_nothing_to_look_through(frames: SimpleNamespace) -> None:
    positions = frames.positions()
    rows = funds.looked(positions, frames.net_worth(positions), frames.instruments(), funds.fund_holdings())
    assert rows.empty


FUNDS, LEAVES = ["A", "B", "C"], ["X", "Y", "Z"]
EDGES = [(fund, item) for n, fund in enumerate(FUNDS) for item in (*FUNDS[n + 1 :], *LEAVES)]
weights = st.lists(st.floats(-0.5, 1.5), min_size=len(EDGES), max_size=len(EDGES))
amounts = st.lists(st.floats(-1e9, 1e9), min_size=6, max_size=6)


def owned_by(sizes: list[float]) -> pd.DataFrame:
    return pd.DataFrame([(*edge, size) for edge, size in zip(EDGES, sizes, strict=True)], columns=OWNED.columns)


@settings(max_examples=30, deadline=None)
@given(sizes=weights, cells=amounts, order=st.permutations(range(6)))
def test_looking_through_conserves_value_whatever_the_order_and_leaves_leaves_alone(
    sizes: list[float], cells: list[float], order: list[int]
) -> None:
    owned = owned_by(sizes)
    lines = held(*[("s", name, cell) for name, cell in zip([*FUNDS, *LEAVES], cells, strict=True)])
    leaves = expand_funds(lines, owned, by=["scope"])
    gross = np.abs(cells).sum() * 20
    assert abs(leaves["value_base"].sum() - sum(cells)) <= 1e-12 * gross
    shuffled = expand_funds(lines.iloc[order], owned.sample(frac=1, random_state=order[0]), by=["scope"])
    first, second = (rows.set_index("leaf_id")["value_base"] for rows in (leaves, shuffled))
    assert first.sub(second, fill_value=0.0).abs().sum() <= 1e-12 * gross
    again = expand_funds(leaves.rename(columns={"leaf_id": "instrument_id"}), owned, by=["scope"])
    pd.testing.assert_frame_equal(
        again.drop(columns="depth").sort_values("leaf_id", ignore_index=True),
        leaves.drop(columns="depth").sort_values("leaf_id", ignore_index=True),
    )


@settings(max_examples=5, deadline=None)
@given(part=st.integers(1, 9_999), order=st.permutations(range(3)))
def test_a_line_that_is_split_or_moved_or_comes_in_another_order_changes_nothing(
    frames: SimpleNamespace, part: int, order: list[int]
) -> None:
    instruments = frames.instruments("A", "X", instrument_type=["etf", "share"])
    owned = funds.fund_holdings(("A", "X", 0.6), ("A", "ISIN.Y", 0.3))
    rows = [("trust", "A", "us_equity", 100), ("trust", "X", "us_equity", 50), ("llc", "A", "us_equity", 30)]
    split = [*rows[1:], ("trust", "A", "us_equity", part / 100), ("trust", "A", "us_equity", (10_000 - part) / 100)]
    whole, parts, moved = (
        funds.looked(held, frames.net_worth(held), instruments, owned)
        for held in (
            frames.positions(*rows),
            frames.positions(*split),
            frames.positions(*(rows[n] for n in order)).assign(account_id=["z", "y", "x"]),
        )
    )
    pd.testing.assert_frame_equal(whole, parts, rtol=1e-12)
    pd.testing.assert_frame_equal(whole, moved, rtol=1e-12)
