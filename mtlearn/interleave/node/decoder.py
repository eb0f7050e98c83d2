"""Turns what a Node process says about a run into the values and sentences a learner reads."""

from __future__ import annotations

import linecache
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

from mtlearn.interleave.executor import Decision, Execution
from mtlearn.interleave.trace import Event, Step, Thrown, Waiting, thread_name

OWN_BUFFERS = 1 << 16  # buffers that a thread made itself are numbered from here: OWN_BUFFERS · (thread + 1) + n
WORD = 4  # bytes of an Int32Array's element


class TraceDecoder:
    """Knows the names of the shared memory and of the threads."""

    def __init__(self, memory: tuple[str, ...], threads: tuple[str, ...]) -> None:
        self.memory = memory
        self.threads = threads
        self.raced: set[tuple[str, int, str, int]] = set()

    def execution(self, run: dict[str, Any], decisions: Sequence[Decision], observation: Any) -> Execution:
        """Tell a run that did not simply finish, or that was asked for in detail."""
        steps = [self.step(step) for step in run.get("steps", [])]
        waiting = self.waiting(run, steps)
        thrown = run.get("thrown")
        if thrown:
            steps.append(self.end(thrown))
        return Execution(
            decisions=decisions,
            ending=run["ending"],
            observation=observation,
            message="" if run["ending"] == "paused" else self.message(run, waiting),
            waiting=tuple(waiting),
            steps=tuple(steps),
            threads=(*self.threads, *map(_strand_name, range(len(self.threads), run.get("strands", 0)))),
            reason=run.get("reason"),
            drew=bool(run.get("drew")),
            left_out=tuple(run.get("leftOut", ())),
            findings=tuple(filter(None, (self.race(*pair) for pair in run.get("races", [])))),
            state=tuple((name, str(words)) for name, words in zip(self.memory, run.get("state", ()), strict=False)),
            enabled=threads_in(run.get("enabled", 0)),
            next=tuple(self.next(told, run["state"]) for told in run.get("next", [])),
            thrown=Thrown(thrown["thread"], thrown["text"], thrown["unwritten"]) if thrown else None,
        )

    def next(self, told: list[Any], state: list[list[int]]) -> Step:
        """Tell a step that a thread is about to take; of a read, what it would give now."""
        step = self.step(told)
        buffer, offset, length = told[4:7]
        if step.operation in ("read", "load") and length == WORD and buffer < len(state):
            step = replace(step, value=str(state[buffer][offset // WORD]))
        return step

    def location(self, buffer: int | str | None, offset: int, length: int) -> str:
        """Name bytes as the learner would: the words of the memory that they lie in. Of a call, what is called."""
        if buffer is None or isinstance(buffer, str):
            return buffer or ""
        if buffer >= OWN_BUFFERS:
            return f"a buffer of {self.threads[buffer // OWN_BUFFERS - 1]}'s own, byte {offset}"
        first, last = offset // WORD, (offset + length - 1) // WORD
        if last > first:
            return f"{self.memory[buffer]}[{first}..{last}]"
        part = "" if length == WORD else f", byte {offset % WORD}"
        return f"{self.memory[buffer]}[{first}]{part}"

    def step(self, told: list[Any]) -> Step:
        """Read one step as `steps.mjs` tells it."""
        thread, url, line, operation, buffer, offset, length, value, note, _row = told
        file = path_of(url)
        event, words = self.event(note)
        return Step(
            thread=thread,
            file=file,
            line=line,
            source=source_of(file, line),
            operation=operation,
            location=self.location(buffer, offset, length),
            value=value,
            note=words,
            event=event,
        )

    def event(self, note: dict[str, Any] | str | None) -> tuple[Event | None, str | None]:
        """Say what else happened, and put it into words."""
        if not isinstance(note, dict):
            return None, note
        if "fails" in note:
            return "fails", f"fails: it is not {note['fails']}"
        if "timesOut" in note:
            return "times out", "times out"
        if "wokenBy" in note:
            return "woken", f"woken by {self.threads[note['wokenBy']]}"
        return "wakes", f"wakes {', '.join(self.threads[t] for t in note['wakes']) or 'nobody'}"

    def end(self, thrown: dict[str, Any]) -> Step:
        """Tell that an error has ended a thread."""
        file, line = self.where(thrown["frames"])
        note = f"ends: {thrown['text']}"
        return Step(thrown["thread"], file, line, source_of(file, line), "end", "", note=note, event="ends")

    def where(self, frames: list[list[Any]]) -> tuple[str, int]:
        """Give file and line of the innermost frame."""
        return (path_of(frames[0][0]), frames[0][1]) if frames and frames[0] else ("", 0)

    def waiting(self, run: dict[str, Any], steps: list[Step]) -> list[Waiting]:
        """Say where every thread stands that has not ended and cannot go on."""
        waiting = []
        for thread, how, last, *more in run.get("left", []):
            if how == "waits" or run.get("enabled", 0) >> thread & 1:
                continue
            if how == "hangs":
                file, line = self.where(more)
                waiting.append(Waiting(thread, file, line, source_of(file, line), "", "await"))
            elif last is not None:
                step = self.step(last)
                kind = "Atomics.wait" if how == "sleeps" else "loop"
                holder = holder_of(step.location, steps)
                waiting.append(Waiting(thread, step.file, step.line, step.source, step.location, kind, holder))
        told = {next_[0] for next_ in run.get("next", ())}
        for strand, at in run.get("awaits", ()):
            if strand not in told and not run["enabled"] >> strand & 1:
                file, line = self.where([at])
                waiting.append(Waiting(strand, file, line, source_of(file, line), "", "await"))
        if "thread" in run:
            before = [step for step in steps if step.thread == run["thread"]]
            file, line = (
                self.where(run["frames"]) if run["frames"] or not before else (before[-1].file, before[-1].line)
            )
            kind = "loop" if run["ending"] == "busy loop" else "C call"
            waiting.append(Waiting(run["thread"], file, line, source_of(file, line), "", kind))
        return sorted(waiting, key=lambda item: item.thread)

    def message(self, run: dict[str, Any], waiting: list[Waiting]) -> str:
        """Say in a sentence or two how a run ended badly."""
        if thrown := run.get("thrown"):
            return f"{self.threads[thrown['thread']]} ends with {thrown['text']}"
        return " ".join(self.sentence(item) for item in waiting)

    def sentence(self, waiting: Waiting) -> str:
        """Say what one thread waits for."""
        name = self.threads[waiting.thread]
        where = f" ({Path(waiting.file).name}, line {waiting.line})" if waiting.file else ""
        if waiting.kind == "Atomics.wait":
            return f"{name} sleeps in Atomics.wait on {waiting.location}{where}, and nobody will wake it."
        if waiting.kind == "await":
            return f"{name} awaits a promise{where} that nothing can settle any more."
        if waiting.kind == "C call":
            return f"{name} does not come back from a call it makes at or after this line{where}."
        if not waiting.location:
            return f"{name} is in a loop that does not end and looks at nothing shared{where}."
        return f"{name} goes round and round at {waiting.location}{where}, and nobody will change that."

    def race(self, one: list[Any], other: list[Any]) -> str | None:
        """Say that two accesses have no order; None where that was said of these two lines before."""
        first, second = sorted((self.step(one), self.step(other)), key=lambda step: (step.file, step.line))
        lines = (first.file, first.line, second.file, second.line)
        if lines in self.raced:
            return None
        self.raced.add(lines)
        where = f"{Path(first.file).name}, line {first.line}: {first.source}"
        same = first.file == second.file
        there = f"{'' if same else Path(second.file).name + ', '}line {second.line}: {second.source}"
        if (first.file, first.line) == (second.file, second.line):
            there = "the same line in another thread"
        return (
            f"data race on {first.location}: two accesses, not both of them Atomics, that nothing orders "
            f"({where}; {there}): where it works, the language does not promise it"
        )


def holder_of(location: str, steps: list[Step]) -> int | None:
    """Say who took the lock that this location seems to be: who changed it from 0 last, and not back.

    What counts on from there is no lock: those know 1, and 2 where somebody waits.
    """
    holder, value = None, "0"
    for step in steps:
        if step.location != location or step.value is None or step.event == "fails":
            continue
        if step.operation in ("read", "load", "wait", "wake", "notify"):
            continue
        before, value = value, step.value.split(" → ")[-1]
        if value == "0":
            holder = None
        elif before == "0" and step.operation not in ("add", "sub"):
            holder = step.thread
        elif step.operation in ("add", "sub") or not {before, value} <= {"1", "2"}:
            return None
    return holder


def _strand_name(index: int) -> str:
    """Name what a thread has put off, where somebody chooses when it goes on; the letters go on behind the threads'."""
    return thread_name(index).replace("Thread", "Promise")


def threads_in(mask: int) -> tuple[int, ...]:
    """Read a set of threads, one bit for each."""
    return tuple(thread for thread in range(mask.bit_length()) if mask >> thread & 1)


def path_of(url: str) -> str:
    """Give the path of a file URL; a path as it is."""
    return url2pathname(unquote(urlparse(url).path)) if url.startswith("file:") else url


def source_of(file: str, line: int) -> str:
    """Give a line of a file, stripped; empty where there is none."""
    linecache.checkcache(file)
    return linecache.getline(file, line).strip() if file else ""
