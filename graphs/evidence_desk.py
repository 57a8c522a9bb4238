"""The part of the workspace that anchors, exports and verifies the audit log, and packs evidence."""

from collections.abc import Callable
from pathlib import Path

from partnership_os.errors import InputError
from partnership_os.governance import anchoring, audit
from partnership_os.governance.audit import AuditReport
from partnership_os.governance.store import Anchor, SignedAnchor
from partnership_os.graphs.evidence.completeness import read_lines
from partnership_os.graphs.evidence.pack import build_pack
from partnership_os.graphs.home import Home, anchors_of
from partnership_os.graphs.people_desk import LOCAL_OPERATOR
from partnership_os.storage.anchor import FileAnchor, load_anchor_verifier, load_anchors


class EvidenceDesk:
    """Anchors, audit log and evidence packs of one home.

    Args:
        home: The opened home.
    """

    def __init__(self, home: Home) -> None:
        self.home = home

    @property
    def anchors(self) -> FileAnchor:
        """The place of the anchors."""
        return anchors_of(self.home.settings, self.home.folder, self.home.services.clock)

    def verify_audit(self, kept: Path | None = None, key: Path | None = None) -> AuditReport:
        """Re-hash the whole audit log, hold it against its anchors, and every other table against the log.

        Args:
            kept: Anchors that somebody kept elsewhere; the log must agree with them as well.
            key: The public anchor key to check them with; the one of this home when not given.

        Raises:
            IntegrityError: a file of anchors was not signed with the key.
            ConfigurationError: a file cannot be read.
        """
        elsewhere = None
        if kept is not None:
            verifier = self.anchors.signer().verifier if key is None else load_anchor_verifier(key)
            elsewhere = anchoring.newest(load_anchors(kept, verifier))
        services = self.home.services
        return audit.report(services.governance, services.verifier, elsewhere)

    def anchor(self) -> SignedAnchor:
        """Verify the log and write a fresh anchor, to be kept elsewhere as well."""
        services = self.home.services
        return anchoring.anchor_now(services.governance, services.verifier, self.anchors)

    def trusted_if_adopted(self) -> AuditReport:
        """What `adopt_anchor` would trust from then on, and whether log and tables fit together."""
        services = self.home.services
        with services.governance.snapshot() as reader:
            return audit.report_of(reader, services.verifier, None, must_be_anchored=False)

    def adopt_anchor(self) -> SignedAnchor:
        """Trust the log as it is from now on; the log tells that this was done."""
        services = self.home.services
        return anchoring.adopt(services.governance, services.verifier, self.anchors, services.clock, LOCAL_OPERATOR)

    def export_audit(self, write: Callable[[bytes], object], since: int = 1) -> int:
        """Write the stored events as they are, one per line; returns how many."""
        return audit.export(self.home.services.governance, write, since)

    def evidence_pack(self, commitment_id: str) -> bytes:
        """The evidence pack of a commitment; the same state gives the same bytes."""
        services = self.home.services
        return build_pack(services, services.clock, commitment_id, self.anchors, self.home.folder / "keys")


def verify_exported(file: Path, kept: Path | None = None, key: Path | None = None) -> AuditReport:
    """Verify an exported log with no database and no home.

    Args:
        file: What `audit export` wrote.
        kept: Anchors of that log.
        key: The public anchor key; without it the signatures of the anchors are not checked.

    Raises:
        InputError: the file cannot be read.
        IntegrityError: the anchors are none, or another key signed them.
        ConfigurationError: the anchors or the key cannot be read.
    """
    verifier = None if key is None else load_anchor_verifier(key)
    anchor: Anchor | None = None if kept is None else anchoring.newest(load_anchors(kept, verifier))
    try:
        with file.open("rb") as lines:
            return audit.verify_export(read_lines(lines), anchor)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", fix="Check the path and permissions.") from error
