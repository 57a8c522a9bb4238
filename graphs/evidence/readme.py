"""The page that an evidence pack begins with, and what each of its files is, in English and Arabic."""

from typing import Final

from partnership_os.agents.claim_labels import both

WHAT: Final = {
    "README.txt": both("what this pack shows and what it does not", "ما تبيّنه هذه الحزمة وما لا تبيّنه"),
    "anchor.json": both("signed anchors of the audit log", "مراسٍ موقّعة لسجل التدقيق"),
    "audit_extract.jsonl": both(
        "the events of the audit log about this commitment", "أحداث سجل التدقيق المتعلقة بهذا الالتزام"
    ),
    "audit_spine.jsonl": both(
        "the hash of every event from the first extracted one to the anchor",
        "بصمة كل حدث من أول حدث مستخرج حتى المرساة",
    ),
    "commitment.json": both("the commitment and where it stands", "الالتزام وحالته"),
    "decisions.json": both("every decision with its signature", "كل قرار مع توقيعه"),
    "delegations.json": both("delegations of the people concerned", "تفويضات الأشخاص المعنيين"),
    "digest.txt": both("the digest that people approved", "البصمة التي وافق عليها الأشخاص"),
    "digested.json": both("the exact bytes that were digested", "البايتات التي حُسبت منها البصمة"),
    "document.json": both("the terms", "الشروط"),
    "keys.json": both("public keys", "المفاتيح العامة"),
    "ledger_entry.json": both("the ledger entry", "القيد في سجل الالتزامات"),
    "made_by.json": both(
        "versions of analyst, prompts, playbook, policy and rubric",
        "إصدارات المحلل والتوجيهات ودليل التفاوض والسياسة ومعيار التقييم",
    ),
    "people.json": both("the people concerned, as the audit log says", "الأشخاص المعنيون كما يذكرهم سجل التدقيق"),
    "rule_outcomes.json": both(
        "how the terms stand against the playbook, conditions and blocked reasons",
        "موقع الشروط من دليل التفاوض، والشروط المسبقة، وأسباب التوقف",
    ),
    "score_card.json": both("the score card", "بطاقة التقييم"),
}
"""Name of a file → what it is."""

EVIDENCE: Final = both("a text behind the score card", "نص تستند إليه بطاقة التقييم")

_ENGLISH = """\
EVIDENCE PACK                                                   INTERNAL, NOT FOR THE OTHER SIDE
Commitment {commitment_id}
Digest     {digest}
Status     {status}

This is an internal document. It holds the score card of the partner and how the terms stand against our limits.

What it shows, when `partnership evidence verify` finds every check ok:
- These are the exact terms whose digest people approved, and no file was changed after the pack was made.
- Each decision was signed by the approval service and was about this digest.
- Every decision that the extracted events name is here, and each one here is named by them.
- The people who approved were of the required level and role, different from each other and from whoever asked,
  as the audit log says they were at the time of the commitment.
- The events in audit_extract.jsonl stand in a log whose length and end were signed (anchor.json).
- Each quote on the score card occurs in a text in the folder evidence.

What it does not show:
- That the keys in keys.json are the right ones. Compare their ids with ids that you had from elsewhere, or give your
  own copies: partnership evidence verify FILE --key approval_verify.pub --anchor-key anchor_verify.pub
- That nothing else happened. The pack holds an extract; between the extracted events audit_spine.jsonl has hashes
  only, and whoever holds the anchor key chose and signed them: they could leave out a rejection. The whole log shows
  it. Have it from elsewhere (partnership audit export --out log.jsonl), then:
  partnership evidence verify FILE --log log.jsonl
- That what a source says is true, or that the document was signed by the other side.
- Anything about who had the keys. Whoever holds both private keys and the database can make such a pack.
{missing}"""
_ARABIC = """\

────────────────────────────────────────────────────────────────────────────────
حزمة أدلة                                                       داخلية، ليست للطرف الآخر
الالتزام {commitment_id}
البصمة   {digest}
الحالة   {status}

هذه وثيقة داخلية، ففيها بطاقة تقييم الشريك وموقع الشروط من حدودنا.

ما تبيّنه عندما يجد الأمر `partnership evidence verify` كل فحص سليمًا:
- هذه هي الشروط نفسها التي وافق الأشخاص على بصمتها، ولم يتغير أي ملف بعد إعداد الحزمة.
- كل قرار وقّعته خدمة الموافقات ويخص هذه البصمة.
- كل قرار تذكره الأحداث المستخرجة موجود هنا، وكل قرار هنا تذكره تلك الأحداث.
- من وافقوا كانوا بالمستوى والدور المطلوبين، وهم أشخاص مختلفون، وليس بينهم طالب الالتزام،
  وذلك كما يذكرهم سجل التدقيق وقت الالتزام.
- الأحداث في audit_extract.jsonl قائمة في سجل وُقّع على طوله ونهايته (anchor.json).
- كل اقتباس في بطاقة التقييم موجود في أحد نصوص المجلد evidence.

ما لا تبيّنه:
- أن المفاتيح في keys.json هي المفاتيح الصحيحة. قارن معرّفاتها بمعرّفات حصلت عليها من مصدر آخر، أو قدّم نسخك أنت:
  partnership evidence verify FILE --key approval_verify.pub --anchor-key anchor_verify.pub
- أن شيئًا آخر لم يحدث. الحزمة مستخرج من السجل؛ وليس في audit_spine.jsonl بين الأحداث المستخرجة إلا بصمات
  اختارها ووقّعها من يملك مفتاح المرساة، وبوسعه أن يُسقط رفضًا. ولا يبيّن ذلك إلا السجل كله؛ فاحصل عليه من مصدر آخر
  (partnership audit export --out log.jsonl)، ثم نفّذ:
  partnership evidence verify FILE --log log.jsonl
- أن ما تقوله المصادر صحيح، أو أن الطرف الآخر وقّع الوثيقة.
- أي شيء عمن كانت المفاتيح لديه. فمن يملك المفتاحين الخاصين وقاعدة البيانات يستطيع إعداد حزمة كهذه.
{missing}"""
_MISSING = {
    "ledger_entry.json": both(
        "There is no ledger entry: this has not taken effect.", "لا يوجد قيد في سجل الالتزامات: لم يدخل هذا حيز النفاذ."
    ),
    "score_card.json": both(
        "There is no score card: none is stored for this deal.", "لا توجد بطاقة تقييم: لم تُحفظ أي بطاقة لهذه الصفقة."
    ),
    "rule_outcomes.json": both(
        "There are no rule outcomes: the terms are not a term sheet of ours.",
        "لا توجد نتائج قواعد: الشروط ليست ورقة شروط من إعدادنا.",
    ),
}
_STATUS = {
    "pending": "معلّق",
    "approved": "موافق عليه",
    "rejected": "مرفوض",
    "committed": "تم الالتزام",
    "expired": "منتهي الصلاحية",
    "superseded": "حلّت محله نسخة أحدث",
}


def readme(commitment_id: str, digest: str, status: str, names: frozenset[str]) -> bytes:
    """The text of README.txt.

    Args:
        commitment_id: Of the commitment.
        digest: Of the commitment.
        status: Where it stands.
        names: The files that the pack holds.
    """
    absent = [text for name, text in _MISSING.items() if name not in names]
    english = "".join(f"- {text.en}\n" for text in absent)
    arabic = "".join(f"- {text.ar}\n" for text in absent)
    shown = {"commitment_id": commitment_id, "digest": digest}
    return (
        _ENGLISH.format(**shown, status=status, missing=english)
        + _ARABIC.format(**shown, status=_STATUS[status], missing=arabic)
    ).encode()
