"""What happens when: scenes are collected from all parts of the data and played in the order of their moments.

Services are called under the moved clock, one after the other through the year, so that the audit chain grows as it
would have grown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import time_machine

Act = Callable[[], object]
TICK = timedelta(seconds=1)


@dataclass(order=True)
class Scene:
    """Something that happens at a moment; scenes of one moment keep the order in which they were written."""

    at: datetime
    number: int
    act: Act = field(compare=False)


class Script:
    """All scenes of the demonstration."""

    def __init__(self) -> None:
        self._scenes: list[Scene] = []

    def add(self, at: datetime, act: Act) -> None:
        """Writes a scene."""
        self._scenes.append(Scene(at, len(self._scenes), act))

    def thread(self) -> Thread:
        """Scenes of one record, none of which comes before the one written before it."""
        return Thread(self)

    def play(self, until: datetime) -> int:
        """Plays everything that happened until now, each scene at its own second; how many were played."""
        scenes = sorted(scene for scene in self._scenes if scene.at <= until)
        if not scenes:
            return 0
        clock = scenes[0].at
        with time_machine.travel(clock.astimezone(UTC), tick=False) as machine:
            for scene in scenes:
                clock = max(scene.at, clock + TICK)
                machine.move_to(clock.astimezone(UTC))
                scene.act()
        return len(scenes)


class Thread:
    """One record's scenes: what follows is dropped with what lies in the future."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.last: datetime | None = None
        self.ended = False

    def then(self, at: datetime | None, act: Act) -> None:
        """The next scene. Without a moment it lies beyond the agreed terms, and all that follows with it."""
        self.ended = self.ended or at is None
        if self.ended or at is None:
            return
        self.last = max(at, self.last or at)
        self._script.add(self.last, act)
