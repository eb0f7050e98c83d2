"""The subject in Python begins here: `python -P python_main.py FILE SCENARIOS STUBS runs|explores|confirms`.

What it needs is imported before the learner's file, and from mtlearn's own folder, which comes last afterwards: a
helper module beside it must not hide one of the learner's. Only of mtlearn's own modules is bytecode kept.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def begin(file: str, scenarios: str, stubs: str, what: str) -> None:
    """Import, in the right order, and serve. What is imported is no name of this module, where a file would see it."""
    from mtlearn.grading.python_unwatched import hide_threads

    hide_threads()
    if what != "runs":
        import mtlearn.grading.python_explorer  # noqa: F401
    if what == "confirms":
        from mtlearn.grading.python_asking import note

        note(file, scenarios)
    from mtlearn.grading.python_subject import main

    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # for what the file starts
    sys.path[:] = [stubs, *sys.path[1:], os.path.dirname(file), ROOT]
    sys.argv[:] = [file]
    main(file, scenarios, stubs)


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    begin(*sys.argv[1:5])
