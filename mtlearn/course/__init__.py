"""What a course is: lessons of steps, demos with claims, exercises; and finding all of it on disk.

A lesson module imports its building blocks from here.
"""

from mtlearn.course.claim import Claim, Finding, Measured, NotMeasured, first, has_gil, has_no_gil
from mtlearn.course.figures import duration, memory, share
from mtlearn.course.lesson import Column, Demo, Lesson, Limits, Outcome, Predict, Question, Quiz, Text, figure

__all__ = [
    "Claim",
    "Column",
    "Demo",
    "Finding",
    "Lesson",
    "Limits",
    "Measured",
    "NotMeasured",
    "Outcome",
    "Predict",
    "Question",
    "Quiz",
    "Text",
    "duration",
    "figure",
    "first",
    "has_gil",
    "has_no_gil",
    "memory",
    "share",
]
