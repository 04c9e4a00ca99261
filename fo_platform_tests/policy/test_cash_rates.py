"""What cash earns, as declared: the demo's rates, an office without any, and what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from fo_platform.contracts.policy import CashRates
from fo_platform.policy import frames
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform_tests.policy.edited import refused

DEMO = "resources/offices/demo"


def test_a_rate_is_read_as_it_is_written(policy: Policy) -> None:
    rows = frames.cash_rates(policy).set_index(["currency", "valid_from"])
    francs = rows.loc["CHF"].loc[pd.Timestamp("2022-06-17")]
    assert francs[["interest_rate", "day_count", "rate_source"]].tolist() == [
        -0.0025, 360, "Swiss National Bank, policy rate",
    ]  # fmt: skip


def test_the_demo_s_rates_are_known_on_all_its_days(policy: Policy) -> None:
    known = frames.cash_rates(policy).groupby("currency").agg({"valid_from": "min", "known_until": "min"})
    assert known.index.tolist() == ["CHF", "EUR", "USD"]
    assert (known["valid_from"] < pd.Timestamp(policy.office.first_day) - pd.Timedelta(days=7)).all()
    assert (known["known_until"] >= pd.Timestamp(policy.office.last_day)).all()


def test_an_office_need_not_have_the_file(project: Path) -> None:
    (project / DEMO / "cash_rates.yaml").unlink()
    assert CashRates.validate(frames.cash_rates(load_policy(project / DEMO))).empty


CONTRADICTIONS = [
    ("2022-12-15: 0.0440", "2022-12-15: 4.40", "less than or equal to 1"),
    ("2022-12-15: 0.0440", "2023-01-15: 0.0440", "2022-12-31 is before the last rate, of 2023-01-15"),
    ("2022-12-15: 0.0440", "2022-13-15: 0.0440", "valid date"),
    ("2022-12-15: 0.0440", "2022-11-03: 0.0440", "already stands on line"),
    ("USD:", "Dollar:", "should match pattern"),
    ("day_count: 360", "day_count: 366", "'360' or '365'"),
    ("  source: Swiss", "  sources: Swiss", "did you mean `source`"),
]


@pytest.mark.parametrize(("old", "new", "said"), CONTRADICTIONS, ids=[said for _, _, said in CONTRADICTIONS])
def test_a_contradiction_is_refused_with_its_file(project: Path, old: str, new: str, said: str) -> None:
    message = refused(project, "cash_rates", old, new).message
    assert said in message
    assert "cash_rates.yaml line " in message
