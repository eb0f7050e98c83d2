"""One thing that the course promises, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Point:
    """One promise of the course, looked at here.

    part    what it belongs to: "lesson-5", "race", "exercise-5", "misconceptions"
    kind    the runtime it is about, "python" or "node"; "" for both
    holds   None where this machine cannot decide
    detail  what was seen
    """

    part: str
    kind: str
    what: str
    holds: bool | None
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """The point as `mtlearn dev check --json` writes it."""
        return {
            "part": self.part,
            "runtime": self.kind or None,
            "what": self.what,
            "holds": self.holds,
            "detail": self.detail,
        }
