"""The results as other programs want them: CSV, JUnit XML, Gradescope's results.json and exercism's."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mtlearn.classroom.results import ClassDocument
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.verdict import CheckResult
from mtlearn.system.documents import written

COLUMNS = ("student", "exercise", "runtime", "file", "status", "points", "of", "misconceptions", "says", "note")
LONGEST = 65_535  # characters that exercism takes of a message
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def as_csv(document: ClassDocument) -> str:
    """A line for each file."""
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(
        ["student", "exercise", "runtime", "file", "status", "points", "of", "misconceptions", "says", "note"]
    )
    for each in document.results:
        mistake = each.mistake
        numbers = " ".join(map(str, mistake.numbers)) if mistake else ""
        told = [each.student, each.exercise, each.runtime, each.file, each.status]
        told += [str(each.points), str(each.of), numbers, mistake.says if mistake else ""]
        told.append(each.problem or each.note)
        rows.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in told])
    return _utf8(stream.getvalue())


def as_json(document: ClassDocument) -> str:
    """The document itself: docs/schemas/class.json."""
    return written(document) + "\n"


def as_junit(document: ClassDocument) -> str:
    """JUnit XML: a suite for each file, a case for each check."""
    try:
        from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite
    except ImportError as error:
        raise MtlearnError(
            "JUnit XML is written by junitparser, which is not installed.",
            f"There is no module {error.name}.",
            "pip install 'mtlearn[class]'",
            ExitCode.ENVIRONMENT,
        ) from error
    xml = JUnitXml("mtlearn")
    for each in document.results:
        suite = TestSuite(_xml(f"{each.student}: {each.exercise} ({each.runtime})"))
        for check in each.verdict.checks if each.verdict else ():
            case = TestCase(_xml(check.label), _xml(f"{each.student}.{each.exercise}.{each.runtime}"))
            if check.status != "pass":
                problem = (Failure if check.status == "fail" else Error)(_xml(check.message), check.status)
                problem.text = _xml(_told(check))
                case.result = [problem]
            suite.add_testcase(case)
        if each.verdict is None:
            case = TestCase("can be graded", _xml(f"{each.student}.{each.exercise}.{each.runtime}"))
            case.result = [Error(_xml(each.problem), "not graded")]
            suite.add_testcase(case)
        elif each.verdict:
            suite.time = each.verdict.seconds or 0.0
        xml.add_testsuite(suite)
    text: bytes = xml.tostring()  # type: ignore[no-untyped-call]
    return text.decode()


FORMATS: Mapping[str, Callable[[ClassDocument], str]] = {".csv": as_csv, ".json": as_json, ".xml": as_junit}


def gradescope(document: ClassDocument) -> Iterator[tuple[Path, str]]:
    """For each student a file as Gradescope's autograder leaves it: every check is a test, worth a point."""
    for student, name in file_names(document.students).items():
        tests: list[dict[str, Any]] = []
        for each in (result for result in document.results if result.student == student):
            for check in each.verdict.checks if each.verdict else ():
                passed = check.status == "pass"
                tests.append(
                    {
                        "name": f"{each.exercise} ({each.runtime}): {check.label}",
                        "score": int(passed),
                        "max_score": 1,
                        "status": "passed" if passed else "failed",
                        "output": "" if passed else _told(check),
                    }
                )
            if each.verdict is None:
                problem = {"score": 0, "max_score": 1, "status": "failed", "output": each.problem}
                tests.append({"name": f"{each.exercise} ({each.runtime}): could not be graded", **problem})
        score = sum(test["score"] for test in tests)
        told = {"score": score, "stdout_visibility": "hidden", "tests": tests}
        yield Path(name, "results.json"), json.dumps(told, indent=1) + "\n"


def exercism(document: ClassDocument) -> Iterator[tuple[Path, str]]:
    """For each file a results.json of version 3, as exercism's test runners write it."""
    names = file_names(document.students)
    for each in document.results:
        told: dict[str, Any] = {"version": 3, "status": "error", "message": each.problem, "tests": []}
        if each.verdict and (each.points or each.status == "fail"):
            status = "pass" if each.status == "pass" else "fail"
            tests = [_exercism_test(check) for check in each.verdict.checks]
            told = {"version": 3, "status": status, "message": None, "tests": tests}
        elif each.verdict:
            told["message"] = next(check.message for check in each.verdict.checks if check.message)[:LONGEST]
        yield Path(names[each.student], f"{each.exercise}-{each.runtime}", "results.json"), json.dumps(told, indent=1)


def _exercism_test(check: CheckResult) -> dict[str, Any]:
    status = {"pass": "pass", "fail": "fail", "unchecked": "error"}[check.status]
    told = {"name": check.label, "status": status, "test_code": f"test_{check.name}"}
    return told if check.status == "pass" else {**told, "message": _told(check)[:LONGEST]}


def _told(check: CheckResult) -> str:
    """What was seen, what may help, and the order of steps."""
    steps = str(check.interleaving) if check.interleaving else ""
    return "\n\n".join(filter(None, (check.message, steps, check.help)))


def file_names(students: tuple[str, ...]) -> dict[str, str]:
    """A name for each student's file or folder, safe on every system and each another."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        plain = re.sub(r"[^\w .@+-]", "_", student).strip(" .") or "nobody"
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.casefold())
        names[student] = name
    return names


_NOT_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def _xml(text: str) -> str:
    """What XML can hold."""
    return _NOT_XML.sub("\ufffd", text)


def _utf8(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return text.encode(errors="replace").decode()
