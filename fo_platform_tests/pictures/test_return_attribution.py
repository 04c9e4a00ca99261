"""The attribution waterfall: every bar begins where the one before ends."""

import pandas as pd
import pytest

from fo_platform.pictures.return_attribution import draw

MONTH = {
    "benchmark": -0.05, "allocation": 0.01, "selection": 0.02, "currency": -0.005, "trading": 0.0, "fees": -0.001,
    "portfolio": -0.026,
}  # fmt: skip


def rows(effects: dict[str, float | None], **more: object) -> pd.DataFrame:
    frame = pd.DataFrame({"effect": list(effects), "effect_return": pd.Series(effects.values(), dtype="float64")})
    usual = {"scope": "office", "span": "mtd", "level": "total", "unknown_sessions": 0}
    return frame.assign(**usual | {"close_date": pd.Timestamp("2022-06-16")} | more)


def test_bars_lead_from_the_benchmark_s_return_to_the_portfolio_s() -> None:
    [axes] = draw(pd.concat([rows(MONTH), rows({"allocation": 9.0}, scope="trust")])).axes
    bars = {label.get_text(): bar for label, bar in zip(axes.get_xticklabels(), axes.patches, strict=True)}
    assert list(bars) == ["benchmark", "allocation", "selection", "currency", "trading", "fees", "portfolio"]
    ends = {name: bar.get_y() + bar.get_height() for name, bar in bars.items()}
    assert ends["fees"] == pytest.approx(ends["portfolio"]) == -2.6
    assert bars["selection"].get_y() == pytest.approx(ends["allocation"])
    assert [text.get_text() for text in axes.texts][:2] == ["-5.00", "+1.00"]
    assert "+2.40 % over its benchmark" in axes.get_title()


def test_sessions_that_are_left_out_are_said() -> None:
    [axes] = draw(rows(MONTH, unknown_sessions=2)).axes
    assert axes.get_title().endswith("2 sessions unknown")


@pytest.mark.parametrize("frame", [rows(MONTH).iloc[:0], rows({**MONTH, "benchmark": None})])
def test_what_is_not_known_is_said_and_not_drawn(frame: pd.DataFrame) -> None:
    [axes] = draw(frame).axes
    assert "not known" in axes.get_title()
    assert not axes.patches
