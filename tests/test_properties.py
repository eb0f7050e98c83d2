"""What is parsed: whatever stands there gives a value of the right kind, or the one error that was promised."""

from __future__ import annotations

import json
import string
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy import State, ToyExecutor

from mtlearn.course.exercise import Exercise
from mtlearn.course.files import sections
from mtlearn.course.manifest import Covers, Misconception, covers, misconceptions
from mtlearn.course.mutants import mutants
from mtlearn.errors import MtlearnError
from mtlearn.grading.diagnosis import Forged
from mtlearn.grading.evidence import Answer, Ran
from mtlearn.grading.process import evidence
from mtlearn.grading.verdict import replay_of
from mtlearn.interleave.search import replay, search
from mtlearn.interleave.trace import Interleaving, Step, Waiting
from mtlearn.lab.recording import Recording, chrome_trace
from mtlearn.lab.run import _reports
from mtlearn.learner.progress import ExerciseProgress, LessonProgress, NewerVersion, Progress, parse
from mtlearn.system.documents import written
from mtlearn.system.encoding import visible

settings.register_profile("mtlearn", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("mtlearn")

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.text(string.ascii_letters + " äß", min_size=1, max_size=12)


def like(shape: Any) -> st.SearchStrategy[Any]:
    """JSON of this shape, in which any part may be something else: what a damaged file holds."""
    if isinstance(shape, dict):
        return st.fixed_dictionaries({}, optional={key: like(value) for key, value in shape.items()}) | JSON
    if isinstance(shape, list) and shape:
        return st.lists(like(shape[0]), max_size=3) | JSON
    return st.just(shape) | LEAVES | JSON


# -- progress -------------------------------------------------------------------


@given(
    st.dictionaries(
        st.integers(1, 10),
        st.builds(LessonProgress, st.none() | WORDS, st.booleans(), st.dictionaries(WORDS, st.integers(0, 9))),
    ),
    st.dictionaries(WORDS, st.builds(ExerciseProgress, st.integers(0, 9), st.dictionaries(WORDS, WORDS))),
)
def test_progress_is_read_as_it_was_written(
    lessons: dict[int, LessonProgress], exercises: dict[str, ExerciseProgress]
) -> None:
    """What is remembered is read back as it was written."""
    progress = Progress(lessons, exercises)
    assert parse(written(progress.document)) == progress


PROGRESS = {
    "version": 1,
    "lessons": {"5": {"step": "quiz", "finished": True, "answers": {"quiz": 2}}},
    "exercises": {"exercise-5": {"hints": 2, "status": {"python": "pass"}}},
}  # fmt: skip


@given(st.text() | like(PROGRESS).map(json.dumps))
def test_any_progress_file(text: str) -> None:
    """Whatever stands in the progress file is understood, or told to be damaged or newer."""
    with suppress(ValueError, RecursionError, NewerVersion):
        progress = parse(text)
        assert parse(written(progress.document)) == progress


# -- evidence and interleavings -------------------------------------------------

NONCE = "0123456789abcdef"
OBJECT = st.dictionaries(st.text(max_size=9), JSON, max_size=4)


@given(st.binary(max_size=60).filter(lambda printed: NONCE.encode() not in printed), OBJECT)
def test_evidence_behind_what_was_printed(printed: bytes, memory: dict[str, Any]) -> None:
    """An answer is found behind whatever was printed before it on the same line."""
    answer = {"is": "ran", "turn": 7, "memory": memory, "returns": []}
    before, found = evidence(printed + f"{NONCE} {json.dumps(answer)}\n".encode(), NONCE)
    assert before == printed
    assert isinstance(found, Ran)
    assert (found.turn, json.dumps(found.memory)) == (7, json.dumps(memory))


@given(JSON | like({"is": "ran", "turn": 3, "memory": {}, "returns": [], "threads": [{"name": "A", "id": 1}]}))
def test_any_evidence(data: Any) -> None:
    """Whatever comes behind the nonce is evidence of a known shape, or was forged."""
    _, found = evidence(f"{NONCE} {json.dumps(data)}\n".encode(), NONCE)
    assert isinstance(found, Answer | Forged)


@given(st.binary(max_size=80) | st.binary(max_size=80).map(lambda tail: f"{NONCE} ".encode() + tail))
def test_any_line_of_output(line: bytes) -> None:
    """No line of output breaks the judge: it is printed text, or an answer, or one that cannot be read."""
    printed, answer = evidence(line, NONCE)
    assert line.startswith(printed)
    assert (answer is None) == (f"{NONCE} ".encode() not in line)


FOUND = {"runtime": "python", "kind": "check", "message": "", "threads": [], "steps": [], "waiting": [],
         "scenario": "adding", "params": {"threads": 2}, "schedule": [0, 1], "watched": ["x"]}  # fmt: skip
CHECK = {"name": "adds", "label": "It adds", "status": "fail", "interleaving": FOUND}
VERDICT = {"version": 1, "exercise": "exercise-5", "runtime": "python", "file": "x.py", "status": "fail",
           "checks": [CHECK], "seconds": 0.1}  # fmt: skip


def test_a_file_to_replay() -> None:
    """A verdict with an interleaving in it can be replayed."""
    again = replay_of(json.dumps(VERDICT))
    assert (again.check, again.schedule, again.watched) == ("adds", (0, 1), ("x",))


@given(JSON | like(VERDICT))
def test_any_file_to_replay(data: Any) -> None:
    """Whatever is given to be replayed is an order of steps, or told to be none."""
    with suppress(ValueError, RecursionError):
        again = replay_of(json.dumps(data))
        assert all(isinstance(thread, int) for thread in again.schedule)
        assert all(isinstance(text, str) for text in (again.exercise, again.runtime, again.check, again.scenario))


LINE = (WORDS, st.integers(1, 9), WORDS)  # file, line, source
STEPS = st.builds(Step, st.integers(0, 3), *LINE, WORDS, WORDS, st.none() | WORDS)
WAITING = st.builds(Waiting, st.integers(0, 3), *LINE, WORDS, WORDS, st.none() | st.integers(0, 3))
INTERLEAVINGS = st.builds(
    Interleaving,
    st.sampled_from(["python", "node"]),
    st.sampled_from(["check", "deadlock"]),
    WORDS,
    *(st.lists(each, max_size=3).map(tuple) for each in (WORDS, STEPS, WAITING, st.integers(0, 3))),
)


@given(INTERLEAVINGS)
def test_an_interleaving_is_read_as_it_was_written(interleaving: Interleaving) -> None:
    """An interleaving is read back as it was written."""
    assert Interleaving.from_json(json.loads(json.dumps(interleaving.to_json()))) == interleaving


@given(INTERLEAVINGS.map(Interleaving.to_json).flatmap(like))
def test_any_interleaving(data: Any) -> None:
    """Whatever else is given for an interleaving is told to be none."""
    with suppress(ValueError):
        assert isinstance(Interleaving.from_json(data), Interleaving)


# -- what authors write ---------------------------------------------------------


def in_file(name: str, text: str, read: Callable[[Path], tuple[Any, ...]]) -> tuple[Any, ...]:
    """What `read` makes of a folder with one file in it; nothing where it says that the file is broken."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(text, encoding="utf-8", newline="")
        with suppress(MtlearnError):
            return read(Path(folder))
    return ()


def toml(value: Any) -> str:
    """A value as TOML, as far as it has a form there."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(each)}" for key, each in value.items()) + "}"
    return repr(value) if isinstance(value, int) else "0.5"


COVERS = [{"what": "a lock", "step": "Locks", "words": ["a lock"], "asked": "What?", "demo": "race"}]
MISCONCEPTIONS = [{"number": 1, "task": 5, "says": "x", "so": "y", "code": True}]


@given(st.text() | like(COVERS).map(lambda value: f"covers = {toml(value)}"))
def test_any_covers(text: str) -> None:
    """covers.toml gives entries of the right kinds, or what is wrong with it is reported."""
    for entry in in_file("covers.toml", text, covers):
        assert isinstance(entry, Covers)
        assert all(isinstance(each, str) for each in (entry.what, entry.step, *entry.words))
        assert isinstance(entry.demo, str | None)


@given(st.text() | like(MISCONCEPTIONS).map(lambda value: f"misconception = {toml(value)}"))
def test_any_beliefs(text: str) -> None:
    """misconceptions.toml gives entries of the right kinds, or what is wrong with it is reported."""
    for entry in in_file("misconceptions.toml", text, misconceptions):
        assert isinstance(entry, Misconception)
        assert [type(each) for each in msgspec.structs.astuple(entry)] == [int, int, str, str, bool]


@given(like(COVERS))
def test_toml(value: Any) -> None:
    """What these tests write as TOML is TOML."""
    tomllib.loads(f"value = {toml(value)}")


@given(st.dictionaries(WORDS.map(str.strip).filter(bool), WORDS.map(str.strip), max_size=5))
def test_sections_are_read_as_they_were_written(written: dict[str, str]) -> None:
    """The sections of a words.md are found by their headings, in order."""
    text = "# Title\n\n" + "".join(f"## {heading}\n\n{body}\n\n" for heading, body in written.items())
    assert list(sections(text).items()) == list(written.items())


@given(st.text())
def test_any_sections(text: str) -> None:
    """Any text has sections, if only none; no heading holds a line's end."""
    assert not any("\n" in heading for heading in sections(text))


TABLE = st.dictionaries(
    st.sampled_from(
        ["misconception", "misconceptions", "says", "base", "interleaving", "other", "python", "node.base"]
    ),
    st.text(max_size=9).map(json.dumps) | st.sampled_from(["true", "[1]", "{}", "{ replace = [['a', 'b']] }"]),
).map(lambda keys: "[check.wrong]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()))


@given(st.text() | TABLE)
def test_any_mutants(text: str) -> None:
    """A table of mutants is read, or what is wrong with it is reported."""
    with tempfile.TemporaryDirectory() as parent:
        Path(parent, "known_wrong.toml").write_text(text, encoding="utf-8", newline="")
        with suppress(MtlearnError):
            for wrong in mutants(Exercise("exercise-9", Path(parent), Path(parent)), "python"):
                assert wrong.misconception and wrong.fails and wrong.says  # noqa: PT018
                assert all(isinstance(number, int) for number in wrong.misconceptions)


# -- recordings -----------------------------------------------------------------

PLACES = {"pid": st.integers(1, 3), "tid": st.integers(1, 4)}
TIMES = {"ts": st.floats(0, 1e9), "dur": st.floats(0, 1e6)}
SPANS = st.fixed_dictionaries({"ph": st.just("X"), "name": WORDS, "cat": st.just("running"), **PLACES, **TIMES})
NAMES = st.fixed_dictionaries(
    {"ph": st.just("M"), "name": st.just("thread_name"), **PLACES, "args": st.fixed_dictionaries({"name": WORDS})}
)


@given(st.lists(st.lists(SPANS | NAMES, max_size=8), max_size=3))
def test_chrome_traces(recorded: list[list[dict[str, Any]]]) -> None:
    """A trace has every span, in lanes that are small, named before they are used, and not shared by two threads."""
    recordings = [Recording("Python", "python", True, 1.0, events=tuple(events)) for events in recorded]
    trace = json.loads(json.dumps(chrome_trace(recordings)))["traceEvents"]
    spans = [event for events in recorded for event in events if event["ph"] == "X"]
    told = [event for event in trace if event["ph"] == "X"]
    assert [event["name"] for event in told] == [event["name"] for event in spans]
    assert all(event["ts"] >= 0 for event in told)
    named: set[tuple[int, int]] = set()
    for event in trace:
        if event["ph"] == "M":
            named.add((event["pid"], event["tid"]))
        else:
            assert (event["pid"], event["tid"]) in named
    threads = {
        (number, span["pid"], span["tid"])
        for number, events in enumerate(recorded)
        for span in events
        if span["ph"] == "X"
    }
    assert len({(event["pid"], event["tid"]) for event in told}) == len(threads)
    assert max((event["tid"] for event in trace), default=0) <= 12


@given(st.lists(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()), max_size=6))
def test_any_output_of_a_script(lines: list[bytes]) -> None:
    """Whatever a script prints, its reports are the JSON objects among the lines."""
    assert all(isinstance(report, dict) for report in _reports(BytesIO(b"\n".join(lines))))


# -- schedules ------------------------------------------------------------------


def racy(state: State) -> Iterator[None]:
    """Add one in two steps."""
    yield
    value = state["n"]
    yield
    state["n"] = value + 1


def judge(observation: Any) -> str | None:
    """Three threads add up to three."""
    return None if observation["n"] == 3 else f"it is {observation['n']}"


def executor() -> ToyExecutor:
    """Three threads that add in two steps."""
    return ToyExecutor(lambda: {"n": 0}, [racy] * 3)  # type: ignore[list-item]


@given(st.lists(st.integers(-1, 5), max_size=20).map(tuple))
def test_any_schedule(schedule: tuple[int, ...]) -> None:
    """Any schedule that is given can be run, or is told not to fit; one that failed fails again, alike."""
    first, again = (replay(executor(), judge, schedule) for _ in range(2))
    assert (first.outcome, first.counterexample) == (again.outcome, again.counterexample)
    if found := first.counterexample:
        assert replay(executor(), judge, found.schedule).counterexample == found
    else:
        assert first.outcome in ("not refuted", "unchecked")


@given(st.integers(0, 10_000), st.integers(0, 2), st.integers(1, 40))
def test_any_search(seed: int, bound: int, budget: int) -> None:
    """A search spends no more than its budget to find a failure; what it finds fails again, in the simplest way."""
    result = search(executor(), judge, max_preemptions=bound, max_schedules=budget, seed=seed)
    assert result.schedules <= budget
    if found := result.counterexample:
        assert replay(executor(), judge, found.schedule).outcome == "refuted"


# -- what is shown --------------------------------------------------------------


@given(JSON)
def test_visible(value: Any) -> None:
    """What is shown holds nothing that a terminal obeys, and is otherwise what it was."""
    shown = json.dumps(visible(value), ensure_ascii=False)
    assert not any(ord(each) in (*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x202E, 0x2066) for each in shown)
    assert json.dumps(visible(visible(value))) == json.dumps(visible(value))


@pytest.mark.parametrize("text", ["plain", "two\nlines\tand a tab", "Grüße ✓ 🎉", ""])
def test_visible_text(text: str) -> None:
    """Ordinary text is shown as it is."""
    assert visible(text) == text
