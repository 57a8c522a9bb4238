"""What an import is asked to do, and what it did, on the screen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from partnership_os.errors import InputError
from partnership_os.graphs.wording.error_wording import worded
from partnership_os.schemas.evidence import SourceKind
from partnership_os.surfaces.cli_card import show_contradiction
from partnership_os.surfaces.cli_render import Screen
from partnership_os.tools.columns import CompanyField
from partnership_os.tools.company_import import ImportCounts, ImportOptions, ImportResult
from partnership_os.tools.rejects import RowReject

_REJECTS_SHOWN = 10
_DOUBTS_SHOWN = 10
_NAMES_SHOWN = 8


def import_options(columns: Mapping[str, str], source_kind: str | None, retrieved_on: date | None) -> ImportOptions:
    """The options of an import; the day is today (UTC) when none was given.

    Raises:
        InputError: a field that is mapped does not exist.
    """
    fields = {field.value: field for field in CompanyField}
    unknown = sorted(columns.keys() - fields.keys())
    if unknown:
        raise InputError(f"There is no field {unknown[0]!r} to map a column to.", fix=f"Use: {', '.join(fields)}.")
    options = ImportOptions(
        retrieved_on=retrieved_on or datetime.now(UTC).date(),
        columns={fields[name]: column for name, column in columns.items()},
    )
    return replace(options, source_kind=SourceKind(source_kind)) if source_kind is not None else options


def import_summary(result: ImportResult, known: int, indexed: int | None, rejects: Path | None) -> dict[str, object]:
    """What a program needs to know; the companies themselves are in the workspace now."""
    return {
        "counts": result.counts,
        "companies_known": known,
        "reindexed": indexed,
        "rejects": result.rejects,
        "rejects_file": str(rejects) if rejects is not None and result.rejects else None,
        "contradictions": result.contradictions,
        "merges": result.merges,
        "reviews": result.reviews,
        "not_live": result.not_live,
        "columns": result.mappings,
    }


def show_import(screen: Screen, result: ImportResult, known: int, indexed: int | None, rejects: Path | None) -> None:
    """Print the counts, and everything that a person should look at."""
    if result.mappings:
        _show_counts(screen, result.counts)
    for mapping in result.mappings:
        if mapping.ignored:
            screen.say("import.ignored", style="dim", file=mapping.file, columns=screen.texts.listing(mapping.ignored))
    _show_rejects(screen, result.rejects)
    if rejects is not None and result.rejects:
        screen.fact("import.rejects_written", str(rejects))
    _show_doubts(screen, result)
    if indexed is not None:
        screen.say("import.reindexed", count=indexed)
    screen.say("import.known", style="bold", count=known)


def _show_counts(screen: Screen, counts: ImportCounts) -> None:
    screen.say("import.rows", read=counts.rows_read, accepted=counts.rows_accepted, rejected=counts.rows_rejected)
    screen.say(
        "import.companies",
        new=counts.companies_new,
        updated=counts.companies_updated,
        unchanged=counts.companies_unchanged,
        merged=counts.rows_merged,
    )


def _show_rejects(screen: Screen, rejects: Sequence[RowReject]) -> None:
    for one in rejects[:_REJECTS_SHOWN]:
        key = "import.field_dropped" if one.row_kept else "import.reject"
        reason, fix = (worded(screen.texts, text) if text else "" for text in (one.reason, one.fix))
        screen.say(key, style="yellow", file=one.file, row=one.row, field=one.field, reason=reason, fix=fix)
    _more(screen, len(rejects) - _REJECTS_SHOWN)


def _show_doubts(screen: Screen, result: ImportResult) -> None:
    if result.not_live:
        names = screen.texts.listing(one.name for one in result.not_live[:_NAMES_SHOWN])
        screen.say("import.not_live", count=len(result.not_live), names=names)
    if result.reviews:
        screen.say("import.reviews", count=len(result.reviews))
    for review in result.reviews[:_DOUBTS_SHOWN]:
        screen.line(f"{' / '.join(review.labels)}: {review.detail}", indent=2)
    _more(screen, len(result.reviews) - _DOUBTS_SHOWN)
    if result.contradictions:
        screen.say("import.contradictions", count=len(result.contradictions))
    for found in result.contradictions[:_DOUBTS_SHOWN]:
        show_contradiction(screen, found)
    _more(screen, len(result.contradictions) - _DOUBTS_SHOWN)


def _more(screen: Screen, count: int) -> None:
    if count > 0:
        screen.say("import.more", style="dim", count=count)
