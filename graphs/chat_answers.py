"""Answers without a model: one function per intent, in the language of the question, with evidence ids."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from partnership_os.agents.claim_labels import joined, topic_label
from partnership_os.agents.sheet_text import Language, bilingual, format_value, wording
from partnership_os.errors import InputError, PartnershipError
from partnership_os.graphs.chat_grammar import Intent, Question, understand
from partnership_os.graphs.chat_phrases import COMMAND_FIELDS, PHRASES
from partnership_os.graphs.chat_tools import ChatDesk, evidence_of
from partnership_os.graphs.views import DealState
from partnership_os.graphs.wording.error_wording import told
from partnership_os.graphs.wording.texts import Phrase, Texts, approve_command
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import Band, Indicator, PartnerFitScoreCard
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.folding import fold

_PROSPECTS_SHOWN = 5
_EVIDENCE_SHOWN = 1_500
_QUOTE_SHOWN = 160
_PRONOUNS = frozenset(("it", "they", "them", "this", "that", "this one", "that one", "هي", "هو", "هذه", "هذا", "تلك"))
_NEEDS_SCORED = 3
"""For so many needs a company that no card is stored of is scored at once."""
_RANKED = re.compile(r"^\d+\. .*\((co_[^\s()]+)\): ", re.MULTILINE)
_PLACES = (
    frozenset(("first", "1st", "top", "best", "الاول", "الاولي")),
    frozenset(("second", "2nd", "الثاني", "الثانيه")),
    frozenset(("third", "3rd", "الثالث", "الثالثه")),
    frozenset(("fourth", "4th", "الرابع", "الرابعه")),
    frozenset(("fifth", "5th", "الخامس", "الخامسه")),
)
_PLACE = re.compile(r"(?:the )?(?P<place>\w+)(?: (?:one|company|partner))?|(?:الشركه|الشريك) (?P<arabic>\w+)")


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
        ranked: Ids of the ranking that was shown last, for "the first one"; see `ranked_in`.
    """

    def __init__(self, desk: ChatDesk, texts: Texts, earlier: Sequence[str], ranked: Sequence[str] = ()) -> None:
        self._desk = desk
        self._ranked = tuple(ranked)
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
            Intent.DEALS: self._deals,
            Intent.DEAL_RULES: lambda _: self._say("deal_rules"),
            Intent.NEEDS: lambda _: self._needs(),
            Intent.EVIDENCE: self._evidence,
            Intent.HELP: lambda _: self.help(),
            Intent.DECIDE: lambda _: self._cannot_decide(),
        }
        resolved = self._resolved(question)
        if resolved is None:
            return self._say("pronoun")
        try:
            said = answers[question.intent](resolved)
            return "\n".join((said, self._cannot_decide())) if question.decides else said
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
        """The question with "it" and "the first one" replaced by the company that is meant; None where none is."""
        partner = question.partner
        if partner is not None and fold(partner) in _PRONOUNS:
            named = [one.partner for one in self._earlier if one.partner and fold(one.partner) not in _PRONOUNS]
            if not named:
                return None
            partner = named[-1]
        place = _place(partner or "")
        if place is not None:
            if place >= len(self._ranked):
                return None
            partner = self._ranked[place]
        return replace(question, partner=partner)

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
        partner = question.partner or ""
        if question.other is not None:
            need = self._need_named(question)
            return "\n".join("\n".join(self._short(self._desk.card(one, need))) for one in (partner, question.other))
        cards = self._cards(partner, self._need_named(question))
        if len(cards) > 1:
            return "\n".join(line for card in cards for line in self._short(card))
        return "\n".join(self._full(cards[0]))

    def _need_named(self, question: Question) -> str | None:
        if question.need is not None or question.partnership_type is None:
            return question.need
        return self._desk.need_for(question.partnership_type, ()).need_id

    def _cards(self, partner: str, need: str | None) -> tuple[PartnerFitScoreCard, ...]:
        """The card of a partner; of one that no ranking kept, and so no card, those for the few known needs."""
        try:
            return (self._desk.card(partner, need),)
        except InputError:
            company = self._desk.company(partner)
            needs = self._desk.needs()
            if need is not None or not 0 < len(needs) <= _NEEDS_SCORED:
                raise
            return tuple(self._desk.card(company.company_id, one.need_id) for one in needs)

    def _head(self, card: PartnerFitScoreCard, verdict: str) -> str:
        return f"{self._say.inline(card.company_name)} ({card.company_id}): {verdict}; {self._trust(card)}."

    def _blocked(self, card: PartnerFitScoreCard) -> Iterator[str]:
        for reason in card.blocked:
            cited = _cited((reason.evidence_id,)) if reason.evidence_id else ""
            yield self._say("blocked", reason=self._say.of(reason.text)) + cited

    def _short(self, card: PartnerFitScoreCard) -> Iterator[str]:
        """The verdict for one need, with sources."""
        yield self._head(card, self._verdict(card)) + _cited(evidence_of(card)[:3])
        yield self._say("for_need", need=card.need_id)
        yield from self._blocked(card)

    def _full(self, card: PartnerFitScoreCard) -> Iterator[str]:
        yield self._head(card, self._verdict(card))
        yield self._say("for_need", need=card.need_id)
        yield from self._blocked(card)
        yield self._say.of(card.summary)
        for item in card.indicators:
            if item.points is not None:
                yield self._indicator(item)
        if card.contradictions:
            topics = joined(topic_label(item.topic) for item in card.contradictions)
            yield self._say("contradictions", topics=self._say.of(topics))
        if card.rejected_claims:
            yield self._say("rejected", count=len(card.rejected_claims))

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
            self._head(card, head),
            *self._blocked(card),
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
            lines.append("  " + self._say("deal.expires", moment=item.expires_at.strftime("%Y-%m-%d %H:%M")))
        return "\n".join(lines) or self._say("waiting.none")

    def _cannot_decide(self) -> str:
        ids = (item.commitment.commitment_id for item in self._desk.waiting())
        commands = [f"  partnership {verb} {one}" for one in ids for verb in ("review", "approve")]
        return "\n".join((self._say("cannot_decide"), *commands, self._waiting()))

    def _deals(self, question: Question) -> str:
        deals = self._desk.deals()
        if question.partner is not None:
            return self._deals_with(question.partner, deals, question.term)
        lines = [
            self._say(
                "deal.line",
                partner=state.company_name,
                status=self._say(f"status.{state.status.value}"),
                thread=state.thread_id,
            )
            for state in deals
        ]
        return "\n".join((self._say("deals.count", count=len(deals)), *lines)) if lines else self._say("deals.none")

    def _deals_with(self, partner: str, deals: Sequence[DealState], term: str | None) -> str:
        company = self._desk.company(partner)
        lines: list[str] = []
        for state in deals:
            if state.company_id == company.company_id:
                sheet = self._desk.deal(state.thread_id).sheet if term else None
                lines += situation_lines(self._say, state)
                lines += self._terms(sheet, term) if sheet is not None and term else ()
        return "\n".join(lines) or self._say("deals.none_with", partner=company.name)

    def _terms(self, sheet: PartnerTermSheet, asked: str) -> Iterator[str]:
        """What the sheet states of a term: every value whose name holds all words of the question."""
        language: Language = "ar" if self._say.language == "ar" else "en"
        labels = {name: bilingual(label, language) for name, label in wording().terms.items()}
        stated = [value for clause in sheet.clauses for value in clause.terms if value.name in labels]
        words = fold(asked).split()
        found = [value for value in stated if all(word in fold(labels[value.name]) for word in words)]
        yield self._say("sheet", partner=sheet.them.name, version=sheet.version)
        for value in found:
            yield f"- {labels[value.name]}: {self._say.inline(format_value(value, language))}"
        if not found:
            yield self._say("sheet.none", term=asked, terms=self._say.listing(labels[value.name] for value in stated))

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


def ranked_in(answers: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Ids of the companies of the last ranking that the rules showed, in its order.

    Args:
        answers: ``(who answered, text)``, oldest first. A model may have ranked otherwise since; then none count.
    """
    for by, text in reversed(answers):
        if by != "rules":
            return ()
        ranked = _RANKED.findall(text)
        if ranked:
            return tuple(ranked)
    return ()


def _place(partner: str) -> int | None:
    """0 for "the first one", 1 for "the second", and so on; None for a name."""
    found = _PLACE.fullmatch(fold(partner))
    word = (found.group("place") or found.group("arabic")) if found is not None else None
    return next((at for at, words in enumerate(_PLACES) if word in words), None)


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
