import csv
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from partnership_os.errors import InternalError
from partnership_os.schemas.base import BilingualText
from partnership_os.tools.lexicon import Concept, ConceptKind, Lexicon, concepts_of_file, load_lexicon
from partnership_os.tools.text import script_of

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def concept(slug: str, kind: ConceptKind = ConceptKind.CAPABILITY, **fields: object) -> Concept:
    base: dict[str, object] = {
        "slug": slug,
        "kind": kind,
        "label": BilingualText(en=slug, ar="اسم"),
        "terms_en": (f"{slug} thing",),
        "terms_ar": (f"شيء {slug}",),
    }
    return Concept.model_validate(base | fields)


def found(text: str, kind: ConceptKind | None = None) -> list[str]:
    lexicon = load_lexicon()
    return [m.concept for m in lexicon.find(text) if kind is None or m.concept in lexicon.slugs(kind)]


def test_the_lexicon_is_large_enough_and_bilingual() -> None:
    lexicon = load_lexicon()
    assert len(lexicon.all()) >= 220
    assert len(lexicon.slugs(ConceptKind.CAPABILITY)) >= 90
    for item in lexicon.all():
        assert item.terms_en and item.terms_ar
        assert all(any(script_of(word) == "ar" for word in term.split()) for term in item.terms_ar), item.slug
        assert script_of(item.label.ar) == "ar" or item.kind is ConceptKind.CERTIFICATION, item.slug


def test_every_term_finds_its_own_concept() -> None:
    lexicon = load_lexicon()
    for item in lexicon.all():
        for term in item.terms:
            assert (item.slug, 0) in {(m.concept, m.start) for m in lexicon.find(term)}, (item.slug, term)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("It sells ERP systems", "erp"),
        ("offers cyber-security consulting", "cybersecurity"),
        ("operates data centres", "data_centre"),
        ("a loyalty programme; channel partner programmes", "channel_programme"),
        ("payroll processing for small companies", "payroll"),
        ("develops software for clinics", "software_development"),
        ("تقدم خدمات لوجستية", "logistics"),
        ("والخدمات اللوجستية", "logistics"),
        ("متخصصة بالأمن السيبراني", "cybersecurity"),
        ("للتخليص الجمركي", "logistics"),
        ("حلول الفوترة الإلكترونيّة", "e_invoicing"),
        ("نظام نقاط البيع", "point_of_sale"),
        ("أطلقت محفظتها الرقمية", "payment_gateway"),
        ("oil & gas", "energy_sector"),
        ("buy now, pay later services", "buy_now_pay_later"),
        ("IT services", "it_services"),
        ("sends SMS and WhatsApp Business messages", "messaging"),
        ("منصة لإرسال الرسائل النصية", "messaging"),
        ("protects companies against hackers", "cybersecurity"),
        ("الحماية من الاختراق", "cybersecurity"),
        ("matches candidates with vacancies", "recruitment"),
        ("pay in instalments", "buy_now_pay_later"),
        ("delivers parcels", "last_mile"),
        ("finds sales leads", "marketing_services"),
        ("small firms", "smes"),
        ("telecom service providers", "telecom_sector"),
    ],
)
def test_terms_are_found_in_both_languages_and_their_usual_forms(text: str, slug: str) -> None:
    assert slug in found(text)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("In addition, it services aircraft.", "it_services"),
        ("The cloud, hosting a festival", "cloud_hosting"),
        ("The serpent and the crmson", "erp"),
        ("training aircraft for pilots", "training"),
        ("point of sale displays", "point_of_sale"),
        ("data warehousing", "warehousing"),
        ("تخزين الطاقة", "warehousing"),
        ("provides software to banks", "bank"),
        ("Riyad Bank has branches", "banking_sector"),
        ("the central bank", "bank"),
        ("intellectual property management", "property_management"),
        ("cloud service providers", "telecom_sector"),
        ("car carriers and software companies", "telecom_sector"),
        ("it leases parcels of farm land", "last_mile"),
        ("product candidates", "recruitment"),
        ("mobile/SMS banking services", "messaging"),
        ("a smaller companies fund", "smes"),
    ],
)
def test_look_alikes_are_not_taken(text: str, slug: str) -> None:
    assert slug not in found(text)


def test_the_longest_term_wins_inside_a_kind() -> None:
    assert found("managed security services", ConceptKind.CAPABILITY) == ["managed_security"]
    assert found("medical insurance products", ConceptKind.CAPABILITY) == ["health_insurance"]


def test_kinds_may_overlap_and_mentions_show_the_original_text() -> None:
    text = "It serves  المُنشآت الصغيرة\u00a0والمتوسطة, hospitals"
    mentions = load_lexicon().find(text)
    assert [text[m.start : m.end] for m in mentions] == [m.text for m in mentions]
    assert mentions[0].text == "المُنشآت الصغيرة\u00a0والمتوسطة"
    assert "healthcare_sector" in {m.concept for m in mentions}


def test_a_question_needs_no_capitals() -> None:
    lexicon = load_lexicon()
    assert "it_services" in lexicon.concepts_of_query("partner for it services in riyadh")
    assert lexicon.concepts_of_query("payroll and payroll software") == ("payroll",)


def test_nearness_is_graded_and_symmetric() -> None:
    lexicon = load_lexicon()
    assert lexicon.nearness("erp", "erp") == 1.0
    assert lexicon.nearness("erp", "business_software") == 0.8
    assert lexicon.nearness("business_software", "erp") == 0.8
    assert lexicon.nearness("erp", "crm") == 0.5
    assert lexicon.nearness("payment_gateway", "point_of_sale") == 0.5
    assert lexicon.nearness("erp", "catering") == 0.0
    assert lexicon.nearness("no_such", "erp") == 0.0
    assert lexicon.nearness("no_such", "no_such") == 1.0
    some = lexicon.slugs()[::7]
    assert all(lexicon.nearness(a, b) == lexicon.nearness(b, a) for a, b in product(some, some))


def test_ancestors_and_lookups() -> None:
    lexicon = load_lexicon()
    assert "banking_services" in lexicon.ancestors("sme_finance")
    assert lexicon.ancestors("no_such") == ()
    assert lexicon.get("no_such") is None
    assert set(lexicon.slugs(ConceptKind.SEGMENT)) < set(lexicon.slugs())
    assert load_lexicon() is lexicon


@pytest.mark.parametrize(
    ("labels", "profile"),
    [
        (("Financials", "Banks", "Banks"), "bank"),
        (("Information Technology", "Software & Services", "Software"), "software_vendor"),
        (("Communication Services", "Telecommunication Services", None), "telecom_operator"),
        (("Real Estate", None), None),
        ((None, None), None),
        (("IT services",), "systems_integrator"),
        (("Technology", "cloud provider"), "cloud_provider"),
        (("شركة تأمين",), "insurer"),
    ],
)
def test_industry_labels_name_profiles(labels: tuple[str | None, ...], profile: str | None) -> None:
    slugs = load_lexicon().profile_of_industry(*labels)
    assert slugs == () if profile is None else profile in slugs


def test_a_small_lexicon_of_its_own_works() -> None:
    lexicon = Lexicon([concept("solar", not_in=("solar thing eclipse",)), concept("wind", broader=("solar",))])
    assert [m.concept for m in lexicon.find("a solar thing, a solar thing eclipse and wind things")] == [
        "solar",
        "wind",
    ]
    assert lexicon.ancestors("wind") == ("solar",)


@pytest.mark.parametrize(
    ("concepts", "message"),
    [
        ([concept("a"), concept("a")], "same slug"),
        ([concept("a"), concept("b", terms_en=("A things",))], "share the term"),
        ([concept("a", not_in=("a thing",))], "share the term"),
        ([concept("a", broader=("nothing",))], "do not exist"),
        ([concept("a", adjacent=("nothing",))], "do not exist"),
        ([concept("a", broader=("b",)), concept("b", broader=("a",))], "broader than itself"),
        ([concept("a", broader=("b",)), concept("b", kind=ConceptKind.SEGMENT)], "another kind"),
    ],
)
def test_broken_data_is_refused(concepts: list[Concept], message: str) -> None:
    with pytest.raises(InternalError, match=message):
        Lexicon(concepts)


@pytest.mark.parametrize(
    "text",
    [
        "kind: capability\nconcepts:\n  a: {label: [A, أ], en: [a], ar: [أ], colour: red}",
        "kind: capability\nconcepts:\n  a: {label: [A, أ], en: [], ar: [أ]}",
        "kind: capability\nconcepts:\n  a: {label: [A, أ], en: [a]}",
        "kind: smell\nconcepts: {}",
        "kind: [capability",
    ],
)
def test_a_data_file_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InternalError, match=r"some\.yaml"):
        concepts_of_file("some.yaml", text)


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not beside the repository")
def test_most_listed_saudi_companies_get_two_concepts() -> None:
    lexicon = load_lexicon()
    with (DATA / "saudi_listed_companies.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wanted = set(lexicon.slugs(ConceptKind.CAPABILITY)) | set(lexicon.slugs(ConceptKind.PROFILE))
    counts: Counter[bool] = Counter()
    for row in rows:
        profiles = lexicon.profile_of_industry(row["sector"], row["industry_group"], row["industry"])
        counts[len(wanted & ({m.concept for m in lexicon.find(row["summary"])} | set(profiles))) >= 2] += 1
    assert counts[True] >= 0.85 * len(rows)
