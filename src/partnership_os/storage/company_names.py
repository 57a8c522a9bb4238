"""Names of companies as they are stored to be looked up: as they are spelt, and folded over the habits of spelling."""

from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

from rapidfuzz import process

from partnership_os.schemas.folding import fold

__all__ = ["exact_key", "name_keys", "near_ids", "spelling_key", "spelt_alike"]

LONGEST_KEY: Final = 400
"""Characters of the column."""
_NAMES_EACH: Final = 8
"""Names looked at for each company offered: several near names can be of one company, each in two keys."""


def exact_key(text: str) -> str:
    """A name or domain as it is spelt: compatibility forms, case and white space folded."""
    return " ".join(normalize("NFKC", text).casefold().split())


def spelling_key(text: str) -> str:
    """A name whatever its spelling: Arabic letters that people type for each other are one."""
    return fold(text).strip()


def name_keys(name: str) -> tuple[str, ...]:
    """The keys under which a name is stored, each once: exact first, so that an exact spelling wins."""
    return tuple(dict.fromkeys(key[:LONGEST_KEY] for key in (exact_key(name), spelling_key(name)) if key))


def spelt_alike(text: str, names: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Ids of the companies with a name that folds to the same.

    Args:
        text: What somebody typed.
        names: ``(key, company id)`` of every stored name.
    """
    wanted = spelling_key(text)
    return tuple(
        dict.fromkeys(
            company_id
            for key, company_id in names
            # Folding drops characters and adds none, and a plain key is folded already.
            if len(key) >= len(wanted) and not key.isascii() and spelling_key(key) == wanted
        )
    )


def near_ids(text: str, names: Iterable[tuple[str, str]], limit: int) -> tuple[str, ...]:
    """Ids of companies with a name, or an id, that looks like a text; the nearest first.

    Args:
        text: What somebody typed.
        names: ``(key, company id)`` of every stored name.
        limit: How many by name; up to two more by id.
    """
    rows = list(names)
    keys = {at: key for at, (key, _) in enumerate(rows)}
    looked_at = process.extract(spelling_key(text), keys, limit=limit * _NAMES_EACH, score_cutoff=70)
    near = list(dict.fromkeys(rows[at][1] for _, _, at in looked_at))[:limit]
    ids = sorted({company_id for _, company_id in rows})
    near += [found for found, _, _ in process.extract(text, ids, limit=2, score_cutoff=85)]
    return tuple(dict.fromkeys(near))
