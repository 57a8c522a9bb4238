"""Words that the terminal and the chat share, in English and Arabic, and how a phrase is put together."""

from collections.abc import Iterable, Mapping

from partnership_os.agents.rubric import BAND_LABELS
from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.tools.text import visible

Phrases = Mapping[str, tuple[str, str]]
"""Key → (English, Arabic); ``{field}`` stands for a value."""

FIRST_STRONG_ISOLATE = "\u2068"
POP_DIRECTIONAL_ISOLATE = "\u2069"

SHARED: Phrases = {
    **{f"band.{band.value}": (label.en.capitalize(), label.ar) for band, label in BAND_LABELS.items()},
    "level.analyst": ("Analyst", "محلل"),
    "level.manager": ("Manager", "مدير"),
    "level.director": ("Director", "مدير إدارة"),
    "level.vp": ("VP", "نائب رئيس"),
    "level.c-level": ("C-level", "الإدارة التنفيذية العليا"),
    "approval.person": ("{level} or above", "{level} أو أعلى"),
    "approval.top": ("{level}", "{level}"),
    "approval.legal": ("Legal", "الشؤون القانونية"),
    "approval.legal_from": ("Legal ({level} or above)", "الشؤون القانونية ({level} أو أعلى)"),
    "role.person": ("as {level}", "بصفة {level}"),
    "role.top": ("as C-level", "عن الإدارة التنفيذية العليا"),
    "role.legal": ("as Legal", "عن الشؤون القانونية"),
    "role.both": ("as {level} and Legal", "بصفة {level} وعن الشؤون القانونية"),
    "approval.and": (" and ", " و"),
    "approval.nobody": ("nobody", "لا أحد"),
    "status.running": ("running", "قيد التنفيذ"),
    "status.awaiting_approval": ("awaiting approval", "في انتظار الموافقة"),
    "status.committed": ("committed", "تم الالتزام"),
    "status.rejected": ("rejected", "مرفوضة"),
    "status.expired": ("expired", "منتهية الصلاحية"),
    "status.blocked": ("blocked", "مرفوضة آليًّا"),
    "status.pending": ("pending", "معلقة"),
    "status.approved": ("approved", "موافق عليها"),
    "status.superseded": ("superseded", "حلت محلها نسخة أحدث"),
    "type.referral": ("referral", "إحالة"),
    "type.distribution": ("distribution", "توزيع"),
    "type.technology": ("technology", "تقنية"),
    "type.strategic": ("strategic", "استراتيجية"),
    "type.government": ("government", "حكومية"),
    "dimension.strategic_alignment": ("Strategic alignment", "التوافق الاستراتيجي"),
    "dimension.market_overlap": ("Market overlap", "تقاطع الأسواق"),
    "dimension.revenue_potential": ("Revenue potential", "إمكانات الإيراد"),
    "dimension.capability": ("Capability", "القدرات"),
    "dimension.financial_health": ("Financial health", "السلامة المالية"),
    "dimension.compliance": ("Compliance", "الامتثال"),
    "dimension.channel_conflict": ("Channel conflict", "تعارض القنوات"),
    "deal.waiting": (
        "The deal with {partner} has stopped: it waits for the approval of {who}.",
        "توقفت الصفقة مع {partner}: تنتظر موافقة {who}.",
    ),
    "deal.committed": ("The deal with {partner} is committed: {entry}.", "تم الالتزام بالصفقة مع {partner}: {entry}."),
    "deal.rejected": ("The deal with {partner} was rejected.", "رُفضت الصفقة مع {partner}."),
    "deal.expired": (
        "The request for the deal with {partner} expired before it was approved.",
        "انتهت صلاحية طلب الصفقة مع {partner} قبل الموافقة عليه.",
    ),
    "deal.blocked": ("The deal with {partner} cannot start.", "لا يمكن أن تبدأ الصفقة مع {partner}."),
    "deal.running": (
        "The deal with {partner} was interrupted while it ran; anybody can wake it.",
        "انقطعت الصفقة مع {partner} أثناء التنفيذ؛ ويستطيع أي شخص استئنافها.",
    ),
    "deal.expires": ("It expires on {moment} (UTC).", "تنتهي صلاحية الطلب في {moment} (التوقيت العالمي)."),
    "deal.requester_may_not": (
        "{person}, who asked for it, may not approve it.",
        "لا تُقبل عليها موافقة صاحب الطلب {person}.",
    ),
}


def isolated(value: str) -> str:
    """The value between U+2068 and U+2069, so that its letters do not reorder the line around it."""
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_DIRECTIONAL_ISOLATE}"


def in_line(value: str) -> str:
    """A value of somebody else inside a line of ours: hidden characters shown, line ends as well.

    A name that brings its own line ends could otherwise add lines that look like ours.
    """
    return visible(value).replace("\n", "[U+000A]").replace("\t", "[U+0009]")


def _mixes(value: str) -> bool:
    return any(char.isascii() and char.isalnum() for char in value)


class Phrase(str):
    """A line that `Texts` put together, so that it can stand inside another without being treated as data."""


class Texts:
    """The phrases of one language.

    Args:
        language: ``en`` or ``ar``.
        phrases: Phrases of the caller, beside the shared ones.
    """

    def __init__(self, language: str, phrases: Phrases | None = None) -> None:
        self.language = language
        self._column = 1 if language == "ar" else 0
        self._phrases = {**SHARED, **(phrases or {})}

    def __call__(self, key: str, /, **fields: object) -> "Phrase":
        """The phrase with its values; hidden characters shown, and Latin values isolated inside Arabic.

        Raises:
            KeyError: no phrase has this key.
        """
        template = self._phrases[key][self._column]
        return Phrase(template.format(**{name: self.inline(value) for name, value in fields.items()}))

    def inline(self, value: object) -> str:
        """A value made safe to stand inside a line of this language; a phrase of ours stays as it is."""
        if isinstance(value, Phrase):
            return value
        shown = in_line(str(value))
        return isolated(shown) if self.language == "ar" and _mixes(shown) else shown

    def listing(self, values: Iterable[object]) -> "Phrase":
        """Several values with the comma of this language between them, each set apart by itself."""
        return Phrase(("، " if self._column else ", ").join(self.inline(value) for value in values))

    def of(self, text: BilingualText) -> str:
        """The side of a bilingual text that this language reads, hidden characters shown."""
        return visible(text.ar if self._column else text.en)

    def approvals(self, requirements: Iterable[ApprovalRequirement]) -> "Phrase":
        """Who must approve, in words: ``C-level and Legal``, ``Director or above``."""
        parts = [self.requirement(item) for item in requirements]
        return Phrase(self("approval.and").join(parts)) if parts else self("approval.nobody")

    def requirement(self, item: ApprovalRequirement) -> "Phrase":
        """One approval that is required; the same words wherever it is named."""
        kind = "top" if item.min_level is ApprovalLevel.C_LEVEL else "person"
        if item.legal:
            kind = "legal" if item.min_level.rank == 0 else "legal_from"
        return self(f"approval.{kind}", level=self(f"level.{item.min_level.value}"))

    def situation(self, state: DealState) -> tuple[str, ...]:
        """Where a deal stands and what waits for whom, one sentence per line."""
        if state.status is not DealStatus.AWAITING_APPROVAL:
            return (self.standing(state), *(self.of(reason) for reason in state.reasons))
        lines: list[str] = [self.standing(state), self("deal.requester_may_not", person=state.requested_by)]
        if state.expires_at is not None:
            lines.append(self("deal.expires", moment=state.expires_at.strftime("%Y-%m-%d %H:%M")))
        return tuple(lines)

    def standing(self, state: DealState) -> "Phrase":
        """Where a deal stands, in one sentence."""
        if state.status is DealStatus.AWAITING_APPROVAL:
            who = self.approvals(state.still_needed or state.required_approvals)
            return self("deal.waiting", partner=state.company_name, who=who)
        return self(f"deal.{state.status.value}", partner=state.company_name, entry=state.ledger_entry_id or "")


def approve_command(state: DealState) -> str | None:
    """The exact command that is typed next: by an approver, or by anybody where a run was interrupted; else None."""
    if state.status is DealStatus.RUNNING:
        return f"partnership deal resume {state.thread_id}"
    if state.status is not DealStatus.AWAITING_APPROVAL or state.commitment_id is None:
        return None
    return f"partnership approve {state.commitment_id}"
