"""Reading the course's own files: text, Markdown with headings, TOML of a known shape."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from mtlearn.errors import MtlearnError, reason

Shape = TypeVar("Shape")


def sections(markdown: str) -> dict[str, str]:
    """The texts under the `## ` headings, by heading, in order; what stands before the first is left out."""
    parts = re.split(r"^## +(.+)$", markdown, flags=re.MULTILINE)
    return {heading.strip(): body.strip() for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


def read(file: Path) -> str:
    """A content file's text. Raises MtlearnError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise broken(file, reason(error)) from error
    except UnicodeDecodeError as error:
        raise broken(file, f"it is not UTF-8 text ({error.reason})") from error


def manifest(file: Path, shape: type[Shape]) -> Shape:
    """What a TOML file holds, as a value of that type. Raises MtlearnError when it is missing or does not fit."""
    try:
        return msgspec.toml.decode(read(file), type=shape)
    except msgspec.ValidationError as error:
        raise broken(file, f"it does not fit: {error}") from None
    except msgspec.DecodeError as error:
        raise broken(file, f"it is not TOML: {error}") from None


def broken(file: Path, cause: str) -> MtlearnError:
    """An error for a part of the course that is missing or damaged."""
    return MtlearnError(
        f"The course's file {file} cannot be used.",
        f"{cause}.",
        "Install mtlearn again: pip install --force-reinstall mtlearn",
    )
