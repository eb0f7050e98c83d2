"""roster.csv: which file is whose, where the names of the files do not tell."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from mtlearn.errors import MtlearnError, reason

NAME = "roster.csv"


@dataclass(frozen=True)
class Entry:
    """One line: the student, the file seen from the roster's folder, and the exercise where the line names it."""

    student: str
    file: str
    exercise: str


def read(file: Path) -> tuple[Entry, ...]:
    """The lines of a roster, whose first line names its columns: student, file and, if need be, exercise.

    Raises MtlearnError when it cannot be read, or lacks a column.
    """
    fix = "Its first line is: student,file (and exercise, where a file's name does not tell). A line for each file."
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            sample = stream.read()
        delimiter = ";" if sample.partition("\n")[0].count(";") else ","
        rows = csv.DictReader(sample.splitlines(), delimiter=delimiter, skipinitialspace=True, restval="")
        columns = {name.strip().lower(): name for name in rows.fieldnames or () if name}
        lacking = {"student", "file"} - columns.keys()
        if lacking:
            raise MtlearnError(f"{file} cannot be used.", f"It has no column {' and no column '.join(lacking)}.", fix)
        told = [{column: (row.get(name) or "").strip() for column, name in columns.items()} for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = reason(error) if isinstance(error, OSError) else "it is not UTF-8 text"
        raise MtlearnError(f"{file} cannot be used.", f"{why}.", fix) from error
    return tuple(
        Entry(row["student"], row["file"], row.get("exercise", "")) for row in told if row["student"] and row["file"]
    )
