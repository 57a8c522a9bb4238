"""One class per *who must act*: the reader of an error learns whose turn it is and what to do.

Messages never contain secrets; ids that are needed to act travel in ``details``.
"""

from typing import Any


class PartnershipError(Exception):
    """Base of every error that this product raises on purpose.

    Args:
        message: What happened, one sentence.
        fix: What the person who must act can do about it.
        who_must_act: Who that is, where this case differs from the rest of its class.
        **details: Ids and values needed to act (row, field, thread_id, commitment_id, ...).
    """

    who_must_act = "nobody"

    def __init__(
        self, message: str, *, fix: str | None = None, who_must_act: str | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.details = details
        if who_must_act is not None:
            self.who_must_act = who_must_act

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.message, self.fix, self.who_must_act, self.details))

    def as_dict(self) -> dict[str, Any]:
        """A portable shape that another program can read."""
        return {
            "error": type(self).__name__,
            "who_must_act": self.who_must_act,
            "message": self.message,
            "fix": self.fix,
            "details": {key: str(value) for key, value in self.details.items()},
        }


def _rebuild(
    cls: type[PartnershipError], message: str, fix: str | None, who_must_act: str, details: dict[str, Any]
) -> PartnershipError:
    return cls(message, fix=fix, who_must_act=who_must_act, **details)


class InputError(PartnershipError):
    """The data or the request is wrong; the person who supplied it must change it."""

    who_must_act = "user"


class ConfigurationError(PartnershipError):
    """A setting, file or store is wrong or missing; the operator must change it."""

    who_must_act = "operator"


class ModelError(PartnershipError):
    """The model or its server failed or answered badly; retry later or choose another model."""

    who_must_act = "model"


class ApprovalError(PartnershipError):
    """An approval is missing, refused or not allowed; an authorised person must act."""

    who_must_act = "approver"


class IntegrityError(PartnershipError):
    """A stored record does not match its hash or signature; an auditor must look before anything runs."""

    who_must_act = "auditor"


class InternalError(PartnershipError):
    """An invariant of ours is broken; a developer must act."""

    who_must_act = "developer"
