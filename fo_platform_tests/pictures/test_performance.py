"""The picture of performance shows the office's two indices and says what they came to."""

import pandas as pd

from fo_platform.pictures.performance import PICTURE


def rows(*indices: float | None, scope: str = "office", level: str = "total") -> pd.DataFrame:
    """A row a session."""
    days = pd.bdate_range("2022-06-01", periods=len(indices))
    return pd.DataFrame(
        {
            "business_date": days + pd.offsets.BDay(), "close_date": days, "scope": scope, "level": level,
            "inception_date": days[0], "index_gross": [value and value * 1.01 for value in indices],
            "index_net": indices, "is_large_flow": [number == 1 for number in range(len(indices))],
        }
    )  # fmt: skip


def test_both_indices_are_drawn_in_per_cent_and_the_title_says_the_last() -> None:
    others = rows(9.0, 9.0, scope="trust")
    axes = PICTURE.draw(pd.concat([others, rows(1.0, 1.02, 0.95)])).axes[0]
    gross, net = axes.lines[:2]
    assert [round(value, 9) for value in net.get_ydata()] == [0.0, 2.0, -5.0]
    assert [round(value, 9) for value in gross.get_ydata()] == [1.0, 3.02, -4.05]
    assert axes.get_title() == "The office's return since 01 June 2022: -5.00% after fees"
    assert "%" in axes.get_ylabel()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["before fees", "after fees", "large flow"]


def test_without_a_return_the_picture_says_so() -> None:
    assert (
        "no linked return"
        in PICTURE.draw(rows(None).astype({"index_net": "float64", "index_gross": "float64"})).axes[0].get_title()
    )
