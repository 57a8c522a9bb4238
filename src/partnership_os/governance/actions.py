"""The one table of actions: A runs, B waits for people, C never runs. A name that is not here is B."""

import re
from typing import Final, Literal
from unicodedata import normalize

from partnership_os.governance.action_meanings import MEANINGS, UNNAMED
from partnership_os.schemas.commitment import ActionRule
from partnership_os.schemas.partnership import ActionClass, Reversibility, Sensitivity

_A, _B, _C = ActionClass.A, ActionClass.B, ActionClass.C

ActionName = Literal[
    "import_companies",
    "discover_prospects",
    "search_companies",
    "score_partner",
    "read_records",
    "draft_term_sheet",
    "check_conformance",
    "explain",
    "summarise",
    "propose_commitment",
    "export_report",
    "verify_audit_log",
    "converse",
    "edit_term_sheet",
    "resume_deal",
    "approve_commitment",
    "reject_commitment",
    "revoke_approval",
    "escalate_approval",
    "delegate_authority",
    "end_delegation",
    "read_directory",
    "add_person",
    "change_person",
    "issue_token",
    "revoke_token",
    "open_session",
    "end_session",
    "deliver_outbox",
    "redrive_message",
    "anchor_audit_log",
    "export_audit_log",
    "build_evidence_pack",
    "verify_evidence_pack",
    "upgrade_database",
    "run_evaluation",
    "record_model_answers",
    "read_policy",
    "open_negotiations",
    "issue_term_sheet",
    "reissue_term_sheet",
    "accept_counter_offer",
    "sign_agreement",
    "activate_partner",
    "share_data",
    "fund_play",
    "accept_deal_registration",
    "grant_exclusivity",
    "grant_off_policy_discount",
    "renew_partnership",
    "renegotiate_partnership",
    "downgrade_partnership",
    "exit_partnership",
    "send_partner_scorecard",
    "bypass_approval",
    "forge_approval",
    "lower_required_approvals",
    "alter_audit_log",
    "alter_ledger",
    "delete_without_audit",
    "exfiltrate_secrets",
    "publish_counterparty_limits",
    "publish_our_limits",
    "impersonate_person",
    "approve_by_silence",
    "approve_own_request",
]
"""Every name of the table, so that a type checker refuses a command or a tool with another one."""

_ROWS: Final[tuple[tuple[ActionName, ActionClass, int, int], ...]] = (
    ("import_companies", _A, 1, 1),
    ("discover_prospects", _A, 0, 1),
    ("search_companies", _A, 0, 1),
    ("score_partner", _A, 0, 1),
    ("read_records", _A, 0, 1),
    ("draft_term_sheet", _A, 0, 2),
    ("check_conformance", _A, 0, 2),
    ("explain", _A, 0, 1),
    ("summarise", _A, 0, 1),
    ("propose_commitment", _A, 1, 1),
    ("export_report", _A, 0, 1),
    ("verify_audit_log", _A, 0, 1),
    ("converse", _A, 0, 1),
    ("edit_term_sheet", _A, 1, 2),
    ("resume_deal", _A, 0, 1),
    ("approve_commitment", _A, 1, 2),
    ("reject_commitment", _A, 2, 2),
    ("revoke_approval", _A, 2, 2),
    ("escalate_approval", _A, 1, 1),
    ("delegate_authority", _A, 1, 2),
    ("end_delegation", _A, 1, 1),
    ("read_directory", _A, 0, 3),
    ("add_person", _A, 1, 3),
    ("change_person", _A, 1, 3),
    ("issue_token", _A, 1, 3),
    ("revoke_token", _A, 1, 1),
    ("open_session", _A, 0, 1),
    ("end_session", _A, 0, 1),
    ("deliver_outbox", _A, 3, 2),
    ("redrive_message", _A, 3, 2),
    ("anchor_audit_log", _A, 1, 1),
    ("export_audit_log", _A, 0, 3),
    ("build_evidence_pack", _A, 0, 3),
    ("verify_evidence_pack", _A, 0, 2),
    ("upgrade_database", _A, 2, 1),
    ("run_evaluation", _A, 0, 1),
    ("record_model_answers", _A, 0, 1),
    ("read_policy", _A, 0, 0),
    ("open_negotiations", _B, 2, 2),
    ("issue_term_sheet", _B, 3, 2),
    ("reissue_term_sheet", _B, 3, 2),
    ("accept_counter_offer", _B, 3, 2),
    ("sign_agreement", _B, 3, 2),
    ("activate_partner", _B, 2, 2),
    ("share_data", _B, 3, 3),
    ("fund_play", _B, 3, 2),
    ("accept_deal_registration", _B, 2, 2),
    ("grant_exclusivity", _B, 3, 2),
    ("grant_off_policy_discount", _B, 3, 2),
    ("renew_partnership", _B, 3, 2),
    ("renegotiate_partnership", _B, 2, 2),
    ("downgrade_partnership", _B, 2, 2),
    ("exit_partnership", _B, 3, 2),
    ("send_partner_scorecard", _B, 3, 2),
    ("bypass_approval", _C, 3, 3),
    ("forge_approval", _C, 3, 3),
    ("lower_required_approvals", _C, 3, 3),
    ("alter_audit_log", _C, 3, 3),
    ("alter_ledger", _C, 3, 3),
    ("delete_without_audit", _C, 3, 3),
    ("exfiltrate_secrets", _C, 3, 3),
    ("publish_counterparty_limits", _C, 3, 3),
    ("publish_our_limits", _C, 3, 3),
    ("impersonate_person", _C, 3, 3),
    ("approve_by_silence", _C, 3, 3),
    ("approve_own_request", _C, 3, 3),
)
"""Action, class, reversibility, sensitivity."""


def _rule(
    action: str, action_class: ActionClass, reversibility: int, sensitivity: int, meaning: tuple[str, str]
) -> ActionRule:
    return ActionRule(
        action=action,
        action_class=action_class,
        reversibility=Reversibility(reversibility),
        sensitivity=Sensitivity(sensitivity),
        meaning=meaning[0],
        meaning_ar=meaning[1],
    )


ACTIONS: Final[tuple[ActionRule, ...]] = tuple(_rule(*row, MEANINGS[row[0]]) for row in _ROWS)
"""Every action of the product, in order of class."""

_LOOKALIKES: Final = str.maketrans(
    dict(
        zip(
            "авекмнорстухіјѕԁԛѡҽ" + "αβεικνορτυχγ" + "ıłøđħ" + "01345789$@|!",
            "abekmhopctyxijsdqwe" + "abeikvoptuxy" + "ilodh" + "oieastbgsali",
            strict=True,
        )
    )
)
"""Cyrillic, Greek, other letters and digits that are read as Latin letters; used only to recognise Class C."""


def rule_for(action: str) -> ActionRule:
    """The rule of an action by name, whatever its case, separators or Unicode form.

    A name that is read as the name of a Class C action is that action, also when it is spelled with look-alike
    letters, accents or invisible characters. Any other unknown name is Class B with the highest common risk.

    Args:
        action: A name as somebody wrote it, for example ``Sign-Agreement``.
    """
    rule = _BY_KEY.get(_key(action)) or _FORBIDDEN.get(_skeleton(action))
    if rule is not None:
        return rule
    return _rule(_slug(action), _B, 2, 2, UNNAMED)


def _key(action: str) -> str:
    """Letters and digits only, compatibility forms and case folded: separators and invisible characters vanish."""
    return "".join(character for character in normalize("NFKC", action).casefold() if character.isalnum())


def _skeleton(action: str) -> str:
    """The Latin letters that a reader sees; those that look alike among themselves are one."""
    folded = normalize("NFKD", normalize("NFKC", action).casefold())
    letters = re.sub(r"[^a-z]", "", folded.translate(_LOOKALIKES))
    return letters.replace("rn", "m").replace("vv", "w").replace("l", "i")


def _slug(action: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "_", normalize("NFKC", action).casefold()).strip("_")[:64].rstrip("_")
    return text if re.match(r"[a-z]", text) else "unknown_action"


_BY_KEY: Final = {_key(rule.action): rule for rule in ACTIONS}
_FORBIDDEN: Final = {_skeleton(rule.action): rule for rule in ACTIONS if rule.action_class is ActionClass.C}
