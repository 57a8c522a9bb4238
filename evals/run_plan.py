"""What a run set out to do, kept beside its logs: without it nobody could see that a suite is missing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from partnership_os.errors import InputError
from partnership_os.schemas.base import Label, Record, Slug

__all__ = ["PLAN_FILE", "RunPlan", "begin_run", "end_run", "read_plan"]

PLAN_FILE = "plan.json"


class RunPlan(Record):
    """What was to be run.

    Attributes:
        limit: At most so many cases of each suite; such a run holds fewer cases than bounds ask for.
        own_cases: Whether the cases were the user's own.
        replayed: Whether answers came from a recording.
        ended_at: When all of it was done; None where it broke off, or where a recording lacked answers.
    """

    version: Literal[1] = 1
    suites: tuple[Slug, ...]
    subjects: tuple[Label, ...]
    epochs: Annotated[int, Field(ge=1)]
    limit: int | None = None
    own_cases: bool = False
    replayed: bool = False
    started_at: Label
    ended_at: Label | None = None


def begin_run(folder: Path, plan: RunPlan) -> None:
    """Note in a new folder what is about to be run.

    Raises:
        InputError: the folder holds a run, or other files, already; two runs in one would be taken for one.
        OSError: it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is not empty.", fix="Name a new folder for each run: --out runs/second.")
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, plan)


def end_run(folder: Path) -> None:
    """Note that all of it was done and that nothing speaks against its answers."""
    _write(folder, read_plan(folder).model_copy(update={"ended_at": now()}))


def read_plan(folder: Path) -> RunPlan:
    """What the run in a folder set out to do.

    Raises:
        InputError: there is no such note, or it is damaged.
    """
    try:
        return RunPlan.model_validate_json((folder / PLAN_FILE).read_bytes())
    except (OSError, ValidationError):
        raise InputError(
            f"{folder} does not say what was to be run: {PLAN_FILE} is missing or damaged.",
            fix="Name the folder that `partnership eval run --out` wrote, whole.",
        ) from None


def now() -> str:
    """The time in UTC to the microsecond, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _write(folder: Path, plan: RunPlan) -> None:
    (folder / PLAN_FILE).write_text(plan.model_dump_json(indent=2) + "\n", encoding="utf-8")
