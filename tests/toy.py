"""A simulated runtime for the tests of the search: threads are generators that yield at each point."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

from mtlearn.interleave.executor import Decision, Ending, Execution, Plan
from mtlearn.interleave.trace import Runtime, Step

State = dict[str, Any]
ToyThread = Callable[[State], Generator[Callable[[], bool] | None, None, None]]


class ToyExecutor:
    """Runs generator threads over a fresh state; a thread that yields a predicate waits until it holds."""

    runtime: Runtime = "python"

    def __init__(self, setup: Callable[[], State], threads: Sequence[ToyThread], batch: int = 1) -> None:
        self.setup, self.threads, self.batch = setup, threads, batch
        self.plans: list[Plan] = []
        self.closed = False

    def run(self, plans: Sequence[Plan]) -> Iterable[Execution]:
        """Run every plan in order, lazily."""
        for plan in plans:
            self.plans.append(plan)
            yield self.run_once(plan)

    def close(self) -> None:
        """Nothing runs."""
        self.closed = True

    def run_once(self, plan: Plan) -> Execution:
        """Follow the plan, then its tail policy."""
        state = self.setup()
        random_ = random.Random(plan.seed) if plan.seed is not None else None
        running = {i: thread(state) for i, thread in enumerate(self.threads)}
        waits: dict[int, Callable[[], bool] | None] = dict.fromkeys(running)
        decisions: list[Decision] = []
        steps: list[Step] = []
        current: int | None = None
        ending: Ending = "finished"
        message = ""
        while running:
            enabled = tuple(i for i in running if (wait := waits[i]) is None or wait())
            if not enabled:
                ending = "deadlock"
                break
            if current not in enabled:
                current = None
            if len(enabled) == 1:
                chosen = enabled[0]
            else:
                if len(decisions) < len(plan.schedule):
                    chosen = plan.schedule[len(decisions)]
                    if chosen not in enabled:
                        return Execution(tuple(decisions), "diverged")
                elif random_:
                    chosen = random_.choice(enabled)
                else:
                    chosen = enabled[0] if current is None else current
                decisions.append(Decision(chosen, enabled, current))
            current = chosen
            if plan.detail:
                steps.append(Step(chosen, "toy", len(steps) + 1, "", "step", "state", repr(state)))
            try:
                waits[chosen] = next(running[chosen])
            except StopIteration:
                del running[chosen]
            except Exception as error:
                ending, message = "exception", f"{type(error).__name__}: {error}"
                break
        seen = {k: v for k, v in state.items() if isinstance(v, int | str | list)}
        observation = seen if ending == "finished" else None
        return Execution(tuple(decisions), ending, observation, message, steps=tuple(steps))
