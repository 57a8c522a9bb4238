"""Territory: countries, the Gulf states as a set, and regions and cities where they are known in either script."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pydantic import Field, RootModel

from partnership_os.errors import InputError
from partnership_os.schemas.base import CountryCode, Label, Record, Slug
from partnership_os.schemas.channel import Area, Overlap
from partnership_os.tools.channel_compliance.data_records import shipped_record
from partnership_os.tools.channel_compliance.overlap import NO, YES, Reading, any_of, open_for
from partnership_os.tools.channel_compliance.wording import Fact
from partnership_os.tools.countries import country_code
from partnership_os.tools.text import fold

__all__ = ["GULF_STATES", "area_overlap", "areas_of", "is_inside", "territory_overlap"]

GULF_STATES = ("AE", "BH", "KW", "OM", "QA", "SA")
"""The members of the Gulf Cooperation Council."""
_GULF_NAMES = frozenset(
    fold(name)
    for name in (
        "GCC",
        "Gulf",
        "GCC countries",
        "Gulf states",
        "دول الخليج",
        "دول مجلس التعاون",
        "مجلس التعاون",
        "الخليج",
    )
)


class _Region(Record):
    names: tuple[Label, ...] = Field(min_length=1)
    cities: dict[Slug, tuple[Label, ...]] = Field(default_factory=dict)


class _Places(RootModel[dict[CountryCode, dict[Slug, _Region]]]):
    """The file of places."""


class _Place(NamedTuple):
    """A place as far as it is recognised; ``doubtful`` where a stated name is not, or region and city disagree."""

    region: str | None
    city: str | None
    doubtful: bool


def areas_of(names: Iterable[str]) -> tuple[Area, ...]:
    """Areas from names of countries in English or Arabic, codes, and ``GCC`` for its six states; sorted, once each.

    A city or region stands behind its country and a slash, ``SA/Riyadh`` or ``السعودية/جدة``; it is a city where it
    is known as one, else a region where it is known as one, else a city.

    Raises:
        InputError: a country is not known.
    """
    found: set[Area] = set()
    for name in names:
        if fold(name.strip()) in _GULF_NAMES:
            found |= {Area(country=code) for code in GULF_STATES}
            continue
        country, _, place = (part.strip() for part in name.partition("/"))
        code = country_code(country)
        if code is None:
            raise InputError(
                f"{country[:60]!r} is not a country that we know.", fix="Use its ISO code, or GCC.", field="territory"
            )
        found.add(_area(code, place))
    return tuple(sorted(found, key=lambda area: (area.country, area.region or "", area.city or "")))


def _area(code: str, place: str) -> Area:
    if not place:
        return Area(country=code)
    is_region_only = _city_key(code, place) is None and _region_key(code, place) is not None
    return Area(country=code, region=place) if is_region_only else Area(country=code, city=place)


def territory_overlap(first: Sequence[Area] | None, second: Sequence[Area] | None) -> Reading:
    """Whether two territories share a place; an unknown one may share any, an empty one shares none."""
    if any(areas is not None and not areas for areas in (first, second)):
        return NO
    if first is None or second is None:
        return open_for(Fact.TERRITORY)
    return any_of(area_overlap(ours, theirs) for ours in first for theirs in second)


def area_overlap(first: Area, second: Area) -> Reading:
    """Whether two areas share a place.

    Areas of different countries share none. Two places of a country are told apart only where both are recognised;
    a name that is not in the file of places may be any place of its country.
    """
    if first.country != second.country:
        return NO
    if _is_country(first) or _is_country(second):
        return YES
    ours, theirs = _place(first), _place(second)
    if _same_words(first, second):
        return YES
    if ours.doubtful or theirs.doubtful:
        return open_for(Fact.TERRITORY)
    if ours.region != theirs.region:
        return NO
    return YES if None in (ours.city, theirs.city) or ours.city == theirs.city else NO


def is_inside(inner: Area, outer: Area) -> Reading:
    """Whether an area lies wholly inside another one."""
    shared = area_overlap(inner, outer)
    if shared.overlap is Overlap.NONE or _is_country(outer):
        return shared
    if _is_country(inner):
        return NO
    if inner.city is None and outer.city is not None:
        return NO
    return shared


def _is_country(area: Area) -> bool:
    return area.region is None and area.city is None


def _same_words(first: Area, second: Area) -> bool:
    return all(
        (ours is None) == (theirs is None) and (ours is None or theirs is None or fold(ours) == fold(theirs))
        for ours, theirs in ((first.region, second.region), (first.city, second.city))
    )


def _place(area: Area) -> _Place:
    region = _region_key(area.country, area.region) if area.region else None
    if not area.city:
        return _Place(region, None, doubtful=region is None)
    found = _city_key(area.country, area.city)
    if found is None:
        return _Place(region, None, doubtful=True)
    disagree = area.region is not None and region != found[0]
    return _Place(found[0], found[1], doubtful=disagree)


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], tuple[str, str]]]:
    regions: dict[tuple[str, str], str] = {}
    cities: dict[tuple[str, str], tuple[str, str]] = {}
    for country, listed in shipped_record("channel_places.yaml", _Places).root.items():
        for slug, region in listed.items():
            regions.update({(country, fold(name)): slug for name in region.names})
            for city, names in region.cities.items():
                cities.update({(country, fold(name)): (slug, city) for name in names})
    return regions, cities


def _region_key(country: str, name: str) -> str | None:
    plain = fold(name.strip())
    for form in (plain, plain.removesuffix(" region").removesuffix(" province"), plain.removeprefix("منطقه ")):
        if (key := _tables()[0].get((country, form))) is not None:
            return key
    return None


def _city_key(country: str, name: str) -> tuple[str, str] | None:
    return _tables()[1].get((country, fold(name.strip())))
