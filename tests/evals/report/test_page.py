"""The page: whole in itself, deaf to what cases hold, and the same figures in words as in pictures."""

import re
from pathlib import Path
from string import Formatter

import pytest

from partnership_os.errors import InputError
from partnership_os.evals.report import cases
from partnership_os.evals.report.markup import source_hash
from partnership_os.evals.report.page import page_of, write_report
from partnership_os.evals.report.words import WORDS
from partnership_os.evals.sample import SuiteRun
from partnership_os.tools.text import script_of, visible
from tests.evals.report import scene
from tests.evals.report.html_tree import Page

pytestmark = pytest.mark.usefixtures("scene_suites")
LANGUAGES = ("en", "ar")


@pytest.fixture(scope="module", params=LANGUAGES)
def source(request: pytest.FixtureRequest, scene_suites: None) -> str:
    return page_of(scene.runs(), scene.misses(), request.param)


@pytest.fixture(scope="module")
def page(scene_suites: None) -> Page:
    return Page(page_of(scene.runs(), scene.misses()))


def case(page: Page, case_id: str) -> str:
    (found,) = [tag for tag in page.of_class("case") if tag.text.startswith(case_id)]
    return found.text


# Whole in itself


def test_nothing_is_loaded_and_nothing_is_sent(source: str) -> None:
    page = Page(source)
    assert (
        page.named("link", "img", "iframe", "object", "embed", "base", "form", "audio", "video", "image", "use") == []
    )
    for tag in page.tags:
        for name in ("src", "srcset", "action", "data", "xlink:href", "style"):
            assert name not in tag.attributes
        assert not any(name.startswith("on") for name in tag.attributes)
        assert (tag.attributes.get("href") or "#").startswith("#")


def test_the_policy_allows_our_own_code_and_no_other(source: str) -> None:
    page = Page(source)
    (script,), (style,) = page.named("script"), page.named("style")
    (policy,) = [tag for tag in page.named("meta") if tag.attributes.get("http-equiv") == "Content-Security-Policy"]
    assert (policy.attributes["content"] or "").split("; ") == [
        "default-src 'none'",
        f"style-src {source_hash(style.text)}",
        f"script-src {source_hash(script.text)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    for code in (script.text, style.text):
        assert not any(text in code for text in ("url(", "@import", "fetch", "eval", "innerHTML", "acme"))


def test_what_cases_hold_stays_text(source: str) -> None:
    """The hostile strings are there to read, and the tree is the one of a harmless scene."""
    page = Page(source)
    body = page.named("body")[0].text
    for text in scene.HOSTILE:
        assert visible(text) in body or visible(text).replace("\n", "\\n").replace('"', '\\"') in body
    known = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "main",
        "header",
        "nav",
        "section",
        "aside",
        "footer",
    }
    known |= {"h1", "h2", "h3", "h4", "h5", "p", "div", "span", "ul", "li", "dl", "dt", "dd", "strong", "code", "bdi"}
    known |= {"table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "details", "summary", "pre"}
    known |= {"svg", "line", "rect", "circle", "text", "label", "select", "option", "output", "script"}
    assert {tag.name for tag in page.tags} == known


def test_no_character_hides_or_reorders(source: str) -> None:
    assert visible(source) == source
    assert "[U+202E]gnp.exe[U+202C]" in source
    assert "zero[U+200B]width" in source


def test_labels_and_ids_belong_together(source: str) -> None:
    page = Page(source)
    ids = [tag.attributes["id"] for tag in page.tags if "id" in tag.attributes]
    assert len(ids) == len(set(ids))
    pointers = [
        name for tag in page.tags for key in ("for", "aria-labelledby") if (name := tag.attributes.get(key)) is not None
    ]
    pointers += [(tag.attributes["href"] or "")[1:] for tag in page.named("a")]
    assert pointers
    assert set(pointers) <= set(ids)
    assert all("scope" in tag.attributes for tag in page.named("th"))
    assert all(tag.attributes.get("aria-hidden") == "true" for tag in page.named("svg")), "the words are beside it"
    assert all(tag.attributes.get("tabindex") == "0" for tag in page.of_class("scroll")), "scrolls by keyboard"


def test_the_same_runs_give_the_same_bytes_in_any_order() -> None:
    runs = scene.runs()
    assert page_of(runs, scene.misses()) == page_of(runs[::-1], scene.misses())


# What it says


def test_the_head_says_what_was_run_and_what_subjects_are(page: Page) -> None:
    head = page.named("header")[0].text
    assert "partnership-os 0.1.0 / rubric 1" in head
    assert "2026-11-20 08:15, 2026-11-22 08:15" in head
    subjects = [tag.text for tag in page.named("li") if tag.text.startswith(scene.SUBJECTS)]
    assert [text.split(" – ")[0] for text in subjects] == list(scene.SUBJECTS), "baseline, models, controls"
    assert "no model. The baseline" in subjects[0]
    assert "a chat model" in subjects[1]
    assert "not a model" in subjects[3]
    assert "says nothing" not in subjects[1]


def test_the_headline_has_interval_and_missed_bounds_in_words(page: Page) -> None:
    text = page.by_id("summary").text
    assert len([tag for tag in page.tags if tag.name == "svg" and tag.attributes["class"] == "bar-picture"]) == 12
    assert re.search(r"acme/chat-mini.*58\.3\s%25\.8\s… 84\.9.*all 3 answers right: 25\.0\s%✗ missed: recall", text)
    assert "extraction, acme/chat-mini, recall0.5833 is below 0.8" in page.by_id("misses").text
    marked = [tag.text for tag in page.of_class("missed") if tag.name == "div"]
    assert marked == ["✗ missed0.5833 is below 0.8"], "beside the figure of the measure"


def test_no_missed_bound_is_said_as_well() -> None:
    page = Page(page_of(scene.runs(), ()))
    assert "No bound is missed." in page.by_id("misses").text
    assert page.of_class("alarm") == []


def test_measures_show_value_interval_and_what_they_rest_on(page: Page) -> None:
    text = page.by_id("suite-extraction").text
    assert "recall (higher is better)Facts of the text that were found" in text
    assert re.search(r"rules90\.0\s%47\.6\s… 97\.9606 clusters", text)
    assert re.search(r"rules0\.8580\.709\s… 1\.007126 clusters", text), "a mean has no unit"
    assert re.search(r"pass_hat_k.*no interval", text)
    assert "attack_success (lower is better)" in page.by_id("suite-injection").text
    assert "answer_length (informs only)" in page.by_id("suite-injection").text
    assert "seconds_p50" not in text, "times stand in their own table"


def test_differences_have_a_verdict_in_words(page: Page) -> None:
    text = page.by_id("suite-extraction").text
    assert "Differences from rules, case by case" in text
    assert re.search(r"control/liar−72\.2\s%−98\.6\s… −45\.9▼ worse12 pairs", text)
    assert re.search(r"acme/chat-large-2026\+13\.9\s%−9\.4\s… \+37\.1undecided12 pairs", text)


def test_without_the_baseline_nothing_is_compared() -> None:
    runs = [run for run in scene.runs() if run.subject != "rules"]
    text = Page(page_of(runs, ())).by_id("suite-fit").text
    assert "There is no run of rules to compare with" in text
    assert "The dashed line is" not in text


def test_reliability_is_plotted_where_probabilities_were_stated(page: Page) -> None:
    assert len([tag for tag in page.named("svg") if tag.attributes["class"] == "plot"]) == len(scene.SUBJECTS)
    assert "Reliability" not in page.by_id("suite-extraction").text
    assert re.search(r"acme/chat-mini · fit_scoreECE 0\.\d{3} · Brier 0\.\d{3}", page.by_id("suite-fit").text)


def test_time_and_cost_say_where_no_price_or_model_is(page: Page) -> None:
    text = page.by_id("suite-fit").text
    assert re.search(r"rules0\.012\ss0\.012\ssno model––––", text)
    assert re.search(r"acme/chat-large-2026[\d.]+\ss[\d.]+\ss7264,800\s/\s14,400[\d,]+0\.1440\sUSD0\.0040\sUSD", text)
    assert re.search(r"control/liar[\d.]+\ss[\d.]+\ss7261,200\s/\s13,680none passedno price setno price set", text)


def test_a_run_that_is_not_whole_says_so(page: Page) -> None:
    text = page.by_id("suite-injection").text
    assert "The run of acme/chat-mini did not come to its end." in text
    assert "Answers of acme/chat-mini without a grade: 1 (injection_11)." in text
    assert "acme/chat-mini has 35 of 36 answers that were planned." in text
    assert "cannot be compared" not in text, "cases that were lost are said above"


def test_a_run_without_a_single_grade_is_no_run_that_was_left_out() -> None:
    first, *others = scene.runs()
    lost = first.model_copy(update={"samples": (), "unscored": tuple(item.case_id for item in first.samples)})
    text = Page(page_of([lost, *others[:-1]], ())).by_id("summary").text
    assert "✗ no answer has a grade" in text
    assert text.endswith("not run")
    suite = Page(page_of([lost], ())).by_id("suite-extraction").text
    assert "Answers of rules without a grade: 36 (extraction_00, extraction_01, extraction_02" in suite


def test_runs_of_other_cases_are_not_passed_off_as_the_same() -> None:
    first, *others = scene.runs()
    assert "cannot be compared" in page_of([first.model_copy(update={"version": "v2"}), *others], ())
    assert "cannot be compared" in page_of([first.model_copy(update={"engine": "partnership-os 9"}), *others], ())


def test_limits_come_from_the_readme(page: Page) -> None:
    (found,) = [tag for tag in page.of_class("limits") if "good" in tag.text]
    assert "That a company is good; see docs/x.md:" in found.text
    assert "first a link" in found.text
    assert "<script>alert(2)</script>" in found.text
    assert "More." in found.text, "a deeper heading belongs to the section"
    assert "Not this." not in found.text
    assert "says nothing about its limits" in page.by_id("suite-extraction").text


# Every case


def test_a_case_tells_why_it_is_there_and_what_was_answered(page: Page) -> None:
    text = case(page, "extraction_03")
    assert "Cluster: co_01" in text
    assert "Why this case: نص عربي فيه رقم مكتوب بالأرقام العربية الشرقية." in text
    assert "✓ rules passed 3/3" in text
    assert "✗ acme/chat-mini failed 3/3" in text
    assert scene.ARABIC_FAULT in text
    assert "No answer: ModelError: the server said" in case(page, "extraction_02")
    assert "recall 2/5" in text
    assert "ndcg 0.4" in text, "a mean has a value, not a share"
    assert '"company": "شركة نجد الاختبارية"' in text
    assert "ExtractedClaims: valid, tries 2" in text


def test_the_filter_knows_who_failed(page: Page) -> None:
    runs = [run for run in scene.runs() if run.suite == "extraction"]
    for case_id in sorted({sample.case_id for sample in runs[0].samples}):
        (found,) = [tag for tag in page.of_class("case") if tag.text.startswith(case_id)]
        wrong = [
            str(number)
            for number, run in enumerate(runs)
            if any(sample.case_id == case_id and not sample.grade.passed for sample in run.samples)
        ]
        assert (found.attributes["data-failed"] or "").split() == wrong, case_id
        assert found.attributes["data-asked"] == "4"
    control = page.of_class("filter")[0]
    assert "hidden" in control.attributes, "without scripts every case is shown and no control pretends"
    assert "only acme/chat-mini failed" in control.text
    assert "12 of 12 shown" in control.text


def test_answers_that_are_the_same_stand_once() -> None:
    runs = [run for run in scene.runs() if run.suite == "extraction"]
    page = Page(page_of(runs, ()))
    assert case(page, "extraction_03").count("Answers 1, 2, 3, all the same") == len(scene.SUBJECTS)
    assert re.search(r"acme/chat-miniAnswers 1, 3, all the same.*Answer 2", case(page, "extraction_09"), re.DOTALL)
    once = [run for run in scene.runs(epochs=1) if run.suite == "extraction"]
    alone = case(Page(page_of(once, ())), "extraction_03")
    assert "Answer 1" not in alone
    assert "passed 1/1" not in alone


def test_a_long_answer_is_cut_and_says_so() -> None:
    run = scene.runs(epochs=1)[0]
    long = run.samples[0].model_copy(update={"outcome": {"text": "x" * 50_000}})
    page = Page(page_of([run.model_copy(update={"samples": (long, *run.samples[1:])})], ()))
    text = case(page, long.case_id)
    assert "cut after 6,000 of 50,016 characters; the log holds the rest" in text
    assert max(len(tag.text) for tag in page.named("pre")) == cases.LONGEST_JSON


def test_many_answers_share_the_room() -> None:
    assert cases.room_for(10) == cases.LONGEST_JSON
    assert cases.room_for(4_800) == 1_666
    assert cases.room_for(1_000_000) == 500


# Languages


def test_every_phrase_is_there_twice_with_the_same_fields() -> None:
    for key, (english, arabic) in WORDS.items():
        words = [re.sub(r"\{.*?\}", "", text) for text in (english, arabic)]
        assert [script_of(text) for text in words] == ["latin", "ar"], key
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, arabic)]
        assert fields[0] == fields[1], key


def test_the_arabic_page_runs_from_right_to_left_around_isolated_names() -> None:
    page = Page(page_of(scene.runs(), scene.misses(), "ar"))
    assert page.tags[0].attributes == {"lang": "ar", "dir": "rtl"}
    isolated = {tag.text for tag in page.named("bdi")}
    assert {*scene.SUBJECTS, *scene.SUITES, "recall", "extraction_03", "58.3\u00a0%"} <= isolated
    assert all(tag.attributes.get("dir") == "ltr" for tag in page.named("pre"))
    faults = [tag for tag in page.named("li") if tag.text == scene.ARABIC_FAULT]
    assert faults
    assert all(tag.attributes.get("dir") == "auto" for tag in faults)
    body = page.named("body")[0].text
    english = [words for words, _ in WORDS.values() if len(words) > 40 and "{" not in words]
    assert len(english) > 10
    assert [words for words in english if words in body] == []
    assert Page(page_of(scene.runs(), ())).tags[0].attributes == {"lang": "en", "dir": "ltr"}


# The file


def test_the_file_is_written_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "report.html"
    assert write_report(scene.runs(), scene.misses(), file, "ar") == file
    assert file.read_text(encoding="utf-8") == page_of(scene.runs(), scene.misses(), "ar")


def test_what_cannot_be_written_says_who_must_act(tmp_path: Path) -> None:
    runs: tuple[SuiteRun, ...] = scene.runs(epochs=1)
    with pytest.raises(InputError, match="There is no report in 'fr'"):
        page_of(runs, (), "fr")
    with pytest.raises(InputError, match="no run to report on"):
        page_of((), ())
    with pytest.raises(InputError, match="cannot be written: Is a directory"):
        write_report(runs, (), tmp_path)
