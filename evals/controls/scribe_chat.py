"""The scribe in conversation: the grammar of the chat chooses the tool, and the tool's result is the whole answer."""

from collections.abc import Callable, Iterator
from typing import Any

from partnership_os.evals.controls.prompts import Turn, turn_of
from partnership_os.graphs.chat_actions import START_DEAL
from partnership_os.graphs.chat_answers import chat_texts
from partnership_os.graphs.chat_grammar import Intent, Question, understand
from partnership_os.graphs.views import DealState
from partnership_os.graphs.wording.error_wording import told
from partnership_os.graphs.wording.texts import Phrases, Texts
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.score_card import Band
from partnership_os.testing.behaviours import Answer, ChatRequest, ToolCalls
from partnership_os.tools.folding import fold

__all__ = ["converse"]

_PRONOUNS = frozenset(("it", "they", "them", "this", "that", "this one", "that one", "هي", "هو", "هذه", "هذا", "تلك"))
_CITED = 3
_WORDS: Phrases = {
    "unknown": ("I do not know: none of my tools answers that.", "لا أعرف: لا توجد لدي أداة تجيب عن ذلك."),
    "able": (
        "I can look things up and propose a deal, and I can never approve one. My tools: {tools}.",
        "أستطيع البحث واقتراح صفقة، ولا أستطيع الموافقة على أي صفقة أبدًا. أدواتي: {tools}.",
    ),
    "no_evidence": ("There is no evidence for it.", "لا يوجد دليل على ذلك."),
    "needs.which": ("Which of these needs do you mean?", "أي هذه الاحتياجات تقصد؟"),
    "prospect": ("{rank}. {name}: {verdict}", "{rank}. {name}: {verdict}"),
    "indicator": ("- {label}: {value}", "- {label}: {value}"),
    "indicators": ("What is known:", "المعروف، كما في بطاقة التقييم:"),
}


def converse(request: ChatRequest) -> Answer:
    """One step of a turn: a call of the tool that the line asks for, or the answer that its result gives."""
    turn = turn_of(request)
    return _Step(turn).take()


class _Step:
    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._say = chat_texts(turn.language)
        self._own = Texts(turn.language, _WORDS)
        self._earlier = tuple(filter(None, (understand(line) for line in turn.earlier)))

    def take(self) -> Answer:
        question = understand(self._turn.line)
        if question is None:
            return str(self._own("unknown"))
        if question.intent is Intent.HELP:
            return str(self._own("able", tools=", ".join(self._turn.tools)))
        failed = [value for name, value in self._turn.results if name == "error"]
        if failed:
            return self._error(failed[0])
        name, arguments = self._wanted(question)
        if name is None:
            return self._which_need(question)
        done = [value for tool, value in self._turn.results if tool == name]
        if done:
            return "\n".join(filter(None, self._answers(question)[name](done[-1])))
        return ToolCalls(((name, arguments),)) if name in self._turn.tools else str(self._own("unknown"))

    def _wanted(self, question: Question) -> tuple[str | None, dict[str, Any]]:
        """The tool that answers the question; None where it needs a need and which one is open."""
        partner = {"partner": self._named(question)}
        if question.intent in (Intent.PROSPECTS, Intent.START_DEAL):
            need = question.need or self._need(question)
            if need is None:
                return (None if self._needs() is not None else "list_needs"), {}
            if question.intent is Intent.PROSPECTS:
                return "find_prospects", {"need": need, "top": 5}
            return START_DEAL, {**partner, "need": need}
        plain: dict[Intent, tuple[str, dict[str, Any]]] = {
            Intent.CARD: ("explain_card", partner),
            Intent.WHY: ("why_unknown", partner),
            Intent.SHOW_DEAL: ("show_deal", {"thread_id": question.reference or ""}),
            Intent.EVIDENCE: ("read_evidence", {"evidence_id": question.reference or ""}),
            Intent.DEALS: ("list_deals", {}),
            Intent.NEEDS: ("list_needs", {}),
        }
        return plain.get(question.intent, ("what_waits", {}))

    def _named(self, question: Question) -> str:
        """The partner; "it" is the one that was named last."""
        partner = question.partner or ""
        if fold(partner) not in _PRONOUNS:
            return partner
        named = [one.partner for one in self._earlier if one.partner and fold(one.partner) not in _PRONOUNS]
        return named[-1] if named else partner

    def _needs(self) -> list[dict[str, Any]] | None:
        return next((value for name, value in self._turn.results if name == "list_needs"), None)

    def _need(self, question: Question) -> str | None:
        """The one need that fits the question; None where none or several do."""
        named = [one.need for one in self._earlier if one.need]
        if named and question.intent is Intent.START_DEAL:
            return named[-1]
        fitting = [
            need
            for need in self._needs() or []
            if question.partnership_type in (None, need["partnership_type"])
            and (not question.countries or set(question.countries) & set(need["regions"]))
        ]
        return fitting[0]["need_id"] if len(fitting) == 1 else None

    def _which_need(self, question: Question) -> str:
        lines = list(self._need_lines(self._needs() or []))
        return "\n".join([self._own("needs.which"), *lines] if self._needs() else lines)

    def _answers(self, question: Question) -> dict[str, Callable[[Any], Iterator[str]]]:
        return {
            "list_needs": self._need_lines,
            "find_prospects": self._prospect_lines,
            "explain_card": self._card_lines,
            "why_unknown": self._why_lines,
            "what_waits": lambda items: self._waiting_lines(items, question),
            "list_deals": self._deal_lines,
            "show_deal": lambda deal: iter(self._say.situation(DealState.model_validate(deal["state"]))),
            # What a new deal waits for is said by code below the answer.
            START_DEAL: lambda state: iter((self._say("for_need", need=state["need_id"]),)),
            "read_evidence": self._evidence_lines,
        }

    def _error(self, error: dict[str, Any]) -> str:
        message, fix, remark = told(self._say, str(error.get("message", "")), error.get("fix"))
        lines = [self._say("error", message=message), self._say("fix", fix=fix) if fix else None, remark]
        return "\n".join(filter(None, lines))

    def _need_lines(self, needs: list[dict[str, Any]]) -> Iterator[str]:
        for need in needs:
            kind = self._say(f"type.{need['partnership_type']}")
            yield self._say("need.line", need=need["need_id"], title=need["title"], type=kind)
        if not needs:
            yield self._own("unknown")

    def _verdict(self, card: dict[str, Any]) -> str:
        band, best, worst = (self._say(f"band.{card.get(key) or card['band']}") for key in _BANDS)
        if card["band"] == Band.UNKNOWN and "worst_band" in card:
            return self._say("verdict.unknown", best=best, worst=worst)
        if card["score"] is None:
            return band
        return self._say("verdict", band=band, score=f"{card['score']:.1f}")

    def _cited(self, evidence_ids: list[str]) -> str:
        each = list(dict.fromkeys(evidence_ids))[:_CITED]
        return "".join(f" [{one}]" for one in each) or f" {self._own('no_evidence')}"

    def _prospect_lines(self, found: dict[str, Any]) -> Iterator[str]:
        yield self._say("for_need", need=found["need_id"])
        for row in found["ranking"]:
            said = self._own("prospect", rank=row["rank"], name=row["company_name"], verdict=self._verdict(row))
            yield said + self._cited(row["evidence_ids"])

    def _head(self, card: dict[str, Any]) -> str:
        trust = self._say(
            "trust", coverage=f"{card['coverage'] * 100:.0f}", confidence=f"{card['confidence'] * 100:.0f}"
        )
        return f"{self._say.inline(card['company_name'])} ({card['company_id']}): {self._verdict(card)}; {trust}."

    def _card_lines(self, card: dict[str, Any]) -> Iterator[str]:
        yield self._head(card)
        yield self._say.of(BilingualText.model_validate(card["summary"]))
        known = [item for part in card["dimensions"] for item in part["known_indicators"]]
        if known:
            yield self._own("indicators")
        for item in known:
            ids = [source["evidence_id"] for source in item["sources"]]
            yield self._own("indicator", label=item["label"], value=item["value"] or "–") + self._cited(ids)

    def _why_lines(self, card: dict[str, Any]) -> Iterator[str]:
        yield self._head(card)
        for reason in card["blocked"]:
            yield self._say("blocked", reason=self._of(reason["text"]))
        facts = card["facts_to_find"]
        yield self._say("find") if facts else self._say("nothing_to_find")
        for number, fact in enumerate(facts, start=1):
            best = self._say(f"band.{fact['band_if_best']}")
            effect = self._say("fact", gain=f"{fact['coverage_gain'] * 100:.0f}", best=best)
            yield f"{number}. {self._of(fact['question'])} ({effect})"

    def _of(self, text: dict[str, Any]) -> str:
        return self._say.of(BilingualText.model_validate(text))

    def _waiting_lines(self, items: list[dict[str, Any]], question: Question) -> Iterator[str]:
        if question.intent is Intent.DECIDE:
            yield self._say("cannot_decide")
            yield from (f"partnership approve {item['commitment_id']}" for item in items)
        for item in items:
            needed = [ApprovalRequirement.model_validate(one) for one in item["still_needed"]]
            parties, who = " – ".join(item["parties"]), self._say.approvals(needed)
            yield self._say("waiting", parties=parties, who=who, commitment=item["commitment_id"])
        if not items:
            yield self._say("waiting.none")

    def _deal_lines(self, deals: list[dict[str, Any]]) -> Iterator[str]:
        for deal in deals:
            status = self._say(f"status.{deal['status']}")
            yield self._say("deal.line", partner=deal["company_name"], status=status, thread=deal["thread_id"])
        if not deals:
            yield self._say("deals.none")

    def _evidence_lines(self, item: dict[str, Any]) -> Iterator[str]:
        cited = f"[{item['evidence_id']}]"
        yield self._say("evidence", id=cited, company=item["company_id"], source=item["source"])
        yield f"“{self._say.inline(' '.join(item['untrusted_text'].split()))}”"


_BANDS = ("band", "best_band", "worst_band")
"""Where a card or a row of a ranking says its bands; a row has no worst one."""
