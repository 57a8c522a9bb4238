"""Need files as people write them, good and bad."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from partnership_os.errors import InputError
from partnership_os.schemas.base import Money
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.need_reader import read_need

ENGLISH = """\
title: Implementation partners in the Gulf
description: We sell payroll software and look for firms that install it.
partnership_type: Distribution
our_company:
  name: Example Software
  country: Saudi Arabia
  offers: [payroll]
  rivals: [Rival One]
partner_profiles:
  - systems_integrator
  - IT distributors
seeks: [system integration, it consulting]
target_segments: [government, smes]
regions: [GCC, Norway, SA]
must_haves:
  - kind: Country
    value: saudi arabia
  - offers: system integration
  - kind: min_employees
    value: 1,200
  - segment: government
signals:
  - text: The government moves payroll to the cloud.
    source: Official gazette
    observed_on: 2026-01-15
    countries: [KSA]
requests:
  - Customers ask for local system integration.
  - text: They ask for training.
    customers: 12
    concepts: [training]
gaps:
  - request_severity_is_not_a_field_here
deal:
  currency: SAR
  average_deal: 250,000 SAR
  win_rate: 25%
  target_accounts_per_year: 40
  revenue_target_per_year: {amount: 2_500_000.50, currency: SAR}
"""
ENGLISH = ENGLISH.replace("gaps:\n  - request_severity_is_not_a_field_here\n", "gaps:\n  - No partner in Jeddah.\n")
ARABIC = """\
title: شركاء تكامل الأنظمة
description: نبحث عن شركاء ينفذون أنظمتنا لدى الجهات الحكومية في المملكة.
partnership_type: شراكة تقنية
our_company:
  name: شركة المثال
  country: السعودية
  offers: [مسيرات الرواتب]
partner_profiles: [شركة محاماة]
seeks: تكامل الأنظمة
target_segments: [الجهات الحكومية]
regions: [السعودية, دول الخليج]
must_haves:
  - country: السعودية
  - kind: min_employees
    value: ٢٠٠
gaps:
  - text: لا يوجد لدينا شريك في الأمن السيبراني
    severity: 5
deal:
  currency: SAR
  average_deal: ٢٥٠٬٠٠٠ ريال سعودي
  win_rate: 0.25
  target_accounts_per_year: 40
  revenue_target_per_year: 5 million SAR
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write_file(text: str | bytes, name: str = "need.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write_file


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_need(path, load_lexicon())
    assert path.name in caught.value.message
    return caught.value


def test_a_need_in_english(write: Callable[..., Path]) -> None:
    need = read_need(write(ENGLISH), load_lexicon())
    assert need.need_id == "nd_implementation_partners_in_the_gulf"
    assert need.partnership_type is PartnershipType.DISTRIBUTION
    assert need.our_company.country == "SA"
    assert need.partner_profiles == ("systems_integrator", "it_distributor")
    assert need.seeks == ("systems_integration", "it_consulting")
    assert need.regions == ("SA", "AE", "KW", "QA", "BH", "OM", "NO")
    assert [(item.kind.value, item.value) for item in need.must_haves] == [
        ("country", "SA"),
        ("offers", "systems_integration"),
        ("min_employees", "1200"),
        ("segment", "government"),
    ]
    assert need.deal.average_deal == Money(amount=Decimal(250_000), currency="SAR")
    assert need.deal.revenue_target_per_year.amount == Decimal("2500000.50")
    assert need.deal.win_rate == 0.25


def test_triggers_get_ids_and_concepts_from_their_texts(write: Callable[..., Path]) -> None:
    need = read_need(write(ENGLISH), load_lexicon())
    (signal,) = need.signals
    assert (signal.signal_id, signal.observed_on, signal.countries) == ("sg_1", date(2026, 1, 15), ("SA",))
    assert {"payroll", "government"} <= set(signal.concepts)
    assert [item.request_id for item in need.requests] == ["rq_1", "rq_2"]
    assert "systems_integration" in need.requests[0].concepts
    assert (need.requests[1].concepts, need.requests[1].customers) == (("training",), 12)
    assert need.gaps[0].gap_id == "gp_1"


def test_a_need_in_arabic(write: Callable[..., Path]) -> None:
    need = read_need(write(ARABIC), load_lexicon())
    assert need.need_id.startswith("nd_") and len(need.need_id) == 15
    assert need.partnership_type is PartnershipType.TECHNOLOGY
    assert need.our_company.offers == ("payroll",)
    assert need.partner_profiles == ("law_firm",)
    assert need.seeks == ("systems_integration",)
    assert need.target_segments == ("government",)
    assert need.must_haves[1].value == "200"
    assert "cybersecurity" in need.gaps[0].concepts
    assert need.deal.average_deal.amount == 250_000
    assert need.deal.revenue_target_per_year == Money(amount=Decimal(5_000_000), currency="SAR")


def test_json_reads_the_same_and_a_written_need_reads_back(write: Callable[..., Path]) -> None:
    need = read_need(write(ENGLISH), load_lexicon())
    stored = write(need.model_dump_json(), "need.json")
    assert read_need(stored, load_lexicon()) == need
    assert read_need(write("\ufeff" + ENGLISH, "bom.yml"), load_lexicon()) == need


def test_an_unknown_partnership_type_lists_the_allowed_ones(write: Callable[..., Path]) -> None:
    error = refused(write(ENGLISH.replace("Distribution", "franchise")))
    assert "line 3, partnership_type: 'franchise'" in error.message
    assert all(item.value in error.message for item in PartnershipType)


@pytest.mark.parametrize("text", ["", "must_haves: []\n", "must_haves:\n"])
def test_a_need_without_a_must_have_gets_an_example(write: Callable[..., Path], text: str) -> None:
    start, end = ENGLISH.index("must_haves:"), ENGLISH.index("signals:")
    error = refused(write(ENGLISH[:start] + text + ENGLISH[end:]))
    assert "must_haves" in error.message
    assert error.fix is not None and "kind: country" in error.fix


@pytest.mark.parametrize(
    ("old", "new", "place", "hint"),
    [
        ("offers: [payroll]", "offers: [telepathy]", "line 7, our_company.offers[0]: 'telepathy'", "Nearest: "),
        ("  - IT distributors", "  - it_distribuor", "line 11, partner_profiles[1]", "it_distributor"),
        ("seeks: [system", "seeks: [government, system", "is a segment; this field takes a capability", "Nearest"),
        ("seeks: [system integration,", "seeks: [payroll and recruitment,", "several concepts (payroll", "Nearest"),
        ("seeks: [", "seeks: [an utterly unheard of and quite long winded payroll, ", "no such capability", "payroll"),
        ("regions: [GCC,", "regions: [Atlantis,", "line 14, regions[0]: 'Atlantis'", "ISO code"),
        ("title:", "titel:", "line 1, titel: there is no such field", "Did you mean title?"),
        ("  rivals:", "  rival:", "our_company.rival", "Did you mean rivals?"),
        ("    customers: 12", "    customer: 12", "requests[1].customer", "Did you mean customers?"),
        ("  - kind: Country", "  - kind: colour", "must_haves[0].kind: 'colour'", None),
        ("    value: saudi arabia\n", "", "must_haves[0].value: it is missing", "kind: country"),
        ("    value: 1,200", "    value: many", "must_haves[2].value: 'many'", "200"),
        ("    value: 1,200", "    value: 12.5", "must_haves[2].value: '12.5'", "200"),
        ("average_deal: 250,000 SAR", "average_deal: 250,000 zorkmid", "deal.average_deal", "SAR"),
        ("average_deal: 250,000 SAR", "average_deal: a lot", "there is no number in it", "SAR"),
        ("average_deal: 250,000 SAR", "average_deal: 250,000 USD", "mix currencies", None),
        ("win_rate: 25%", "win_rate: 2.5", "deal.win_rate: '2.5'", None),
        ("    observed_on: 2026-01-15\n", "", "signals[0].observed_on: it is missing", None),
        ("regions: [GCC, Norway, SA]", "regions: {a: b}", "regions: \"{'a': 'b'}\" it must be a list", None),
        ("  currency: SAR\n", "", "deal.currency: it is missing", None),
    ],
)
def test_errors_name_line_field_value_and_fix(
    write: Callable[..., Path], old: str, new: str, place: str, hint: str | None
) -> None:
    assert ENGLISH.count(old) >= 1
    error = refused(write(ENGLISH.replace(old, new, 1)))
    assert place in error.message
    assert hint is None or (error.fix is not None and hint in error.fix)


def test_a_section_that_is_no_mapping_is_refused(write: Callable[..., Path]) -> None:
    start, end = ENGLISH.index("deal:"), len(ENGLISH)
    assert "deal: 'big' it must hold fields" in refused(write(ENGLISH[:start] + "deal: big\n" + ENGLISH[end:])).message


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "need.yaml", "is empty"),
        ("  \n", "need.json", "is empty"),
        ("null", "need.json", "is empty"),
        ("# nothing but a comment\n", "need.yaml", "is empty"),
        ("- a\n- b\n", "need.yaml", "holds a list"),
        ("title: a", "need.txt", "neither YAML nor JSON"),
        ("title: [a\nx: y", "need.yaml", "line 2"),
        ("title: a\n  b: c: d\n", "need.yaml", "line 2"),
        ('{"title": "a",\n "x" 1}', "need.json", "line 2"),
        ('{"title": "a", "title": "b"}', "need.json", "'title' comes twice"),
        ('{"deal": NaN}', "need.json", "NaN is not a number"),
        ("title: a\ntitle: b\n", "need.yaml", "line 2: the field 'title' comes twice"),
        ("? [a]\n: b\n", "need.yaml", "a field name is one word"),
        ("title: &a x\nnote: *a\n", "need.yaml", "aliases"),
        ("title: !!python/object/apply:os.system [ls]\n", "need.yaml", "tag"),
        ("title: !mine x\n", "need.yaml", "the tag !mine is not read"),
        ("a: " + "[" * 3_000, "need.yaml", "nested too deeply"),
        ("a: \x00", "need.yaml", "need.yaml"),
        ("title: " + "x" * 300_000, "need.yaml", "larger than 256 KB"),
    ],
)
def test_broken_files_are_refused(write: Callable[..., Path], text: str, name: str, message: str) -> None:
    assert message in refused(write(text, name)).message


def test_wrong_encodings_are_named(write: Callable[..., Path]) -> None:
    windows = refused(write("title: تكامل".encode("cp1256")))
    assert "is not UTF-8" in windows.message and "line 1 " in windows.message
    assert "UTF-16" in refused(write(ARABIC.encode("utf-16"))).message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "nowhere.yaml").message


def test_scalars_are_read_by_few_rules(write: Callable[..., Path]) -> None:
    from partnership_os.tools.data_file import read_data_file

    text = "a: NO\nb: on\nc: true\nd: 010\ne: 1_000\nf: 1.10\ng: '5'\nh: 2026-01-15\ni: ~\nj:\nk: 12:30\nl: -3\n"
    file = read_data_file(write(text))
    assert file.content == {
        "a": "NO",
        "b": "on",
        "c": True,
        "d": 10,
        "e": 1_000,
        "f": Decimal("1.10"),
        "g": "5",
        "h": "2026-01-15",
        "i": None,
        "j": None,
        "k": "12:30",
        "l": -3,
    }
    assert file.lines["c",] == 3
    assert json.dumps(file.content["h"]) == '"2026-01-15"'


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        ("SAR 2.5 million", None, "2,500,000.00 SAR"),
        ("$5m", None, "5,000,000.00 USD"),
        ("12 Kuwaiti dinars", None, "12.00 KWD"),
        ("300 درهم إماراتي", None, "300.00 AED"),
        ("300", "AED", "300.00 AED"),
        (Decimal("1.5"), "SAR", "1.50 SAR"),
        (7, "sar", "7.00 SAR"),
        ({"amount": "9", "currency": "USD"}, "SAR", "9.00 USD"),
        ({"amount": 9}, "SAR", "9.00 SAR"),
    ],
)
def test_money_as_people_write_it(value: object, currency: str | None, expected: str) -> None:
    from partnership_os.tools.money_text import money_of

    assert str(money_of(value, currency)) == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("300", "currency is missing"),
        ("12 ريال", "no currency we know"),
        ("1 SAR or 2 SAR", "one amount"),
        (1.5, "no amount"),
        (True, "no amount"),
        ({"currency": "SAR"}, "only a currency"),
        ({"amount": 1, "unit": "SAR"}, "not unit"),
        ("1.23456789 SAR", "decimal"),
    ],
)
def test_money_that_is_refused(value: object, problem: str) -> None:
    from partnership_os.tools.money_text import money_of

    with pytest.raises(ValueError, match=problem):
        money_of(value)
