"""What the subject says of files that hang or print without end."""

from __future__ import annotations

from conftest import Language
from test_grading_subject import Open, failing

from mtlearn.grading.verdict import Unchecked


def test_an_endless_loop(subject: Open, language: Language) -> None:
    """An endless loop is reported as a busy loop, with its line."""
    told = failing(
        subject(
            "def work(memory, index):\n    while True:\n        memory[0] = 1\n",
            "export function work(memory, index) {\n  for (;;)\n    memory[0] = 1;\n}",
        )
    )
    assert told.message.startswith("Busy loop: ")
    assert "stands at line " in told.message
    assert any(
        line in told.message
        for line in language.choose("while True:|memory[0] = 1", "for (;;)|memory[0] = 1;").split("|")
    )


def test_an_endless_loop_at_import(subject: Open, language: Language) -> None:
    """A file that never finishes loading is reported as such, with the line it stands on."""
    told = failing(subject("while True:\n    pass\n", "for (;;)\n  ;\n"))
    assert told.message.startswith(f"mine{language.suffix} does not finish loading. Busy loop: ")
    assert "line 1" in told.message or "line 2" in told.message


def test_a_deadlock(subject: Open, language: Language) -> None:
    """Two threads that wait for each other are reported as a deadlock, with the line of each."""
    told = failing(
        subject(
            "import threading\nlocks = threading.Lock(), threading.Lock()\nboth = threading.Barrier(2)\n"
            "def work(memory, index):\n    with locks[index]:\n        both.wait()\n"
            "        with locks[1 - index]:\n            pass\n",
            "export function work(memory, index) {\n"
            "  const take = (i) => { while (Atomics.compareExchange(memory, i, 0, 1)) Atomics.wait(memory, i, 1); };\n"
            "  take(index);\n"
            "  Atomics.add(memory, 2, 1);\n"
            "  while (Atomics.load(memory, 2) < 2);\n"
            "  take(1 - index);\n}",
        ),
        threads=2,
    )
    assert told.message.startswith("Deadlock: every thread waits, and none goes on. ")
    line = language.choose("line 7: `with locks[1 - index]:`", "line 2: `const take = (i)")
    assert f"Thread A stands at {line}" in told.message
    assert f"Thread B stands at {line}" in told.message


def test_a_lock_taken_twice(subject: Open, language: Language) -> None:
    """A thread that waits for a lock it holds itself is reported as blocked, with its line."""
    told = failing(
        subject(
            "import threading\nlock = threading.Lock()\ndef work(memory, index):\n"
            "    with lock:\n        lock.acquire()\n",
            "export function work(memory, index) {\n  memory[0] = 1;\n  Atomics.wait(memory, 0, 1);\n}",
        )
    )
    assert told.message.startswith("Blocked: it waits, and nothing wakes it. Thread A stands at line ")
    assert language.choose("5: `lock.acquire()`", "3: `Atomics.wait(memory, 0, 1);`") in told.message


def test_a_lock_left_held_by_an_exception(subject: Open, language: Language) -> None:
    """A hang names the thread that had ended by an exception, for it may hold what the others wait for."""
    told = failing(
        subject(
            "import threading\nlock = threading.Lock()\ndef work(memory, index):\n"
            "    if index == 0:\n        lock.acquire()\n        memory[0] = 1\n        raise ValueError('oops')\n"
            "    while not memory[0]:\n        pass\n    lock.acquire()\n",
            "export function work(memory, index) {\n"
            "  if (index === 0) {\n    Atomics.store(memory, 0, 1);\n    throw new RangeError('oops');\n  }\n"
            "  while (!Atomics.load(memory, 0));\n  Atomics.wait(memory, 0, 1);\n}",
        ),
        threads=2,
    )
    assert told.message.startswith("Blocked: ")
    assert f"Thread A had ended with {language.choose('ValueError', 'RangeError')}: oops." in told.message


def test_after_two_hangs(subject: Open) -> None:
    """After two hangs the rest is not run: a learner waits for a verdict."""
    opened = subject(
        "import threading\ndef work(memory, index):\n    threading.Event().wait()\n",
        "export function work(memory) { Atomics.wait(memory, 0, 0); }",
    )
    for _ in range(2):
        assert not isinstance(failing(opened), Unchecked)
    told = failing(opened)
    assert isinstance(told, Unchecked)
    assert told.message == "not run, because the checks before it did not end"


def test_endless_print(subject: Open, language: Language) -> None:
    """A file that prints without end is stopped, and a bounded beginning of it is shown."""
    told = failing(
        subject(
            "def work(memory, index):\n    while True:\n        print('again and again' * 50)\n",
            "import { writeSync } from 'node:fs';\n"
            "export function work() { for (;;) writeSync(1, 'again and again'.repeat(50) + '\\n'); }",
        )
    )
    assert told.message.startswith(f"mine{language.suffix} printed more than a million characters and was stopped. ")
    assert "It began with: again and again" in told.message
    assert len(told.message) < 300


def test_endless_console_log(subject: Open, language: Language) -> None:
    """The same where the language's ordinary way to print is used, which a busy Worker may never deliver."""
    told = failing(
        subject(
            "import sys\ndef work(memory, index):\n    while True:\n        sys.stderr.write('again' * 100)\n",
            "export async function work() { for (;;) { console.log('again'.repeat(100)); await 0; } }",
        )
    )
    # console.log of a Worker goes through an event loop that this loop never lets turn: then it is a busy loop
    name = f"mine{language.suffix}"  # and what nobody had the time to read lies in memory
    assert told.message.startswith(
        (f"{name} printed more than a million", f"{name} used more than 1 GB", "Busy loop: ")
    )
