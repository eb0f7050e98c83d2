"""mtlearn.course.outline: what lists and completion need of the course, kept beside its sources."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from mtlearn.course.content import Course, load
from mtlearn.course.lesson import Predict
from mtlearn.course.quiz import Quiz
from mtlearn.errors import MtlearnError


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A course of one lesson and one exercise, in a folder of its own."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    unkept = shutil.ignore_patterns("__pycache__")
    for name in ("lessons/lesson_03", "lessons/scenes", "exercises/exercise_03"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unkept)
    shutil.copy(ROOT / "lessons" / "misconceptions.toml", tmp_path / "lessons")
    return Course(tmp_path)


def kept(course: Course) -> Path:
    """Where the outline is kept."""
    return course.root / "lessons" / "__pycache__" / "outline.json"


def test_all_that_the_course_has() -> None:
    """The outline says of every lesson, demo, question, exercise and scene what the course itself says."""
    course, outline = load(), load().outline()
    for lesson, known in zip(course.lessons(), outline.lessons, strict=True):
        assert (known.number, known.title) == (lesson.number, lesson.title)
        assert list(known.steps) == [step.key for step in lesson.steps]
        assert list(known.predictions) == [step.key for step in lesson.steps if isinstance(step, Predict)]
        asked = [each for step in lesson.steps if isinstance(step, Quiz) for each in step.questions]
        assert [(q.text, q.right, q.misconceptions) for q in known.questions] == [
            (q.text, q.right, q.misconceptions) for q in asked
        ]
        assert [(demo.name, demo.shows) for demo in known.demos] == [(demo.name, demo.shows) for demo in lesson.demos]
    assert [(each.task, each.name, each.title, each.explored) for each in outline.exercises] == [
        (each.task, each.name, each.title, each.explored) for each in course.exercises()
    ]
    assert [(each.name, each.shows) for each in outline.scenes] == [(each.name, each.about) for each in course.scenes()]


def test_it_is_worked_out_once(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second command finds the outline that the first has kept, and loads no lesson; anybody may read the file."""
    made = course.outline()
    assert kept(course).stat().st_mode & 0o777 == 0o644
    assert [file.name for file in kept(course).parent.glob("outline*")] == ["outline.json"]
    monkeypatch.setattr(Course, "lessons", lambda self: pytest.fail("the lessons were loaded"))
    assert course.outline() == made


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("lessons/lesson_03/lesson.py", "3,", "3,  # changed"),
        ("lessons/lesson_03/quiz.toml", "[[question]]", "# changed\n[[question]]"),
        ("lessons/misconceptions.toml", "[[misconception]]", "# changed\n[[misconception]]"),
        ("exercises/exercise_03/exercise.toml", 'title = "', 'title = "Changed: '),
    ],
)
def test_a_change_is_seen(course: Course, file: str, old: str, new: str) -> None:
    """When a file of the course has changed, so has the outline: an old one is never taken."""
    course.outline()
    before = kept(course).read_bytes()
    path = course.root / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    outline = course.outline()
    assert kept(course).read_bytes() != before
    assert outline.exercises[0].title.startswith("Changed: ") == ("exercise" in file)


@pytest.mark.parametrize("content", [b"", b"{", b'{"sources": "0", "outline": {}}', b"\xff"])
def test_a_damaged_one_is_made_again(course: Course, content: bytes) -> None:
    """A file that was cut off or written by something else is replaced, and nobody notices."""
    made = course.outline()
    kept(course).write_bytes(content)
    assert course.outline() == made
    assert kept(course).read_bytes() != content


def test_where_it_cannot_be_kept(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the folder cannot be written, or no bytecode is wanted, the outline is worked out each time."""
    (course.root / "lessons" / "__pycache__").touch()
    assert course.outline().lessons[0].number == 3
    kept(course).parent.unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert course.outline().lessons[0].number == 3
    assert not kept(course).exists()


def test_a_damaged_course_is_told(course: Course) -> None:
    """A lesson that cannot be loaded is an error that names its file, also when an outline is kept."""
    course.outline()
    (course.root / "lessons" / "lesson_03" / "quiz.toml").write_text("question = 1\n", encoding="utf-8")
    with pytest.raises(MtlearnError, match=r"quiz\.toml"):
        course.outline()
