# belief: what was checked stays what it was
# fails: changing
# says: once it was read

# It checks one reading and hands on another: a mapping may give another value the second time.

import re
from collections.abc import Mapping

NAME = re.compile("[A-Za-z0-9-]{1,32}")
FIELDS = ("type", "from", "to", "amount", "note")


def fits(field, value):
    if field == "type":
        return value == "transfer"
    if field == "amount":
        return type(value) is int and 1 <= value <= 1_000_000
    if field == "note":
        return isinstance(value, str) and len(value) <= 140
    return isinstance(value, str) and NAME.fullmatch(value)


def accept(raw):
    if not isinstance(raw, Mapping):
        raise TypeError("a message must be a mapping")
    for key in raw:
        if key not in FIELDS:
            raise ValueError(f"unknown field: {key}")
    for field in FIELDS[:4]:
        if field not in raw:
            raise ValueError(f"{field} is missing")
    for field, value in raw.items():
        if not fits(field, value):
            raise ValueError(f"{field} does not fit")
    return {field: raw[field] for field in FIELDS if field in raw}
