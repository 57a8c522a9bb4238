"""A refusal: it leaves its transaction without a trace, is then logged in one of its own, and raised."""

from typing import Self

from pydantic import JsonValue

from partnership_os.errors import ApprovalError
from partnership_os.governance import audit
from partnership_os.governance.clock import Clock, moment_of_refusal
from partnership_os.governance.standing import PendingItem, can_approve, standing_of, waiting_for
from partnership_os.governance.store import GovernanceStore
from partnership_os.schemas.commitment import DecisionOutcome

UNKNOWN = "unknown"
"""Actor of a refusal where nobody was authenticated, and subject where it names nothing that exists."""


USER = "user"
"""The person who runs the command."""
APPROVER = "approver"
OPERATOR = "operator"
"""Who keeps the directory of people."""
REQUESTER = "requester"
"""Who asks for the commitment: they propose it again."""
NOBODY = "nobody"


class RefusedError(Exception):
    """Why something was refused, what to do about it, and whose turn it is.

    Args:
        reason: One word for the log.
        message: What was refused.
        fix: What the one who must act can do.
        actor: Id of the person who was refused.
        who_must_act: Whose turn it is; one of the names above.
        token_of: Whose token it was where the token is genuine but dead; it goes to the log alone.
    """

    can_approve = ""
    """Names and ids of those who can, where others must."""

    def __init__(
        self,
        reason: str,
        message: str,
        fix: str,
        actor: str = UNKNOWN,
        *,
        who_must_act: str = USER,
        token_of: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.fix = fix
        self.actor = actor
        self.who_must_act = who_must_act
        self.token_of = token_of

    @classmethod
    def for_others(cls, reason: str, message: str, item: PendingItem, actor: str) -> Self:
        """A refusal of something that other people can do: says who they are, or that the directory has nobody."""
        nobody_can = OPERATOR if item.still_needed else NOBODY
        names = can_approve(item)
        refused = cls(reason, message, waiting_for(item), actor, who_must_act=APPROVER if names else nobody_can)
        refused.can_approve = names
        return refused


def logged_refusal(
    store: GovernanceStore,
    clock: Clock,
    refused: RefusedError,
    commitment_id: str | None,
    outcome: DecisionOutcome | None,
) -> ApprovalError:
    """Write the refusal to the audit log and return the error to raise.

    What came in as a commitment's id is logged only when it is one: it could be a token put in the wrong place.

    Args:
        store: The store of the gate.
        clock: Tells the time with a zone.
        refused: What was refused, to whom.
        commitment_id: What it was about, None for a mere authentication.
        outcome: What was to be decided.
    """
    data: dict[str, JsonValue] = {"reason": refused.reason}
    if outcome is not None:
        data["outcome"] = outcome.value
    if refused.token_of is not None:
        data["token_of"] = refused.token_of
    fix = refused.fix
    with store.transaction() as transaction:
        now = moment_of_refusal(clock, transaction)
        stored = None if commitment_id is None else transaction.commitment(commitment_id)
        subject = UNKNOWN if stored is None else stored.commitment.commitment_id
        if stored is not None and refused.actor == UNKNOWN:
            fix = f"{fix} {waiting_for(standing_of(transaction, stored, now), names=False)}"
        audit.append(transaction, now, refused.actor, "approval_refused", subject, data)
    details = {} if stored is None else {"commitment_id": subject}
    if refused.can_approve:
        details["can_approve"] = refused.can_approve
    # Who is not authenticated learns nothing of what was wrong with the token.
    reason = "not_authenticated" if refused.actor == UNKNOWN else refused.reason
    return ApprovalError(refused.message, fix=fix, who_must_act=refused.who_must_act, reason=reason, **details)
