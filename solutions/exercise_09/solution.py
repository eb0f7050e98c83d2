"""A door with a list of what may come in: each field read once, checked, and put into a new dict."""

import re
from collections.abc import Mapping

NAME = re.compile("[A-Za-z0-9-]{1,32}")


def is_name(value):
    # fullmatch: `$` would be content with a newline behind the name
    return type(value) is str and NAME.fullmatch(value) is not None


def is_amount(value):
    return type(value) is int and 1 <= value <= 1_000_000  # a bool is an int too, but its type is not int


def is_note(value):
    return type(value) is str and len(value) <= 140


# What may come in, and what to say where it does not fit. The value itself is never said.
FIELDS = {
    "type": (lambda value: type(value) is str and value == "transfer", "must be `transfer`"),
    "from": (is_name, "must be 1 to 32 letters, digits or -"),
    "to": (is_name, "must be 1 to 32 letters, digits or -"),
    "amount": (is_amount, "must be a whole number from 1 to 1,000,000"),
    "note": (is_note, "must be a text of at most 140 characters"),
}
OPTIONAL = {"note"}


def accept(raw):
    """A clean message, made of a raw one; a ValueError or a TypeError that names the field that is wrong."""
    if not isinstance(raw, Mapping):
        raise TypeError("a message must be a mapping")
    read = dict(raw)  # each field is read once; from here on nobody can change it
    for key in read:
        if key not in FIELDS:
            raise ValueError(f"unknown field: {key}" if isinstance(key, str) else "a field's name must be a text")
    clean = {}
    for field, (fits, rule) in FIELDS.items():
        if field not in read:
            if field not in OPTIONAL:
                raise ValueError(f"{field} is missing")
        elif not fits(read[field]):
            raise ValueError(f"{field} {rule}")
        else:
            clean[field] = read[field]
    return clean
