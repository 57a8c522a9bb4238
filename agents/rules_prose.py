"""What the rules analyst writes: plain bilingual notes made of the numbers that a card or sheet holds already."""

from partnership_os.agents.rubric import BAND_LABELS
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band, Dimension, DimensionScore, PartnerFitScoreCard

__all__ = ["card_text"]

_DIMENSIONS = {
    Dimension.STRATEGIC_ALIGNMENT: ("strategic alignment", "التوافق الاستراتيجي"),
    Dimension.MARKET_OVERLAP: ("market overlap", "تداخل الأسواق"),
    Dimension.REVENUE_POTENTIAL: ("revenue potential", "إمكانات الإيراد"),
    Dimension.CAPABILITY: ("capability", "القدرات"),
    Dimension.FINANCIAL_HEALTH: ("financial health", "السلامة المالية"),
    Dimension.COMPLIANCE: ("compliance", "الالتزام"),
    Dimension.CHANNEL_CONFLICT: ("channel conflict", "تعارض القنوات"),
}
_TYPES = {
    PartnershipType.REFERRAL: ("referral", "إحالة"),
    PartnershipType.DISTRIBUTION: ("distribution", "توزيع"),
    PartnershipType.TECHNOLOGY: ("technology", "تقنية"),
    PartnershipType.STRATEGIC: ("strategic", "استراتيجية"),
    PartnershipType.GOVERNMENT: ("government", "حكومية"),
}


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _verdict(card: PartnerFitScoreCard) -> tuple[str, str]:
    kind_en, kind_ar = _TYPES[card.partnership_type]
    name_ar = card.company_name_ar or card.company_name
    covered = _percent(card.coverage)
    if card.band is Band.UNKNOWN:
        so_far = "nothing can be scored yet" if card.score is None else f"what is known gives {card.score:.1f} of 100"
        so_far_ar = "ولا يمكن احتساب درجة بعد" if card.score is None else f"والمعروف يعطي {card.score:.1f} من 100"
        best, worst = BAND_LABELS[card.best_band], BAND_LABELS[card.worst_band]
        return (
            f"{card.company_name} is Unknown for a {kind_en} partnership: {covered} of the weight is known, and "
            f"{so_far}. "
            f"The open facts can lead to {best.en} at best and {worst.en} at worst.",
            f"تصنيف {name_ar} لشراكة {kind_ar} غير معروف: المعروف {covered} من الوزن، {so_far_ar}. "
            f"قد تقود الحقائق الناقصة إلى {best.ar} في أحسن الأحوال وإلى {worst.ar} في أسوئها.",
        )
    score = f"{card.score:.1f}" if card.score is not None else "?"
    band = BAND_LABELS[card.band]
    return (
        f"{card.company_name} scores {score} of 100 for a {kind_en} partnership, band {band.en}, "
        f"with {covered} of the weight known.",
        f"حصلت {name_ar} على {score} من 100 لشراكة {kind_ar}، والتصنيف: {band.ar}، والمعروف {covered} من الوزن.",
    )


def _gap(part: DimensionScore) -> float:
    known = 0.0 if part.score is None else part.score / 100 * part.coverage
    return part.weight * (1 - known)


def _strengths(card: PartnerFitScoreCard) -> tuple[str, str] | None:
    order = list(Dimension)
    known = [part for part in card.dimensions if part.score is not None and part.contribution > 0]
    top = sorted(known, key=lambda part: (-part.contribution, order.index(part.dimension)))[:2]
    if not top:
        return None
    return (
        "Most points come from "
        + " and ".join(f"{_DIMENSIONS[part.dimension][0]} ({part.contribution:.1f})" for part in top)
        + ".",
        "أكثر النقاط من "
        + " ومن ".join(f"{_DIMENSIONS[part.dimension][1]} ({part.contribution:.1f})" for part in top)
        + ".",
    )


def _weakness(card: PartnerFitScoreCard) -> tuple[str, str]:
    order = list(Dimension)
    part = min(card.dimensions, key=lambda item: (-_gap(item), order.index(item.dimension)))
    name_en, name_ar = _DIMENSIONS[part.dimension]
    if part.score is None:
        return f"The largest gap is {name_en}: nothing is known.", f"أكبر فجوة هي {name_ar}: لا يعرف عنها شيء."
    return (
        f"The largest gap is {name_en}: {part.score:.1f} of 100 on {_percent(part.coverage)} known.",
        f"أكبر فجوة هي {name_ar}: {part.score:.1f} من 100 والمعروف {_percent(part.coverage)}.",
    )


def card_text(card: PartnerFitScoreCard) -> BilingualText:
    """The card in a few sentences: verdict, blocks, where points come from, the largest gap, the first fact to find.

    Every number is the card's own. The largest gap is the dimension with the most weight that is lost or unknown.
    """
    lines = [_verdict(card)]
    if card.blocked:
        lines.append((f"Blocked: {card.blocked[0].text.en}", f"محظورة: {card.blocked[0].text.ar}"))
    if (strengths := _strengths(card)) is not None:
        lines.append(strengths)
    lines.append(_weakness(card))
    if card.facts_to_find:
        question = card.facts_to_find[0].question
        lines.append((f"First fact to find: {question.en}", f"أول ما ينبغي معرفته: {question.ar}"))
    return BilingualText(en=" ".join(en for en, _ in lines), ar=" ".join(ar for _, ar in lines))
