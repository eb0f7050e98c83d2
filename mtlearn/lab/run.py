"""One run of one demo script, in its own process."""

from __future__ import annotations

import json
import re
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from mtlearn.lab.recording import Event, Recording, Row
from mtlearn.lab.runtime import Runtime
from mtlearn.system.processes import end_tree, exit_meaning, start
from mtlearn.system.temporary import TemporaryFolder

LIMIT_S = 60.0
OTHERS_LIMIT_S = 40.0  # for a runtime the scripts were not written for: what it lacks, some wait for in vain
LINE_LIMIT = 1_000_000  # bytes: a longer line of output is not a report
GRACE_S = 2.0  # how long what a script left behind may still write, after its end


class Cancelled(Exception):
    """The run was ended from outside, before it was done."""


class Cancel:
    """Ends, from another thread, the run that it was given to; one that has not begun yet ends at its beginning."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._end: Callable[[], object] = lambda: None

    def now(self) -> None:
        """End it."""
        self._asked.set()
        self._end()

    def check(self) -> None:
        """Raise Cancelled where it is to end."""
        if self._asked.is_set():
            raise Cancelled

    def ends(self, end: Callable[[], object]) -> None:
        """From now on, this ends it."""
        self._end = end
        self.check()


def run(
    script: Path,
    runtime: Runtime,
    params: Mapping[str, Any],
    *,
    on_row: Callable[[Row], None] = lambda row: None,
    on_event: Callable[[Event], None] = lambda event: None,
    packages: Path | None = None,
    limit_s: float | None = None,
    cancel: Cancel | None = None,
) -> Recording:
    """Run `script` and record what it reports; `on_row` and `on_event` see each row and event as it arrives.

    The script finds its `reporter` in the folder above its own and `params` as JSON in MTLEARN_PARAMS. Npm packages
    come from `packages`/node_modules.
    `cancel` ends it early, and then Cancelled is raised.
    A script that fails, or runs longer than `limit_s` seconds (60, or 40 in a runtime that is neither CPython nor
    Node.js), gives a Recording with a `reason`.
    However this ends, by an exception too, no process of the script is left, nor any of its temporary files.
    """
    limit_s = limit_s or (OTHERS_LIMIT_S if runtime.product else LIMIT_S)
    started = time.perf_counter()
    rows: list[Row] = []
    events: list[Event] = []
    too_long = threading.Event()
    with TemporaryFolder() as temporary, tempfile.TemporaryFile() as errors:
        try:
            process = start(
                runtime.command(script),
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
            if cancel:
                cancel.ends(lambda: end_tree(process))
            assert process.stdout is not None
            for report in _reports(process.stdout):
                if "row" in report:
                    rows.append(report["row"])
                    on_row(report["row"])
                elif "event" in report:
                    events.append(report["event"])
                    on_event(report["event"])
            code = process.wait()
            if cancel:
                cancel.check()
        finally:
            read_all.set()
            alarm.cancel()
            end_tree(process)
        reason = None
        if too_long.is_set():
            last = f" after `{rows[-1]['variant']}`" if rows and "variant" in rows[-1] else ""
            other = runtime.product and f"{runtime.product.name} got no further{last} in {limit_s:g} s"
            reason = other or f"the script was stopped after {limit_s:g} s"
        elif code != 0:
            what = f"{runtime.product.name} cannot run all of it" if runtime.product else "the script failed"
            reason = f"{what} ({exit_meaning(code)}): {_last_line(errors)}"
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
    """The line of a traceback that says what happened, without colours."""
    errors.seek(0, 2)
    errors.seek(max(0, errors.tell() - 20_000))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", errors.read().decode(errors="replace"))
    lines = [line for line in plain.splitlines() if line.strip()]
    told = [line for line in lines if "Error" in line and not line.startswith((" ", "\t"))]
    last = (told or lines or ["it said nothing"])[-1].strip()
    return re.sub(r"^error: Uncaught (\(in .*?\) )*", "", last)[:300]
