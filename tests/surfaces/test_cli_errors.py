"""What an error looks like at the terminal: in the language of its reader, and whose turn it is."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from partnership_os.graphs.wording.error_wording import ONLY_IN_ENGLISH

Run = Callable[..., Result]
NewPerson = Callable[..., tuple[str, str]]

ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
NAMES = re.compile(r"JSON|YAML|UTF-\d+|Windows-1256|ISO|SAR?\b")
COMMAND = re.compile(r"^  partnership .*$", re.MULTILINE)
EXAMPLE = re.compile(r"^must_haves:(?:\n  .*)*", re.MULTILINE)
NEED = {
    "title": "Resellers",
    "partnership_type": "distribution",
    "our_company": {"name": "Example Software", "country": "SA", "offers": ["business_software"]},
    "must_haves": [{"kind": "country", "value": "SA"}],
}


def _arabic(told: Result) -> str:
    """Stderr of a command in Arabic, after checks that no words of ours were left in English."""
    assert told.stdout == ""
    assert ONLY_IN_ENGLISH not in told.stderr
    assert "الإجراء مطلوب من: " in told.stderr
    left = COMMAND.sub("", EXAMPLE.sub("", ISOLATED.sub("", told.stderr)))
    assert not re.search(r"[A-Za-z]{2,}", NAMES.sub("", left))
    return told.stderr


def _file(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


TABLES: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("a.csv", "", "فارغ"),
    "header only": ("a.csv", "name,country\n", "بلا صفوف"),
    "no name column": ("a.csv", "colour,size\nred,1\n", "لا يوجد عمود يحمل اسم الشركة"),
    "doubled header": ("a.csv", "name,country,country\nA Test,SA,SA\n", "يتكرر عنوان العمود"),
    "Windows-1256": ("a.csv", "name\nشركة الاختبار\n".encode("cp1256"), "Windows-1256"),
    "UTF-16 without mark": ("a.csv", "name\nA Test\n".encode("utf-16-le"), "UTF-16"),
    "another format": ("a.xlsx", "x", "غير مقروءة"),
    "not JSON": ("a.jsonl", "[1]\n", "كائن JSON"),
}


@pytest.mark.parametrize("case", TABLES)
def test_tables_that_cannot_be_imported(run: Run, tmp_path: Path, case: str) -> None:
    name, content, said = TABLES[case]
    assert said in _arabic(run("import", _file(tmp_path, name, content), "--lang", "ar", code=1))


NEEDS: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("n.yaml", "", "فارغ"),
    "another format": ("n.txt", "x", "لا يدل على"),
    "encoding": ("n.yaml", "title: شراكة\n".encode("cp1256"), "UTF-8"),
    "unknown type": ("n.json", json.dumps({**NEED, "partnership_type": "friendship"}), "لا يوجد نوع شراكة كهذا"),
    "no must-have": ("n.json", json.dumps({**NEED, "must_haves": []}), "لا شرط لازمًا"),
    "unknown must-have": (
        "n.json",
        json.dumps({**NEED, "must_haves": [{"kind": "colour", "value": "red"}]}),
        "لا يوجد شرط لازم من هذا النوع",
    ),
    "unknown capability": (
        "n.yaml",
        "partnership_type: referral\nmust_haves: [x]\nseeks: [qwrtzpsd]\n",
        "لا يعرف المعجم",
    ),
    "unknown field": ("n.yaml", "colour: red\n", "لا يوجد حقل كهذا"),
    "unknown country": ("n.json", json.dumps({**NEED, "regions": ["Atlantis"]}), "لا توجد دولة"),
    "alias": ("n.yaml", "title: &a x\nneed_id: *a\n", "الأسماء المستعارة"),
    "field twice": ("n.yaml", "title: a\ntitle: b\n", "يتكرر الحقل"),
    "money": ("n.json", json.dumps({**NEED, "deal": {"average_deal": "5 stones"}}), "ليست عملة نعرفها"),
}


@pytest.mark.parametrize("case", NEEDS)
def test_needs_that_cannot_be_read(run: Run, tmp_path: Path, case: str) -> None:
    name, content, said = NEEDS[case]
    assert said in _arabic(run("discover", "--need", _file(tmp_path, name, content), "--lang", "ar", code=1))


def test_what_is_not_there(run: Run, tmp_path: Path) -> None:
    for arguments, said in (
        (("card", "No Such Company"), "لا توجد شركة"),
        (("discover", "--need", "none.yaml"), "لا يوجد ملف أو مجلد كهذا"),
        (("import", "none.csv"), "لا يوجد ملف أو مجلد كهذا"),
        (("import", "a.csv", "--map", "colour=Colour"), "لا يوجد حقل"),
        (("deal", "show", "deal-none"), "لا توجد صفقة"),
        (("user", "revoke", "pe_none"), "لا أحد يحمل المعرّف"),
        (("user", "token", "pe_none"), "لا أحد يحمل المعرّف"),
        (("user", "change", "pe_none", "--legal"), "لا أحد يحمل المعرّف"),
        (("chat", "--thread", "deal-1"), "ليس معرّف محادثة"),
    ):
        assert said in _arabic(run(*arguments, "--lang", "ar", code=1))


def test_a_fresh_home_says_what_to_do_first(run: Run, files: Path, tmp_path: Path) -> None:
    fresh = str(tmp_path / "fresh")
    need = str(files / "need.json")
    assert "لا توجد شركات معروفة بعد" in _arabic(
        run("discover", "--need", need, "--home", fresh, "--lang", "ar", code=1)
    )
    source = _file(tmp_path, "a.csv", "name,country\nRiyadh Test Trading,SA\n")
    run("import", source, "--home", fresh)
    told = run("card", "Riyadh Test Trading", "--home", fresh, "--lang", "ar", code=1)
    assert "لا توجد بطاقة تقييم" in _arabic(told)


def test_the_home_and_the_settings(run: Run, tmp_path: Path, files: Path) -> None:
    blocked = _file(tmp_path, "blocked", "a file")
    told = run("user", "list", "--home", blocked, "--lang", "ar", code=1)
    assert "يتعذّر استخدام مجلد مساحة العمل" in _arabic(told)
    assert "مشغّل هذا التثبيت" in told.stderr
    told = run("user", "list", "--lang", "ar", code=1, settings={"PARTNERSHIP_ANALYST": "model"})
    assert "لم يُذكر أي نموذج" in _arabic(told)
    embedding = {"PARTNERSHIP_EMBEDDING": "openai", "PARTNERSHIP_BASE_URL": "http://127.0.0.1:9/v1"}
    need = str(files / "need.json")
    told = run("discover", "--need", need, "--lang", "ar", code=1, settings=embedding)
    assert "لم يُذكر نموذج تضمين" in _arabic(told)


def test_a_database_that_is_none(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "odd"
    home.mkdir()
    _file(home, "partnership.sqlite", "this is no database, " * 100)
    told = run("user", "list", "--home", str(home), "--lang", "ar", code=1)
    assert "يتعذّر استخدام قاعدة البيانات" in _arabic(told)


@pytest.fixture
def started(run: Run, files: Path, new_person: NewPerson) -> tuple[str, str]:
    """A commitment that waits, and the token of the director who asked for it."""
    _, asking = new_person("director")
    need = str(files / "need.json")
    answer = run("deal", "start", "--partner", "Najd Test Systems", "--need", need, "--json", token=asking)
    return json.loads(answer.stdout)["commitment_id"], asking


def test_whose_turn_it_is(run: Run, started: tuple[str, str], new_person: NewPerson) -> None:
    commitment, asking = started
    _, low = new_person("manager")

    def refused(token: str | None) -> tuple[dict[str, object], Result]:
        error = json.loads(run("approve", commitment, "--json", token=token, code=1).stderr)
        return error, run("approve", commitment, token=token, code=1)

    for token in (None, "wrong"):
        error, told = refused(token)
        assert error["who_must_act"] == "user"
        assert "Who must act: the person who runs the command\n" in told.stderr
    for token in (asking, low):
        error, told = refused(token)
        assert error["who_must_act"] == "operator"
        assert "Who must act: the operator of this installation\n" in told.stderr
    director, _ = new_person("director")
    for token in (asking, low):
        error, told = refused(token)
        assert error["who_must_act"] == "approver"
        assert f"Who must act: A director ({director})\n" in told.stderr
    assert json.loads(run("ledger", "--json").stdout) == []


def test_whose_turn_it_is_in_arabic(run: Run, started: tuple[str, str], new_person: NewPerson) -> None:
    commitment, asking = started
    director, deciding = new_person("director")
    vp, later = new_person("vp")
    analyst, low = new_person("analyst")
    for token, said in (
        (None, "الإجراء مطلوب من: من ينفّذ الأمر"),
        ("wrong", "ما زال مطلوبًا: مدير إدارة أو أعلى."),
        (asking, "ولا تُقبل ممن طلب"),
        (low, "(محلل)"),
    ):
        told = _arabic(run("approve", commitment, "--lang", "ar", token=token, code=1))
        assert said in told
        assert ("يستطيع الموافقة" in told) is (token in (asking, low))
    told = _arabic(run("approve", "cm_none", "--lang", "ar", token=low, code=1))
    assert "لا يوجد التزام كهذا" in told
    run("reject", commitment, "--note", "margin", token=deciding)
    told = _arabic(run("approve", commitment, "--lang", "ar", token=later, code=1))
    assert "مرفوض" in told
    assert "الإجراء مطلوب من: طالب الصفقة" in told
    assert {director, vp, analyst} == {
        person["person_id"] for person in json.loads(run("user", "list", "--json").stdout)
    } - {json.loads(run("deal", "list", "--json").stdout)[0]["requested_by"]}


def test_a_deal_without_a_token_is_the_users_turn(run: Run, files: Path) -> None:
    arguments = ("deal", "start", "--partner", "Najd Test Systems", "--need", str(files / "need.json"))
    assert json.loads(run(*arguments, "--json", code=1).stderr)["who_must_act"] == "user"
    assert "لا يوجد رمز يبيّن من أنت" in _arabic(run(*arguments, "--lang", "ar", code=1))


def test_an_error_that_exists_in_english_only_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object) -> object:
        raise KeyError("the lost key")

    monkeypatch.setattr("partnership_os.graphs.workspace.Workspace.people", broken)
    told = run("user", "list", "--lang", "ar", code=1).stderr
    assert "the lost key" in told
    assert ONLY_IN_ENGLISH in told
    assert "أحد مطوري" in told


def test_rejected_rows_say_why_in_arabic(run: Run, tmp_path: Path) -> None:
    source = _file(tmp_path, "a.csv", "name,country,founded\n,SA,1990\nRiyadh Test Trading,Atlantis,soon\n")
    shown = " ".join(run("import", source, "--lang", "ar").stdout.split())
    for said in ("الصف بلا اسم", "اكتب اسم الشركة", "ليست دولة نعرفها", "ليست سنة تأسيس"):
        assert said in shown


def test_the_chat_says_errors_in_arabic(run: Run) -> None:
    said = run("chat", "--lang", "ar", stdin="/card Nobody Test\n/show deal-none\n" + "س" * 5_000 + "\n").stdout
    assert "لا توجد شركة باسم" in said
    assert "لا توجد صفقة بالمعرّف" in said
    assert "قد يبلغ السطر" in said
    assert "There is no" not in said


@pytest.mark.parametrize(
    ("name", "value", "allowed", "arabic"),
    [
        ("APPROVAL_DAYS", "0", "a whole number from 1 to 90", "عدد صحيح من"),
        ("TOKEN_DAYS", "soon", "a whole number from 1 to 730", "عدد صحيح من"),
        ("MODEL_TIMEOUT_SECONDS", "0", "a number above 0 and at most 600", "عدد أكبر من"),
        ("ANALYST", "human", "one of: auto, rules, model", "إحدى القيم"),
        ("LANGUAGE", "fr", "one of: en, ar", "إحدى القيم"),
        ("PRICE_INPUT", "cheap", "a number", "عدد"),
    ],
)
def test_a_setting_that_is_not_allowed_says_what_is(run: Run, name: str, value: str, allowed: str, arabic: str) -> None:
    wrong = {f"PARTNERSHIP_{name}": value}
    error = json.loads(run("inbox", "--json", code=1, settings=wrong).stderr)
    assert error["message"] == f"PARTNERSHIP_{name} must be {allowed}."
    assert error["who_must_act"] == "operator"
    assert arabic in _arabic(run("inbox", "--lang", "ar", code=1, settings=wrong))
