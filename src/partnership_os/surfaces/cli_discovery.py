"""Commands that take companies in, find partners and show score cards."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from partnership_os.surfaces.cli_session import Session, command

Need = Annotated[Path, typer.Option("--need", metavar="FILE", help="The need, as YAML or JSON.")]
NeedOrNone = Annotated[Path | None, typer.Option("--need", metavar="FILE", help="Score for this need now.")]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-01-31") from None


def _source_kind(text: str | None) -> str | None:
    from partnership_os.schemas.evidence import SourceKind

    kinds = [kind.value for kind in SourceKind]
    if text is not None and text not in kinds:
        raise typer.BadParameter(f"{text!r} is none of: {', '.join(kinds)}")
    return text


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise typer.BadParameter(f"{pair!r} is not FIELD=COLUMN", param_hint="--map")
        mapping[field.strip()] = column.strip()
    return mapping


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    command(
        app,
        "import",
        (
            "partnership import examples/companies.jsonl",
            "partnership import companies.csv --map name='Company Name' --rejects rejected.csv",
            "partnership import --reindex",
        ),
        action="import_companies",
    )(import_companies)
    command(
        app,
        "discover",
        (
            "partnership discover --need examples/needs/distribution.yaml --top 10 --out out/",
            "partnership discover --need need.yaml --json | jq '.ranking[0]'",
        ),
        action="discover_prospects",
    )(discover)
    command(
        app,
        "card",
        ("partnership card stc.com.sa", "partnership card co_… --need examples/needs/referral.yaml --lang ar"),
        action="score_partner",
    )(card)


def import_companies(
    session: Session,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="CSV or JSONL files of companies.")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="Write rejected rows there, with the reason.")
    ] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Name the column of a field; may repeat.")
    ] = None,
    source_kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            callback=_source_kind,
            help="What the file is: registry, filing, own_site, news, directory or internal.",
        ),
    ] = None,
    retrieved_on: Annotated[
        date | None, typer.Option(parser=_day, metavar="DATE", help="Day on which the data was retrieved.")
    ] = None,
    reindex: Annotated[bool, typer.Option("--reindex", help="Rebuild the whole search index; needs no file.")] = False,
) -> None:
    """Read companies from CSV or JSONL files, merge duplicates and index their texts."""
    if not files and not reindex:
        raise typer.BadParameter("name at least one file, or --reindex", param_hint="FILE…")
    columns = _mapping(mapping or [])
    from partnership_os.surfaces.cli_import import import_options, import_summary, show_import

    options = import_options(columns, source_kind, retrieved_on)
    with session.workspace() as workspace:
        with session.progress() as on_progress:
            result = workspace.import_files(files or [], options, rejects_to=rejects, on_progress=on_progress)
            indexed = workspace.reindex(on_progress) if reindex else None
        known = workspace.company_count()
    answer = import_summary(result, known, indexed, rejects)
    session.answer(answer, lambda screen: show_import(screen, result, known, indexed, rejects))


def discover(
    session: Session,
    need: Need,
    top: Annotated[int, typer.Option(min=1, max=1000, help="How many cards to hand out; all are scored.")] = 10,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write scorecards.jsonl, ranking.csv and report.json there.")
    ] = None,
    as_of: Annotated[
        date | None, typer.Option(parser=_day, metavar="DATE", help="The day to count from; today when not given.")
    ] = None,
) -> None:
    """Find prospects for a need and score them."""
    from partnership_os.surfaces.cli_card import show_discovery

    with session.workspace() as workspace:
        wanted = workspace.read_need(need)
        with session.progress() as on_progress:
            found = workspace.discover(wanted, top=top, as_of=as_of, on_progress=on_progress)
        written = workspace.write_discovery(found, out) if out is not None else ()
    answer = {**found.model_dump(mode="json"), "files": [str(path) for path in written]}
    session.answer(answer, lambda screen: show_discovery(screen, found, top, written))


def card(
    session: Session,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Id, exact name or domain.")],
    need: NeedOrNone = None,
) -> None:
    """Show the score card of one partner, down to the words behind each number."""
    from partnership_os.surfaces.cli_card import show_card

    with session.workspace() as workspace:
        shown = workspace.card(partner, workspace.read_need(need) if need is not None else None)
    session.answer(shown, lambda screen: show_card(screen, shown))
