"""Explore every right program of a corpus fifty times; each must pass each time, after as many schedules.

    python tests/soak/soak_explorer.py python|node [times]

By hand: it takes minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from mtlearn.interleave import Result  # noqa: E402

SCHEDULES = 400


def python(times: int) -> Iterator[tuple[str, list[Result]]]:
    """Explore the right programs in Python."""
    from test_corpus import RIGHT, explored

    for name in RIGHT:
        yield name, [explored(name, SCHEDULES) for _ in range(times)]


def node(times: int) -> Iterator[tuple[str, list[Result]]]:
    """Explore the right programs in every Node there is, each in one warm process."""
    from nodes import FILES, NODES, Case

    for executable in NODES:
        for path in FILES:
            if path.parent.name == "right":
                case = Case(path)
                with case.host(executable) as host:
                    yield (
                        f"{path.name} on {executable}",
                        [case.explored(host, max_schedules=SCHEDULES) for _ in range(times)],
                    )


def main() -> None:
    """Explore, and say which program did not repeat."""
    explored = {"python": python, "node": node}[sys.argv[1]]
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    bad = 0
    for name, results in explored(times):
        seen = {(result.outcome, result.schedules) for result in results}
        right = len(seen) == 1 and all(outcome in ("proven", "not refuted") for outcome, _ in seen)
        bad += not right
        print(f"{'ok' if right else 'NOT OK':6} {name}: {times} times {seen}", flush=True)
    print(f"{bad} programs failed")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
