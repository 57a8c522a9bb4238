"""The clock of the gate."""

from datetime import UTC, timedelta
from typing import Any

from partnership_os.governance.clock import moment, system_clock


def test_the_system_clock_is_in_utc() -> None:
    assert system_clock().tzinfo is UTC


def test_time_never_runs_before_the_last_event(world: Any) -> None:
    world.person("Nora", "vp")
    last = world.clock.now
    world.clock.turn(days=-400)
    with world.store.snapshot() as reader:
        assert moment(world.clock, reader) == last
    world.clock.now = last + timedelta(seconds=1)
    with world.store.snapshot() as reader:
        assert moment(world.clock, reader) == last + timedelta(seconds=1)
