"""Intake of deal registrations: submitted fields become typed requests, and every problem names its field."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date
from enum import StrEnum
from typing import NamedTuple, TypeAlias, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText, Label, Money, RecordId, Slug
from partnership_os.schemas.channel import Area, CustomerKeys
from partnership_os.schemas.deal_registration import (
    DealSize,
    IntakeProblem,
    LeadSource,
    Proof,
    ProofKind,
    RegistrationRequest,
    Submission,
)
from partnership_os.tools.channel_compliance.wording import load_wording
from partnership_os.tools.identifiers import parse_domain, parse_registry_number
from partnership_os.tools.money_text import money_of
from partnership_os.tools.row_values import parse_country, parse_day, parse_yes_no

__all__ = ["Intake", "read_submissions"]

_T = TypeVar("_T")
_Fields: TypeAlias = dict[str, JsonValue]
_REQUIRED = (
    "partner_id",
    "partner_tier",
    "customer_name",
    "customer_country",
    "contact_id",
    "products",
    "value",
    "deal_size",
    "expected_close",
    "source",
)
_OPTIONAL = (
    "customer_name_ar",
    "customer_account_id",
    "customer_domain",
    "customer_registry_number",
    "customer_region",
    "customer_city",
    "currency",
    "segment",
    "proofs",
    "incumbent",
    "part_of_list",
    "multi_country",
)
_KNOWN = frozenset((*_REQUIRED, *_OPTIONAL))
_RECORD_ID, _SLUG, _LABEL = TypeAdapter(RecordId), TypeAdapter(Slug), TypeAdapter(Label)


class Intake(NamedTuple):
    """Complete requests and the problems of the others, each sorted by registration id."""

    requests: tuple[RegistrationRequest, ...]
    problems: tuple[IntakeProblem, ...]


class _FieldProblem(Exception):
    """A value that cannot be used, by the key of its sentence."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def read_submissions(submissions: Sequence[Submission]) -> Intake:
    """Type every submission; one bad submission or field never loses another.

    Fields (partner-definitions §3.6): ``partner_id``, ``partner_tier``, ``customer_name`` (and ``customer_name_ar``,
    ``customer_domain``, ``customer_registry_number``, ``customer_country``, ``customer_region``, ``customer_city``,
    ``customer_account_id``), ``contact_id``, ``products``, ``value`` (with its currency, or ``currency``),
    ``deal_size``, ``expected_close``, ``source``, ``proofs``, ``segment``, ``incumbent``, ``part_of_list``,
    ``multi_country``. Digits of either script are read. A contact is an id; neither values nor odd field names
    are repeated in a problem.

    Returns:
        Requests without a problem, and every problem of the others.
    """
    doubled = {key for key, count in Counter(item.registration_id for item in submissions).items() if count > 1}
    requests, problems = [], []
    for item in submissions:
        found = _Reader(item)
        if item.registration_id in doubled:
            found.note("registration_id", _FieldProblem("doubled_id"))
        request = found.read()
        if request is not None:
            requests.append(request)
        problems.extend(found.problems)
    return Intake(
        tuple(sorted(requests, key=lambda request: request.registration_id)),
        tuple(sorted(set(problems), key=lambda problem: (problem.registration_id, problem.field, problem.problem.en))),
    )


class _Reader:
    """Reads one submission field by field and notes what is wrong."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._fields: _Fields = {key: value for key, value in submission.fields.items() if not _is_blank(value)}
        self.problems: list[IntakeProblem] = []

    def note(self, field: str, problem: _FieldProblem) -> None:
        """Add a problem of a field."""
        wording = load_wording()
        self.problems.append(
            IntakeProblem(
                registration_id=self._submission.registration_id,
                field=field[:200],
                problem=wording.intake[problem.key].filled(**problem.values),
                fix=BilingualText(en=wording.fixes[problem.key].en, ar=wording.fixes[problem.key].ar),
            )
        )

    def read(self) -> RegistrationRequest | None:
        """The request, or None where a problem was noted."""
        for field in sorted(set(self._submission.fields) - _KNOWN):
            self.note(field if re.fullmatch(r"[a-z][a-z_]{0,63}", field) else "?", _FieldProblem("unknown_field"))
        for field in _REQUIRED:
            if field not in self._fields:
                self.note(field, _FieldProblem("missing"))
        country = self._get("customer_country", _country)
        partner_id, tier = self._get("partner_id", _id), self._get("partner_tier", _slug)
        contact_id, products = self._get("contact_id", _contact), self._get("products", _slugs)
        value, expected = self._get("value", self._money), self._get("expected_close", _day)
        size, source = self._get("deal_size", _choice(DealSize)), self._get("source", _choice(LeadSource))
        customer = self._customer(country)
        region, city = self._get("customer_region", _label), self._get("customer_city", _label)
        segment, incumbent = self._get("segment", _slug), self._get("incumbent", _label)
        multi, listed = self._get("multi_country", _flag), self._get("part_of_list", _flag)
        proofs = self._get("proofs", self._proofs) or ()
        if self.problems or country is None or customer is None or partner_id is None or contact_id is None:
            return None
        if tier is None or products is None or value is None or size is None or expected is None or source is None:
            return None
        return RegistrationRequest(
            registration_id=self._submission.registration_id,
            received_at=self._submission.received_at,
            partner_id=partner_id,
            partner_tier=tier,
            customer=customer,
            area=Area(country=country, region=region, city=city),
            contact_id=contact_id,
            products=products,
            segment=segment,
            value=value,
            deal_size=size,
            expected_close=expected,
            source=source,
            proofs=proofs,
            incumbent=incumbent,
            part_of_list=bool(listed),
            multi_country=multi,
        )

    def _get(self, field: str, parse: Callable[[JsonValue], _T]) -> _T | None:
        if field not in self._fields:
            return None
        try:
            return parse(self._fields[field])
        except _FieldProblem as problem:
            self.note(field, problem)
            return None

    def _customer(self, country: str | None) -> CustomerKeys | None:
        name, name_ar = self._get("customer_name", _label), self._get("customer_name_ar", _label)
        account, domain = self._get("customer_account_id", _id), self._get("customer_domain", _domain)
        number = self._get("customer_registry_number", lambda value: _registry_number(value, country))
        if name is None or country is None:
            return None
        return CustomerKeys(
            name=name, name_ar=name_ar, account_id=account, domain=domain, registry_number=number, country=country
        )

    def _money(self, value: JsonValue) -> Money:
        currency = self._fields.get("currency")
        try:
            money = money_of(value, currency if isinstance(currency, str) else None)
        except ValueError:
            raise _FieldProblem("wrong_money") from None
        if money.amount <= 0:
            raise _FieldProblem("not_positive")
        return money

    def _proofs(self, value: JsonValue) -> tuple[Proof, ...]:
        if not isinstance(value, list) or len(value) > 50:
            raise _FieldProblem("wrong_proof")
        proofs = [_proof(item) for item in value]
        arrived = self._submission.received_at.astimezone(UTC).date()
        if any((proof.dated_on - arrived).days > 1 for proof in proofs):
            raise _FieldProblem("proof_in_future")
        return tuple(sorted(proofs, key=lambda proof: (proof.dated_on, proof.kind, proof.reference)))


def _is_blank(value: JsonValue) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _text(value: JsonValue, key: str) -> str:
    if not isinstance(value, str):
        raise _FieldProblem(key)
    return value.strip()


def _valid(adapter: TypeAdapter[_T], value: JsonValue, key: str) -> _T:
    try:
        return adapter.validate_python(_text(value, key))
    except ValidationError:
        raise _FieldProblem(key) from None


def _id(value: JsonValue) -> str:
    return _valid(_RECORD_ID, value, "wrong_id")


def _contact(value: JsonValue) -> str:
    text = _valid(_RECORD_ID, value, "wrong_contact")
    if not text.startswith("ct_"):
        raise _FieldProblem("wrong_contact")
    return text


def _slug(value: JsonValue) -> str:
    return _valid(_SLUG, value, "wrong_list")


def _slugs(value: JsonValue) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not 0 < len(items) <= 50:
        raise _FieldProblem("wrong_list")
    return tuple(sorted({_slug(item) for item in items}))


def _label(value: JsonValue) -> str:
    return _valid(_LABEL, value, "wrong_text")


def _country(value: JsonValue) -> str:
    return _parsed(parse_country, value, "wrong_country")


def _domain(value: JsonValue) -> str:
    return _parsed(parse_domain, value, "wrong_domain")


def _registry_number(value: JsonValue, country: str | None) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return _parsed(lambda number: parse_registry_number(number, country), text, "wrong_registry_number")


def _day(value: JsonValue) -> date:
    return _parsed(parse_day, value, "wrong_day")


def _flag(value: JsonValue) -> bool:
    return value if isinstance(value, bool) else _parsed(parse_yes_no, value, "wrong_flag")


def _parsed(parse: Callable[[str], _T], value: JsonValue, key: str) -> _T:
    try:
        return parse(_text(value, key))
    except InputError:
        raise _FieldProblem(key) from None


_EnumT = TypeVar("_EnumT", bound=StrEnum)


def _choice(words: type[_EnumT]) -> Callable[[JsonValue], _EnumT]:
    def read(value: JsonValue) -> _EnumT:
        try:
            return words(value.strip().lower() if isinstance(value, str) else "")
        except ValueError:
            raise _FieldProblem("wrong_choice", choices=", ".join(words)) from None

    return read


def _proof(value: JsonValue) -> Proof:
    if not isinstance(value, dict) or set(value) - {"kind", "dated_on", "reference", "contact_id"}:
        raise _FieldProblem("wrong_proof")
    contact = value.get("contact_id")
    return Proof(
        kind=_choice(ProofKind)(value.get("kind")),
        dated_on=_day(value.get("dated_on")),
        reference=_valid(_LABEL, value.get("reference"), "wrong_proof"),
        contact_id=None if contact is None else _contact(contact),
    )
