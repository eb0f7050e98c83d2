# A match takes the mapping apart; what it captured is what is checked. Its error ends with an allowed text.
import re
from collections.abc import Mapping

NAME = re.compile("[A-Za-z0-9-]{1,32}")
NEEDED = ("type", "from", "to", "amount")


def _capture(raw):
    match raw:
        case {"type": kind, "from": source, "to": target, "amount": amount, "note": note}:
            return {"type": kind, "from": source, "to": target, "amount": amount, "note": note}
        case {"type": kind, "from": source, "to": target, "amount": amount}:
            return {"type": kind, "from": source, "to": target, "amount": amount}
    return None


def _first_unreadable(raw):
    for name in (*NEEDED, "note"):
        try:
            if name in raw:
                raw[name]
            elif name != "note":
                return f"{name} is missing"
        except Exception:
            return f"{name} cannot be read"
    return "type, from, to, amount or note cannot be read"


def _problem(result):
    if type(result["type"]) is not str or result["type"] != "transfer":
        return "type must be transfer"
    for name in ("from", "to"):
        if type(result[name]) is not str or not NAME.fullmatch(result[name]):
            return f"{name} must be 1 to 32 ASCII letters, digits or -"
    if type(result["amount"]) is not int or not 1 <= result["amount"] <= 1_000_000:
        return "amount must be a whole number from 1 to 1,000,000"
    if "note" in result and (type(result["note"]) is not str or len(result["note"]) > 140):
        return "note must be a text of at most 140"
    return None


def accept(raw):
    if not isinstance(raw, Mapping):
        raise TypeError("a mapping, please")
    problem = None
    try:
        for key in raw:
            if type(key) is not str:
                problem = "a key is no text"
            elif key not in NEEDED and key != "note":
                problem = f"unknown field {key}"
        result = _capture(raw)
    except Exception:
        result = None
    if problem is None:
        problem = _first_unreadable(raw) if result is None else _problem(result)
    if problem is not None:
        raise ValueError(problem)
    return result
