"""The scribe: the rules analyst behind HTTP. What it loses against the rules, the path of a model loses."""

from collections.abc import Iterable
from functools import cache
from typing import Any, get_args

from partnership_os.agents.draft_checks import check_draft
from partnership_os.agents.rubric import BAND_LABELS
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.evals.controls.prompts import Task, facts_of, facts_text, shown_company, shown_evidence, task_of
from partnership_os.evals.controls.scribe_chat import converse
from partnership_os.graphs.wording.texts import Texts
from partnership_os.schemas.model_outputs import DraftedNote, ExtractedClaim
from partnership_os.schemas.score_card import Band
from partnership_os.testing.behaviours import Answer, BadRequest, ChatRequest
from partnership_os.tools.lexicon import load_lexicon

__all__ = ["scribe"]

_KINDS = frozenset(get_args(ExtractedClaim.model_fields["kind"].annotation))
"""Kinds that the schema has: what became of a company and its former names are read by rules alone."""
_TERMS_NAMED = 2
_Line = tuple[str, str]


def scribe(request: ChatRequest) -> Answer:
    """The claims of the rules analyst, a plain note, or what a tool says; nothing of its own."""
    match task_of(request):
        case Task.READ:
            reading = _rules().read(shown_company(request), shown_evidence(request))
            return {
                "claims": [
                    {
                        "kind": claim.kind.value,
                        "subject": claim.subject,
                        "number": claim.value,
                        "evidence_id": claim.evidence_id,
                        "quote": claim.quote,
                    }
                    for claim in reading.claims
                    if claim.kind.value in _KINDS
                ]
            }
        case Task.NOTE:
            return _note(facts_of(request), facts_text(request))
        case Task.CHAT:
            return converse(request)
        case _:
            return BadRequest(f"control/scribe does not know {request.schema_name}")


@cache
def _rules() -> RulesAnalyst:
    return RulesAnalyst(load_lexicon())


def _note(facts: dict[str, Any], text: str) -> dict[str, Any]:
    """Those of the lines that a note may hold: a company may be called Guarantee Trust, a clause Signature."""
    for_partner = "clauses" in facts
    kept: list[_Line] = []
    for line in _sheet_lines(facts) if for_partner else _card_lines(facts):
        if check_draft(_drafted([*kept, line]), text, for_partner=for_partner) is None:
            kept.append(line)
    return _drafted(kept).model_dump()


def _drafted(lines: Iterable[_Line]) -> DraftedNote:
    every = tuple(lines)
    return DraftedNote(english=" ".join(en for en, _ in every), arabic=" ".join(ar for _, ar in every))


def _card_lines(card: dict[str, Any]) -> Iterable[_Line]:
    """The band, the strongest and the weakest dimension, what to find out first, blocks and risks."""
    english, arabic = Texts("en"), Texts("ar")
    band = BAND_LABELS[Band(card["band"])]
    name, name_ar = card["company"], card["company_ar"] or card["company"]
    yield "This is the summary of a score card.", "هذا ملخص بطاقة التقييم."
    yield f"{name} is in the band {band.en}.", f"تصنيف شركة {name_ar} هو: {band.ar}."
    known = sorted((part for part in card["dimensions"] if part["score"] is not None), key=lambda part: part["score"])
    for part, word, word_ar in ((known[-1:], "strongest", "أقوى"), (known[:1], "weakest", "أضعف")):
        for one in part:
            key = f"dimension.{one['dimension']}"
            yield f"Its {word} known dimension is {english(key).lower()}.", f"{word_ar} بعد معروف هو {arabic(key)}."
    for question in card["facts_to_find"][:1]:
        yield f"First to find out: {question['en']}", f"أول ما ينبغي معرفته: {question['ar']}"
    for word, word_ar, texts in (("Blocked", "مرفوضة آليًّا", card["blocked"]), ("Risk", "خطر", card["risks"])):
        for one in texts:
            yield f"{word}: {one['en']}", f"{word_ar}: {one['ar']}"


def _sheet_lines(sheet: dict[str, Any]) -> Iterable[_Line]:
    """What is proposed and to whom, two of the terms, and that it binds nobody."""
    kind = f"type.{sheet['partnership_type']}"
    us_ar, them_ar = sheet["us_ar"] or sheet["us"], sheet["them_ar"] or sheet["them"]
    yield "We enclose a term sheet that is a draft for discussion.", "نرفق لكم ورقة شروط هي مسودة للنقاش."
    yield (
        f"It proposes a {Texts('en')(kind)} partnership between {sheet['us']} and {sheet['them']}.",
        f"وهي تقترح شراكة ({Texts('ar')(kind)}) بين شركة {us_ar} وشركة {them_ar}.",
    )
    for clause in [clause for clause in sheet["clauses"] if clause["terms"]][:_TERMS_NAMED]:
        title = clause["title"]
        yield f"Among its terms is: {title['en']}.", f"ومن بنودها: {title['ar']}."
    yield "It binds nobody, and we look forward to your thoughts.", "وهي لا تلزم أحدًا، ونتطلع إلى ملاحظاتكم."
