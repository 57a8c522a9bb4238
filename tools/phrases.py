"""Finding many phrases in a text at once: a trie over words, forgiving plurals and Arabic prefixes."""

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple

from partnership_os.tools.folding import fold_with_offsets

__all__ = ["Match", "PhraseTable"]

_WORD = re.compile(r"[^\W_]+(?:'s(?![^\W_]))?|[&,]")
_WORD_GAPS = frozenset({" ", "-", "/", "'", " - "})
_NO_PLURAL = frozenset({"news", "goods", "always", "means", "perhaps", "aws", "saas", "paas", "iaas", "sms"})
_SPELLINGS = {"centre": "center", "programme": "program", "licence": "license", "labour": "labor", "fibre": "fiber"}
_S_FORM = re.compile(r"is(ation|ing|ed|e)$")
_ARABIC_PREFIXES = ("وبال", "ولل", "وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
_CONJUNCTIONS = ("و", "ف")
_ARABIC_SUFFIXES = ("ها", "نا", "هم")
_SHORTEST_ARABIC_STEM = 3


class Match(NamedTuple):
    """One phrase found, at its place in the original text."""

    name: str
    start: int
    end: int


class _Node:
    __slots__ = ("branches", "leaves")

    def __init__(self) -> None:
        self.branches: dict[str, _Node] = {}
        self.leaves: dict[Hashable, _Leaf] = {}


class _Leaf(NamedTuple):
    name: str | None
    capital: bool
    plurals: frozenset[tuple[bool, ...]]


class _Word(NamedTuple):
    start: int
    end: int
    forms: tuple[str, ...]
    """The stem first, then what else the word may stand for."""
    inner: tuple[str, ...]
    """The same for a word that is not the first of its phrase: there و is an "and" that ends a phrase."""
    plural: bool
    capital: bool
    joined: bool
    """Whether nothing but a blank or hyphen parts it from the word before."""


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word in _NO_PLURAL:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def _stem(word: str) -> str:
    """The English singular in one spelling; both sides of a comparison go through it."""
    singular = _singular(word.removesuffix("'s"))
    return _S_FORM.sub(r"iz\1", _SPELLINGS.get(singular, singular))


def _verb_stems(word: str) -> tuple[str, ...]:
    """What an -ing or -ed form may come from; used inside longer phrases only, where it is safe."""
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            base = word[: -len(ending)]
            return (base, base + "e")
    return ()


def _arabic_stem(word: str) -> str:
    stem = word[2:] if word.startswith("ال") and len(word) > _SHORTEST_ARABIC_STEM + 1 else word
    return stem[:-2] + "ه" if stem.endswith("ات") and len(stem) > 4 else stem


def _arabic_stems(word: str, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    stems = dict.fromkeys([_arabic_stem(word)])
    for suffix in ("", *_ARABIC_SUFFIXES):
        if not word.endswith(suffix):
            continue
        trunk = word[: len(word) - len(suffix)]
        for prefix in ("", *prefixes):
            if trunk.startswith(prefix) and len(trunk) - len(prefix) >= _SHORTEST_ARABIC_STEM:
                rest = trunk[len(prefix) :]
                stems[_arabic_stem(rest)] = None
                if suffix and rest.endswith("ت"):
                    stems[rest[:-1] + "ه"] = None
    return tuple(stems)


def _is_arabic(word: str) -> bool:
    return "\u0621" <= word[0] <= "\u06d3"


def _is_plural(word: str) -> bool:
    if _is_arabic(word):
        return word.endswith("ات") and len(word) > 4
    plain = word.removesuffix("'s")
    return _singular(plain) != plain


@lru_cache(maxsize=200_000)
def _forms(word: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """What a word may stand for at the start and inside of a phrase, its stem first, and whether it is a plural."""
    if word == "&":
        return ("and",), ("and",), False
    if not _is_arabic(word):
        forms = tuple(dict.fromkeys((_stem(word), *_verb_stems(word))))
        return forms, forms, _is_plural(word)
    forms = inner = _arabic_stems(word, _ARABIC_PREFIXES)
    if word.startswith(_CONJUNCTIONS):
        inner = _arabic_stems(word, tuple(p for p in _ARABIC_PREFIXES if not p.startswith(_CONJUNCTIONS)))
    return forms, inner, _is_plural(word)


def _is_joining(gap: str) -> bool:
    return gap in _WORD_GAPS or gap == "" or (gap.isspace() and gap.count("\n") < 2)


@lru_cache(maxsize=1_024)
def _words(text: str) -> tuple[_Word, ...]:
    """The words of a text. Several tables ask for the same sentence in a row, which is what the cache is for."""
    offsets: list[int] | None = None
    if text.isascii():
        folded = text.casefold()
    else:
        folded, offsets = fold_with_offsets(text)
    words: list[_Word] = []
    previous = 0
    for match in _WORD.finditer(folded):
        first, last = match.span()
        start, end = (first, last) if offsets is None else (offsets[first], _original_end(text, offsets, first, last))
        form = match.group()
        capital = form == "it" and text[start:end] == "IT"
        forms, inner, plural = _forms(form)
        words.append(_Word(start, end, forms, inner, plural, capital, _is_joining(folded[previous:first])))
        previous = last
    return tuple(words)


def _original_end(text: str, offsets: list[int], start: int, end: int) -> int:
    """The original position after a folded word, marks that folding dropped included."""
    stop = offsets[end]
    return stop if offsets[start] < stop and not text[stop - 1].isspace() else offsets[end - 1] + 1


class _Candidate(NamedTuple):
    after: int
    """Index of the first word after the phrase."""
    closeness: int
    """Zero where every word stands as in the phrase, less for each that had to change."""
    name: str | None


class PhraseTable:
    """Phrases by group. Of one group, the longest phrase at a place wins and matches never overlap.

    A phrase with the word ``IT`` wants it in capitals, as it is an English pronoun as well.

    Args:
        not_plural: Groups in which a plural in the text does not stand for a singular of the phrase
            ("banks" names customers where "bank" names the company itself).
        not_singular: Groups in which a singular in the text does not stand for a plural of the phrase.
    """

    def __init__(
        self, not_plural: frozenset[Hashable] = frozenset(), not_singular: frozenset[Hashable] = frozenset()
    ) -> None:
        self._root = _Node()
        self._not_plural = not_plural
        self._not_singular = not_singular

    def add(self, phrase: str, group: Hashable, name: str | None) -> str | None:
        """Adds a phrase; ``name`` None makes it a phrase that hides shorter ones and is never reported.

        Returns:
            The name that holds this phrase in this group already, else None.
        """
        node = self._root
        words = _words(phrase)
        for word in words:
            node = node.branches.setdefault(word.forms[0], _Node())
        plurals = frozenset({tuple(word.plural for word in words)})
        present = node.leaves.get(group)
        if present is not None and present.name != name:
            return present.name or "a phrase that hides others"
        if present is not None:
            plurals |= present.plurals
        node.leaves[group] = _Leaf(name, any(word.capital for word in words), plurals)
        return None

    def find(self, text: str, *, strict_case: bool = True) -> tuple[Match, ...]:
        """Every phrase in the text, in reading order."""
        words = _words(text)
        starts = self._root.branches.keys()
        busy: dict[Hashable, int] = {}
        found: list[Match] = []
        for index, word in enumerate(words):
            if starts.isdisjoint(word.forms):
                continue
            for group, candidate in self._longest(words, index, strict_case).items():
                if index < busy.get(group, 0):
                    continue
                busy[group] = candidate.after
                if candidate.name is not None:
                    found.append(Match(candidate.name, word.start, words[candidate.after - 1].end))
        return tuple(sorted(found, key=lambda match: (match.start, -match.end, match.name)))

    def _longest(self, words: tuple[_Word, ...], index: int, strict_case: bool) -> dict[Hashable, _Candidate]:
        """Of each group the longest phrase that starts here; of two as long, the one whose words changed less."""
        best: dict[Hashable, _Candidate] = {}
        stack = [(self._root, index, 0, False)]
        while stack:
            node, at, changes, bent = stack.pop()
            if node.leaves and not (bent and at == index + 1):
                for group, leaf in node.leaves.items():
                    candidate = _Candidate(at, -changes, leaf.name)
                    is_better = group not in best or candidate[:2] > best[group][:2]
                    if is_better and self._fits(leaf, group, words[index:at], strict_case):
                        best[group] = candidate
            if at >= len(words) or (at > index and not words[at].joined):
                continue
            forms = words[at].inner if at > index else words[at].forms
            for form in forms:
                branch = node.branches.get(form)
                if branch is not None:
                    changed = form != forms[0]
                    stack.append((branch, at + 1, changes + changed, bent or (changed and form.isascii())))
        return best

    def _fits(self, leaf: _Leaf, group: Hashable, words: tuple[_Word, ...], strict_case: bool) -> bool:
        if leaf.capital and strict_case and not any(word.capital for word in words):
            return False
        found = tuple(word.plural for word in words)
        if group in self._not_plural:
            return any(not any(a and not b for a, b in zip(found, form, strict=True)) for form in leaf.plurals)
        if group in self._not_singular:
            return any(not any(b and not a for a, b in zip(found, form, strict=True)) for form in leaf.plurals)
        return True
