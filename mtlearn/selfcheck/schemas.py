"""JSON Schemas of what mtlearn writes, made from the types that it is written from."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec

from mtlearn.classroom.results import ClassDocument
from mtlearn.experiment import DemoDocument
from mtlearn.grading.evidence import Evidence
from mtlearn.grading.verdict import VerdictDocument
from mtlearn.learner.progress import ProgressFileDocument
from mtlearn.learner.standing import ListDocument, ProgressDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENTS = {
    "check": VerdictDocument,  # a kept interleaving, too
    "class": ClassDocument,
    "demo": DemoDocument,
    "list": ListDocument,
    "progress": ProgressDocument,
    "progress-file": ProgressFileDocument,
    "evidence": Evidence,
}


def schemas() -> dict[str, str]:
    """The text of each schema, by the name of its document."""
    return {name: _schema(name) for name in DOCUMENTS}


def _schema(name: str) -> str:
    schema = {"$schema": DIALECT, "$id": f"{name}.json", **msgspec.json.schema(DOCUMENTS[name])}
    return json.dumps(_plain(schema), indent=1) + "\n"


def _plain(part: Any) -> Any:
    """The same, whatever the version of Python and of msgspec: docstrings without their indent, no `propertyNames`."""
    if isinstance(part, dict):
        kept = {key: _plain(value) for key, value in part.items() if key != "propertyNames"}
        if isinstance(text := kept.get("description"), str):
            kept["description"] = inspect.cleandoc(text)
        return kept
    return [_plain(each) for each in part] if isinstance(part, list) else part
