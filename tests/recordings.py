"""What every demo once recorded, so that its picture can be looked at without running it.

python tests/recordings.py race lock    records these demos anew (all of them, where none is named)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mtlearn.cli.shared import packages
from mtlearn.course.claim import Measured, findings
from mtlearn.course.content import load
from mtlearn.course.lesson import Demo
from mtlearn.experiment import Run, experiment, find_runtimes
from mtlearn.lab.recording import Recording
from mtlearn.lab.runtime import RuntimeMissing

FOLDER = Path(__file__).parent / "recordings"
EVENTS = 12  # of each kind that are kept: the picture of a timeline has its own tests


def recorded(demo: Demo) -> tuple[Run, ...]:
    """The runs of a demo, as they were recorded."""
    runs = []
    for each in json.loads((FOLDER / f"{demo.name}.json").read_text(encoding="utf-8")):
        events, rows = tuple(each.pop("events")), tuple(each.pop("rows"))
        recording = Recording(**each, rows=rows, events=events)
        measured = Measured(recording.runtime, recording.kind, recording.gil, 2.0, rows, recording.reason)
        runs.append(Run(recording, measured, findings(demo.claims, measured)))
    return tuple(runs)


def record(names: list[str]) -> None:
    """Run these demos, in each runtime, and keep what they told."""
    for lesson in load().lessons():
        for demo in lesson.demos:
            if names and demo.name not in names:
                continue
            runs = []
            for runtime in find_runtimes(list(demo.runtimes)):
                assert not isinstance(runtime, RuntimeMissing)
                told = experiment(lesson, demo, runtime, demo.params(None, None), 2.0, packages=packages()).recording
                events = [e for kind in "MXiC" for e in [e for e in told.events if e["ph"] == kind][:EVENTS]]
                known = {"runtime": told.runtime, "kind": told.kind, "gil": told.gil, "reason": told.reason}
                runs.append({**known, "seconds": round(told.seconds, 2), "rows": told.rows, "events": events})
            lines = ",\n".join(json.dumps(run, ensure_ascii=False) for run in runs)
            (FOLDER / f"{demo.name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    record(sys.argv[1:])
