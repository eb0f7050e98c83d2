"""What a course is: lessons of steps, demos with claims, exercises; and finding all of it on disk.

A lesson module imports its building blocks from here. A list of lessons needs none of them: they come when asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtlearn.course.blocks import *  # noqa: F403  # what a lesson may use is said there, once


def __getattr__(name: str) -> Any:
    from importlib import import_module

    return getattr(import_module("mtlearn.course.blocks"), name)
