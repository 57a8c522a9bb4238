"""Need files: what a partner manager writes, in English or Arabic, read into a `PartnershipNeed`."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import NoReturn, TypeAlias
from unicodedata import normalize

from pydantic import ValidationError
from rapidfuzz import process

from partnership_os.errors import InputError
from partnership_os.schemas.base import Record
from partnership_os.schemas.need import (
    CustomerRequest,
    DealAssumptions,
    EcosystemGap,
    MarketSignal,
    MustHave,
    MustHaveKind,
    OurCompany,
    PartnershipNeed,
)
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.tools.countries import country_code
from partnership_os.tools.data_file import FieldPath, read_data_file
from partnership_os.tools.lexicon import ConceptKind, Lexicon
from partnership_os.tools.money_text import money_of
from partnership_os.tools.numbers import numbers_in
from partnership_os.tools.text import fold

__all__ = ["read_need"]

_Fields: TypeAlias = dict[str, object]
_GCC = ("SA", "AE", "KW", "QA", "BH", "OM")
_REGION_GROUPS = {"gcc": _GCC, "gulf": _GCC, "الخليج": _GCC, "دول الخليج": _GCC, "مجلس التعاون": _GCC}
_TYPES_AR = {
    "احاله": PartnershipType.REFERRAL,
    "توزيع": PartnershipType.DISTRIBUTION,
    "تقنيه": PartnershipType.TECHNOLOGY,
    "استراتيجيه": PartnershipType.STRATEGIC,
    "حكوميه": PartnershipType.GOVERNMENT,
}
_ANY_KIND = tuple(ConceptKind)
_LONGEST_CONCEPT_LIST = 20
_SMALLEST_MATCHED_SHARE = 0.5
_MUST_HAVE_EXAMPLE = "must_haves:\n  - kind: country\n    value: SA\n  - kind: offers\n    value: system integration"


def read_need(path: Path, lexicon: Lexicon) -> PartnershipNeed:
    """Read one need from YAML or JSON.

    Capabilities, profiles and segments may be slugs of the lexicon or English or Arabic terms; countries codes or names
    (``GCC`` stands for its six); money ``250,000 SAR`` or ``{amount, currency}``. Left out ids are made
    (``need_id`` from the title, ``sg_1``, ``rq_1``, ``gp_1``), and left out concepts of signals, requests and gaps
    are those that the lexicon finds in their texts.

    Args:
        path: A ``.yaml``, ``.yml`` or ``.json`` file of at most 256 KB in UTF-8.
        lexicon: Maps terms to concepts.

    Raises:
        InputError: anything is missing, unknown or malformed; the message names file, line, field and value, the
            fix what would be accepted.
    """
    file = read_data_file(path)
    return _NeedReader(path.name, file.lines, lexicon).read(file.content)


class _NeedReader:
    """Turns the fields of one file into those of the record; knows where it is for its errors."""

    def __init__(self, name: str, lines: Mapping[FieldPath, int], lexicon: Lexicon) -> None:
        self._name = name
        self._lines = lines
        self._lexicon = lexicon

    def read(self, content: _Fields) -> PartnershipNeed:
        fields = self._known(content, PartnershipNeed, ())
        if not fields.get("must_haves"):
            self._fail(("must_haves",), "a need without a must-have would accept any company", fix=_MUST_HAVE_EXAMPLE)
        fields["partnership_type"] = self._partnership_type(fields.get("partnership_type"))
        fields.setdefault("need_id", _need_id(fields.get("title")))
        self._concept_lists(fields)
        self._replace(fields, "regions", self._countries, ())
        self._replace(fields, "our_company", self._our_company, ())
        self._replace(fields, "must_haves", self._must_haves, ())
        self._replace(fields, "deal", self._deal, ())
        for key, model, id_field in (
            ("signals", MarketSignal, "signal_id"),
            ("requests", CustomerRequest, "request_id"),
            ("gaps", EcosystemGap, "gap_id"),
        ):
            if fields.get(key) is not None:
                fields[key] = self._triggers(fields[key], key, model, id_field)
        try:
            return PartnershipNeed.model_validate({key: value for key, value in fields.items() if value is not None})
        except ValidationError as error:
            first = error.errors()[0]
            value = first["input"] if isinstance(first["input"], (str, int, Decimal)) else None
            problem = "it is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
            self._fail(tuple(first["loc"]), problem, fix="See examples/needs for a complete need.", value=value)

    def _concept_lists(self, fields: _Fields) -> None:
        for key, kind in (
            ("partner_profiles", ConceptKind.PROFILE),
            ("excluded_profiles", ConceptKind.PROFILE),
            ("target_segments", ConceptKind.SEGMENT),
            ("seeks", ConceptKind.CAPABILITY),
        ):
            if fields.get(key) is not None:
                fields[key] = self._concepts(fields[key], (key,), (kind,))

    def _our_company(self, value: object, at: FieldPath) -> _Fields:
        fields = self._known(value, OurCompany, at)
        self._replace(fields, "country", self._country, at)
        if fields.get("offers") is not None:
            fields["offers"] = self._concepts(fields["offers"], (*at, "offers"), (ConceptKind.CAPABILITY,))
        return fields

    def _must_haves(self, value: object, at: FieldPath) -> list[_Fields]:
        return [self._must_have(item, (*at, index)) for index, item in enumerate(self._list(value, at))]

    def _must_have(self, value: object, at: FieldPath) -> _Fields:
        kinds = [kind.value for kind in MustHaveKind]
        fields = self._mapping(value, at)
        if len(fields) == 1 and next(iter(fields)) in kinds:
            kind_text, wanted = next(iter(fields.items()))
        else:
            fields = self._known(fields, MustHave, at)
            kind_text, wanted = str(fields.get("kind", "")), fields.get("value")
        kind = fold(kind_text).replace(" ", "_")
        if kind not in kinds:
            self._fail((*at, "kind"), f"there is no must-have of this kind{_one_of(kinds)}", value=kind_text)
        if wanted is None:
            self._fail((*at, "value"), "it is missing", fix=_MUST_HAVE_EXAMPLE)
        return {"kind": kind, "value": self._must_have_value(MustHaveKind(kind), wanted, (*at, "value"))}

    def _must_have_value(self, kind: MustHaveKind, wanted: object, at: FieldPath) -> str:
        if kind is MustHaveKind.COUNTRY:
            return self._country(wanted, at)
        if kind is MustHaveKind.OFFERS:
            return self._concept(wanted, at, (ConceptKind.CAPABILITY,))
        if kind is MustHaveKind.SEGMENT:
            return self._concept(wanted, at, (ConceptKind.SEGMENT,))
        numbers = numbers_in(str(wanted))
        if len(numbers) != 1 or numbers[0] < 0 or numbers[0] != numbers[0].to_integral_value():
            self._fail(at, "it is not one whole number", fix="Write for example 200.", value=wanted)
        return str(int(numbers[0]))

    def _deal(self, value: object, at: FieldPath) -> _Fields:
        fields = self._known(value, DealAssumptions, at)
        currency = fields.get("currency")
        for key in ("average_deal", "revenue_target_per_year"):
            if fields.get(key) is not None:
                try:
                    fields[key] = money_of(fields[key], currency if isinstance(currency, str) else None)
                except ValueError as error:
                    self._fail((*at, key), str(error), fix=f"Write {key}: 250,000 SAR", value=fields[key])
        rate = fields.get("win_rate")
        if isinstance(rate, str) and rate.strip().endswith(("%", "٪")) and len(numbers_in(rate)) == 1:
            fields["win_rate"] = numbers_in(rate)[0] / 100
        return fields

    def _triggers(self, value: object, key: str, model: type[Record], id_field: str) -> list[_Fields]:
        prefix = {"signals": "sg", "requests": "rq", "gaps": "gp"}[key]
        items: list[_Fields] = []
        for index, item in enumerate(self._list(value, (key,))):
            at: FieldPath = (key, index)
            fields = self._known({"text": item} if isinstance(item, str) else item, model, at)
            fields.setdefault(id_field, f"{prefix}_{index + 1}")
            if fields.get("concepts") is not None:
                fields["concepts"] = self._concepts(fields["concepts"], (*at, "concepts"), _ANY_KIND)
            else:
                found = dict.fromkeys(mention.concept for mention in self._lexicon.find(str(fields.get("text", ""))))
                fields["concepts"] = list(found)[:_LONGEST_CONCEPT_LIST]
            self._replace(fields, "countries", self._countries, at)
            items.append({name: content for name, content in fields.items() if content is not None})
        return items

    def _partnership_type(self, value: object) -> PartnershipType:
        allowed = [item.value for item in PartnershipType]
        folded = fold(str(value or ""))
        named = _TYPES_AR.get(folded.removeprefix("شراكه ").removeprefix("ال"))
        if named is None and folded not in allowed:
            self._fail(("partnership_type",), f"there is no such partnership type{_one_of(allowed)}", value=value)
        return named or PartnershipType(folded)

    def _countries(self, value: object, at: FieldPath) -> list[str]:
        codes: list[str] = []
        for index, item in enumerate(self._list(value, at)):
            group = _REGION_GROUPS.get(fold(str(item)))
            codes += group or [self._country(item, (*at, index))]
        return list(dict.fromkeys(codes))

    def _country(self, value: object, at: FieldPath) -> str:
        code = country_code(str(value))
        if code is None:
            self._fail(at, "no country has this code or name", fix="Write an ISO code such as SA.", value=value)
        return code

    def _concepts(self, value: object, at: FieldPath, kinds: Sequence[ConceptKind]) -> list[str]:
        slugs = [self._concept(item, (*at, index), kinds) for index, item in enumerate(self._list(value, at))]
        return list(dict.fromkeys(slugs))

    def _concept(self, value: object, at: FieldPath, kinds: Sequence[ConceptKind]) -> str:
        text = str(value).strip()
        slug = re.sub(r"[\s\-]+", "_", text.lower())
        known = self._lexicon.get(slug)
        if known is not None and known.kind in kinds:
            return slug
        narrowest: list[str] = []
        for written in (text, _singular(text)):
            narrowest = self._named_in(written, kinds)
            if len(narrowest) == 1:
                return narrowest[0]
        wanted = " or ".join(kind.value for kind in kinds)
        if known is not None:
            problem = f"it is a {known.kind.value}; this field takes a {wanted}"
        elif len(narrowest) > 1:
            problem = f"it names several concepts ({', '.join(narrowest)}); give them one by one"
        else:
            problem = f"the lexicon knows no such {wanted}"
        self._fail(at, problem, fix=f"Nearest: {', '.join(self._nearest(text, kinds))}.", value=value)

    def _named_in(self, text: str, kinds: Sequence[ConceptKind]) -> list[str]:
        """The narrowest concepts whose words make up most of the text."""
        # Capitals: the lexicon reads "it services" as IT services only when IT is in capitals.
        mentions = [item for item in self._lexicon.find(text.upper()) if self._kind(item.concept) in kinds]
        if sum(item.end - item.start for item in mentions) < _SMALLEST_MATCHED_SHARE * len(text):
            return []
        found = dict.fromkeys(item.concept for item in mentions)
        return [item for item in found if not any(item in self._lexicon.ancestors(other) for other in found)]

    def _kind(self, slug: str) -> ConceptKind | None:
        concept = self._lexicon.get(slug)
        return None if concept is None else concept.kind

    def _nearest(self, text: str, kinds: Sequence[ConceptKind]) -> list[str]:
        slug_of = {
            fold(term): concept.slug
            for concept in self._lexicon.all()
            if concept.kind in kinds
            for term in (concept.slug, concept.label.en, concept.label.ar, *concept.terms)
        }
        ranked = process.extract(fold(text), sorted(slug_of), limit=30)
        return list(dict.fromkeys(slug_of[term] for term, _, _ in ranked))[:3]

    def _replace(self, fields: _Fields, key: str, read: Callable[[object, FieldPath], object], at: FieldPath) -> None:
        if fields.get(key) is not None:
            fields[key] = read(fields[key], (*at, key))

    def _known(self, value: object, model: type[Record], at: FieldPath) -> _Fields:
        fields = self._mapping(value, at)
        for key in fields:
            if key not in model.model_fields:
                best = process.extractOne(key, sorted(model.model_fields))
                self._fail((*at, key), "there is no such field", fix=f"Did you mean {best[0]}?")
        return fields

    def _mapping(self, value: object, at: FieldPath) -> _Fields:
        if not isinstance(value, dict):
            self._fail(at, "it must hold fields", fix="Write 'field: value' lines under it.", value=value)
        return dict(value)

    def _list(self, value: object, at: FieldPath) -> list[object]:
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list):
            self._fail(at, "it must be a list", fix="Write one '- value' per line under it.", value=value)
        return value

    def _fail(self, at: FieldPath, problem: str, *, fix: str | None = None, value: object = None) -> NoReturn:
        field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at).lstrip(".")
        line = next((self._lines[at[:end]] for end in range(len(at), 0, -1) if at[:end] in self._lines), None)
        place = f"{self._name}, line {line}, {field}" if line else f"{self._name}, {field}"
        shown = "" if value is None else f" {str(value)[:80]!r}"
        raise InputError(f"{place}:{shown} {problem}.", fix=fix, file=self._name, field=field, line=line)


def _singular(text: str) -> str:
    """The last English word in the singular: in running text "banks" are customers, in a list of profiles banks."""
    return re.sub(r"s$", "", re.sub(r"ies$", "y", text))


def _one_of(allowed: Sequence[str]) -> str:
    return f"; allowed are {', '.join(allowed)}"


def _need_id(title: object) -> str:
    text = str(title or "")
    latin = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:60]
    return f"nd_{slug}" if len(slug) > 2 else f"nd_{sha256(fold(text).encode()).hexdigest()[:12]}"
