"""Texts per second of the lexical embedding beside its parts and a plain hashing loop."""

from collections.abc import Callable
from functools import partial
from statistics import median
from zlib import crc32

import numpy as np

from benchmarks.table import Table, seconds
from benchmarks.worlds import synthetic_companies
from partnership_os.storage.vectors import FloatArray
from partnership_os.tools.embedding import LexicalEmbedding
from partnership_os.tools.lexicon import Lexicon, load_lexicon

_TEXTS, _ROUNDS = 200, 3


def plain_hashing(texts: list[str], dims: int) -> FloatArray:
    """Character n-grams (3 to 5) hashed one by one: what anybody would write first."""
    rows = np.zeros((len(texts), dims), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().split():
            padded = f"<{word}>"
            for size in (3, 4, 5):
                for start in range(len(padded) - size + 1):
                    rows[row, crc32(padded[start : start + size].encode()) % dims] += 1
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows


def measure() -> Table:
    """Median of three rounds, each over texts that nothing has seen before; the ratio is to the plain loop."""
    lexicon = load_lexicon()
    rows: list[tuple[str, ...]] = []
    for label, words in (("short, 40 words", 40), ("long, 250 words", 250)):
        embedding = LexicalEmbedding(lexicon)
        ways: dict[str, Callable[[list[str]], object]] = {
            "plain hashing loop": partial(plain_hashing, dims=embedding.dims),
            "LexicalEmbedding": embedding.embed,
            "finding concepts alone": lambda texts: [lexicon.find(text) for text in texts],
        }
        times = {name: _median(way, lexicon, words, seed) for seed, (name, way) in enumerate(ways.items())}
        plain = times["plain hashing loop"]
        rows += [(f"{name} ({label})", f"{_TEXTS / time:,.0f}", f"{plain / time:.2f}") for name, time in times.items()]
    return Table("Embedding", ("what", "texts/s", "times the plain loop"), tuple(rows))


def _median(way: Callable[[list[str]], object], lexicon: Lexicon, words: int, seed: int) -> float:
    """Seconds for one batch of fresh texts."""
    batches = [
        [item.text for item in synthetic_companies(lexicon, _TEXTS, words, seed=100 * seed + number)]
        for number in range(_ROUNDS)
    ]
    return median(seconds(way, batch) for batch in batches)
