"""The building blocks of a lesson: steps, demos with their columns and claims, judges of rows, figures in words."""

from mtlearn.course.claim import (
    CACHES,
    CHANCE,
    CORES,
    Claim,
    Finding,
    Measured,
    NotMeasured,
    before,
    first,
    has_gil,
    has_no_gil,
)
from mtlearn.course.figures import count, duration, memory, percent
from mtlearn.course.judges import answer, buckets, every, ratio, rows_of, share, share_of, value
from mtlearn.course.lesson import Column, Demo, Lesson, Outcome, Predict, Range, Text
from mtlearn.course.quiz import Quiz, figure, quoted

__all__ = [
    "CACHES",
    "CHANCE",
    "CORES",
    "Claim",
    "Column",
    "Demo",
    "Finding",
    "Lesson",
    "Measured",
    "NotMeasured",
    "Outcome",
    "Predict",
    "Quiz",
    "Range",
    "Text",
    "answer",
    "before",
    "buckets",
    "count",
    "duration",
    "every",
    "figure",
    "first",
    "has_gil",
    "has_no_gil",
    "memory",
    "percent",
    "quoted",
    "ratio",
    "rows_of",
    "share",
    "share_of",
    "value",
]
