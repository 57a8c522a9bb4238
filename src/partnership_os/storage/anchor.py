"""The anchor of the audit log in a file beside the database, replaced as a whole or not at all."""

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from partnership_os.errors import ConfigurationError, IntegrityError
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.store import Anchor

ANCHOR_FILE = "audit.anchor"


class FileAnchor:
    """Implements `governance.store.AnchorStore`.

    Args:
        path: The file, for example ``audit.anchor`` in the home.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Anchor | None:
        """The last anchor; None where there is no file.

        Raises:
            IntegrityError: the file is not an anchor.
            ConfigurationError: the file cannot be read.
        """
        try:
            return Anchor.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from error
        except ValidationError:
            raise IntegrityError(
                f"{self._path} is not an anchor of an audit log.",
                fix="Restore it from a backup; until then a cut of the log cannot be excluded.",
            ) from None

    def write(self, anchor: Anchor) -> None:
        """Replace the anchor durably: written beside it, synced, renamed, and the folder synced.

        Raises:
            ConfigurationError: the folder cannot be written.
        """
        try:
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(canonical_bytes(anchor) + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self._path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._sync_folder()
        except OSError as error:
            raise self._unusable(error) from error

    def _sync_folder(self) -> None:
        if os.name != "posix":
            return
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _unusable(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"The anchor of the audit log {self._path} cannot be used: {error.strerror}. "
            "What was committed stays committed.",
            fix="Make the folder readable and writable, free some space, and run the same command again.",
        )
