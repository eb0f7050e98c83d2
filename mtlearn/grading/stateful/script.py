"""The judge's side of stateful testing: scripts, random ones made short, and how outcomes are worded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mtlearn.grading.verdict import Failure, Unchecked

Step = list[Any]  # the name of what is done, and with what
TRIES = 60  # how many shorter scripts are played, at most


def script(*parts: str | Sequence[Any]) -> list[Step]:
    """Steps, from texts such as "call a b, close" or from lists, as they are.

    An argument is what it says as JSON ("1", "true", "null"), or a string.
    """
    steps: list[Step] = []
    for part in parts:
        if isinstance(part, str):
            for text in part.split(", "):
                what, *how = text.split()
                steps.append([what, *map(_value, how)])
        else:
            steps.append(list(part))
    return steps


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def shortest(judge: Callable[[list[Step]], None], steps: Sequence[Step], tries: int = TRIES) -> None:
    """Let the judge play the steps; where it raises Failure, raise that of the shortest script which still fails.

    Steps are left out as in delta debugging: halves, quarters, ..., single ones. A step that makes no sense without
    another is for the judge's model to leave out.
    """
    failure = _failure(judge, steps)
    if failure is None:
        return
    size = len(steps) // 2
    try:
        while size:
            start = 0
            while start < len(steps) and tries:
                tries -= 1
                fewer = [*steps[:start], *steps[start + size :]]
                if shorter := _failure(judge, fewer):
                    steps, failure = fewer, shorter
                else:
                    start += size
            size //= 2
    except Unchecked:  # it hung too often: what is known will do
        pass
    raise failure


def _failure(judge: Callable[[list[Step]], None], steps: Sequence[Step]) -> Failure | None:
    try:
        judge(list(steps))
    except Unchecked:
        raise
    except Failure as failure:
        return failure
    return None


# -- wording


def listed(values: Iterable[object]) -> str:
    """ "a, b and c"."""
    names = list(map(str, values))
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def written(runtime: str, value: object) -> str:
    """A value as a programmer of that language writes it."""
    return json.dumps(value) if runtime == "node" else repr(value)


def refused(refusal: dict[str, Any]) -> str:
    """What a call raised: "KeyError: 3"."""
    return f"{refusal['raised']}: {refusal['message']}".removesuffix(": ")


def failed(outcome: dict[str, Any]) -> bool:
    """Whether it ended, and not with a result."""
    return "failed" in outcome or "cancelled" in outcome


def came(outcome: dict[str, Any], it: str = "it", pending: str = "never ended") -> str:
    """How a future ended, as the end of a sentence."""
    if "gave" in outcome:
        return f"the call gave {outcome['gave']}"
    if "raised" in outcome:
        return f"the call raised {refused(outcome)}"
    if "failed" in outcome:
        text = f'"{outcome["failed"]}"' if outcome["failed"] else "no text"
        return f"{it} failed with {outcome['type']} ({text})" if outcome["type"] else f"{it} failed with {text}"
    if "cancelled" in outcome:
        return f"{it} was cancelled"
    return f"{it} {pending}" if "pending" in outcome else f"{it} gave {outcome['shown']}"
