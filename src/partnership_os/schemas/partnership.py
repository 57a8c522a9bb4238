"""Partnership types, approval levels and the phases of a partnership's life."""

from enum import IntEnum, StrEnum


class PartnershipType(StrEnum):
    """What kind of partnership it is; it fixes who must approve (`governance.policy`)."""

    REFERRAL = "referral"
    DISTRIBUTION = "distribution"
    TECHNOLOGY = "technology"
    STRATEGIC = "strategic"
    GOVERNMENT = "government"


class ApprovalLevel(StrEnum):
    """The authority of a person, from lowest to highest."""

    ANALYST = "analyst"
    MANAGER = "manager"
    DIRECTOR = "director"
    VP = "vp"
    C_LEVEL = "c-level"

    @property
    def rank(self) -> int:
        """0 for analyst up to 4 for C-level; only ranks are compared, never names."""
        return list(ApprovalLevel).index(self)


class LifecyclePhase(StrEnum):
    """SCOUT → EVALUATE → NEGOTIATE → ONBOARD → MANAGE → OPTIMIZE → RENEW or EXIT."""

    SCOUT = "scout"
    EVALUATE = "evaluate"
    NEGOTIATE = "negotiate"
    ONBOARD = "onboard"
    MANAGE = "manage"
    OPTIMIZE = "optimize"
    RENEW = "renew"
    EXIT = "exit"


class ActionClass(StrEnum):
    """A runs, B needs approval, C never runs."""

    A = "A"
    B = "B"
    C = "C"


class Reversibility(IntEnum):
    """R0 undone by itself, R1 small effort, R2 costly, R3 irreversible or an external commitment."""

    R0 = 0
    R1 = 1
    R2 = 2
    R3 = 3


class Sensitivity(IntEnum):
    """S0 public, S1 internal, S2 confidential or commercial, S3 regulated or personal."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3
