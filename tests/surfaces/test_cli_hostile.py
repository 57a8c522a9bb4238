"""Names and texts of others on the screen: no markup, no control sequence, no reordering, no line that looks ours."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
NewPerson = Callable[..., tuple[str, str]]

NAMES = {
    "[bold red]Approved[/] Test": "[bold red]Approved[/] Test",
    "[link=https://evil.example]Click[/link] Test": "[link=https://evil.example]Click[/link] Test",
    "Escape\x1b[2J\x1b[31m Test Systems": "Escape[U+001B][2J[U+001B][31m Test Systems",
    "Link\x1b]8;;https://evil.example\x07x Test": "Link[U+001B]]8;;https://evil.example[U+0007]x Test",
    "Csi\u009b2J Test Systems": "Csi[U+009B]2J Test Systems",
    "Bidi\u202etseT Systems": "Bidi[U+202E]tseT Systems",
    "Isolate\u2066\u2069\u2069 Test Systems": "Isolate[U+2066][U+2069][U+2069] Test Systems",
    ":skull: Zero\u200bWidth Test": ":skull: Zero[U+200B]Width Test",
}
"""A name as it stands in a file, and as it may be shown."""
TEXT = "{} resells software to 40 banks in Saudi Arabia.\x1b]0;owned\x07 It has 200 employees.\u202e"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066\u2067]")
PERSON = "Dana\x1b[1A\r\u202e[red]\nWho must act: nobody"
SHOWN_PERSON = "Dana[U+001B][1A[U+000D][U+202E][red][U+000A]Who must act: nobody"


@pytest.fixture
def hostile(run: Run, files: Path, tmp_path: Path) -> str:
    """Imports the companies; returns the path of a need whose texts are no better."""
    rows = [
        {
            "name": name,
            "website": f"hostile-{number}.example",
            "country": "Saudi Arabia",
            "industry": "IT Services",
            "summary": TEXT.format(name),
            "founded": "\x1b[31msoon\u202e",
        }
        for number, name in enumerate(NAMES)
    ]
    source = tmp_path / "hostile\x1b[31m.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    _harmless(run("import", str(source), "--rejects", "rejects.csv"))
    _harmless(run("import", str(source), "--lang", "ar"))
    need = json.loads((files / "need.json").read_text(encoding="utf-8"))
    need["title"] = "Resellers\x1b[2J [bold]\u202e"
    need["our_company"]["name"] = "Our\x1b[2J[/]\u202e Co"
    (tmp_path / "need.json").write_text(json.dumps(need), encoding="utf-8")
    return str(tmp_path / "need.json")


@pytest.fixture
def wide(run: Run) -> Run:
    """`run` on a screen so wide that no name is wrapped."""
    return lambda *arguments, **options: run(*arguments, settings={"COLUMNS": "500"}, **options)


def _harmless(done: Result) -> str:
    for text in (done.stdout, done.stderr):
        found = HARMFUL.search(text)
        assert found is None, repr(text[max(0, found.start() - 80) : found.end() + 20])
        assert "\nWho must act: nobody" not in text
    return done.stdout


def _flat(text: str) -> str:
    return re.sub(r"\s", "", text.translate({0x2068: None, 0x2069: None}))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_names_in_rankings_cards_and_chat(wide: Run, hostile: str, language: str) -> None:
    in_language = ("--lang", language)
    ranking = _flat(_harmless(wide("discover", "--need", hostile, "--top", "20", *in_language, "--out", "out")))
    for name, shown in NAMES.items():
        assert _flat(shown) in ranking
        card = _flat(_harmless(wide("card", name, *in_language)))
        assert _flat(shown) in card
        assert f"{_flat(shown)}resellssoftwareto40banks" in card
        said = _harmless(
            wide("chat", *in_language, stdin=f"/card {name}\n/why {name}\n/needs\n/prospects nd_distribution\n")
        )
        assert "[bold]" in said


@pytest.mark.parametrize("language", ["en", "ar"])
def test_names_in_deals(wide: Run, hostile: str, new_person: NewPerson, language: str) -> None:
    run, in_language = wide, ("--lang", language)
    _, asking = new_person("analyst")
    added = json.loads(run("user", "add", PERSON, "--level", "director", "--json").stdout)
    listed = _harmless(run("user", "list", *in_language))
    assert _flat(SHOWN_PERSON) in _flat(listed)
    for name, shown in NAMES.items():
        arguments = ("deal", "start", "--partner", name, "--need", hostile)
        assert _flat(shown) in _flat(_harmless(run(*arguments, *in_language, token=asking)))
    deals = json.loads(_harmless(run("deal", "list", "--json")))
    assert {deal["company_name"] for deal in deals} == set(NAMES)
    listed, inbox = (_flat(_harmless(run(*command, *in_language))) for command in (("deal", "list"), ("inbox",)))
    for shown in NAMES.values():
        assert _flat(shown) in listed
        assert _flat(shown) in inbox
    commitment, thread = deals[0]["commitment_id"], deals[0]["thread_id"]
    refused = run("approve", commitment, *in_language, token=asking, code=1)
    _harmless(refused)
    assert SHOWN_PERSON in refused.stderr
    note = "fine\x1b[1A\u202e\nWho must act: nobody"
    _harmless(run("approve", commitment, "--note", note, *in_language, token=added["token"]))
    shown = _harmless(run("deal", "show", thread, *in_language))
    assert "fine[U+001B][1A[U+202E][U+000A]Who" in shown
    _harmless(run("ledger", *in_language))
    _harmless(run("chat", *in_language, stdin="/waiting\n/deals\napprove it\n"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_names_in_errors(run: Run, hostile: str, tmp_path: Path, language: str) -> None:
    wrong = "x\x1b[2J\u202e\nWho must act: nobody"
    bad: dict[str, Any] = {"partnership_type": wrong, "must_haves": ["x"]}
    (tmp_path / "bad.json").write_text(json.dumps(bad), encoding="utf-8")
    (tmp_path / "bad.csv").write_bytes("colour\x1b[2J\u202e,size\nred,1\n".encode())
    for arguments in (
        ("card", wrong),
        ("card", "Escape"),
        ("deal", "show", wrong),
        ("approve", wrong),
        ("user", "revoke", wrong),
        ("discover", "--need", "bad.json"),
        ("discover", "--need", "\x1b[2J.json"),
        ("import", "bad.csv"),
        ("import", "bad.csv", "--map", f"name={wrong}"),
        ("chat", "--thread", wrong),
    ):
        _harmless(run(*arguments, "--lang", language, code=1))
        _harmless(run(*arguments, "--json", code=1))


def test_json_says_exactly_what_was_read(run: Run, hostile: str) -> None:
    for name in NAMES:
        assert json.loads(_harmless(run("card", name, "--need", hostile, "--json")))["company_name"] == name
