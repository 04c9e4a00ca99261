"""Allocation by owner, account and class in one place."""

from types import SimpleNamespace

import pandas as pd
import pytest

from fo_platform.analytics.metrics.exposures_account import exposures_account
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import ExposuresAccount


def exposures_of(frames: SimpleNamespace, held: pd.DataFrame) -> pd.DataFrame:
    found = exposures_account(inexact(held), inexact(frames.net_worth(held)))
    return inexact(ExposuresAccount.validate(found)).set_index(["entity_id", "account_id", "asset_class"])


def test_a_class_of_an_account_weighs_over_its_owner_and_over_the_office(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "X", "us_equity", 60), ("trust", "X", "us_equity", 20), ("trust", "CASH.USD", "cash", 20),
        ("llc", "X", "us_equity", 300),
    )  # fmt: skip
    found = exposures_of(frames, held)
    assert found.loc[("trust", "trust_0", "us_equity")].tolist() == [60, 0.6, 0.15]
    assert found.loc[("trust", "trust_1", "us_equity")].tolist() == [20, 0.2, 0.05]
    assert found.groupby("entity_id")["weight"].sum().to_dict() == pytest.approx({"llc": 1, "trust": 1})
    assert found["weight_office"].sum() == pytest.approx(1)


def test_an_office_without_holdings_has_no_accounts_to_show(frames: SimpleNamespace) -> None:
    assert exposures_of(frames, frames.positions()).empty
