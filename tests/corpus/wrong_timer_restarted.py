"""A debounced save: each change starts another Timer and forgets the one before, so that it is saved twice."""

import threading

EXPECT = "check"


class Editor:
    def __init__(self):
        self.saves = 0
        self.timer = None

    def change(self):
        self.timer = threading.Timer(0.2, self.save)
        self.timer.start()

    def save(self):
        self.saves += 1


setup = Editor


def write(editor):
    editor.change()
    editor.change()
    editor.timer.join()


THREADS = [write]


def check(editor):
    assert editor.saves <= 1, f"saved {editor.saves} times"
