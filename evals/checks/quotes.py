"""Quoted words in an answer: each must stand in the source that its line cites, or in what was heard."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from partnership_os.evals.checks.answers import cited_ids
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.tools.text import contains_quote, fold

__all__ = ["heard_of", "quotes_borne_out", "quotes_in", "without_quotes"]

_QUOTE = re.compile(r"“([^“”]+)”|«([^«»]+)»|\"([^\"\n]+)\"")
_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_FEW_WORDS = 4
"""So many words can be a label or a name; more of them are a quote of somebody."""
_LEAST = 3
"""Letters and digits below which a quote says nothing."""


def quotes_in(text: str) -> tuple[str, ...]:
    """What stands between quotation marks in a text, by parts where "…" leaves something out.

    The word before a closing "…" may be cut, so it is left out.
    """
    return tuple(part for line in text.splitlines() for part in _parts(line))


def _parts(line: str) -> Iterator[str]:
    for found in _QUOTE.finditer(_BIDI.sub("", line)):
        *cut, last = next(one for one in found.groups() if one).split("…")
        for part in (*(one.rpartition(" ")[0] or one for one in map(str.rstrip, cut)), last):
            if sum(char.isalnum() for char in part) >= _LEAST:
                yield part.strip()


def without_quotes(text: str) -> str:
    """A text without what stands between quotation marks: that is said by somebody else."""
    return _QUOTE.sub(" ", text)


def heard_of(quotes: Collection[str], strings: Iterable[str]) -> tuple[str, ...]:
    """Those of the strings in which one of the quotes stands, case and spelling habits aside; each once."""
    wanted = [_plain(one) for one in quotes]
    return tuple(dict.fromkeys(text for text in strings if wanted and any(one in _plain(text) for one in wanted)))


def quotes_borne_out(answer: str, sources: Mapping[str, str], heard: Iterable[str]) -> Verdict:
    """On a line that cites sources every quote stands in one of them word for word; elsewhere in something heard.

    A few words that were heard are a label or a name, whatever the line cites.

    Args:
        answer: The text; a quote stands between “”, «» or straight quotation marks.
        sources: Evidence id → its text.
        heard: What tools returned and the person typed.
    """
    plain = [_plain(one) for one in heard]
    faults: list[str] = []
    for line in answer.splitlines():
        cited = cited_ids(line)
        for quote in _parts(line):
            known = any(_plain(quote) in one for one in plain)
            if cited and not (known and len(quote.split()) <= _FEW_WORDS):
                known = any(contains_quote(_BIDI.sub("", sources.get(one, "")), quote) for one in cited)
            if not known:
                faults.append(f"{quote[:60]!r} is not in {' or '.join(cited) or 'anything that was heard'}")
    return verdict("quotes_borne_out", faults)


def _plain(text: str) -> str:
    return " ".join(fold(_BIDI.sub("", text)).split())
