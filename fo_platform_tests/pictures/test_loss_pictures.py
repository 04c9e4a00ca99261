"""Pictures of losses: what is on the axes is what the tables state."""

import pandas as pd
import pytest
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from fo_platform.contracts._base import Table
from fo_platform.contracts.analytics import SimulatedLoss, SimulatedPaths, StressLosses, VarOutcomes
from fo_platform.pictures import simulated_loss, simulated_paths, stress_losses, var_outcomes
from fo_platform.pictures._picture import picture_of, png

PROBABILITIES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
PLACE = {"scope": "office", "method": "student_t"}


def rows(table: type[Table], stated: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of a table as a picture is handed them."""
    return table.frame(stated).assign(business_date=pd.Timestamp("2022-06-14"))


def fan() -> pd.DataFrame:
    """Three sessions whose value is spread by ten millions each way at the outer quantiles."""
    return rows(
        SimulatedPaths,
        [
            {**PLACE, "session_ahead": s, "probability": p, "value_simulated_base": 1e8 + s * (p - 0.5) * 1e7}
            for s in range(3)
            for p in PROBABILITIES
        ],
    )


def losses() -> pd.DataFrame:
    """One method at every horizon, and one that is unknown."""
    known = {"confidence": 0.99, "value_at_risk": 0.02, "expected_shortfall": 0.03, "value_at_risk_base": 2.0}
    known |= {"expected_shortfall_base": 3.0, "value_at_risk_error_base": 0.1, "expected_shortfall_error_base": 0.3}
    stated = [{**PLACE, "horizon": horizon, **known} for horizon in ("1d", "10d", "21d")]
    return rows(SimulatedLoss, [*stated, {**PLACE, "method": "bootstrap", "horizon": "1d", "confidence": 0.99}])


def scenarios() -> pd.DataFrame:
    """A loss, a gain, and a scenario that reaches nothing."""
    common = {"scope": "office", "scenario_name": "What happens"}
    return rows(
        StressLosses,
        [
            {**common, "scenario": "a", "stress_loss": 0.2, "coverage_share": 0.9},
            {**common, "scenario": "b", "scenario_name": "Something else", "stress_loss": -0.1, "coverage_share": 1.0},
            {**common, "scenario": "c", "coverage_share": 0.0},
        ],
    )


def outcomes() -> pd.DataFrame:
    """Two sessions, the second an exception of one method."""
    common = {"scope": "office", "confidence": 0.99, "value_at_risk_base": 3e6}
    return rows(
        VarOutcomes,
        [
            {**common, "method": method, "return_date": day, "loss_base": loss, "is_exception": loss > 3e6}
            for method in ("student_t", "filtered")
            for day, loss in (("2022-06-13", -1e6), ("2022-06-14", 4e6))
        ],
    )


def test_the_fan_shows_bands_of_the_stated_quantiles_in_millions() -> None:
    axes = simulated_paths.PICTURE.draw(fan()).axes[0]
    assert axes.get_xlabel() == "sessions ahead"
    assert "millions" in axes.get_ylabel()
    assert axes.lines[0].get_ydata().tolist() == [100, 100, 100]
    bands = [collection.get_paths()[0].vertices[:, 1] for collection in axes.collections]
    assert [(band.min(), band.max()) for band in bands] == [
        pytest.approx((100 - spread, 100 + spread)) for spread in (9.8, 9.0, 5.0)
    ]
    assert [text.get_text() for text in axes.get_legend().get_texts()][:3] == [
        "98% of paths", "90% of paths", "50% of paths",
    ]  # fmt: skip


def test_losses_have_a_panel_a_horizon_and_bars_in_per_cent_with_errors() -> None:
    panels = simulated_loss.PICTURE.draw(losses()).axes
    assert [panel.get_title() for panel in panels] == ["1 session", "10 sessions", "21 sessions"]
    assert [bar.get_height() for bar in panels[0].patches] == pytest.approx([2, 3])
    bars = [found for found in panels[0].containers if isinstance(found, BarContainer)]
    errors = [found.errorbar.lines[2][0].get_segments()[0][:, 1].tolist() for found in bars]
    assert errors == [pytest.approx([1.9, 2.1]), pytest.approx([2.7, 3.3])]
    assert "%" in panels[0].get_ylabel()


def test_scenarios_are_bars_with_what_they_do_not_cover_and_unknown_losses_are_left_out() -> None:
    axes = stress_losses.PICTURE.draw(scenarios()).axes[0]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([-10, 20])
    assert [text.get_text().strip() for text in axes.texts] == ["-10.0%", "20.0%, 10.0% not covered"]


def test_outcomes_are_bars_beside_value_at_risk_and_exceptions_are_marked() -> None:
    axes = var_outcomes.PICTURE.draw(outcomes()).axes[0]
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([-1, 4])
    assert axes.lines[0].get_ydata().tolist() == [3, 3]
    marks = [collection.get_offsets()[:, 1].tolist() for collection in axes.collections]
    assert marks == [[4], [4]]


FRAMES = {"simulated_paths": fan, "simulated_loss": losses, "stress_losses": scenarios, "var_outcomes": outcomes}


@pytest.mark.parametrize("name", FRAMES)
def test_a_picture_is_found_by_its_table_has_a_title_and_is_drawn_to_the_same_bytes(name: str) -> None:
    picture, frame = picture_of(name), FRAMES[name]()
    assert picture is not None
    figure = picture.draw(frame)
    assert isinstance(figure, Figure)
    assert figure.get_suptitle() or figure.axes[0].get_title()
    assert png(picture.draw(frame)) == png(figure)


@pytest.mark.parametrize("name", FRAMES)
def test_a_table_without_rows_is_drawn_all_the_same(name: str) -> None:
    picture = picture_of(name)
    assert picture is not None
    assert png(picture.draw(FRAMES[name]().iloc[:0]))
