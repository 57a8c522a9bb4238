"""Folding: the form in which texts in two scripts are compared."""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category, combining, normalize

__all__ = ["fold", "fold_with_offsets", "squeeze"]

_ARABIC_LETTERS = str.maketrans(
    {
        **dict.fromkeys("آأإٱٲٳٵ", "ا"),
        **dict.fromkeys("ؤٶٷ", "و"),
        **dict.fromkeys("ىئیېۍےۓٸ", "ي"),
        **dict.fromkeys("ةۃەہھۂ", "ه"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ءـ", None),
        "٪": "%",
        "٫": ".",
        "٬": ",",
        "،": ",",
        "؛": ";",
        "؟": "?",
        "۔": ".",
        **dict.fromkeys("’‘ʼ`´", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **{chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
    }
)


def squeeze(text: str) -> str:
    """Text in NFC with each run of white space as one blank, ends trimmed; letters are untouched."""
    return " ".join(normalize("NFC", text).split())


@lru_cache(maxsize=20_000)
def _fold_cluster(cluster: str) -> str:
    if cluster.isspace():
        return " "
    folded = normalize("NFKC", normalize("NFKC", cluster).casefold()).translate(_ARABIC_LETTERS)
    return normalize("NFC", "".join(char for char in folded if not _is_dropped(char)))


def _is_dropped(char: str) -> bool:
    return char in "ءـ" or category(char) == "Cf" or ("\u0600" <= char <= "\u08ff" and category(char) == "Mn")


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    if not any(map(combining, text)):
        yield from enumerate(text)
        return
    start = 0
    for index, char in enumerate(text):
        if index > start and (text[start].isspace() or not (combining(char) or _is_dropped(char))):
            yield start, text[start:index]
            start = index
    yield start, text[start:]


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Folded text, and for each folded position the position in the original that it came from.

    Args:
        text: Any text.

    Returns:
        The folded text (see `fold`) and ``len(folded) + 1`` offsets. The last offset is the end of the
        last kept character, so that the original of ``folded[i:j]`` is ``text[offsets[i]:offsets[j]]``,
        give or take white space at the end.
    """
    out: list[str] = []
    offsets: list[int] = []
    end = 0
    blank_at = -1
    for start, cluster in _clusters(text):
        folded = _fold_cluster(cluster)
        if not folded:
            end = start + len(cluster) if blank_at < 0 and out else end
            continue
        if folded == " ":
            blank_at = start if blank_at < 0 and out else blank_at
            continue
        if blank_at >= 0:
            out.append(" ")
            offsets.append(blank_at)
            blank_at = -1
        for char in folded:
            if char == " " and (not out or out[-1] == " "):
                continue
            out.append(char)
            offsets.append(start)
        end = start + len(cluster)
    return "".join(out), [*offsets, end]


def fold(text: str) -> str:
    """Text for comparison: same letters in any typing habit give the same string.

    NFKC and case folding; Arabic without tashkeel and tatweel, with one alef, one ya (alef maqsura and ya with
    hamza too), one kaf, ta marbuta as ha, and no bare hamza; Arabic-Indic and Persian digits and punctuation as
    ASCII; invisible characters (category Cf) out; white space folded and trimmed. Accents on Latin letters stay.
    """
    if text.isascii():
        return " ".join(text.casefold().replace("`", "'").split())
    return fold_with_offsets(text)[0]
