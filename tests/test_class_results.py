"""What comes of a class that was graded: tables, files for other programs, a page, feedback, and what is alike."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest
from conftest import PATIENCE_S, ROOT, Mtlearn

from mtlearn.classroom.alike import alike
from mtlearn.classroom.formats import as_csv, as_json, as_junit, exercism, file_names, gradescope
from mtlearn.classroom.mistakes import Mistakes
from mtlearn.classroom.results import ClassDocument, results
from mtlearn.classroom.submission import Roll, Submission, Unplaced
from mtlearn.classroom.task import Graded
from mtlearn.course.content import load
from mtlearn.course.manifest import misconceptions
from mtlearn.course.mutants import find
from mtlearn.grading.verdict import Breaking, CheckResult, Scope, VerdictDocument
from mtlearn.interleave.trace import Step
from mtlearn.render import classroom as draw
from mtlearn.render.feedback import feedback
from mtlearn.render.web import class_page
from mtlearn.system.documents import written

pytest.importorskip("jinja2")
pytest.importorskip("junitparser")
COURSE = load()
EXERCISE = COURSE.exercise("5")
PLUS_EQUALS = find(EXERCISE, "plus_equals_is_atomic.py")
FOUND = Breaking(
    runtime="python",
    kind="check",
    message="1 update was lost",
    threads=("Thread A", "Thread B"),
    steps=(
        Step(0, "exercise.py", 7, "self.value += n", "read", "counter.value", "0"),
        Step(1, "exercise.py", 7, "self.value += n", "write", "counter.value", "1"),
        Step(0, "exercise.py", 7, "self.value += n", "write", "counter.value", "1"),
    ),
    waiting=(),
    schedule=(0, 1, 0),
    scenario="adding",
    params={},
)
PASS = CheckResult("loads", "The file loads", "pass", scope=Scope("proven", 12, exhausted=True))
FAIL = CheckResult(
    "adds_are_not_lost", "No update is lost", "fail", "1 update was lost.", "Use a lock.\x01", None, FOUND
)
OPEN = CheckResult("total_is_kept", "The total is kept", "unchecked", "the file </script><b> hangs", "")


def graded(*checks: CheckResult) -> Graded:
    """A verdict of these checks."""
    statuses = {check.status for check in checks}
    status = "fail" if "fail" in statuses else "pass" if statuses == {"pass"} else "error"
    document = VerdictDocument(
        exercise="exercise-5",
        runtime="python",
        file="exercise.py",
        status=status,  # type: ignore[arg-type]
        checks=checks,
        seconds=1.0,
    )
    return Graded(verdict=written(document))


@pytest.fixture
def document(tmp_path: Path) -> ClassDocument:
    """A class of five: passed, failed, failed like a known-wrong file, not checked, not graded."""
    outcomes = {
        "ada": ("a = 1", graded(PASS, PASS)),
        "=bob": ("b = 1", graded(PASS, FAIL)),
        "cy<b>": (PLUS_EQUALS.source(), graded(PASS, FAIL)),
        "di": ("d = 1", graded(OPEN, OPEN)),
        "eve": ("e = 1", Graded(problem="every worker that graded it died")),
    }
    submissions, contents, come = [], {}, {}
    for number, (student, (content, outcome)) in enumerate(outcomes.items()):
        path = tmp_path / f"{number}.py"
        path.write_text(content)
        each = Submission(student, "exercise-5", "python", f"{number}.py", path)
        submissions.append(each)
        contents[each], come[each] = content.encode(), outcome
    lost = Unplaced("help.py", "neither its name nor its folders tell the exercise")
    return results(Roll(tuple(submissions), (lost,)), contents, come, COURSE)


def test_how_it_came_out(document: ClassDocument) -> None:
    """Each file has its points, and what it seems to believe; what was not graded or placed is counted."""
    told = [(each.status, each.points, each.of) for each in document.results]
    assert told == [("pass", 2, 2), ("fail", 1, 2), ("fail", 1, 2), ("error", 0, 2), ("not graded", 0, 0)]
    assert document.ungraded == 2
    mistake = document.results[2].mistake
    assert mistake
    assert (mistake.check, mistake.numbers, mistake.sure) == ("adds_are_not_lost", (14, 15), False)
    belief = next(each for each in document.beliefs if each.number == 14)
    known = next(each for each in misconceptions(ROOT / "lessons") if each.number == 14)
    assert (belief.says, belief.so) == (known.says, known.so)
    assert belief.among == 4


@pytest.mark.parametrize("name", ["plus_equals_is_atomic.py", "a_lock_per_call.py"])
def test_a_known_mistake_is_known(name: str) -> None:
    """A known-wrong file is seen to hold its own mistake, also where others fail in the same way."""
    mutant = find(EXERCISE, name)
    check = CheckResult(mutant.fails, "", "fail", f"1 update was {mutant.says}")
    verdict = VerdictDocument(
        exercise="exercise-5", runtime="python", file="", status="fail", checks=(check,), seconds=0.0
    )
    mistake = Mistakes().of(verdict, EXERCISE, mutant.source().encode())
    assert mistake
    assert (mistake.says, mistake.numbers) == (mutant.misconception, mutant.misconceptions)


# -- files for other programs -----------------------------------------------------


def test_json(document: ClassDocument) -> None:
    """The JSON has the shape of its schema."""
    schema = json.loads((ROOT / "docs" / "schemas" / "class.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(as_json(document)))


def test_csv(document: ClassDocument) -> None:
    """The CSV has a line for each file, and nothing in it that a spreadsheet would run."""
    rows = list(csv.DictReader(io.StringIO(as_csv(document))))
    assert [row["student"] for row in rows] == ["ada", "'=bob", "cy<b>", "di", "eve"]
    assert rows[2]["misconceptions"] == "14 15"
    assert [row["points"] for row in rows] == ["2", "1", "1", "0", "0"]
    assert rows[4]["note"] == "every worker that graded it died"


def test_junit(document: ClassDocument) -> None:
    """The JUnit XML is XML, whatever a student's name has in it, with a suite a file and a case a check."""
    suites = ET.fromstring(as_junit(document)).findall("testsuite")
    counted = [(suite.get("tests"), suite.get("failures"), suite.get("errors")) for suite in suites]
    assert counted == [("2", "0", "0"), ("2", "1", "0"), ("2", "1", "0"), ("2", "0", "2"), ("1", "0", "1")]
    failure = suites[1].findall("testcase")[1].find("failure")
    assert failure is not None
    assert "Thread B  line 7: self.value += n" in (failure.text or "")


def test_gradescope(document: ClassDocument) -> None:
    """Each student gets a results.json as Gradescope wants it: a score, and a test for each check."""
    files = {str(path): json.loads(text) for path, text in gradescope(document)}
    assert list(files) == [f"{name}/results.json" for name in ("ada", "_bob", "cy_b_", "di", "eve")]
    bob = files["_bob/results.json"]
    assert bob["score"] == 1
    assert [(test["score"], test["max_score"], test["status"]) for test in bob["tests"]] == [
        (1, 1, "passed"),
        (0, 1, "failed"),
    ]
    assert bob["tests"][1]["output"].startswith("1 update was lost.")


def test_exercism(document: ClassDocument) -> None:
    """Each file gets a results.json of version 3, as exercism's test runners write it."""
    files = [json.loads(text) for _, text in exercism(document)]
    assert [(each["version"], each["status"]) for each in files] == [
        (3, "pass"),
        (3, "fail"),
        (3, "fail"),
        (3, "error"),
        (3, "error"),
    ]
    assert [test["status"] for test in files[1]["tests"]] == ["pass", "fail"]
    assert files[3]["message"] == "the file </script><b> hangs"
    assert files[4]["message"] == "every worker that graded it died"


def test_names_of_files() -> None:
    """Students whose names differ only in what a file's name cannot hold get files of their own."""
    assert file_names(("a/b", "a_b", "A_B", "..", "ø")) == {
        "a/b": "a_b",
        "a_b": "a_b-2",
        "A_B": "A_B-3",
        "..": "nobody",
        "ø": "ø",
    }


# -- for people -------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 80])
def test_the_table(document: ClassDocument, width: int) -> None:
    """The table on the terminal has each student's points, and what several files point to, at any width."""
    from rich.console import Console

    console = Console(width=width, record=True, file=io.StringIO(), highlight=False)
    console.print(draw.results(document, width))
    text = console.export_text()
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    assert "1 of 2" in text
    assert "2 could not be graded or placed" in " ".join(text.split())


def test_feedback(document: ClassDocument) -> None:
    """A student's feedback has what failed, with the order of steps and the first hint, then what passed."""
    text = feedback("=bob", [document.results[1]], {"exercise-5": "Look at `+=`."})
    assert text.index("No update is lost") < text.index("Thread A") < text.index("The file loads")
    assert "### A hint\n\nLook at `+=`." in text
    assert "No order of steps breaks it (12 schedules)" in text
    assert "A hint" not in feedback("ada", [document.results[0]], {"exercise-5": "Look at `+=`."})


def test_the_page(document: ClassDocument) -> None:
    """The page is whole: it loads nothing, escapes what students wrote, and links each cell to its verdict."""
    page = class_page(document)
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "</script><b>" not in page
    assert 'href="#v2-adds_are_not_lost"' in page
    assert 'id="v2-adds_are_not_lost"' in page
    assert "Thread A" in page
    assert "every worker that graded it died" in page


# -- alike ------------------------------------------------------------------------


def alike_class(tmp_path: Path, **files: str) -> list[Submission]:
    """Submissions for exercise 5 with these contents."""
    found = []
    for student, content in files.items():
        path = tmp_path / f"{student}.py"
        path.write_text(content)
        found.append(Submission(student, "exercise-5", "python", path.name, path))
    return found


OWN = '''
class SharedCounter:
    """Counts with a ledger of parts, one for each thread that ever adds."""

    def __init__(self):
        self.parts = {}
        self.guard = threading.Lock()

    def add(self, n=1):
        with self.guard:
            before = self.parts.get(threading.get_ident(), 0)
            self.parts[threading.get_ident()] = before + n

    @property
    def value(self):
        with self.guard:
            return sum(part for part in self.parts.values())
'''


def test_alike(tmp_path: Path) -> None:
    """Two files that differ in names and comments alone are alike; the starter and the reference count for nothing."""
    pytest.importorskip("copydetect")
    reference = EXERCISE.solution("python").read_text(encoding="utf-8")
    files = {
        "ada": OWN,
        "bob": OWN.replace("parts", "shares").replace("before", "old").replace("guard", "key"),
        "cy": reference,
        "di": reference,
        "eve": EXERCISE.starter("python").read_text(encoding="utf-8"),
        "finn": "",
    }
    (pair,) = alike(alike_class(tmp_path, **files), COURSE)
    assert (pair.first.student, pair.second.student) == ("ada", "bob")
    assert pair.share > 0.9
    marked = [line.text.strip() for line in pair.first.lines if line.alike]
    assert "before = self.parts.get(threading.get_ident(), 0)" in marked


def test_the_commands(tmp_path: Path, mtlearn: Mtlearn) -> None:
    """`class similar` ranks the pairs and puts them on the page; `class feedback` says what is not graded yet."""
    pytest.importorskip("copydetect")
    for student in ("ada", "bob"):
        (tmp_path / "all" / student).mkdir(parents=True)
        (tmp_path / "all" / student / "exercise_05.py").write_text(OWN)
    ended = mtlearn("class", "similar", tmp_path / "all", "--write", tmp_path / "page.html", patience=6 * PATIENCE_S)
    assert ended.code == 0, ended.stderr
    assert "100 %" in ended.stdout
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<mark>" in page
    assert "copied" not in page + ended.stdout
    ended = mtlearn("class", "feedback", tmp_path / "all")
    assert ended.code == 1
    assert "2 files are not graded yet" in ended.stdout
