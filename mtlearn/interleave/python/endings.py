"""What is said of a run that ended badly, and who does not count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO

from mtlearn.interleave.python.worker import Worker
from mtlearn.interleave.trace import Step, Waiting

FIRST, LAST = 20, 20  # steps told of a run that goes on for ever


@contextmanager
def unheard() -> Iterator[None]:
    """Let nothing be printed: what a thread says while it is unwound it would say nowhere else."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        yield


def idle_in_pool(worker: Worker) -> bool:
    """Say whether it is a ThreadPoolExecutor's worker, which Python ends by itself at exit."""
    import concurrent.futures.thread as pool

    return worker.python_thread in pool._threads_queues


def ended_badly(ending: str, waiting: tuple[Waiting, ...], names: dict[int, str]) -> str:
    """Say who waits for whom, in a run that came to no end."""
    told = []
    for w in waiting:
        who = names.get(w.thread, "a thread")
        if w.kind == "join":
            told.append(f"{who} waits for {w.location} to end")
        elif w.kind == "loop":
            told.append(f"{who} goes round in line {w.line}")
        elif w.holder is not None:
            held = "which it holds itself" if w.holder == w.thread else f"which {names.get(w.holder)} holds"
            told.append(f"{who} waits for {w.location or 'a lock'}, {held}")
        else:
            told.append(f"{who} waits at {w.location or w.source}, and nobody will wake it")
    return "; ".join(told)


def brief(steps: Sequence[Step], ending: str) -> tuple[Step, ...]:
    """Give the steps that are told: of those that go on for ever, the first and the last."""
    left = len(steps) - FIRST - LAST
    if ending != "livelock" or left < 10 * (FIRST + LAST):
        return tuple(steps)
    *first, middle = steps[:FIRST]
    note = f"and so on, {left:,} steps more"
    return (*first, replace(middle, note=f"{middle.note}; {note}" if middle.note else note), *steps[-LAST:])
