"""Recorded replies of a register: what becomes a fact, and that nobody's name is kept."""

import json
from datetime import date
from pathlib import Path

import pytest

from partnership_os.errors import InputError
from partnership_os.schemas.compliance import FactSource, Outcome
from partnership_os.tools.gcc_compliance.registry import (
    RecordedRegistry,
    RegistryFault,
    RegistryLookup,
    RegistryProblem,
    RegistryRecord,
    facts_of,
)
from tests.tools.gcc_compliance.scene import FOLDER, RULES, report, result_in

MANAGER, OWNER = "1000000016", "1000000008"


@pytest.fixture
def registry() -> RegistryLookup:
    return RecordedRegistry(FOLDER / "recorded")


def record(registry: RegistryLookup, number: str, signatory: str | None = None) -> RegistryRecord:
    found = registry.company(number, signatory=signatory)
    assert isinstance(found, RegistryRecord)
    return found


def fault(registry: RegistryLookup, number: str) -> RegistryProblem:
    found = registry.company(number)
    assert isinstance(found, RegistryFault)
    return found.problem


def test_a_reply_becomes_facts_that_settle_the_status(registry: RegistryLookup) -> None:
    facts = list(facts_of(record(registry, "٧٠٠١١١١١١٣"), RULES.vocabulary))
    assert {item.name: item.value for item in facts} == {
        "unified_number": "7001111113",
        "old_register_number": "1010999991",
        "register_status": "active",
        "in_liquidation": False,
        "registered_activities": ("463053", "620101"),
    }
    assert {item.source_kind for item in facts} == {FactSource.REGISTRY}
    made = report(facts, day=date(2026, 9, 29))
    assert result_in(made, "SA-CR-6").outcome is Outcome.PASS
    assert result_in(made, "SA-CR-2").outcome is Outcome.PASS
    assert result_in(report(facts, day=date(2026, 9, 30)), "SA-CR-6").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("signatory", "answer"), [(None, None), (MANAGER, True), (OWNER, False)])
def test_whether_a_person_manages_is_answered_and_the_person_forgotten(
    registry: RegistryLookup, signatory: str | None, answer: bool | None
) -> None:
    found = record(registry, "7001111113", signatory)
    assert (found.signatory_is_manager, found.managers) == (answer, 1)
    kept = found.model_dump_json() + "".join(item.model_dump_json() for item in facts_of(found, RULES.vocabulary))
    for personal in (MANAGER, OWNER, "مخترع", "example.com", "0110000000"):
        assert personal not in kept.replace(found.name, "")


def test_only_a_yes_about_the_signatory_is_a_fact(registry: RegistryLookup) -> None:
    names = {
        person: {item.name for item in facts_of(record(registry, "7001111113", person), RULES.vocabulary)}
        for person in (MANAGER, OWNER)
    }
    assert "signatory_authorised" in names[MANAGER] and "signatory_authorised" not in names[OWNER]


def test_the_id_of_a_record_does_not_depend_on_people(registry: RegistryLookup, tmp_path: Path) -> None:
    content = json.loads((FOLDER / "recorded" / "7001111113.json").read_text(encoding="utf-8"))
    content["reply"]["management"]["managers"][0]["name"] = "Somebody else"
    (tmp_path / "7001111113.json").write_text(json.dumps(content), encoding="utf-8")
    other = record(RecordedRegistry(tmp_path), "7001111113")
    assert other.source_id == record(registry, "7001111113").source_id


def test_a_state_that_we_do_not_know_is_no_state(registry: RegistryLookup) -> None:
    found = record(registry, "7002222220")
    assert (found.status, found.status_as_written) == (None, "Under review")
    facts = list(facts_of(found, RULES.vocabulary))
    assert {item.name for item in facts} == {"unified_number", "in_liquidation"}
    assert result_in(report(facts), "SA-CR-6").outcome is Outcome.FAIL, "it is in liquidation whatever its state"


def test_faults_say_what_went_wrong(registry: RegistryLookup) -> None:
    assert fault(registry, "7003333330") is RegistryProblem.MALFORMED_REPLY
    assert fault(registry, "7004444440") is RegistryProblem.UNAVAILABLE
    assert fault(registry, "1010999991") is RegistryProblem.MALFORMED_NUMBER
    assert fault(registry, "../secrets") is RegistryProblem.MALFORMED_NUMBER


def test_a_number_without_a_recording_is_not_called_missing(registry: RegistryLookup, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        registry.company("7005555550")
    (tmp_path / "7005555550.json").write_text('{"recorded_at": "2026-08-30T09:00:00+03:00"}', encoding="utf-8")
    with pytest.raises(InputError, match="neither a reply nor a fault"):
        RecordedRegistry(tmp_path).company("7005555550")


def test_every_recording_says_that_it_is_invented() -> None:
    for path in sorted((FOLDER / "recorded").glob("*.json")):
        assert "nvented" in json.loads(path.read_text(encoding="utf-8"))["note"], path.name
