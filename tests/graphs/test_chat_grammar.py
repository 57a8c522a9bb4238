import pytest

from partnership_os.graphs.chat_grammar import Intent, Question, language_of, understand
from partnership_os.schemas.partnership import PartnershipType

I = Intent  # noqa: E741

SIMPLE = [
    ("what waits for whom?", I.WAITING),
    ("What is waiting?", I.WAITING),
    ("who can approve cm_1?", I.WAITING),
    ("inbox", I.WAITING),
    ("ما الذي ينتظر الموافقة؟", I.WAITING),
    ("ما المعلّق؟", I.WAITING),
    ("من يوافق على الصفقة؟", I.WAITING),
    ("list needs", I.NEEDS),
    ("what needs do you know?", I.NEEDS),
    ("ما هي الاحتياجات؟", I.NEEDS),
    ("which deals are open?", I.DEALS),
    ("اعرض الصفقات", I.DEALS),
    ("help", I.HELP),
    ("What can you do?", I.HELP),
    ("مساعدة", I.HELP),
    ("ماذا تستطيع أن تفعل؟", I.HELP),
    ("approve cm_123", I.DECIDE),
    ("can you approve it?", I.DECIDE),
    ("please reject the deal", I.DECIDE),
    ("وافق على الصفقة", I.DECIDE),
    ("هل تستطيع الموافقة؟", I.DECIDE),
    ("/waiting", I.WAITING),
    ("/inbox", I.WAITING),
    ("/needs", I.NEEDS),
    ("/deals", I.DEALS),
    ("/help", I.HELP),
    ("/approve cm_1", I.DECIDE),
    ("/reject cm_1", I.DECIDE),
]


@pytest.mark.parametrize(("line", "intent"), SIMPLE)
def test_lines_without_a_partner(line: str, intent: Intent) -> None:
    found = understand(line)
    assert found is not None
    assert found.intent is intent


PARTNERS = [
    ("why is stc unknown?", I.WHY, "stc"),
    ("why stc?", I.WHY, "stc"),
    ("explain why stc is unknown", I.WHY, "stc"),
    ("What is missing about Najd Test Systems?", I.WHY, "Najd Test Systems"),
    ("لماذا stc؟", I.WHY, "stc"),
    ("لماذا شركة نجد الاختبارية غير معروفة؟", I.WHY, "شركة نجد الاختبارية"),
    ("ما الذي ينقصنا عن stc؟", I.WHY, "stc"),
    ("tell me about Najd Test Systems", I.CARD, "Najd Test Systems"),
    ("How good is stc.com.sa?", I.CARD, "stc.com.sa"),
    ("show me the card of Elm", I.CARD, "Elm"),
    ("اشرح بطاقة stc", I.CARD, "stc"),
    ("ماذا تعرف عن شركة نجد الاختبارية؟", I.CARD, "شركة نجد الاختبارية"),
    ("/card Najd Test Systems", I.CARD, "Najd Test Systems"),
    ("/why co_najd", I.WHY, "co_najd"),
]


@pytest.mark.parametrize(("line", "intent", "partner"), PARTNERS)
def test_lines_about_one_partner_keep_its_name_as_typed(line: str, intent: Intent, partner: str) -> None:
    assert understand(line) == Question(intent, partner=partner)


DEALS = [
    ("start a deal with Elm", "Elm", None),
    ("Start a deal with Elm please", "Elm", None),
    ("could you open a deal with Najd Test Systems for nd_distribution?", "Najd Test Systems", "nd_distribution"),
    ("ابدأ صفقة مع شركة نجد الاختبارية", "شركة نجد الاختبارية", None),
    ("ابدأ صفقة مع stc للاحتياج nd_x", "stc", "nd_x"),
    ("/deal Najd Test Systems needs/need.yaml", "Najd Test Systems", "needs/need.yaml"),
    ('/deal "Najd Test Systems" "Resellers in Saudi Arabia"', "Najd Test Systems", "Resellers in Saudi Arabia"),
]


@pytest.mark.parametrize(("line", "partner", "need"), DEALS)
def test_deals(line: str, partner: str, need: str | None) -> None:
    assert understand(line) == Question(I.START_DEAL, partner=partner, need=need)


PROSPECTS = [
    ("who could resell our software in Saudi Arabia?", PartnershipType.DISTRIBUTION, ("SA",)),
    ("find referral partners in the UAE and Bahrain", PartnershipType.REFERRAL, ("AE", "BH")),
    ("which technology partners are there?", PartnershipType.TECHNOLOGY, ()),
    ("which partners do we need?", None, ()),
    ("من الشركاء المحتملون للتوزيع؟", PartnershipType.DISTRIBUTION, ()),
    ("هل يوجد شركاء في البحرين؟", None, ("BH",)),
    ("اقترح شركاء للإحالة", PartnershipType.REFERRAL, ()),
    ("ما الشركاء للتكامل التقني؟", PartnershipType.TECHNOLOGY, ()),
]


@pytest.mark.parametrize(("line", "kind", "countries"), PROSPECTS)
def test_prospects(line: str, kind: PartnershipType | None, countries: tuple[str, ...]) -> None:
    found = understand(line)
    assert found is not None
    assert (found.intent, found.partnership_type) == (I.PROSPECTS, kind)
    assert set(found.countries) == set(countries)


def test_a_need_is_read_from_the_line() -> None:
    assert understand("/prospects examples/needs/x.yaml") == Question(I.PROSPECTS, need="examples/needs/x.yaml")
    found = understand("find prospects for needs/distribution.yaml")
    assert found is not None
    assert found.need == "needs/distribution.yaml"


@pytest.mark.parametrize(
    ("line", "reference", "intent"),
    [
        ("show deal deal-12ab", "deal-12ab", I.SHOW_DEAL),
        ("what is the status of the deal deal-12ab?", "deal-12ab", I.SHOW_DEAL),
        ("ما حالة الصفقة deal-12ab", "deal-12ab", I.SHOW_DEAL),
        ("/show deal-12ab", "deal-12ab", I.SHOW_DEAL),
        ("show me [ev_abc123]", "ev_abc123", I.EVIDENCE),
        ("/evidence ev_abc123", "ev_abc123", I.EVIDENCE),
    ],
)
def test_references(line: str, reference: str, intent: Intent) -> None:
    assert understand(line) == Question(intent, reference=reference)


@pytest.mark.parametrize(
    "line",
    [
        "the weather is fine",
        "ما أجمل الطقس",
        "/card",
        "/deal stc",
        "/show a b",
        "/nonsense",
        "why",
        "؟",
        "start a deal",
    ],
)
def test_everything_else_is_not_understood(line: str) -> None:
    assert understand(line) is None


def test_isolates_that_were_copied_along_do_no_harm() -> None:
    assert understand("\u2068/card co_najd\u2069") == Question(I.CARD, partner="co_najd")
    assert understand("لماذا \u2068stc\u2069؟") == Question(I.WHY, partner="stc")


def test_the_language_of_an_answer() -> None:
    assert language_of("لماذا stc؟", "en") == "ar"
    assert language_of("why stc?", "ar") == "en"
    assert language_of("/waiting", "ar") == "ar"
    assert language_of("/card شركة نجد", "en") == "ar"
