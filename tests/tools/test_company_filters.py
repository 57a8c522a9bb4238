import pytest

from partnership_os.schemas.company import CompanyIdentifiers, CompanyName, CompanyStatus, NameKind
from partnership_os.schemas.need import MustHave, MustHaveKind
from partnership_os.testing import world
from partnership_os.tools.company_filters import filter_reason, is_own_company, rival_named

NEED = world.need(
    our_company=world.need().our_company.model_copy(
        update={"rivals": ("rival-test.com", "Rival Two"), "existing_partners": ("Old Friend Test",)}
    ),
    excluded_profiles=("cement_manufacturer",),
)


def test_a_company_of_which_nothing_is_known_stays_in() -> None:
    bare = world.company(countries=(), employees=None, status=CompanyStatus.UNKNOWN)
    assert filter_reason(bare, NEED, profiles=(), operates_in=()) is None


@pytest.mark.parametrize("status", [status for status in CompanyStatus if not status.is_live])
def test_the_dead_are_out_with_their_reason(status: CompanyStatus) -> None:
    out = filter_reason(world.company(status=status, status_reason="It ended in 2021."), NEED, (), {"SA"})
    assert out is not None and out.rule == "not_live" and "2021" in out.text.en and out.text.ar


def test_ourselves_by_name_domain_or_arabic_name() -> None:
    ours = NEED.our_company
    assert is_own_company(world.company(name="Example Software Co."), ours)
    assert is_own_company(world.company(name="Other", identifiers=CompanyIdentifiers(domain="example.com")), ours)
    assert is_own_company(world.company(name="Other", name_ar="شركة المثال للبرمجيات"), ours)
    assert not is_own_company(world.company(), ours)


def test_rivals_by_domain_name_and_former_name() -> None:
    ours = NEED.our_company
    assert rival_named(world.company(identifiers=CompanyIdentifiers(domain="rival-test.com")), ours)
    assert rival_named(world.company(name="RIVAL TWO LLC"), ours)
    former = CompanyName(text="Rival Two", kind=NameKind.FORMER)
    assert rival_named(world.company(name="New Name", other_names=(former,)), ours)
    assert not rival_named(world.company(name="Rival Two Partners"), ours)


@pytest.mark.parametrize(
    ("fields", "profiles", "operates_in", "rule"),
    [
        ({"name": "Old Friend Test Company"}, (), {"SA"}, "existing_partner"),
        ({}, ("cement_manufacturer",), {"SA"}, "excluded_profile"),
        ({}, (), {"JP"}, "outside_regions"),
        ({}, (), {"BH"}, "must_have_country"),
    ],
)
def test_known_misfits_are_out(
    fields: dict[str, str], profiles: tuple[str, ...], operates_in: set[str], rule: str
) -> None:
    out = filter_reason(world.company(**fields), NEED, profiles, operates_in)
    assert out is not None and out.rule == rule


def test_a_wanted_profile_beats_an_excluded_one() -> None:
    wanted = NEED.partner_profiles[0]
    assert filter_reason(world.company(), NEED, ("cement_manufacturer", wanted), {"SA"}) is None


def test_a_known_headcount_below_the_must_have_is_out_and_an_unknown_one_is_not() -> None:
    need = NEED.model_copy(update={"must_haves": (MustHave(kind=MustHaveKind.MIN_EMPLOYEES, value="500"),)})
    out = filter_reason(world.company(employees=350), need, (), {"SA"})
    assert out is not None and out.rule == "must_have_employees"
    assert filter_reason(world.company(employees=None), need, (), {"SA"}) is None
    assert filter_reason(world.company(employees=500), need, (), {"SA"}) is None
