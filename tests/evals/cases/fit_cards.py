"""Cards of the fit suite, made by hand."""

from partnership_os.evals.cases.fit.outcome import Figures, Placed, Standing
from partnership_os.schemas.score_card import Band


def card(**changes: object) -> Placed:
    """A card worth developing, with some of its figures, its standing or its place changed."""
    figures: dict[str, object] = {"score": 70.0, "coverage": 0.8, "confidence": 0.5, "band": Band.DEVELOP}
    standing: dict[str, object] = {"blocked": False, "best_band": Band.DEVELOP, "open_must_haves": 0}
    own: dict[str, object] = {"company": "co_0", "rank": 1, "place": 1, "excluded": None}
    for group in (figures, standing, own):
        group |= {name: changes.pop(name) for name in tuple(changes) if name in group}
    assert not changes
    return Placed.model_validate(
        {**own, "figures": Figures.model_validate(figures), "standing": Standing.model_validate(standing)}
    )
