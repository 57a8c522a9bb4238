"""Measures of standing: revenue potential, size, health and compliance.

None means no evidence; it is never read as zero.
"""

import math

from partnership_os.agents.claim_labels import (
    OWNERSHIP_LABELS,
    REGULATOR_LABELS,
    SIZE_LABELS,
    STATUS_LABELS,
    both,
    counted,
    country_label,
    joined,
    label_of,
)
from partnership_os.agents.facts import Facts, Measurement
from partnership_os.agents.sheet_text import currency_name
from partnership_os.errors import InputError
from partnership_os.schemas.company import CompanyStatus, SizeBand
from partnership_os.schemas.evidence import Claim, ClaimKind, SourceKind
from partnership_os.tools.lexicon import BROADER
from partnership_os.tools.row_values import parse_size

SIZE_POINTS = {
    SizeBand.MICRO: 20.0,
    SizeBand.SMALL: 45.0,
    SizeBand.MEDIUM: 70.0,
    SizeBand.LARGE: 90.0,
    SizeBand.MEGA: 100.0,
}
REACH_CEILINGS = {
    "customers": 1_000_000,
    "users": 10_000_000,
    "branches": 300,
    "stores": 300,
    "partners": 1_000,
    "merchants": 50_000,
    "clinics": 100,
    "countries": 50,
}
"""The count at which a measure of reach earns 100 points; below it points grow with the logarithm."""

_BY_RELEVANCE = both(
    "halved when its kind and offers are only adjacent to what we look for, a quarter when they are not.",
    "وتُنصَّف إذا كان نوعها وعروضها مجاورة فقط لما نبحث عنه، وتُحتسب ربعها إذا بعدت عنه.",
)


def _log_points(count: float, ceiling: float) -> float:
    """20 points for one, 100 at the ceiling, growing with the logarithm between."""
    if count <= 0:
        return 0.0
    return min(100.0, 20.0 + 80.0 * math.log(max(count, 1.0)) / math.log(ceiling))


def _for_us(facts: Facts, points: float) -> float:
    """Points of size or reach, by how near the company comes to what we look for (1 where nothing is known of that)."""
    relevance = 1.0 if facts.relevance is None else facts.relevance
    return round(points * (1.0 if relevance >= BROADER else 0.5 if relevance > 0 else 0.25), 4)


def reach(facts: Facts) -> Measurement | None:
    """How many customers, branches, stores or partners does it reach?"""
    best: tuple[float, Claim] | None = None
    for claim in facts.of_kind(ClaimKind.SCALE):
        if claim.subject not in REACH_CEILINGS or claim.value is None:
            continue
        points = _log_points(claim.value, REACH_CEILINGS[claim.subject])
        if best is None or points > best[0]:
            best = (points, claim)
    if best is None:
        return None
    points, claim = best
    count, ceiling = int(claim.value or 0), f"{REACH_CEILINGS[claim.subject]:,}"
    return Measurement(
        points=_for_us(facts, points),
        value=f"{claim.subject}: {count}",
        shown=counted(claim.subject, count),
        method=both(
            f"Best reach; 20 for one, 100 at {ceiling}, logarithmic; {_BY_RELEVANCE.en}",
            f"أكبر وصول معلن؛ 20 للواحد و100 عند {ceiling}، بمقياس لوغاريتمي؛ {_BY_RELEVANCE.ar}",
        ),
        sources=facts.sources([claim]),
    )


def _size(value: str) -> SizeBand | None:
    try:
        return parse_size(value)
    except InputError:
        return None


def market_size(facts: Facts) -> Measurement | None:
    """How large is it by the market value that the source states?"""
    stated = next(((size, line) for value, line in facts.fields("market_cap") if (size := _size(value))), None)
    if stated is None:
        return None
    size, source = stated
    return Measurement(
        points=_for_us(facts, SIZE_POINTS[size]),
        value=size.value,
        shown=label_of(SIZE_LABELS, size.value),
        method=both(
            f"Micro 20, small 45, medium 70, large 90, mega 100; {_BY_RELEVANCE.en}",
            f"متناهية الصغر 20، وصغيرة 45، ومتوسطة 70، وكبيرة 90، وكبيرة جداً 100؛ {_BY_RELEVANCE.ar}",
        ),
        sources=(source,),
    )


def _counts_businesses(facts: Facts, claim: Claim) -> bool:
    """Merchants are businesses; customers are when the same words name a segment of ours, and consumers are not."""
    if claim.subject == "merchants":
        return True
    segments = facts.need.target_segments
    named = {mention.concept for mention in facts.lexicon.find(claim.quote)}
    return claim.subject == "customers" and any(
        facts.lexicon.nearness(concept, segment) >= BROADER for concept in named for segment in segments
    )


def expected_revenue(facts: Facts) -> Measurement | None:
    """Accounts in reach × win rate × average deal, against our target; three of these are assumptions."""
    counts = [claim for claim in facts.of_kind(ClaimKind.SCALE) if claim.value and _counts_businesses(facts, claim)]
    if not counts:
        return None
    claim = max(counts, key=lambda item: (item.value or 0.0, item.claim_id))
    deal = facts.need.deal
    accounts = min(claim.value or 0.0, float(deal.target_accounts_per_year))
    expected = accounts * deal.win_rate * float(deal.average_deal.amount)
    target = float(deal.revenue_target_per_year.amount)
    if target <= 0:
        return None
    return Measurement(
        points=_for_us(facts, min(100.0, 100.0 * expected / target)),
        value=f"{expected:.0f} {deal.currency}",
        shown=both(
            f"{deal.currency} {expected:,.0f} a year",
            f"{expected:,.0f} {currency_name(deal.currency, 'ar')} في السنة",
        ),
        method=both(
            "Accounts in reach (stated customers, at most our plan) × win rate × average deal, against our target; "
            f"win rate, deal size and target are our assumptions; {_BY_RELEVANCE.en}",
            "العملاء في المتناول (العدد المعلن، وبحد أقصى خطتنا) × نسبة الفوز × متوسط الصفقة، مقابل هدفنا؛ "
            f"ونسبة الفوز وحجم الصفقة والهدف من افتراضاتنا؛ {_BY_RELEVANCE.ar}",
        ),
        sources=facts.sources([claim]),
    )


def workforce(facts: Facts) -> Measurement | None:
    """How many people does it employ?"""
    claims = [claim for claim in facts.of_kind(ClaimKind.SCALE) if claim.subject == "employees" and claim.value]
    if not claims:
        return None
    claim = max(claims, key=lambda item: (item.value or 0.0, item.claim_id))
    return Measurement(
        points=round(_log_points(claim.value or 0.0, 10_000), 4),
        value=f"{claim.value:.0f}",
        shown=counted("employees", int(claim.value or 0)),
        method=both(
            "20 for one, 100 at 10,000 employees, logarithmic.",
            "20 للموظف الواحد، و100 عند 10,000 موظف، بمقياس لوغاريتمي.",
        ),
        sources=facts.sources([claim]),
    )


def status(facts: Facts) -> Measurement | None:
    """Is it live, by what the source states?"""
    if not facts.company.status.is_live:
        claims = facts.of_kind(ClaimKind.STATUS)
        stated = facts.field("delisted", "status")
        sources = facts.sources(claims) or ((stated[1],) if stated else ())
        if not sources:
            return None
        return Measurement(
            points=0.0,
            value=facts.company.status.value,
            shown=label_of(STATUS_LABELS, facts.company.status.value),
            method=both("Not live: 0.", "لم تعد قائمة: 0."),
            sources=sources,
        )
    stated = facts.field("status", "delisted")
    if facts.company.status is not CompanyStatus.ACTIVE or stated is None:
        return None
    return Measurement(
        points=100.0,
        value=CompanyStatus.ACTIVE.value,
        shown=label_of(STATUS_LABELS, CompanyStatus.ACTIVE.value),
        method=both("Active by the source: 100.", "قائمة بحسب المصدر: 100."),
        sources=(stated[1],),
    )


def age(facts: Facts) -> Measurement | None:
    """How long has it been in business by the day of the card?"""
    claims = [claim for claim in facts.of_kind(ClaimKind.FOUNDED) if claim.value]
    if not claims:
        return None
    claim = max(claims, key=lambda item: (item.value or 0.0, item.claim_id))
    years = max(0, facts.as_of.year - int(claim.value or facts.as_of.year))
    steps = ((20, 100.0), (10, 85.0), (5, 65.0), (2, 45.0), (0, 25.0))
    return Measurement(
        points=next(points for floor, points in steps if years >= floor),
        value=str(years),
        shown=counted("years", years) if years else both("less than a year in business", "أقل من سنة"),
        method=both(
            "20 years 100, 10 years 85, 5 years 65, 2 years 45, younger 25; the latest stated year counts.",
            "20 سنة 100، و10 سنوات 85، و5 سنوات 65، وسنتان 45، وأحدث من ذلك 25؛ والعبرة بآخر سنة معلنة.",
        ),
        sources=facts.sources([claim]),
    )


def public_accounts(facts: Facts) -> Measurement | None:
    """Is it listed, so that audited accounts are public?"""
    listed = facts.field("ticker", "exchange")
    if listed is None or not facts.company.status.is_live:
        return None
    return Measurement(
        points=85.0,
        value=listed[0],
        shown=both(f"listed ({listed[0]})", f"مدرجة ({listed[0]})"),
        method=both(
            "A listed company publishes audited accounts: 85 (they were not read).",
            "الشركة المدرجة تنشر قوائم مدققة: 85 (ولم تُقرأ).",
        ),
        sources=(listed[1],),
    )


def registry(facts: Facts) -> Measurement | None:
    """Is a registration number known, and from where?"""
    stated = facts.field("registry_number", "lei")
    if stated is None:
        return None
    official = stated[1].source_kind in (SourceKind.REGISTRY, SourceKind.FILING)
    return Measurement(
        points=100.0 if official else 60.0,
        value=stated[0],
        shown=both(f"number {stated[0]}, from a register or filing", f"الرقم {stated[0]}، من سجل أو إفصاح رسمي")
        if official
        else both(f"number {stated[0]}, not yet checked", f"الرقم {stated[0]}، ولم يُتحقق منه بعد"),
        method=both(
            "A number from a register or filing is 100, from elsewhere 60 until it is checked.",
            "الرقم من سجل أو إفصاح رسمي 100، ومن غيرهما 60 إلى أن يُتحقق منه.",
        ),
        sources=(stated[1],),
    )


def ownership(facts: Facts) -> Measurement | None:
    """Is its ownership disclosed?"""
    claims = facts.of_kind(ClaimKind.OWNERSHIP)
    if not claims:
        return None
    subjects = sorted({claim.subject for claim in claims})
    return Measurement(
        points=85.0 if "listed" in subjects else 70.0,
        value=", ".join(subjects),
        shown=joined(label_of(OWNERSHIP_LABELS, subject) for subject in subjects),
        method=both(
            "A listed company discloses large holders: 85; a stated parent or owner: 70.",
            "الشركة المدرجة تفصح عن كبار الملاك: 85، والشركة الأم أو المالك المعلن: 70.",
        ),
        sources=facts.sources(claims),
    )


def licence(facts: Facts) -> Measurement | None:
    """Which licence or supervisor does it state?"""
    claims = facts.of_kind(ClaimKind.REGULATED)
    if not claims:
        return None
    subjects = sorted({claim.subject for claim in claims})
    return Measurement(
        points=90.0,
        value=", ".join(subjects),
        shown=joined(label_of(REGULATOR_LABELS, subject) for subject in subjects),
        method=both(
            "A stated licence or supervisor is 90 until the register confirms it.",
            "الترخيص المعلن أو الجهة الرقابية المعلنة 90 إلى أن يؤكدها السجل.",
        ),
        sources=facts.sources(claims),
    )


def local_entity(facts: Facts) -> Measurement | None:
    """Is its seat in one of our regions?"""
    stated = facts.field("country")
    presence = facts.presence
    if not facts.company.countries:
        return None
    seat = facts.company.countries[0]
    source = presence.get(seat) or (stated[1] if stated else None)
    if source is None:
        return None
    return Measurement(
        points=90.0 if seat in facts.need.regions else 30.0,
        value=seat,
        shown=country_label(seat),
        method=both(
            "Seat in one of our regions 90, elsewhere 30.",
            "المقر في إحدى مناطقنا 90، وفي غيرها 30.",
        ),
        sources=(source,),
    )
