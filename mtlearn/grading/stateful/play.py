"""The subject's side of stateful testing: plays a script of steps on a learner's object and writes down what it sees.

`play.mjs` is the same for Node.js. What is written down is JSON:

    an outcome, of a future    {"value": …, "shown": text}, {"failed": text, "type": name}, {"cancelled": true},
                               {"pending": true}, {"gave": type} where it is no future at all, or a refusal
    a refusal, of a call       {"raised": type, "message": text, "timeout": bool, "fitting": bool}
    a play                     see `Play.play`
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any, ClassVar

from mtlearn.grading.scenario import Scenario

POLL_S = 0.002


class Patience:
    """How long to wait for what another thread of the learner's may do a little later.

    It is counted in polls, which stretch with the work on a busy machine. What is there already is not waited for, and
    when something has not come, the verdict is known: what else does not come is waited for less and less.
    """

    def __init__(self, seconds: float, least_s: float = 2 * POLL_S) -> None:
        self._polls, self._least = int(seconds / POLL_S), int(least_s / POLL_S)

    def until(self, condition: Callable[[], Any]) -> bool:
        """Wait until it is so; whether it is."""
        for _ in range(self._polls):
            if condition():
                return True
            time.sleep(POLL_S)
        self._polls = max(self._polls // 4, self._least)
        return bool(condition())


patience = Patience(0.5)  # of all plays of one subject together


def attempt(work: Callable[..., Any], *arguments: Any, **named: Any) -> dict[str, Any]:
    """What the call gave, as {"gave": value}, or its refusal. That it is not written yet goes on."""
    try:
        return {"gave": work(*arguments, **named)}
    except Exception as error:
        return refusal(error)


def refusal(error: BaseException) -> dict[str, Any]:
    """What a call raised, as evidence; `fitting` is for an error about bad arguments."""
    if isinstance(error, NotImplementedError):
        raise error
    return {
        "raised": type(error).__name__,
        "message": re.sub(r"psm_\w+|0x\w+|\d{9,}", "…", str(error)),  # what differs from run to run
        "timeout": isinstance(error, TimeoutError),
        "fitting": isinstance(error, ValueError | TypeError),
    }


def outcome(future: object, patience_s: float = 0) -> dict[str, Any]:
    """How a future ended, within so many seconds; a refusal is an outcome, too."""
    if isinstance(future, dict):
        return future
    if not isinstance(future, Future):
        return {"gave": type(future).__name__}
    try:
        error = future.exception(patience_s)
    except TimeoutError:
        return {"pending": True}
    except CancelledError:
        return {"cancelled": True}
    if error is not None:
        return {"failed": str(error), "type": type(error).__name__}
    return {"value": future.result(), "shown": re.sub(r" at 0x\w+", "", repr(future.result()))}


class Beside(threading.Thread):
    """A call that another thread makes, because it may wait; `raised` is what came of it, where it raised."""

    def __init__(self, work: Callable[[], Any], then: Callable[[], Any] = lambda: None) -> None:
        super().__init__(daemon=True)
        self.work, self.then = work, then
        self.raised: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Make the call, and then tell that it has ended."""
        try:
            self.work()
        except BaseException as error:
            self.raised = error
        self.then()


class Stuck(Exception):
    """What has to come before the play can go on did not come. `missing` names it."""

    def __init__(self, missing: Sequence[str] = ()) -> None:
        super().__init__()
        self.missing = list(missing)


class Play:
    """What a script is played on. A subclass has a method for each step; what it returns is JSON.

    log      what happened, in order, as the subclass notes it
    futures  what calls gave, by name; their outcomes are reported in the end
    """

    patience: ClassVar = patience

    def __init__(self) -> None:
        self.log: list[list[Any]] = []
        self.futures: dict[str, Any] = {}
        self.calls: list[Beside] = []  # that other threads make

    def play(self, steps: Sequence[Sequence[Any]]) -> dict[str, Any]:
        """Play the steps, each a list: the name of a method, and its arguments.

        gave      what each step returned, None where it raised
        broken    the refusals of those that raised, each with the number of its `step`
        stuck     the step after which it could not go on, and what was `missing`; None otherwise
        log, outcomes, and what `told` adds
        """
        gave, broken, stuck, told = [], [], None, {}
        try:
            for number, (what, *how) in enumerate(steps):
                try:
                    gave.append(self.step(what, *how))
                except Stuck as nothing_came:
                    stuck = {"step": number, "missing": nothing_came.missing}
                    break
                except Exception as error:
                    broken.append({"step": number, **refusal(error)})
                    gave.append(None)
        finally:
            told = self.told()
        for call in self.calls:
            if isinstance(call.raised, NotImplementedError):
                raise call.raised
        outcomes = {name: outcome(future) for name, future in self.futures.items()}
        return {"gave": gave, "broken": broken, "stuck": stuck, "log": self.log, "outcomes": outcomes, **told}

    def step(self, what: str, *how: Any) -> Any:
        """Play one step; what is to be told of it."""
        return getattr(self, what)(*how)

    def told(self) -> dict[str, Any]:
        """What else is to be told when the last step was played. It may wait for it, and put things in order."""
        return {}

    def make(self, name: str, call: Callable[[], Any]) -> None:
        """Make a call that gives a future, and keep that under this name; or its refusal, which is the outcome then."""
        came = attempt(call)
        self.futures[name] = came if "raised" in came else came["gave"]

    def call_beside(self, call: Callable[[], Any], then: Callable[[], Any] = lambda: None) -> Beside:
        """Let another thread make a call that may wait."""
        self.calls.append(Beside(call, then))
        return self.calls[-1]

    def ended(self, name: str) -> bool:
        """Whether the future of this name is settled, or will never be, as it is none."""
        future = self.futures.get(name)
        return not isinstance(future, Future) or future.done()

    def need(self, missing: Callable[[], Sequence[str]]) -> None:
        """Wait until nothing is missing. Raises Stuck where something does not come."""
        if not self.patience.until(lambda: not missing()):
            raise Stuck(missing())


def alone(work: Callable[[Any], Any], setup: Callable[[], Any] = lambda: None) -> Scenario[Any]:
    """A scenario of one thread, of which nothing is told but what it returns."""
    return Scenario(setup, [work], lambda state: {})
