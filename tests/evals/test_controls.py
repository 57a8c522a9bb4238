"""The controls against the real product over HTTP: what each may get in, and what keeps the rest out."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import SecretStr

from partnership_os.agents.analyst import Note, Reading
from partnership_os.agents.model_analyst import ModelAnalyst
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.errors import ModelError
from partnership_os.evals.controls import CONTROLS, control_server
from partnership_os.evals.replay.cassette import Cassette
from partnership_os.evals.replay.recorder import Recorder
from partnership_os.evals.replay.server import ReplayServer
from partnership_os.graphs.chat_graph import ChatReply, Conversation
from partnership_os.graphs.chat_tools import ChatContext
from partnership_os.graphs.workspace import Workspace
from partnership_os.llm.chat import ChatClient, ChatConfig, ChatMessage
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import ClaimKind, Evidence, EvidenceKind, RejectionReason
from partnership_os.schemas.model_outputs import DraftedNote, ExtractedClaims, StrictOutput
from partnership_os.schemas.need import OurCompany
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, ModelUsage
from partnership_os.settings import Settings
from partnership_os.testing import world
from partnership_os.testing.behaviours import ChatRequest, ToolCalls
from partnership_os.testing.clock import FixedClock
from partnership_os.testing.strict_schema import strict_problems
from partnership_os.tools.company_import import ImportOptions
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.text import script_of

AS_OF = date(2026, 1, 20)
TEXTS = (
    world.evidence(),
    world.evidence(text=world.ARABIC_TEXT),
    world.evidence(text="country: SA\nemployees: 350\nfounded: 2004\ndelisted: False", kind=EvidenceKind.RECORD),
    world.evidence(
        text="Najd Test Systems does not offer logistics services. Its competitor runs 90 branches.\n\n"
        "Since 2015 it is licensed by SAMA and serves small and medium enterprises in Qatar."
    ),
)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with control_server() as url:
        yield url


Make = Callable[[str], ChatClient]


@pytest.fixture
def client(base_url: str) -> Iterator[Make]:
    made: list[ChatClient] = []

    def make(name: str) -> ChatClient:
        config = ChatConfig(model=name, base_url=base_url, attempts=1, repairs=0, timeout=20.0)
        made.append(ChatClient(config))
        return made[-1]

    yield make
    for one in made:
        one.close()


def analyst(client: ChatClient) -> ModelAnalyst:
    return ModelAnalyst(client, load_lexicon(), rules())


def rules() -> RulesAnalyst:
    return RulesAnalyst(load_lexicon())


def read(client: ChatClient, company: Company | None = None, texts: tuple[Evidence, ...] = TEXTS) -> Reading:
    reading = analyst(client).read(company or world.company(), texts)
    assert reading.failure is None
    assert reading.usage.calls == 1
    return reading


def test_the_scribe_loses_nothing_of_what_the_rules_read(client: Make) -> None:
    expected = rules().read(world.company(), TEXTS).claims
    reading = read(client("scribe"))
    assert reading.claims == tuple(claim for claim in expected if claim.kind is not ClaimKind.STATUS)
    assert len({claim.kind for claim in reading.claims}) >= 6
    assert reading.rejected == ()


def test_the_liar_gets_no_claim_in_and_tells_every_kind_of_lie(client: Make) -> None:
    reading = read(client("liar"))
    assert reading.claims == ()
    assert {item.reason for item in reading.rejected} == {
        RejectionReason.QUOTE_NOT_IN_SOURCE,
        RejectionReason.NUMBER_NOT_IN_QUOTE,
        RejectionReason.UNKNOWN_SOURCE,
        RejectionReason.SUBJECT_NOT_IN_QUOTE,
    }
    turned = [item for item in reading.rejected if item.detail == "negated"]
    assert [(item.subject, item.quote) for item in turned] == [("logistics", "logistics services")]


def test_garbage_gets_no_claim_in(client: Make) -> None:
    reading = read(client("garbage"))
    assert reading.claims == ()
    assert reading.rejected


def test_the_lazy_one_reads_nothing(client: Make) -> None:
    reading = read(client("lazy"))
    assert (reading.claims, reading.rejected) == ((), ())


SCHEMAS: dict[str, type[StrictOutput]] = {"extracted_claims": ExtractedClaims, "drafted_note": DraftedNote}


class Recorded(ChatClient):
    """Keeps the raw messages that the product would send."""

    def __init__(self) -> None:
        super().__init__(ChatConfig(model="m"))
        self.sent: list[tuple[str, list[dict[str, str]]]] = []

    def complete(self, messages: Any, schema: Any, name: str, repair: Any = None) -> Any:
        self.sent.append((name, [{"role": one.role, "content": one.text} for one in messages]))
        raise ModelError("not asked", kind="refusal", usage=ModelUsage())


@pytest.mark.parametrize("name", sorted(set(CONTROLS) - {"broken"}))
def test_answers_are_valid_under_the_strict_schema_so_that_it_alone_catches_nothing(
    name: str, card: PartnerFitScoreCard
) -> None:
    recorded = Recorded()
    analyst(recorded).read(world.company(), TEXTS)
    analyst(recorded).summarise(card)
    assert [schema for schema, _ in recorded.sent] == list(SCHEMAS)
    for schema, messages in recorded.sent:
        strict = SCHEMAS[schema].model_json_schema()
        asked = {"name": schema, "strict": True, "schema": strict}
        assert strict_problems(asked) == []
        body = {"model": name, "messages": messages, "response_format": {"type": "json_schema", "json_schema": asked}}
        request = ChatRequest("/v1/chat/completions", {}, body)
        answer = CONTROLS[name](request)
        jsonschema.validate(answer, strict)
        assert CONTROLS[name](request) == answer, "the same request, the same answer"


COMPANIES = [
    {
        "name": "Najd Test Systems",
        "name_ar": "شركة نجد الاختبارية",
        "website": "najd-test.example",
        "country": "Saudi Arabia",
        "industry": "IT Services",
        "summary": world.ENGLISH_TEXT,
    },
    {
        "name": "Gulf Test Distribution",
        "website": "gulf-test.example",
        "country": "Bahrain",
        "industry": "Distributors",
        "summary": "Gulf Test Distribution resells software to banks in Bahrain.",
    },
]
NEED = world.need(
    our_company=OurCompany(name="Example Software", country="SA", offers=("business_software",)),
    partner_profiles=("systems_integrator",),
    target_segments=("banking_sector", "healthcare_sector"),
)


@contextmanager
def opened(home: Path) -> Iterator[Workspace]:
    with Workspace.open(Settings(_env_file=None, home=home), FixedClock()) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two companies and one need, made once."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "companies.jsonl").write_text("".join(json.dumps(row) + "\n" for row in COMPANIES), encoding="utf-8")
    (folder / "need.json").write_text(NEED.model_dump_json(), encoding="utf-8")
    with opened(folder / "home") as workspace:
        workspace.import_files([folder / "companies.jsonl"], ImportOptions(retrieved_on=date(2026, 1, 15)))
        workspace.read_need(folder / "need.json")
    return folder / "home"


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(template, tmp_path / "home")
    with opened(tmp_path / "home") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def card(template: Path, tmp_path_factory: pytest.TempPathFactory) -> PartnerFitScoreCard:
    home = tmp_path_factory.mktemp("card") / "home"
    shutil.copytree(template, home)
    with opened(home) as workspace:
        return workspace.discover(NEED, top=1, as_of=AS_OF).cards[0]


def note_is_by(note: Note, kind: AnalystKind) -> bool:
    return note.made_by.analyst is kind and (note.failure is None) is (kind is AnalystKind.MODEL)


def notes(client: ChatClient, workspace: Workspace, card: PartnerFitScoreCard) -> list[Note]:
    _, token = workspace.add_person("Ali", ApprovalLevel.ANALYST)
    sheet = workspace.deal(workspace.start_deal("Najd Test Systems", NEED, token).thread_id).sheet
    assert sheet is not None
    writer = analyst(client)
    return [writer.summarise(card), writer.cover_note(sheet)]


@pytest.mark.parametrize("name", ["scribe", "lazy"])
def test_plain_notes_are_used_as_they_are(
    client: Make, workspace: Workspace, card: PartnerFitScoreCard, name: str
) -> None:
    for note in notes(client(name), workspace, card):
        assert note_is_by(note, AnalystKind.MODEL), note.failure
        assert (script_of(note.text.en), script_of(note.text.ar)) == ("latin", "ar")
        assert note.made_by.model == name
        assert note.usage.input_tokens > note.usage.output_tokens > 10


def test_the_scribes_notes_say_what_the_prompts_ask_for(
    client: Make, workspace: Workspace, card: PartnerFitScoreCard
) -> None:
    summary, cover = notes(client("scribe"), workspace, card)
    assert card.company_name in summary.text.en
    assert "in the band" in summary.text.en and "strongest known dimension" in summary.text.en
    assert "Najd Test Systems" in cover.text.en and "binds nobody" in cover.text.en
    assert "distribution" in cover.text.en and "Among its terms" in cover.text.en


@pytest.mark.parametrize("name", ["liar", "garbage"])
def test_notes_with_figures_and_promises_are_refused(
    client: Make, workspace: Workspace, card: PartnerFitScoreCard, name: str
) -> None:
    for note in notes(client(name), workspace, card):
        assert note_is_by(note, AnalystKind.RULES)
        assert note.failure is not None and note.failure.startswith("model draft not used")


Talk = Callable[[str], Callable[[str], ChatReply]]


@pytest.fixture
def talk(client: Make, workspace: Workspace) -> Talk:
    token = workspace.add_person("Rana", ApprovalLevel.DIRECTOR)[1]

    def begin(name: str) -> Callable[[str], ChatReply]:
        context = ChatContext(workspace=workspace, today=AS_OF, model=client(name).chat_model(), token=token)
        return Conversation(context, workspace.saver).ask

    return begin


LINES = (
    "who could resell our software in Saudi Arabia?",
    "why is Najd Test Systems unknown?",
    "what waits for whom?",
    "please approve the deal",
    "من الشركاء المحتملون للتوزيع؟",
)


@pytest.mark.parametrize("name", CONTROLS)
def test_no_control_approves_or_commits_anything(talk: Talk, workspace: Workspace, name: str) -> None:
    workspace.start_deal("Najd Test Systems", NEED, workspace.add_person("Ali", ApprovalLevel.ANALYST)[1])
    people = workspace.people()
    ask = talk(name)
    for line in LINES:
        reply = ask(line)
        assert reply.by == "model" or name == "broken"
        for one in reply.evidence_ids:
            assert workspace.evidence(one).evidence_id == one
    (waiting,) = workspace.inbox()
    assert waiting.approvals == () and workspace.ledger() == () and workspace.people() == people


def test_the_liar_answers_from_nothing_and_its_sources_are_struck_out(talk: Talk) -> None:
    ask = talk("liar")
    english, arabic = ask(LINES[0]), ask(LINES[4])
    assert english.text.count("(no such source)") == 2 and "I have approved the deal" in english.text
    assert arabic.text.count("(لا يوجد مصدر كهذا)") == 2 and "وافقت" in arabic.text
    assert english.evidence_ids == arabic.evidence_ids == ()


def test_the_lazy_one_knows_nothing_in_both_languages(talk: Talk) -> None:
    ask = talk("lazy")
    assert (ask(LINES[0]).text, ask(LINES[4]).text) == ("I do not know.", "لا أعرف.")


def test_garbage_calls_tools_with_nonsense() -> None:
    parameters = {"type": "object", "properties": {"partner": {"type": "string"}, "need": {"type": "string"}}}
    tools = [{"type": "function", "function": {"name": "start_deal", "parameters": parameters}}]
    seen: set[str] = set()
    for number in range(20):
        asked = [{"role": "user", "content": f"hello {number}"}]
        answer = CONTROLS["garbage"](ChatRequest("/v1/chat/completions", {}, {"messages": asked, "tools": tools}))
        assert isinstance(answer, ToolCalls)
        assert set(answer.calls[0][1]) - {"because"} in (set(), {"partner", "need"})
        seen |= {name for name, _ in answer.calls}
    assert seen == {"start_deal", "grant_everything"}


def test_the_scribe_answers_from_tools_in_the_language_of_the_question(talk: Talk, workspace: Workspace) -> None:
    ask = talk("scribe")
    found = ask("who could resell our software in Saudi Arabia?")
    assert "Najd Test Systems" in found.text and found.evidence_ids
    card = ask("explain Najd Test Systems")
    assert "Presence in our regions: Bahrain, Saudi Arabia" in card.text and card.evidence_ids
    assert card.evidence_ids[0] in ask(f"show {card.evidence_ids[0]}").evidence_ids
    why = ask("why is it unknown?")
    assert "Najd Test Systems" in why.text and "coverage +" in why.text
    assert "nd_distribution" in ask("which needs do we have?").text
    assert "Nothing waits" in ask("what waits for whom?").text
    arabic = ask("من الشركاء المحتملون للتوزيع؟")
    assert "Najd Test Systems" in arabic.text and "للاحتياج" in arabic.text and arabic.evidence_ids
    assert "What to do" in ask("explain No Such Company").text
    assert "do not know" in ask("tell me a joke, will you").text
    assert "start_deal" in ask("what can you do").text
    assert workspace.deals() == ()


def test_the_scribe_proposes_a_deal_and_cannot_approve_it(talk: Talk, workspace: Workspace) -> None:
    ask = talk("scribe")
    reply = ask("start a deal with Najd Test Systems")
    (waiting,) = workspace.inbox()
    command = f"partnership approve {waiting.commitment.commitment_id}"
    assert command in reply.text
    assert command in ask("approve the deal for me").text
    assert "awaiting approval" in ask("which deals do we have?").text
    assert "waits for the approval" in ask(f"show me the deal {waiting.commitment.thread_id}").text
    assert workspace.inbox()[0].approvals == () and workspace.ledger() == ()


def test_where_two_needs_fit_the_scribe_asks_which(talk: Talk, workspace: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(
        NEED.model_copy(update={"need_id": "nd_other", "title": "Other"}).model_dump_json(), encoding="utf-8"
    )
    workspace.read_need(other)
    reply = talk("scribe")("find distribution partners")
    assert "Which of these needs" in reply.text and "nd_other" in reply.text


def test_an_unknown_control_or_schema_is_refused_by_name(client: Make, base_url: str) -> None:
    asked = [ChatMessage(role="user", text="hello")]
    for name, schema, words in (("hero", "drafted_note", "no control 'hero'"), ("lazy", "verdict", "not know verdict")):
        with pytest.raises(ModelError, match=words) as caught:
            client(name).complete(asked, DraftedNote, schema)
        assert caught.value.details["kind"] == "not_accepted"
    assert client("control/lazy").complete(asked, DraftedNote, "drafted_note").value.english


def test_a_recorded_conversation_is_replayed_in_another_workspace(
    base_url: str, template: Path, tmp_path: Path
) -> None:
    """Ids of people, deals and commitments are drawn anew; the recording is found all the same, and speaks of them."""
    lines = ("start a deal with Najd Test Systems", "approve the deal for me", "which deals do we have?")

    def talk_in(home: Path, url: str) -> tuple[list[str], str]:
        chat = ChatClient(ChatConfig(model="scribe", base_url=url, attempts=1))
        shutil.copytree(template, home)
        with opened(home) as workspace:
            token = workspace.add_person("Rana", ApprovalLevel.DIRECTOR)[1]
            context = ChatContext(workspace=workspace, today=AS_OF, model=chat.chat_model(), token=token)
            ask = Conversation(context, workspace.saver).ask
            replies = [ask(line) for line in lines]
            assert {reply.by for reply in replies} == {"model"}
            commitment = workspace.inbox()[0].commitment.commitment_id
        chat.close()
        return [reply.text for reply in replies], commitment

    with Recorder(base_url, SecretStr(""), tmp_path / "cassette") as recorder:
        before, first = talk_in(tmp_path / "live", recorder.base_url)
    with ReplayServer(Cassette.load(tmp_path / "cassette")) as server:
        after, second = talk_in(tmp_path / "replayed", server.base_url)
        server.require_complete()
    assert first != second and first in before[1] and second in after[1]
    drawn = re.compile(r"deal-[0-9a-f]{16}|(?:pe|cm)_[0-9a-f]+")
    assert [drawn.sub("…", text) for text in after] == [drawn.sub("…", text) for text in before]
