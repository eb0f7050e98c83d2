"""The summaries of the lessons and their glossary as Markdown: `python tests/summaries.py` writes docs/course anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mtlearn.course.content import Course, load
from mtlearn.course.glossary import Entry, glossary
from mtlearn.course.summary import Summary, Term, summary

FOLDER = Path(__file__).parents[1] / "docs" / "course"
_MADE = "`python tests/summaries.py` makes this page of `lessons/*/summary.toml`."


def pages(course: Course) -> dict[str, str]:
    """The text of each page, by the name of its file."""
    found = {f"lesson_{each.number:02d}.md": _page(summary(course, each)) for each in course.lessons()}
    titles = {lesson.number: lesson.title for lesson in course.lessons()}
    return {**found, "glossary.md": _glossary(glossary(course), titles)}


def _page(told: Summary) -> str:
    remember = [f"- {sentence}" for sentence in told.remember]
    then = [f"- Exercise: {told.exercise} (`mtlearn check {told.number}`)"]
    then += [f"- To play: {', '.join(f'`mtlearn play {name}`' for name in told.scenes)}"] if told.scenes else []
    parts = (f"# Lesson {told.number} · {told.title}", "\n".join(remember), "## Its terms", _table(told.terms),
             "## Then", "\n".join(then), f"[All terms](glossary.md). {_MADE}")  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _table(terms: Iterable[Term]) -> str:
    lines = ["| term | what it is | in Python | in Node.js |", "|---|---|---|---|"]
    for term in terms:
        cells = [f"**{term.title}**", term.says, term.python or "–", term.node or "–"]
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


def _glossary(entries: Iterable[Entry], titles: dict[int, str]) -> str:
    lessons = [f"- Lesson {number}: [{title}](lesson_{number:02d}.md)" for number, title in titles.items()]
    told = "What the lessons call things, and what each is called in Python and in Node.js."
    table = _table(entry.term for entry in entries)
    return "\n\n".join(("# The course's glossary", f"{told} {_MADE}", table, "## By lesson", "\n".join(lessons))) + "\n"


def write() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages(load()).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
