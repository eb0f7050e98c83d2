"""Kill commands of mtlearn's at random moments; nothing of the learner's may be lost, and nothing left behind.

    python tests/soak/soak_kills.py [times] [seed]

Shared memory is looked at in the end, so that nothing else should use it meanwhile. By hand: 200 times take some four
minutes.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from survival import Survival  # noqa: E402


def main() -> None:
    """Kill, and count."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    os.environ["PYTHONPATH"] = str(ROOT)
    before = shared_memory()
    with tempfile.TemporaryDirectory() as folder:
        survival = Survival(Path(folder), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
        for number in range(1, times + 1):
            survival.kill_one()
            if number % 10 == 0 or number == times:
                print(
                    f"{number}: {', '.join(f'{count} {what}' for what, count in survival.counts.items())}", flush=True
                )
    left = shared_memory() - before
    print(f"left in shared memory: {sorted(left) or 'nothing'}")
    sys.exit(bool(left))


def shared_memory() -> set[str]:
    """The blocks and semaphores that there are, by name."""
    place = Path("/dev/shm")
    return {path.name for path in place.iterdir()} if place.is_dir() else set()


if __name__ == "__main__":
    main()
