"""mtlearn.grading.subject and what runs in the other process: hostile files, each with its own true message."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from conftest import Language

from mtlearn.grading.diagnosis import raised_by
from mtlearn.grading.evidence import Raised, Ran
from mtlearn.grading.subject import Subject
from mtlearn.grading.verdict import CheckResult, Failure, Unchecked, Verdict, replay_of
from mtlearn.system.documents import written

Open = Callable[..., Subject]


def failing(subject: Subject, threads: int = 1) -> Failure:
    """How a run of `work` fails."""
    with pytest.raises(Failure) as told:
        subject.run("working", threads=threads)
    return told.value


def test_threads_are_real(subject: Open) -> None:
    """A scenario runs on as many threads as it names, each with its own real id."""
    ran = subject(
        "def work(memory, index):\n    memory[index] = index + 1\n    return index\n",
        "export function work(memory, index) { memory[index] = index + 1; return index; }",
    ).run("working", threads=3)
    assert ran.returns == [0, 1, 2]
    assert ran.memory["memory"][:3] == [1, 2, 3]
    assert len({thread.id for thread in ran.threads}) == 3
    assert [thread.name for thread in ran.threads] == ["Thread A", "Thread B", "Thread C"]


def test_all_threads_run_at_once(subject: Open) -> None:
    """The threads meet at a barrier: a file in which each waits for the other one ends."""
    ran = subject(
        "def work(memory, index):\n    memory[index] = 1\n    while not all(memory[:2]):\n        pass\n",
        "export function work(memory, index) {\n"
        "  Atomics.store(memory, index, 1);\n"
        "  while (Atomics.load(memory, 1 - index) === 0);\n}",
    ).run("working", threads=2)
    assert ran.memory["memory"] == [1, 1, 0, 0]


def test_an_exit_at_import(subject: Open, language: Language) -> None:
    """A polite exit at the top of the file is reported as such, in no check's favour."""
    told = failing(subject("x = 1\nimport sys\nsys.exit(0)\n", "process.exit(0);"))
    if language.name == "python":
        assert "mine.py calls sys.exit() while it is imported, line 3: `sys.exit(0)`" in told.message
    else:
        assert "mine.mjs ended the process (exit code 0)" in told.message


def test_a_hard_exit_at_import(subject: Open, language: Language) -> None:
    """A hard exit at the top of the file is reported with its exit code."""
    told = failing(subject("import os\nos._exit(7)\n", "process.exit(7);"))
    assert told.message.startswith("While it was imported: ")
    assert f"mine{language.suffix} ended the process (exit code 7)" in told.message


def test_an_exit_in_a_function(subject: Open, language: Language) -> None:
    """An exit inside a function ends that thread, and is reported with its line or its exit code."""
    opened = subject(
        "import sys\ndef work(memory, index):\n    sys.exit(0)\n",
        "export function work(memory, index) { process.exit(0); }",
    )
    with pytest.raises(Failure) as told:
        opened.run_calm("working", threads=1)
    expected = {
        "python": "It calls sys.exit(), line 3: `sys.exit(0)`.",
        "node": "mine.mjs ended the process (exit code 0) before it could answer.",
    }
    assert told.value.message == expected[language.name]


def test_a_hard_exit_in_a_function(subject: Open, language: Language) -> None:
    """A hard exit inside a function is reported with its exit code, and the next check gets a fresh process."""
    opened = subject(
        "import os\ndef work(memory, index):\n    if index == 0:\n        os._exit(0)\n",
        "export function work(memory, index) { process.exit(0); }",
    )
    for _ in range(2):
        assert (
            failing(opened).message == f"mine{language.suffix} ended the process (exit code 0) before it could answer."
        )


def test_an_exception_at_import(subject: Open, language: Language) -> None:
    """An exception at the top of the file is reported with its type, its text and its line."""
    told = failing(subject("\nraise ValueError('no luck')\n", "\nthrow new RangeError('no luck');"))
    assert told.message == language.choose(
        "mine.py stops with ValueError: no luck while it is imported, line 2: `raise ValueError('no luck')`.",
        "mine.mjs stops with RangeError: no luck while it is imported, line 2: `throw new RangeError('no luck');`.",
    )


def test_a_syntax_error(subject: Open, language: Language) -> None:
    """A syntax error is reported with the line it is on."""
    told = failing(subject("x = 1\ndef work(:\n    pass\n", "let x = 1;\nlet y = = 2;\n"))
    assert f"mine{language.suffix} is not valid {language.choose('Python', 'JavaScript')}: " in told.message
    assert f", line 2: `{language.choose('def work(:', 'let y = = 2;')}`" in told.message
    assert "Fix that line" in told.help


def test_after_a_file_that_does_not_load(subject: Open, language: Language) -> None:
    """A file that does not load is reported once; what follows is unchecked for that reason, and not run."""
    opened = subject("1 / 0\n", "null.x;")
    assert not isinstance(failing(opened), Unchecked)
    again = failing(opened)
    assert isinstance(again, Unchecked)
    assert again.message == f"not run, because mine{language.suffix} does not load"


def test_an_exception_in_one_thread(subject: Open, language: Language) -> None:
    """An exception in one thread is reported with that thread's name and line."""
    opened = subject(
        "def work(memory, index):\n    if index == 1:\n        raise KeyError('lost')\n",
        "export function work(memory, index) {\n  if (index === 1)\n    throw new RangeError('lost');\n}",
    )
    with pytest.raises(Failure) as told:
        opened.run_calm("working", threads=2)
    assert told.value.message == language.choose(
        "Thread B ended with KeyError: 'lost', line 3: `raise KeyError('lost')`.",
        "Thread B ended with RangeError: lost, line 3: `throw new RangeError('lost');`.",
    )


def test_not_written_yet(subject: Open) -> None:
    """A function that is still the starter's is reported as not written, not as an exception."""
    opened = subject(
        "def work(memory, index):\n    raise NotImplementedError('work is not written yet')\n",
        "export function work() { throw new Error('not written yet: work', { cause: 'unwritten' }); }",
    )
    with pytest.raises(Failure, match=r"^It is not written yet, line \d: "):
        opened.run_calm("working", threads=1)


def test_print_that_looks_like_evidence(subject: Open) -> None:
    """What a file prints is never taken for an answer, whatever it looks like."""
    ran = subject(
        "print('{\"loaded\": true}')\ndef work(memory, index):\n"
        '    print(\'abc {"memory": {}, "returns": [99], "threads": []}\')\n    return 5\n',
        "import { writeSync } from 'node:fs';\nexport function work() {\n"
        '  writeSync(1, \'abc {"memory": {}, "returns": [99], "threads": []}\\n\'); return 5; }',
    ).run("working", threads=1)
    assert ran.returns == [5]


def test_print_without_a_newline(subject: Open) -> None:
    """A file that prints half a line to standard output just before the answer loses nothing."""
    ran = subject(
        "import os\ndef work(memory, index):\n    os.write(1, b'half')\n    return 5\n",
        "import { writeSync } from 'node:fs';\nexport function work() { writeSync(1, 'half'); return 5; }",
    ).run("working", threads=1)
    assert ran.returns == [5]


def test_a_missing_function(subject: Open, language: Language) -> None:
    """A missing function is named, with the nearest name that is there."""
    told = failing(subject("def worc(memory, index): ...\n", "export function worc() {}"))
    assert told.message == f"mine{language.suffix} has no `work`."
    assert told.help == "It has `worc`: is the name misspelt?"


def test_a_crash(subject: Open, language: Language) -> None:
    """A process that a signal kills is reported with the signal's name."""
    told = failing(
        subject(
            "import os, signal\ndef work(memory, index):\n    os.kill(os.getpid(), signal.SIGSEGV)\n",
            "export function work() { process.kill(process.pid, 'SIGSEGV'); for (;;); }",
        )
    )
    assert told.message == f"The process that ran mine{language.suffix} was killed by SIGSEGV before it could answer."


def test_an_unhandled_rejection(subject: Open, language: Language) -> None:
    """An error that nobody awaits (a rejection, an exception in one's own thread) is reported."""
    opened = subject(
        "import threading\ndef work(memory, index):\n"
        "    thread = threading.Thread(target=lambda: 1 / 0)\n    thread.start()\n    thread.join()\n    return 5\n",
        "export function work() {\n  Promise.reject(new RangeError('nobody looks'));\n  return 5;\n}",
    )
    if language.name == "python":  # Python tells it on stderr and goes on: so does the verdict
        assert opened.run_calm("working", threads=1).returns == [5]
        return
    with pytest.raises(Failure, match=r"It ended with RangeError: nobody looks, line 2: `Promise\.reject"):
        opened.run_calm("working", threads=1)


def test_a_python_without_a_package_of_ours() -> None:
    """What a scenario lacks in another Python is no fault of the file; what the file itself imports is its own."""
    lacks = Raised("ModuleNotFoundError", "No module named 'psutil'")
    told = raised_by(lacks)
    assert isinstance(told, Unchecked)
    assert (told.message, told.help) == (
        "not run, because this Python lacks psutil",
        "Install it there, or leave --runtime out.",
    )
    assert not isinstance(raised_by(msgspec.structs.replace(lacks, line=3)), Unchecked)


@pytest.mark.skipif(os.name != "posix", reason="fork and sessions are POSIX")
def test_a_child_that_leaves_the_session(subject: Open) -> None:
    """A child that left the process group and keeps the pipes open does not outlive the verdict."""
    opened = subject(
        "import os, time\ndef work(memory, index):\n    if os.fork() == 0:\n        os.setsid()\n"
        "        time.sleep(1000)\n    return 5\n",
        "import { spawn } from 'node:child_process';\nexport function work() {\n"
        "  spawn('sleep', ['1000'], { detached: true, stdio: 'inherit' }).unref(); return 5; }",
    )
    assert opened.run("working", threads=1).returns == [5]


@pytest.mark.skipif(os.name != "posix", reason="fork and sessions are POSIX")
def test_a_child_that_lets_go_of_everything(subject: Open) -> None:
    """A child that left the group and closed every pipe does not outlive the verdict either."""
    opened = subject(
        "import subprocess\ndef work(memory, index):\n"
        "    subprocess.Popen(['sleep', '1000'], start_new_session=True, stdin=-3, stdout=-3, stderr=-3)\n"
        "    return 5\n",
        "import { spawn } from 'node:child_process';\nexport function work() {\n"
        "  spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref(); return 5; }",
    )
    assert opened.run("working", threads=1).returns == [5]


def test_a_child_that_keeps_running(subject: Open) -> None:
    """An ordinary child of the file is ended with it."""
    opened = subject(
        "import subprocess\nsubprocess.Popen(['sleep', '1000'])\ndef work(memory, index):\n    return 5\n",
        "import { spawn } from 'node:child_process';\nspawn('sleep', ['1000']);\nexport function work() { return 5; }",
    )
    assert opened.run("working", threads=1).returns == [5]


def test_a_helper_module(subject: Open, here: Path, language: Language) -> None:
    """A module beside the learner's file can be imported from it."""
    (here / f"helper{language.suffix}").write_text(language.choose("NUMBER = 42\n", "export const NUMBER = 42;\n"))
    ran = subject(
        "from helper import NUMBER\ndef work(memory, index):\n    return NUMBER\n",
        "import { NUMBER } from './helper.mjs';\nexport function work() { return NUMBER; }",
    ).run("working", threads=1)
    assert ran.returns == [42]


def test_a_module_named_like_one_of_the_standard_library(subject: Open, here: Path) -> None:
    """A file beside the learner's that is named like a standard module does not hide that module."""
    for name in ("json", "threading", "queue", "linecache", "random"):
        (here / f"{name}.py").write_text("raise RuntimeError('the wrong module')\n")
    ran = subject(
        "import random, json\ndef work(memory, index):\n    return json.loads('5')\n",
        "export function work() { return 5; }",
    ).run("working", threads=1)
    assert ran.returns == [5]


@pytest.mark.parametrize("name", ["scenarios", "exercise", "threading", "my file (1)", "ünïcode", "test_mine"])
def test_any_file_name(subject: Open, name: str) -> None:
    """The learner's file may be called anything."""
    ran = subject("def work(memory, index):\n    return 5\n", "export function work() { return 5; }", name)
    assert ran.run("working", threads=1).returns == [5]


def test_a_scenario_may_get_more_time(subject: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is slow by its nature is given more time than the rest; a hang is still told soon."""
    made = subject(
        "import time\n\n\ndef work(memory, index):\n    time.sleep(1)\n    return index\n",
        "export const work = (memory, index) => new Promise((resolve) => setTimeout(resolve, 1000, index));",
    )
    made.load()
    monkeypatch.setattr(made, "_ticks", 4)
    with pytest.raises(Failure, match=r"Blocked|does not answer"):
        made.run("working")
    assert made.run("working", patience=100).returns == [0]


def test_the_learners_process_is_lean(subject: Open, language: Language) -> None:
    """A learner's file runs among what Python and the explorer bring, not among what the judge needs."""
    if language.name == "node":
        pytest.skip("it is about Python's modules")
    needless = "('msgspec', 'pytest', 'rich', 'mtlearn.grading.process')"
    ran = subject(f"import sys\ndef work(memory, index):\n    return [m for m in {needless} if m in sys.modules]\n", "")
    assert ran.run("working", threads=1).returns == [[]]


def test_an_order_that_needs_its_random_numbers(subject: Open, language: Language) -> None:
    """What goes wrong for some random numbers only is found, and goes wrong again when it is replayed."""
    opened = subject(
        "import random\ndef work(memory, index):\n    memory[0] = random.randrange(1000)\n",
        "export const work = (memory) => { memory[0] = Math.floor(Math.random() * 1000); };\n",
    )

    drawn: list[int] = []

    def judge(ran: Ran) -> None:
        drawn.append(ran.memory["memory"][0])
        if drawn[-1] != drawn[0]:
            raise Failure("It drew another number.")

    with pytest.raises(Failure) as told:
        opened.explore("working", judge, threads=1)
    found = told.value.interleaving
    assert found is not None
    assert found.numbers != 0
    verdict = Verdict(
        "exercise-9", language.name, Path("mine"), (CheckResult("x", "X", "fail", interleaving=found),), 1
    )
    opened._replay = replay_of(written(verdict.document))
    with pytest.raises(Failure, match="It drew another"):
        opened.explore("working", judge, threads=1)
