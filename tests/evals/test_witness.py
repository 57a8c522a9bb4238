"""The witness at the analyst's door: it hands everything on, and keeps what a model did."""

from pathlib import Path

from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import RULES, seated
from partnership_os.evals.suite import Mark
from partnership_os.evals.witness import ModelWork, watched
from partnership_os.settings import Settings
from partnership_os.testing import world

SETTINGS = Settings(_env_file=None)


def test_there_is_no_witness_where_no_model_is_asked(tmp_path: Path) -> None:
    room = Room(RULES, tmp_path, SETTINGS)
    sitting = Sitting(room)
    assert watched(sitting) is None and sitting.analyst is sitting.rules
    room.close()


def test_a_witness_changes_nothing_and_keeps_what_code_accepted(tmp_path: Path) -> None:
    with seated(["control/scribe"], SETTINGS) as (_, subject):
        room = Room(subject, tmp_path, SETTINGS)
        plain, sitting = Sitting(room).analyst, Sitting(room)
        witness = watched(sitting)
        assert witness is not None and sitting.analyst is witness and witness.stamp == plain.stamp
        texts = [world.evidence()]
        reading = sitting.analyst.read(world.company(), texts)
        assert reading.claims == plain.read(world.company(), texts).claims == witness.claims
        assert sitting.analyst.read(world.company(), []).claims == ()
        room.close()
    assert witness.work == ModelWork(readings=2, read=1, notes=0, notes_used=0)


def test_work_is_counted_of_what_was_asked_for() -> None:
    work = ModelWork(readings=4, read=1, notes=2, notes_used=0)
    assert work.marks == {"model_read": Mark(got=1, of=4), "model_notes": Mark(got=0, of=2)} and not work.is_idle
    idle = ModelWork(readings=4, read=0, notes=2, notes_used=0)
    assert idle.is_idle and not ModelWork(readings=0, read=0, notes=1, notes_used=1).is_idle
    nothing = ModelWork(readings=0, read=0, notes=0, notes_used=0)
    assert nothing.marks == {} and not nothing.is_idle
