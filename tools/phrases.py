"""Finding many phrases in a text at once: a trie over words, forgiving plurals and Arabic prefixes."""

import re
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from partnership_os.tools.folding import fold_with_offsets

__all__ = ["Match", "PhraseTable"]

_WORD = re.compile(r"[^\W_]+(?:'s(?![^\W_]))?|&")
_WORD_GAPS = frozenset({" ", "-", "/", "'", " - "})
_NO_PLURAL = frozenset({"news", "goods", "always", "means", "perhaps", "aws", "saas", "paas", "iaas", "sms"})
_SPELLINGS = {"centre": "center", "programme": "program", "licence": "license", "labour": "labor", "fibre": "fiber"}
_S_FORM = re.compile(r"is(ation|ing|ed|e)$")
_ARABIC_PREFIXES = ("وبال", "ولل", "وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
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
        self.leaves: dict[Hashable, tuple[str | None, bool]] = {}


class _Word(NamedTuple):
    start: int
    end: int
    stem: str
    loose: tuple[str, ...]
    capital: bool


def _stem(word: str) -> str:
    """The English singular in one spelling; both sides of a comparison go through it."""
    word = word.removesuffix("'s")
    if len(word) > 3 and word.endswith("s") and word not in _NO_PLURAL:
        if word.endswith("ies") and len(word) > 4:
            word = word[:-3] + "y"
        elif word.endswith(("sses", "shes", "ches", "xes")):
            word = word[:-2]
        elif not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    word = _SPELLINGS.get(word, word)
    return _S_FORM.sub(r"iz\1", word)


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


def _arabic_stems(word: str) -> tuple[str, ...]:
    stems = dict.fromkeys([_arabic_stem(word)])
    for suffix in ("", *_ARABIC_SUFFIXES):
        if not word.endswith(suffix):
            continue
        trunk = word[: len(word) - len(suffix)]
        for prefix in ("", *_ARABIC_PREFIXES):
            if trunk.startswith(prefix) and len(trunk) - len(prefix) >= _SHORTEST_ARABIC_STEM:
                rest = trunk[len(prefix) :]
                stems[_arabic_stem(rest)] = None
                if suffix and rest.endswith("ت"):
                    stems[rest[:-1] + "ه"] = None
    return tuple(stems)


def _is_arabic(word: str) -> bool:
    return "\u0621" <= word[0] <= "\u06d3"


class PhraseTable:
    """Phrases by group. Of one group, the longest phrase at a place wins and matches never overlap.

    A word of a phrase that is written ``IT`` matches only in capitals, as it is an English pronoun as well.
    """

    def __init__(self) -> None:
        self._root = _Node()
        self._forms: dict[str, tuple[str, tuple[str, ...]]] = {}

    def add(self, phrase: str, group: Hashable, name: str | None) -> str | None:
        """Adds a phrase; ``name`` None makes it a phrase that hides shorter ones and is never reported.

        Returns:
            The name that holds this phrase in this group already, else None.
        """
        node = self._root
        words = list(self._words(phrase))
        for word in words:
            node = node.branches.setdefault(word.stem, _Node())
        present = node.leaves.setdefault(group, (name, any(word.capital for word in words)))
        return None if present[0] == name else present[0]

    def find(self, text: str, *, strict_case: bool = True) -> tuple[Match, ...]:
        """Every phrase in the text, in reading order."""
        words, gaps_open = self._read(text)
        busy: dict[Hashable, int] = {}
        found: list[Match] = []
        for index in range(len(words)):
            if not self._may_start(words[index]):
                continue
            for group, (last, name) in self._longest(words, gaps_open, index, strict_case).items():
                if index < busy.get(group, 0):
                    continue
                busy[group] = last + 1
                if name is not None:
                    found.append(Match(name, words[index].start, words[last].end))
        return tuple(sorted(found, key=lambda match: (match.start, -match.end, match.name)))

    def _read(self, text: str) -> tuple[list[_Word], list[bool]]:
        if text.isascii():
            folded, offsets = text.casefold(), None
        else:
            folded, offsets = fold_with_offsets(text)
        words = list(self._words(text, folded, offsets))
        spans = [match.span() for match in _WORD.finditer(folded)]
        joined = [False] * len(spans)
        for index in range(1, len(spans)):
            gap = folded[spans[index - 1][1] : spans[index][0]]
            joined[index] = gap in _WORD_GAPS or gap == "" or (gap.isspace() and gap.count("\n") < 2)
        return words, joined

    def _words(self, text: str, folded: str | None = None, offsets: list[int] | None = None) -> Iterator[_Word]:
        if folded is None:
            folded, offsets = fold_with_offsets(text)
        for match in _WORD.finditer(folded):
            start, end = match.span()
            if offsets is not None:
                start, end = offsets[start], _original_end(text, offsets, start, end)
            form = match.group()
            stem, loose = self._form(form)
            yield _Word(start, end, stem, loose, form == "it" and text[start:end] == "IT")

    def _form(self, word: str) -> tuple[str, tuple[str, ...]]:
        known = self._forms.get(word)
        if known is None:
            if word == "&":
                known = ("and", ())
            elif _is_arabic(word):
                known = (_arabic_stem(word), _arabic_stems(word))
            else:
                known = (_stem(word), _verb_stems(word))
            self._forms[word] = known
        return known

    def _may_start(self, word: _Word) -> bool:
        branches = self._root.branches
        return word.stem in branches or any(form in branches for form in word.loose)

    def _longest(
        self, words: list[_Word], joined: list[bool], index: int, strict_case: bool
    ) -> dict[Hashable, tuple[int, str | None]]:
        best: dict[Hashable, tuple[int, str | None]] = {}
        stack = [(self._root, index, False)]
        while stack:
            node, at, weak = stack.pop()
            if at > index:
                self._keep_leaves(node, words[index:at], weak, strict_case, at - 1, best)
            if at >= len(words) or (at > index and not joined[at]):
                continue
            word = words[at]
            for form in dict.fromkeys((word.stem, *word.loose)):
                branch = node.branches.get(form)
                if branch is not None:
                    bent = form != word.stem and not _is_arabic(form)
                    stack.append((branch, at + 1, weak or bent))
        return best

    @staticmethod
    def _keep_leaves(
        node: _Node,
        words: list[_Word],
        weak: bool,
        strict_case: bool,
        last: int,
        best: dict[Hashable, tuple[int, str | None]],
    ) -> None:
        if weak and len(words) == 1:
            return
        for group, (name, wants_capital) in node.leaves.items():
            if wants_capital and strict_case and not any(word.capital for word in words):
                continue
            if group not in best or best[group][0] < last:
                best[group] = (last, name)


def _original_end(text: str, offsets: list[int], start: int, end: int) -> int:
    """The original position after a folded word, marks that folding dropped included."""
    stop = offsets[end]
    return stop if start < stop and not text[stop - 1].isspace() else offsets[end - 1] + 1
