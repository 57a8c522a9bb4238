"""What differs between two versions of a document, on the screen: the terms first, then the words."""

from collections.abc import Iterator
from datetime import datetime

from partnership_os.agents.sheet_changes import Change, FieldChange, SheetChange, SheetPart
from partnership_os.graphs.approval_packet import ApprovalPacket
from partnership_os.graphs.wording.approval_words import APPROVAL_PHRASES, set_apart
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.schemas.base import BilingualText
from partnership_os.surfaces.cli_next_steps import moment_text
from partnership_os.surfaces.cli_render import Screen

_CONTEXT_WORDS = 4
_MOMENTS = frozenset(("requested_at", "expires_at"))
_MAY_BE_NULL = frozenset(("edited_from", "value"))
_REWORDED = frozenset({SheetPart.TITLE, SheetPart.TEXT, SheetPart.COVER_NOTE})


def show_term_changes(screen: Screen, packet: ApprovalPacket) -> None:
    """Print the terms that an edit changed; what follows from them is for `review` to show."""
    changes = () if packet.previous is None else packet.previous.document
    for change in changes:
        if change.part is SheetPart.VALUE:
            _show_sheet_change(screen, change)


def show_changes(screen: Screen, packet: ApprovalPacket) -> None:
    """Print what differs from the version before."""
    before = packet.previous
    if before is None:
        screen.console.print()
        screen.say("packet.first")
        return
    if before.status is None:
        screen.heading("packet.changes", version=before.document_version)
    else:
        status = screen.texts(f"status.{before.status.value}")
        screen.heading("packet.changes_status", version=before.document_version, status=status)
    if not before.document and packet.rules.conformance is not None:
        screen.say("packet.unchanged", indent=2)
    for change in before.document:
        _show_sheet_change(screen, change)
    if before.request:
        screen.say("packet.request_changes", style="dim", indent=2)
    for field in before.request:
        _show_field_change(screen, field)


def _show_sheet_change(screen: Screen, change: SheetChange) -> None:
    label = in_words(screen, change.label)
    if change.part in _REWORDED and change.old is not None and change.new is not None:
        part = screen.texts(f"part.{change.part.value}")
        screen.say("packet.reworded", style="bold", indent=2, label=label, part=part)
        for old, new in _both_languages(screen, change.old, change.new):
            before, after = _differing(old, new)
            screen.say("packet.old", indent=4, text=set_apart(screen.texts, before))
            screen.say("packet.new", indent=4, text=set_apart(screen.texts, after))
        return
    style = "bold" if change.part is SheetPart.VALUE else ""
    _say_change(
        screen,
        change.change,
        style=style,
        label=label,
        old=None if change.old is None else side(screen, change.old),
        new=None if change.new is None else side(screen, change.new),
    )


def _show_field_change(screen: Screen, change: FieldChange) -> None:
    known = f"label.{change.path}"
    label = screen.texts(known) if known in APPROVAL_PHRASES else change.path
    old, new = (_plain(change.path, value) for value in (change.old, change.new))
    if old == new:  # two moments of one minute
        old, new = change.old, change.new
    _say_change(screen, change.change, style="", label=label, old=old, new=new)


def _plain(path: str, value: str | None) -> str | None:
    """A value of the request as people read it: no JSON null, and a moment to the minute."""
    if path in _MAY_BE_NULL and value == "null":
        return "–"
    if path in _MOMENTS and value is not None:
        return f"{moment_text(datetime.fromisoformat(value))} (UTC)"
    return value


def _say_change(screen: Screen, change: Change, *, style: str, label: str, old: str | None, new: str | None) -> None:
    key = "packet.change" if change is Change.CHANGED else f"packet.change_{change.value}"
    sides = {"old": set_apart(screen.texts, old or ""), "new": set_apart(screen.texts, new or "")}
    screen.say(key, style=style, indent=2, label=label, **sides)


def _both_languages(screen: Screen, old: BilingualText, new: BilingualText) -> Iterator[tuple[str, str]]:
    """The sides that differ, the reader's language first: a change in the other language alone must show too."""
    sides = [(old.en, new.en), (old.ar, new.ar)]
    ordered = sides if screen.texts.language == "en" else sides[::-1]
    yield from (side for side in ordered if side[0] != side[1])


def _differing(old: str, new: str) -> tuple[str, str]:
    """The part of two texts that differs, with a few words around it; equal ends are cut to an ellipsis."""
    before, after = old.split(" "), new.split(" ")
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    tail = 0
    while tail < min(len(before), len(after)) - same and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    start = max(same - _CONTEXT_WORDS, 0)
    end = max(tail - _CONTEXT_WORDS, 0)
    head, rest = "… " if start else "", " …" if end else ""
    shown = [head + " ".join(words[start : len(words) - end]) + rest for words in (before, after)]
    return shown[0], shown[1]


def in_words(screen: Screen, text: BilingualText) -> Phrase:
    """The side of a text that this screen reads, safe to stand in a line."""
    return Phrase(screen.texts.inline(side(screen, text)))


def side(screen: Screen, text: BilingualText) -> str:
    """The side of a text that this screen reads, as it is."""
    return text.ar if screen.texts.language == "ar" else text.en
