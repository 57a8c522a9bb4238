"""Texts per second of the lexical embedding beside its parts and a plain hashing loop."""

from zlib import crc32

import numpy as np

from benchmarks.table import Table, seconds
from benchmarks.worlds import synthetic_companies
from partnership_os.storage.vectors import FloatArray
from partnership_os.tools.embedding import LexicalEmbedding
from partnership_os.tools.lexicon import load_lexicon

_TEXTS = 500


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
    """Median of three rounds over the same texts; the ratio is to the plain loop."""
    lexicon = load_lexicon()
    rows: list[tuple[str, ...]] = []
    for label, words in (("short, 40 words", 40), ("long, 250 words", 250)):
        texts = [item.text for item in synthetic_companies(lexicon, _TEXTS, words)]
        embedding = LexicalEmbedding(lexicon)
        plain = seconds(lambda texts=texts: plain_hashing(texts, embedding.dims))
        concepts = seconds(lambda texts=texts: [lexicon.find(text) for text in texts])
        cold = seconds(lambda texts=texts, fresh=embedding: fresh.embed(texts), rounds=1)
        warm = seconds(lambda texts=texts, used=embedding: used.embed(texts))
        for name, time in (
            ("plain hashing loop", plain),
            ("LexicalEmbedding, first pass", cold),
            ("LexicalEmbedding, words known", warm),
            ("of that: finding concepts", concepts),
        ):
            rows.append((f"{name} ({label})", f"{_TEXTS / time:,.0f}", f"{plain / time:.2f}"))
    return Table("Embedding", ("what", "texts/s", "times the plain loop"), tuple(rows))
