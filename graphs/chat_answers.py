"""Answers without a model: one function per intent, in the language of the question, with evidence ids."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from partnership_os.agents.claim_labels import joined, topic_label
from partnership_os.errors import PartnershipError
from partnership_os.graphs.chat_grammar import Intent, Question, understand
from partnership_os.graphs.chat_tools import ChatDesk, evidence_of
from partnership_os.graphs.views import DealState
from partnership_os.graphs.wording.error_wording import told
from partnership_os.graphs.wording.texts import Phrase, Phrases, Texts, approve_command
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import Band, Indicator, PartnerFitScoreCard
from partnership_os.tools.folding import fold

_PROSPECTS_SHOWN = 5
_EVIDENCE_SHOWN = 1_500
_QUOTE_SHOWN = 160
_PRONOUNS = frozenset(("it", "they", "them", "this", "that", "this one", "that one", "هي", "هو", "هذه", "هذا", "تلك"))

def chat_texts(language: str) -> Texts:
    """The chat's phrases in ``en`` or ``ar``."""
    return Texts(language, PHRASES)


class PlainChat:
    """Answers one line by the grammar.

    Args:
        desk: What may be done.
        texts: The language of the answer.
        earlier: What the person typed before in this thread, oldest first; "it" and a need that is left out are
            looked for there.
    """

    def __init__(self, desk: ChatDesk, texts: Texts, earlier: Sequence[str]) -> None:
        self._desk = desk
        self._say = texts
        self._earlier = tuple(filter(None, (understand(line) for line in earlier)))

    def answer(self, question: Question) -> str:
        """The answer in words; an error of the product becomes an answer that says what to do."""
        answers: dict[Intent, Callable[[Question], str]] = {
            Intent.PROSPECTS: self._prospects,
            Intent.CARD: self._card,
            Intent.WHY: self._why,
            Intent.START_DEAL: self._start_deal,
            Intent.SHOW_DEAL: self._show_deal,
            Intent.WAITING: lambda _: self._waiting(),
            Intent.DEALS: lambda _: self._deals(),
            Intent.NEEDS: lambda _: self._needs(),
            Intent.EVIDENCE: self._evidence,
            Intent.HELP: lambda _: self.help(),
            Intent.DECIDE: lambda _: self._cannot_decide(),
        }
        resolved = self._resolved(question)
        if resolved is None:
            return self._say("pronoun")
        try:
            return answers[question.intent](resolved)
        except PartnershipError as error:
            message, fix, remark = told(self._say, error.message, error.fix)
            lines = [self._say("error", message=message), self._say("fix", fix=fix) if fix else None, remark]
            return "\n".join(filter(None, lines))

    def help(self) -> str:
        """What is understood."""
        return self._say("help", **COMMAND_FIELDS)

    def not_understood(self) -> str:
        """Says so, and what is understood instead."""
        return f"{self._say('not_understood')}\n{self.help()}"

    def _resolved(self, question: Question) -> Question | None:
        """The question with "it" replaced by the company that was named last; None where none was named."""
        if question.partner is None or fold(question.partner) not in _PRONOUNS:
            return question
        named = [one.partner for one in self._earlier if one.partner and fold(one.partner) not in _PRONOUNS]
        if not named:
            return None
        return replace(question, partner=named[-1])

    def _prospects(self, question: Question) -> str:
        desk = self._desk
        need = (
            desk.need(question.need) if question.need else desk.need_for(question.partnership_type, question.countries)
        )
        found = desk.find_prospects(need, _PROSPECTS_SHOWN)
        if not found.ranking:
            return self._say("prospects.none", title=need.title)
        report = found.report
        lines: list[str] = [
            self._say(
                "prospects", title=need.title, need=need.need_id, scored=report.scored, known=report.companies_known
            )
        ]
        cards = {card.company_id: card for card in found.cards}
        for row in found.ranking[:_PROSPECTS_SHOWN]:
            card = cards.get(row.company_id)
            verdict = self._verdict(card) if card else self._say(f"band.{row.band.value}")
            cited = _cited(evidence_of(card)[:2]) if card else ""
            lines.append(f"{row.rank}. {self._say.inline(row.company_name)} ({row.company_id}): {verdict}{cited}")
        lines.append(self._say("prospects.more", command=f"/card {found.ranking[0].company_id}"))
        return "\n".join(lines)

    def _verdict(self, card: PartnerFitScoreCard) -> str:
        best, worst, band = (self._say(f"band.{one.value}") for one in (card.best_band, card.worst_band, card.band))
        if card.band is Band.UNKNOWN:
            return self._say("verdict.unknown", best=best, worst=worst)
        return self._say("verdict", band=band, score=f"{card.score or 0:.1f}")

    def _trust(self, card: PartnerFitScoreCard) -> str:
        return self._say("trust", coverage=f"{card.coverage * 100:.0f}", confidence=f"{card.confidence * 100:.0f}")

    def _card(self, question: Question) -> str:
        card = self._desk.card(question.partner or "")
        lines = [
            f"{self._say.inline(card.company_name)} ({card.company_id}): {self._verdict(card)}; {self._trust(card)}.",
            self._say("for_need", need=card.need_id),
            *(self._say("blocked", reason=self._say.of(reason.text)) for reason in card.blocked),
            self._say.of(card.summary),
        ]
        for part in card.dimensions:
            for item in part.indicators:
                if item.points is not None:
                    lines.append(self._indicator(item))
        if card.contradictions:
            topics = joined(topic_label(item.topic) for item in card.contradictions)
            lines.append(self._say("contradictions", topics=self._say.of(topics)))
        if card.rejected_claims:
            lines.append(self._say("rejected", count=len(card.rejected_claims)))
        return "\n".join(lines)

    def _indicator(self, item: Indicator) -> str:
        value = self._say.inline(self._say.of(item.shown) if item.shown is not None else "–")
        quote = self._say.inline(_shortened(item.sources[0].quote)) if item.sources else ""
        said = f" “{quote}”" if quote else ""
        cited = _cited(tuple(dict.fromkeys(source.evidence_id for source in item.sources))[:3])
        return f"- {self._say.of(item.label)}: {value} → {item.points:.0f}{said}{cited}"

    def _why(self, question: Question) -> str:
        card = self._desk.card(question.partner or "")
        verdict = self._verdict(card)
        head = verdict if card.band is Band.UNKNOWN else self._say("not_unknown", verdict=verdict)
        lines = [
            f"{self._say.inline(card.company_name)} ({card.company_id}): {head}; {self._trust(card)}.",
            *(self._say("blocked", reason=self._say.of(reason.text)) for reason in card.blocked),
            self._say("find") if card.facts_to_find else self._say("nothing_to_find"),
        ]
        for number, fact in enumerate(card.facts_to_find, start=1):
            best = self._say(f"band.{fact.band_if_best.value}")
            effect = self._say("fact", gain=f"{fact.coverage_gain * 100:.0f}", best=best)
            lines.append(f"{number}. {self._say.of(fact.question)} ({effect})")
        if card.band_changes:
            lines.append(self._say("changes"))
            lines += [f"- {self._say.of(change.text)}" for change in card.band_changes]
        known = evidence_of(card)
        return "\n".join(lines) + _cited(known[:3])

    def _start_deal(self, question: Question) -> str:
        need = self._need_of_deal(question)
        if need is None:
            return self._say("which_need", command=f"/deal {question.partner} NEED")
        state = self._desk.start_deal(question.partner or "", need)
        return "\n".join((self._say("for_need", need=need.need_id), *situation_lines(self._say, state)))

    def _need_of_deal(self, question: Question) -> PartnershipNeed | None:
        if question.need:
            return self._desk.need(question.need)
        named = [one.need for one in self._earlier if one.need]
        if named:
            return self._desk.need(named[-1])
        seen = self._desk.needs()
        return seen[0] if len(seen) == 1 else None

    def _show_deal(self, question: Question) -> str:
        view = self._desk.deal(question.reference or "")
        return "\n".join(situation_lines(self._say, view.state))

    def _waiting(self) -> str:
        lines: list[str] = []
        for item in self._desk.waiting():
            parties = Phrase(" – ".join(self._say.inline(party) for party in item.commitment.parties))
            who = self._say.approvals(item.still_needed)
            lines.append(self._say("waiting", parties=parties, who=who, commitment=item.commitment.commitment_id))
            if item.may_approve:
                people = self._say.listing(f"{one.name} ({one.person_id})" for one in item.may_approve)
                lines.append("  " + self._say("waiting.able", people=people))
        return "\n".join(lines) or self._say("waiting.none")

    def _cannot_decide(self) -> str:
        ids = (item.commitment.commitment_id for item in self._desk.waiting())
        commands = [f"  partnership {verb} {one}" for one in ids for verb in ("review", "approve")]
        return "\n".join((self._say("cannot_decide"), *commands, self._waiting()))

    def _deals(self) -> str:
        lines = [
            self._say(
                "deal.line",
                partner=state.company_name,
                status=self._say(f"status.{state.status.value}"),
                thread=state.thread_id,
            )
            for state in self._desk.deals()
        ]
        return "\n".join(lines) or self._say("deals.none")

    def _needs(self) -> str:
        lines = [
            self._say(
                "need.line",
                need=need.need_id,
                title=need.title,
                type=self._say(f"type.{need.partnership_type.value}"),
            )
            for need in self._desk.needs()
        ]
        return "\n".join(lines) or self._say("needs.none", **COMMAND_FIELDS)

    def _evidence(self, question: Question) -> str:
        found = self._desk.evidence(question.reference or "")
        head = self._say("evidence", id=f"[{found.evidence_id}]", company=found.company_id, source=found.source)
        return f"{head}\n“{self._say.inline(_shortened(found.text, _EVIDENCE_SHOWN))}”"


def situation_lines(texts: Texts, state: DealState) -> tuple[str, ...]:
    """Where a deal stands, what waits for whom, and the command of the next person."""
    command = approve_command(state)
    ids = f"{state.thread_id} · {state.commitment_id}" if state.commitment_id else state.thread_id
    return (*texts.situation(state), ids, *((command,) if command else ()))


def _cited(evidence_ids: Sequence[str]) -> str:
    return "".join(f" [{one}]" for one in evidence_ids)


def _shortened(text: str, length: int = _QUOTE_SHOWN) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
