"""The judge's pytest plugin: checks in, results out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import msgspec
import pytest

from mtlearn.grading.subject import Subject
from mtlearn.grading.verdict import Breaking, CheckResult, Failure, Scope, Settled, Unchecked, Unwritten
from mtlearn.interleave.result import Result
from mtlearn.system.encoding import visible


class Collector:
    """Hands the subject to the checks.

    `results` are in the order of the checks; `broken` says why there are none; `interrupted` means Ctrl-C,
    and `stopped` is what `on_check` raised.
    """

    def __init__(self, subject: Subject, on_check: Callable[[CheckResult], None], only: str | None) -> None:
        self._only = only
        self.results: list[CheckResult] = []
        self.broken = ""
        self.interrupted = False
        self.stopped: BaseException | None = None
        self._on_check = on_check
        self._subject = subject

    @pytest.fixture
    def subject(self) -> Subject:
        """What a check asks: the process that runs the learner's file."""
        return self._subject

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the load check first; leave out those about the other language, and those that nobody asked for."""
        if items:
            loads = pytest.Function.from_parent(items[0].parent, name="test_loads", callobj=_loads)
            items.insert(0, loads)
        items[:] = [
            item for item in items if _is_about(item, self._subject.runtime) and self._only in (None, _name(item))
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """Turn what a check raised, or did not, into its result.

        Answers before pytest's own report, which would write out a traceback that nobody reads (0.1 s a failure).
        """
        if call.when == "call" or call.excinfo is not None:
            scopes, self._subject.scopes = self._subject.scopes, []
            result = replace(_result(item, call.excinfo.value if call.excinfo else None), scope=_scope(scopes))
            self.results.append(result)
            self._subject.failed |= result.status == "fail"
            self._tell(item, result)
        assert call.when != "collect"
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def _tell(self, item: pytest.Item, result: CheckResult) -> None:
        try:
            self._on_check(result)
        except BaseException as error:  # such as a pipe that nobody reads any more: no business of pytest's
            self.stopped = error
            item.session.shouldstop = "whoever listens has failed"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A checks file that does not load is the author's fault, and is reported as such."""
        if report.failed:
            self.broken = str(report.longrepr)[-500:]

    def pytest_keyboard_interrupt(self) -> None:
        """The learner pressed Ctrl-C."""
        self.interrupted = True


def _scope(scopes: list[Result]) -> Scope | None:
    """Several explorations of one check as one: it is worth what the weakest of them is worth."""
    if not scopes:
        return None
    weakest = min(scopes, key=lambda scope: _WORTH.index(scope.outcome))
    bounds = [scope.max_preemptions for scope in scopes]
    classes = [scope.classes for scope in scopes]
    return Scope(
        outcome=weakest.outcome,
        schedules=sum(scope.schedules for scope in scopes),
        max_preemptions=None if None in bounds else min(bound for bound in bounds if bound is not None),
        exhausted=all(scope.exhausted for scope in scopes),
        classes=None if None in classes else sum(number for number in classes if number is not None),
    )


LONGEST_MESSAGE = 900  # characters
_WORTH = ("refuted", "unchecked", "not refuted", "proven")


def _is_about(item: pytest.Item, runtime: str) -> bool:
    only = getattr(getattr(item, "function", None), "only", runtime)
    return bool(only == runtime)


def _loads(subject: Subject) -> None:
    """The file loads and has the names that are asked for."""
    subject.load()


def _name(item: pytest.Item) -> str:
    return item.name.removeprefix("test_")


def _result(item: pytest.Item, raised: BaseException | None) -> CheckResult:
    function = getattr(item, "function", None)
    label = (getattr(function, "__doc__", None) or item.name).strip().splitlines()[0].removesuffix(".")
    name = _name(item)
    if raised is None:
        return CheckResult(name, label, "pass")
    if isinstance(raised, Settled):
        return CheckResult(name, label, "pass", "this order of steps no longer breaks it")
    if isinstance(raised, Unchecked):
        return CheckResult(name, label, "unchecked", _told(raised.message), raised.help)
    if isinstance(raised, Failure):
        found = raised.interleaving and msgspec.convert(visible(msgspec.to_builtins(raised.interleaving)), Breaking)
        unwritten = isinstance(raised, Unwritten)
        return CheckResult(
            name, label, "fail", _told(raised.message), raised.help, interleaving=found, unwritten=unwritten
        )
    told = _told(f"the check itself failed with {type(raised).__name__}: {raised}")
    return CheckResult(name, label, "unchecked", told, "This is a fault of mtlearn, not of your file.")


def _told(message: str) -> str:
    """A message as a terminal may show it, and a person read it."""
    short = message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"
    shown: str = visible(short)
    return shown[:LONGEST_MESSAGE]
