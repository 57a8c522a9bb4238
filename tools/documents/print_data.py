"""A document as data for the typst template: every text isolated for the line it stands in."""

import json
from collections.abc import Callable

from partnership_os.schemas.base import BilingualText
from partnership_os.tools.documents.bidi import isolated
from partnership_os.tools.documents.content import Fact, Layout, SheetDocument
from partnership_os.tools.documents.wording import DIGEST, PAGE, STATES, VERSION
from partnership_os.tools.sheet_wording import LANGUAGES, Language, bilingual, wording

__all__ = ["print_data", "sides_of"]


def sides_of(layout: Layout) -> tuple[Language, ...]:
    """The languages of a layout, in the order in which they stand on the page from the left."""
    return LANGUAGES if layout is Layout.SIDE_BY_SIDE else ("ar",) if layout is Layout.ARABIC else ("en",)


def print_data(document: SheetDocument, layout: Layout) -> str:
    """The JSON that the template reads."""

    def shown(text: BilingualText) -> dict[str, str]:
        return {one: isolated(bilingual(text, one), one, document.names) for one in LANGUAGES}

    data = {
        "sides": sides_of(layout),
        "state": document.state.value,
        "sheet_id": document.sheet_id,
        "digest": document.digest,
        "dated": [document.dated.year, document.dated.month, document.dated.day],
        "document_title": _document_title(document, layout),
        "running_title": shown(_joined(document.title, document.between)),
        "title": shown(document.title),
        "between": shown(document.between),
        "notice": shown(document.notice),
        "facts": [_fact(fact, shown) for fact in document.facts if fact.label != DIGEST],
        "party_columns": [shown(column) for column in document.party_columns],
        "parties": [[shown(cell) for cell in party.cells] for party in document.parties],
        "note": shown(document.note),
        "conditions": [shown(text) for text in document.conditions],
        "sections": [
            {
                "number": section.number,
                "title": shown(section.title),
                "clauses": [
                    {
                        "number": clause.number,
                        "title": shown(clause.title),
                        "text": shown(clause.text),
                        "terms": [_fact(term, shown) for term in clause.terms],
                    }
                    for clause in section.clauses
                ],
            }
            for section in document.sections
        ],
        "closing": shown(document.closing),
        "words": _words(document, shown),
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _words(document: SheetDocument, shown: Callable[[BilingualText], dict[str, str]]) -> dict[str, dict[str, str]]:
    fixed = wording().words
    version = BilingualText(en=f"{VERSION.en} {document.version}", ar=f"{VERSION.ar} {document.version}")
    return {
        "state": shown(STATES[document.state]),
        "version": shown(version),
        "digest": shown(DIGEST),
        "page": {one: bilingual(PAGE, one) for one in LANGUAGES},
        "parties": shown(fixed["parties"]),
        "note": shown(fixed["cover_note"]),
        "conditions": shown(fixed["conditions"]),
        "not_used": shown(fixed["not_used"]),
    }


def _fact(fact: Fact, shown: Callable[[BilingualText], dict[str, str]]) -> dict[str, dict[str, str]]:
    return {"label": shown(fact.label), "value": shown(fact.value)}


def _joined(title: BilingualText, between: BilingualText) -> BilingualText:
    return BilingualText(en=f"{title.en} {between.en}", ar=f"{title.ar} {between.ar}")


def _document_title(document: SheetDocument, layout: Layout) -> str:
    whole = _joined(document.title, document.between)
    return " / ".join(bilingual(whole, side) for side in sides_of(layout))
