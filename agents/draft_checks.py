"""What a drafted note may be made of: the facts it is given, and the checks that it has to pass."""

import json
import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from partnership_os.schemas.model_outputs import DraftedNote
from partnership_os.schemas.score_card import DimensionScore, PartnerFitScoreCard
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.numbers import number_spans, numbers_in
from partnership_os.tools.text import fold, script_of, visible

LONGEST_NOTE = 1_500
_PLACES = (Decimal(1), Decimal("0.1"), Decimal("0.01"))
_LINK = re.compile(r"https?:|www\.|\S@\S")
_PROMISE = re.compile(
    r"\bapprov|\bguarant|\bsigned\b|\bsignature"
    r"|موافق|معتمد|اعتماد|ضمان|نضمن|مضمون|توقيع|الموقع[هة]"
)
_OUR_SIDE = re.compile(
    r"\bwalk[- ]?away|\bbatna\b|\breservation (?:price|point)"
    r"|\bour (?:\w+ )?(?:limit|target|alternative|fallback|margin)s?\b"
    r"|\bwe (?:would|could|can) (?:also )?(?:accept|go (?:up|down|as))|\bbottom line\b"
    r"|بدائلنا|حدودنا|هدفنا|اهدافنا|هامشنا|الحد المقبول لدينا"
)
_BAND_WORDS = {"pursue", "decline"}
"""Bands whose names a summary does not use for anything else; develop, watch and unknown are common words."""


def card_facts(card: PartnerFitScoreCard) -> str:
    """What the model may see of a card: results and labels, no quotes, no ids."""
    return _as_json(
        {
            "company": card.company_name,
            "company_ar": card.company_name_ar,
            "partnership_type": card.partnership_type.value,
            "as_of": card.as_of.isoformat(),
            "score": _rounded(card.score),
            "coverage": _rounded(card.coverage, 2),
            "confidence": _rounded(card.confidence, 2),
            "band": card.band.value,
            "best_band_reachable": card.best_band.value,
            "worst_band_possible": card.worst_band.value,
            "dimensions": [_dimension_facts(part) for part in card.dimensions],
            "blocked": [item.text.model_dump() for item in card.blocked],
            "facts_to_find": [item.question.model_dump() for item in card.facts_to_find],
            "band_changes": [item.text.model_dump() for item in card.band_changes],
            "risks": [item.text.model_dump() for item in card.risks],
            "contradictions": len(card.contradictions),
            "rejected_claims": len(card.rejected_claims),
        }
    )


def _dimension_facts(part: DimensionScore) -> dict[str, Any]:
    known = [item for item in part.indicators if item.points is not None]
    return {
        "dimension": part.dimension.value,
        "weight": part.weight,
        "score": _rounded(part.score),
        "known": [{"label": item.label.model_dump(), "points": _rounded(item.points)} for item in known],
        "unknown": [item.label.model_dump() for item in part.indicators if item.points is None],
    }


def sheet_facts(sheet: PartnerTermSheet) -> str:
    """What the model may see of a sheet: parties, titles and values of its clauses. A sheet holds no limit of ours."""
    return _as_json(
        {
            "us": sheet.us.name,
            "us_ar": sheet.us.name_ar,
            "them": sheet.them.name,
            "them_ar": sheet.them.name_ar,
            "partnership_type": sheet.partnership_type.value,
            "version": sheet.version,
            "currency": sheet.currency,
            "drafted_on": sheet.drafted_on.isoformat(),
            "clauses": [
                {
                    "title": clause.title.model_dump(),
                    "terms": [term.model_dump(mode="json", exclude_none=True) for term in clause.terms],
                }
                for clause in sheet.clauses
            ],
            "conditions_precedent": [item.model_dump() for item in sheet.conditions_precedent],
        }
    )


def check_draft(draft: DraftedNote, facts: str, *, for_partner: bool) -> str | None:
    """Why a draft may not be used, or None.

    Args:
        draft: The note in both languages.
        facts: What the model was given (`card_facts`, `sheet_facts`).
        for_partner: The note leaves the house, so it may not speak of our side of the table either.
    """
    allowed = _allowed_numbers(facts)
    for language, text, script in (("English", draft.english, "latin"), ("Arabic", draft.arabic, "ar")):
        found = _problem(text, script, allowed) or _forbidden(text, for_partner=for_partner)
        if found is not None:
            return f"{language} text: {found}"
    claimed = {word for word in _BAND_WORDS if re.search(rf"\b{word}\b", draft.english.casefold())}
    missing = sorted(word for word in claimed if f'"{word}"' not in facts and not for_partner)
    return f"English text: the card has no band {missing[0]!r}" if missing else None


def _problem(text: str, script: str, allowed: frozenset[Decimal]) -> str | None:
    if not text.strip():
        return "it is empty"
    if len(text) > LONGEST_NOTE:
        return f"it is longer than {LONGEST_NOTE} characters"
    if script_of(text) != script:
        return "it is in another language"
    if visible(text) != text:
        return "it holds characters that hide or reorder text"
    for span in number_spans(text):
        spelled = not any(char.isdigit() for char in text[span.start : span.end])
        if span.value not in allowed and not (spelled and span.value == 1):
            return f"number {text[span.start : span.end]} is not in the facts"
    return None


def _forbidden(text: str, *, for_partner: bool) -> str | None:
    folded = fold(text)
    if _LINK.search(folded):
        return "it holds a link or an address"
    if _PROMISE.search(folded):
        return "it speaks of approval, guarantees or signatures"
    if for_partner and _OUR_SIDE.search(folded):
        return "it speaks of our limits or aims"
    return None


def _allowed_numbers(facts: str) -> frozenset[Decimal]:
    """Every number of the facts, its usual roundings, and fractions as per cent."""
    exact = set(numbers_in(facts))
    exact |= {number * 100 for number in exact if 0 < number < 1}
    rounded = {
        number.quantize(place, rounding=rule)
        for number in exact
        for place in _PLACES
        for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    }
    return frozenset(exact | rounded)


def _rounded(value: float | None, places: int = 1) -> float | None:
    return None if value is None else round(value, places)


def _as_json(facts: dict[str, Any]) -> str:
    """JSON whose texts cannot end the frame that the prompt puts around them."""
    return json.dumps(facts, ensure_ascii=False, indent=1).replace("<", "\\u003c").replace(">", "\\u003e")
