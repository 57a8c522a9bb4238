"""Commands that pack the evidence of a commitment and verify such a pack, and how they and the audit log are told."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.errors import InputError
from partnership_os.surfaces.cli_session import Session, command

if TYPE_CHECKING:
    from partnership_os.governance.audit import AuditReport
    from partnership_os.governance.store import SignedAnchor
    from partnership_os.graphs.evidence.verification import PackReport
    from partnership_os.surfaces.cli_render import Screen


_MAY_BE_ADOPTED = frozenset(("rolled_back", "no_anchor"))
"""Troubles of the log after which an auditor may decide to trust what is left."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    evidence = typer.Typer(name="evidence", help="Proof of a commitment in one file.", no_args_is_help=True)
    command(
        evidence,
        "pack",
        ("partnership evidence pack cm_…", "partnership evidence pack cm_… --out deal.zip"),
        action="build_evidence_pack",
    )(pack)
    command(
        evidence,
        "verify",
        (
            "partnership evidence verify deal.zip",
            "partnership evidence verify deal.zip --key approval_verify.pub --anchor-key anchor_verify.pub",
        ),
        action="verify_evidence_pack",
    )(verify)
    app.add_typer(evidence)


def pack(
    session: Session,
    commitment: Annotated[str, typer.Argument(metavar="COMMITMENT", help="Id of the commitment, cm_….")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write it.")] = None,
) -> None:
    """Write document, decisions, evidence and audit extract of a commitment to one file; an internal document."""
    from partnership_os.graphs.evidence_desk import EvidenceDesk

    with session.workspace() as workspace:
        content = EvidenceDesk(workspace.home).evidence_pack(commitment)
    file = out or Path(f"evidence-{commitment}.zip")
    write_file(file, content)
    total = sha256(content).hexdigest()

    def show(screen: Screen) -> None:
        screen.say("evidence.packed", commitment=commitment, file=file)
        screen.fact("evidence.sum", total)
        screen.command(f"partnership evidence verify {file}")

    session.answer({"file": str(file), "size": len(content), "sha256": total, "commitment_id": commitment}, show)


def verify(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A pack.")],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", help="Public key of the approval service, HOME/keys/approval_verify.pub there."
        ),
    ] = None,
    anchor_key: Annotated[
        Path | None,
        typer.Option("--anchor-key", metavar="FILE", help="Public anchor key, HOME/keys/anchor_verify.pub there."),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option("--log", metavar="FILE", help="The whole exported log, to see that nothing was left out."),
    ] = None,
) -> None:
    """Check a pack without database, home or network; exit code 1 when a check fails.

    The keys come from the machine that made the pack, by another way than the pack.
    """
    from partnership_os.graphs.evidence.verification import verify_pack

    require_keys(key, anchor_key)
    report = verify_pack(file, key, anchor_key, log)
    session.answer(report, lambda screen: show_pack_report(screen, report))
    if not report.ok:
        raise typer.Exit(1)


def require_keys(*files: Path | None) -> None:
    """Say where the public keys are, when one that was named is not there.

    Raises:
        InputError: names the file.
    """
    for file in files:
        if file is not None and not file.is_file():
            raise InputError(
                f"There is no key file {file}.",
                fix="The public keys are in the home of the machine that made the record: "
                "keys/approval_verify.pub of the approval service and keys/anchor_verify.pub of the anchors.",
            )


def write_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read.

    Raises:
        InputError: it cannot be written.
    """
    try:
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
    except OSError as error:
        raise InputError(
            f"The results cannot be written to {path}: {error.strerror}.", fix="Check free space and permissions."
        ) from error


def show_pack_report(screen: Screen, report: PackReport) -> None:
    """Print each check, what was found, and with which keys."""
    from partnership_os.graphs.wording.error_wording import worded

    styles = {"ok": "green", "failed": "bold red", "not_applicable": "dim"}
    for check in report.checks:
        outcome = screen.texts(f"evidence.outcome.{check.outcome.value}")
        key = "evidence.check_detail" if check.detail else "evidence.check"
        told = screen.texts(f"check.{check.name}")
        detail = worded(screen.texts, check.detail)
        screen.say(key, style=styles[check.outcome.value], outcome=outcome, check=told, detail=detail)
    screen.console.print()
    if report.ok and report.status is not None:
        status = screen.texts(f"status.{report.status.value}")
        screen.say("evidence.ok", style="bold green", commitment=report.commitment_id, status=status)
    else:
        failed = sum(check.outcome == "failed" for check in report.checks)
        screen.say("evidence.failed", style="bold red", count=failed)
    if report.keys_were_given:
        return
    if report.approval_key_id is not None and report.anchor_key_id is not None:
        some = report.approval_key_was_given or report.anchor_key_was_given
        for given, name, key_id in (
            (report.approval_key_was_given, "approval_key", report.approval_key_id),
            (report.anchor_key_was_given, "anchor_key", report.anchor_key_id),
        ):
            if given:
                screen.say(f"evidence.{name}.given", style="green")
            elif some:
                screen.say(f"evidence.{name}.own", style="yellow")
            screen.fact(f"evidence.{name}", key_id)
        if not some:
            screen.say("evidence.own_keys", style="yellow")


def show_log_details(
    screen: Screen, report: AuditReport, *, signatures_checked: bool = True, kept: Path | None = None
) -> None:
    """Print what the log was held against, what is wrong with it, and who must act.

    Args:
        screen: Where to print.
        report: What was found.
        signatures_checked: Whether the signatures of the anchors were checked.
        kept: The file with anchors that somebody kept elsewhere, where one was given.
    """
    from partnership_os.surfaces.cli_render import counted

    if report.first_seq > 1:
        screen.say("audit.from", seq=report.first_seq)
    if report.trouble is not None:
        screen.say(f"audit.trouble.{report.trouble.value}")
        if report.trouble.value in _MAY_BE_ADOPTED:
            screen.command("partnership audit anchor --adopt")
        screen.say("error.actor", who=screen.texts(f"actor.{report.who_must_act}"))
    elif report.size and not report.anchors:
        screen.say("audit.not_held", style="yellow")
    elif report.anchored is not None:
        screen.phrase(counted(screen.texts, "audit.held", report.anchors, size=report.anchored))
        if kept is not None:
            screen.say("audit.kept", file=kept)
    if report.anchored is not None and not signatures_checked:
        screen.say("audit.anchor_unchecked", style="yellow")
    if report.anchor_torn:
        screen.say("audit.anchor_torn", style="yellow")


def show_anchor(screen: Screen, anchor: SignedAnchor) -> None:
    """Print an anchor so that it can be copied by hand."""
    screen.fact("audit.size", str(anchor.size))
    screen.fact("audit.head", anchor.head)
    screen.fact("audit.time", anchor.at.isoformat())
    screen.fact("audit.key", anchor.key_id)
    screen.fact("audit.signature", anchor.signature)
