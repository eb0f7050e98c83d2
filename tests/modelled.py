"""A model of small programs, for the tests of what orders there are: run under plans, and by brute force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mtlearn.interleave.executor import Decision, Execution, Move, Plan, Touch
from mtlearn.interleave.trace import Runtime

# ("read", place), ("write", place), ("take", lock), ("free", lock), ("try", lock, how many operations it guards),
# ("wait", lock), ("wake",), ("notify", lock): a condition of the lock, which is held
Operation = tuple[Any, ...]


@dataclass
class State:
    """Where a program stands."""

    at: list[int]
    memory: dict[str, Any]
    held: dict[str, int]
    waiting: dict[str, list[int]]
    woken: set[int]
    seen: list[tuple[int, int, Any]]
    waits: list[int]  # of each thread, how often it has waited


class Model:
    """Threads that are lists of operations, each of which is one step."""

    runtime: Runtime = "python"
    batch = 1

    def __init__(self, threads: Sequence[Sequence[Operation]]) -> None:
        self.threads = [list(each) for each in threads]
        self.plans: list[Plan] = []

    def begin(self) -> State:
        """Give the state before the first step."""
        count = len(self.threads)
        return State([0] * count, {}, {}, {}, set(), [], [0] * count)

    def enabled(self, state: State) -> list[int]:
        """Give the threads that can go on."""
        able = []
        for t, operations in enumerate(self.threads):
            if state.at[t] == len(operations):
                continue
            kind, *rest = operations[state.at[t]]
            if (kind == "take" and rest[0] in state.held) or (kind == "wake" and t not in state.woken):
                continue
            able.append(t)
        return able

    def step(self, state: State, t: int) -> tuple[Touch, ...]:
        """Let a thread take its next step, and tell what it touched."""
        number = state.at[t]
        kind, *rest = self.threads[t][number]
        state.at[t] += 1
        place = rest[0] if rest else ""
        if kind == "read":
            state.seen.append((t, number, state.memory.get(place)))
            return (Touch(("memory", place), "reads"),)
        if kind == "write":
            state.memory[place] = (t, number)
            return (Touch(("memory", place), "writes"),)
        if kind == "take":
            state.held[place] = t
            return (Touch(("lock", place), "takes"),)
        if kind == "free":
            del state.held[place]
            return (Touch(("lock", place), "frees"),)
        if kind == "try":
            if place in state.held:
                state.at[t] += rest[1]
                state.seen.append((t, number, "fails"))
                return (Touch(("lock", place), "reads"),)
            state.held[place] = t
            return (Touch(("lock", place), "writes"),)
        if kind == "wait":
            del state.held[place]
            state.waiting.setdefault(place, []).append(t)
            state.waits[t] += 1
            return (Touch(("lock", place), "frees"),)
        if kind == "wake":
            state.woken.discard(t)
            return (Touch(("woken", t, state.waits[t]), "awaits"),)
        assert kind == "notify"
        if queue := state.waiting.get(place):
            woken = queue.pop(0)
            state.woken.add(woken)
            return (Touch(("woken", woken, state.waits[woken]), "frees"),)
        return ()

    def ended(self, state: State) -> bool:
        """Say whether all threads have."""
        return all(at == len(each) for at, each in zip(state.at, self.threads, strict=True))

    def observed(self, state: State) -> Any:
        """Give what was read, and what is in memory."""
        return [sorted(map(repr, state.seen)), sorted(map(repr, state.memory.items()))]

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        """Run every plan."""
        for plan in plans:
            self.plans.append(plan)
            yield self.run_once(plan)

    def run_once(self, plan: Plan) -> Execution:
        """Follow the plan, then go on without preemption."""
        state = self.begin()
        decisions: list[Decision] = []
        moves: list[Move] = []
        current: int | None = None
        while able := self.enabled(state):
            current = current if current in able else None
            if len(moves) < len(plan.moves):
                chosen = plan.moves[len(moves)]
            elif len(able) > 1 and len(decisions) < len(plan.schedule):
                chosen = plan.schedule[len(decisions)]
            else:
                chosen = able[0] if current is None else current
            if chosen not in able:
                return Execution(tuple(decisions), "diverged")
            if len(able) > 1:
                decisions.append(Decision(chosen, tuple(able), current))
            moves.append(Move(chosen, self.step(state, chosen), len(able) > 1, current not in (None, chosen)))
            current = chosen
        ending = "finished" if self.ended(state) else "deadlock"
        seen = self.observed(state) if ending == "finished" else None
        return Execution(tuple(decisions), ending, seen, "", moves=tuple(moves))  # type: ignore[arg-type]

    def close(self) -> None:
        """Nothing runs."""

    def everything(self) -> Iterator[tuple[tuple[int, ...], list[tuple[Touch, ...]]]]:
        """Give every order of steps: its threads, and what each step touches."""

        def go_on(order: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], list[tuple[Touch, ...]]]]:
            state = self.begin()
            touched = [self.step(state, t) for t in order]
            able = self.enabled(state)
            if not able:
                yield order, touched
            for t in able:
                yield from go_on((*order, t))

        return go_on(())


def class_of(order: Sequence[int], touched: Sequence[tuple[Touch, ...]]) -> frozenset[Any]:
    """Give what orders of one class have in common: the order of every two steps that touch the same.

    Said a second time, not as the search says it.
    """
    count: dict[int, int] = {}
    steps = []
    for t, what in zip(order, touched, strict=True):
        count[t] = count.get(t, 0) + 1
        steps.append((t, count[t], what))
    pairs: set[tuple[int, ...]] = set()
    for i, (t, n, what) in enumerate(steps):
        pairs.add((t, n))
        for u, m, other in steps[:i]:
            if t != u and any(
                a.location == b.location and not (a.how in ("reads", "awaits") and b.how in ("reads", "awaits"))
                for a in what
                for b in other
            ):
                pairs.add((u, m, t, n))
    return frozenset(pairs)
