"""What went wrong, in sentences a learner can use: an import that fails, an exit, a flood of output, a hang."""

from __future__ import annotations

import difflib
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtlearn.grading.verdict import Failure, Unchecked
from mtlearn.processes import exit_meaning

NODE = "the Node.js process"  # so begins what is said about it
CUT_OFF = 97  # the exit code of a subject that lost its pipes

Place = Mapping[str, Any]  # line (1-based), source, function; a thread's place has its name too


@dataclass(frozen=True)
class Death:
    """The process ended, or a worker in it, before it answered.

    code is the exit code (minus the signal's number, where one killed it), printed the beginning of its output,
    broke what it took too much of.
    """

    code: int
    printed: str
    flooded: bool
    broke: str | None = None

    @property
    def stopped(self) -> bool:
        """Whether it would have gone on for long."""
        return self.flooded or self.broke is not None

    def failure(self, file: str) -> Failure:
        """The sentence for it."""
        if self.flooded:
            first = _first_lines(self.printed)
            return Failure(
                f"{file} printed more than a million characters and was stopped. It began with: {first}",
                "Look for a print inside a loop that does not end.",
            )
        if self.broke:
            return Failure(f"{file} {self.broke}, and was stopped.", _MODERATION[self.broke.split()[0]])
        if self.code == CUT_OFF:
            return Failure(
                f"{file} closed the pipes over which it is checked.",
                "Close only the files that you have opened.",
            )
        if self.code == -_SIGXCPU:
            return Failure(
                f"{file} took too much processor time, and was stopped.",
                "Look for a loop that does not end, in a process that it starts too.",
            )
        if self.code < 0:
            return Failure(
                f"The process that ran {file} was {exit_meaning(self.code)} before it could answer.",
                "Nothing that plain Python or JavaScript does should crash the process: look at what is called last.",
            )
        return Failure(
            f"{file} ended the process ({exit_meaning(self.code)}) before it could answer.",
            "Take out os._exit(), process.exit() and the like: what ends the process ends the check.",
        )


_SIGXCPU = getattr(signal, "SIGXCPU", 0)
_MODERATION = {
    "used": "Look for a list, a text or a buffer that grows without end.",
    "had": "Start as few as the statement asks for, wait for them to end, and reuse them.",
    "does": "It waits in a call that never returns, or in one that keeps the interpreter to itself.",
    "was": "Take out what sends signals: nobody is there to wake it again.",
}  # by the first word of what `mtlearn.limits.Guard` says


@dataclass(frozen=True)
class Hang:
    """The threads did not end in time.

    busy tells whether they used the processor; standing has name, line, source and function of each thread that
    stands in the learner's file; ended has the threads that an exception had ended by then.
    """

    busy: bool
    standing: Sequence[Place]
    ended: Sequence[Place]

    def failure(self, file: str) -> Failure:
        """The sentence for it, with each thread's line."""
        if not self.standing:
            return Failure(
                f"{file} does not answer, and no thread stands on a line of it.",
                "It waits in a call that never returns, for a promise that nobody settles, or in one that keeps "
                "the interpreter to itself.",
            )
        stands = "; ".join(_stands(thread) for thread in self.standing)
        left = "".join(f" {thread['name']} had ended with {exception(thread['raised'])}." for thread in self.ended)
        if self.busy:
            return Failure(
                f"Busy loop: it does not end, and keeps the processor busy. {stands}.{left}",
                "What must change for the loop to end, and which thread changes it?",
            )
        if len(self.standing) > 1:
            return Failure(
                f"Deadlock: every thread waits, and none goes on. {stands}.{left}",
                "Each waits for something that another holds. Which lock does each of them hold at that line?",
            )
        return Failure(
            f"Blocked: it waits, and nothing wakes it. {stands}.{left}",
            "Who should release or notify it? Did an exception or an early return skip that?",
        )


def not_loaded(answer: dict[str, Any] | Death | Hang, file: str, runtime: str) -> Failure | None:
    """Why a file could not be imported, or None when it could."""
    if isinstance(answer, Hang):
        failure = answer.failure(file)
        return Failure(
            f"{file} does not finish loading. {failure.message}",
            "What stands at the top level runs when the file is imported: keep it to definitions.",
        )
    if isinstance(answer, Death):
        failure = answer.failure(file)
        return Failure(f"While it was imported: {failure.message}", failure.help)
    if unproven := unreliable(answer, file):
        return unproven
    if "missing" in answer:
        return _missing(answer["missing"], answer["found"], file)
    if "raised" in answer:
        return _import_failure(answer["raised"], file, runtime)
    return None


def unreliable(answer: Mapping[str, Any], file: str) -> Failure | None:
    """Why an answer proves nothing, or None when it does."""
    if "orphaned" in answer:
        return Failure(
            f"{file} ended the process that had started it.",
            "Take out what sends signals to other processes, such as those to os.getppid() or process.ppid.",
        )
    if "replaced" in answer:
        names = [f"`{name}`" for name in answer["replaced"]]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return Unchecked(
            f"{file} has replaced {', '.join(names[:3])}{more}: what it does then cannot be observed",
            "Take that out, or put the original back before your function returns.",
        )
    if "garbled" in answer:
        return Unchecked(
            f"what {file} gave back is too large to be looked at", "Give back what the statement asks for."
        )
    return None


def _missing(missing: Sequence[str], found: Sequence[str], file: str) -> Failure:
    name = missing[0]
    near = difflib.get_close_matches(name, found, n=1)
    help = f"It has `{near[0]}`: is the name misspelt?" if near else "The statement says which names are needed."
    return Failure(f"{file} has no {' and no '.join(f'`{each}`' for each in missing)}.", help)


def _import_failure(raised: Mapping[str, Any], file: str, runtime: str) -> Failure:
    language = {"python": "Python", "node": "JavaScript"}[runtime]
    at = _at(raised)
    if raised["type"] in ("SyntaxError", "IndentationError", "TabError"):
        return Failure(f"{file} is not valid {language}: {raised['message']}{at}.", "Mend that line, then check again.")
    if raised["type"] == "SystemExit":
        return Failure(
            f"{file} calls sys.exit() while it is imported{at}; no check could run.",
            "Take it out: an exercise file only defines things.",
        )
    return Failure(
        f"{file} stops with {exception(raised)} while it is imported{at}.",
        "What stands at the top level runs before any check can: keep it to definitions.",
    )


def raised_by(raised: Mapping[str, Any], thread: str | None = None) -> Failure:
    """An exception that nothing in the exercise asks for."""
    who = f"{thread} ended with" if thread else "It ended with"
    if raised["type"] == "NotImplementedError" or raised["message"].startswith("not written yet"):
        return _not_written(raised)
    if raised["type"] == "SystemExit":
        return Failure(
            f"It calls sys.exit(){_at(raised)}.",
            "Return instead: an exit ends the thread, and proves nothing.",
        )
    return Failure(f"{who} {exception(raised)}{_at(raised)}.", "")


def _not_written(place: Place) -> Failure:
    return Failure(f"It is not written yet{_at(place)}.", "Read the statement, then fill in that function.")


_KINDS = {"deadlock": "Deadlock", "livelock": "Livelock", "busy loop": "Busy loop", "blocked": "Blocked"}


def broken_by(interleaving: dict[str, Any], help: str) -> Failure:
    """An order of steps that breaks the code, found by the explorer."""
    kind, message = interleaving["kind"], interleaving["message"]
    if kind == "exception" and "not written yet" in message:
        ended = [step for step in interleaving["steps"] if (step["note"] or "").startswith("ends")]
        return _not_written(ended[-1] if ended else {})
    if kind == "exception" and not message.startswith(("Thread ", NODE)):
        message = f"A thread ended with {message}"
    elif kind == "exception":
        message = message[0].upper() + message[1:]
    elif kind in _KINDS:
        message = f"{_KINDS[kind]}: {message}"
    return Failure(message.rstrip(".") + ".", help, interleaving)


def exception(raised: Mapping[str, Any]) -> str:
    """ "ValueError: too small", or just its type where it has no text."""
    return f"{raised['type']}: {raised['message']}".removesuffix(": ")


def _at(place: Place) -> str:
    return f", line {place['line']}: `{place['source']}`" if place.get("line") else ""


def _stands(thread: Place) -> str:
    return f"{thread['name']} stands at line {thread['line']}: `{thread['source']}`"


def _first_lines(printed: str) -> str:
    lines = [line.strip() for line in printed.splitlines() if line.strip()][:2]
    return " / ".join(lines)[:120]
