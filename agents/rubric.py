"""The rubric: which indicators make up each dimension, and what each dimension weighs by partnership type.

Weights by type sum to 100 and follow ``docs/design/scoring.md``; the indicator weights of a dimension sum to 1.
Change either and `RUBRIC_VERSION` changes with it, because old cards must replay to the same number.
"""

from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band, Dimension

RUBRIC_VERSION = "1"
COVERAGE_FLOOR = 0.6
"""Below this share of known weight the label is Unknown, whatever the score."""

BAND_FLOORS: tuple[tuple[float, Band], ...] = (
    (75.0, Band.PURSUE),
    (60.0, Band.DEVELOP),
    (45.0, Band.WATCH),
    (0.0, Band.DECLINE),
)

BAND_LABELS: dict[Band, BilingualText] = {
    Band.PURSUE: BilingualText(en="pursue", ar="المضي قدمًا"),
    Band.DEVELOP: BilingualText(en="develop", ar="تطوير"),
    Band.WATCH: BilingualText(en="watch", ar="مراقبة"),
    Band.DECLINE: BilingualText(en="decline", ar="اعتذار"),
    Band.UNKNOWN: BilingualText(en="Unknown", ar="غير معروف"),
}

_ORDER = (
    Dimension.STRATEGIC_ALIGNMENT,
    Dimension.MARKET_OVERLAP,
    Dimension.REVENUE_POTENTIAL,
    Dimension.CAPABILITY,
    Dimension.FINANCIAL_HEALTH,
    Dimension.COMPLIANCE,
    Dimension.CHANNEL_CONFLICT,
)

DIMENSION_WEIGHTS: dict[PartnershipType, dict[Dimension, int]] = {
    kind: dict(zip(_ORDER, weights, strict=True))
    for kind, weights in {
        PartnershipType.REFERRAL: (10, 30, 20, 15, 5, 10, 10),
        PartnershipType.DISTRIBUTION: (15, 20, 25, 15, 10, 10, 5),
        PartnershipType.TECHNOLOGY: (20, 20, 10, 25, 5, 10, 10),
        PartnershipType.STRATEGIC: (25, 15, 20, 10, 10, 10, 10),
        PartnershipType.GOVERNMENT: (20, 10, 15, 15, 10, 25, 5),
    }.items()
}


class IndicatorSpec(Record):
    """One indicator of the rubric: its place, its weight inside the dimension, and the question that fills it."""

    indicator: str
    dimension: Dimension
    weight: float
    label: BilingualText
    question: BilingualText


def _spec(
    indicator: str, dimension: Dimension, weight: float, label: tuple[str, str], question: tuple[str, str]
) -> IndicatorSpec:
    return IndicatorSpec(
        indicator=indicator,
        dimension=dimension,
        weight=weight,
        label=BilingualText(en=label[0], ar=label[1]),
        question=BilingualText(en=question[0], ar=question[1]),
    )


INDICATORS: tuple[IndicatorSpec, ...] = (
    _spec(
        "partner_profile",
        Dimension.STRATEGIC_ALIGNMENT,
        0.5,
        ("Kind of company we look for", "نوع الشركة المطلوبة"),
        ("What kind of company is it, in which line of business?", "ما نوع الشركة وما مجال نشاطها؟"),
    ),
    _spec(
        "answers_triggers",
        Dimension.STRATEGIC_ALIGNMENT,
        0.3,
        ("Answers our signals, requests and gaps", "يستجيب للإشارات والطلبات والفجوات"),
        (
            "Does it offer what our customers ask for and our ecosystem lacks?",
            "هل يقدّم ما يطلبه عملاؤنا وما ينقص منظومتنا؟",
        ),
    ),
    _spec(
        "stated_strategy",
        Dimension.STRATEGIC_ALIGNMENT,
        0.2,
        ("Stated strategy", "الاستراتيجية المعلنة"),
        (
            "What strategy does it state: which programmes, themes or markets?",
            "ما الاستراتيجية التي تعلنها: أي برامج أو توجهات أو أسواق؟",
        ),
    ),
    _spec(
        "territory",
        Dimension.MARKET_OVERLAP,
        0.5,
        ("Presence in our regions", "الحضور في مناطقنا"),
        ("In which of our countries does it operate?", "في أي من دولنا المستهدفة تعمل؟"),
    ),
    _spec(
        "customer_segments",
        Dimension.MARKET_OVERLAP,
        0.5,
        ("Serves our customer segments", "يخدم شرائح عملائنا"),
        (
            "Which customer segments does it serve (small firms, enterprises, government …)?",
            "ما شرائح العملاء التي تخدمها (المنشآت الصغيرة، الكبرى، الحكومة …)؟",
        ),
    ),
    _spec(
        "reach",
        Dimension.REVENUE_POTENTIAL,
        0.5,
        ("Reach: customers, branches, stores, partners", "الوصول: العملاء والفروع والمتاجر والشركاء"),
        (
            "How many customers, branches, stores or partners does it have?",
            "كم عدد عملائها أو فروعها أو متاجرها أو شركائها؟",
        ),
    ),
    _spec(
        "market_size",
        Dimension.REVENUE_POTENTIAL,
        0.3,
        ("Size by market value", "الحجم بالقيمة السوقية"),
        ("How large is it by market value or revenue?", "ما حجمها بالقيمة السوقية أو الإيرادات؟"),
    ),
    _spec(
        "expected_revenue",
        Dimension.REVENUE_POTENTIAL,
        0.2,
        ("Expected revenue against our target (our assumptions)", "الإيراد المتوقع مقابل هدفنا (بافتراضاتنا)"),
        ("How many business customers does it have?", "كم عدد عملائها من الشركات؟"),
    ),
    _spec(
        "sought_capabilities",
        Dimension.CAPABILITY,
        0.6,
        ("Capabilities we seek", "القدرات التي نبحث عنها"),
        ("Which of the capabilities that we seek does it offer?", "أي من القدرات التي نبحث عنها تقدمها؟"),
    ),
    _spec(
        "certification",
        Dimension.CAPABILITY,
        0.2,
        ("Certifications and partner programme", "الشهادات وبرنامج الشركاء"),
        ("Which certifications or partner programme does it have?", "ما الشهادات أو برنامج الشركاء لديها؟"),
    ),
    _spec(
        "workforce",
        Dimension.CAPABILITY,
        0.2,
        ("Workforce", "القوى العاملة"),
        ("How many people does it employ?", "كم عدد موظفيها؟"),
    ),
    _spec(
        "status",
        Dimension.FINANCIAL_HEALTH,
        0.3,
        ("Active status", "الحالة النظامية"),
        ("Is it active, by register or exchange?", "هل هي قائمة بحسب السجل أو السوق المالية؟"),
    ),
    _spec(
        "age",
        Dimension.FINANCIAL_HEALTH,
        0.3,
        ("Years in business", "سنوات النشاط"),
        ("When was it founded?", "متى تأسست؟"),
    ),
    _spec(
        "public_accounts",
        Dimension.FINANCIAL_HEALTH,
        0.4,
        ("Audited accounts in public", "قوائم مالية مدققة منشورة"),
        ("Does it publish audited accounts?", "هل تنشر قوائم مالية مدققة؟"),
    ),
    _spec(
        "registry",
        Dimension.COMPLIANCE,
        0.3,
        ("Commercial registration", "السجل التجاري"),
        (
            "What is its commercial registration (unified number), and is it active?",
            "ما رقم سجلها التجاري (الرقم الموحد) وهل هو نشط؟",
        ),
    ),
    _spec(
        "ownership",
        Dimension.COMPLIANCE,
        0.3,
        ("Ownership disclosed", "الإفصاح عن الملكية"),
        ("Who owns it (beneficial owners of 25 % or more)?", "من يملكها (المستفيدون الحقيقيون بنسبة 25% فأكثر)؟"),
    ),
    _spec(
        "licence",
        Dimension.COMPLIANCE,
        0.2,
        ("Licences and supervision", "التراخيص والجهة الرقابية"),
        ("Which licences does it hold, and who supervises it?", "ما التراخيص التي تحملها ومن يشرف عليها؟"),
    ),
    _spec(
        "local_entity",
        Dimension.COMPLIANCE,
        0.2,
        ("Seat in one of our regions", "المقر في إحدى مناطقنا"),
        ("Where is its seat, and has it an entity in our regions?", "أين مقرها وهل لها كيان في مناطقنا؟"),
    ),
    _spec(
        "product_overlap",
        Dimension.CHANNEL_CONFLICT,
        0.7,
        ("No overlap with our products", "عدم التداخل مع منتجاتنا"),
        ("Does it sell something that competes with our offer?", "هل تبيع ما ينافس عرضنا؟"),
    ),
    _spec(
        "rival_ties",
        Dimension.CHANNEL_CONFLICT,
        0.3,
        ("No tie to a rival", "عدم الارتباط بمنافس"),
        ("Has it an exclusive or other tie with one of our rivals?", "هل لها اتفاق حصري أو ارتباط بأحد منافسينا؟"),
    ),
)


def band_of(score: float | None, coverage: float) -> Band:
    """The band of a score, Unknown when coverage is below the floor or nothing is known."""
    if score is None or coverage < COVERAGE_FLOOR:
        return Band.UNKNOWN
    return next(band for floor, band in BAND_FLOORS if score >= floor)
