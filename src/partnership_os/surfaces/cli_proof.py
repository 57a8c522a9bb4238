"""Commands that show what was committed and prove that the record is whole."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.surfaces import cli_evidence
from partnership_os.surfaces.cli_session import Session, command

if TYPE_CHECKING:
    from partnership_os.graphs.evidence_desk import EvidenceDesk
    from partnership_os.surfaces.cli_render import Screen


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    command(app, "ledger", ("partnership ledger", "partnership ledger --json | jq length"), action="read_records")(
        ledger
    )
    audit = typer.Typer(name="audit", help="The hash-chained log of decisions.", no_args_is_help=True)
    verifying = (
        "partnership audit verify",
        "partnership audit verify --file log.jsonl --anchor kept.anchor --key anchor_verify.pub",
    )
    command(audit, "verify", verifying, action="verify_audit_log")(verify)
    anchoring = ("partnership audit anchor", "partnership audit anchor --out /media/usb/kept.anchor")
    command(audit, "anchor", anchoring, action="anchor_audit_log")(anchor)
    exporting = ("partnership audit export --out log.jsonl", "partnership audit export --since 100 | wc -l")
    command(audit, "export", exporting, action="export_audit_log")(export_log)
    app.add_typer(audit)
    cli_evidence.add_to(app)
    schema = typer.Typer(name="schema", help="JSON Schemas of the records.", no_args_is_help=True)
    command(schema, "export", ("partnership schema export docs/schemas",), action="read_policy")(export)
    app.add_typer(schema)
    command(
        app,
        "policy",
        ("partnership policy", "partnership policy --lang ar", "partnership policy --json"),
        action="read_policy",
    )(policy)


def ledger(session: Session) -> None:
    """List the commitments that took effect."""
    with session.workspace() as workspace:
        entries, people = workspace.ledger(), workspace.people()
    from partnership_os.surfaces.cli_next_steps import by_id
    from partnership_os.surfaces.cli_records import show_ledger

    session.answer(entries, lambda screen: show_ledger(screen, entries, by_id(people)))


def verify(
    session: Session,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="An exported log; no workspace is opened.")
    ] = None,
    kept: Annotated[
        Path | None,
        typer.Option(
            "--anchor", metavar="FILE", help="Anchors of this log that were kept elsewhere; HOME/audit.anchor."
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", help="The public anchor key to check them with, HOME/keys/anchor_verify.pub there."
        ),
    ] = None,
) -> None:
    """Re-hash every event of the audit log and compare it with its anchors; exit code 1 when it is not whole."""
    cli_evidence.require_keys(key)
    if file is not None:
        from partnership_os.graphs.evidence_desk import verify_exported

        report = verify_exported(file, kept, key)
    else:
        from partnership_os.graphs.evidence_desk import EvidenceDesk

        with session.workspace() as workspace:
            report = EvidenceDesk(workspace.home).verify_audit(kept, key)
    from partnership_os.surfaces.cli_records import show_audit

    def show(screen: Screen) -> None:
        show_audit(screen, report)
        signed = file is None or key is not None
        cli_evidence.show_log_details(screen, report, signatures_checked=signed, kept=kept)

    session.answer(report, show)
    if not report.ok:
        raise typer.Exit(1)


def anchor(
    session: Session,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the anchor there as well.")] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Trust the log as it is from now on: a new machine, a restored backup.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Adopt without asking.")] = False,
) -> None:
    """Verify the audit log and write a fresh signed anchor, to be kept elsewhere too."""
    from partnership_os.governance.canonical import canonical_bytes
    from partnership_os.graphs.evidence_desk import EvidenceDesk

    with session.workspace() as workspace:
        desk = EvidenceDesk(workspace.home)
        if adopt and not (yes or _agreed(session, desk)):
            session.note("audit.not_adopted")
            raise typer.Exit(1)
        made = desk.adopt_anchor() if adopt else desk.anchor()
    if out is not None:
        cli_evidence.write_file(out, canonical_bytes(made) + b"\n")

    def show(screen: Screen) -> None:
        screen.say("audit.anchored", style="green")
        cli_evidence.show_anchor(screen, made)
        if out is not None:
            screen.fact("audit.written", str(out))

    session.answer(made, show)


def _agreed(session: Session, desk: EvidenceDesk) -> bool:
    """Show what is trusted from now on, and ask."""
    report, screen = desk.trusted_if_adopted(), session.screen
    if session.as_json:
        return False
    screen.say("audit.adopt")
    screen.fact("audit.size", str(report.size))
    screen.fact("audit.head", report.head)
    return typer.confirm(screen.texts("audit.adopt_question"))


def export_log(
    session: Session,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there, not to stdout.")] = None,
    since: Annotated[int, typer.Option("--since", min=1, metavar="SEQ", help="The first event that is wanted.")] = 1,
) -> None:
    """Write the events of the audit log as they are stored, one JSON document per line."""
    from partnership_os.graphs.evidence_desk import EvidenceDesk

    parts: list[bytes] = []
    with session.workspace() as workspace:
        count = EvidenceDesk(workspace.home).export_audit(parts.append if out else sys.stdout.buffer.write, since)
    if out is None:
        sys.stdout.flush()
        return
    cli_evidence.write_file(out, b"".join(parts))
    session.answer(
        {"file": str(out), "events": count}, lambda screen: screen.say("audit.exported", count=count, file=out)
    )


def export(
    session: Session, folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to.")]
) -> None:
    """Write the JSON Schema of every record."""
    from partnership_os.schemas.export import write_schemas

    written = write_schemas(folder)
    answer = {"folder": str(folder), "files": [str(path) for path in written]}
    session.answer(answer, lambda screen: screen.say("schema.written", count=len(written), folder=folder))


def policy(session: Session) -> None:
    """Show which actions run freely, which need approval and whose, and which never run."""
    from partnership_os.surfaces.cli_policy import policy_document, show_policy

    session.answer(policy_document(), show_policy)
