"""What is done with a learner's accept: raw messages are built as corpus.json describes them, and handed over."""

import collections
import decimal
import faulthandler
import json
import sys
import traceback
import types
from collections.abc import Mapping

import exercise

from mtlearn.grading.scenario import Scenario

NAMES = ["accept"]
SECRET = "hunter2-hunter2"  # checks.py looks for it in the text of every error

# Values that JSON cannot carry.
ODD = {
    "bytes": SECRET.encode(),
    "NaN": float("nan"),
    "infinity": float("inf"),
    "decimal": decimal.Decimal("250.5"),
}


class OwnDict(dict):
    pass


class Filling(dict):
    def __missing__(self, key):
        return SECRET


class OwnMapping(Mapping):
    def __init__(self, fields):
        self.fields = fields

    def __getitem__(self, key):
        return self.fields[key]

    def __iter__(self):
        return iter(self.fields)

    def __len__(self):
        return len(self.fields)


class KeysAndItems:
    """It can be read like a mapping, but never said that it is one."""

    def __init__(self, fields):
        self.fields = fields

    def keys(self):
        return self.fields.keys()

    def __getitem__(self, key):
        return self.fields[key]


class Reads:
    """What each read of a field gives: the values in turn, then the last one for ever."""

    def __init__(self, changes):
        self.changes = {key: list(values) for key, values in changes.items()}

    def read(self, key, usual):
        values = self.changes.get(key)
        if not values:
            return usual
        return values.pop(0) if len(values) > 1 else values[0]


class Changing(OwnMapping):
    """A Mapping whose fields change from read to read; some appear when its keys are listed a second time."""

    def __init__(self, fields, changes, appears):
        super().__init__(fields)
        self.reads = Reads(changes)
        self.appears = appears
        self.listed = 0

    def __getitem__(self, key):
        if self.listed > 1 and key in self.appears:
            return self.appears[key]
        return self.reads.read(key, self.fields[key])

    def __iter__(self):
        self.listed += 1
        return iter([*self.fields, *(self.appears if self.listed > 1 else ())])


class ChangingDict(dict):
    """A dict whose [] and get() change from read to read."""

    def __init__(self, fields, changes):
        super().__init__(fields)
        self.reads = Reads(changes)

    def __getitem__(self, key):
        return self.reads.read(key, super().__getitem__(key))

    def get(self, key, default=None):
        return self[key] if key in self else default


class Note:
    """A key that is no text, and reads like the name of a field."""

    def __str__(self):
        return "note"


def in_itself(fields):
    fields["self"] = fields
    return fields


def chained(fields):
    *others, last = fields.items()
    return collections.ChainMap(dict([last]), dict(others))


# Whole messages that JSON cannot carry, made of the fields.
MADE = {
    "reversed": lambda fields: dict(reversed(fields.items())),
    "in itself": in_itself,
    "number key": lambda fields: {**fields, 7: SECRET},
    "none key": lambda fields: {**fields, None: SECRET},
    "key that reads note": lambda fields: {**fields, Note(): SECRET},
    "bytes key": lambda fields: {**fields, b"note": SECRET},
    "tuple key": lambda fields: {**fields, ("no", "te"): SECRET},
    "tuple of pairs": lambda fields: tuple(fields.items()),
    "generator of pairs": lambda fields: (pair for pair in fields.items()),
    "items": lambda fields: fields.items(),
    "set": set,
    "bytes": lambda fields: json.dumps(fields).encode(),
    "attributes": lambda fields: types.SimpleNamespace(**fields),
    "keys and items": KeysAndItems,
    "class": lambda fields: dict,
    "dict of one's own": OwnDict,
    "OrderedDict": collections.OrderedDict,
    "UserDict": collections.UserDict,
    "MappingProxyType": types.MappingProxyType,
    "ChainMap": chained,
    "Mapping": OwnMapping,
    "defaultdict": lambda fields: collections.defaultdict(lambda: SECRET, fields),
    "with __missing__": Filling,
}


def build(case):
    """The raw message of a case."""
    if "raw" in case:
        return case["raw"]
    fields = {**case["fields"], **{key: ODD[odd] for key, odd in case.get("odd", {}).items()}}
    made = case.get("made")
    if made == "changing":
        return Changing(fields, case.get("changes", {}), case.get("appears", {}))
    if made == "changing dict":
        return ChangingDict(fields, case["changes"])
    return MADE[made](fields) if made else fields


def told(value):
    """A value as evidence: a text or a whole number as it is, anything else by its type."""
    if type(value) is str or type(value) is int:
        return value
    return {"odd": f"{value!r} ({type(value).__name__})"[:80]}


def outcome(raw, earlier):
    """What came of one message: what accept gave, or what it raised."""
    try:
        given = exercise.accept(raw)
    except NotImplementedError:
        raise
    except Exception as error:
        return {
            "raised": type(error).__name__,
            "fitting": isinstance(error, ValueError | TypeError),
            "message": str(error),
            "text": "".join(traceback.format_exception(error)),
        }
    gave = {"a": type(given).__name__, "plain": type(given) is dict, "raw": given is raw, "fields": None}
    gave["again"] = any(given is before for before in earlier)
    if isinstance(given, Mapping):
        gave["fields"] = {str(key): told(given[key]) for key in given}
        earlier.append(given)
    return {"gave": gave}


def accepting(cases, limit_s):
    """Each message is built afresh and handed over; the outcomes in their order.

    A pattern that does not end keeps the GIL, and no thread of Python can stop it: with a limit, one of C ends the
    process.
    """

    def work(earlier):
        if limit_s:
            faulthandler.dump_traceback_later(limit_s, exit=True, file=sys.__stderr__)
        try:
            return [outcome(build(case), earlier) for case in cases]
        finally:
            faulthandler.cancel_dump_traceback_later()

    return Scenario(list, [work], lambda earlier: {})
