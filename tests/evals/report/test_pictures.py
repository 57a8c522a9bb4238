"""Where things stand in the pictures, and how figures are written."""

import pytest

from partnership_os.evals.report.markup import Element, el, inline, written
from partnership_os.evals.report.pictures import Axis, ReliabilityPoint, around_zero, bar, forest, plot, spanning
from partnership_os.evals.report.reliability import points_of
from partnership_os.evals.report.units import Unit, unit_of
from tests.evals.report import scene


def places(picture: Element, kind: str, key: str) -> list[float]:
    return [float(part.get(key, "").rstrip("%")) for part in picture if part.get("class") == kind]


def test_an_axis_places_values_within_its_margins() -> None:
    axis = Axis(0.0, 2.0)
    assert [axis.at(value) for value in (0, 1, 2)] == ["2.00%", "50.00%", "98.00%"]
    assert (axis.at(-5), axis.at(7)) == ("2.00%", "98.00%"), "what lies outside stands at the end"


def test_axes_span_what_they_show() -> None:
    assert spanning([0.2, 0.9]) == Axis(0.0, 1.0)
    assert spanning([-3.0, 14.5]) == Axis(-3.0, 14.5)
    assert around_zero([-0.02, 0.01], 0.1) == Axis(-0.1, 0.1), "a small difference looks small"
    assert around_zero([-0.4, 0.1], 0.1) == Axis(-0.4, 0.4)


def test_a_forest_line_has_mark_whiskers_and_baseline() -> None:
    picture = forest(Axis(0.0, 1.0), 0.5, 0.25, 0.75, 1.0)
    assert places(picture, "mark", "x") == [50.0]
    assert places(picture, "whisker", "x1") == [26.0, 26.0, 74.0]
    assert places(picture, "whisker", "x2") == [74.0, 26.0, 74.0]
    assert places(picture, "reference", "x1") == [98.0]
    bare = forest(Axis(0.0, 1.0), 0.5, None, None, None)
    assert places(bare, "whisker", "x1") + places(bare, "reference", "x1") == []


def test_a_bar_is_as_long_as_its_share() -> None:
    picture = bar(0.25, None, None)
    assert places(picture, "bar", "width") == [24.0]
    assert places(picture, "track", "width") == [96.0]
    assert places(bar(0.25, 0.1, 0.5), "whisker", "x1") == [11.6, 11.6, 50.0]


def test_a_reliability_plot_has_what_was_stated_across_and_what_came_true_up() -> None:
    picture = plot([ReliabilityPoint(0.0, 1.0, 0.5, 1.0, 4), ReliabilityPoint(1.0, 0.0, 0.0, 0.5, 1)], "stated", "true")
    marks = [part for part in picture if part.tag == "circle"]
    assert [(part.get("cx"), part.get("cy"), part.get("r")) for part in marks] == [
        ("44.0", "12.0", "6.0"),
        ("244.0", "212.0", "4.0"),
    ]
    assert (places(picture, "whisker", "y1"), places(picture, "whisker", "y2")) == ([112.0, 212.0], [12.0, 112.0])


@pytest.mark.usefixtures("scene_suites")
def test_points_of_reliability_hold_every_forecast_once() -> None:
    (run,) = [run for run in scene.runs() if (run.suite, run.subject) == ("fit", "acme/chat-mini")]
    points = points_of(run, "fit_score")
    assert sum(point.n for point in points) == len(run.samples) * 4
    assert all(point.low <= point.true <= point.high for point in points)
    assert [point.stated for point in points] == sorted(point.stated for point in points)
    assert points_of(run, "another") == ()


@pytest.mark.usefixtures("scene_suites")
def test_figures_have_the_unit_of_their_measure() -> None:
    assert unit_of("extraction", "recall") is Unit.SHARE
    assert unit_of("extraction", "ndcg") is Unit.NUMBER
    assert unit_of("extraction", "passed") is Unit.SHARE
    assert unit_of("extraction", "pass_hat_k") is Unit.SHARE
    assert unit_of("fit", "fit_score_brier") is Unit.NUMBER
    assert unit_of("fit", "usd_per_passed") is Unit.USD
    assert Unit.SHARE.show(0.925) == "92.5\u00a0%"
    assert Unit.SHARE.show(-0.1, signed=True) == "\u221210.0\u00a0%"
    assert Unit.SHARE.show(0.1, signed=True) == "+10.0\u00a0%"
    assert Unit.TOKENS.show(12_345.6) == "12,346"
    assert Unit.NUMBER.span(0.5, 1.25) == "0.500\u00a0… 1.250"
    assert Unit.SHARE.span(-0.5, 0.25, signed=True) == "\u221250.0\u00a0… +25.0"


def test_text_is_escaped_wherever_it_stands() -> None:
    made = el("p", 'a<b & "c"', el("b", "\u202e</p>"), "tail<", title='"><script>', hidden=True, lang=None)
    assert written(made) == (
        '<!DOCTYPE html>\n<p title="&quot;&gt;<script&gt;" hidden="">a&lt;b &amp; "c"'
        "<b>[U+202E]&lt;/p&gt;</b>tail&lt;</p>\n"
    )
    for name in ("script", "style"):
        with pytest.raises(ValueError, match="use inline"):
            el(name, "alert(1)")
    with pytest.raises(ValueError, match="end its own element"):
        inline("script", "'</script>'")
