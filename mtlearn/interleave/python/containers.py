"""Plain containers that nobody changes need no stops: which ones were read, and whether they changed since.

Stopping a thread before it reads a container would only give a change the chance to come first. Where there is
such a change, in the run without that stop it follows the read, and comparing the container with a copy shows it,
however it was made: by a statement, a method, the library, or C.
"""

from __future__ import annotations

from operator import is_
from types import FrameType
from typing import Any

from mtlearn.interleave.python.footprints import Footprints
from mtlearn.interleave.python.locations import PLAIN, Scope
from mtlearn.interleave.python.watch import Watch
from mtlearn.interleave.python.yield_points import YieldPoint

MANY = 256  # items of a container that is compared, at most


class Containers:
    """The plain containers that the threads of one run have read without a stop."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.noted: dict[int, tuple[Any, Any, set[YieldPoint]]] = {}  # by id: a container, a copy, who read it
        self.version = 0  # of the shared state, when they were last compared

    def read(self, point: YieldPoint, frame: FrameType, footprints: Footprints) -> bool:
        """Note a read; True if threads stop at its point from now on, because it reads what cannot be compared."""
        held = Scope(frame).value(point.holder)
        if type(held) not in PLAIN or len(held) > MANY:
            self.watch.note_changes([point])
            return True
        footprints.reads(held)
        known = self.noted.get(id(held))
        if known is None:
            known = self.noted[id(held)] = (held, held.copy(), set())
        known[2].add(point)
        return False

    def yield_at_reads(self) -> bool:
        """Stop at what was read here from now on, since a loop may wait for a change; True if there are any."""
        points = {point for _, _, readers in self.noted.values() for point in readers}
        self.noted.clear()
        self.watch.note_changes(points)
        return bool(points)

    def compare(self, version: int) -> bool:
        """Stop from now on where a container was read that has changed since; True if there are any.

        To be asked after each step that changes something: a change may be taken back before the next switch.
        """
        self.version = version
        changed = [entry for entry in self.noted.values() if not _same(entry[0], entry[1])]
        for held, _, points in changed:
            del self.noted[id(held)]
            self.watch.note_changes(points)
        return bool(changed)


def _same(container: Any, copy: Any) -> bool:
    """Say whether a container holds the very objects that its copy holds; asks none of them."""
    if len(container) != len(copy):
        return False
    if type(container) is dict and not all(map(is_, container.values(), copy.values())):
        return False
    if type(container) is set:
        return set(map(id, container)) == set(map(id, copy))
    return all(map(is_, container, copy))
