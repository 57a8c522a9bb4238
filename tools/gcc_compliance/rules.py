"""The rule set: rows, vocabulary, sources and sentences, read strictly from the data files."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError

from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import CountryCode, Label, Record, Slug
from partnership_os.schemas.compliance import RuleId
from partnership_os.schemas.compliance_report import RuleSetStamp, RuleSource
from partnership_os.tools.data_file import FieldPath, read_data_file
from partnership_os.tools.gcc_compliance.integrity import problems_of
from partnership_os.tools.gcc_compliance.rows import Rule
from partnership_os.tools.gcc_compliance.vocabulary import Vocabulary
from partnership_os.tools.gcc_compliance.wording import Wording

__all__ = ["ENGINE", "RuleSet", "load_rules", "read_rules"]

ENGINE = "gcc-compliance 1"
"""Version of the code that decides; it is raised when the same rows would give other outcomes."""

_FileT = TypeVar("_FileT", bound=Record)


class _SourcesFile(Record):
    retrieved: str
    sources: dict[Slug, dict[str, str | int]]


class _RulesFile(Record):
    country: CountryCode | None = None
    owner: Label
    rules: dict[RuleId, dict[str, object]] = Field(min_length=1)


class RuleSet:
    """Rules by id, with all they refer to.

    Args:
        rules: Every row; order does not matter.
        vocabulary: The facts that rows may read.
        sources: By the name that rows use.
        wording: Sentences of reasons and labels.

    Raises:
        InputError: two rows have one id, or a row contradicts itself, the vocabulary or the sources.
    """

    def __init__(
        self, rules: Iterable[Rule], vocabulary: Vocabulary, sources: Mapping[str, RuleSource], wording: Wording
    ) -> None:
        ordered = sorted(rules, key=lambda rule: rule.rule_id)
        self.rules: Mapping[str, Rule] = {rule.rule_id: rule for rule in ordered}
        self.vocabulary, self.sources, self.wording = vocabulary, dict(sorted(sources.items())), wording
        if len(self.rules) != len(ordered):
            raise InputError("Two rule rows have the same id.", fix="Give each row an id of its own.")
        for rule in ordered:
            for field, problem in problems_of(rule, vocabulary, sources):
                raise InputError(f"{rule.rule_id}.{field}: {problem}.", fix="Correct the rule row.", rule=rule.rule_id)
        body = {"engine": ENGINE, "rules": ordered, "facts": vocabulary, "sources": self.sources, "wording": wording}
        self.stamp = RuleSetStamp(engine=ENGINE, rules=len(ordered), digest=digest_of(body))

    def for_countries(self, countries: Iterable[str]) -> tuple[Rule, ...]:
        """The rules of these countries and those of every country, by id."""
        wanted = {None, *countries}
        return tuple(rule for rule in self.rules.values() if rule.country in wanted)

    def covered(self) -> frozenset[str]:
        """Countries that have rules."""
        return frozenset(rule.country for rule in self.rules.values() if rule.country)


@lru_cache(maxsize=1)
def load_rules() -> RuleSet:
    """The rule set that ships, read once per process."""
    with as_file(files("partnership_os.tools") / "data") as folder:
        return read_rules(folder)


def read_rules(folder: Path) -> RuleSet:
    """A rule set from a folder with the files ``gcc_facts``, ``gcc_sources``, ``gcc_wording`` and ``gcc_rules_*.yaml``.

    Raises:
        InputError: a file is missing or malformed, a key is unknown, a row is wrong; the message names file, line,
            row and field.
    """
    vocabulary = _read(folder / "gcc_facts.yaml", Vocabulary)
    listed = _read(folder / "gcc_sources.yaml", _SourcesFile)
    wording = _read(folder / "gcc_wording.yaml", Wording)
    sources = {
        name: _source(name, {"retrieved": listed.retrieved, **fields}) for name, fields in listed.sources.items()
    }
    rules = [rule for path in sorted(folder.glob("gcc_rules_*.yaml")) for rule in _rules_of(path)]
    if not rules:
        raise InputError(f"{folder} holds no gcc_rules_*.yaml.", fix="Give the folder of a rule set.", path=folder)
    return RuleSet(rules, vocabulary, sources, wording)


def _source(name: str, fields: Mapping[str, str | int]) -> RuleSource:
    texts = {key: str(value) for key, value in fields.items()}
    return _validated(RuleSource, texts, "gcc_sources.yaml", ("sources", name), {})


def _rules_of(path: Path) -> list[Rule]:
    file = read_data_file(path)
    listed = _validated(_RulesFile, file.content, path.name, (), file.lines)
    shared = {"country": listed.country, "owner": listed.owner}
    rules = []
    for rule_id, fields in listed.rules.items():
        if taken := sorted(set(fields) & {"rule_id", "country"}):
            raise InputError(f"{path.name}, {rule_id}.{taken[0]}: the file says this already.", fix="Leave it out.")
        row = {"rule_id": rule_id, **shared, **fields}
        rules.append(_validated(Rule, row, path.name, ("rules", rule_id), file.lines))
    return rules


def _read(path: Path, model: type[_FileT]) -> _FileT:
    file = read_data_file(path)
    return _validated(model, file.content, path.name, (), file.lines)


def _validated(model: type[_FileT], fields: object, name: str, at: FieldPath, lines: Mapping[FieldPath, int]) -> _FileT:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where: FieldPath = (*at, *first["loc"])
        line = next((lines[where[:end]] for end in range(len(where), 0, -1) if where[:end] in lines), None)
        problem = {"missing": "it is missing", "extra_forbidden": "there is no such field"}.get(
            first["type"], first["msg"].removeprefix("Value error, ")
        )
        raise InputError(
            f"{name}{f', line {line}' if line else ''}, {'.'.join(map(str, where))}: {problem}.",
            fix="Correct that field.",
            file=name,
            line=line,
        ) from None
