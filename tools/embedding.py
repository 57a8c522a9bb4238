"""Embeddings: texts in, unit vectors out."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from importlib.resources import files
from math import log, sqrt
from typing import TYPE_CHECKING, Protocol, TypeAlias
from urllib.parse import urlsplit
from zlib import crc32

import numpy as np
import yaml
from numpy.typing import NDArray

from partnership_os.storage.vectors import FloatArray
from partnership_os.tools.lexicon import Lexicon
from partnership_os.tools.text import fold

if TYPE_CHECKING:
    from partnership_os.llm.embeddings import EmbeddingClient

__all__ = ["Embedding", "LexicalEmbedding", "OpenAIEmbedding"]

_VERSION = "lexical-1"
_TOKEN = re.compile(r"\w+")
_SHORTEST_GRAM, _LONGEST_GRAM = 3, 5
_WORD_CACHE = 200_000
_CONCEPT_SHARE = 0.65
"""Share of the concepts in a similarity, where both texts have some; the rest is spelling."""
_INHERITED = 0.5
"""Weight of a broader concept beside the one that was found, for each step up."""
_NEAR = 0.25
"""Weight of an adjacent concept, such as payroll beside HR software."""
_COMMON_WEIGHT = 0.2
_Positions: TypeAlias = NDArray[np.int64]
_Weights: TypeAlias = NDArray[np.float64]


class Embedding(Protocol):
    """What turns texts into vectors of one space."""

    @property
    def name(self) -> str:
        """Identity of the space: vectors with different names must never meet."""
        ...

    @property
    def dims(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Rows of length one, shape ``(len(texts), dims)``; an empty text gives a zero row."""
        ...


class LexicalEmbedding:
    """Spelling and meaning without a model: hashed character n-grams, and the concepts of the lexicon.

    The first dimensions hold the concepts found in a text, one each, with broader and adjacent ones at less weight:
    they are the same for Arabic and English words, so that texts in two languages meet. The rest holds signed
    hashes of words and of their character n-grams (3 to 5 letters of the folded word). Terms count
    sub-linearly (1 + ln tf). No corpus statistics take part: a vector depends on its text and on nothing else.

    Args:
        lexicon: The capability lexicon; a digest of its content is part of the name, so that an edit of the
            lexicon makes another space.
        dims: Length of a vector; at least twice the number of concepts.
    """

    def __init__(self, lexicon: Lexicon, dims: int = 1_024) -> None:
        self._lexicon = lexicon
        self._slugs = {slug: position for position, slug in enumerate(sorted(lexicon.slugs()))}
        if dims < 2 * len(self._slugs):
            raise ValueError(f"{dims} dimensions are too few for {len(self._slugs)} concepts")
        self.dims = dims
        words = (files("partnership_os.tools") / "data" / "common_words.yaml").read_text(encoding="utf-8")
        lists: dict[str, str] = yaml.safe_load(words)
        self._function_words = frozenset(lists["function"].split())
        self._common_words = frozenset(lists["common"].split())
        self.name = f"{_VERSION}/{dims}/{_digest(lexicon, words)}"
        self._gram_dims = dims - len(self._slugs)
        self._words: dict[str, tuple[_Positions, _Weights]] = {}
        self._neighbours = _neighbours(lexicon)
        self._reach = {slug: self._weights_of(slug) for slug in self._slugs}

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Rows of length one, shape ``(len(texts), dims)``; a text without a word gives a zero row."""
        rows = np.zeros((len(texts), self.dims), dtype=np.float32)
        split = len(self._slugs)
        for row, text in zip(rows, texts, strict=True):
            self._add_concepts(text, row[:split])
            row[split:] = self._spelling(text)
            has_concepts = _scale(row[:split], sqrt(_CONCEPT_SHARE))
            _scale(row[split:], sqrt(1 - _CONCEPT_SHARE) if has_concepts else 1.0)
        return rows

    def _weights_of(self, slug: str) -> tuple[tuple[int, float], ...]:
        weights = dict.fromkeys(self._neighbours.get(slug, ()), _NEAR)
        level, weight = {slug}, 1.0
        while level:
            weights.update((item, weight) for item in level)
            level = {
                up
                for item in level
                for up in _broader(self._lexicon, item)
                if weights.get(up, 0.0) < weight * _INHERITED
            }
            weight *= _INHERITED
        return tuple(sorted((self._slugs[item], own) for item, own in weights.items()))

    def _add_concepts(self, text: str, row: FloatArray) -> None:
        weights: dict[int, float] = {}
        for slug, count in Counter(mention.concept for mention in self._lexicon.find(text)).items():
            weight = 1 + log(count)
            for position, share in self._reach[slug]:
                weights[position] = max(weights.get(position, 0.0), weight * share)
        row[list(weights)] = list(weights.values())

    def _spelling(self, text: str) -> FloatArray:
        indices, values = [], []
        for word, count in Counter(text.split()).items():
            where, weights = self._features(word)
            if len(where):
                indices.append(where)
                values.append(weights if count == 1 else weights * (1 + log(count)))
        if not indices:
            return np.zeros(self._gram_dims, dtype=np.float32)
        counts = np.bincount(np.concatenate(indices), np.concatenate(values), minlength=self._gram_dims)
        return counts.astype(np.float32)

    def _features(self, word: str) -> tuple[_Positions, _Weights]:
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _WORD_CACHE:
                self._words.clear()
            known = self._words[word] = self._hash_word(word)
        return known

    def _hash_word(self, word: str) -> tuple[_Positions, _Weights]:
        features: list[bytes] = []
        weights: list[float] = []
        for token in _TOKEN.findall(fold(word)):
            if token in self._function_words:
                continue
            importance = _COMMON_WEIGHT if token in self._common_words else 1.0
            grams = _grams(f"<{token}>")
            features += [token.encode(), *(gram.encode() for gram in grams)]
            weights += [importance, *[importance / sqrt(len(grams))] * len(grams)]
        # CRC-32 is the same in every process and version of Python, unlike hash().
        codes = np.array([crc32(feature) for feature in features], dtype=np.int64)
        signs = 1 - 2 * (codes & 1)
        return (codes >> 1) % self._gram_dims, np.array(weights) * signs


class OpenAIEmbedding:
    """Vectors from an OpenAI-compatible server, scaled to length one.

    Args:
        client: The client; its model and the server's host and port are part of the name.
    """

    def __init__(self, client: "EmbeddingClient") -> None:
        self._client = client
        server = urlsplit(client.config.base_url)
        host = server.hostname or ""
        self.name = f"openai/{client.config.model}@{host}{f':{server.port}' if server.port else ''}"

    @cached_property
    def dims(self) -> int:
        """Length of a vector; asks the server once."""
        return int(self.embed(["dimensions"]).shape[1])

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Rows of length one, shape ``(len(texts), dims)``.

        Raises:
            ModelError: the server failed or answered badly.
        """
        if not texts:
            return np.zeros((0, self.dims), dtype=np.float32)
        rows = np.array(self._client.embed(list(texts)), dtype=np.float32)
        for row in rows:
            _scale(row, 1.0)
        return rows


def _grams(word: str) -> list[str]:
    return [
        word[start : start + size]
        for size in range(_SHORTEST_GRAM, min(_LONGEST_GRAM, len(word)) + 1)
        for start in range(len(word) - size + 1)
    ]


def _scale(row: FloatArray, length: float) -> bool:
    """Scale a row in place; False for a row of zeros, which stays."""
    present = sqrt(float(row @ row))
    if present > 0:
        row *= np.float32(length / present)
    return present > 0


def _broader(lexicon: Lexicon, slug: str) -> tuple[str, ...]:
    concept = lexicon.get(slug)
    return () if concept is None else concept.broader


def _neighbours(lexicon: Lexicon) -> dict[str, set[str]]:
    links: dict[str, set[str]] = {}
    for concept in lexicon.all():
        for other in concept.adjacent:
            links.setdefault(concept.slug, set()).add(other)
            links.setdefault(other, set()).add(concept.slug)
    return links


def _digest(lexicon: Lexicon, words: str) -> str:
    content = "\n".join([words, *(concept.model_dump_json() for concept in lexicon.all())])
    return blake2b(content.encode(), digest_size=4).hexdigest()
