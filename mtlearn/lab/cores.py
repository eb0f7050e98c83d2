"""How many cores are free at this moment: measured, not read off the machine's data sheet."""

from __future__ import annotations

import os
import sys

from mtlearn.system.processes import end_tree, start

MOST_MEASURED = 16

# One bare process per core. It waits for a line, so that all begin together, then burns and tells its share.
_BURN = """
import sys, time
sys.stdin.readline()
wall, cpu = time.perf_counter(), time.process_time()
while time.perf_counter() - wall < float(sys.argv[1]): pass
print((time.process_time() - cpu) / (time.perf_counter() - wall))
"""


def cores_allowed() -> int:
    """How many cores this process may run on (its affinity counts, os.cpu_count() would not tell)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cores_free(seconds: float = 0.2) -> float:
    """Cores that are free right now: the CPU time per second that one burning process per core gets, summed.

    Takes about `seconds` plus the start of the processes. At most 16 cores are measured.
    """
    command = [sys.executable, "-S", "-E", "-c", _BURN, str(seconds)]
    burners = [start(command) for _ in range(min(cores_allowed(), MOST_MEASURED))]
    try:
        for burner in burners:
            assert burner.stdin is not None
            burner.stdin.write(b"go\n")
            burner.stdin.flush()
        return round(sum(float(burner.communicate()[0] or 0) for burner in burners), 1)
    finally:
        for burner in burners:
            end_tree(burner)
