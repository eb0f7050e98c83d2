"""Which points a program is stopped at.

Being stopped at fewer means that more programs can be proven. Each point is decided when it is first met, from
what the frame holds then: a subscript of a tuple, a call of one of the learner's own functions, an attribute that
no thread ever stores to, are not stopped at. When a thread does store to such a name later, or changes a container
that was read, threads stop at the points that were passed, too, and the run says that it has grown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from types import CodeType, FrameType, ModuleType

from mtlearn.interleave.python.arrays import changes_in_place
from mtlearn.interleave.python.decisions import Decided, Decisions
from mtlearn.interleave.python.library import Own, Reach
from mtlearn.interleave.python.locations import MISSING, Scope, attribute, is_function_of_c
from mtlearn.interleave.python.opcodes import UnknownInstruction
from mtlearn.interleave.python.yield_points import YieldPoint, find

_UNSEEN = {"setattr", "delattr", "vars", "globals", "locals", "exec", "eval", "__dict__", "__setattr__"}
_CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "<module>"}


class Watch:
    """Which points a program is stopped at. It lives as long as its executor and only ever grows."""

    def __init__(self, reach: Reach, *, stepwise: bool = False) -> None:
        self.reach = reach
        self.stepped: Own = reach.own
        self.stepwise = stepwise
        self.decisions = Decisions(reach.own, lambda code, offset: self.table(code).get(offset), stepwise=stepwise)
        self.tells = True  # what each step touches, so far as it is known
        self.unknown: str | None = None  # an instruction that nothing is known about
        self.tables: dict[int, dict[int, YieldPoint]] = {}
        self.codes: list[CodeType] = []  # so that no id is used again
        self.stored: set[tuple[str, str]] = set()  # (shape, name) that a thread stores to
        self.dormant: dict[tuple[str, str], list[YieldPoint]] = {}
        self.quiet: list[YieldPoint] = []  # those with a holder
        self.blind = False  # the program stores to names in ways that are not seen
        self.tries = False  # a lock is tried or timed somewhere: then releasing it is a point as well

    def table(self, code: CodeType, *, library: bool = False) -> dict[int, YieldPoint]:
        """Give the points of a code object, looking for them when it is met first."""
        found = self.tables.get(id(code))
        if found is None:
            try:
                found = find(code)
            except UnknownInstruction as instruction:
                found, self.unknown = {}, self.unknown or str(instruction)
            if library:
                for point in found.values():
                    point.library = True
            self.tables[id(code)] = found
            self.codes.append(code)
        return found

    def expect_stores(self, code: CodeType) -> None:
        """Take the stores in this code, and in the functions within it, as made by threads.

        Not those of constructors: their objects are not shared yet, and if they are, the store itself tells.
        """
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self.expect_stores(constant)
        if code.co_name in _CONSTRUCTORS:
            return
        for point in self.table(code).values():
            if point.operation == "write" and point.shape in ("attribute", "global", "cell"):
                self.stored.add((point.shape, point.name))

    def yield_everywhere(self) -> bool:
        """Stop at every point from now on, even at those that nobody stores to; True if there are any."""
        self.blind = True
        found = self._yield_at([*self.quiet, *(p for points in self.dormant.values() for p in points)])
        self.dormant.clear()
        self.quiet.clear()
        return found

    @property
    def learnt(self) -> tuple[str, ...]:
        """Give what `learn` takes: with it another watch is stopped at the same points."""
        flags = [name for name in ("blind", "tries") if getattr(self, name)]
        return (*flags, *sorted(f"{shape} {name}" for shape, name in self.stored))

    def learn(self, learnt: tuple[str, ...]) -> None:
        """Take over what another watch had learnt."""
        for entry in learnt:
            if entry in ("blind", "tries"):
                setattr(self, entry, True)
            else:
                shape, _, name = entry.partition(" ")
                self.stored.add((shape, name))

    def note_store(self, point: YieldPoint) -> bool:
        """Remember that a thread stores to this name; True if points that were passed yield from now on."""
        return self._store((point.shape, point.name))

    def is_endless(self, point: YieldPoint) -> bool:
        """Say whether a loop around this point was seen not to give up."""
        return ("endless", point.key[1]) in self.stored

    def note_endless(self, point: YieldPoint) -> bool:
        """Remember that a loop around this point does not give up; True if that is new."""
        new = not self.is_endless(point)
        self.stored.add(("endless", point.key[1]))
        return new

    def decide(self, point: YieldPoint, frame: FrameType, thread: int) -> bool:
        """Decide whether threads are stopped at this point, which a thread (its ident) has come to.

        It is left open where that may be otherwise the next time. True if points that were passed yield from now on.
        """
        grown = False
        if not self.blind and not point.library and not _UNSEEN.isdisjoint(point.code.co_names):
            # Names may be stored to without a store instruction: watch them all.
            grown = self.yield_everywhere()
        if point.operation == "write" and point.shape == "attribute" and _is_of_a_module(point, frame):
            grown |= self._store(("global", point.name))
        if self.tells and point.shape == "attribute" and not point.method and _lets_go_of_a_method(point, frame):
            self.tells = False  # somebody may call it where nobody sees
        decided: Decided = self.decisions.about(point, frame, thread)
        if isinstance(decided, tuple):
            key = decided
            decided = key in self.stored or (self.blind and not point.method)
            if not decided:
                self.dormant.setdefault(key, []).append(point)
        if isinstance(decided, ast.expr):
            if self.blind or point.key in self.stored:
                decided = True
            else:
                point.holder = decided
                self.quiet.append(point)
                return grown
        if decided is True and point.shape == "entry":
            entries = [each for each in self.table(point.code).values() if each.shape == "entry"]
            grown |= self._yield_at([each for each in entries if not each.yields])
        point.yields, point.in_place = decided, changes_in_place(point.node) if decided else None
        grown = grown or (point.passed and bool(decided))
        point.passed = decided is None
        return grown

    def _store(self, key: tuple[str, str]) -> bool:
        if key in self.stored:
            return False
        self.stored.add(key)
        return self._yield_at(self.dormant.pop(key, []))

    def _yield_at(self, points: list[YieldPoint]) -> bool:
        for point in points:
            point.yields, point.holder = True, None
        return bool(points)

    def note_changes(self, points: Iterable[YieldPoint]) -> None:
        """Remember that what these points read does change while threads run, and stop at them from now on."""
        self.stored.update(point.key for point in points)
        self._yield_at(list(points))


def _is_of_a_module(point: YieldPoint, frame: FrameType) -> bool:
    node = point.node
    return isinstance(node, ast.Attribute) and isinstance(Scope(frame).value(node.value), ModuleType)


def _lets_go_of_a_method(point: YieldPoint, frame: FrameType) -> bool:
    """Say whether it reads a method in C of an object, other than to call it."""
    node = point.node
    owner = Scope(frame).value(node.value) if isinstance(node, ast.Attribute) else MISSING
    return not isinstance(owner, ModuleType | type) and is_function_of_c(attribute(owner, point.name))
