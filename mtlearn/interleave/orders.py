"""The orders of steps that differ, and which of them are still to be run. It knows no runtime.

Two steps of different threads that touch nothing in common, or only read it, can change places, and nobody sees a
difference. What is left of an order when all such places are forgotten says, of each step, which steps it came after:
its past. Orders with the same pasts are one class (A. Mazurkiewicz, "Trace theory", 1987), and one run of it is
enough.

A run tells its steps with what they touched. Wherever two steps of it race (they touch the same, and nothing between
them fixes their order), there must be an order in which the second comes first, after all that does not depend on the
first. If no run so far begins with such an order, one is made. When none is missing, all classes were run: this is
the condition for source sets of P. Abdulla, S. Aronis, B. Jonsson and K. Sagonas, "Optimal dynamic partial order
reduction", POPL 2014. They go depth first and keep sleep sets and wakeup trees, so as to forget what was run. Here
all that was run is kept, as a number for each step with its past; so orders may be asked for in any sequence, those
with few preemptions first, and each run is of a new class all the same.

A step's location is a race only with the last step of each thread that touches the same. A thread that waits for a lock
does not race with the step that frees it, which is what lets it go on, but with the one that took it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from mtlearn.interleave.executor import Move, Touch

_CHANGES = ("writes", "takes", "frees")
_WAITS = ("takes", "awaits")

Threads = tuple[int, ...]  # who makes each move


class Unsteady(Exception):
    """A run did not do what the runs before it said that it would."""


class Wanted(NamedTuple):
    """An order to be run: its moves, and the step that ends the past of each thread, as (thread, how many) and number.

    It is ordered by preemptions, then by length, then by when it was asked for.
    """

    preemptions: int
    length: int
    number: int
    moves: Threads
    ends: tuple[tuple[int, int, int], ...]  # (thread, its steps, number of the last of them)
    last: tuple[int, ...]  # the past of the last move


class Orders:
    """The classes that were run, and the orders that are wanted."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[Touch, ...], int] = {(): 0}
        self._touched: list[tuple[Touch, ...]] = [()]
        self._conflicts: dict[int, bool] = {}
        self._numbers: dict[tuple[int, ...], int] = {}  # a thread and the past of its step -> the step's number
        self._having: dict[int, array[int]] = {}  # a step's number -> the runs that have it
        self._runs: list[dict[int, array[int]]] = []  # of each class, by thread, the numbers of its steps
        self._known: set[tuple[int, ...]] = set()
        self._asked: set[tuple[object, ...]] = set()
        self._wanted: list[Wanted] = []
        self.vague = False  # some steps touch nobody knows what

    @property
    def classes(self) -> int:
        """Give how many classes were run."""
        return len(self._runs)

    @property
    def wanted(self) -> int:
        """Give how many orders are wanted now, at most: some may be of classes that were run since."""
        return len(self._wanted)

    def next(self) -> Wanted | None:
        """Take the order that is to be run next, None where every class was run."""
        while self._wanted:
            wanted = heappop(self._wanted)
            if not self._is_covered(wanted):
                return wanted
        return None

    @property
    def complete(self) -> bool:
        """Say whether every class was run."""
        if (wanted := self.next()) is not None:
            self.put_back(wanted)
        return wanted is None

    def put_back(self, wanted: Wanted) -> None:
        """Ask for an order that was taken, once more."""
        heappush(self._wanted, wanted)

    def add(self, moves: Sequence[Move], wanted: Wanted | None = None) -> list[tuple[int, ...]]:
        """Add a run, and ask for the orders that it lacks; give what had been done before each of its decisions.

        `wanted` is the order that was to be run. Raises Unsteady where it was not.
        """
        run = _Run(self, moves)
        if wanted is not None:
            run.must_begin_with(wanted)
        key = tuple(run.numbers[steps[-1]] if steps else 0 for steps in run.steps)
        if key not in self._known:
            self._known.add(key)
            number = len(self._runs)
            self._runs.append({t: array("I", [run.numbers[i] for i in steps]) for t, steps in enumerate(run.steps)})
            for step in run.numbers:
                self._having.setdefault(step, array("I")).append(number)
            for first, second in run.races:
                self._want(run, first, second)
        return run.before_decisions()

    def kind(self, touched: tuple[Touch, ...]) -> int:
        """Number what a step touches."""
        found = self._kinds.get(touched)
        if found is None:
            found = self._kinds[touched] = len(self._touched)
            self._touched.append(touched)
            self.vague |= any(not touch.location for touch in touched)
        return found

    def touched(self, kind: int) -> tuple[Touch, ...]:
        """Give what a step of that kind touches."""
        return self._touched[kind]

    def conflict(self, one: int, other: int) -> bool:
        """Say whether steps of these kinds of two threads may not change places."""
        pair = one << 32 | other
        found = self._conflicts.get(pair)
        if found is None:
            found = any(_overlap(a, b) for a in self._touched[one] for b in self._touched[other])
            self._conflicts[pair] = self._conflicts[other << 32 | one] = found
        return found

    def number(self, past: tuple[int, ...]) -> int:
        """Number a step by its thread and its past."""
        return self._numbers.setdefault(past, len(self._numbers) + 1)

    def _want(self, run: _Run, first: int, second: int) -> None:
        left, past = run.without(first, second)
        ends = tuple(
            (t, count, run.numbers[run.steps[t][count - 1]])
            for t, count in enumerate(left)
            if count and t != run.threads[second]
        )
        key = (past, ends)
        if key in self._asked:
            return
        self._asked.add(key)
        moves, preemptions = run.order(left, second)
        wanted = Wanted(preemptions, len(moves), len(self._asked), moves, ends, past)
        if not self._is_covered(wanted):
            heappush(self._wanted, wanted)

    def _is_covered(self, wanted: Wanted) -> bool:
        """Say whether a run begins with this order, or one of its class."""
        last = self._numbers.get(wanted.last)
        if last is None or last not in self._having:
            return False
        fewest = self._having[last]
        for _, _, number in wanted.ends:
            if len(having := self._having[number]) < len(fewest):
                fewest = having
        thread = wanted.moves[-1]
        ends = (*wanted.ends, (thread, wanted.moves.count(thread), last))
        for run in fewest:
            numbers = self._runs[run]
            for t, count, number in ends:
                of = numbers.get(t)
                if of is None or len(of) < count or of[count - 1] != number:
                    break
            else:
                return True
        return False


class _Run:
    """One run: the past of each of its steps, and where two of them race."""

    def __init__(self, orders: Orders, moves: Sequence[Move]) -> None:
        self.orders = orders
        self.moves = moves
        self.threads = [move.thread for move in moves]
        self.kinds = [orders.kind(move.touched) for move in moves]
        count = max(self.threads, default=-1) + 1
        self.steps: list[list[int]] = [[] for _ in range(count)]  # of each thread
        self.clocks: list[list[int]] = []  # of each step: of each thread, how many steps are its past or itself
        self.ranks: list[int] = []  # of each step: how many of its thread it ends
        self.numbers: list[int] = []
        self.races: list[tuple[int, int]] = []
        for i in range(len(moves)):
            self._add(i)

    def _add(self, i: int) -> None:
        thread = self.threads[i]
        own = self.steps[thread]
        before = self.clocks[own[-1]] if own else [0] * len(self.steps)
        direct = self._last_before(thread, self.kinds[i], before, [len(steps) for steps in self.steps])
        clock = self._joined(before, direct)
        past = self._past(thread, clock)
        number = self.orders.number(past)
        self._race(i, direct)
        own.append(i)
        clock[thread] = len(own)
        self.ranks.append(len(own))
        self.clocks.append(clock)
        self.numbers.append(number)

    def _last_before(self, thread: int, kind: int, before: list[int], left: list[int]) -> list[int]:
        """Give, of each other thread, the last of the steps that are left with which one of that kind conflicts.

        Those in the past of the thread itself do not count.
        """
        conflict, kinds = self.orders.conflict, self.kinds
        found: list[int] = []
        if kind == 0:
            return found
        for other, steps in enumerate(self.steps):
            if other == thread:
                continue
            for k in range(left[other] - 1, before[other] - 1, -1):
                if conflict(kinds[steps[k]], kind):
                    found.append(steps[k])
                    break
        return found

    def _joined(self, before: list[int], direct: list[int]) -> list[int]:
        clock = list(before)
        for step in direct:
            for thread, count in enumerate(self.clocks[step]):
                if count > clock[thread]:
                    clock[thread] = count
        return clock

    def _past(self, thread: int, clock: list[int]) -> tuple[int, ...]:
        """Give a thread, and the number of the last step of each thread in the past of its next step."""
        past = [thread, *[self.numbers[self.steps[t][n - 1]] if n else 0 for t, n in enumerate(clock)]]
        while len(past) > 1 and not past[-1]:
            past.pop()  # another run may have fewer threads
        return tuple(past)

    def _is_past(self, step: int, other: int) -> bool:
        """Say whether a step is another one, or of its past."""
        return self.clocks[other][self.threads[step]] >= self.ranks[step]

    # Races

    def _race(self, i: int, direct: list[int]) -> None:
        last = [step for step in direct if not any(o != step and self._is_past(step, o) for o in direct)]
        own = self.steps[self.threads[i]]
        for step in last:
            freed = self._frees(step, i)
            if freed is None:
                self.races.append((step, i))
                continue
            taken = self._took(freed, step)
            if taken is None or self.threads[taken] == self.threads[i]:
                continue
            others = [other for other in last if other != step] + own[-1:]
            if not any(self._is_past(taken, other) for other in others):
                self.races.append((taken, i))

    def _frees(self, step: int, waits: int) -> Touch | None:
        """Give what one step waits for and another freed, which did not also take it."""
        touched = self.orders.touched(self.kinds[step])
        for touch in self.orders.touched(self.kinds[waits]):
            if (
                touch.how in _WAITS
                and (touch.location, "frees") in touched
                and (touch.location, "takes") not in touched
            ):
                return touch
        return None

    def _took(self, freed: Touch, step: int) -> int | None:
        """Give the last step before another that took something: "writes" is what one does that had not to wait."""
        for i in range(step - 1, -1, -1):
            touched = self.orders.touched(self.kinds[i])
            if (freed.location, "takes") in touched or (freed.location, "writes") in touched:
                return i
        return None

    def without(self, first: int, second: int) -> tuple[list[int], tuple[int, ...]]:
        """Leave out a step and all that comes after it, but put another at the end: how many are left of each
        thread, and the past of the last.
        """
        thread, rank = self.threads[first], self.ranks[first]
        left = []
        for steps in self.steps:
            count = len(steps)
            while count and self.clocks[steps[count - 1]][thread] >= rank:
                count -= 1
            left.append(count)
        mover = self.threads[second]
        own = self.steps[mover]
        before = self.clocks[own[left[mover] - 1]] if left[mover] else [0] * len(self.steps)
        direct = self._last_before(mover, self.kinds[second], before, left)
        return left, self._past(mover, self._joined(before, direct))

    def order(self, left: list[int], second: int) -> tuple[Threads, int]:
        """Give the order of what is left, with a step at the end, and how many preemptions it has, or nearly so."""
        order = [i for i in range(len(self.threads)) if self.ranks[i] <= left[self.threads[i]]]
        order.append(second)
        preemptions = 0
        for one, other in pairwise(order):
            if self.threads[one] != self.threads[other] and one + 1 < len(self.moves):
                follows = self.moves[one + 1]
                preemptions += follows.thread == self.threads[one] or follows.preempts
        return tuple([self.threads[i] for i in order]), preemptions

    def before_decisions(self) -> list[tuple[int, ...]]:
        """Give the number of the last step of each thread before each decision: equal where the same was done."""
        last = [0] * len(self.steps)
        found = []
        for move, number in zip(self.moves, self.numbers, strict=True):
            if move.decided:
                found.append(tuple(last))
            last[move.thread] = number
        return found

    def must_begin_with(self, wanted: Wanted) -> None:
        """Raise Unsteady where this run does not begin with that order."""
        count = len(wanted.moves)
        if tuple(self.threads[:count]) != wanted.moves:
            raise Unsteady
        for thread, rank, number in wanted.ends:
            if self.numbers[self.steps[thread][rank - 1]] != number:
                raise Unsteady


def _overlap(one: Touch, other: Touch) -> bool:
    if one.how not in _CHANGES and other.how not in _CHANGES:
        return False
    shorter = min(len(one.location), len(other.location))
    return one.location[:shorter] == other.location[:shorter]
