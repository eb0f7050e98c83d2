# It reads a mapping twice and refuses whatever was not the same both times; then it takes its copy apart.
import string
from collections.abc import Mapping

ALLOWED = frozenset(string.ascii_letters + string.digits + "-")


class BadMessage(ValueError):
    pass


def accept(raw):
    if not isinstance(raw, Mapping):
        raise BadMessage("not a mapping")
    left, again = {**raw}, {key: raw[key] for key in raw}
    if left != again:
        raise BadMessage("it changes while it is read")

    def take(field, fits):
        if field not in left:
            raise BadMessage(f"{field!r} is not there")
        value = left.pop(field)
        if isinstance(value, bool) or not fits(value):
            raise BadMessage(f"{field!r} is wrong")
        return value

    def is_name(value):
        return isinstance(value, str) and 0 < len(value) < 33 and ALLOWED.issuperset(value)

    clean = {
        "from": take("from", is_name),
        "to": take("to", is_name),
        "amount": take("amount", lambda value: isinstance(value, int) and value in range(1, 1_000_001)),
        "type": take("type", lambda value: value == "transfer"),
    }
    if "note" in left:
        clean["note"] = take("note", lambda value: isinstance(value, str) and not value[140:])
    if left:
        raise BadMessage(f"nobody asked for {[key for key in left if isinstance(key, str)]}")
    return clean
