"""The sentences behind the reason codes, for us. They may name our limits and are never sent."""

from partnership_os.agents.sheet_text import fill
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.negotiation import MoveReason, ReasonCode
from partnership_os.tools.sheet_wording import wording

__all__ = ["reason"]

_SENTENCES: dict[ReasonCode, tuple[str, str]] = {
    ReasonCode.MEETS_TARGET: (
        "Their offer is worth {utility} to us; we would ask {target} in this round. Nothing breaches the playbook.",
        "قيمة عرضهم لنا {utility} وما كنا سنطلبه في هذه الجولة {target}. ولا يخالف العرض الدليل التفاوضي.",
    ),
    ReasonCode.AGREES_WITH_SHEET: (
        "They agree to the sheet as it stands.",
        "يوافقون على ورقة الشروط كما هي.",
    ),
    ReasonCode.BELOW_TARGET: (
        "Their offer is worth {utility} to us, less than the {target} that we ask in this round.",
        "قيمة عرضهم لنا {utility} وهي دون {target} التي نطلبها في هذه الجولة.",
    ),
    ReasonCode.HELD: (
        "We stay where we are: nothing may be given in this round.",
        "نبقى على موقفنا: لا يجوز التنازل عن شيء في هذه الجولة.",
    ),
    ReasonCode.NEEDS_TRADE: (
        "{label} at {value} is past our ideal; it may be given only against: {gets}.",
        "{label_ar} عند {value_ar} يتجاوز ما نريده، ولا يُمنح إلا مقابل: {gets_ar}.",
    ),
    ReasonCode.NO_TRADE_ALLOWED: (
        "{label} at {value} is past our ideal, and no trade of the playbook lets us give it.",
        "{label_ar} عند {value_ar} يتجاوز ما نريده، ولا يسمح أي تبادل في الدليل التفاوضي بمنحه.",
    ),
    ReasonCode.PAST_WALK_AWAY: (
        "{label} at {value} is past our walk-away of {limit}.",
        "{label_ar} عند {value_ar} يتجاوز حد الانسحاب لدينا وهو {limit_ar}.",
    ),
    ReasonCode.VALUE_OPEN: (
        "They refuse {label} at {value} and name no other value.",
        "يرفضون {label_ar} عند {value_ar} ولا يذكرون قيمة أخرى.",
    ),
    ReasonCode.PAST_WALK_AWAY_INSISTED: (
        "They insist on {label} at {value}, past our walk-away of {limit}.",
        "يصرّون على {label_ar} عند {value_ar}، وهو يتجاوز حد الانسحاب لدينا {limit_ar}.",
    ),
    ReasonCode.NOT_NEGOTIABLE: (
        "{label} is fixed at {value} and they ask to change it: {quote}",
        "{label_ar} ثابت عند {value_ar} ويطلبون تغييره: {quote}",
    ),
    ReasonCode.UNKNOWN_TERM: (
        "They ask for something that the sheet does not have ({kind}): {quote}",
        "يطلبون ما ليس في ورقة الشروط ({kind}): {quote}",
    ),
    ReasonCode.CLAUSE_CHANGED: (
        "They change the wording of a clause ({kind}): {quote}",
        "يغيّرون صياغة بند ({kind}): {quote}",
    ),
    ReasonCode.COMMITMENT_RAISED: (
        "Their terms would raise the approval level from {before} to {after}.",
        "شروطهم ترفع مستوى الموافقة المطلوب من {before} إلى {after}.",
    ),
    ReasonCode.DEADLOCK: (
        "They have not moved in {rounds} counter-offers.",
        "لم يتحركوا في عدد {rounds} من العروض المقابلة.",
    ),
    ReasonCode.DEADLINE: (
        "This is counter-offer {number}; we answer {rounds} before a person takes over.",
        "هذا العرض المقابل رقم {number}، ونجيب عن {rounds} قبل أن يتولى الأمر شخص.",
    ),
    ReasonCode.CONTRADICTORY: (
        "What they say contradicts itself or the sheet: {quote}",
        "ما يقولونه يناقض بعضه بعضًا أو يناقض ورقة الشروط: {quote}",
    ),
    ReasonCode.UNREADABLE: (
        "A part could not be read into a term ({kind}): {quote}",
        "تعذّر تحويل جزء إلى شرط ({kind}): {quote}",
    ),
    ReasonCode.CONDITION_OPEN: (
        "They tie it to something that names no value of a term: {quote}",
        "يربطونه بما لا يذكر قيمة لشرط: {quote}",
    ),
    ReasonCode.INSTRUCTION: (
        "The text speaks to the reader's software or hides something ({kind}): {quote}",
        "النص يخاطب برنامج القارئ أو يخفي شيئًا ({kind}): {quote}",
    ),
    ReasonCode.NO_POSITION: (
        "Nothing in it says what they want.",
        "ليس فيه ما يبيّن ما يريدون.",
    ),
    ReasonCode.SHEET_DOES_NOT_CONFORM: (
        "The sheet does not keep to the playbook, so code may not bargain from it: {detail}",
        "ورقة الشروط تخالف الدليل التفاوضي، فلا يجوز التفاوض آليًّا انطلاقًا منها: {detail}",
    ),
}


def reason(code: ReasonCode, *, term: str | None = None, **params: str) -> MoveReason:
    """A reason with its sentence in both languages.

    Args:
        code: Why.
        term: What it is about, if one term; its names are filled in.
        **params: What the sentences need; braces inside them stay braces.

    Raises:
        InternalError: a parameter of the sentence is missing.
    """
    label = wording().terms.get(term or "")
    names = {"label": label.en if label else (term or ""), "label_ar": label.ar if label else (term or "")}
    english, arabic = _SENTENCES[code]
    values = names | params
    text = BilingualText(en=fill(english, values)[:7_900], ar=fill(arabic, values)[:7_900])
    return MoveReason(code=code, term=term, params=params, text=text)
