"""The anchors of the audit log in a file outside the database: one signed line each, added and never changed."""

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC
from pathlib import Path
from threading import RLock
from typing import Final, NamedTuple

from pydantic import ValidationError

from partnership_os.errors import ConfigurationError, IntegrityError
from partnership_os.governance.anchoring import (
    PUBLIC_FILE,
    RECENT,
    AnchorSigner,
    AnchorVerifier,
    newest,
    open_signer,
    shortened,
)
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.clock import Clock, system_clock
from partnership_os.governance.key_files import publish_once, read_public
from partnership_os.governance.store import Anchor, AnchoredPoint, SignedAnchor

ANCHOR_FILE: Final = "audit.anchor"
_LONGEST_HISTORY: Final = 2 * RECENT
"""Lines; a longer history is shortened with the next anchor, beside what it keeps of each day."""


class _Held(NamedTuple):
    """What the file holds: its bytes without a torn end, and the anchors in them."""

    whole: bytes
    anchors: tuple[SignedAnchor, ...]
    torn: bool = False
    unsigned: AnchoredPoint | None = None
    """What a file of before there were anchor keys says."""


_NOTHING: Final = _Held(b"", ())


class _Memory:
    """What this process has seen in each place: where the history ended, and former ends that it holds no more.

    A database and its file of anchors that are put back together agree with each other. A process that ran before
    that was done knows better.
    """

    def __init__(self) -> None:
        self._points: dict[Path, dict[int, str]] = {}
        self.lock = RLock()
        """Held from reading a place until it is compared: another thread may add to it meanwhile."""

    def compare(self, places: Sequence[Path], anchors: Sequence[AnchoredPoint]) -> None:
        """Hold a history against what was seen there, and keep its end in mind.

        Args:
            places: Every path of the file: by a link it is the same file, and a link may be turned elsewhere.
            anchors: What it holds now.

        Raises:
            IntegrityError: it ends before what was seen, or says something else.
        """
        there = {anchor.size: anchor.head for anchor in anchors}
        with self.lock:
            seen, furthest = self._seen(places), self.furthest(places)
            if furthest > anchors[-1].size:
                raise _set_back(places[0], f"{furthest} events, and now it names {anchors[-1].size}")
            other = [size for size, head in seen if there.get(size, head) != head]
            if other:
                raise _set_back(places[0], f"another history at {min(other)} events")
            gone = {size: head for size, head in seen if size not in there}
            self._points |= {place: {**gone, anchors[-1].size: anchors[-1].head} for place in places}

    def furthest(self, places: Sequence[Path]) -> int:
        """The size of the longest log that was seen anchored there."""
        return max((size for size, _ in self._seen(places)), default=0)

    def gone_from(self, places: Sequence[Path], anchors: Sequence[AnchoredPoint]) -> list[AnchoredPoint]:
        """What was seen there and left out when the history was shortened; the log must agree with it all the same."""
        there = {anchor.size for anchor in anchors}
        seen = sorted(self._seen(places))
        return [AnchoredPoint(size=size, head=head) for size, head in seen if size not in there]

    def begin_anew(self, places: Sequence[Path], point: AnchoredPoint) -> None:
        """A person adopted another history."""
        with self.lock:
            self._points |= {place: {point.size: point.head} for place in places}

    def _seen(self, places: Sequence[Path]) -> set[tuple[int, str]]:
        return {point for place in places for point in self._points.get(place, {}).items()}


_SEEN: Final = _Memory()


class FileAnchor:
    """Implements `governance.store.AnchorStore`.

    A file of the first format, one unsigned anchor, is taken as it is while there is no public anchor key. The next
    anchor replaces it by signed ones and then publishes the key; from then on nothing unsigned counts.

    Args:
        path: The file, best in a place that whoever may write the database cannot write.
        keys: The folder of the anchor key; ``keys`` beside the file when not given.
        clock: Dates the anchors.
    """

    def __init__(self, path: Path, keys: Path | None = None, clock: Clock = system_clock) -> None:
        self._path = path
        self._places = (path.absolute(), Path(os.path.realpath(path)))
        self._keys = path.parent / "keys" if keys is None else keys
        self._clock = clock
        self._held = _NOTHING
        self._public: AnchorVerifier | None = None
        self._private: AnchorSigner | None = None

    def read(self) -> Anchor | None:
        """What was anchored, with what this process saw there before; None where there is no file.

        Raises:
            IntegrityError: the file is no history of anchors, one was not signed with the anchor key, or it ends
                before what this process saw in it, or is another history.
            ConfigurationError: the file or the key cannot be read.
        """
        held = self._load()
        if held.unsigned is not None:
            return newest([held.unsigned])
        gone = _SEEN.gone_from(self._places, held.anchors) if held.anchors else ()
        points = sorted([*gone, *held.anchors], key=lambda point: point.size) if gone else held.anchors
        return newest(points, torn=held.torn)

    def signed(self) -> tuple[SignedAnchor, ...]:
        """The signed anchors, oldest first; raises like `read`."""
        return self._load().anchors

    def signer(self) -> AnchorSigner:
        """The anchor key; it is made where there is none.

        Raises:
            ConfigurationError: it cannot be read or made.
            IntegrityError: the public key beside it is another one's.
        """
        if self._private is None:
            self._private = open_signer(self._keys)
        public = self._published()
        if public is not None and public.key_id != self._private.verifier.key_id:
            raise IntegrityError(
                f"{PUBLIC_FILE} in {self._keys} does not belong to the anchor key beside it.",
                fix="Find out who replaced it; restore both files from a backup.",
            )
        return self._private

    def write(self, anchor: AnchoredPoint) -> None:
        """Sign a point and add it durably, synced before this returns. The caller holds the line of writers.

        Raises:
            ConfigurationError: the file, its folder or the key cannot be used.
            IntegrityError: the file holds a point further on.
        """
        held = self._load()
        named = max([_SEEN.furthest(self._places), *(item.size for item in held.anchors[-1:])])
        if named > anchor.size:
            raise IntegrityError(
                f"{self._path} names {named} events; it is never moved back to {anchor.size}.",
                fix="Run `partnership audit verify` and find out who removed events from the log.",
            )
        signer = self.signer()
        before = held.anchors
        if held.unsigned is not None:
            before = (signer.anchor(held.unsigned, self._clock().astimezone(UTC)),)
        made = signer.anchor(anchor, self._clock().astimezone(UTC))
        try:
            if self._published() is None:
                self._replace((*before, made))
                publish_once(self._keys / PUBLIC_FILE, signer.verifier.pem)
            elif not before or _pays_to_shorten(before):
                self._replace((*shortened(before), made))
            else:
                self._append(len(held.whole), made)
        except OSError as error:
            raise self._unusable(error) from error
        _SEEN.compare(self._places, [*before, made])

    def adopt(self, anchor: AnchoredPoint) -> None:
        """Begin a new history with this point; the former file stays beside it under the time of this moment.

        Raises:
            ConfigurationError: the file, its folder or the key cannot be used.
        """
        signer = self.signer()
        now = self._clock().astimezone(UTC)
        try:
            if self._path.exists():
                os.rename(self._path, self._path.with_name(f"{self._path.name}.until-{now:%Y%m%dT%H%M%S%fZ}"))
            self._replace([signer.anchor(anchor, now)])
            publish_once(self._keys / PUBLIC_FILE, signer.verifier.pem)
        except OSError as error:
            raise self._unusable(error) from error
        _SEEN.begin_anew(self._places, anchor)

    def _load(self) -> _Held:
        with _SEEN.lock:
            held = self._read()
            if held.anchors:
                _SEEN.compare(self._places, held.anchors)
        return held

    def _read(self) -> _Held:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return _NOTHING
        except OSError as error:
            raise self._unusable(error) from error
        public = self._published()
        if public is None:
            unsigned = _unsigned(content)
            if unsigned is not None:
                return _Held(content, (), unsigned=unsigned)
            # The process died before it published the key that it had signed with.
            public = open_signer(self._keys).verifier
        self._held = history_of(content, public, self._path, self._held)
        return self._held

    def _published(self) -> AnchorVerifier | None:
        if self._public is None and (self._keys / PUBLIC_FILE).exists():
            self._public = load_anchor_verifier(self._keys / PUBLIC_FILE)
        return self._public

    def _append(self, whole: int, made: SignedAnchor) -> None:
        """Add a line after the whole ones; what a process that died left of its own line goes."""
        with self._path.open("r+b") as file:
            file.seek(whole)
            file.truncate()
            file.write(_line(made))
            file.flush()
            os.fsync(file.fileno())

    def _replace(self, anchors: Iterable[SignedAnchor]) -> None:
        """Write the file anew, all of it or nothing: beside it, synced, renamed, and the folder synced."""
        handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(b"".join(map(_line, anchors)))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        if os.name == "posix":
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


def load_anchor_verifier(path: Path) -> AnchorVerifier:
    """The public anchor key of a file.

    Raises:
        ConfigurationError: it cannot be read or holds none.
    """
    return AnchorVerifier(read_public(path, fix="Restore the anchor key from a backup."))


def load_anchors(path: Path, verifier: AnchorVerifier | None) -> tuple[SignedAnchor, ...]:
    """The anchors of a file that somebody kept elsewhere, oldest first.

    Args:
        path: What `audit anchor --out` wrote, or a copy of the history.
        verifier: The anchor key; without it the signatures are not checked.

    Raises:
        ConfigurationError: it cannot be read.
        IntegrityError: it is no such file, or another key signed it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}.", fix="Check the path and permissions."
        ) from error
    return history_of(content, verifier, path).anchors


def history_of(content: bytes, verifier: AnchorVerifier | None, path: Path, known: _Held = _NOTHING) -> _Held:
    """Read a history of anchors; only its last line may lack its end.

    Args:
        content: The bytes of the file.
        verifier: The anchor key; without it the signatures are not checked.
        path: The file, for messages.
        known: What was read and checked before; what follows the same bytes is all that is read.

    Raises:
        IntegrityError: a line is no anchor, was not signed with the key, or goes back.
    """
    end = content.rfind(b"\n") + 1
    if not content.startswith(known.whole):
        known = _NOTHING
    anchors = list(known.anchors)
    for line in content[len(known.whole) : end].splitlines():
        number = len(anchors) + 1
        anchor = _checked(line, verifier, path, number)
        if anchors and (anchor.size < anchors[-1].size or _contradict(anchor, anchors[-1])):
            raise _broken(path, number, "goes back behind the one before it")
        anchors.append(anchor)
    if not anchors:
        raise _no_history(path)
    return _Held(content[:end], tuple(anchors), torn=end < len(content))


def _pays_to_shorten(anchors: tuple[SignedAnchor, ...]) -> bool:
    """The whole file is written anew then, so not before a good part of it can go."""
    return len(anchors) >= _LONGEST_HISTORY and len(shortened(anchors)) <= len(anchors) - RECENT // 2


def _checked(line: bytes, verifier: AnchorVerifier | None, path: Path, number: int) -> SignedAnchor:
    if _unsigned(line) is not None:
        raise _broken(path, number, "is not signed")
    try:
        anchor = SignedAnchor.model_validate_json(line)
    except ValidationError:
        raise _no_history(path) from None
    if verifier is not None and anchor.key_id != verifier.key_id:
        raise _broken(path, number, f"is signed with the key {anchor.key_id} and not with {verifier.key_id}")
    if verifier is not None and not verifier.holds(anchor):
        raise _broken(path, number, "does not carry its own signature")
    return anchor


def _contradict(first: AnchoredPoint, second: AnchoredPoint) -> bool:
    return first.size == second.size and first.head != second.head


def _unsigned(content: bytes) -> AnchoredPoint | None:
    """The anchor of the first format; None where this is none."""
    try:
        fields = json.loads(content)
        return AnchoredPoint.model_validate(fields) if isinstance(fields, dict) else None
    except (ValueError, ValidationError, RecursionError):
        return None


def _line(anchor: SignedAnchor) -> bytes:
    return canonical_bytes(anchor) + b"\n"


def _no_history(path: Path) -> IntegrityError:
    return IntegrityError(
        f"{path} is not an anchor of an audit log.",
        fix="Restore it from a backup; until then a cut of the log cannot be excluded.",
    )


def _set_back(path: Path, what: str) -> IntegrityError:
    return IntegrityError(
        f"{path} was set back or written anew: this process saw it name {what}.",
        fix="Find out who put an older one in its place. If you restored a backup, start this process again.",
    )


def _broken(path: Path, number: int, how: str) -> IntegrityError:
    return IntegrityError(
        f"{path} is not the anchor of this audit log: anchor {number} {how}.",
        fix="Find out who wrote it, and restore the file and the anchor key from a backup.",
    )
