"""Territory: countries, the Gulf as a set, regions and cities in both scripts."""

import pytest

from partnership_os.errors import InputError
from partnership_os.schemas.channel import Area, Overlap
from partnership_os.tools.channel_compliance.territory import (
    GULF_STATES,
    area_overlap,
    areas_of,
    is_inside,
    territory_overlap,
)


def saudi(region: str | None = None, city: str | None = None) -> Area:
    return Area(country="SA", region=region, city=city)


@pytest.mark.parametrize("name", ["GCC", "gcc", "دول مجلس التعاون", "دول الخليج"])
def test_the_gulf_is_six_states(name: str) -> None:
    assert tuple(area.country for area in areas_of([name])) == GULF_STATES
    assert areas_of([name, "السعودية", "KW"]) == areas_of([name])


def test_places_behind_a_slash_are_cities_where_known_as_one() -> None:
    assert areas_of(["السعودية/جدة"]) == (saudi(city="جدة"),)
    assert areas_of(["SA/Eastern Province"]) == (saudi(region="Eastern Province"),)
    assert areas_of(["SA/Nowhere"]) == (saudi(city="Nowhere"),)


def test_an_unknown_country_is_refused_by_field() -> None:
    with pytest.raises(InputError) as error:
        areas_of(["Atlantis"])
    assert error.value.details["field"] == "territory" and error.value.fix


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (saudi(), Area(country="AE"), Overlap.NONE),
        (saudi(), saudi(city="Riyadh"), Overlap.CERTAIN),
        (saudi(city="Riyadh"), saudi(city="الرياض"), Overlap.CERTAIN),
        (saudi(city="Riyadh"), saudi(city="جدة"), Overlap.NONE),
        (saudi(region="منطقة مكة المكرمة"), saudi(city="Jeddah"), Overlap.CERTAIN),
        (saudi(region="Riyadh"), saudi(city="Jeddah"), Overlap.NONE),
        (saudi(region="Riyadh"), saudi(region="الرياض"), Overlap.CERTAIN),
        (saudi(city="Riyadh"), saudi(city="Al Kharj"), Overlap.NONE),
        (saudi(city="Riyadh"), saudi(city="A village"), Overlap.POSSIBLE),
        (saudi(city="A village"), saudi(city="a village"), Overlap.CERTAIN),
        (saudi(region="Makkah", city="Riyadh"), saudi(city="Jeddah"), Overlap.POSSIBLE),
        (Area(country="KW", city="Kuwait City"), Area(country="KW", city="Hawalli"), Overlap.POSSIBLE),
    ],
)
def test_areas(first: Area, second: Area, expected: Overlap) -> None:
    assert area_overlap(first, second).overlap is area_overlap(second, first).overlap is expected


def test_territories_share_any_area_and_an_unknown_one_may() -> None:
    assert territory_overlap(areas_of(["GCC"]), areas_of(["OM"])).overlap is Overlap.CERTAIN
    assert territory_overlap(areas_of(["GCC"]), areas_of(["EG", "JO"])).overlap is Overlap.NONE
    assert territory_overlap(None, areas_of(["EG"])).overlap is Overlap.POSSIBLE
    assert territory_overlap((), None).overlap is Overlap.NONE


def test_inside_is_not_the_same_as_overlapping() -> None:
    assert is_inside(saudi(city="Riyadh"), saudi()).overlap is Overlap.CERTAIN
    assert is_inside(saudi(), saudi(city="Riyadh")).overlap is Overlap.NONE
    assert is_inside(saudi(region="Riyadh"), saudi(city="Riyadh")).overlap is Overlap.NONE
    assert is_inside(saudi(city="Riyadh"), saudi(region="Riyadh")).overlap is Overlap.CERTAIN
    assert is_inside(saudi(city="A village"), saudi(region="Riyadh")).overlap is Overlap.POSSIBLE
