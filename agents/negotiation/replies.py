"""What we say to them: values of the next version in both languages, and nothing else of ours."""

from collections.abc import Iterable, Sequence

from partnership_os.agents.leaks import find_leaks
from partnership_os.agents.sheet_text import fill
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.negotiation import Move, MoveKind, ReplyToThem, UsedTrade
from partnership_os.schemas.playbook import Playbook
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermValue
from partnership_os.tools.sheet_values import format_value, term_label
from partnership_os.tools.sheet_wording import LANGUAGES, Language, bilingual

__all__ = ["neutral_reply", "reply_to"]

_SENTENCES = {
    "later": BilingualText(
        en="Thank you for your answer to version {version}. We are looking into it and will come back to you.",
        ar="نشكركم على ردكم على النسخة {version}. ونحن ندرسه وسنعود إليكم.",
    ),
    "agreed": BilingualText(
        en="Thank you. We are ready to go ahead with version {version} as it stands, subject to formal confirmation.",
        ar="نشكركم. ونحن مستعدون للمضي في النسخة {version} كما هي، على أن يُستكمل التأكيد الرسمي.",
    ),
    "accepted": BilingualText(
        en="Thank you. Subject to formal confirmation we can take over: {values}. "
        "All other terms stay as in version {version}.",
        ar="نشكركم. ويمكننا، على أن يُستكمل التأكيد الرسمي، الأخذ بما يأتي: {values}. "
        "وتبقى سائر الشروط كما في النسخة {version}.",
    ),
    "countered": BilingualText(
        en="Thank you for your answer to version {version}. We propose: {values}. All other terms stay as they are.",
        ar="نشكركم على ردكم على النسخة {version}. ونقترح ما يأتي: {values}. وتبقى سائر الشروط كما هي.",
    ),
    "held": BilingualText(
        en="Thank you for your answer to version {version}. For now we stay with its terms; "
        "please tell us which points matter most to you.",
        ar="نشكركم على ردكم على النسخة {version}. ونبقى حاليًّا على شروطها، ونرجو إفادتنا بأهم النقاط لديكم.",
    ),
    "against": BilingualText(en="This goes together with: {values}.", ar="ويرتبط ذلك بما يأتي: {values}."),
    "ask": BilingualText(
        en="Please tell us which value you need for: {labels}.",
        ar="ونرجو بيان القيمة التي تحتاجونها في: {labels}.",
    ),
}


def reply_to(
    move: Move, before: PartnerTermSheet, after: PartnerTermSheet, playbook: Playbook, open_terms: Iterable[str] = ()
) -> ReplyToThem:
    """The answer to a counter-offer, made of the values of the next version.

    Args:
        move: What we answer.
        before: The version that they answered.
        after: The version with the move's changes; the same one where nothing changes.
        playbook: Looked at only to make sure that nothing of it shows.
        open_terms: Terms for which we ask them to name a value.
    """
    text = BilingualText(
        en=_text(move, before, after, "en", open_terms), ar=_text(move, before, after, "ar", open_terms)
    )
    reply = ReplyToThem(kind=move.kind, text=text, values=move.changes)
    return neutral_reply(move.kind, before) if _leaks(reply, after, playbook) else reply


def neutral_reply(kind: MoveKind, sheet: PartnerTermSheet) -> ReplyToThem:
    """A reply that says nothing but that we have read theirs."""
    texts = [fill(bilingual(_SENTENCES["later"], language), {"version": str(sheet.version)}) for language in LANGUAGES]
    return ReplyToThem(kind=kind, text=BilingualText(en=texts[0], ar=texts[1]))


def _leaks(reply: ReplyToThem, after: PartnerTermSheet, playbook: Playbook) -> bool:
    """Read as the note of the version that it goes with, by the same search as every note."""
    noted = after.model_copy(update={"cover_note": reply.text})
    return any(leak.startswith("cover_note") for leak in find_leaks(noted, playbook))


def _text(
    move: Move, before: PartnerTermSheet, after: PartnerTermSheet, language: Language, open_terms: Iterable[str]
) -> str:
    if move.kind is MoveKind.ESCALATE:
        return _say("later", language, before)
    if move.kind is MoveKind.ACCEPT:
        what = "accepted" if move.changes else "agreed"
        return _say(what, language, before, values=_listed(move.changes, after, language))
    what = "countered" if move.changes else "held"
    said = [_say(what, language, before, values=_listed(move.changes, after, language))]
    against = _against(move.trades, move.changes, after)
    if against:
        said.append(_say("against", language, before, values=_listed(against, after, language)))
    labels = [_label(value, after, language) for name in sorted(open_terms) if (value := after.term(name))]
    if labels:
        said.append(_say("ask", language, before, labels=_joined(labels, language)))
    return " ".join(said)


def _against(
    trades: Sequence[UsedTrade], changes: Sequence[TermValue], after: PartnerTermSheet
) -> tuple[TermValue, ...]:
    names = dict.fromkeys(trade.get for trade in trades)
    changed = {value.name for value in changes}
    return tuple(value for name in names if name not in changed and (value := after.term(name)) is not None)


def _say(name: str, language: Language, sheet: PartnerTermSheet, **values: str) -> str:
    return fill(bilingual(_SENTENCES[name], language), {"version": str(sheet.version), **values})


def _listed(values: Sequence[TermValue], sheet: PartnerTermSheet, language: Language) -> str:
    parts = [f"{_label(value, sheet, language)}: {format_value(value, language)}" for value in values]
    return _joined(parts, language)


def _joined(parts: Sequence[str], language: Language) -> str:
    return ("; " if language == "en" else "؛ ").join(parts)


def _label(value: TermValue, sheet: PartnerTermSheet, language: Language) -> str:
    home = next(clause for clause in sheet.clauses if any(item.name == value.name for item in clause.terms))
    return term_label(value, home, language)
