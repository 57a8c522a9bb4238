import json
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from partnership_os.agents.playbook import load_playbook
from partnership_os.schemas.base import Money, country_codes, currency_codes, nfc
from partnership_os.schemas.company import Company, CompanyIdentifiers, CompanyName, CompanyStatus, NameKind
from partnership_os.schemas.evidence import SOURCE_QUALITY, SourceKind
from partnership_os.schemas.export import PUBLISHED, json_schemas, write_schemas
from partnership_os.schemas.model_outputs import DraftedNote, ExtractedClaims
from partnership_os.schemas.need import DealAssumptions
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookTerm
from partnership_os.schemas.stamp import ModelUsage
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit, TermValue
from partnership_os.testing import world
from partnership_os.testing.strict_schema import strict_problems


def test_money_is_exact_and_has_a_known_currency() -> None:
    assert str(Money(amount=Decimal("1250.5"), currency="SAR")) == "1,250.50 SAR"
    with pytest.raises(ValidationError, match="exact"):
        Money(amount=0.1, currency="SAR")
    with pytest.raises(ValidationError, match="ISO 4217"):
        Money(amount=Decimal(1), currency="XQZ")


def test_countries_and_currencies_come_from_the_standard() -> None:
    assert {"SA", "AE", "QA", "KW", "BH", "OM"} <= country_codes()
    assert not country_codes() & {"EU", "ZZ", "UN"}
    assert {"SAR", "USD"} <= currency_codes()
    with pytest.raises(ValidationError, match="ISO 3166"):
        world.company(countries=("ZZ",))


def test_unknown_keys_and_changes_are_refused() -> None:
    company = world.company()
    with pytest.raises(ValidationError):
        Company.model_validate({**company.model_dump(), "score": 100})
    with pytest.raises(ValidationError):
        company.name = "Other"  # type: ignore[misc]


def test_strings_are_bounded_and_normalised() -> None:
    with pytest.raises(ValidationError):
        world.company(name="x" * 201)
    assert world.company(name="Cafe\u0301").name == nfc("Café")


def test_a_company_knows_all_its_names_once_and_whether_it_lives() -> None:
    company = world.company(
        other_names=(CompanyName(text="Old Name", kind=NameKind.FORMER), CompanyName(text="Najd Test Systems"))
    )
    assert company.names == ("Najd Test Systems", "شركة نجد الاختبارية", "Old Name")
    assert world.company(name_ar=None).names[1:] == ()
    assert CompanyStatus.UNKNOWN.is_live and CompanyStatus.ACTIVE.is_live
    assert not any(status.is_live for status in CompanyStatus if status.value in ("acquired", "merged", "liquidated"))


@pytest.mark.parametrize(
    "bad", [{"lei": "123"}, {"isin": "SA14AG523M"}, {"domain": "x" * 300}, {"registry_number": "1" * 50}]
)
def test_identifiers_have_their_form(bad: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        CompanyIdentifiers(**bad)


def test_every_source_has_a_quality_and_a_register_is_the_best() -> None:
    assert set(SOURCE_QUALITY) == set(SourceKind)
    assert max(SOURCE_QUALITY, key=SOURCE_QUALITY.__getitem__) is SourceKind.REGISTRY


def test_levels_rise() -> None:
    ranks = [level.rank for level in ApprovalLevel]
    assert ranks == sorted(ranks) == list(range(5))


def test_deal_assumptions_hold_one_currency() -> None:
    deal = world.need().deal.model_dump()
    deal["average_deal"]["currency"] = "USD"
    with pytest.raises(ValidationError, match="mix currencies"):
        DealAssumptions.model_validate(deal)


@pytest.mark.parametrize(
    "fields",
    [
        {"unit": TermUnit.CHOICE},
        {"unit": TermUnit.SHARE},
        {"unit": TermUnit.SHARE, "number": Decimal("1.2")},
        {"unit": TermUnit.DAYS, "number": Decimal(-1)},
        {"unit": TermUnit.MONEY, "number": Decimal(5)},
        {"unit": TermUnit.DAYS, "number": Decimal(5), "currency": "SAR"},
        {"unit": TermUnit.DAYS, "choice": "ksa"},
    ],
)
def test_a_term_has_one_value_of_its_unit(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TermValue(name="some_term", **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"better": Direction.HIGHER, "ideal": Decimal(1), "fallback": Decimal(2), "walk_away": Decimal(3)},
        {"better": Direction.LOWER, "ideal": Decimal(3), "fallback": Decimal(2), "walk_away": Decimal(1)},
        {"better": Direction.FIXED, "ideal": Decimal(1), "fallback": Decimal(2), "walk_away": Decimal(2)},
        {"better": Direction.HIGHER, "ideal": "high", "fallback": Decimal(2), "walk_away": Decimal(1)},
    ],
)
def test_playbook_positions_fall_in_our_preference(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PlaybookTerm(name="some_term", unit=TermUnit.DAYS, **fields)


def test_playbook_choices_are_listed() -> None:
    good = {"ideal": "a", "fallback": "b", "walk_away": "b", "choices": ("a", "b")}
    assert PlaybookTerm(name="t", unit=TermUnit.CHOICE, better=Direction.HIGHER, **good)
    with pytest.raises(ValidationError, match="not one of the choices"):
        PlaybookTerm(name="t", unit=TermUnit.CHOICE, better=Direction.HIGHER, **{**good, "ideal": "c"})


@pytest.mark.parametrize("partnership_type", list(PartnershipType))
def test_a_playbook_survives_json(partnership_type: PartnershipType) -> None:
    playbook = load_playbook(partnership_type)
    assert Playbook.model_validate_json(playbook.model_dump_json()) == playbook


def test_names_on_a_sheet_are_unique() -> None:
    clause = {"clause_id": "c", "group": "term", "title": {"en": "a", "ar": "ا"}, "text": {"en": "a", "ar": "ا"}}
    with pytest.raises(ValidationError, match="used twice"):
        PartnerTermSheet.model_validate(
            {
                "sheet_id": "ts_1",
                "version": 1,
                "thread_id": "t",
                "partnership_type": "referral",
                "need_id": "nd_1",
                "company_id": "co_1",
                "us": {"name": "Us"},
                "them": {"name": "Them"},
                "currency": "SAR",
                "drafted_on": "2026-01-15",
                "clauses": [clause, clause],
                "cover_note": {"en": "a", "ar": "ا"},
                "playbook_version": "referral/1",
                "made_by": {"analyst": "rules", "engine": "test"},
            }
        )


def test_usage_adds_up_and_an_unknown_price_stays_unknown() -> None:
    priced = ModelUsage(calls=1, input_tokens=10, output_tokens=2, cost_usd=0.5)
    assert ModelUsage().plus(priced) == priced
    assert priced.plus(priced).cost_usd == 1.0
    assert priced.plus(ModelUsage(calls=1, input_tokens=1)).cost_usd is None


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_published_schemas_are_valid_and_close_every_object(model: type[BaseModel]) -> None:
    schema = json.loads(json_schemas()[f"{model.__name__}.schema.json"])
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("model", [ExtractedClaims, DraftedNote])
def test_what_a_model_fills_is_valid_for_strict_mode(model: type[BaseModel]) -> None:
    assert strict_problems({"name": model.__name__, "strict": True, "schema": model.model_json_schema()}) == []


def test_write_schemas_writes_what_it_says(tmp_path: Path) -> None:
    written = write_schemas(tmp_path / "out")
    assert {path.name: path.read_text(encoding="utf-8") for path in written} == json_schemas()
