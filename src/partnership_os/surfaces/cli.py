"""The command ``partnership``: a thin surface over `partnership_os.graphs.workspace`."""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from partnership_os import __version__
from partnership_os.surfaces import (
    cli_chat,
    cli_database,
    cli_deals,
    cli_delegations,
    cli_discovery,
    cli_escalation,
    cli_evals,
    cli_outbox,
    cli_people,
    cli_proof,
    cli_review,
)
from partnership_os.surfaces.cli_session import AsJson, Debug, Home, Lang, Session

app = typer.Typer(
    name="partnership",
    help="Find partners, score them with a source behind every number, draft the terms, and halt at a person.",
    epilog=(
        "Examples:\n\n$ partnership import examples/companies.jsonl\n\n"
        "$ partnership discover --need examples/needs/distribution.yaml --top 10\n\n"
        "$ partnership deal start --partner co_… --need examples/needs/distribution.yaml\n\n"
        "$ partnership inbox"
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"partnership {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    home: Home = None,
    lang: Lang = None,
    as_json: AsJson = False,
    debug: Debug = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Take the options that may stand before any command."""
    ctx.obj = Session()
    ctx.obj.take(home, lang, as_json, debug)


for module in (
    cli_discovery,
    cli_deals,
    cli_review,
    cli_escalation,
    cli_outbox,
    cli_people,
    cli_delegations,
    cli_proof,
    cli_evals,
    cli_database,
    cli_chat,
):
    module.add_to(app)


def main() -> None:
    """Run the command line; the entry point of the package."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()
