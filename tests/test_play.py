"""`mtlearn play`: the scenes, the learner's own file, and the command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from conftest import ROOT, Language, Mtlearn, NodelessPython

from mtlearn.course.content import load
from mtlearn.course.mutants import find
from mtlearn.errors import MtlearnError
from mtlearn.grading.judge import grade
from mtlearn.grading.play import Game, play_exercise, play_scene
from mtlearn.grading.verdict import CheckResult, replay_of
from mtlearn.interleave.stepper import Position, Stepper
from mtlearn.lab.runtime import this_python
from mtlearn.system.documents import written

SCENES = {scene.name: scene for scene in load().scenes()}
KINDS = {"lost-update": "check", "two-locks": "deadlock", "lost-wakeup": "deadlock", "lent-twice": "check",
         "missing-sentinel": "deadlock", "token-stampede": "check", "leaked-slot": "check",
         "late-letter": "check", "torn-pair": "check", "overdrawn": "check", "two-at-the-printer": "check",
         "early-flag": "check", "reused-buffer": "check", "wrong-bell": "deadlock", "woken-for-nothing": "exception",
         "late-worker": "check", "pool-for-itself": "deadlock", "second-look": "check",
         "mixed-lines": "check"}  # fmt: skip
LONGEST = 39  # lines of a scene


def uninterrupted(stepper: Stepper) -> Position:
    """Let each thread go on as long as it can; where that ends."""
    position, last = stepper.at(()), ""
    while not position.ended:
        able = [standing.letter for standing in position.threads if standing.can_go]
        last = last if last in able else able[0]
        position = stepper.move(position, last)
    return position


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_breaks_and_works(name: str, language: Language) -> None:
    """In every scene the shortest way brings the bug about, uninterrupted threads do not; a safe one has none."""
    scene = SCENES[name]
    if language.name not in scene.runtimes:
        pytest.skip("it is about the other language alone")
    with play_scene(scene, language.name, language.runtime.executable) as game:
        if scene.safe:
            with pytest.raises(MtlearnError) as told:
                game.stepper.way()
            assert told.value.cause.startswith("No order of steps breaks it")
            return
        shown = game.stepper.at(game.stepper.way())
        assert shown.bug is not None
        assert shown.bug.kind == KINDS[name]
        assert game.stepper.read(shown.told) == shown
        fine = uninterrupted(game.stepper)
        assert fine.ended
        assert fine.bug is None


def test_the_sentinel_is_one_too_few() -> None:
    """The pool is closed with one None for two workers: one goes home, the other waits for ever."""
    from mtlearn.lab.runtime import this_python

    with play_scene(SCENES["missing-sentinel"], "python", this_python().executable) as game:
        shown = game.stepper.at(game.stepper.way())
        assert sorted(bool(standing.waits) for standing in shown.threads) == [False, False, True]


def test_scenes_are_whole() -> None:
    """Every scene has a short program in each of its languages, a goal and a hint; nothing else lies there."""
    assert KINDS.keys() == {name for name, scene in SCENES.items() if not scene.safe}
    folder = ROOT / "lessons" / "scenes"
    files = [scene.file(kind) for scene in SCENES.values() for kind in scene.runtimes]
    shared = [folder / name for name in ("scenes.py", "scenarios.py", "scenarios.mjs")]
    assert sorted(path for path in folder.iterdir() if path.is_file()) == sorted([*files, *shared])
    for file in files:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST, file
    for scene in SCENES.values():
        assert scene.goal
        assert scene.hint.endswith("?") or scene.hint.endswith(".")
        assert scene.task in load().lesson_numbers() or scene.task <= 10


# -- the learner's own file -----------------------------------------------------


@contextmanager
def played(name: str, file: Path, language: Language) -> Iterator[Game]:
    """Play a file as an exercise."""
    exercise = load().exercise(name)
    with play_exercise(exercise, file, language.name, language.runtime.executable, lambda result: None) as game:
        yield game


def known_wrong(name: str, language: Language, folder: Path) -> Path:
    """A wrong solution of exercise 5, in a folder."""
    return find(load().exercise("5"), f"{name}{language.suffix}").write(folder)


@pytest.mark.parametrize(
    ("of_python", "of_node", "kind"),
    [
        ("plus_equals_is_atomic", "plus_plus_is_atomic", "check"),
        ("two_locks_in_either_order", "two_locks_in_either_order", "deadlock"),
    ],
)
def test_an_exercise_begins_where_it_breaks(
    of_python: str, of_node: str, kind: str, language: Language, here: Path
) -> None:
    """A wrong file is played from the order of steps that breaks it; it can be taken back, and go well."""
    file = known_wrong(language.choose(of_python, of_node), language, here)
    with played("exercise-5", file, language) as game:
        begun = game.stepper.at(game.begin)
        assert begun.bug is not None
        assert begun.bug.kind == kind
        assert begun.bug.message.split(" ")[0] in game.goal
        before = game.stepper.at(begun.moves[:-1])
        assert not before.ended
        fine = uninterrupted(game.stepper)
        assert fine.bug is None


def test_a_right_file_cannot_be_played(language: Language) -> None:
    """Where every check passes there is no order of steps to begin with, and that is said."""
    solution = load().exercise("exercise-5").solution(language.name)
    with pytest.raises(MtlearnError, match="nothing to play") as told, played("exercise-5", solution, language):
        pass
    assert "passes every check" in told.value.cause


def test_a_file_that_fails_otherwise(language: Language) -> None:
    """Where a file fails without any order of steps, the first failure is told, and the command to see them all."""
    starter = load().exercise("exercise-5").starter(language.name)
    with pytest.raises(MtlearnError, match="no order of steps") as told, played("exercise-5", starter, language):
        pass
    assert "not written yet" in told.value.cause
    assert told.value.fix == f"mtlearn check exercise-5 --runtime {language.name}"


def test_a_file_that_does_not_load(language: Language, here: Path) -> None:
    """A file that cannot be imported is reported as such."""
    file = here / f"mine{language.suffix}"
    file.write_text("import nothing\n" if language.name == "python" else "import './nothing.mjs';\n")
    with pytest.raises(MtlearnError) as told, played("exercise-5", file, language):
        pass
    assert "while it is imported" in told.value.cause


def test_what_ends_the_process_is_told(language: Language, here: Path) -> None:
    """When the process is gone in the middle of a game, that is told, and the game can go on."""
    file = known_wrong(language.choose("plus_equals_is_atomic", "plus_plus_is_atomic"), language, here)
    with played("exercise-5", file, language) as game:
        game.stepper.at(())
        _kill(game.stepper)
        with pytest.raises(MtlearnError, match="SIGKILL") as told:
            game.stepper.read("AB")
        assert told.value.fix
        assert game.stepper.read("AB").told == "AB"


def _kill(stepper: Stepper) -> None:
    """End the process that runs the program, as its code or the system may."""
    executor = stepper.executor._executor  # type: ignore[attr-defined]
    process = executor.process.process if hasattr(executor, "process") else executor._life._process
    process.kill()
    process.wait()


# -- the command ----------------------------------------------------------------


def test_without_a_name_the_scenes_are_listed(mtlearn: Mtlearn) -> None:
    """`mtlearn play` says what can be played and how to begin."""
    ended = mtlearn("play")
    assert ended.code == 0
    assert all(name in ended.stdout for name in (*SCENES, "exercise-5"))
    assert "exercise-2" not in ended.stdout
    listed = json.loads(mtlearn("play", "--json").stdout)
    assert [scene["name"] for scene in listed["scenes"]] == list(SCENES)


def test_into_a_pipe_the_beginning_is_told(mtlearn: Mtlearn) -> None:
    """Where nobody can press keys, the beginning is shown, and how to go on."""
    ended = mtlearn("play", "lost-update")
    assert (ended.code, ended.stderr) == (0, "")
    assert "next: read counter.visitors (now 0)" in ended.stdout
    assert "Go on: mtlearn play lost-update --moves A\n" in ended.stdout


def test_moves_are_made(mtlearn: Mtlearn, language: Language) -> None:
    """--moves brings the bug about from a script; small letters will do."""
    ended = mtlearn("play", "lost-update", "--moves", "abba", "--runtime", language.name)
    assert ended.code == 0
    assert "That is the bug, in 4 moves." in ended.stdout
    assert "the counter says 1" in ended.stdout


@pytest.mark.process
def test_an_installed_scene_shows_its_lines(mtlearn: Mtlearn, language: Language, tmp_path: Path) -> None:
    """Where mtlearn is installed, a scene lies within its package, and its lines are the program's all the same."""
    shutil.copytree(ROOT / "mtlearn", tmp_path / "mtlearn", ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("lessons", "exercises", "solutions"):
        shutil.copytree(ROOT / part, tmp_path / "mtlearn" / "content" / part)
    env = {"PYTHONPATH": str(tmp_path)}
    ended = mtlearn("play", "lost-update", "--moves", "AB", "--runtime", language.name, env=env, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")
    assert " = seen + 1" in ended.stdout


def test_as_json(mtlearn: Mtlearn, language: Language) -> None:
    """--json gives the threads with what each would do next, who waits for whom, what happened and what is shared."""
    ended = mtlearn("play", "two-locks", "--moves", "AB", "--json", "--runtime", language.name)
    told = json.loads(ended.stdout)
    assert (told["version"], told["name"], told["runtime"]) == (1, "two-locks", language.name)
    assert told["moves"] == "AB"
    assert [step["thread"] for step in told["steps"]] == [0, 1]
    assert told["ended"] is (language.name == "python")  # in Node.js they still have to look at the lock, and sleep
    assert len(told["threads"]) == 2
    assert told["state"]["locks" if language.name == "node" else "bank.ann.lock"] in ("[1, 1]", "held by Thread A")


def test_the_shortest_way_is_shown(mtlearn: Mtlearn) -> None:
    """--shortest goes on from the moves to where it goes wrong."""
    told = json.loads(mtlearn("play", "lent-twice", "--moves", "B", "--shortest", "--json").stdout)
    assert told["moves"].startswith("B")
    assert told["bug"]["message"] == "Both threads were given buffer 0."


def test_at_the_end_the_orders_are_counted(mtlearn: Mtlearn, language: Language) -> None:
    """When a scene has ended, one is told how many orders of its steps there are, and how many go wrong; not before."""
    command = ("play", "lost-update", "--runtime", language.name, "--moves")
    assert "There are 6 orders of these steps; 4 go wrong." in " ".join(mtlearn(*command, "AABB").stdout.split())
    assert json.loads(mtlearn(*command, "ABBA", "--json").stdout)["orders"] == {"orders": 6, "wrong": 4, "bound": None}
    assert json.loads(mtlearn(*command, "AB", "--json").stdout)["orders"] is None


@pytest.mark.parametrize(
    ("arguments", "message", "word"),
    [
        (("lost-updat",), "There is no scene `lost-updat`.", "Did you mean `lost-update`?"),
        (("lost-update", "--moves", "AAA"), "Move 3, A, cannot be made.", "Thread A has ended."),
        (("lost-update", "--moves", "A ?"), "Move 2, ?, cannot be made.", "the threads are A, B"),
        (("lost-update", "--file", "mine.py"), "lost-update takes no --file.", "its own program"),
        (("lost-update", "--runtime", "perl"), "There is no runtime `perl`.", "Choose python or node."),
        (
            ("missing-sentinel", "--runtime", "node"),
            "There is no scene missing-sentinel in JavaScript",
            "--runtime python",
        ),
        (("exercise-1",), "exercise-1 cannot be played.", "do not look for an order of steps"),
        (("exercise-5", "--file", "mine.txt"), "mine.txt is neither Python nor JavaScript.", "Rename it"),
        (("exercise-5", "--file", "mine.py"), "mine.py cannot be graded.", "No such file"),
        (("exercise-5",), "You have no exercise-5 to play yet.", "mtlearn check exercise-5"),
        (
            ("lost-update", "--moves", "AA", "--shortest"),
            "Nothing goes wrong from here.",
            "No order of steps breaks it",
        ),
    ],
)
def test_bad_input_is_told(mtlearn: Mtlearn, arguments: tuple[str, ...], message: str, word: str) -> None:
    """Whatever cannot be played is reported with cause and fix, and exit code 2."""
    ended = mtlearn("play", *arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert message in ended.stderr
    assert word in ended.stderr


def test_without_node(mtlearn: Mtlearn, nodeless: NodelessPython) -> None:
    """Where there is no Node.js, a scene in it says how to get it."""
    ended = mtlearn("play", "lost-update", "--runtime", "node", env=nodeless.env, python=nodeless.executable)
    assert ended.code == 3
    assert "Node.js" in ended.stderr
    assert "fix:" in ended.stderr


def test_the_order_that_is_known(here: Path) -> None:
    """The order that was found before is played without looking for one; where it breaks nothing now, one is found."""
    exercise, python = load().exercise("5"), this_python().executable
    wrong = find(exercise, "plus_equals_is_atomic.py")
    verdict = grade(exercise, wrong.write(here), "python", python, only=wrong.fails)
    known = replay_of(written(verdict.document))
    for replay, names in ((known, [wrong.fails]), (replace(known, scenario="another"), [wrong.fails, "loads"])):
        results: list[CheckResult] = []
        with play_exercise(exercise, verdict.file, "python", python, results.append, replay) as game:
            assert game.stepper.at(game.begin).bug is not None
        assert [result.name for result in results][: len(names)] == names
        assert (len(results) == 1) is (replay == known)


def test_an_exercise_from_the_workspace(mtlearn: Mtlearn, here: Path) -> None:
    """`mtlearn play exercise-5` plays the file in the workspace, from where a check found that it breaks."""
    mtlearn("init", "work")
    wrong = find(load().exercise("5"), "plus_equals_is_atomic")
    (here / "work" / "exercise-5" / "exercise.py").write_text(wrong.source())
    ended = mtlearn("play", "exercise-5", "--workspace", here / "work")
    assert ended.code == 0, ended.stderr
    assert "An order of steps breaks it." in ended.stdout
    assert "self._value += n" in ended.stdout or "+= n" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("Play it again: mtlearn play exercise-5")


def test_every_kind_of_scene_is_told_in_ascii(mtlearn: Mtlearn) -> None:
    """An ASCII terminal gets ASCII alone."""
    told = [
        mtlearn("play", "two-locks", "--moves", moves, "--runtime", "python", env={"PYTHONIOENCODING": "ascii"}).stdout
        for moves in ("A", "AB")
    ]
    assert "".join(chain(told)).isascii()


def test_it_fits_a_narrow_terminal(mtlearn: Mtlearn) -> None:
    """Down to 40 columns nothing is wider than the terminal."""
    for columns in ("40", "60", "80"):
        ended = mtlearn("play", "lost-wakeup", "--moves", "ABB", env={"COLUMNS": columns})
        assert max(map(len, ended.stdout.splitlines())) <= int(columns)
        assert "Thread A" in ended.stdout
        assert "kitchen.bell" in ended.stdout
