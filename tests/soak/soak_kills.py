"""Kill commands of mtlearn's at random moments; nothing of the learner's may be lost, and nothing left behind.

    python tests/soak/soak_kills.py [times] [seed]

By hand: 200 times take some ten minutes.
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
    with tempfile.TemporaryDirectory() as folder:
        survival = Survival(Path(folder), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
        for number in range(1, times + 1):
            survival.kill_one()
            if number % 10 == 0 or number == times:
                print(
                    f"{number}: {', '.join(f'{count} {what}' for what, count in survival.counts.items())}", flush=True
                )


if __name__ == "__main__":
    main()
