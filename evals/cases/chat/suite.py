"""The chat suite: what a person types in, a grounded answer and the right calls out, in English and in Arabic."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar

from langchain_core.language_models import BaseChatModel
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import JsonValue

from partnership_os.errors import InputError
from partnership_os.evals.cases.chat.case import Answered, Call, ChatCase, Wanted, filled, places_of
from partnership_os.evals.cases.chat.recorder import Recorder, UsageWatch
from partnership_os.evals.cases.chat.world import NOW, World, clock, prepare
from partnership_os.evals.checks.answers import (
    cited_ids,
    known_numbers,
    language_of_prose,
    numbers_grounded,
    says,
    sources_given,
)
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Case, Grade, Mark, Measure, Mistake, Suite
from partnership_os.graphs.chat_graph import Conversation
from partnership_os.graphs.chat_tools import ChatContext
from partnership_os.graphs.workspace import Workspace
from partnership_os.llm.usage import UsageMeter
from partnership_os.schemas.base import Record

__all__ = ["SUITE", "ChatSuite"]

_HOME = "chat"
_FILLER = {
    "en": "This is a short answer to the question, made of what the workspace holds and of nothing else.",
    "ar": "هذه إجابة قصيرة عن السؤال مما تحتويه مساحة العمل وحدها ولا شيء سواه، وهي مكتوبة بالعربية.",
}


class ChatSuite(Suite[ChatCase, Answered]):
    """Question → calls and answer, by the product's conversation, with the subject's model or the grammar."""

    name: ClassVar[str] = "chat"
    title: ClassVar[str] = "Question → tools and answer"
    case_type: ClassVar[type[Case]] = ChatCase
    outcome_type: ClassVar[type[Record]] = Answered
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(name="right_tools", meaning="Look-ups and proposals that the question needs and that were made."),
        Measure(name="no_wrong_tools", meaning="Answers without a call that the question did not ask for."),
        Measure(name="facts_stated", meaning="Facts that the answer must hold and does, in any of several wordings."),
        Measure(name="nothing_forbidden", meaning="Answers that leave out what they must not say."),
        Measure(name="citations_exist", meaning="Answers whose sources exist and were given by a tool or the person."),
        Measure(name="cited_where_asked", meaning="Companies of which a source must be cited and is."),
        Measure(name="numbers_grounded", meaning="Answers whose numbers all come from tools or the question."),
        Measure(name="language", meaning="Answers in the language of the question."),
        Measure(name="nothing_approved", meaning="Conversations that decided nothing and changed no person."),
        Measure(name="deals_as_asked", meaning="Conversations that proposed the deal that was asked for, or none."),
        Measure(name="answered_by_model", of_model=True, meaning="Last answers that the model gave, not the grammar."),
    )

    def answer(self, case: ChatCase, sitting: Sitting) -> Answered:
        """Have the conversation in a workspace of its own; companies are read by the rules, whoever chats."""
        made: list[World] = sitting.room.once("chat worlds", list)
        with sitting.workspace(_HOME, lambda workspace: made.append(prepare(workspace)), clock()) as opened:
            services = replace(opened.services, analyst=sitting.rules)
            workspace = Workspace(opened.settings, replace(opened.home, services=services), opened.saver)
            return _talk(case, sitting, workspace, made[0])

    def grade(self, case: ChatCase, outcome: Answered) -> Grade:
        """Every check of `evals.checks.answers`, the calls and the state; passed where all are full."""
        marks: dict[str, Mark] = {}
        faults: list[str] = []
        missing = [group for group in case.must if not _called(group, outcome)]
        wrong = [call for call in outcome.calls if not _is_right(case, call, outcome)]
        facts = [group for group in case.facts if not says(outcome.text, _wordings(group, outcome))]
        forbidden = [text for text in case.unsaid if says(outcome.text, filled(text, outcome.names))]
        cited = {outcome.existing.get(one) for one in cited_ids(outcome.text)}
        sources = sources_given(outcome.text, outcome.existing, outcome.given)
        numbers = numbers_grounded(outcome.text, outcome.numbers)
        if case.must:
            marks["right_tools"] = _all_but(missing, case.must)
        marks["no_wrong_tools"] = Mark.yes(not wrong)
        marks["facts_stated"] = _all_but(facts, case.facts)
        if case.unsaid:
            marks["nothing_forbidden"] = Mark.yes(not forbidden)
        marks["citations_exist"] = Mark.yes(sources.passed)
        if case.cites:
            marks["cited_where_asked"] = Mark.share(
                name in cited or (name == "*" and bool(cited)) for name in case.cites
            )
        marks["numbers_grounded"] = Mark.yes(numbers.passed)
        marks["language"] = Mark.yes(language_of_prose(outcome.text) == case.language)
        marks["nothing_approved"] = Mark.yes(not outcome.decided)
        marks["deals_as_asked"] = Mark.yes(outcome.proposed == ((case.proposes,) if case.proposes else ()))
        faults += [f"not called: {' or '.join(group)}" for group in missing]
        faults += [f"called: {call.name} {call.partner or call.reference or ''}".strip() for call in wrong]
        faults += [f"not said: {' / '.join(group)}"[:400] for group in facts]
        faults += [f"said: {text}" for text in forbidden]
        faults += [item.detail for item in (sources, numbers) if not item.passed]
        faults += [f"{name} fails" for name in _ONE_LINERS if name in marks and not marks[name].got]
        whole = all(mark.got == mark.of for mark in marks.values())
        if outcome.asked_model:
            marks["answered_by_model"] = Mark.yes(outcome.by == "model")
        return Grade(passed=whole, marks=marks, faults=tuple(fault[:500] for fault in faults))

    def truth(self, case: ChatCase) -> Answered:
        """The first wording of each fact, with the first call of each list; places stand for made-up values."""
        names = _stand_ins(case)
        sources = {_made_id(name): name for name in case.cites}
        facts = [filled(group[0], names)[0] for group in case.facts]
        typed = [filled(line, names)[0] for line in case.turns]
        cites = " ".join(f"[{one}]" for one in sources)
        text = f"{_FILLER[case.language]} " + " ".join(f"“{fact}”" for fact in facts) + f" {cites}"
        quoted = {one: "" for one in cited_ids(text) if one not in sources}
        calls = [Wanted.read(filled(group[0], names)[0]) for group in case.must]
        return Answered(
            text=text.strip(),
            by="rules",
            calls=tuple(Call(name=one.name, partner=one.partner, need=one.need) for one in calls),
            names=names,
            existing=sources | quoted,
            given=(*sources, *quoted),
            numbers=tuple(sorted(known_numbers(*facts, *typed))),
            proposed=(case.proposes,) if case.proposes else (),
        )

    def mistakes(self, case: ChatCase) -> Iterator[Mistake[Answered]]:
        """An invented id, another language, a wrong call, a number from nowhere, an approval, and more."""
        right = self.truth(case)
        other = {"en": "ar", "ar": "en"}[case.language]
        invented = f"{right.text} [ev_000000000000000000000000]"
        yield _slip("an invented source", right, "citations_exist", text=invented)
        yield _slip("the other language", right, "language", text=f"{_FILLER[other]} {_FILLER[other]}")
        yield _slip("a number from nowhere", right, "numbers_grounded", text=f"{right.text} 73.91%")
        deal = Call(name="start_deal", partner="Aramex", need="nd_connectors")
        proposed = (*right.proposed, "Aramex@nd_connectors")
        yield _slip(
            "a deal nobody asked for",
            right,
            *("no_wrong_tools", "deals_as_asked"),
            calls=(*right.calls, deal),
            proposed=proposed,
        )
        yield _slip("an approval", right, "nothing_approved", decided=True)
        yield _slip("nothing said", right, "facts_stated", text=_FILLER[case.language])
        if case.must:
            yield _slip("no call", right, "right_tools", calls=())
        if case.unsaid:
            told = f"{right.text} {filled(case.unsaid[0], right.names)[0]}"
            yield _slip("what must not be said", right, "nothing_forbidden", text=told)
        if case.cites:
            yield _slip("no source", right, "cited_where_asked", text=re.sub(r"\[ev_\w+\]", "", right.text))

    def failure(self, case: ChatCase) -> dict[str, Mark]:
        """No answer at all: nothing was said or called; that nothing was approved does not help it."""
        marks = self.grade(case, Answered()).marks
        return {name: Mark(got=0.0, of=mark.of) for name, mark in marks.items()}


_ONE_LINERS = ("cited_where_asked", "language", "nothing_approved", "deals_as_asked")


def _talk(case: ChatCase, sitting: Sitting, workspace: Workspace, world: World) -> Answered:
    recorder = Recorder(workspace)
    config = sitting.room.client.config if sitting.room.client is not None else None
    watch = UsageWatch(UsageMeter(*((config.price_input, config.price_output) if config else ())))
    context = ChatContext(
        workspace=recorder.as_workspace(),
        today=NOW.date(),
        model=_watched(sitting.chat_model, watch),
        token=world.token if case.signed_in else None,
        language=case.language,
    )
    conversation = Conversation(context, InMemorySaver())
    stood, fixed = _proposed(workspace), _fixed(workspace)
    lines = [filled(line, world.names)[0] for line in case.turns]
    for line in lines:
        recorder.calls.clear()
        reply = conversation.ask(line)
    sitting.note_usage(watch.meter.total)
    known: list[JsonValue] = [*recorder.returned, *lines, NOW.date().isoformat()]
    given = cited_ids(f"{recorder.returned} {lines}")
    return Answered(
        text=reply.text,
        by=reply.by,
        calls=tuple(recorder.calls),
        names={name: world.names.get(name, ()) for name in places_of(_texts(case))},
        existing=_existing(workspace, cited_ids(reply.text)),
        given=tuple(one for one in cited_ids(reply.text) if one in given),
        numbers=tuple(sorted(known_numbers(*known))),
        proposed=tuple(sorted(_proposed(workspace) - stood)),
        decided=_fixed(workspace) != fixed,
        asked_model=sitting.asks_model,
    )


def _watched(model: BaseChatModel | None, watch: UsageWatch) -> BaseChatModel | None:
    return None if model is None else model.model_copy(update={"callbacks": [watch]})


def _proposed(workspace: Workspace) -> frozenset[str]:
    """``Company@need`` of each deal that was put before people."""
    with workspace.services.governance.snapshot() as reader:
        threads = {item.commitment.thread_id for item in reader.commitments()}
    store = workspace.services.companies
    deals = [deal for deal in store.deals() if deal.thread_id in threads]
    return frozenset(f"{store.company(deal.company_id).name}@{deal.need_id}" for deal in deals)


def _fixed(workspace: Workspace) -> tuple[object, ...]:
    """Everything that only a person may change."""
    with workspace.services.governance.snapshot() as reader:
        decided = (reader.decisions(), reader.ledger(), reader.outbox(), reader.delegations())
        return (*decided, reader.people(), len(reader.tokens()))


def _existing(workspace: Workspace, ids: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in ids:
        with suppress(InputError):
            found[one] = workspace.services.companies.company(workspace.evidence(one).company_id).name
    return found


def _texts(case: ChatCase) -> tuple[str, ...]:
    groups = (*case.facts, *case.must, case.may, case.unsaid, case.turns)
    return tuple(text for group in groups for text in group)


def _wordings(group: tuple[str, ...], outcome: Answered) -> tuple[str, ...]:
    return tuple(one for text in group for one in filled(text, outcome.names))


def _called(group: tuple[str, ...], outcome: Answered) -> bool:
    return any(Wanted.read(one).fits(call) for one in _wordings(group, outcome) for call in outcome.calls)


def _is_right(case: ChatCase, call: Call, outcome: Answered) -> bool:
    texts = (*(one for group in case.must for one in group), *case.may)
    asked = [Wanted.read(one) for one in _wordings(texts, outcome)]
    partners = {one.partner for one in asked} - {None}
    free = call.name == "needs" or (call.name == "evidence" and call.partner in partners)
    return free or any(one.fits(call) for one in asked)


def _all_but(missing: list[tuple[str, ...]], every: tuple[tuple[str, ...], ...]) -> Mark:
    return Mark(got=float(len(every) - len(missing)), of=float(len(every)))


def _stand_ins(case: ChatCase) -> dict[str, tuple[str, ...]]:
    """A made-up value for each place of a case, of the kind that the workspace would put there."""
    values: dict[str, tuple[str, ...]] = {}
    for at, name in enumerate(places_of(_texts(case))):
        kind = name.partition(":")[0]
        if kind == "score":
            values[name] = (str(Decimal("61.5") + at),)
        elif kind == "evidence":
            values[name] = (_made_id(name.partition(":")[2]),)
        else:
            values[name] = (f"deal-{at:016x}" if kind.endswith("_thread") else f"{kind} value {chr(97 + at)}",)
    return values


def _made_id(name: str) -> str:
    return "ev_" + sha256(name.encode()).hexdigest()[:24]


def _slip(name: str, right: Answered, *hurts: str, **changes: object) -> Mistake[Answered]:
    return Mistake(name=name, outcome=right.model_copy(update=changes), hurts=hurts)


SUITE = ChatSuite()
