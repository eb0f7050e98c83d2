"""One run of one demo script, in a process of its own."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from mtlearn.lab.recording import Event, Recording, Row
from mtlearn.lab.runtime import Runtime
from mtlearn.processes import end_tree, exit_meaning, start
from mtlearn.temporary import TemporaryFolder

LINE_LIMIT = 1_000_000  # bytes: a longer line of output is not a report
GRACE_S = 2.0  # how long what a script left behind may still write, after its end


def run(
    script: Path,
    runtime: Runtime,
    params: Mapping[str, Any],
    *,
    on_row: Callable[[Row], None] = lambda row: None,
    on_event: Callable[[Event], None] = lambda event: None,
    packages: Path | None = None,
    limit_s: float = 60.0,
) -> Recording:
    """Run `script` and record what it reports; `on_row` and `on_event` see each row and event as it arrives.

    The script finds its `reporter` in the folder above its own and `params` as JSON in MTLEARN_PARAMS. Npm packages
    come from `packages`/node_modules.
    A script that fails, or runs longer than `limit_s` seconds, gives a Recording with a `reason`.
    However this ends, by an exception too, no process of the script is left, nor any of its temporary files.
    """
    started = time.perf_counter()
    rows: list[Row] = []
    events: list[Event] = []
    too_long = threading.Event()
    with TemporaryFolder() as temporary, tempfile.TemporaryFile() as errors:
        try:
            process = start(
                [runtime.executable, script],
                stderr=errors,
                cwd=script.parent,
                extra_env={
                    "MTLEARN_PARAMS": json.dumps(dict(params)),
                    "MTLEARN_PACKAGES": str(packages or ""),
                    **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
                    "PYTHONPATH": str(script.parent.parent),
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                bound=True,
            )
        except OSError as error:
            return Recording(runtime.label, runtime.kind, runtime.gil, 0.0, reason=f"it did not start: {error}")

        def stop() -> None:
            too_long.set()
            end_tree(process)

        alarm = threading.Timer(limit_s, stop)
        alarm.daemon = True
        alarm.start()
        read_all = threading.Event()

        def end_those_left() -> None:
            process.wait()
            if not read_all.wait(GRACE_S):
                end_tree(process)

        threading.Thread(target=end_those_left, daemon=True).start()
        try:
            assert process.stdout is not None
            for report in _reports(process.stdout):
                if "row" in report:
                    rows.append(report["row"])
                    on_row(report["row"])
                elif "event" in report:
                    events.append(report["event"])
                    on_event(report["event"])
            code = process.wait()
        finally:
            read_all.set()
            alarm.cancel()
            end_tree(process)
        reason = None
        if too_long.is_set():
            reason = f"the script was stopped after {limit_s:g} s"
        elif code != 0:
            reason = f"the script failed ({exit_meaning(code)}): {_last_line(errors)}"
    seconds = time.perf_counter() - started
    return Recording(runtime.label, runtime.kind, runtime.gil, seconds, tuple(rows), tuple(events), reason)


def _reports(stream: IO[bytes]) -> Any:
    """The JSON objects among the lines of the script's output."""
    while line := stream.readline(LINE_LIMIT):
        if line.startswith(b"{"):
            try:
                report = json.loads(line)
            except (ValueError, RecursionError):
                continue
            yield report


def _last_line(errors: IO[bytes]) -> str:
    """The line of a traceback that says what happened."""
    errors.seek(0, 2)
    errors.seek(max(0, errors.tell() - 20_000))
    lines = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
    told = [line for line in lines if "Error" in line and not line.startswith((" ", "\t"))]
    return (told or lines or ["it said nothing"])[-1].strip()[:300]
