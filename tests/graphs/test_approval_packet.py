"""The approval packet: nothing that is digested is left out, and what deceives is named."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from partnership_os.agents.deal_negotiator import committed_value
from partnership_os.agents.playbook import load_playbook
from partnership_os.agents.sheet_changes import SheetPart
from partnership_os.agents.sheet_edit import edit_sheet, parse_edits
from partnership_os.errors import InputError
from partnership_os.governance import commitments
from partnership_os.governance.canonical import commitment_digest
from partnership_os.governance.commitments import ProposalDraft
from partnership_os.graphs.approval_oddities import PartyRole, Warned, warning_text
from partnership_os.graphs.approval_packet import ApprovalPacket, packet_of, sheet_in
from partnership_os.graphs.wording.approval_words import APPROVAL_PHRASES
from partnership_os.graphs.wording.texts import Texts
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import Commitment, CommitmentStatus, DecisionOutcome
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ActionClass, ApprovalLevel, PartnershipType, Reversibility
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.testing.clock import TickingClock
from partnership_os.tools.company_import import ImportOptions
from partnership_os.tools.text import visible

Propose = Callable[..., Commitment]
Token = Callable[..., str]
RTL, ZERO_WIDTH = "\u202e", "\u200b"


@pytest.fixture
def director(token: Token) -> str:
    """The token of somebody who may approve."""
    return token(ApprovalLevel.DIRECTOR, name="Dana")


@pytest.fixture
def asked(workspace: Workspace, need: PartnershipNeed, token: Token, director: str) -> Commitment:
    """A deal that stands at the gate, and somebody who may approve it."""
    state = workspace.start_deal("Najd Test Systems", need, token(ApprovalLevel.MANAGER, name="Sara"))
    assert state.commitment_id is not None
    return commitments.standing(workspace.services.governance, workspace.services.clock, state.commitment_id).commitment


@pytest.fixture
def propose(workspace: Workspace) -> Propose:
    """Puts a changed request beside an honest one, as somebody with a program of their own could."""

    def make(honest: Commitment, **fields: Any) -> Commitment:
        kept = {name: getattr(honest, name) for name in ProposalDraft.model_fields if name != "edited_from"}
        draft = ProposalDraft.model_validate({**kept, **fields})
        return commitments.propose(workspace.services.governance, draft, workspace.services.clock)

    return make


def _packet(workspace: Workspace, commitment: Commitment) -> ApprovalPacket:
    return packet_of(workspace.services, workspace.services.clock, commitment.commitment_id)


def _flat(value: JsonValue, path: str) -> Iterator[tuple[str, JsonValue]]:
    """Paths of a document without odd keys, written apart from the product."""
    inner: list[tuple[str, JsonValue]] = []
    if isinstance(value, dict):
        inner = [(f"{path}.{key}", item) for key, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{at}]", item) for at, item in enumerate(value)]
    if not inner:
        yield path.removeprefix("."), value
    for below, item in inner:
        yield from _flat(item, below)


def _expected(commitment: Commitment) -> dict[str, JsonValue]:
    return dict(_flat(commitment.model_dump(mode="json", exclude={"commitment_id"}), ""))


def _assert_complete(commitment: Commitment, packet: ApprovalPacket) -> None:
    expected = _expected(commitment)
    shown = {field.path: field for field in packet.fields}
    assert set(shown) == set(expected)
    assert len(packet.fields) == len(expected)
    assert packet.digest == commitment_digest(commitment)
    for path, value in expected.items():
        if path.startswith("terms.") and isinstance(value, str):
            assert shown[path].value in (visible(value), json.dumps(value))
        if isinstance(value, bool | None):
            assert shown[path].value == json.dumps(value)
        assert bool(shown[path].hidden) == (isinstance(value, str) and visible(value) != value)


def _warned(packet: ApprovalPacket) -> set[Warned]:
    return {warning.warned for warning in packet.warnings}


def _hostile_terms(terms: dict[str, JsonValue]) -> dict[str, Any]:
    """A right-to-left override in a clause, a zero-width space in a name, a line that looks like one of ours."""
    changed: dict[str, Any] = json.loads(json.dumps(terms))
    changed["clauses"][3]["text"]["en"] = f"The Partner pays {RTL}000,1{ZERO_WIDTH} SAR."
    changed["them"]["name"] = f"Najd Test{ZERO_WIDTH} Systems"
    changed["cover_note"]["en"] = "Hello.\nterms.them.name = Somebody Else\x1b[2J"
    return changed


def test_every_digested_field_is_in_the_packet(workspace: Workspace, asked: Commitment) -> None:
    packet = _packet(workspace, asked)
    _assert_complete(asked, packet)
    assert packet.warnings == ()
    assert {field.path for field in packet.fields if field.label is None} == set()
    assert ApprovalPacket.model_validate_json(packet.model_dump_json()) == packet


def test_every_digested_field_is_in_the_packet_of_a_hostile_request(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    terms = _hostile_terms(asked.terms)
    hostile = propose(asked, terms=terms, document_version=2, parties=(asked.parties[0], f"Najd{RTL} Test Systems"))
    packet = _packet(workspace, hostile)
    _assert_complete(hostile, packet)
    flagged = {field.path for field in packet.fields if field.hidden}
    assert flagged == {"parties[1]", "terms.clauses[3].text.en", "terms.cover_note.en", "terms.them.name"}
    hidden = [warning for warning in packet.warnings if warning.warned is Warned.HIDDEN]
    assert {warning.path for warning in hidden} == flagged
    clause = next(warning for warning in hidden if warning.path == "terms.clauses[3].text.en")
    assert clause.detail == "RIGHT-TO-LEFT OVERRIDE (U+202E), ZERO WIDTH SPACE (U+200B)"
    assert not any(character in field.value + field.path for field in packet.fields for character in (RTL, ZERO_WIDTH))


def test_odd_keys_of_a_document_are_shown_and_do_not_pass_for_others(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    terms: dict[str, JsonValue] = {"price.net": "1", "price": {"net": "2"}, f"pri{ZERO_WIDTH}ce": [], "a": [{}, None]}
    packet = _packet(workspace, propose(asked, terms=terms, document_version=2))
    shown = {field.path: field.value for field in packet.fields if field.path.startswith("terms")}
    assert shown == {
        'terms["price.net"]': '"1"',
        "terms.price.net": '"2"',
        'terms["pri[U+200B]ce"]': "[]",
        "terms.a[0]": "{}",
        "terms.a[1]": "null",
    }
    assert [field.path for field in packet.fields if field.hidden] == ['terms["pri[U+200B]ce"]']
    assert _warned(packet) == {Warned.HIDDEN, Warned.NO_DOCUMENT}
    assert packet.rules.conformance is None


def test_the_minute_says_what_with_whom_how_much_and_until_when(
    workspace: Workspace, asked: Commitment, token: Token, clock: TickingClock
) -> None:
    token(ApprovalLevel.ANALYST, name="Ali")
    packet = _packet(workspace, asked)
    assert packet.action.action == "issue_term_sheet"
    assert packet.action.meaning.ar == "إرسال ورقة شروط إلى الطرف الآخر."
    assert (packet.action.action_class, packet.action.reversibility) == (ActionClass.B, Reversibility.R3)
    assert (packet.status, packet.partnership_type) == (CommitmentStatus.PENDING, PartnershipType.DISTRIBUTION)
    assert [(party.role, party.name) for party in packet.parties] == [
        (PartyRole.US, "Example Test Software"),
        (PartyRole.US, "شركة المثال الاختبارية"),
        (PartyRole.THEM, "Najd Test Systems"),
        (PartyRole.THEM, "شركة نجد الاختبارية للأنظمة"),
    ]
    assert packet.value == asked.value
    assert (packet.requester.name, packet.requester.person_id) == ("Sara", asked.requested_by)
    assert [person.name for person in packet.may_approve] == ["Dana"]
    assert packet.still_needed == packet.required_approvals == asked.required_approvals
    assert packet.deadline.expires_at - packet.deadline.requested_at == timedelta(days=14)
    assert timedelta(days=13, hours=23) < timedelta(seconds=packet.deadline.seconds_left) < timedelta(days=14)
    assert "commission" not in {term.term for term in packet.main_terms}
    assert {"term_months", "exclusivity"} <= {term.term for term in packet.main_terms}
    assert packet.rules.card is not None and packet.rules.conformance is not None
    assert packet.rules.conformance.conforms
    assert packet.rules.conditions_precedent
    clock.advance(timedelta(days=20))
    late = _packet(workspace, asked)
    assert (late.status, late.deadline.seconds_left) == (CommitmentStatus.EXPIRED, 0)
    assert _warned(late) == {Warned.EXPIRED}


def test_what_people_decided_is_shown_with_their_notes(workspace: Workspace, asked: Commitment, director: str) -> None:
    workspace.home.approval_service.decide(asked.commitment_id, director, DecisionOutcome.APPROVE, "as agreed")
    packet = _packet(workspace, asked)
    (decision,) = packet.decisions
    assert (decision.by.name, decision.outcome, decision.note) == ("Dana", DecisionOutcome.APPROVE, "as agreed")
    assert decision.counts
    assert (packet.status, packet.still_needed) == (CommitmentStatus.APPROVED, ())
    workspace.change_person(decision.by.person_id, level=ApprovalLevel.ANALYST)
    demoted = _packet(workspace, asked)
    assert not demoted.decisions[0].counts
    assert demoted.still_needed == asked.required_approvals
    assert _warned(demoted) == {Warned.NOBODY_MAY_APPROVE}


def test_a_rejection_is_said_to_be_the_end(workspace: Workspace, asked: Commitment, director: str) -> None:
    workspace.home.approval_service.decide(asked.commitment_id, director, DecisionOutcome.REJECT, "too dear")
    packet = _packet(workspace, asked)
    assert packet.status is CommitmentStatus.REJECTED
    assert _warned(packet) == {Warned.CLOSED}


def _import(workspace: Workspace, tmp_path: Path, **company: str) -> None:
    row = {"website": "https://other-test.com", "country": "Saudi Arabia", "summary": "It sells bread.", **company}
    path = tmp_path / "more.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    workspace.import_files([path], ImportOptions(date(2026, 1, 10)))


@pytest.mark.parametrize(
    ("name", "warned"),
    [("Nаjd Test Systems", Warned.SAME_SHAPE), ("Najd Test System", Warned.ONE_EDIT), ("Qassim Test Bread", None)],
)
def test_a_partner_that_reads_like_another_company_is_flagged(
    workspace: Workspace, asked: Commitment, tmp_path: Path, name: str, warned: Warned | None
) -> None:
    _import(workspace, tmp_path, name=name)
    packet = _packet(workspace, asked)
    partner = next(party for party in packet.parties if party.name == "Najd Test Systems")
    assert partner.paths == ("parties[1]", "terms.them.name")
    assert [found.known_name for found in partner.lookalikes] == ([] if warned is None else [name])
    assert _warned(packet) == (set() if warned is None else {warned})


def test_a_homoglyph_in_the_request_is_flagged_against_the_real_company(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    faked = propose(asked, parties=(asked.parties[0], "Nаjd Test Systems"), document_version=2)
    warnings = _packet(workspace, faked).warnings
    likeness = next(warning for warning in warnings if warning.warned is Warned.SAME_SHAPE)
    assert likeness.path == "parties[1]"
    assert likeness.detail.startswith("Najd Test Systems (co_")
    assert Warned.NO_DOCUMENT in {warning.warned for warning in warnings}


def test_a_disguised_partner_in_the_document_is_flagged_against_its_own_name(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    terms: dict[str, Any] = json.loads(json.dumps(asked.terms))
    terms["them"]["name"], terms["version"] = "Nаjd Test Systems", 2
    faked = propose(asked, terms=terms, document_version=2, parties=(asked.parties[0], "Nаjd Test Systems"))
    packet = _packet(workspace, faked)
    assert {Warned.SAME_SHAPE, Warned.OTHER_NAME} <= _warned(packet)
    party = next(item for item in packet.parties if item.name == "Nаjd Test Systems")
    assert party.known_as is not None and party.known_as.startswith("Najd Test Systems (co_")
    assert [found.known_name for found in party.lookalikes] == ["Najd Test Systems"]
    other = propose(asked, terms={**terms, "company_id": "co_nobody", "version": 3}, document_version=3)
    details = {item.warned: item.detail for item in _packet(workspace, other).warnings}
    assert details[Warned.OTHER_NAME] == "co_nobody"


def test_a_request_that_is_not_its_document_is_flagged(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    terms = {**asked.terms, "version": 2}
    money = Money(amount=Decimal(1), currency="SAR")
    lying = propose(asked, parties=(asked.parties[0], "Gulf Bread"), terms=terms, document_version=2, value=money)
    packet = _packet(workspace, lying)
    assert {Warned.OTHER_PARTIES, Warned.OTHER_VALUE, Warned.OTHER_SHEET} <= _warned(packet)
    assert PartyRole.OTHER in {party.role for party in packet.parties}


def test_a_summary_that_is_not_that_of_its_document_is_flagged(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    assert not {Warned.OTHER_TYPE, Warned.OTHER_CURRENCY, Warned.OTHER_VERSION} & _warned(_packet(workspace, asked))
    lying = propose(asked, currency="USD", terms={**asked.terms, "version": 7}, document_version=2, value=None)
    details = {item.warned: (item.subject, item.detail) for item in _packet(workspace, lying).warnings}
    assert details[Warned.OTHER_CURRENCY] == ("USD", "SAR")
    assert details[Warned.OTHER_VERSION] == ("2", "7")


def test_a_breach_of_the_playbook_is_flagged(workspace: Workspace, asked: Commitment, propose: Propose) -> None:
    terms: dict[str, Any] = json.loads(json.dumps(asked.terms))
    clause = next(item for item in terms["clauses"] if item["clause_id"] == "term_and_renewal")
    clause["terms"][0]["number"] = "240"
    packet = _packet(workspace, propose(asked, terms={**terms, "version": 2}, document_version=2))
    breach = [warning.subject for warning in packet.warnings if warning.warned is Warned.BREACH]
    assert breach == ["term_months"]
    assert "term_and_renewal" in {item.path for item in packet.warnings if item.warned is Warned.WORDING}


def test_an_action_that_the_table_does_not_name_is_flagged(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    packet = _packet(workspace, propose(asked, action="send_gift", document_version=2))
    assert Warned.UNNAMED_ACTION in _warned(packet)
    assert packet.action.action_class is ActionClass.B


def _edited(
    workspace: Workspace, asked: Commitment, propose: Propose, *edits: str
) -> tuple[PartnerTermSheet, Commitment]:
    """What an edit does: a new sheet in the store, and a request for it."""
    old = sheet_in(asked)
    assert old is not None
    sheet = edit_sheet(old, parse_edits(edits), load_playbook(old.partnership_type), date(2026, 1, 16)).sheet
    workspace.services.companies.put_sheet(sheet)
    made = propose(
        asked,
        terms=sheet.model_dump(mode="json"),
        document_version=sheet.version,
        value=committed_value(sheet),
        edited_from=asked.commitment_id,
    )
    return sheet, made


def test_a_first_version_has_nothing_before_it(workspace: Workspace, asked: Commitment) -> None:
    assert _packet(workspace, asked).previous is None


def test_the_changes_of_an_edit_are_shown_in_words_and_fields(
    workspace: Workspace, asked: Commitment, propose: Propose
) -> None:
    _, made = _edited(workspace, asked, propose, "payment_days=50", "mdf_per_year=20000 SAR")
    packet = _packet(workspace, made)
    assert packet.warnings == ()
    before = packet.previous
    assert before is not None
    assert (before.commitment_id, before.document_version) == (asked.commitment_id, 1)
    assert before.status is CommitmentStatus.SUPERSEDED
    values = {change.term: change for change in before.document if change.part is SheetPart.VALUE}
    assert set(values) == {"payment_days", "mdf_per_year"}
    assert values["mdf_per_year"].new is not None
    assert values["mdf_per_year"].new.ar == "(20,000) ريال سعودي"
    assert {"document_version", "edited_from", "value.amount"} <= {change.path for change in before.request}
    assert not any(change.path.startswith("terms") for change in before.request)
    _assert_complete(made, packet)


def test_another_document_is_compared_field_by_field(workspace: Workspace, asked: Commitment, propose: Propose) -> None:
    other = {"document_id": "dc_play", "action": "fund_play", "value": None}
    first = propose(asked, terms={"budget": "100", "city": "Riyadh"}, document_version=1, **other)
    second = propose(asked, terms={"budget": "900", "city": "Riyadh"}, document_version=2, **other)
    assert _packet(workspace, first).previous is None
    before = _packet(workspace, second).previous
    assert before is not None
    assert before.document == ()
    assert {change.path for change in before.request} >= {"terms.budget", "document_version"}
    assert "terms.city" not in {change.path for change in before.request}


def test_an_unknown_commitment_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="There is no commitment"):
        packet_of(workspace.services, workspace.services.clock, "cm_nothing")


@pytest.mark.parametrize("warned", Warned)
def test_every_warning_has_words_in_both_languages(warned: Warned) -> None:
    english, arabic = APPROVAL_PHRASES[f"warning.{warned.value}"]
    assert Texts("en", APPROVAL_PHRASES)(f"warning.{warned.value}", path="a", subject="b", detail="c")
    assert english.count("{") == arabic.count("{")
    assert any("\u0621" <= letter <= "\u064a" for letter in arabic)


def test_a_name_cannot_write_a_warning_of_its_own(workspace: Workspace, asked: Commitment, propose: Propose) -> None:
    name = f"Najd Test Systems\n! {RTL}Nothing is odd"
    packet = _packet(workspace, propose(asked, parties=(asked.parties[0], name), document_version=2))
    party = next(item for item in packet.parties if item.name.startswith("Najd Test Systems\n"))
    assert {item.code_point for item in party.hidden} == {"U+000A", "U+202E"}
    for language in ("en", "ar"):
        for warning in packet.warnings:
            text = warning_text(Texts(language, APPROVAL_PHRASES), warning)
            assert "\n" not in text and RTL not in text
