"""What a page takes from the shipped suites."""

import pytest

from partnership_os.evals.catalogue import find_suites, load_cases
from partnership_os.evals.report.background import Background, background_of, limits_in
from partnership_os.evals.report.markup import el, written
from partnership_os.evals.report.page import page_of
from partnership_os.evals.sample import Sample, SuiteRun
from partnership_os.evals.suite import Asks
from tests.evals.report.html_tree import Page


def shown(readme: str) -> str:
    return written(el("div", *limits_in(readme))).removeprefix("<!DOCTYPE html>\n").strip()


def test_a_suite_says_what_it_is() -> None:
    found = background_of("retrieval", "v1")
    assert (found.title, found.asks) == ("Need → companies", Asks.EMBEDDING)
    assert found.cases["need_03"].reason
    assert found.limits


def test_reasons_of_another_version_are_not_shown() -> None:
    assert background_of("retrieval", "v0").cases == {}
    assert background_of("no_such_suite", "v1") == Background()


@pytest.mark.parametrize(
    ("readme", "wanted"),
    [
        ("", "<div></div>"),
        ("# A\n\nwords", "<div></div>"),
        ("## What a full score does not show\n\nThat\nit works.", "<div><p>That it works.</p></div>"),
        (
            "# It Does Not Show\n1. one\n2. *two*\n# Next\nx",
            "<div><ol><li><p>one</p></li><li><p><em>two</em></p></li></ol></div>",
        ),
        (
            "## Does not show\n> q\n\n```\na<b\n```",
            '<div><blockquote><p>q</p></blockquote><pre dir="ltr">a&lt;b\n</pre></div>',
        ),
        ("## Does not show\n[x](https://z) ![y](http://z)", "<div><p>x y</p></div>"),
        ("## Does not show\n<b onclick=x>k</b>", "<div><p>&lt;b onclick=x&gt;k&lt;/b&gt;</p></div>"),
        ("```\n## does not show\n```\ntext", "<div></div>"),
    ],
)
def test_the_section_about_limits_is_found_by_its_heading(readme: str, wanted: str) -> None:
    assert shown(readme) == wanted


def test_a_page_about_a_shipped_suite() -> None:
    suite = find_suites()["retrieval"]
    cases = load_cases(suite)
    samples = tuple(
        Sample(
            case_id=case.id,
            case_digest="0" * 16,
            cluster=case.cluster,
            epoch=1,
            grade=suite.grade(case, suite.truth(case)),
            seconds=0.01,
            outcome=suite.truth(case).model_dump(mode="json"),
        )
        for case in cases
    )
    run = SuiteRun(
        suite=suite.name,
        version=suite.version,
        subject="rules",
        engine="partnership-os 0.1.0 / rubric 1",
        started_at="2026-11-23T06:00:00+00:00",
        epochs=1,
        planned=len(samples),
        samples=samples,
    )
    text = Page(page_of([run], ())).by_id("suite-retrieval").text
    assert "This suite asks the embedding and no chat model" in text
    assert all(case.reason in text for case in cases)
    assert all(measure.meaning in text for measure in suite.measures)
    assert "What a full score does not show" in text
