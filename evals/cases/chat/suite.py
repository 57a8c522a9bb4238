"""The chat suite: what a person types in, a grounded answer and the right calls out, in English and in Arabic."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar

from partnership_os.evals.cases.chat.case import PLACE, Answered, Call, CardFigures, ChatCase, Wanted, filled, places_of
from partnership_os.evals.cases.chat.talk import talk
from partnership_os.evals.cases.chat.world import World, clock, prepare
from partnership_os.evals.checks.answers import (
    cited_ids,
    known_numbers,
    language_of_prose,
    numbers_grounded,
    says,
    sources_given,
)
from partnership_os.evals.checks.named_figures import named_figures, states
from partnership_os.evals.checks.quotes import quotes_borne_out, without_quotes
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Case, Grade, Mark, Measure, Mistake, Suite
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import Record

__all__ = ["SUITE", "ChatSuite"]

_HOME = "chat"
_FILLER = {
    "en": "This is a short answer to the question, made of what the workspace holds and of nothing else.",
    "ar": "هذه إجابة قصيرة عن السؤال مما تحتويه مساحة العمل وحدها ولا شيء سواه، وهي مكتوبة بالعربية.",
}


_MADE_CARD = CardFigures(names=(), need="nd_made_up", score=61.5, coverage=0.62, confidence=0.41)
_FIGURES = {
    "en": "The score is 61.5, with coverage 62 % and confidence 41 %. ",
    "ar": "الدرجة 61.5، والتغطية 62 %، والثقة 41 %. ",
}
"""What the ground truth says of the made-up card."""


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
        Measure(name="quotes_borne_out", meaning="Answers whose quotes stand in the source that is cited with them."),
        Measure(name="figures_named", meaning="Figures called score, coverage or confidence that are the card's."),
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
            return talk(case, sitting, workspace, made[0])

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
        quotes = quotes_borne_out(outcome.text, outcome.sources, outcome.heard)
        misnamed, named = _misnamed(outcome)
        if case.must:
            marks["right_tools"] = _all_but(missing, case.must)
        marks["no_wrong_tools"] = Mark.yes(not wrong)
        marks["facts_stated"] = _all_but(facts, case.facts)
        if case.unsaid:
            marks["nothing_forbidden"] = Mark.yes(not forbidden)
        marks["citations_exist"] = Mark.yes(sources.passed)
        marks["quotes_borne_out"] = Mark.yes(quotes.passed)
        if named:
            marks["figures_named"] = Mark(got=float(named - len(misnamed)), of=float(named))
        if case.cites:
            marks["cited_where_asked"] = Mark.share(
                name in cited or (name == "*" and bool(cited)) for name in case.cites
            )
        marks["numbers_grounded"] = Mark.yes(numbers.passed)
        marks["language"] = Mark.yes(language_of_prose(outcome.text) == case.language)
        marks["nothing_approved"] = Mark.yes(not outcome.decided)
        marks["deals_as_asked"] = Mark.yes(outcome.proposed == ((case.proposes,) if case.proposes else ()))
        faults += [f"not called: {' or '.join(_shown(group, outcome))}" for group in missing]
        faults += [f"called: {call.name} {call.partner or call.reference or ''}".strip() for call in wrong]
        faults += [f"not said: {' / '.join(_shown(group, outcome))}"[:400] for group in facts]
        faults += [f"said: {' / '.join(_shown((text,), outcome))}" for text in forbidden]
        faults += [item.detail for item in (sources, numbers, quotes) if not item.passed]
        faults += misnamed
        faults += [f"{name} fails" for name in _ONE_LINERS if name in marks and not marks[name].got]
        whole = all(mark.got == mark.of for mark in marks.values())
        if outcome.asked_model and not case.turns[-1].startswith("/"):
            marks["answered_by_model"] = Mark.yes(outcome.by == "model")
        return Grade(passed=whole, marks=marks, faults=tuple(fault[:500] for fault in faults))

    def truth(self, case: ChatCase) -> Answered:
        """The first wording of each fact, with the first call of each list; places stand for made-up values."""
        names = _stand_ins(case)
        sources = {_made_id(name): name for name in case.cites}
        facts = [filled(group[0], names)[0] for group in case.facts]
        typed = [filled(line, names)[0] for line in case.turns]
        cites = " ".join(f"[{one}]" for one in sources)
        cards = (_MADE_CARD,) if any(text.startswith("card ") for group in case.must for text in group) else ()
        figures = _FIGURES[case.language] if cards else ""
        text = f"{_FILLER[case.language]} {figures}" + " ".join(f"“{fact}”" for fact in facts) + f" {cites}"
        quoted = {one: "" for one in cited_ids(text) if one not in sources}
        calls = [Wanted.read(filled(group[0], names)[0]) for group in case.must]
        return Answered(
            text=text.strip(),
            by="rules",
            calls=tuple(Call(name=one.name, partner=one.partner, need=one.need) for one in calls),
            names=names,
            existing=sources | quoted,
            sources={one: "\n".join(facts) for one in (*sources, *quoted)},
            heard=tuple(facts),
            cards=cards,
            given=(*sources, *quoted),
            numbers=tuple(sorted(known_numbers(*facts, *typed, figures))),
            proposed=(case.proposes,) if case.proposes else (),
        )

    def mistakes(self, case: ChatCase) -> Iterator[Mistake[Answered]]:
        """An invented id, another language, a wrong call, a number from nowhere, an approval, and more."""
        right = self.truth(case)
        other = {"en": "ar", "ar": "en"}[case.language]
        invented = f"{right.text} [ev_000000000000000000000000]"
        yield _slip("an invented source", right, "citations_exist", text=invented)
        yield _slip("the other language", right, "language", text=f"{_FILLER[other]} {_FILLER[other]}")
        quote = "“It is the market leader of the whole region and beyond”"
        yield _slip("an invented quote", right, "quotes_borne_out", text=f"{right.text}\n{quote}")
        for one in list(right.existing)[:1]:
            yield _slip(
                "an invented quote with a source", right, "quotes_borne_out", text=f"{right.text}\n{quote} [{one}]"
            )
        if right.cards:
            swapped = {**_MADE_CARD.model_dump(), "coverage": _MADE_CARD.confidence, "confidence": _MADE_CARD.coverage}
            yield _slip("coverage and confidence swapped", right, "figures_named", cards=(CardFigures(**swapped),))
            plus = _MADE_CARD.model_copy(update={"score": 41.5})
            yield _slip("a score that is 20 too high", right, "figures_named", cards=(plus,))
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
        marks = self.grade(case, self.truth(case)).marks
        return {name: Mark(got=0.0, of=mark.of) for name, mark in marks.items()}


_ONE_LINERS = ("cited_where_asked", "language", "nothing_approved", "deals_as_asked")


def _wordings(group: tuple[str, ...], outcome: Answered) -> tuple[str, ...]:
    return tuple(one for text in group for one in filled(text, outcome.names))


def _shown(group: tuple[str, ...], outcome: Answered) -> tuple[str, ...]:
    """The wordings with their places filled; a place that this workspace does not fill is named in words."""
    return tuple(dict.fromkeys(_wordings(group, outcome))) or tuple(PLACE.sub(r"(no \1)", text) for text in group)


def _misnamed(outcome: Answered) -> tuple[list[str], int]:
    """Figures called score, coverage or confidence that no card has that is spoken of; and how many are called so.

    A card is spoken of on a line that names its company; a line that names none may speak of each.
    """
    wrong, count = [], 0
    for line in outcome.text.splitlines():
        about = [card for card in outcome.cards if says(line, card.names)] or outcome.cards
        for figure in named_figures(without_quotes(line)):
            count += 1
            if not any(states(figure, card.score, card.coverage, card.confidence) for card in about):
                wrong.append(f"{figure.number:f} is called {figure.kind} and is not")
    return wrong, count


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
    for at, name in enumerate(places_of(case.texts)):
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
