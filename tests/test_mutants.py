"""The wrong solutions that the course keeps: each a change to a right one, none of them lost."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import ROOT, Language, Mtlearn

from mtlearn.course.content import load
from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.course.mutants import Mutant, find, mutants
from mtlearn.course.solutions import changed, right_solutions
from mtlearn.errors import ExitCode, MtlearnError

HEADER = 'misconception = "all is well"\nsays = "lost: all"\n'
EXERCISES = load().exercises()


def all_of(exercise: Exercise) -> list[Mutant]:
    """The mutants of an exercise, in both languages."""
    return [mutant for runtime in SUFFIX for mutant in mutants(exercise, runtime)]


# -- those that there are ---------------------------------------------------------


def test_none_is_lost() -> None:
    """Every mutant that was ever kept is still there, by its name."""
    kept = {f"{exercise.name} {mutant.file_name}" for exercise in EXERCISES for mutant in all_of(exercise)}
    listed = (ROOT / "tests" / "mutants.txt").read_text(encoding="utf-8").split("\n")
    assert set(filter(None, listed)) - kept == set()
    assert len(kept) >= 528


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_each_fits(exercise: Exercise) -> None:
    """Every mutant still fits its base, differs from it, and is a program."""
    for mutant in all_of(exercise):
        source = mutant.source()
        assert source != mutant.right.source(), mutant.file_name
        if mutant.file_name.endswith(".py"):
            ast.parse(source, mutant.file_name)


# -- reading them -----------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> Exercise:
    """An exercise with a solution of three lines, another right one, and no mutants yet."""
    folder = tmp_path / "exercises" / "exercise_09"
    for name in ("known_wrong", "known_right"):
        (folder / name).mkdir(parents=True)
    solutions = tmp_path / "solutions"
    solutions.mkdir()
    for suffix in SUFFIX.values():
        (solutions / f"solution{suffix}").write_text("one\ntwo\ntwo\nthree\n")
        (folder / "known_right" / f"other{suffix}").write_text("four\nfive\n")
    return Exercise("exercise-9", folder, solutions)


def keep(exercise: Exercise, language: Language, text: str) -> tuple[Mutant, ...]:
    """Write known_wrong.toml, with LANGUAGE for the language's name, and read it."""
    (exercise.folder / "known_wrong.toml").write_text(text.replace("LANGUAGE", language.name))
    return mutants(exercise, language.name)


def test_a_change(kept: Exercise, language: Language, tmp_path: Path) -> None:
    """A mutant is its base with some texts replaced, all at once, whatever their order."""
    text = (
        f"[counts.wrong]\n{HEADER}interleaving = true\nmisconceptions = [2, 5]\n"
        "LANGUAGE.replace = [['three', 'one'], ['one', '3']]\n"
    )
    [mutant] = keep(kept, language, text)
    assert mutant.source() == "3\ntwo\ntwo\none\n"
    assert (mutant.misconception, mutant.fails, mutant.says) == ("all is well", "counts", "lost: all")
    assert (mutant.interleaving, mutant.misconceptions) == (True, (2, 5))
    file = mutant.write(tmp_path)
    assert (file.name, file.read_text()) == (f"wrong{language.suffix}", mutant.source())
    assert mutant.diff().splitlines()[2:] == ["@@ -1,4 +1,4 @@", "-one", "+3", " two", " two", "-three", "+one"]


def test_another_base(kept: Exercise, language: Language) -> None:
    """A mutant may change any of the right solutions; one that changes nothing is a whole file."""
    (kept.folder / "known_wrong" / f"whole{language.suffix}").write_text("six\n")
    text = f"[a.whole]\n{HEADER}LANGUAGE = {{}}\n[a.changed]\n{HEADER}base = 'other'\n"
    changed, whole = keep(kept, language, text + "LANGUAGE.replace = [['four', '4']]\n")
    assert (changed.source(), whole.source()) == ("4\nfive\n", "six\n")
    given = (
        f"[c.a]\n{HEADER}LANGUAGE.replace = [['five', '5']]\n"
        f"[c.b]\n{HEADER}base = 'solution'\nLANGUAGE.replace = [['one', '1']]\n"
    )
    assert [each.source() for each in keep(kept, language, f"LANGUAGE.base = 'other'\n{given}")] == [
        "four\n5\n",
        "1\ntwo\ntwo\nthree\n",
    ]
    assert whole.diff().endswith("-one\n-two\n-two\n-three\n+six\n")


def test_both_languages(kept: Exercise) -> None:
    """A mutant of both languages is reported once; what it says under one language is for that one alone."""
    text = f"[a.both]\n{HEADER}python.replace = [['one', '1']]\nnode.says = 'NaN'\nnode.replace = [['one', '2']]\n"
    (kept.folder / "known_wrong.toml").write_text(f"{text}[b.python_alone]\n{HEADER}python.replace = []\n")
    [node] = mutants(kept, "node")
    python, alone = mutants(kept, "python")
    assert [(each.says, each.source()[0]) for each in (python, node)] == [("lost: all", "1"), ("NaN", "2")]
    assert (alone.file_name, alone.fails) == ("python_alone.py", "b")


def test_what_a_check_says(kept: Exercise, language: Language) -> None:
    """What is said once for a check holds for those of its mutants that say nothing else."""
    text = "[a.{}]\nmisconception = 'none'\nLANGUAGE.replace = [['one', '1']]\n"
    found = keep(
        kept, language, f"a.says = 'lost'\n{text.format('first')}{text.format('second')}LANGUAGE.says = 'found'\n"
    )
    assert [each.says for each in found] == ["lost", "found"]


def test_a_right_solution_that_is_a_change(kept: Exercise, language: Language) -> None:
    """A right solution may be a change to a whole one, and a mutant may change it again."""
    text = "[third]\nLANGUAGE.base = 'other'\nLANGUAGE.replace = [['four', '4']]\n"
    (kept.folder / "known_right.toml").write_text(text.replace("LANGUAGE", language.name))
    right = right_solutions(kept, language.name)
    assert {name: each.source() for name, each in right.items()} == {
        "solution": "one\ntwo\ntwo\nthree\n",
        "other": "four\nfive\n",
        "third": "4\nfive\n",
    }
    [mutant] = keep(kept, language, f"[a.wrong]\n{HEADER}base = 'third'\nLANGUAGE.replace = [['five', '5']]\n")
    assert mutant.source() == "4\n5\n"
    (kept.folder / "known_right.toml").write_text(f"[a]\n{language.name} = {{ base = 'third', replace = [] }}\n")
    with pytest.raises(MtlearnError, match=r"known_right\.toml cannot be used") as told:
        right_solutions(kept, language.name)
    assert told.value.cause == "the base of [a] is no whole file: third."


@pytest.mark.parametrize(
    ("base", "old", "new", "after"),
    [
        ("if a:\n    b()\nc()\n", "if a: b()", "d()", "d()\nc()\n"),
        ("if a:\n    b()\nc()\n", "if a … b", "d", "d()\nc()\n"),
        ("a\n  b\n  c\nd\nc\n", "b … c", "e", "a\n  e\nd\nc\n"),
        ("if a:\n    b()\n    c()\n", "b()", "", "if a:\n    c()\n"),
        ("a = b + c\n", " + c", "", "a = b\n"),
        ("a\n  b\n", "a\n", "", "  b\n"),
        ("a\n\nb\n", "a\n", "", "\nb\n"),
        ("a\n  b\n  c\nd\n", "b c", "0 … 1", "a\n  0 b\n  c 1\nd\n"),
    ],
)
def test_what_an_old_text_fits(base: str, old: str, new: str, after: str) -> None:
    """In an old text, a space is any white space, "…" anything; in a new one "…" is the old; an empty line goes."""
    assert changed(base, [(old, new)]) == after


@pytest.mark.parametrize(
    ("replace", "why"),
    [
        ("['two', '2']", "'two' occurs 2 times"),
        ("['six', '6']", "'six' occurs 0 times"),
        ("['two … three', '6']", "'two … three' occurs 2 times"),
        ("['', '6']", "'' occurs 19 times"),
        ("['one\\n', ''], ['ne\\ntwo\\nt', '']", "another change overlaps 'ne\\ntwo\\nt'"),
    ],
)
def test_a_change_that_does_not_fit(kept: Exercise, language: Language, replace: str, why: str) -> None:
    """A change whose text is not there exactly once is told, with the text and the file to look at."""
    [mutant] = keep(kept, language, f"[a.wrong]\n{HEADER}LANGUAGE.replace = [{replace}]\n".replace("'", '"'))
    with pytest.raises(MtlearnError, match=f"wrong{language.suffix} does not fit solution{language.suffix}") as told:
        mutant.source()
    assert told.value.cause == f"The old text of a change must occur there exactly once, but {why}."
    assert f"solution{language.suffix}" in told.value.fix


WRONG = f"[a.wrong]\n{HEADER}"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("[wrong", "it is not TOML: "),
        ("wrong = 1", "it does not fit: Expected `object`, got `int` - at `$[...]`"),
        ("[a]\nwrong = 1", "[a.wrong] does not fit: Expected `object`, got `int`"),
        (WRONG, "[a.wrong] does not fit: it is in none of these languages: python, node"),
        (f"{WRONG}LANGUAGE = 1", "[a.wrong] does not fit: Expected `object`, got `int`"),
        ("[a.wrong]\nsays = 'x'\nLANGUAGE = {}", "[a.wrong] does not fit: Object missing required field `misconcep"),
        (f"{WRONG}shows = 'x'\nLANGUAGE = {{}}", "[a.wrong] does not fit: Object contains unknown field `shows`"),
        (f"{WRONG}misconceptions = [true]\nLANGUAGE = {{}}", "[a.wrong] does not fit: Expected `int`, got `bool`"),
        (f"{WRONG}LANGUAGE.replace = ['one']", "[a.wrong] does not fit: Expected `array`, got `str`"),
        (f"{WRONG}LANGUAGE.base = 1", "[a.wrong] does not fit: Expected `str`, got `int`"),
        (f"{WRONG}LANGUAGE.base = 'none'", "[a.wrong] does not fit: its base is no right solution: none"),
        (WRONG.replace("lost: all", "") + "LANGUAGE = {}", "[a.wrong] does not fit: Expected `str` matching regex"),
    ],
)
def test_a_damaged_file(kept: Exercise, language: Language, text: str, cause: str) -> None:
    """A file of mutants that is damaged is reported with the table and what is wrong with it."""
    with pytest.raises(MtlearnError, match=r"known_wrong\.toml cannot be used") as told:
        keep(kept, language, text)
    assert told.value.cause.startswith(cause)


# -- the command ------------------------------------------------------------------


def test_show(mtlearn: Mtlearn) -> None:
    """`mtlearn dev show` prints a mutant's code, its difference to the right solution, and the list of them all."""
    exercise = load().exercise("5")
    mutant = find(exercise, "plus_equals_is_atomic")
    assert mtlearn("dev", "show", "exercise-5", "plus_equals_is_atomic").stdout == mutant.source()
    shown = mtlearn("dev", "show", "5", "plus_equals_is_atomic.py", "--diff").stdout
    assert shown.startswith(f"--- {mutant.right.file_name}\n+++ plus_equals_is_atomic.py\n@@ ")
    listed = mtlearn("dev", "show", "exercise-5").stdout.splitlines()
    assert f"plus_equals_is_atomic.py: {mutant.misconception}" in listed
    assert len(listed) == len(all_of(exercise))


def test_show_what_there_is_not(mtlearn: Mtlearn) -> None:
    """An unknown mutant is reported with the nearest one; one of both languages, with both names."""
    ended = mtlearn("dev", "show", "exercise-5", "plus_equal_is_atomic")
    assert (ended.code, ended.stdout) == (ExitCode.USAGE, "")
    assert (
        "Did you mean `plus_equals_is_atomic.py`? mtlearn dev show exercise-5 plus_equals_is_atomic.py" in ended.stderr
    )
    ended = mtlearn("dev", "show", "exercise-5", "two_locks_in_either_order")
    assert ended.code == ExitCode.USAGE
    assert "two_locks_in_either_order.py or two_locks_in_either_order.mjs" in ended.stderr
