"""Which subject it is for which runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mtlearn.grading.subject import Subject
from mtlearn.grading.subject_node import NodeSubject
from mtlearn.grading.subject_python import PythonSubject

SUBJECTS: dict[str, type[Subject]] = {kind.runtime: kind for kind in (PythonSubject, NodeSubject)}


def subject(runtime: str, file: Path, scenarios: Path, executable: Path, **options: Any) -> Subject:
    """Start the subject for a file. The options are those of `Subject`."""
    return SUBJECTS[runtime](file, scenarios, executable, **options)
