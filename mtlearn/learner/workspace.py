"""The folder in which the learner works. Nothing of theirs is ever overwritten."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.errors import ExitCode, MtlearnError, reason
from mtlearn.learner.files import write_new, write_whole

MARKER = ".mtlearn"
DEFAULT_NAME = "mtlearn-exercises"
VARIABLE = "MTLEARN_WORKSPACE"


@dataclass(frozen=True)
class Workspace:
    """A folder with a `.mtlearn` file, and in it one folder for each exercise that was begun."""

    root: Path

    @property
    def exists(self) -> bool:
        """Whether it was made already."""
        return (self.root / MARKER).exists()

    def file(self, exercise: Exercise, runtime: str) -> Path:
        """The learner's file of an exercise in one language."""
        return self.root / exercise.name / f"exercise{SUFFIX[runtime]}"

    def begin(self, exercise: Exercise) -> tuple[Path, ...]:
        """Put the exercise's starters and its statement there; the files that were not there before.

        Makes the workspace if need be. Raises MtlearnError when it cannot be written.
        """
        try:
            self._make()
            folder = self.root / exercise.name
            folder.mkdir(exist_ok=True)
            sources = {folder / "README.md": exercise.folder / "statement.md"}
            sources |= {self.file(exercise, runtime): exercise.starter(runtime) for runtime in SUFFIX}
            return tuple(path for path, source in sources.items() if write_new(path, source.read_bytes()))
        except OSError as error:
            raise self._unwritable(error) from error

    def changed(self, exercise: Exercise) -> tuple[str, ...]:
        """The runtimes whose file differs from its starter. Raises MtlearnError when it cannot be read."""
        files = ((runtime, self.file(exercise, runtime)) for runtime in SUFFIX)
        try:
            return tuple(
                runtime
                for runtime, file in files
                if file.exists() and file.read_bytes() != exercise.starter(runtime).read_bytes()
            )
        except OSError as error:
            raise self._unwritable(error) from error

    def reset(self, exercise: Exercise, runtime: str, stamp: str) -> Path:
        """Put the starter in place of the learner's file, which is kept beside it under a name with `stamp`; that name.

        The copy is there before anything is replaced, and replaces nothing. Raises MtlearnError when it cannot be made.
        """
        file = self.file(exercise, runtime)
        try:
            mine = file.read_bytes()
            names = (file.with_stem(f"{file.stem}-{stamp}{more}") for more in ("", *(f"-{n}" for n in range(2, 1000))))
            kept = next(name for name in names if write_new(name, mine))
            write_whole(file, exercise.starter(runtime).read_bytes())
        except OSError as error:
            raise self._unwritable(error) from error
        return kept

    def _make(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        note = "This folder is an mtlearn workspace: `mtlearn check` finds your files here.\n"
        write_new(self.root / MARKER, note.encode())

    def _unwritable(self, error: OSError) -> MtlearnError:
        return MtlearnError(
            f"The workspace {self.root} cannot be written.",
            f"{error.filename or self.root}: {reason(error)}.",
            "Choose another folder: mtlearn init DIR, or --workspace DIR.",
            ExitCode.ENVIRONMENT,
        )


def find(given: Path | None, here: Path) -> Workspace:
    """The workspace to use: the one given, else the nearest upwards, else MTLEARN_WORKSPACE, else one in `here`.

    It need not exist yet.
    """
    if given is not None:
        return Workspace(given)
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return Workspace(folder)
    if named := os.environ.get(VARIABLE):
        return Workspace(Path(named))
    return Workspace(here / DEFAULT_NAME)
