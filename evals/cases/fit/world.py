"""The world of the fit suite: needs, companies as rows of a file, and the rows with one thing about them changed."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field

from partnership_os.errors import InputError
from partnership_os.evals.catalogue import load_rows
from partnership_os.graphs.casework import Sources
from partnership_os.schemas.base import Label, Passage, Record, RecordId
from partnership_os.schemas.evidence import SourceKind
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.tools.columns import CompanyField
from partnership_os.tools.company_import import ExistingCompanies, ImportOptions, import_files
from partnership_os.tools.lexicon import Lexicon

__all__ = [
    "AS_OF",
    "Row",
    "Variant",
    "WorldCompany",
    "changed",
    "company_named",
    "companies",
    "imported",
    "need_named",
    "needs",
]

AS_OF = date(2026, 1, 20)
"""The day that every card holds for."""
_READ_ON = "2026-01-10"
_WORLD = files("partnership_os.evals.cases.fit") / "v1" / "world"


class Row(Record):
    """One row of a file of companies: where it is from, some columns and a text."""

    source_kind: SourceKind
    fields: dict[CompanyField, Label] = Field(default_factory=dict)
    text: Passage


class WorldCompany(Record):
    """A real company. Its texts name it by ``name`` or ``name_ar`` and by nothing else.

    ``stand_in`` is a made-up name in both scripts that says as much about the kind of company and suggests another
    origin.
    """

    id: RecordId
    name: Label
    name_ar: Label
    stand_in: tuple[Label, Label] | None = None
    aliases: tuple[Label, ...] = ()
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    def renamed(self, name: str, name_ar: str, swaps: Mapping[str, str]) -> "WorldCompany":
        """The company under another name, in its texts as well."""
        # One pass over both names, so that swapping them with each other does not swap them back.
        names = re.compile("|".join(rf"(?<!\w){re.escape(old)}(?!\w)" for old in sorted(swaps, key=len, reverse=True)))
        rows = tuple(
            row.model_copy(update={"text": names.sub(lambda found: swaps[found.group()], row.text)})
            for row in self.rows
        )
        return self.model_copy(update={"name": name, "name_ar": name_ar, "rows": rows})


class Variant(StrEnum):
    """What is changed about a company's rows; only the last should be able to change a score."""

    REVERSED = "reversed"
    """Rows, and the evidence that is read, in reversed order."""
    OTHER_SCRIPT = "other_script"
    """The name in the other script, in columns and texts."""
    OTHER_ORIGIN = "other_origin"
    """The stand-in's name."""
    BETTER_EVIDENCE = "better_evidence"
    """One more row with something that the need asks for, from a better source."""


def _reversed(company: WorldCompany, better: Row) -> WorldCompany:
    return company.model_copy(update={"rows": company.rows[::-1]})


def _in_other_script(company: WorldCompany, better: Row) -> WorldCompany:
    swaps = {company.name: company.name_ar, company.name_ar: company.name}
    renamed = company.renamed(company.name_ar, company.name_ar, swaps)
    return renamed.model_copy(update={"aliases": (company.name,)})


def _of_other_origin(company: WorldCompany, better: Row) -> WorldCompany:
    if company.stand_in is None:
        raise InputError(
            f"{company.id} has no stand_in.", fix="The first company of a case needs one; see the README of the suite."
        )
    name, name_ar = company.stand_in
    return company.renamed(name, name_ar, {company.name: name, company.name_ar: name_ar})


def _with_better(company: WorldCompany, better: Row) -> WorldCompany:
    return company.model_copy(update={"rows": (*company.rows, better)})


_CHANGES: dict[Variant, Callable[[WorldCompany, Row], WorldCompany]] = {
    Variant.REVERSED: _reversed,
    Variant.OTHER_SCRIPT: _in_other_script,
    Variant.OTHER_ORIGIN: _of_other_origin,
    Variant.BETTER_EVIDENCE: _with_better,
}


def changed(company: WorldCompany, variant: Variant, better: Row) -> WorldCompany:
    """The company with one thing changed.

    Args:
        company: As the world has it.
        variant: What to change.
        better: The row that `Variant.BETTER_EVIDENCE` adds.

    Raises:
        InputError: a stand-in is needed and the company has none.
    """
    return _CHANGES[variant](company, better)


@cache
def companies() -> dict[str, WorldCompany]:
    """Every company of the world by id."""
    return {item.id: item for item in load_rows(_WORLD / "companies.yaml", WorldCompany)}


@cache
def needs() -> dict[str, PartnershipNeed]:
    """Every need of the world by id."""
    return {item.need_id: item for item in load_rows(_WORLD / "needs.yaml", PartnershipNeed)}


def company_named(name: str) -> WorldCompany:
    """One company.

    Raises:
        InputError: the world has none of this id.
    """
    if name not in companies():
        raise InputError(f"The world of fit has no company {name!r}.", fix="Add it to v1/world/companies.yaml.")
    return companies()[name]


def need_named(name: str) -> PartnershipNeed:
    """One need.

    Raises:
        InputError: the world has none of this id.
    """
    if name not in needs():
        raise InputError(f"The world of fit has no need {name!r}.", fix="Add it to v1/world/needs.yaml.")
    return needs()[name]


def imported(company: WorldCompany, folder: Path, lexicon: Lexicon) -> Sources:
    """What the product makes of the company's rows: a record, evidence, contradictions.

    Args:
        company: The company; its rows are written to a file as a person would hand them in.
        folder: A path that does not exist yet.
        lexicon: Concepts.

    Raises:
        InputError: the rows are not one company to the product, or one of them is refused.
    """
    # The rows have to be one company whatever its name is, so they share a website that says nothing about it.
    website = f"{sha256(company.id.encode()).hexdigest()[:10]}.example"
    lines = [
        {
            "name": company.name,
            "name_ar": company.name_ar,
            "aliases": "; ".join(company.aliases),
            "website": website,
            **row.fields,
            "summary": row.text,
            "source_kind": row.source_kind,
            "retrieved_at": _READ_ON,
        }
        for row in company.rows
    ]
    folder.mkdir(parents=True)
    path = folder / "company.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    found = import_files([path], ExistingCompanies(), ImportOptions(retrieved_on=AS_OF, lexicon=lexicon))
    if len(found.companies) != 1 or found.rejects:
        raise InputError(
            f"The rows of {company.id} are {len(found.companies)} companies and {len(found.rejects)} problems.",
            fix="Give its rows the same name, and columns that the import accepts.",
        )
    return Sources(found.companies[0], found.evidence, found.contradictions)
