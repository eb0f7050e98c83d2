"""The judge: runs an exercise's checks with pytest, in this process, on what the subject answers."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.process import Bounds
from mtlearn.grading.subject import Subject
from mtlearn.grading.subjects import subject as open_subject
from mtlearn.grading.verdict import CheckResult, Replay, Unchecked, Verdict
from mtlearn.system.encoding import visible

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise

BELIEVED = "What was seen of the file is what it does"
# Only what running plain functions needs: an ancestor's conftest.py or pytest.ini has no say, and start-up is short.
_LEFT_OUT = ("cacheprovider", "terminal", "doctest", "junitxml", "pastebin", "stepwise", "logging", "debugging",
             "faulthandler", "unraisableexception", "threadexception", "warnings", "setuponly", "setupplan",
             "nose", "legacypath", "recwarn", "monkeypatch", "tmpdir", "subtests")  # fmt: skip


def grade(
    exercise: Exercise,
    file: Path,
    runtime: str,
    executable: Path,
    on_check: Callable[[CheckResult], None] = lambda result: None,
    replay: Replay | None = None,
    only: str | None = None,
    bounds: Bounds | None = None,
    unknown: Unchecked | None = None,
) -> Verdict:
    """Grade one file; `on_check` sees each result as soon as it is known.

    The learner's file, a reference solution and a known-wrong file all come this way. `runtime` is "python" or
    "node", `executable` what runs it. With `replay`, only that order of steps is run again; with `only`, the check of
    that name alone. `unknown` says why nothing can be checked in this runtime: then nothing is run.
    Raises MtlearnError when the file cannot be read, or the checks are broken.
    """
    started = time.perf_counter()
    scenarios, terms = exercise.scenarios(runtime), exercise.terms(runtime)
    subject = open_subject(
        runtime, file, scenarios, executable, replay=replay, bounds=bounds, terms=terms, unknown=unknown
    )
    try:
        results = _run_checks(exercise.checks, subject, on_check, replay.check if replay else only)
        if all(result.status == "pass" for result in results) and (doubt := subject.doubt()):
            told = CheckResult("can_be_believed", BELIEVED, "unchecked", visible(doubt.message), doubt.help)
            results.append(told)
            on_check(told)
    finally:
        subject.close()
    if after := subject.source.after():
        results.append(after)
        on_check(after)
    took = None if replay else time.perf_counter() - started
    return Verdict(exercise.name, runtime, file, tuple(results), took)


def until_refuted(
    checks: Path, subject: Subject, on_check: Callable[[CheckResult], None], only: str | None = None
) -> None:
    """Run checks, or the one of that name, up to one that finds an order which breaks the file: `subject.refuted`."""

    def see(result: CheckResult) -> None:
        on_check(result)
        if result.interleaving:
            raise _Enough

    with suppress(_Enough):
        _run_checks(checks, subject, see, only)


class _Enough(Exception):
    """Ends the checks."""


def _run_checks(
    checks: Path, subject: Subject, on_check: Callable[[CheckResult], None], only: str | None
) -> list[CheckResult]:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["PYTEST_ADDOPTS"] = os.environ["PYTEST_PLUGINS"] = ""
    sys.dont_write_bytecode = True
    sys.modules.pop(checks.stem, None)  # those of another exercise, graded before in this process
    # Imported only now: pytest takes as long to import as the subject takes to start, and the two overlap.
    import pytest

    from mtlearn.grading.collector import Collector

    collector = Collector(subject, on_check, only)
    options = ["-c", os.devnull, "--rootdir", str(checks.parent), "--confcutdir", str(checks.parent),
               "--capture=no", "--assert=plain"]  # fmt: skip
    for plugin in _LEFT_OUT:
        options += ["-p", f"no:{plugin}"]
    pytest.main([*options, str(checks)], plugins=[collector])
    if collector.stopped:  # first: pytest tells of this as an interruption too
        raise collector.stopped
    if collector.interrupted and not collector.broken:  # pytest "interrupts" itself where a file does not load
        raise KeyboardInterrupt
    if collector.broken or not collector.results:
        raise MtlearnError(
            f"The checks in {checks} are broken.",
            collector.broken or "There is no check in it.",
            "Install mtlearn again: pip install --force-reinstall mtlearn",
            ExitCode.USAGE,
        )
    return collector.results
