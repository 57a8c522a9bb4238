"""What looks odd about a commitment: names that deceive, text that hides, and a request that is not its document."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pydantic import ConfigDict

from partnership_os.agents.deal_negotiator import committed_value
from partnership_os.agents.sheet_text import wording
from partnership_os.governance.actions import ACTIONS
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.standing import OPEN, PendingItem
from partnership_os.governance.terms import as_stored
from partnership_os.graphs.digested_fields import DigestedField
from partnership_os.graphs.wording.approval_words import phrase_text, set_apart
from partnership_os.graphs.wording.texts import Phrase, Texts
from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.commitment import Commitment, CommitmentStatus
from partnership_os.schemas.playbook import ConformanceReport, Position
from partnership_os.schemas.score_card import BlockReason
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.storage.company_store import CompanyStore
from partnership_os.tools.lookalikes import (
    HiddenCharacter,
    KnownName,
    Lookalike,
    LookalikeIndex,
    hidden_characters,
)

__all__ = ["PacketParty", "PacketWarning", "PartyRole", "Warned", "oddities", "parties_of", "warning_text"]

_NAMED_ACTIONS = frozenset(rule.action for rule in ACTIONS)


class PartyRole(StrEnum):
    """On which side of the document a name stands."""

    US = "us"
    THEM = "them"
    OTHER = "other"
    """A party of the request that the document does not name."""


class PacketParty(Record):
    """One name of a party, where it stands among the digested fields, and what is odd about it.

    ``known_as`` is the name under which we know the partner of the deal where this is not one of its names.
    """

    model_config = ConfigDict(str_strip_whitespace=False)

    name: str
    role: PartyRole
    paths: tuple[str, ...]
    known_as: str | None = None
    hidden: tuple[HiddenCharacter, ...] = ()
    lookalikes: tuple[Lookalike, ...] = ()


class Warned(StrEnum):
    """What a warning is about; there is a phrase ``warning.…`` for each."""

    SAME_SHAPE = "same_shape"
    ONE_EDIT = "one_edit"
    HIDDEN = "hidden"
    EXPIRED = "expired"
    CLOSED = "closed"
    NOBODY_MAY_APPROVE = "nobody_may_approve"
    UNNAMED_ACTION = "unnamed_action"
    OTHER_PARTIES = "other_parties"
    OTHER_NAME = "other_name"
    OTHER_VALUE = "other_value"
    OTHER_TYPE = "other_type"
    OTHER_CURRENCY = "other_currency"
    OTHER_VERSION = "other_version"
    OTHER_SHEET = "other_sheet"
    NO_DOCUMENT = "no_document"
    BREACH = "breach"
    WORDING = "wording"
    MISSING = "missing"
    LEAK = "leak"
    BLOCKED = "blocked"


class PacketWarning(Record):
    """Something that an approver should look at twice; `warning_text` puts it into words.

    ``subject`` and ``detail`` are values of others as they are, ``words`` one of ours in both languages.
    """

    model_config = ConfigDict(str_strip_whitespace=False)

    warned: Warned
    path: str = ""
    subject: str = ""
    detail: str = ""
    words: BilingualText | None = None


def warning_text(texts: Texts, warning: PacketWarning) -> Phrase:
    """A warning in words.

    Args:
        texts: Must know the phrases of `approval_words`.
        warning: What is odd.
    """
    detail = set_apart(texts, warning.detail) if warning.words is None else Phrase(texts.of(warning.words))
    key = f"warning.{warning.warned.value}"
    return texts(key, path=set_apart(texts, warning.path), subject=set_apart(texts, warning.subject), detail=detail)


def parties_of(
    commitment: Commitment, sheet: PartnerTermSheet | None, companies: CompanyStore
) -> tuple[PacketParty, ...]:
    """Every name of a party in the request and its document, held against the names of all other known companies."""
    places: dict[tuple[str, PartyRole], list[str]] = {}
    for side in () if sheet is None else (PartyRole.US, PartyRole.THEM):
        party = getattr(sheet, side.value)
        for field in ("name", "name_ar"):
            if getattr(party, field) is not None:
                places.setdefault((getattr(party, field), side), []).append(f"terms.{side.value}.{field}")
    sides = {name: side for name, side in places}
    for at, name in enumerate(commitment.parties):
        places.setdefault((name, sides.get(name, PartyRole.OTHER)), []).append(f"parties[{at}]")
    known = _KnownCompanies(sheet, companies)
    return tuple(
        PacketParty(
            name=name,
            role=role,
            paths=tuple(sorted(paths)),
            known_as=known.other_name(name, role),
            hidden=hidden_characters(name, one_line=True),
            lookalikes=known.lookalikes(name, role),
        )
        for (name, role), paths in places.items()
    )


class _KnownCompanies:
    """The names of all known companies, and which of these companies are the parties themselves."""

    def __init__(self, sheet: PartnerTermSheet | None, companies: CompanyStore) -> None:
        self._own: dict[PartyRole, dict[str, tuple[str, ...]]] = {role: {} for role in PartyRole}
        self._partner = None if sheet is None else sheet.company_id
        known: list[KnownName] = []
        for page in companies.company_pages():
            for company in page:
                known.extend(KnownName(company.company_id, name) for name in company.names)
                if sheet is None:
                    continue
                if company.company_id == sheet.company_id:
                    self._own[PartyRole.THEM][company.company_id] = company.names
                elif sheet.us.domain is not None and company.identifiers.domain == sheet.us.domain:
                    self._own[PartyRole.US][company.company_id] = company.names
        self._index = LookalikeIndex(known)

    def lookalikes(self, name: str, role: PartyRole) -> tuple[Lookalike, ...]:
        """Companies whose name looks like this one; the partner too, when its own name is written in disguise."""
        disguised = role is PartyRole.THEM and self.other_name(name, role) is not None
        return self._index.find(name, own=() if disguised else tuple(self._own[role]))

    def other_name(self, name: str, role: PartyRole) -> str | None:
        """How we know the partner when this is none of its names."""
        if role is not PartyRole.THEM or self._partner is None:
            return None
        names = self._own[role].get(self._partner, ())
        if name in names:
            return None
        return f"{names[0]} ({self._partner})" if names else self._partner


def oddities(
    item: PendingItem,
    sheet: PartnerTermSheet | None,
    stored: PartnerTermSheet | None,
    parties: Sequence[PacketParty],
    fields: Sequence[DigestedField],
    report: ConformanceReport | None,
    blocked: Sequence[BlockReason],
) -> tuple[PacketWarning, ...]:
    """Everything that an approver should look at twice, the gravest first.

    Args:
        item: The commitment and where it stands.
        sheet: Its terms as a term sheet, where they are one.
        stored: The version of that sheet in the store of sheets.
        parties: The names of the parties.
        fields: Everything that is digested.
        report: The sheet against the playbook.
        blocked: Why the partner's card is blocked.
    """
    return (
        *_of_names(parties),
        *_of_hidden(parties, fields),
        *_of_document(item.commitment, sheet, stored, parties),
        *(() if report is None else _of_report(report)),
        *(PacketWarning(warned=Warned.BLOCKED, words=reason.text) for reason in blocked),
        *_of_standing(item),
    )


def _of_names(parties: Sequence[PacketParty]) -> Iterator[PacketWarning]:
    for party in parties:
        if party.known_as is not None:
            yield PacketWarning(
                warned=Warned.OTHER_NAME, path=", ".join(party.paths), subject=party.name, detail=party.known_as
            )
        for found in party.lookalikes:
            yield PacketWarning(
                warned=Warned(found.likeness.value),
                path=", ".join(party.paths),
                subject=party.name,
                detail=f"{found.known_name} ({found.entity_id})",
            )


def _of_hidden(parties: Sequence[PacketParty], fields: Sequence[DigestedField]) -> Iterator[PacketWarning]:
    for party in parties:
        if party.hidden and not any(field.hidden for field in fields if field.path in party.paths):
            yield _hidden(", ".join(party.paths), party.hidden)
    for field in fields:
        if field.hidden:
            yield _hidden(field.path, field.hidden)


def _hidden(path: str, characters: Sequence[HiddenCharacter]) -> PacketWarning:
    names = dict.fromkeys(f"{item.name} ({item.code_point})" for item in characters)
    return PacketWarning(warned=Warned.HIDDEN, path=path, detail=", ".join(names))


_REPEATED = {
    "partnership_type": ("partnership_type", Warned.OTHER_TYPE),
    "currency": ("currency", Warned.OTHER_CURRENCY),
    "document_version": ("version", Warned.OTHER_VERSION),
}
"""Fields of a request that its document says as well, and under which name."""


def _of_summary(commitment: Commitment) -> Iterator[PacketWarning]:
    for name, (term, warned) in _REPEATED.items():
        asked, said = str(getattr(commitment, name)), commitment.terms.get(term)
        if said is not None and str(said) != asked:
            yield PacketWarning(warned=warned, path=name, subject=asked, detail=str(said))


def _of_document(
    commitment: Commitment,
    sheet: PartnerTermSheet | None,
    stored: PartnerTermSheet | None,
    parties: Sequence[PacketParty],
) -> Iterator[PacketWarning]:
    """A request whose summary is not what its document says would be approved by its summary."""
    if commitment.action not in _NAMED_ACTIONS:
        yield PacketWarning(warned=Warned.UNNAMED_ACTION, path="action", subject=commitment.action)
    yield from _of_summary(commitment)
    if sheet is None:
        yield PacketWarning(warned=Warned.NO_DOCUMENT, path="terms")
        return
    for party in parties:
        if party.role is PartyRole.OTHER:
            yield PacketWarning(warned=Warned.OTHER_PARTIES, path=party.paths[0], subject=party.name)
    amounts = (commitment.value, committed_value(sheet))
    if amounts[0] != amounts[1]:
        subject, detail = ("0" if amount is None else str(amount) for amount in amounts)
        yield PacketWarning(warned=Warned.OTHER_VALUE, path="value", subject=subject, detail=detail)
    if stored is None or digest_of(as_stored(stored.model_dump(mode="json"))) != digest_of(commitment.terms):
        name = f"{commitment.document_id} / {commitment.document_version}"
        yield PacketWarning(warned=Warned.OTHER_SHEET, path="terms", subject=name)


def _of_report(report: ConformanceReport) -> Iterator[PacketWarning]:
    for check in report.checks:
        if check.position is Position.BREACH:
            warned = Warned.WORDING if check.term == "wording" else Warned.BREACH
            yield PacketWarning(warned=warned, path=check.clause_id, subject=check.term)
    for missing in (*(wording().groups[group].en for group in report.missing_groups), *report.missing_terms):
        yield PacketWarning(warned=Warned.MISSING, path="terms", subject=missing)
    for leak in report.leaks:
        yield PacketWarning(warned=Warned.LEAK, path="terms", subject=leak)


def _of_standing(item: PendingItem) -> Iterator[PacketWarning]:
    if item.status is CommitmentStatus.EXPIRED:
        yield PacketWarning(warned=Warned.EXPIRED)
    elif item.status not in OPEN:
        yield PacketWarning(warned=Warned.CLOSED, words=phrase_text(f"closed.{item.status.value}"))
    elif item.still_needed and not (item.may_approve or item.delegated):
        yield PacketWarning(warned=Warned.NOBODY_MAY_APPROVE)
