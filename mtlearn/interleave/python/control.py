"""Whether the calling thread is under control: what the models ask before they do anything."""

from __future__ import annotations

from _thread import get_ident  # the real one

from mtlearn.interleave.python.choices import START_TIME
from mtlearn.interleave.python.scheduler import Scheduler
from mtlearn.interleave.python.worker import Abort, Worker


class Control:
    """The scheduler of the run that goes on in this process, None between runs; and what runs left behind."""

    scheduler: Scheduler | None = None
    last_time = START_TIME  # what the clock says between runs
    home = 0  # ident of the thread that explores
    leaked: set[int] = set()  # idents of threads that could not be ended  # noqa: RUF012


def scheduled() -> tuple[Scheduler, Worker] | tuple[None, None]:
    """Give the scheduler and the calling worker, (None, None) for a thread that is not under control."""
    scheduler = Control.scheduler
    if scheduler is None:
        if Control.leaked and get_ident() in Control.leaked:
            raise Abort
        return None, None
    me = scheduler.me()
    if me is None:
        if get_ident() in Control.leaked:
            raise Abort
        if scheduler.aborting and (mine := _dying(scheduler)) is not None:
            return scheduler, mine
        return None, None
    return scheduler, me


def _dying(scheduler: Scheduler) -> Worker | None:
    ident = get_ident()
    return next((t for t in scheduler.threads if t.ident == ident and not t.done), None)
