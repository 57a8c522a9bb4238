"""The model analyst: a model reads texts into claims and drafts prose; code believes neither before it has checked.

A claim needs a quote that occurs in its source; a draft may hold only numbers that its card or sheet holds. Claims come
on top of what the rules analyst has read (`graphs.casework` joins the two). When the model cannot be used, its reading
is empty and says why; a note is then written by the rules analyst, and says so.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from pydantic import ValidationError

from partnership_os.agents.analyst import Analyst, Note, Reading, engine_label
from partnership_os.agents.draft_checks import card_facts, check_draft, sheet_facts
from partnership_os.errors import ModelError
from partnership_os.llm.chat import ChatConfig, ChatMessage, Completion
from partnership_os.prompts.library import Prompt, load_prompt
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import SOURCE_QUALITY, Claim, ClaimKind, Evidence, RejectedClaim, RejectionReason
from partnership_os.schemas.model_outputs import DraftedNote, ExtractedClaim, ExtractedClaims, StrictOutput
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp, ModelUsage
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.claim_verification import ClaimCandidate, verify_claim
from partnership_os.tools.claim_words import MEASURES, OWNERSHIPS, PROGRAMMES, REGULATORS
from partnership_os.tools.lexicon import Lexicon
from partnership_os.tools.statements import CONCEPTS_OF

OutputT = TypeVar("OutputT", bound=StrictOutput)

TEXT_BUDGET = 12_000
"""Characters of evidence in one prompt: about 3,000 to 6,000 tokens, more for Arabic."""
MOST_TEXTS = 40
MOST_CLAIMS = 150
"""Claims of one reading that are looked at; a score card has room for 200 rejected ones."""
_PROMPTS = ("cover_note", "read_company", "repair", "summarise_card")
_SUBJECTS: Mapping[ClaimKind, Iterable[str]] = {
    ClaimKind.PARTNER_PROGRAMME: PROGRAMMES,
    ClaimKind.OWNERSHIP: OWNERSHIPS,
    ClaimKind.REGULATED: REGULATORS,
    ClaimKind.SCALE: MEASURES,
    ClaimKind.FOUNDED: ("year",),
}


class TypedChat(Protocol):
    """What the analyst needs of a chat client; `llm.chat.ChatClient` is one."""

    @property
    def config(self) -> ChatConfig:
        """Where the model is."""
        ...

    def complete(
        self, messages: Sequence[ChatMessage], schema: type[OutputT], name: str, repair: Callable[[str], str]
    ) -> Completion[OutputT]:
        """Like `llm.chat.ChatClient.complete`."""
        ...


class ModelAnalyst:
    """Implements `agents.analyst.Analyst` with a chat model.

    Args:
        client: The model.
        lexicon: The concepts that a claim may be about.
        fallback: Who writes when the model cannot be used: the rules analyst.
    """

    def __init__(self, client: TypedChat, lexicon: Lexicon, fallback: Analyst) -> None:
        self._client = client
        self._lexicon = lexicon
        self._fallback = fallback
        self._prompts = {name: load_prompt(name) for name in _PROMPTS}
        self._concepts = subjects_text(lexicon)

    @property
    def stamp(self) -> AnalystStamp:
        """The model, and the version of each prompt that it is given."""
        return AnalystStamp(
            analyst=AnalystKind.MODEL,
            model=self._client.config.model,
            prompts=tuple(self._prompts[name].stamp for name in _PROMPTS),
            engine=engine_label(),
        )

    def read(self, company: Company, evidence: Sequence[Evidence]) -> Reading:
        """Claims that the model found and code verified; without texts the model is not asked.

        When the model fails there are none, and ``failure`` says why.
        """
        if not evidence:
            return Reading(claims=())
        shown = within_budget(evidence)
        messages = self._prompts["read_company"].messages(
            concepts=self._concepts,
            company=_one_line(" / ".join(company.names)),
            texts="\n\n".join(f"<<<{item.evidence_id}\n{text}\n{item.evidence_id}>>>" for item, text in shown),
        )
        try:
            done = self._client.complete(messages, ExtractedClaims, "extracted_claims", self._ask_again)
        except ModelError as error:
            failure = f"model failed: {error.details['kind']}; read by the rules analyst"
            return Reading(claims=(), usage=error.details["usage"], failure=failure)
        claims, rejected = self._verify(done.value.claims, company, evidence)
        return Reading(claims=claims, rejected=rejected, usage=done.usage)

    def summarise(self, card: PartnerFitScoreCard) -> Note:
        """Prose for a computed card."""
        return self._draft(
            self._prompts["summarise_card"],
            "card",
            card_facts(card),
            lambda: self._fallback.summarise(card),
        )

    def cover_note(self, sheet: PartnerTermSheet) -> Note:
        """The note that goes with a sheet; the model sees the sheet and nothing else of ours."""
        return self._draft(
            self._prompts["cover_note"],
            "sheet",
            sheet_facts(sheet),
            lambda: self._fallback.cover_note(sheet),
        )

    def _ask_again(self, problem: str) -> str:
        return self._prompts["repair"].render(problem=problem)

    def _draft(self, prompt: Prompt, field: str, facts: str, by_rules: Callable[[], Note]) -> Note:
        usage: ModelUsage
        try:
            done = self._client.complete(
                prompt.messages(**{field: facts}), DraftedNote, "drafted_note", self._ask_again
            )
        except ModelError as error:
            usage, problem = error.details["usage"], f"model failed: {error.details['kind']}"
        else:
            usage, found = done.usage, check_draft(done.value, facts, for_partner=field == "sheet")
            if found is None:
                text = BilingualText(en=done.value.english, ar=done.value.arabic)
                return Note(text=text, usage=usage, made_by=self.stamp)
            problem = f"model draft not used: {found}"
        note = by_rules()
        return note.model_copy(update={"usage": usage, "failure": f"{problem}; written by the rules analyst"})

    def _verify(
        self, found: Sequence[ExtractedClaim], company: Company, evidence: Sequence[Evidence]
    ) -> tuple[tuple[Claim, ...], tuple[RejectedClaim, ...]]:
        by_id = {item.evidence_id: item for item in evidence}
        accepted: dict[str, Claim] = {}
        rejected: dict[RejectedClaim, None] = {}
        for item in found[:MOST_CLAIMS]:
            result = self._verify_one(item, company, by_id)
            if isinstance(result, Claim):
                accepted.setdefault(result.claim_id, result)
            else:
                rejected.setdefault(result)
        if len(found) > MOST_CLAIMS:
            left_out = f"{len(found) - MOST_CLAIMS} further claims were not read; one reading holds {MOST_CLAIMS}"
            rejected.setdefault(_rejected(found[MOST_CLAIMS], left_out))
        return tuple(accepted[key] for key in sorted(accepted)), tuple(rejected)

    def _verify_one(
        self, item: ExtractedClaim, company: Company, evidence: dict[str, Evidence]
    ) -> Claim | RejectedClaim:
        if item.number is not None and not math.isfinite(item.number):
            return _rejected(item, "the number is not finite")
        try:
            candidate = ClaimCandidate(
                kind=item.kind,
                subject=item.subject,
                value=item.number,
                evidence_id=item.evidence_id,
                quote=item.quote,
            )
        except ValidationError as error:
            return _rejected(item, f"{error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}")
        return verify_claim(candidate, company, evidence, self._lexicon)


def subjects_text(lexicon: Lexicon) -> str:
    """The subjects that a claim may have, one line per kind. It depends on nothing else, so that it can be cached."""
    subjects = {kind: _concepts_of(lexicon, kind) for kind in CONCEPTS_OF} | {**_SUBJECTS}
    lines = [f"- {kind.value}: {', '.join(sorted(allowed))}" for kind, allowed in subjects.items()]
    return "\n".join([*lines, "- operates_in: the ISO 3166-1 alpha-2 code of a country, for example SA"])


def _concepts_of(lexicon: Lexicon, kind: ClaimKind) -> tuple[str, ...]:
    return tuple(slug for part in sorted(CONCEPTS_OF[kind]) for slug in lexicon.slugs(part))


def within_budget(evidence: Sequence[Evidence], budget: int = TEXT_BUDGET) -> tuple[tuple[Evidence, str], ...]:
    """The texts that fit a prompt: the best sources first, each with a fair share of the budget, cut at a word.

    What a short text leaves over goes to the longer ones. The result does not depend on the order of the input.
    """
    ordered = sorted(evidence, key=lambda item: (-SOURCE_QUALITY[item.source_kind], item.evidence_id))[:MOST_TEXTS]
    room: dict[str, int] = {}
    left = budget
    for waiting, item in enumerate(sorted(ordered, key=lambda item: (len(item.text), item.evidence_id))):
        room[item.evidence_id] = min(len(item.text), left // (len(ordered) - waiting))
        left -= room[item.evidence_id]
    return tuple((item, _as_data(_cut(item.text, room[item.evidence_id]))) for item in ordered)


def _cut(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    end = max(text.rfind(blank, 0, room + 1) for blank in (" ", "\n"))
    return text[: end if end > 0 else room].rstrip()


def _as_data(text: str) -> str:
    """Text that cannot end its own frame: the marks around it do not occur inside."""
    return text.replace("<<<", "‹‹‹").replace(">>>", "›››")


def _one_line(text: str) -> str:
    return _as_data(" ".join(text.split()))


def _rejected(item: ExtractedClaim, detail: str) -> RejectedClaim:
    return RejectedClaim(
        kind=item.kind,
        subject=item.subject[:200],
        evidence_id=item.evidence_id[:120],
        quote=item.quote[:8_000],
        reason=RejectionReason.MALFORMED,
        detail=detail[:500],
    )
