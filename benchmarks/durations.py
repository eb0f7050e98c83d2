"""How long each demo takes, in both runtimes together: what a lesson says before it runs one.

    python benchmarks/durations.py [DEMO ...]

It writes lessons/durations.toml: the seconds of one run, of the demos named, or of all.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

FILE = Path(__file__).resolve().parent.parent / "lessons" / "durations.toml"
MTLEARN = (sys.executable, "-m", "mtlearn", "demo")


def told(*words: str) -> Any:
    """What `mtlearn demo … --json` says."""
    return json.loads(subprocess.run([*MTLEARN, *words, "--json"], check=True, capture_output=True).stdout)


def main(names: list[str]) -> None:
    """Run them, and write what they took."""
    took = msgspec.toml.decode(FILE.read_bytes(), type=dict[str, float]) if FILE.exists() else {}
    every = [each["demo"] for each in told("--list")["demos"]]
    for name in names or every:
        took[name] = round(sum(run["seconds"] for run in told(name)["runs"]), 1)
        print(f"{name}: {took[name]} s", flush=True)
    lines = "".join(f"{name} = {took[name]}\n" for name in every if name in took)
    FILE.write_text(f"# Seconds of one run in Python and Node.js, on two cores; by benchmarks/durations.py\n{lines}")


if __name__ == "__main__":
    main(sys.argv[1:])
