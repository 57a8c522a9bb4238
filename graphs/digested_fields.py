"""Every field that the digest of a commitment covers, flat, with a name for people and nothing hidden in it."""

import json
import re

from pydantic import ConfigDict, JsonValue

from partnership_os.agents.sheet_changes import leaf_text, leaves
from partnership_os.agents.sheet_text import wording
from partnership_os.governance.canonical import canonical_bytes, fields_without
from partnership_os.graphs.wording.approval_words import APPROVAL_PHRASES, phrase_text
from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.commitment import Commitment
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.lookalikes import HiddenCharacter, hidden_characters
from partnership_os.tools.text import visible

__all__ = ["DigestedField", "digested_body", "digested_fields"]

_CLAUSE = re.compile(r"terms\.clauses\[(\d+)\]")
_PART = re.compile(r"terms\.(\w+)")
_SIDES = {"us": "company", "them": "partner", "conditions_precedent": "conditions"}


class DigestedField(Record):
    """One leaf of what is digested: its path, what it belongs to in words, and its value as text.

    Path and value are written with `visible`, and ``hidden`` lists what that replaced in the value, then in the path.
    A string that could be read as a number, a truth value or nothing stands in quotes.
    """

    model_config = ConfigDict(str_strip_whitespace=False)

    path: str
    label: BilingualText | None
    value: str
    hidden: tuple[HiddenCharacter, ...] = ()


def digested_body(commitment: Commitment) -> dict[str, JsonValue]:
    """The JSON that is digested: the canonical form of every field but the id, which is made from it."""
    body: dict[str, JsonValue] = json.loads(canonical_bytes(fields_without(commitment, "commitment_id")))
    return body


def digested_fields(commitment: Commitment, sheet: PartnerTermSheet | None = None) -> tuple[DigestedField, ...]:
    """Every leaf of `digested_body`: the request first, then its terms, each in the order of the record.

    Args:
        commitment: What is to be approved.
        sheet: Its terms as a sheet, for the names of clauses; None when they are another document.
    """
    body = digested_body(commitment)
    names = [name for name in Commitment.model_fields if name in body and name != "terms"]
    ordered: dict[str, JsonValue] = {name: body[name] for name in [*names, "terms"]}
    document = ordered["terms"]
    if sheet is not None and isinstance(document, dict):
        ordered["terms"] = {name: document[name] for name in sorted(document, key=_place_on_sheet)}
    return tuple(_field(path, value, sheet) for path, value in leaves(ordered))


def _place_on_sheet(name: str) -> int:
    fields = list(PartnerTermSheet.model_fields)
    return fields.index(name) if name in fields else len(fields)


def _field(path: str, value: JsonValue, sheet: PartnerTermSheet | None) -> DigestedField:
    text = leaf_text(value)
    return DigestedField(
        path=visible(path),
        label=_label(path, sheet),
        value=visible(text),
        hidden=(*hidden_characters(text), *hidden_characters(path)),
    )


def _label(path: str, sheet: PartnerTermSheet | None) -> BilingualText | None:
    head = re.split(r"[.\[]", path, maxsplit=1)[0]
    if head != "terms":
        return phrase_text(f"label.{head}") if f"label.{head}" in APPROVAL_PHRASES else None
    clause, part = _CLAUSE.match(path), _PART.match(path)
    if sheet is None or part is None:
        return phrase_text("label.terms")
    if clause is not None and int(clause[1]) < len(sheet.clauses):
        return sheet.clauses[int(clause[1])].title
    return wording().words.get(_SIDES.get(part[1], part[1])) or phrase_text("label.terms")
