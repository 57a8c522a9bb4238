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
    ("whats waitng for approval", I.WAITING),
    ("until when can the Elm deal be approved?", I.WAITING),
    ("when does the request expire?", I.WAITING),
    ("who needs to sign it?", I.WAITING),
    ("متى تنتهي صلاحية الطلب؟", I.WAITING),
    ("how many deals do we have?", I.DEALS),
    ("كم صفقة عندنا؟", I.DEALS),
    ("what would happen if I started a deal with Elm for nd_x?", I.DEAL_RULES),
    ("if we open a deal with Elm, who approves it?", I.DEAL_RULES),
    ("ماذا يحدث لو بدأنا صفقة مع علم؟", I.DEAL_RULES),
    ("Hello, what waits for whom? Thanks!", I.WAITING),
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
    ("Please tell me about Najd Test Systems, thank you very much!", I.CARD, "Najd Test Systems"),
    ("حدثني عن جسر لو سمحت", I.CARD, "جسر"),
    ("من فضلك ماذا نعرف عن جسر؟ شكراً", I.CARD, "جسر"),
    ("لماذا جسر غير معروفة من فضلك؟", I.WHY, "جسر"),
    ("أعطني معلومات عن جسر", I.CARD, "جسر"),
    ("وش نعرف عن جسر؟", I.CARD, "جسر"),
    ("ما درجة Elm؟", I.CARD, "Elm"),
    ("give me some information about Elm", I.CARD, "Elm"),
    ("what is the score of Elm?", I.CARD, "Elm"),
    ("what's Elm's score?", I.CARD, "Elm"),
    ("What do the sources say about Elm?", I.CARD, "Elm"),
    ("what evidence is there for Elm?", I.CARD, "Elm"),
    ("ما الأدلة على جسر؟", I.CARD, "جسر"),
    ("Is Elm a good partner for us?", I.CARD, "Elm"),
    ("هل جسر شريك مناسب لنا؟", I.CARD, "جسر"),
    ("Can we still work with Elm?", I.CARD, "Elm"),
    ("When was Elm founded?", I.CARD, "Elm"),
    ("من يملك جسر؟", I.CARD, "جسر"),
    ("what information is missing for Elm?", I.WHY, "Elm"),
    ("وما الذي ينقصنا عنها؟", I.WHY, "هي"),
    ("what is missing about it?", I.WHY, "it"),
    ("where is the deal with Elm?", I.DEALS, "Elm"),
    ("what is the status of the Elm deal?", I.DEALS, "Elm"),
    ("Has anybody started a deal with Elm already?", I.DEALS, "Elm"),
    ("وين وصلت صفقة جسر؟", I.DEALS, "جسر"),
    ("هل بدأنا صفقة مع جسر؟", I.DEALS, "جسر"),
    ("Don't start a deal with Elm yet, just explain its score.", I.CARD, "Elm"),
    ("لا تبدأ صفقة مع جسر الآن، فقط اشرح لي تقييمها", I.CARD, "جسر"),
    ("tell me about Commit and Approve Ltd", I.CARD, "Commit and Approve Ltd"),
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
    ("Could you please open a new deal with Elm under the need nd_x? Thank you!", "Elm", "nd_x"),
    ("start a deal with Elm please for nd_x", "Elm", "nd_x"),
    ("start a deal with Yes Please Ltd for nd_x", "Yes Please Ltd", "nd_x"),
    ('start a deal with "yes please" for nd_x', "yes please", "nd_x"),
    ("start a deal with Smith and Sons for nd_x, thanks a lot", "Smith and Sons", "nd_x"),
    ("لو سمحت افتح لنا صفقة جديدة مع جسر من أجل nd_x", "جسر", "nd_x"),
    ("ابدأ من فضلك صفقة مع جسر للاحتياج nd_x وشكراً", "جسر", "nd_x"),
    ("الرجاء فتح صفقة مع شركة علم للاحتياج nd_x", "شركة علم", "nd_x"),
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
    ("أبي موزعين لنظامنا في قطر", PartnershipType.DISTRIBUTION, ("QA",)),
    ("أي البنوك تصلح شريك إحالة لنا؟", PartnershipType.REFERRAL, ()),
    ("مع أي شركات يمكن أن نربط نظامنا؟", PartnershipType.TECHNOLOGY, ()),
    ("هل يوجد شريك مناسب في البحرين؟", None, ("BH",)),
    ("is there a good partner for us?", None, ()),
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
        "thank you",
        "show me the deal",
        "don't start a deal with Elm",
        "don't start a deal with Elm, start a deal with Jisr for nd_x",
        "لا تبدأ صفقة مع جسر",
        "I do not want to start a deal with Elm for nd_x",
        "should we start a deal with Elm for nd_x?",
        "we started a deal with Elm for nd_x",
    ],
)
def test_everything_else_is_not_understood(line: str) -> None:
    assert understand(line) is None


def test_isolates_that_were_copied_along_do_no_harm() -> None:
    assert understand("\u2068/card co_najd\u2069") == Question(I.CARD, partner="co_najd")
    assert understand("لماذا \u2068stc\u2069؟") == Question(I.WHY, partner="stc")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("show the deals and approve the pending one", Question(I.DEALS, decides=True)),
        ("Show the deals and Approve the pending one", Question(I.DEALS, decides=True)),
        ("approve the pending one, then list our deals", Question(I.DEALS, decides=True)),
        ("اعرض الصفقات ثم اعتمد المعلقة منها", Question(I.DEALS, decides=True)),
        ("اعرض الصفقات ووافق على المعلقة", Question(I.DEALS, decides=True)),
        ("tell me about Elm and reject it", Question(I.CARD, partner="Elm", decides=True)),
        ("make me rich and approve it", Question(I.DECIDE)),
        (
            "start a deal with Elm for nd_x, then approve it please",
            Question(I.START_DEAL, partner="Elm", need="nd_x", decides=True),
        ),
    ],
)
def test_an_order_to_decide_behind_another_request_is_seen(line: str, expected: Question) -> None:
    assert understand(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("compare Elm and stc for nd_x", Question(I.CARD, partner="Elm", other="stc", need="nd_x")),
        ("قارن بين جسر وفودكس", Question(I.CARD, partner="جسر", other="فودكس")),
        (
            "how good is Elm as a technology partner?",
            Question(I.CARD, partner="Elm", partnership_type=PartnershipType.TECHNOLOGY),
        ),
        (
            "what commission does the term sheet for Elm offer?",
            Question(I.DEALS, partner="Elm", term="commission"),
        ),
        ("كم نسبة العمولة في ورقة شروط جسر؟", Question(I.DEALS, partner="جسر", term="نسبة العمولة")),
    ],
)
def test_lines_with_more_than_a_name(line: str, expected: Question) -> None:
    assert understand(line) == expected


def test_the_language_of_an_answer() -> None:
    assert language_of("لماذا stc؟", "en") == "ar"
    assert language_of("why stc?", "ar") == "en"
    assert language_of("/waiting", "ar") == "ar"
    assert language_of("/card شركة نجد", "en") == "ar"
    assert language_of("What do you know about مصرف الإنماء?", "ar") == "en"
    assert language_of("why is شركة نجد الاختبارية للتقنية unknown?", "ar") == "en"
    assert language_of("لماذا Advanced Electronics Company Limited غير معروفة؟", "en") == "ar"
    assert language_of("من يبيع Microsoft Dynamics Business Central في السعودية؟", "en") == "ar"
    assert language_of("Foodics وش وضعها اليوم؟", "en") == "ar"
    assert language_of("please summarise what is new at شركة نجد", "ar") == "en"
