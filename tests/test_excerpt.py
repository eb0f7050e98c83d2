"""mtlearn.course.excerpt and mtlearn.render.code: the lines of a script that matter, and how they are shown."""

from __future__ import annotations

import ast
import io
import re

import pytest
from rich.cells import cell_len

from mtlearn.course.content import load
from mtlearn.course.excerpt import Excerpt, excerpts, readable
from mtlearn.course.lesson import Demo, Lesson
from mtlearn.render.code import code
from mtlearn.render.screen import make_screen

SCRIPT = '''
before()
# region two ways
def f():
    """Tell."""
    x = 1  # noqa: F841 - told too early

    # region-like talk
    return x  # because  # <-


def g(): ...
# endregion
after()
    // region inside
    a();
    b('http://x'); // <-
    // endregion
'''

MARKED = [(lesson, demo, kind) for lesson in load().lessons() for demo in lesson.demos for kind in demo.runtimes]


def test_excerpts() -> None:
    """What stands between the marks is cut out, moved to the left; the line that decides is known without its mark."""
    first, second = excerpts(SCRIPT)
    assert (first.name, first.decisive) == ("two ways", (5,))
    assert first.lines[0] == "def f():"
    assert first.lines[5] == "    return x  # because"
    assert second == Excerpt("inside", ("a();", "b('http://x');"), (1,))
    assert [line for line, _ in first.bare] == [
        "def f():", "    x = 1", "", "    return x", "", "def g(): ...",
    ]  # fmt: skip
    assert [line for line, decides in first.bare if decides] == ["    return x"]
    assert first.has("two")
    assert first.has("x = 1")
    assert not first.has("after")


@pytest.mark.parametrize(("lesson", "demo", "kind"), MARKED, ids=lambda each: getattr(each, "name", None))
def test_every_experiment_shows_its_lines(lesson: Lesson, demo: Demo, kind: str) -> None:
    """An experiment shows a few lines of each of its scripts, and one of them, at least, decides."""
    found = lesson.excerpts(demo, kind)
    assert found
    for excerpt in found:
        assert excerpt.decisive
        assert len(list(excerpt.bare)) <= 16


@pytest.mark.parametrize(("lesson", "demo", "kind"), MARKED, ids=lambda each: getattr(each, "name", None))
def test_a_script_as_it_is_read(lesson: Lesson, demo: Demo, kind: str) -> None:
    """A learner sees a script without marks and without words to linters; it is a program still."""
    source = lesson.source(demo, kind)
    assert not re.search("noqa|fmt: skip|endregion|<-$", source, re.MULTILINE)
    if kind == "python":
        assert ast.dump(ast.parse(source)) == ast.dump(ast.parse(lesson.script(demo, kind).read_text("utf-8")))


def test_a_reason_is_kept() -> None:
    """What a comment to a linter says to people is left."""
    script = "f()  # noqa: F841 - told too early\nx  # fmt: skip\ny = 1  # noqa"
    assert readable(script) == "f()  # told too early\nx\ny = 1"


@pytest.mark.parametrize("width", [38, 79, 119])
def test_side_by_side(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The languages stand side by side where there is room, else one below the other; nothing is cut."""
    monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    make_screen(stream).console.print(
        code([("python", excerpts(SCRIPT)[:1]), ("node", excerpts(SCRIPT)[1:])], width, False)
    )
    lines = stream.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= width
    assert ("Node.js" in lines[0]) is (width >= 100)
    assert any("›     return x" in line for line in lines)
    assert any("› b('http://x');" in line for line in lines)
