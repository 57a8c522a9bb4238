"""Facts, waivers and reports as records: bounded, typed, and said to be no legal advice."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from partnership_os.schemas.compliance import Fact, FactKind, Verified, Waiver, typed_value
from partnership_os.schemas.compliance_report import NOT_LEGAL_ADVICE, CaseChanges, ComplianceReport
from partnership_os.schemas.partnership import ApprovalLevel


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (FactKind.TRUTH, True, True),
        (FactKind.NUMBER, "0.250", Decimal("0.25")),
        (FactKind.NUMBER, 5, Decimal(5)),
        (FactKind.DAY, "2026-04-26", date(2026, 4, 26)),
        (FactKind.TEXT, " active ", "active"),
        (FactKind.SET, ["b", "a", "b"], ("a", "b")),
    ],
)
def test_a_value_takes_the_type_of_its_kind(kind: FactKind, written: object, value: object) -> None:
    found = typed_value(kind, written)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (FactKind.TRUTH, "yes"),
        (FactKind.TRUTH, 1),
        (FactKind.NUMBER, 0.5),
        (FactKind.NUMBER, False),
        (FactKind.NUMBER, "many"),
        (FactKind.NUMBER, "Infinity"),
        (FactKind.NUMBER, "1000000000000000000"),
        (FactKind.DAY, "26.4.2026"),
        (FactKind.TEXT, "  "),
        (FactKind.TEXT, 5),
        (FactKind.SET, "a"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: FactKind, written: object) -> None:
    fields = {
        "name": "some_fact",
        "kind": kind,
        "value": written,
        "source_kind": "web",
        "source": "a page",
        "source_id": "ev_1",
        "retrieved_at": datetime(2026, 9, 1, tzinfo=UTC),
    }
    with pytest.raises(ValidationError):
        Fact.model_validate(fields)


def test_a_time_without_a_zone_and_an_unknown_source_are_refused() -> None:
    fields = {
        "name": "some_fact",
        "kind": "truth",
        "value": True,
        "source_kind": "web",
        "source": "a page",
        "source_id": "ev_1",
        "retrieved_at": "2026-09-01T00:00:00Z",
    }
    assert Fact.model_validate(fields).value is True
    for wrong in ({"retrieved_at": datetime(2026, 9, 1)}, {"source_kind": "model"}, {"guess": 1}):  # noqa: DTZ001
        with pytest.raises(ValidationError):
            Fact.model_validate(fields | wrong)


def test_only_what_was_read_and_our_own_policy_may_block() -> None:
    assert {mark.value for mark in Verified if mark.may_block} == {"v", "p"}


def test_a_waiver_names_two_people_a_reason_and_a_last_day() -> None:
    fields = {
        "waiver_id": "wv_1",
        "rule_id": "SA-NQ-1",
        "rule_version": 2,
        "approver": "pe_1",
        "approver_level": ApprovalLevel.C_LEVEL,
        "legal_approver": "pe_2",
        "reason": "Certificate under way.",
        "granted_on": date(2026, 9, 1),
        "expires_on": date(2026, 10, 1),
    }
    assert Waiver.model_validate_json(Waiver.model_validate(fields).model_dump_json()) == Waiver.model_validate(fields)
    for missing in fields:
        with pytest.raises(ValidationError):
            Waiver.model_validate({name: value for name, value in fields.items() if name != missing})


@pytest.mark.parametrize("model", [ComplianceReport, CaseChanges])
def test_reports_say_in_their_schema_that_they_are_no_legal_advice(model: type[ComplianceReport | CaseChanges]) -> None:
    assert model.model_fields["disclaimer"].default == NOT_LEGAL_ADVICE
    assert "Not legal advice" in str(model.model_json_schema(mode="serialization"))
