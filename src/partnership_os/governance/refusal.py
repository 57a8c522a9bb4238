"""A refusal: it leaves its transaction without a trace, is then logged in one of its own, and raised."""

from pydantic import JsonValue

from partnership_os.errors import ApprovalError
from partnership_os.governance import audit
from partnership_os.governance.clock import Clock, moment
from partnership_os.governance.standing import standing_of, waiting_for
from partnership_os.governance.store import GovernanceStore
from partnership_os.schemas.commitment import DecisionOutcome

UNKNOWN = "unknown"
"""Actor of a refusal where nobody was authenticated, and subject where it names nothing that exists."""


class RefusedError(Exception):
    """Why something was refused: a reason for the log, a message and a fix for the person, and who they are.

    ``token_of`` is whose token it was where the token is genuine but dead; it goes to the log alone.
    """

    def __init__(
        self, reason: str, message: str, fix: str, actor: str = UNKNOWN, *, token_of: str | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.fix = fix
        self.actor = actor
        self.token_of = token_of


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
        now = moment(clock, transaction)
        stored = None if commitment_id is None else transaction.commitment(commitment_id)
        subject = UNKNOWN if stored is None else stored.commitment.commitment_id
        if stored is not None and refused.actor == UNKNOWN:
            fix = f"{fix} {waiting_for(standing_of(transaction, stored, now), names=False)}"
        audit.append(transaction, now, refused.actor, "approval_refused", subject, data)
    details = {} if stored is None else {"commitment_id": subject}
    # Who is not authenticated learns nothing of what was wrong with the token.
    reason = "not_authenticated" if refused.actor == UNKNOWN else refused.reason
    return ApprovalError(refused.message, fix=fix, reason=reason, **details)
