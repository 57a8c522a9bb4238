"""The Arabic of errors: nothing in the catalogue is stale, and what people meet in normal work is in it."""

import ast
import errno
import os
import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from string import Formatter

import pytest

import partnership_os
from partnership_os.graphs.wording.error_wording import CATALOGUE, ONLY_IN_ENGLISH, in_arabic, told, worded
from partnership_os.graphs.wording.texts import Texts

ROOT = Path(partnership_os.__file__).parent
FOLDERS = ("agents", "evals", "governance", "graphs", "llm", "prompts", "schemas", "storage", "surfaces", "tools")
RAISED = frozenset(("InputError", "ConfigurationError", "ApprovalError", "RefusedError", "ModelError", "RowProblem"))
ISOLATES = {0x2068: None, 0x2069: None}


def _sources() -> list[ast.Module]:
    paths = [*ROOT.glob("*.py"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))]
    kept = [path for path in paths if not path.name.startswith("error_phrases")]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in kept]


def _joined(parts: Iterable[set[str]]) -> set[str]:
    return {"".join(chosen) for chosen in product(*parts)}


def _texts_of(node: ast.expr) -> set[str]:
    """The texts that an expression can give, with ``{}`` for each value that is not written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {re.sub(r"{\w+}", "{}", node.value)}
    if isinstance(node, ast.JoinedStr):
        return _joined(_texts_of(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        written = node.value if isinstance(node.value, ast.IfExp | ast.JoinedStr) else None
        return {"{}"} if written is None else _texts_of(written)
    if isinstance(node, ast.IfExp):
        return _texts_of(node.body) | _texts_of(node.orelse)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _joined((_texts_of(node.left), _texts_of(node.right)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        return {f"{{}}{mark}{{}}" for mark in _texts_of(node.func.value)} | {"{}"}
    return {"{}"}


@pytest.fixture(scope="module")
def written() -> set[str]:
    """Every text in the source, and what the operating system says."""
    found = {os.strerror(number) for number in errno.errorcode}
    for module in _sources():
        for node in ast.walk(module):
            if isinstance(node, ast.expr):
                found |= _texts_of(node)
    return found


def _skeleton(template: str) -> str:
    return "".join(text + ("" if name is None else "{}") for text, name, _, _ in Formatter().parse(template))


@pytest.mark.parametrize("english", CATALOGUE)
def test_no_entry_is_stale(english: str, written: set[str]) -> None:
    assert _skeleton(english) in written


@pytest.mark.parametrize("english", CATALOGUE)
def test_an_entry_says_the_same_in_both_languages(english: str) -> None:
    arabic = CATALOGUE[english]
    places = [sorted({name for _, name, _, _ in Formatter().parse(text) if name}) for text in (english, arabic)]
    assert places[0] == places[1] or set(places[1]) < set(places[0]) == {"file", "copy", "encoding"}
    assert re.search("[\u0621-\u064a]", arabic) or not re.search("[a-z]", _skeleton(english))


@pytest.mark.parametrize("english", CATALOGUE)
def test_every_entry_is_found_with_its_values(english: str) -> None:
    sample = {"words": "أحمد", "": "Value7", "quote": "", "file": "need.yaml", "number": "3", "names": "body, kind"}
    known = {
        "kind": "timeout",
        "status": "expired",
        "place": "need.yaml, line 3, title",
        "rebuild": REBUILD,
        "allowed": "; allowed are a, b",
    }
    values = {
        name: known.get(name, "manager") if kind == "known" else sample[str(kind)]
        for _, name, kind, _ in Formatter().parse(english)
        if name
    }
    arabic = in_arabic(english.format_map({name: _Plain(value) for name, value in values.items()}))
    assert arabic is not None
    assert re.search("[\u0621-\u064a]", arabic)
    assert "{" not in arabic
    for name, value in values.items():
        if value == "Value7" and f"{{{name}}}" in CATALOGUE[english]:
            assert value in arabic


class _Plain(str):
    """A value that ignores the kind of its place."""

    def __format__(self, kind: str) -> str:
        return str(self)


REBUILD = "Rebuild it with: partnership import --reindex"

WITHOUT_READERS = {
    "canonical": "a program gave a value that cannot be digested",
    "terms": "the same",
    "policy": "schemas refuse such a need or value before",
    "state": "of a graph that was invoked wrongly",
    "chat_graph": "the tools answer a model in English",
}
"""Modules whose errors nobody meets at the command line, and why; those of agents are a playbook author's."""


def test_what_is_raised_where_people_work_is_in_the_catalogue() -> None:
    skeletons = {_skeleton(english) for english in CATALOGUE}
    missing: list[str] = []
    for folder in ("graphs", "surfaces", "storage", "tools", "llm", "governance"):
        for path in sorted((ROOT / folder).glob("*.py")):
            if path.stem in WITHOUT_READERS:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED):
                    continue
                given = [*node.args[:3], *(item.value for item in node.keywords if item.arg == "fix")]
                for text in set().union(*map(_texts_of, given)):
                    if " " in text and text not in skeletons:
                        missing.append(f"{path.name}:{node.lineno}: {text}")
    assert not missing, "\n".join(missing)


def _plain(english: str) -> str:
    arabic = in_arabic(english)
    assert arabic is not None
    return arabic.translate(ISOLATES)


def test_whose_turn_it_is_reads_well() -> None:
    needed = "Director or above and Legal"
    assert _plain(f"Still needed: {needed}. Can approve: Dana (pe_1).") == (
        "ما زال مطلوبًا: مدير إدارة أو أعلى والشؤون القانونية. يستطيع الموافقة: Dana (pe_1)."
    )
    assert _plain("Maha (manager, legal) cannot give an approval that cm_1 still needs.") == (
        "صلاحية Maha (مدير، الشؤون القانونية) لا تكفي لمنح موافقة ما زال cm_1 يحتاج إليها."
    )


def test_texts_that_follow_each_other_are_each_translated() -> None:
    text = "Check the token, or ask for a new one. Still needed: C-level."
    assert _plain(text) == ("تحقق من الرمز، أو اطلب رمزًا جديدًا. ما زال مطلوبًا: الإدارة التنفيذية العليا.")
    assert in_arabic("Check the token, or ask for a new one. Call the vendor.") is None


def test_a_command_can_be_copied_and_a_value_does_not_reorder_the_line() -> None:
    assert in_arabic("chmod 600 /home/a b/key") == "نفّذ \u2068`chmod 600 /home/a b/key`\u2069"
    assert in_arabic("There is no company 'Al\u202eNoor'.") == "لا توجد شركة باسم \u2068'Al[U+202E]Noor'\u2069."


def test_places_in_a_need_file() -> None:
    line = "need.yaml, line 7, must_haves[0].kind: 'colour' there is no must-have of this kind; allowed are a, b."
    assert _plain(line) == (
        "need.yaml، السطر 7، الحقل must_haves[0].kind: 'colour' لا يوجد شرط لازم من هذا النوع؛ المسموح به: a, b."
    )
    missing = "need.json, must_haves: a need without a must-have would accept any company."
    assert _plain(missing) == "need.json، الحقل must_haves: الاحتياج الذي لا شرط لازمًا فيه يقبل أي شركة."


def test_what_is_not_in_the_catalogue_stays_english_and_says_so() -> None:
    arabic, english = Texts("ar"), Texts("en")
    unknown = "A sentence of nobody\u202e."
    assert told(arabic, unknown, "Write it flat.") == (
        "\u2068A sentence of nobody[U+202E].\u2069",
        "اكتبه بلا تداخل.",
        ONLY_IN_ENGLISH,
    )
    assert told(english, unknown, None) == ("A sentence of nobody[U+202E].", None, None)
    assert told(arabic, "The token was not accepted.", None)[2] is None
    assert worded(english, "Write it flat.") == "Write it flat."
    assert in_arabic("x" * 2_000) is None


def test_what_is_wrong_with_a_log_or_a_row_is_told_in_arabic() -> None:
    said = "the log was cut, for other tables still show what was in it: ledger en_1: no event of the log made this row"
    assert _plain(said) == (
        "اقتُطع السجل، فما زالت جداول أخرى تُظهر ما كان فيه: "
        "جدول سجل الالتزامات، الصف en_1: لا حدث في السجل أنشأ هذا الصف"
    )
    refused = "It is not what the audit log says. The table outbox does not agree with the audit log at ob_1: "
    assert _plain(f"{refused}body, kind of this row differ from what event 4 says.") == (
        "لا توافق سجل التدقيق. الجدول outbox لا يوافق سجل التدقيق عند ob_1: "
        "قيم body, kind في هذا الصف تختلف عما يذكره الحدث 4."
    )


def test_a_refused_edit_reads_well() -> None:
    assert _plain("vat_rate (clause tax) is not negotiable: it follows the law or the playbook.") == (
        "الشرط vat_rate (البند tax) غير قابل للتفاوض: فهو محدَّد بحكم القانون أو دليل التفاوض."
    )
    assert _plain("'5' is no value for mdf_per_year (unit: money).") == (
        "'5' ليست قيمة صالحة للشرط mdf_per_year (الوحدة: مبلغ مالي)."
    )


def test_an_approval_that_was_given_already_reads_well() -> None:
    said = "The approval that Omar (c-level) can give was given already, by Salem (pe_1); cm_1 needs another."
    assert _plain(said) == (
        "الموافقة التي تدخل في صلاحية Omar (الإدارة التنفيذية العليا) مُنحت من قبل، وهي من Salem (pe_1)؛ "
        "ويحتاج cm_1 إلى غيرها."
    )
    assert "استُخدمت في cm_1 من قبل" in _plain(
        "The authority of Omar (c-level) was used for cm_1 or taken back; it counts once."
    )
