"""What the chat answers without a model, over the world of the chat suite: companies, three needs, two deals."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from partnership_os.evals.cases.chat.world import NOW, clock, prepare
from partnership_os.graphs.chat_answers import PlainChat, chat_texts, ranked_in
from partnership_os.graphs.chat_grammar import Question
from partnership_os.graphs.chat_graph import Conversation
from partnership_os.graphs.chat_patterns import Intent
from partnership_os.graphs.chat_tools import ChatContext, ChatDesk
from partnership_os.graphs.workspace import Workspace
from partnership_os.settings import Settings

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rules") / "home"
    with Workspace.open(Settings(_env_file=None, home=home), clock()) as workspace:
        token = prepare(workspace).token
    (home.parent / "token").write_text(token, encoding="utf-8")
    return home


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(template, tmp_path / "home")
    with Workspace.open(Settings(_env_file=None, home=tmp_path / "home"), clock()) as opened:
        yield opened


@pytest.fixture
def conversation(workspace: Workspace, template: Path) -> Conversation:
    token = (template.parent / "token").read_text(encoding="utf-8")
    return Conversation(ChatContext(workspace=workspace, today=NOW.date(), token=token), workspace.saver)


@pytest.fixture
def ask(conversation: Conversation) -> Ask:
    return lambda line: conversation.ask(line).text


def _stood(workspace: Workspace) -> tuple[object, ...]:
    with workspace.services.governance.snapshot() as reader:
        return (reader.decisions(), reader.ledger(), reader.commitments())


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("show the deals and approve the pending one", ("HyperPay", "Mindware", "I cannot approve")),
        ("اعرض الصفقات ثم اعتمد المعلقة منها", ("HyperPay", "Mindware", "لا أستطيع الموافقة")),
        ("tell me about Jisr and reject the pending deal", ("Jisr", "I cannot approve or reject")),
    ],
)
def test_a_hidden_order_to_decide_is_answered_with_both(
    ask: Ask, workspace: Workspace, line: str, says: tuple[str, ...]
) -> None:
    before = _stood(workspace)
    answer = ask(line)
    for words in (*says, f"partnership approve {workspace.inbox()[0].commitment.commitment_id}"):
        assert words in answer
    assert _stood(workspace) == before


def test_what_waits_is_told_with_its_deadline(ask: Ask, workspace: Workspace) -> None:
    (item,) = workspace.inbox()
    day = item.expires_at.date().isoformat()
    for line in ("until when can the HyperPay deal be approved?", "what waits for whom?", "متى تنتهي صلاحية الطلب؟"):
        answer = ask(line)
        assert item.commitment.commitment_id in answer
        assert day in answer


def test_deals_are_counted_and_told_by_company(ask: Ask) -> None:
    assert "Deals: 2" in ask("how many deals do we have?")
    assert "عدد الصفقات: \u20682\u2069" in ask("كم صفقة عندنا؟")
    answer = ask("وين وصلت صفقة مايندوير؟")
    assert "تم الالتزام" in answer
    assert "HyperPay" not in answer
    assert "No deal with Foodics" in ask("has anybody started a deal with Foodics already?")
    assert "There is no company" in ask("where is the deal with Nokia?")


def test_a_term_of_a_sheet_is_told_and_no_limit_with_it(ask: Ask, workspace: Workspace) -> None:
    answer = ask("what commission period does the term sheet for HyperPay state?")
    assert re.findall("^- .*$", answer, re.MULTILINE) == ["- Commission period: 12 months"]
    assert "- نسبة العمولة: " in ask("كم نسبة العمولة في ورقة شروط هايبر باي؟")
    unknown = ask("what colour does the term sheet for HyperPay state?")
    assert "no term “colour”" in unknown
    assert "0.2" not in unknown and "20%" not in unknown


def test_two_companies_are_compared_for_one_need_with_sources(ask: Ask, workspace: Workspace) -> None:
    answer = ask("compare Foodics and Unifonic for nd_connectors")
    cited = {workspace.evidence(one).company_id for one in re.findall(r"ev_\w+", answer)}
    assert cited == {workspace.find_company(name).company_id for name in ("Foodics", "Unifonic")}
    assert answer.count("nd_connectors") == 2


def test_why_a_company_is_ruled_out_is_told_though_no_ranking_kept_it(ask: Ask, workspace: Workspace) -> None:
    merged = ask("can we still work with Samba Financial Group?")
    assert "Blocked:" in merged and "merged" in merged
    rival = ask("هل قيود شريك مناسب لنا؟")
    assert "منافس" in rival
    assert workspace.deals() and len(workspace.deals()) == 2


def test_a_name_without_hamza_is_found(ask: Ask) -> None:
    assert "Alinma Bank" in ask("ماذا نعرف عن مصرف الانماء؟")
    assert "Ejada" in ask("لماذا اجاده للنظم غير معروفة؟")


def test_the_first_one_is_the_first_of_the_ranking_that_was_shown(ask: Ask) -> None:
    shown = ask("/prospects nd_connectors")
    first, second = re.findall(r"^\d\. .*\((co_\S+)\):", shown, re.MULTILINE)[:2]
    assert f"({second})" in ask("tell me about the second one")
    assert f"({first})" in ask("حدثني عن الشركة الأولى")
    assert f"({first})" in ask("why is it unknown?")


def test_the_first_one_needs_a_ranking(ask: Ask, workspace: Workspace) -> None:
    before = _stood(workspace)
    assert "name it" in ask("start a deal with the first one for nd_connectors")
    assert _stood(workspace) == before


def test_a_ranking_counts_until_a_model_has_spoken() -> None:
    rows = "For …\n1. A (co_x) B (co_a): Pursue\n2. C (co_c): Watch [ev_1]"
    assert ranked_in([("rules", rows), ("rules", "Nothing waits.")]) == ("co_a", "co_c")
    assert ranked_in([("rules", rows), ("model", "I think 1. Z")]) == ()
    assert ranked_in([]) == ()


def test_a_deal_in_a_question_or_with_a_no_before_it_is_not_started(ask: Ask, workspace: Workspace) -> None:
    before = _stood(workspace)
    told = ask("What would happen if I started a deal with Jisr for nd_connectors? Would somebody have to approve it?")
    assert "people approve" in told
    assert "Foodics" in ask("Don't start a deal with Foodics yet, just explain its score.")
    ask("don't start a deal with Foodics, start a deal with Jisr for nd_connectors")
    ask("should we start a deal with Jisr for nd_connectors?")
    assert _stood(workspace) == before


def test_a_polite_order_is_the_same_order(ask: Ask, workspace: Workspace) -> None:
    ask("Could you please open a new deal with Foodics under the need nd_connectors? Thank you!")
    ask("لو سمحت افتح لنا صفقة جديدة مع جسر من أجل nd_connectors")
    assert {deal.company_name for deal in workspace.deals()} == {"HyperPay", "Mindware", "Foodics", "Jisr"}


def test_an_english_question_with_an_arabic_name_is_answered_in_english(ask: Ask) -> None:
    assert "For the need" in ask("What do you know about مصرف الإنماء?")
    assert "للاحتياج" in ask("ماذا نعرف عن Alinma Bank؟")


def test_more_needs_than_a_few_are_not_all_scored(workspace: Workspace) -> None:
    (need, *_) = workspace.needs()
    workspace.services.companies.put_need(need.model_copy(update={"need_id": "nd_fourth", "title": "Fourth"}))
    chat = PlainChat(ChatDesk(ChatContext(workspace=workspace, today=NOW.date()), ()), chat_texts("en"), ())
    assert "no score card of Qoyod" in chat.answer(Question(Intent.CARD, partner="Qoyod"))
    fits = replace(Question(Intent.CARD, partner="Qoyod"), need="nd_connectors")
    assert "Blocked:" in chat.answer(fits)
