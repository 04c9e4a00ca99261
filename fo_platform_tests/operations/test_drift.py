"""When a proposal that ran out makes another evaluation due. Episodes themselves are tested in decision."""

from datetime import date

import pandas as pd
import pytest

from fo_platform.operations.drift import has_expired


@pytest.mark.parametrize(
    ("valid_until", "evaluated_on", "day", "expected"),
    [
        ("2022-06-22", date(2022, 6, 14), date(2022, 6, 22), False),
        ("2022-06-22", date(2022, 6, 14), date(2022, 6, 23), True),
        ("2022-06-22", date(2022, 6, 23), date(2022, 6, 24), False),
    ],
    ids=["on its last day it stands", "the day after it reopens", "once evaluated again it is no reason any more"],
)
def test_a_plan_reopens_its_episode_once(valid_until: str, evaluated_on: date, day: date, expected: bool) -> None:  # noqa: FBT001
    plans = pd.DataFrame({"valid_until_date": [pd.Timestamp(valid_until)]})
    assert has_expired(plans, evaluated_on, day) is expected


def test_without_a_plan_nothing_expires() -> None:
    assert not has_expired(
        pd.DataFrame({"valid_until_date": pd.DatetimeIndex([])}), date(2022, 6, 14), date(2022, 7, 1)
    )
