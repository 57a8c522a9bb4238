import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import Result

from partnership_os.graphs.views import Discovery
from partnership_os.schemas.company import CompanyStatus
from partnership_os.schemas.evidence import Contradiction, ContradictionSide, RejectionReason, SourceKind
from partnership_os.schemas.score_card import Band, PartnerFitScoreCard
from partnership_os.surfaces.cli_card import show_card, show_discovery
from partnership_os.surfaces.cli_import import show_import
from partnership_os.surfaces.cli_render import Column, Screen, shortened
from partnership_os.tools.company_import import ImportCounts, ImportResult, NotLive, ReviewReport
from partnership_os.tools.entity_resolution import ReviewKind
from partnership_os.tools.rejects import RowReject

Run = Callable[..., Result]


def test_import_reports_counts_and_rejects(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "more.csv"
    source.write_text("Firm,Country,Colour\nRiyadh Test Trading,Saudi Arabia,blue\n,Bahrain,red\n", encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    arguments = ("import", str(source), "--map", "name=Firm", "--rejects", str(rejects), "--source-kind", "registry")
    answer = json.loads(run(*arguments, "--json").stdout)
    assert answer["counts"]["rows_rejected"] == 1
    assert answer["companies_known"] == 3
    assert answer["rejects"][0]["field"] == "name"
    assert Path(answer["rejects_file"]) == rejects
    assert "name" in rejects.read_text(encoding="utf-8")
    again = run(*arguments, "--reindex")
    assert "2 rows read" in again.stdout
    assert "Colour" in again.stdout
    assert "rebuilt: 3" in again.stdout
    assert "index: " in again.stderr


def test_a_field_that_does_not_exist_cannot_be_mapped(run: Run, tmp_path: Path) -> None:
    assert "no field 'colour'" in run("import", "x.csv", "--map", "colour=Colour", code=1).stderr


def test_the_help_names_every_kind_of_source(run: Run) -> None:
    shown = run("import", "--help").stdout
    assert all(kind.value in shown for kind in SourceKind)


def test_discover_writes_files_and_prints_the_ranking(run: Run, files: Path, tmp_path: Path) -> None:
    arguments = ("discover", "--need", str(files / "need.json"), "--as-of", "2026-01-15", "--top", "5")
    answer = json.loads(run(*arguments, "--out", "out", "--json").stdout)
    assert {Path(name).name for name in answer["files"]} == {"scorecards.jsonl", "ranking.csv", "report.json"}
    assert all((tmp_path / name).is_file() for name in answer["files"])
    lines = (tmp_path / "out" / "scorecards.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["company_id"] for line in lines] == [row["company_id"] for row in answer["ranking"]]
    shown = run(*arguments).stdout
    for row in answer["ranking"]:
        assert row["company_id"] in shown
        assert row["company_name"] in shown
    assert "rules analyst" in shown
    assert "without" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80


def test_a_card_shows_its_words_and_sources(run: Run, files: Path) -> None:
    card = json.loads(run("card", "Najd Test Systems", "--json").stdout)
    shown = run("card", "Najd Test Systems").stdout
    flat = " ".join(shown.split())
    assert card["card_id"] in shown
    known = [item for part in card["dimensions"] for item in part["indicators"] if item["points"] is not None]
    assert known
    for item in known:
        assert f"{item['label']['en']}: {item['shown']['en']} → {item['points']:.1f}" in flat
        for source in item["sources"]:
            assert source["evidence_id"] in shown
    for fact in card["facts_to_find"]:
        assert " ".join(fact["question"]["en"].split()) in flat
    now = json.loads(run("card", "najd-test.example", "--need", str(files / "need.json"), "--json").stdout)
    assert now["company_id"] == card["company_id"]


def test_a_card_in_arabic(run: Run) -> None:
    shown = run("card", "شركة نجد الاختبارية", "--lang", "ar").stdout
    card = json.loads(run("card", "Najd Test Systems", "--json").stdout)
    assert "التغطية" in shown
    flat = " ".join(shown.translate({0x2068: None, 0x2069: None}).split())
    assert card["facts_to_find"][0]["question"]["ar"] in flat
    for item in (item for part in card["dimensions"] for item in part["indicators"] if item["points"] is not None):
        assert f"{item['label']['ar']}: {item['shown']['ar']} → {item['points']:.1f}" in flat
    ours = re.sub(r"“[^”]*”|\b(?:co|ev|nd|sc)_\S+|^ *\[.*$|·.*$|Najd Test Systems", "", shown, flags=re.MULTILINE)
    left = set(re.findall(r"[A-Za-z]{2,}", ours))
    assert not left


def _screen(language: str = "en", width: int = 80) -> tuple[Screen, Console]:
    console = Console(width=width, record=True, markup=False, highlight=False, emoji=False, file=StringIO())
    return Screen(console, language), console


@pytest.fixture
def card(run: Run) -> PartnerFitScoreCard:
    return PartnerFitScoreCard.model_validate_json(run("card", "Najd Test Systems", "--json").stdout)


def _with(card: PartnerFitScoreCard, **fields: Any) -> PartnerFitScoreCard:
    return PartnerFitScoreCard.model_validate({**card.model_dump(mode="json"), **fields})


def test_everything_that_speaks_against_a_partner_is_shown(card: PartnerFitScoreCard) -> None:
    text = {"en": "It is a rival.", "ar": "هي منافسة."}
    side = {"says": "SA", "source": "a.csv#1"}
    dimensions = card.model_dump(mode="json")["dimensions"]
    known = (item for part in dimensions for item in part["indicators"] if item["points"] is not None)
    next(known)["contradicted"] = True
    full = _with(
        card,
        dimensions=dimensions,
        band="develop",
        score=62.5,
        blocked=[{"rule": "rival", "text": text}],
        risks=[{"risk": "conflict", "text": text, "likelihood": 2, "impact": 5, "evidence_id": "ev_1"}],
        contradictions=[
            {"company_id": card.company_id, "topic": "country", "first": side, "second": {**side, "says": "BH"}}
        ],
        rejected_claims=[
            {"kind": "scale", "subject": "x", "evidence_id": "ev_1", "quote": "q", "reason": "quote_not_in_source"}
        ],
        alternatives=[{"company_id": "co_other", "company_name": "Other", "band": "watch", "score": 50.0}],
        band_changes=[{"to_band": "pursue", "text": text}],
        made_by={"analyst": "model", "model": "m-1", "prompts": [{"name": "read", "version": 2}], "engine": "e"},
    )
    screen, console = _screen()
    show_card(screen, full)
    shown = console.export_text()
    for part in (
        *("Develop – 62.5 of 100", "Blocked: It is a rival.", "likelihood 2/5, impact 5/5", "[ev_1]", "≠ BH"),
        *("quote not in its source 1", "co_other", "Pursue: It is a rival.", "model m-1 · prompts read v2"),
        "Another source says otherwise.",
    ):
        assert part in shown


def test_each_quote_is_shown_once_with_all_its_sources(card: PartnerFitScoreCard) -> None:
    dimensions = card.model_dump(mode="json")["dimensions"]
    item = next(item for part in dimensions for item in part["indicators"] if item["points"] is not None)
    words = {**item["sources"][0], "quote": "The same words twice."}
    item["sources"] = [words, {**words, "evidence_id": "ev_other"}, words]
    screen, console = _screen()
    show_card(screen, _with(card, dimensions=dimensions))
    shown = " ".join(console.export_text().split())
    assert shown.count("The same words twice.") == 1
    assert f"“The same words twice.” [{words['evidence_id']}, ev_other]" in shown


def test_doubts_are_in_the_language_of_the_screen(card: PartnerFitScoreCard) -> None:
    side = {"says": "Saudi Arabia", "source": "ملف"}
    refused = {"kind": "scale", "subject": "x", "evidence_id": "ev_1", "quote": "q"}
    full = _with(
        card,
        contradictions=[
            {"company_id": card.company_id, "topic": "country", "first": side, "second": {**side, "says": "Bahrain"}}
        ],
        rejected_claims=[{**refused, "reason": reason.value} for reason in RejectionReason],
        risks=[{"risk": "conflict", "text": {"en": "A risk.", "ar": "خطر."}, "likelihood": 2, "impact": 5}],
    )
    screen, console = _screen("ar", width=400)
    show_card(screen, full)
    shown = console.export_text()
    assert "الدولة: المملكة العربية السعودية (ملف)" in shown
    assert "≠ البحرين" in shown
    assert "خطر. (الاحتمال \u20682\u2069/5، والأثر \u20685\u2069/5)" in shown
    assert "الاقتباس ليس في مصدره 1" in shown
    assert not any(reason.value in shown for reason in RejectionReason)


def test_a_card_without_any_fact_says_so(card: PartnerFitScoreCard) -> None:
    dimensions = card.model_dump(mode="json")["dimensions"]
    for part in dimensions:
        part["score"] = None
        for item in part["indicators"]:
            item["points"] = None
    screen, console = _screen()
    show_card(screen, _with(card, dimensions=dimensions, band="unknown", score=None, facts_to_find=[]))
    shown = console.export_text()
    assert "Unknown – too little is known" in shown
    assert "no source states any indicator" in " ".join(shown.split())
    assert Band.UNKNOWN.value not in shown


def test_a_discovery_tells_what_it_left_out(run: Run, files: Path) -> None:
    answer = json.loads(run("discover", "--need", str(files / "need.json"), "--json").stdout)
    del answer["files"]
    side = {"says": "SA", "source": "a.csv#1"}
    gone = {"company_id": "co_gone", "company_name": "Gone Test", "rule": "not_live", "text": {"en": "x", "ar": "س"}}
    answer["report"] |= {
        "not_live": [gone],
        "contradictions": [
            {"company_id": "co_x", "topic": "country", "first": side, "second": {**side, "says": "BH"}},
        ],
        "rejected_claims": {"quote_not_in_source": 3},
        "model_failures": {"co_x": "timed out"},
    }
    answer["ranking"][0] |= {"blocked": True, "band": "unknown", "score": None}
    screen, console = _screen()
    show_discovery(screen, Discovery.model_validate(answer), 1, ())
    shown = " ".join(console.export_text().split())
    for part in (
        "not offered: Gone Test",
        "co_x · country: SA ≠ BH",
        "3 claims",
        "co_x: timed out",
        "blocked",
    ):
        assert part in shown
    screen, console = _screen()
    show_discovery(screen, Discovery.model_validate({**answer, "ranking": []}), 1, ())
    assert "No company fits" in console.export_text()


def test_an_import_lists_what_a_person_should_look_at() -> None:
    reject = RowReject(
        file="a.csv", row=3, field="founded", reason="no year.", fix="Write 1999.", raw=(), row_kept=True
    )
    side = ContradictionSide(says="SA", source="a.csv#1")
    result = ImportResult(
        companies=(),
        evidence=(),
        contradictions=(Contradiction(company_id="co_x", topic="country", first=side, second=side),) * 12,
        rejects=(reject,) * 12,
        merges=(),
        reviews=(ReviewReport(ReviewKind.SHARED_KEY, ("co_a", "co_b"), ("A", "B"), "same domain"),),
        not_live=(NotLive("co_gone", "Gone Test", CompanyStatus.DELISTED, "delisted"),),
        mappings=(),
        counts=ImportCounts(1, 1, 0, 0, 1, 0, 0),
    )
    screen, console = _screen()
    show_import(screen, result, 1, 1, Path("rejects.csv"))
    shown = " ".join(console.export_text().split())
    for part in (
        "taken without founded",
        "… and 2 more",
        "A / B: same domain",
        "Gone Test",
        "to: rejects.csv",
        "12 contra",
    ):
        assert part in shown


def test_contradictions_of_an_import_are_in_the_language_of_the_screen(run: Run, tmp_path: Path) -> None:
    for language, said in (
        ("en", "founding year: 1990 ≠ 1995"),
        ("ar", "سنة التأسيس: \u20681990\u2069 ≠ \u20681995\u2069"),
    ):
        for year in (1990, 1995):
            source = tmp_path / f"{year}-{language}.csv"
            row = f"Shared {language} Test,shared-{language}-test.example,SA,{year}"
            source.write_text(f"name,website,country,founded\n{row}\n", encoding="utf-8")
            shown = run("import", str(source), "--lang", language).stdout
        assert said in shown


def test_an_import_needs_a_file_or_a_reindex(run: Run) -> None:
    run("import", code=2)
    assert "rebuilt: 2" in run("import", "--reindex").stdout


def test_hidden_characters_and_markup_of_others_do_nothing() -> None:
    screen, console = _screen()
    screen.line("[bold red]approved[/] \u202eevil :smile:\x1b[31m")
    assert console.export_text().strip() == "[bold red]approved[/] [U+202E]evil :smile:[U+001B][31m"


def test_ids_are_never_cut_in_a_narrow_table() -> None:
    long_id = "co_" + "x" * 70
    screen, console = _screen(width=80)
    screen.table(
        [Column("column.thread", "id"), Column("column.partner"), Column("column.status")], [[long_id, "A", "B"]]
    )
    assert long_id in console.export_text()


def test_quotes_are_shortened_to_one_line() -> None:
    assert shortened("a\n b") == "a b"
    assert shortened("x" * 200, 10) == "x" * 9 + "…"
