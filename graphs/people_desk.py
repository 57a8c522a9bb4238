"""The part of the workspace that is about people: who they are, what shows it, and whom they lend authority to."""

from partnership_os.governance.delegation import DelegationDraft
from partnership_os.governance.store import StoredDelegation, TokenRecord
from partnership_os.graphs.home import Home
from partnership_os.schemas.commitment import MAIN_TENANT, Delegation, Person
from partnership_os.schemas.partnership import ApprovalLevel

LOCAL_OPERATOR = "local-operator"
"""Who acts in the audit log when people are managed: whoever may write the home (see README, Limits)."""


class PeopleDesk:
    """People, tokens and delegations of one home.

    Args:
        home: The opened home.
    """

    def __init__(self, home: Home) -> None:
        self.home = home

    def add_person(
        self, name: str, level: ApprovalLevel, legal: bool = False, tenant: str = MAIN_TENANT
    ) -> tuple[Person, str]:
        """Add somebody; the token is returned this once and stored hashed."""
        return self.home.directory.add_person(name, level, legal, actor=LOCAL_OPERATOR, tenant=tenant)

    def people(self) -> tuple[Person, ...]:
        """Everybody in the directory."""
        return self.home.directory.people()

    def tokens(self) -> tuple[TokenRecord, ...]:
        """Every token and session with its dates; what is stored of the secret is a hash."""
        return self.home.directory.tokens()

    def revoke_tokens(self, person_id: str) -> int:
        """End every token of somebody; returns how many were live."""
        return self.home.directory.revoke_token(person_id, actor=LOCAL_OPERATOR)

    def change_person(
        self,
        person_id: str,
        *,
        level: ApprovalLevel | None = None,
        legal: bool | None = None,
        active: bool | None = None,
    ) -> Person:
        """Change somebody's authority; what is None stays as it is."""
        return self.home.directory.change_person(
            person_id, actor=LOCAL_OPERATOR, level=level, legal=legal, active=active
        )

    def new_token(self, person_id: str) -> str:
        """A new token for somebody, returned this once; their former ones end."""
        return self.home.directory.issue_token(person_id, actor=LOCAL_OPERATOR)

    def lend_authority(self, token: str | None, draft: DelegationDraft) -> Delegation:
        """Lend authority of the holder of a token for a time.

        Raises:
            ApprovalError: nobody holds the token.
            InputError: more would be lent than the person has, or to nobody who can use it.
        """
        return self.home.approval_service.lend_authority(token, draft)

    def end_delegation(self, token: str | None, delegation_id: str) -> Delegation:
        """End a delegation before its time; one of its two people can."""
        return self.home.approval_service.end_delegation(token, delegation_id)

    def delegations(self) -> tuple[StoredDelegation, ...]:
        """Every delegation that was made."""
        return self.home.directory.delegations()
