"""The one table of actions: A runs, B waits for people, C never runs. A name that is not here is B."""

import re
from typing import Final
from unicodedata import normalize

from partnership_os.schemas.commitment import ActionRule
from partnership_os.schemas.partnership import ActionClass, Reversibility, Sensitivity

_A, _B, _C = ActionClass.A, ActionClass.B, ActionClass.C
_Row = tuple[str, ActionClass, int, int, str]

_ROWS: Final[tuple[_Row, ...]] = (
    ("import_companies", _A, 1, 1, "Read companies from files into our own store."),
    ("discover_prospects", _A, 0, 1, "Search our own store for companies that may fit a need."),
    ("search_companies", _A, 0, 1, "Find companies in our own store by words."),
    ("score_partner", _A, 0, 1, "Compute a score card from evidence."),
    ("read_records", _A, 0, 1, "Read cards, sheets, evidence, ledger or audit log."),
    ("draft_term_sheet", _A, 0, 2, "Write a draft that stays with us."),
    ("check_conformance", _A, 0, 2, "Hold a draft against the playbook."),
    ("explain", _A, 0, 1, "Say why a number is what it is."),
    ("summarise", _A, 0, 1, "Put a card or a draft into words."),
    ("propose_commitment", _A, 1, 1, "Ask people to approve something; nothing else happens."),
    ("export_report", _A, 0, 1, "Write results to files of our own."),
    ("verify_audit_log", _A, 0, 1, "Re-hash the audit log."),
    ("open_negotiations", _B, 2, 2, "Enter negotiations with a company in our name."),
    ("issue_term_sheet", _B, 3, 2, "Send a term sheet to a counterparty."),
    ("reissue_term_sheet", _B, 3, 2, "Send a changed term sheet to a counterparty."),
    ("accept_counter_offer", _B, 3, 2, "Accept terms that a counterparty proposed."),
    ("sign_agreement", _B, 3, 2, "Sign an agreement."),
    ("activate_partner", _B, 2, 2, "Let a partner work as one of ours."),
    ("share_data", _B, 3, 3, "Give data of ours or of our customers to a partner."),
    ("fund_play", _B, 3, 2, "Spend money on a joint activity."),
    ("accept_deal_registration", _B, 2, 2, "Protect a deal for one partner."),
    ("grant_exclusivity", _B, 3, 2, "Promise not to work with others."),
    ("grant_off_policy_discount", _B, 3, 2, "Give a discount outside of policy."),
    ("renew_partnership", _B, 3, 2, "Prolong a partnership."),
    ("renegotiate_partnership", _B, 2, 2, "Reopen the terms of a partnership."),
    ("downgrade_partnership", _B, 2, 2, "Move a partner to a lower tier."),
    ("exit_partnership", _B, 3, 2, "End a partnership."),
    ("send_partner_scorecard", _B, 3, 2, "Show a partner how we rate them."),
    ("bypass_approval", _C, 3, 3, "Commit without the people who must approve."),
    ("forge_approval", _C, 3, 3, "Decide in the name of another person."),
    ("lower_required_approvals", _C, 3, 3, "Ask for less approval than the policy does."),
    ("alter_audit_log", _C, 3, 3, "Change or cut the audit log."),
    ("alter_ledger", _C, 3, 3, "Change or remove a row of the ledger."),
    ("delete_without_audit", _C, 3, 3, "Delete a record without an event about it."),
    ("exfiltrate_secrets", _C, 3, 3, "Send keys, tokens or passwords anywhere."),
    ("publish_counterparty_limits", _C, 3, 3, "Show anybody outside what a counterparty told us in confidence."),
    ("publish_our_limits", _C, 3, 3, "Show a counterparty our targets, limits or alternatives."),
    ("impersonate_person", _C, 3, 3, "Write to somebody as another person."),
)

ACTIONS: Final[tuple[ActionRule, ...]] = tuple(
    ActionRule(
        action=action,
        action_class=action_class,
        reversibility=Reversibility(reversibility),
        sensitivity=Sensitivity(sensitivity),
        meaning=meaning,
    )
    for action, action_class, reversibility, sensitivity, meaning in _ROWS
)
"""Every action of the product, in order of class."""

_LOOKALIKES: Final = str.maketrans(
    dict(
        zip(
            "авекмнорстухіјѕԁԛѡҽ" + "αβεικνορτυχγ" + "ıłøđħ" + "013457$@|",
            "abekmhopctyxijsdqwe" + "abeikvoptuxy" + "ilodh" + "oieastsal",
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
    return ActionRule(
        action=_slug(action),
        action_class=ActionClass.B,
        reversibility=Reversibility.R2,
        sensitivity=Sensitivity.S2,
        meaning="An action that the table does not name; it waits for people like any commitment.",
    )


def _key(action: str) -> str:
    """Letters and digits only, compatibility forms and case folded: separators and invisible characters vanish."""
    return "".join(character for character in normalize("NFKC", action).casefold() if character.isalnum())


def _skeleton(action: str) -> str:
    """The Latin letters that a reader sees."""
    folded = normalize("NFKD", normalize("NFKC", action).casefold())
    return re.sub(r"[^a-z]", "", folded.translate(_LOOKALIKES))


def _slug(action: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "_", normalize("NFKC", action).casefold()).strip("_")[:64].rstrip("_")
    return text if re.match(r"[a-z]", text) else "unknown_action"


_BY_KEY: Final = {_key(rule.action): rule for rule in ACTIONS}
_FORBIDDEN: Final = {_skeleton(rule.action): rule for rule in ACTIONS if rule.action_class is ActionClass.C}
