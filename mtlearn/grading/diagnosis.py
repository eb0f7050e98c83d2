"""What went wrong, in sentences a learner can use: an import that fails, an exit, a flood of output, a hang."""

from __future__ import annotations

import difflib
import signal
from dataclasses import dataclass
from typing import Any

from mtlearn.grading.evidence import (
    Asked,
    Evidence,
    Hang,
    Loaded,
    Missing,
    Orphaned,
    Raised,
    Replaced,
    Stands,
    Threw,
)
from mtlearn.grading.verdict import Breaking, Failure, Unchecked, Unwritten
from mtlearn.interleave.trace import Interleaving
from mtlearn.system.limits import Breach, Excess
from mtlearn.system.processes import exit_meaning

CUT_OFF = 97  # the exit code of a subject that lost its pipes


@dataclass(frozen=True)
class Death:
    """The process ended, or a worker in it, before it answered.

    code is the exit code (minus the signal's number, where one killed it), printed the beginning of its output,
    broke what it took too much of.
    """

    code: int
    printed: str
    flooded: bool
    broke: Breach | None = None

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
            return Failure(f"{file} {self.broke.told}, and was stopped.", _MODERATION[self.broke.what])
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
    Excess.MEMORY: "Look for a list, a string or a buffer that grows without end.",
    Excess.TASKS: "Start as few as the statement asks for, wait for them to end, and reuse them.",
    Excess.SILENCE: "It waits in a call that never returns, or in one that keeps the interpreter to itself.",
    Excess.STOPPED: "Take out what sends signals: nothing is there to wake it again.",
}


@dataclass(frozen=True)
class Forged:
    """Something came over the subject's channel that the subject has not sent."""


@dataclass(frozen=True)
class TooLarge:
    """An answer of which no end was seen."""


def hang_failure(hang: Hang, file: str) -> Failure:
    """The sentence for threads that did not end, with the line of each."""
    awaits = "".join(f" {_awaits(coroutine)}." for coroutine in hang.awaiting)
    if not hang.standing and awaits:
        return Failure(
            f"Blocked: it awaits, and nothing settles that.{awaits}",
            "Who should set that result, and is it still running? A task that was dropped or failed settles nothing.",
        )
    if not hang.standing:
        return Failure(
            f"{file} does not answer, and no thread is in its code.",
            "It waits in a call that never returns, for a promise that nothing settles, or in one that keeps "
            "the interpreter to itself.",
        )
    stands = "; ".join(_stands(thread) for thread in hang.standing)
    left = "".join(f" {thread.name} had ended with {thread.raised.told}." for thread in hang.ended if thread.raised)
    left += awaits
    if hang.moving:
        return Failure(
            f"It runs many times longer than usual, and what it shares still changes. {stands}.{left}",
            "What must become true for it to end? Either it never does, or each step towards it takes too long.",
        )
    if hang.busy:
        return Failure(
            f"Busy loop: it does not end, and keeps the processor busy. {stands}.{left}",
            "What must change for the loop to end, and which thread changes it?",
        )
    if len(hang.standing) > 1:
        return Failure(
            f"Deadlock: every thread waits, and none goes on. {stands}.{left}",
            "Each waits for something that another holds. Which lock does each of them hold at that line?",
        )
    return Failure(
        f"Blocked: it waits, and nothing wakes it. {stands}.{left}",
        "Who should release or notify it? Did an exception or an early return skip that?",
    )


def not_loaded(answer: Evidence | Death | Forged | TooLarge, file: str, runtime: str) -> Failure | None:
    """Why a file could not be imported, or None when it could."""
    if isinstance(answer, Hang):
        failure = hang_failure(answer, file)
        return Failure(
            f"{file} does not finish loading. {failure.message}",
            "What stands at the top level runs when the file is imported: keep it to definitions.",
        )
    if isinstance(answer, Death):
        failure = answer.failure(file)
        return Failure(f"While it was imported: {failure.message}", failure.help)
    if unproven := unreliable(answer, file):
        return unproven
    if isinstance(answer, Missing):
        return _missing(answer, file)
    if isinstance(answer, Threw):
        return _import_failure(answer.raised, file, runtime)
    return None if isinstance(answer, Loaded) else forged(file)


def unreliable(answer: Evidence | Forged | TooLarge, file: str) -> Failure | None:
    """Why an answer proves nothing, or None when it does."""
    if isinstance(answer, Forged):
        return forged(file)
    if isinstance(answer, Orphaned):
        return Failure(
            f"{file} ended the process that had started it.",
            "Take out what sends signals to other processes, such as those to os.getppid() or process.ppid.",
        )
    if isinstance(answer, Replaced):
        names = [f"`{name}`" for name in answer.names]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return Unchecked(
            f"{file} has replaced {', '.join(names[:3])}{more}: what it does then cannot be observed",
            "Take that out, or put the original back before your function returns.",
        )
    if isinstance(answer, Asked):
        return watched_for(file, answer.line, answer.what)
    if isinstance(answer, TooLarge):
        return Unchecked(
            f"what {file} gave back is too large to be looked at", "Give back what the statement asks for."
        )
    return None


def forged(file: str) -> Unchecked:
    """The verdict on a file that answers for the subject."""
    return Unchecked(
        f"{file} wrote into mtlearn's channel: not graded",
        "Write only to files that you have opened. What mtlearn hears over its own channel must come from mtlearn.",
    )


def interferes(file: str) -> Unchecked:
    """The verdict on a file whose runs do not fit the plans under which they were made."""
    return Unchecked(
        f"{file} interferes with the order of its steps: not graded",
        "Leave mtlearn's own modules alone: what they report about your file must be true.",
    )


def otherwise(file: str) -> Unchecked:
    """The verdict on a file that behaves differently in another process."""
    return Unchecked(
        f"{file} behaves differently in another process: the same order of steps gave another result",
        "The result of a run must not depend on the process it runs in, or on earlier runs.",
    )


_MAKES_CODE = {"exec", "compile", "code.__new__", "function.__new__", "marshal.loads"}


def watched_for(file: str, line: int, what: str) -> Unchecked:
    """The verdict on a file that may do otherwise when nobody watches."""
    if what in _MAKES_CODE:
        return Unchecked(
            f"could not be checked: line {line} of {file} makes code while it runs (`{what}`), which is not followed",
            "Write that code into the file itself.",
        )
    return Unchecked(
        f"could not be checked: line {line} of {file} asks for `{what}`, which tells whether it is being watched",
        "Take that out: a file must do the same whether it is watched or not.",
    )


def _missing(answer: Missing, file: str) -> Failure:
    near = difflib.get_close_matches(answer.missing[0], answer.found, n=1)
    help = f"It has `{near[0]}`: is the name misspelt?" if near else "The statement says which names are needed."
    return Failure(f"{file} has no {' and no '.join(f'`{each}`' for each in answer.missing)}.", help)


def _import_failure(raised: Raised, file: str, runtime: str) -> Failure:
    language = {"python": "Python", "node": "JavaScript"}[runtime]
    at = _at(raised)
    if raised.type in ("SyntaxError", "IndentationError", "TabError"):
        return Failure(f"{file} is not valid {language}: {raised.message}{at}.", "Fix that line, then check again.")
    if raised.type == "SystemExit":
        return Failure(
            f"{file} calls sys.exit() while it is imported{at}; no check could run.",
            "Take it out: an exercise file only defines things.",
        )
    return Failure(
        f"{file} stops with {raised.told} while it is imported{at}.",
        "What stands at the top level runs before any check can: keep it to definitions.",
    )


LACKS_PSUTIL = "ModuleNotFoundError: No module named 'psutil'"


def raised_by(raised: Raised, thread: str | None = None) -> Failure:
    """An exception that nothing in the exercise asks for."""
    who = f"{thread} ended with" if thread else "It ended with"
    if raised.unwritten:
        return _not_written(_at(raised))
    if raised.type == "SystemExit":
        return Failure(
            f"It calls sys.exit(){_at(raised)}.",
            "Return instead: an exit ends the thread, and proves nothing.",
        )
    if raised.line is None and raised.told == LACKS_PSUTIL:  # the scenario needs it, and not the file
        return Unchecked("not run, because this Python lacks psutil", "Install it there, or leave --runtime out.")
    return Failure(f"{who} {raised.told}{_at(raised)}.", "")


def _not_written(at: str) -> Unwritten:
    return Unwritten(f"It is not written yet{at}.", "Read the statement, then fill in that function.")


_KINDS = {"deadlock": "Deadlock", "livelock": "Livelock", "busy loop": "Busy loop", "blocked": "Blocked"}


def broken_by(found: Interleaving, scenario: str, params: dict[str, Any], help: str) -> Failure:
    """An order of steps that breaks the code, found by the explorer in a scenario."""
    message = found.message
    if found.thrown and found.thrown.unwritten:
        ended = [step for step in found.steps if step.event == "ends"]
        return _not_written(f", line {ended[-1].line}: `{ended[-1].source}`" if ended else "")
    if found.thrown:
        who = "It" if found.thrown.thread is None else found.threads[found.thrown.thread]
        message = f"{who} ended with {found.thrown.text}"
    elif found.kind == "exception":
        message = message[0].upper() + message[1:]
    elif found.kind in _KINDS:
        message = f"{_KINDS[found.kind]}: {message}"
    return Failure(message.rstrip(".") + ".", help, Breaking.of(found, scenario, params))


def _at(raised: Raised) -> str:
    return f", line {raised.line}: `{raised.source}`" if raised.line else ""


def _stands(thread: Stands) -> str:
    return f"{thread.name} stands at line {thread.line}: `{thread.source}`"


def _awaits(coroutine: Stands) -> str:
    return f"`{coroutine.name}` awaits at line {coroutine.line}: `{coroutine.source}`"


def _first_lines(printed: str) -> str:
    lines = [line.strip() for line in printed.splitlines() if line.strip()][:2]
    return " / ".join(lines)[:120]
