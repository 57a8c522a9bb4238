"""The extraction suite: texts about a company in, claims with quotes out."""

from collections.abc import Iterator
from typing import ClassVar

from partnership_os.evals.cases.extraction.case import CaseClaim, ExtractionCase, GoldClaim
from partnership_os.evals.cases.extraction.outcome import (
    OF_MODEL,
    Extraction,
    FoundClaim,
    ModelReading,
    RefusedClaim,
    found_claims,
)
from partnership_os.evals.checks.claims import ClaimKey, Comparison, claim_key, compare, number_in_quote
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Better, Case, Grade, Mark, Measure, MeasureKind, Mistake, Suite
from partnership_os.graphs.casework import joined
from partnership_os.schemas.base import Record
from partnership_os.schemas.evidence import ClaimKind, RejectionReason
from partnership_os.tools.text import contains_quote

__all__ = ["SUITE", "ExtractionSuite"]

_NOWHERE = "nowhere"
_MADE_UP = "words that no text holds"


class ExtractionSuite(Suite[ExtractionCase, Extraction]):
    """Texts about a company → claims, by the rules analyst and by the subject on top of it."""

    name: ClassVar[str] = "extraction"
    title: ClassVar[str] = "Company texts → claims"
    case_type: ClassVar[type[Case]] = ExtractionCase
    outcome_type: ClassVar[type[Record]] = Extraction
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(name="claim_precision", meaning="Claims that the texts make, of all that the product made."),
        Measure(name="claim_recall", meaning="Claims that the product made, of all that the texts make."),
        Measure(
            name="claim_f1",
            kind=MeasureKind.MEAN,
            least=0.0,
            most=1.0,
            meaning="F1 of both, per case; 1 where both are complete.",
        ),
        Measure(name="recall_en", meaning="Recall in English texts."),
        Measure(name="recall_ar", meaning="Recall in Arabic texts."),
        Measure(
            name="false_claims",
            better=Better.LOWER,
            worst=1.0,
            meaning="Tempting wrong claims (plans, denials, others' properties) that the product made.",
        ),
        Measure(name="source_exists", meaning="Claims that cite a text of the case."),
        Measure(name="quote_support", meaning="Claims whose quote occurs in the text that they cite."),
        Measure(name="numbers_in_quotes", meaning="Numbers of claims that occur in their quote."),
        Measure(name="quote_bears_claim", meaning="Right claims whose quote holds the words that bear them out."),
        Measure(name="model_precision", of_model=True, meaning="Claims that the texts make, of all the model stated."),
        Measure(name="model_recall", of_model=True, meaning="Claims of the model that stayed, of all it could make."),
        Measure(name="model_kept", of_model=True, meaning="Claims of the model that code kept, of all it stated."),
        Measure(
            name="model_wrongly_refused",
            of_model=True,
            better=Better.LOWER,
            worst=1.0,
            meaning="Right claims of the model that code refused.",
        ),
    )

    def answer(self, case: ExtractionCase, sitting: Sitting) -> Extraction:
        """Read the texts as a deal or a discovery would."""
        company, evidence = case.subject, tuple(case.evidence.values())
        ids = {item.evidence_id: name for name, item in case.evidence.items()}
        by_rules = sitting.rules.read(company, evidence)
        if not sitting.asks_model:
            return Extraction(claims=found_claims(by_rules.claims, ids))
        by_model = sitting.analyst.read(company, evidence)
        whole = joined(by_rules, by_model)
        return Extraction(claims=found_claims(whole.claims, ids), by_model=ModelReading.of(by_model, ids))

    def grade(self, case: ExtractionCase, outcome: Extraction) -> Grade:
        """Compare with the gold; passed where nothing is missing, wrong or badly quoted, and a model took part."""
        keys = tuple(item.key for item in outcome.claims)
        result = compare(keys, case.gold, case.tolerates)
        false = case.false_claims(keys)
        marks = _accuracy(case, result) | _grounding(case, outcome.claims)
        if case.not_claims:
            marks["false_claims"] = Mark(got=len(false), of=len(case.not_claims))
        faults = [*_quoted_badly(case, outcome.claims), *(f"wrong: {key}" for key in result.wrong)]
        faults += [f"missing: {key}" for key in result.missing]
        if outcome.by_model is not None:
            marks |= _model_marks(case, outcome.by_model)
            faults += [outcome.by_model.failure] if outcome.by_model.failure else []
            idle = not outcome.by_model.kept and any(key.kind in OF_MODEL for key in case.gold)
            faults += ["code kept no claim of the model"] if idle and not outcome.by_model.failure else []
        return Grade(passed=not faults, marks=marks, faults=tuple(fault[:500] for fault in faults))

    def truth(self, case: ExtractionCase) -> Extraction:
        """The gold with its quotes; a model would have stated all of it."""
        claims = tuple(_gold(key, item) for key, item in case.gold.items())
        return Extraction(claims=claims, by_model=ModelReading(kept=tuple(item for item in claims if _can_state(item))))

    def mistakes(self, case: ExtractionCase) -> Iterator[Mistake[Extraction]]:
        """Nothing read, a tempting claim made, a number changed, a quote or a source made up, a model overruled."""
        claims = self.truth(case).claims
        if claims:
            yield from _spoilt(claims[0], claims[1:])
            yield Mistake(name="nothing", outcome=Extraction(claims=()), hurts=("claim_recall", "claim_f1"))
        numbered = [item for item in claims if item.value is not None]
        if numbered:
            wrong = numbered[0].model_copy(update={"value": (numbered[0].value or 0.0) + 1})
            others = tuple(item for item in claims if item is not numbered[0])
            hurt = ("numbers_in_quotes", "claim_precision", "claim_recall")
            yield Mistake(name="other number", outcome=Extraction(claims=(wrong, *others)), hurts=hurt)
        if any(_can_state(item) for item in claims):
            idle = Extraction(claims=claims, by_model=ModelReading())
            yield Mistake(name="an idle model", outcome=idle, hurts=("model_recall",))
        for item in case.not_claims:
            tempted = Extraction(claims=(*claims, _tempted(case, item)))
            yield Mistake(
                name=f"{item.kind} {item.subject}", outcome=tempted, hurts=("false_claims", "claim_precision")
            )

    def failure(self, case: ExtractionCase) -> dict[str, Mark]:
        """Nothing found, and everything wrong that could be."""
        right = self.grade(case, Extraction(claims=self.truth(case).claims)).marks
        worst = {item.name: item.worst for item in self.measures}
        return {name: Mark(got=worst[name] * (mark.of or 1), of=mark.of or 1) for name, mark in right.items()}


def _gold(key: ClaimKey, item: GoldClaim) -> FoundClaim:
    return FoundClaim(kind=item.kind, subject=item.subject, value=item.number, text=key.text, quote=item.quote)


def _accuracy(case: ExtractionCase, result: Comparison) -> dict[str, Mark]:
    """Precision, recall and F1; a text without claims has no recall."""
    marks = {
        "claim_precision": Mark(got=len(result.right), of=len(result.right) + len(result.wrong)),
        "claim_f1": Mark(got=result.f1),
    }
    if case.gold:
        marks["claim_recall"] = Mark.share(key in result.right for key in case.gold)
    for language in ("en", "ar"):
        own = {item.id for item in case.texts if item.language == language}
        if wanted := [key for key in case.gold if key.text in own]:
            marks[f"recall_{language}"] = Mark.share(key in result.right for key in wanted)
    return marks


def _grounding(case: ExtractionCase, claims: tuple[FoundClaim, ...]) -> dict[str, Mark]:
    """What holds of every claim, right or wrong, and whether right ones are quoted from the right place."""
    right = [(item, case.gold[item.key]) for item in claims if item.key in case.gold]
    numbered = [item for item in claims if item.value is not None]
    return {
        "source_exists": Mark.share(item.text in case.evidence for item in claims),
        "quote_support": Mark.share(_is_quoted(case, item.text, item.quote) for item in claims),
        "numbers_in_quotes": Mark.share(number_in_quote(item.value, item.quote) for item in numbered),
        "quote_bears_claim": Mark.share(_bears(item.quote, gold) for item, gold in right),
    }


def _is_quoted(case: ExtractionCase, text: str, quote: str) -> bool:
    return text in case.evidence and contains_quote(case.evidence[text].text, quote)


def _bears(quote: str, gold: GoldClaim) -> bool:
    return any(contains_quote(quote, words) for words in (gold.quote, *gold.again))


def _quoted_badly(case: ExtractionCase, claims: tuple[FoundClaim, ...]) -> Iterator[str]:
    for item in claims:
        gold = case.gold.get(item.key)
        if not _is_quoted(case, item.text, item.quote):
            yield f"not in its source: {item.key}"
        elif not number_in_quote(item.value, item.quote):
            yield f"number not in its quote: {item.key}"
        elif gold is not None and not _bears(item.quote, gold):
            yield f"quoted from another place: {item.key}"


def _model_marks(case: ExtractionCase, reading: ModelReading) -> dict[str, Mark]:
    """The model by itself: its refused claims are judged as well, by subject, number and quote."""
    kept = compare((item.key for item in reading.kept), case.gold, case.tolerates)
    lost: set[ClaimKey] = set()
    wrong = len(kept.wrong)
    for item in reading.refused:
        meant = {key for key in case.gold if _is_meant(case, item, key)}
        lost |= meant
        wrong += not meant and not _is_tolerated(case, item)
    lost -= set(kept.right)
    right = len(kept.right) + len(lost)
    possible = [key for key in case.gold if key.kind in OF_MODEL]
    marks = {
        "model_precision": Mark(got=right, of=right + wrong),
        "model_kept": Mark(got=len(reading.kept), of=len(reading.kept) + len(reading.refused)),
        "model_wrongly_refused": Mark(got=len(lost), of=right),
    }
    if possible:
        marks["model_recall"] = Mark.share(key in kept.right for key in possible)
    return marks


def _is_meant(case: ExtractionCase, item: RefusedClaim, key: ClaimKey) -> bool:
    """Whether a refused claim is this one of the gold: its number is not kept, so the quote has to hold it."""
    stated = claim_key(item.kind, item.subject, key.value, item.text)
    return stated == key and _is_quoted(case, item.text, item.quote) and number_in_quote(key.value, item.quote)


def _is_tolerated(case: ExtractionCase, item: RefusedClaim) -> bool:
    key = claim_key(item.kind, item.subject, None, item.text)
    return case.tolerates(key) and _is_quoted(case, item.text, item.quote)


def _can_state(item: FoundClaim) -> bool:
    return item.kind.value in OF_MODEL


def _spoilt(first: FoundClaim, others: tuple[FoundClaim, ...]) -> Iterator[Mistake[Extraction]]:
    made_up = first.model_copy(update={"quote": _MADE_UP})
    yield Mistake(
        name="made-up quote",
        outcome=Extraction(claims=(made_up, *others)),
        hurts=("quote_support", "quote_bears_claim"),
    )
    homeless = first.model_copy(update={"text": _NOWHERE})
    yield Mistake(
        name="made-up source",
        outcome=Extraction(claims=(homeless, *others)),
        hurts=("source_exists", "quote_support", "claim_recall", "claim_precision"),
    )
    stated = tuple(item for item in (first, *others) if _can_state(item))
    if stated:
        yield Mistake(
            name="the model overruled",
            outcome=Extraction(claims=(), by_model=ModelReading(refused=tuple(_overruled(item) for item in stated))),
            hurts=("claim_recall", "model_recall", "model_kept", "model_wrongly_refused"),
        )


def _overruled(item: FoundClaim) -> RefusedClaim:
    return RefusedClaim(
        kind=item.kind.value,
        subject=item.subject,
        text=item.text,
        quote=item.quote,
        reason=RejectionReason.SUBJECT_NOT_IN_QUOTE,
    )


def _tempted(case: ExtractionCase, item: CaseClaim) -> FoundClaim:
    """A claim of ``not_claims`` as if it were made, with a whole text as its quote."""
    text = item.text or case.texts[0].id
    number = item.number
    if number is None and item.kind in (ClaimKind.SCALE, ClaimKind.FOUNDED):
        number = 1.0
    return FoundClaim(
        kind=item.kind, subject=item.subject, value=number, text=text, quote=case.evidence[text].text[:600]
    )


SUITE = ExtractionSuite()
