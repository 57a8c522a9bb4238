"""Entity resolution: which rows are one company. A false merge is worse than a missed one."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz, process

from partnership_os.tools.identifiers import RegistryKind, registry_kind
from partnership_os.tools.name_likeness import are_alike, is_distinctive, key_of, legal_form

__all__ = ["Identity", "MergeRule", "MergeStep", "Resolution", "Review", "ReviewKind", "resolve"]

_SHARED_BY = 5
"""A domain or registry number on this many different names identifies nobody."""
_FUZZY = 92.0
_LARGEST_BLOCK = 3_000


class MergeRule(StrEnum):
    """Why two records are one company, strongest first."""

    KNOWN_ROW = "known_row"
    REGISTRY_NUMBER = "registry_number"
    LEI = "lei"
    DOMAIN = "domain"
    SECURITY = "security"
    NAME = "name"


class ReviewKind(StrEnum):
    """Why two records that have something in common were not merged."""

    ID_CONFLICT = "id_conflict"
    SHARED_KEY = "shared_key"
    COUNTRY_CONFLICT = "country_conflict"
    STORED_APART = "stored_apart"
    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"


@dataclass(frozen=True)
class Identity:
    """What resolution looks at in one row or one stored company.

    ``key`` is unique and made of content, never of a place in a file. ``names`` are present names in both scripts,
    ``brands`` stated other names; former names take no part. ``company_id`` is set for stored companies;
    ``known_as`` names the stored company that already holds this very row.
    """

    key: str
    label: str
    names: tuple[str, ...]
    brands: tuple[str, ...] = ()
    registry_number: str | None = None
    lei: str | None = None
    domain: str | None = None
    securities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    company_id: str | None = None
    known_as: str | None = None


@dataclass(frozen=True)
class MergeStep:
    """Two records that were taken as one, and by which rule."""

    first: str
    second: str
    rule: MergeRule
    detail: str


@dataclass(frozen=True)
class Review:
    """Records that a person should look at; none of them was merged with another because of this."""

    kind: ReviewKind
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    detail: str


@dataclass(frozen=True)
class Resolution:
    """Clusters of keys (each one company), the steps that made them, and what to review; all sorted."""

    clusters: tuple[tuple[str, ...], ...]
    merges: tuple[MergeStep, ...]
    reviews: tuple[Review, ...]
    shared_domains: frozenset[str]


_KeysOf = Callable[[Identity], Iterable[str | None]]


@dataclass
class _Cluster:
    members: list[Identity]
    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, identity: Identity, shared: frozenset[str]) -> "_Cluster":
        cluster = cls([identity])
        stated = {
            "lei": identity.lei,
            "registry": identity.registry_number,
            "domain": identity.domain,
            "stored": identity.company_id or identity.known_as,
        }
        for kind, value in stated.items():
            if value and value not in shared:
                cluster.numbers[kind].add(value)
        return cluster

    @property
    def countries(self) -> frozenset[str]:
        return frozenset(code for member in self.members for code in member.countries[:1])


def resolve(identities: Iterable[Identity]) -> Resolution:
    """Decide which identities are one company.

    Rules in order: a row that a stored company already holds; equal registry number; equal LEI; equal domain and
    like names; equal security and like names; equal distinctive names with no conflict. Records with different registry
    numbers of one kind, different LEIs, different countries or different stored companies are never merged. Names
    that are merely similar, or share a domain or security under different names, are listed for review. The result
    does not depend on the order of the identities.

    Args:
        identities: Rows and stored companies, each with its own key.
    """
    ordered = sorted(identities, key=lambda item: item.key)
    return _Resolver(ordered).run()


class _Resolver:
    def __init__(self, ordered: Sequence[Identity]) -> None:
        self._ordered = ordered
        self._by_key = {item.key: item for item in ordered}
        self._shared = frozenset(
            value
            for keys_of in (_domain_of, _registry_number_of)
            for value, members in _blocks(ordered, keys_of).items()
            if len({min(map(key_of, item.names)) for item in members}) >= _SHARED_BY
        )
        self._root = {item.key: item.key for item in ordered}
        self._clusters = {item.key: _Cluster.of(item, self._shared) for item in ordered}
        self._merges: list[MergeStep] = []
        self._reviews: dict[tuple[ReviewKind, tuple[str, ...]], Review] = {}

    def run(self) -> Resolution:
        self._join_known_rows()
        self._join_by(MergeRule.REGISTRY_NUMBER, _registry_number_of, names_count=False)
        self._join_by(MergeRule.LEI, lambda item: [item.lei], names_count=False)
        self._join_by(MergeRule.DOMAIN, _domain_of, names_count=True)
        self._join_by(MergeRule.SECURITY, lambda item: item.securities, names_count=True)
        self._join_by_name()
        self._review_similar_names()
        members: dict[str, list[str]] = defaultdict(list)
        for item in self._ordered:
            members[self._find(item.key)].append(item.key)
        return Resolution(
            clusters=tuple(sorted(tuple(keys) for keys in members.values())),
            merges=tuple(self._merges),
            reviews=tuple(sorted(self._reviews.values(), key=lambda item: (item.kind, item.keys))),
            shared_domains=self._shared,
        )

    def _find(self, key: str) -> str:
        while self._root[key] != key:
            self._root[key] = self._root[self._root[key]]
            key = self._root[key]
        return key

    def _cluster(self, item: Identity) -> _Cluster:
        return self._clusters[self._find(item.key)]

    def _conflict(self, first: _Cluster, second: _Cluster) -> tuple[ReviewKind, str] | None:
        kind = _disagreement((first, second), ("lei", "registry", "stored"))
        if kind is not None:
            return _REVIEW_OF[kind], f"{kind}: {min(first.numbers[kind])} and {min(second.numbers[kind])}"
        if first.countries and second.countries and not first.countries & second.countries:
            return ReviewKind.COUNTRY_CONFLICT, f"country: {min(first.countries)} and {min(second.countries)}"
        return None

    def _join(self, first: Identity, second: Identity, rule: MergeRule, detail: str) -> None:
        ours, theirs = sorted((self._find(first.key), self._find(second.key)))
        if ours == theirs:
            return
        conflict = self._conflict(self._clusters[ours], self._clusters[theirs])
        if conflict is not None and rule is not MergeRule.KNOWN_ROW:
            self._review(conflict[0], (first, second), f"same {rule} ({detail}), but {conflict[1]}")
            return
        kept, gone = self._clusters[ours], self._clusters.pop(theirs)
        kept.members.extend(gone.members)
        for kind, values in gone.numbers.items():
            kept.numbers[kind] |= values
        self._root[theirs] = ours
        self._merges.append(MergeStep(min(first.key, second.key), max(first.key, second.key), rule, detail))

    def _review(self, kind: ReviewKind, items: Sequence[Identity], detail: str) -> None:
        ordered = sorted(items, key=lambda item: item.key)
        keys = tuple(item.key for item in ordered)
        self._reviews.setdefault((kind, keys), Review(kind, keys, tuple(item.label for item in ordered), detail))

    def _join_known_rows(self) -> None:
        stored = {item.company_id: item for item in self._ordered if item.company_id}
        for item in self._ordered:
            if item.known_as in stored:
                self._join(item, stored[item.known_as], MergeRule.KNOWN_ROW, item.label)

    def _join_by(self, rule: MergeRule, keys_of: _KeysOf, *, names_count: bool) -> None:
        for value, members in sorted(_blocks(self._ordered, keys_of).items()):
            if value in self._shared:
                labels = sorted({item.label for item in members})
                detail = f"{rule} {value} stands on {len(labels)} different names and identifies none of them"
                self._review(ReviewKind.SHARED_KEY, members[:20], detail)
            unlike: dict[str, Identity] = {}
            for first, second in self._pairs(members, by_name=value in self._shared):
                if _are_alike(first, second) or (not names_count and value not in self._shared):
                    self._join(first, second, rule, value)
                else:
                    unlike.update({first.key: first, second.key: second})
            if unlike and value not in self._shared:
                self._review(ReviewKind.SHARED_KEY, tuple(unlike.values()), f"same {rule} {value}, different names")

    def _pairs(self, members: Sequence[Identity], *, by_name: bool) -> Iterator[tuple[Identity, Identity]]:
        """Each member with the head of every cluster before it, until it joins one."""
        groups = [members]
        if by_name:
            groups = [group for _, group in sorted(_blocks(members, _name_keys).items())]
        for group in groups:
            heads: list[Identity] = []
            for second in group:
                for first in heads:
                    if self._find(first.key) != self._find(second.key):
                        yield first, second
                if all(self._find(first.key) != self._find(second.key) for first in heads):
                    heads.append(second)

    def _join_by_name(self) -> None:
        for value, members in sorted(_blocks(self._ordered, _name_keys).items()):
            if len(members) > 1:
                self._join_namesakes(value, members)

    def _join_namesakes(self, value: str, members: Sequence[Identity]) -> None:
        roots = {self._find(item.key): item for item in reversed(members)}
        if len(roots) == 1:
            return
        heads = [roots[root] for root in sorted(roots)]
        if not is_distinctive(value):
            self._review(
                ReviewKind.SAME_NAME, heads, f"same name {value!r}, too common to tell one company from another"
            )
            return
        groups: dict[tuple[str, ...], list[Identity]] = defaultdict(list)
        for head in heads:
            groups[tuple(sorted(self._cluster(head).countries))].append(head)
        homeless = groups.pop((), [])
        if len(groups) <= 1:
            groups = {(): [*homeless, *(head for group in groups.values() for head in group)]}
        elif homeless or len(groups) > 1:
            self._review(ReviewKind.SAME_NAME, heads, f"same name {value!r} in different countries")
        for group in groups.values():
            self._join_compatriots(value, group)

    def _join_compatriots(self, value: str, group: list[Identity]) -> None:
        kind = _disagreement([self._cluster(head) for head in group], ("lei", "registry", "stored", "domain"))
        if kind is not None:
            self._review(_REVIEW_OF[kind], group, f"same name {value!r}, different {kind}")
            return
        forms = {
            form
            for head in group
            for member in self._cluster(head).members
            for form in [legal_form(member.names[0])]
            if form
        }
        if any(not (a <= b or b <= a) for a in forms for b in forms):
            self._review(ReviewKind.SAME_NAME, group, f"same name {value!r}, different legal forms")
            return
        for second in group[1:]:
            self._join(group[0], second, MergeRule.NAME, value)

    def _review_similar_names(self) -> None:
        blocks = _blocks(self._ordered, lambda item: [key_of(item.names[0]).split()[0]])
        for _, members in sorted(blocks.items()):
            if 1 < len(members) <= _LARGEST_BLOCK:
                self._review_block(members)

    def _review_block(self, members: Sequence[Identity]) -> None:
        keys = [key_of(item.names[0]) for item in members]
        scores = process.cdist(keys, keys, scorer=fuzz.token_sort_ratio, score_cutoff=_FUZZY, workers=1)
        for first, second in zip(*scores.nonzero(), strict=True):
            if first >= second or keys[first] == keys[second] or _numbers(keys[first]) != _numbers(keys[second]):
                continue
            ours, theirs = members[int(first)], members[int(second)]
            if self._find(ours.key) == self._find(theirs.key):
                continue
            if self._conflict(self._cluster(ours), self._cluster(theirs)) is None:
                self._review(ReviewKind.SIMILAR_NAME, (ours, theirs), "similar names")


def _numbers(key: str) -> list[str]:
    return re.findall(r"\w*\d\w*", key)


def _domain_of(item: Identity) -> list[str | None]:
    return [item.domain]


def _registry_number_of(item: Identity) -> list[str | None]:
    return [item.registry_number]


def _name_keys(item: Identity) -> set[str]:
    return {key_of(name) for name in item.names}


_REVIEW_OF = {
    "lei": ReviewKind.ID_CONFLICT,
    "registry": ReviewKind.ID_CONFLICT,
    "stored": ReviewKind.STORED_APART,
    "domain": ReviewKind.SAME_NAME,
}


def _disagreement(clusters: Sequence[_Cluster], kinds: Iterable[str]) -> str | None:
    """The first kind of number in which the clusters that state one have none in common.

    A Saudi company has an old and a unified number (gcc-rules SA-CR-2, SA-CR-3), so the two do not disagree.
    """
    maybe_saudi = frozenset[str]().union(*(cluster.countries for cluster in clusters)) <= {"SA"}
    for kind in kinds:
        stated = [cluster.numbers[kind] for cluster in clusters if cluster.numbers[kind]]
        parts = [stated]
        if kind == "registry" and maybe_saudi:
            unified = [{number for number in numbers if _is_unified(number)} for numbers in stated]
            old = [numbers - ours for numbers, ours in zip(stated, unified, strict=True)]
            parts = [[numbers for numbers in part if numbers] for part in (unified, old)]
        if any(len(part) > 1 and not set.intersection(*part) for part in parts):
            return kind
    return None


def _is_unified(number: str) -> bool:
    return registry_kind(number, None) is RegistryKind.SAUDI_UNIFIED


def _are_alike(first: Identity, second: Identity) -> bool:
    """Whether a present name or brand of one is a name of the other.

    Former names do not count: a firm that was split off often takes the old name of its parent, and its site.
    """
    return any(
        are_alike(a, b)
        for ours, theirs in ((first.names, second.names + second.brands), (first.brands, second.names))
        for a in ours
        for b in theirs
    )


def _blocks(members: Sequence[Identity], keys_of: _KeysOf) -> Mapping[str, list[Identity]]:
    blocks: dict[str, list[Identity]] = defaultdict(list)
    for item in members:
        for key in sorted({key for key in keys_of(item) if key}):
            blocks[key].append(item)
    return blocks
