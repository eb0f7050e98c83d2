"""What a line must be, by the rules of the statement, and what it must hide."""

import json
from collections.abc import Iterable
from typing import Any

from mtlearn.grading.checks import Failure, expect
from mtlearn.grading.stateful.script import listed

AT_ONCE = "Call sink(line) yourself, before you return."


def record_of(lines: list[str], when: str) -> dict[str, Any]:
    """The one line that a call handed over, read. Raises Failure when it is not one JSON object on one line."""
    told = f"For {when} the sink should be called once before the call returns; it was called {times(len(lines))}."
    expect(len(lines) == 1, told, AT_ONCE)
    [line] = lines
    told = f"For {when} the line has a line break in it: {line!r}."
    expect("\n" not in line and "\r" not in line, told, "The sink puts lines apart. JSON itself needs no line break.")
    try:
        record = json.loads(line)
    except ValueError as error:
        raise Failure(f"For {when} the line is not JSON ({error}): {line}") from None
    expect(isinstance(record, dict), f"For {when} the line is JSON, but not an object: {line}")
    return record


def hidden(seen: dict[str, Any], lines: list[str], when: str) -> None:
    """Check that the line of such a call hides the values of secret keys, and nothing else."""
    record, given, keys = record_of(lines, when), seen["given"], seen["keys"]
    shown = [text for text in _strings({name: record.get(name) for name in given}) if "swordfish" in text]
    told = f"The line shows what it should hide: {listed(shown[:3])}. Secret keys are {listed(keys)}."
    expect(not shown, told, "Go through dicts, lists and tuples (objects and arrays), as deep as they are.")
    for name, value in _redacted(given, keys).items():
        want = f"{json.dumps({name: given[name]})} should be {json.dumps({name: value})}"
        told = f"With the secret keys {listed(keys)}, {want}; it is {json.dumps({name: record.get(name)})}."
        help = "The value of a secret key is hidden whatever it is; a key that only looks like one is not secret."
        expect(name in record and record[name] == value, told, help)


def _redacted(value: Any, keys: Iterable[str]) -> Any:
    if isinstance(value, dict):
        return {key: "***" if key in keys else _redacted(inner, keys) for key, inner in value.items()}
    return [_redacted(inner, keys) for inner in value] if isinstance(value, list) else value


def _strings(value: Any) -> list[str]:
    """Every string in a value, at any depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] if isinstance(value, str) else [text for each in inner for text in _strings(each)]


def times(count: int) -> str:
    """So often, in words."""
    return "once" if count == 1 else f"{count} times"
