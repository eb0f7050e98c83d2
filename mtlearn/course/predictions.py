"""What is said about a prediction when its experiment has run, read from the predictions.toml beside a lesson."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from mtlearn.course.files import broken, manifest
from mtlearn.course.lesson import Predict

FILE = "predictions.toml"


class _Answered(msgspec.Struct, forbid_unknown_fields=True):
    """`asked` is some words of the question, `right` the number of a choice (1-based); see Predict for the rest."""

    asked: str
    answered: str
    tells: str
    whys: tuple[str, ...]
    right: int | None = None


class _Predictions(msgspec.Struct, forbid_unknown_fields=True):
    prediction: tuple[_Answered, ...]


def with_answers(predictions: tuple[Predict, ...], lesson: Path) -> tuple[Predict, ...]:
    """The predictions of a lesson, each with what its folder says about it; as they are where it says nothing.

    Raises MtlearnError when the file is damaged, or speaks of a question that the lesson does not ask just once.
    """
    file = lesson / FILE
    if not file.exists():
        return predictions
    known = {prediction.key: prediction for prediction in predictions}
    for each in manifest(file, _Predictions).prediction:
        found = [prediction for prediction in predictions if each.asked in prediction.question]
        if len(found) != 1:
            raise broken(file, f"{len(found)} predictions ask “{each.asked}”")
        [asked] = found
        if len(each.whys) != len(asked.choices):
            raise broken(file, f"“{each.asked}” has {len(asked.choices)} choices and {len(each.whys)} whys")
        right = None if each.right is None else each.right - 1
        known[asked.key] = replace(asked, whys=each.whys, answered=each.answered, tells=each.tells, right=right)
    return tuple(known.values())
