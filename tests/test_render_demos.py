"""Every demo of the course as it is shown: whole words, whole figures, one screen before its details."""

from __future__ import annotations

import io

import pytest
from recordings import recorded
from rich.cells import cell_len

from mtlearn.course.content import load
from mtlearn.course.lesson import Demo
from mtlearn.render import demo as draw
from mtlearn.render import lesson as draw_lesson
from mtlearn.render.screen import make_screen
from mtlearn.render.table import Cell, layout, wrapped

DEMOS = {demo.name: demo for lesson in load().lessons() for demo in lesson.demos}


def shown(demo: Demo, width: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """The lines of a demo on a screen of this width, its details apart."""
    monkeypatch.setenv("COLUMNS", str(width))
    parts = []
    for pictures in (
        [draw_lesson.experiment(demo.shows), draw.results(demo, recorded(demo), width)],
        [draw.claims(recorded(demo)), draw.details(demo, recorded(demo), width)],
    ):
        stream = io.StringIO()
        make_screen(stream).console.print(*pictures, sep="\n")
        parts.append(stream.getvalue().splitlines())
    return parts[0], parts[1]


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("name", DEMOS)
def test_a_demo(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At every width a demo fits, breaks no word, and has its question and what it measured on the first screen."""
    demo = DEMOS[name]
    first, rest = shown(demo, width, monkeypatch)
    assert max(map(cell_len, first + rest)) <= width
    assert len(first) <= draw.SCREEN
    assert " ".join(first).startswith(demo.shows.split()[0])
    words = set(" ".join(first + rest).replace(" · ", " ").split())
    for run in recorded(demo):
        assert run.recording.rows, "nothing was recorded"
        assert f"{run.recording.runtime} ran" in " ".join(first)
        for row in run.recording.rows:
            for column in demo.columns:
                cell = row.get(column.cell)
                if column.form == "text" and cell is not None and "skipped" not in row:
                    broken = [word for word in str(cell).split() if word not in words and word + ":" not in words]
                    assert broken == [], (row["variant"], column.title)


def test_rows_beyond_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long table each runtime has its first rows on the screen, and the others among the details."""
    demo = DEMOS["logging"]
    first, rest = shown(demo, 80, monkeypatch)
    runs = recorded(demo)
    for run in runs:
        assert any(line.startswith(run.recording.rows[0]["variant"].split(",")[0]) for line in first)
        assert any(line.startswith(f"The other rows, {run.recording.runtime}") for line in rest)


def test_threads_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under every table stands which threads ran, and for how long."""
    for demo in DEMOS.values():
        for run in recorded(demo):
            assert run.recording.threads, demo.name
            assert run.document.threads == run.recording.threads
        assert " on thread" in " ".join(shown(demo, 120, monkeypatch)[0])


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([7], "7"),
        ([7, 8, 9], "7–9"),
        ([0, 1, 2, 26400], "0–2, 26400"),
        ([1, 3, 5, 7, 9, 11, 13, 14, 15], "1, 3, 5, 7, 9, 11 and 3 more"),
    ],
)
def test_ranges(numbers: list[int], told: str) -> None:
    """Thread ids that follow each other are reported as a range, and of many only some."""
    assert draw.ranges(numbers) == told


def test_a_table_gives_way_between_words() -> None:
    """A table that is too wide breaks its texts between words, and never its figures."""
    row = [Cell("a lock around both of them"), Cell("1,234 ns"), Cell("and it works")]
    table = layout(["variant", "took", "what"], [False, True, False], [row], 34)
    assert table.widths is not None
    assert table.widths[1] == len("1,234 ns")
    told = [line.plain for line in table.row(row)]
    assert told == ["a lock       1,234 ns  and it", "around both            works", "of them"]


def test_a_table_that_cannot() -> None:
    """Where even that is too wide, each row becomes a block that names its values."""
    row = [Cell("threading.Lock"), Cell("1,234 ns"), Cell("DataCloneError")]
    table = layout(["variant", "took", "what"], [False, True, False], [row], 30)
    assert table.widths is None
    assert table.head() == []
    assert [line.plain for line in table.row(row)] == [" threading.Lock", "  took: 1,234 ns", "  what: DataCloneError"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", [""]), ("one", ["one"]), ("one two three", ["one two", "three"]), ("0123456789ab", ["01234567", "89ab"])],
)
def test_wrapped(text: str, lines: list[str]) -> None:
    """Only a word that is longer than the whole line is broken."""
    assert wrapped(text, 8) == lines


@pytest.mark.parametrize("width", [39, 79, 119])
@pytest.mark.parametrize("name", DEMOS)
def test_its_picture(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every demo has a picture of what it measured, of both runtimes, that fits at every width."""
    demo, stream = DEMOS[name], io.StringIO()
    monkeypatch.setenv("COLUMNS", str(width))
    make_screen(stream).console.print(draw.picture(demo, recorded(demo), width))
    lines = stream.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= width
    for run in recorded(demo):
        assert any(run.recording.runtime in line for line in lines)
