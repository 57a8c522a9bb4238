"""What the label of a subject stands for, and its place beside the others."""

from partnership_os.evals.subject import RULES, is_control

__all__ = ["kind_of", "place_of"]

_KINDS = ("rules", "model", "control")


def kind_of(subject: str) -> str:
    """``rules``, ``model`` or ``control``."""
    if subject == RULES.label:
        return "rules"
    return "control" if is_control(subject) else "model"


def place_of(subject: str) -> tuple[int, str]:
    """Sorts subjects: the baseline first, then models, then controls."""
    return _KINDS.index(kind_of(subject)), subject
