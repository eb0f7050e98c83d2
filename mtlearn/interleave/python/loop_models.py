"""What stands in for methods of asyncio's event loop, and the tasks and futures it makes.

Outside a run, and in the thread that sets up and observes, they are the library's own.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from asyncio import base_events, tasks
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from mtlearn.interleave.python.choices import is_near
from mtlearn.interleave.python.control import Control, scheduled
from mtlearn.interleave.python.event_loop import Loop, Timer, Turns, is_library, timers_of, turns_of
from mtlearn.interleave.python.worker import Abort, Worker

_real_run_once = base_events.BaseEventLoop._run_once  # type: ignore[attr-defined]
_real_run_until_complete = base_events.BaseEventLoop.run_until_complete
_real_time = base_events.BaseEventLoop.time
_real_call_at = base_events.BaseEventLoop.call_at
_real_call_soon = base_events.BaseEventLoop.call_soon
_real_create_task = base_events.BaseEventLoop.create_task
_real_create_future = base_events.BaseEventLoop.create_future
_registered: Any = vars(tasks).get("_scheduled_tasks", vars(tasks).get("_all_tasks", ()))  # the latter before 3.12
_real_as_completed = tasks.as_completed


def run_once(loop: Loop) -> None:
    """Go round once: under the scheduler, one step of one task."""
    scheduler, me = scheduled()
    if scheduler is None or me is None or me is scheduler.main:
        _real_run_once(loop)
        return
    turns = turns_of(loop)
    if turns is None or turns.host is not me:
        turns = loop.__dict__["_mtlearn_turns"] = Turns(loop, scheduler, me)
    try:
        turns.round()
        if loop._stopping:
            turns.finish()
    finally:
        if scheduler.aborting:
            turns.end()


def run_until_complete(loop: Loop, future: Any) -> Any:
    """Run until a future is done; a thread that unwinds runs nothing any more."""
    try:
        scheduler, _ = scheduled()
        if scheduler is not None and scheduler.aborting:
            raise Abort
        return _real_run_until_complete(loop, future)
    except Abort:
        if asyncio.iscoroutine(future):
            with suppress(BaseException):
                future.close()  # or Python would tell that nobody awaited it
        raise


def time(loop: Loop) -> float:
    """Give the loop's time. Only a program that looks at it itself moves it."""
    scheduler, _ = scheduled()
    if scheduler is not None and sys._getframe(1).f_globals.get("__name__", "").startswith("asyncio"):
        return scheduler.now
    return _real_time(loop)


def call_at(loop: Loop, when: float, callback: Any, *arguments: Any, **named: Any) -> asyncio.TimerHandle:
    """Make a timer, and note whose wait it ends, and whether its time may pass before others do their next step."""
    handle: asyncio.TimerHandle = _real_call_at(loop, when, callback, *arguments, **named)
    scheduler = Control.scheduler
    if scheduler is not None:
        sleeps = getattr(callback, "__name__", "") == "_set_result_unless_cancelled"
        task = tasks.current_task(loop) if is_library(handle) else None
        timers_of(loop)[id(handle)] = Timer(handle, task, sleeps, is_near(when - scheduler.now, sleeping=sleeps))
    return handle


def call_soon(loop: Loop, callback: Any, *arguments: Any, **named: Any) -> asyncio.Handle:
    """Put a callback into the queue; one that another thread puts there wakes nobody."""
    handle: asyncio.Handle = _real_call_soon(loop, callback, *arguments, **named)
    turns = turns_of(loop)
    if turns is not None and (me := turns.scheduler.me()) is not None and me.host is not turns.host:
        turns.heard(handle)
    return handle


def _numbered(cls: type, *_arguments: Any, **_named: Any) -> Any:
    base: Any = cls.__mro__[1]
    made = base.__new__(cls)
    made._mtlearn_number = next(Numbers.counter)
    return made


def _number(made: Any) -> int:
    number: int = made._mtlearn_number
    return number


class Task(asyncio.Task):  # type: ignore[type-arg]
    """A task that hashes by number: the library keeps tasks and futures in sets, which addresses would order."""

    __new__, __hash__ = _numbered, _number


class Future(asyncio.Future):  # type: ignore[type-arg]
    """A future that hashes by number."""

    __new__, __hash__ = _numbered, _number


class Numbers:
    """The numbers of one run."""

    counter = itertools.count()
    names = itertools.count(1)

    @classmethod
    def begin(cls) -> None:
        """Begin anew; asyncio forgets the tasks of earlier runs, or every look at all tasks would take longer."""
        cls.counter, cls.names = itertools.count(), itertools.count(1)
        for task in list(_registered):
            if type(task) is Task and task.get_loop().is_closed():
                _registered.discard(task)


def create_task(loop: Loop, coro: Any, **named: Any) -> Any:
    """Make a task that has a number, and a name that is the same in every run."""
    if loop._task_factory is not None or Control.scheduler is None:
        return _real_create_task(loop, coro, **named)
    loop._check_closed()
    if named.get("name") is None:
        named["name"] = f"Task-{next(Numbers.names)}"
    return Task(coro, loop=loop, **named)


def create_future(loop: Loop) -> Any:
    """Make a future that has a number."""
    return _real_create_future(loop) if Control.scheduler is None else Future(loop=loop)


def as_completed(fs: Iterable[Any], **named: Any) -> Any:
    """Make tasks in the order in which the coroutines are given; the library puts them into a set first."""
    if Control.scheduler is None or asyncio.isfuture(fs) or asyncio.iscoroutine(fs):
        return _real_as_completed(fs, **named)
    return _real_as_completed([tasks.ensure_future(each) for each in dict.fromkeys(fs)], **named)


def serve(
    runner: asyncio.Runner, given: Sequence[tuple[Worker, Any]], fails: Callable[[Worker, BaseException], None]
) -> None:
    """Run coroutines as threads of the program, all in one event loop: the one of the calling thread from now on."""
    scheduler, me = scheduled()
    assert scheduler is not None
    assert me is not None
    loop = runner.get_loop()
    asyncio.set_event_loop(loop)
    ended = loop.create_future()
    turns = loop.__dict__["_mtlearn_turns"] = Turns(loop, scheduler, me)

    def end(task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None and not scheduler.aborting:
            fails(turns.workers[task], error)
        if all(worker.done for worker in turns.given) and not ended.done():
            ended.set_result(None)

    for worker, coroutine in given:
        task = loop.create_task(coroutine)
        turns.adopt(task, worker)
        turns.given.append(worker)
        task.add_done_callback(end)
    try:
        loop.run_until_complete(ended)
    finally:
        idle = loop._default_executor is None and not loop._asyncgens  # type: ignore[attr-defined]
        if idle and all(task.done() for task in turns.workers):
            asyncio.set_event_loop(None)
            loop.close()
        else:
            runner.close()


MODELS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    (asyncio, "as_completed", as_completed),
    (tasks, "as_completed", as_completed),
    (base_events.BaseEventLoop, "_run_once", run_once),
    (base_events.BaseEventLoop, "run_until_complete", run_until_complete),
    (base_events.BaseEventLoop, "time", time),
    (base_events.BaseEventLoop, "call_at", call_at),
    (base_events.BaseEventLoop, "call_soon", call_soon),
    (base_events.BaseEventLoop, "create_task", create_task),
    (base_events.BaseEventLoop, "create_future", create_future),
)
