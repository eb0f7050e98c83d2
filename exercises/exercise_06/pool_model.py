"""What a pool must do, as one thread sees it: a model, and steps that are played on both."""

import json
import string
from dataclasses import dataclass, field

from mtlearn.grading.checks import Failure, Subject
from mtlearn.grading.stateful.script import script

ERROR = {"python": "a ValueError or a TypeError", "node": "a RangeError or a TypeError"}
EMPTY = {"python": "raise TimeoutError", "node": "give null"}
LENDS = {"python": "memoryview", "node": "index"}
TOLD = 8  # calls that a message lists, at most


@dataclass
class Model:
    """A pool on paper: buffers have names, and are filled with one byte all over."""

    count: int
    numbers: dict[str, int] = field(default_factory=dict)  # of every buffer that was ever lent, by name
    lent: dict[str, int] = field(default_factory=dict)  # what it is filled with
    closed: bool = False

    def expected(self, what, name=""):
        """What a step must come to ("lent", "none", "fine", "error", "any error"); None where it makes no sense."""
        if what == "acquire":
            if self.closed:
                return "any error"
            if len(self.lent) == self.count:
                return "none"
            if name in self.numbers:
                return None
            self.numbers[name] = len(self.numbers)
            self.lent[name] = 0
            return "lent"
        if what == "close":
            self.closed = self.closed or not self.lent
            return "fine" if self.closed else "any error"
        if what in ("another", "release_index"):
            return {"another": "fine", "release_index": "error"}[what]
        if what == "release_again":
            return "error" if name in self.numbers and name not in self.lent else None
        if name not in self.lent:
            return None
        if what == "release":
            del self.lent[name]
            return "fine"
        if what == "write":
            self.lent[name] = self.byte(name)
            return "fine"
        return "error"  # a slice, a twin, a copy

    def byte(self, name):
        """What is written into a buffer: something of its own, and not 0."""
        return 1 + self.numbers[name] % 250

    def concrete(self, what, name=""):
        """A step as the scenarios play it, with the buffer's number instead of its name."""
        if what == "release_index":
            return [what, name]
        if what in ("acquire", "close", "another"):
            return [what]
        return [what, self.numbers[name], *([self.byte(name)] if what == "write" else [])]


def plays(subject: Subject, *parts, count=3, size=4, help=""):
    """Play a script, and raise Failure where the pool does otherwise than the model."""
    model, plan = Model(count), []
    for what, *name in script(*parts):
        if expected := model.expected(what, *name):
            call = _call(subject, what, *name, model.numbers)
            plan.append((model.concrete(what, *name), call, expected, dict(model.lent)))
    steps = [step for step, *_ in plan]
    seen = subject.run_calm("playing", count=count, size=size, steps=steps).returns[0]["gave"]
    before = []
    for (_, call, expected, lent), came in zip(plan, seen, strict=False):  # it stops where it cannot go on
        if wrong := _wrong_call(subject, expected, came, size) or _wrong_bytes(lent, model, came["contents"], size):
            if len(before) > TOLD:
                before[TOLD // 2 : -TOLD // 2] = ["…"]
            told = f"After {', '.join(before)}" if before else f"With a new pool (count {count}, size {size})"
            raise Failure(f"{told}: {call} {wrong}", help)
        before.append(call)


def _wrong_call(subject: Subject, expected, came, size):
    """What is wrong about how a call ended, or None."""
    if came.get("same"):
        return None  # the same object is lent to another: nobody can tell
    if expected in ("error", "any error"):
        wanted = ERROR[subject.runtime] if expected == "error" else "an error"
        fits = "raised" in came and (expected == "any error" or came["fitting"])
        return None if fits else f"should be {wanted}; it {came_to(came)}."
    if expected == "none":
        if "none" in came or came.get("timeout"):
            return None
        return f"should {EMPTY[subject.runtime]}, as all buffers are lent; it {came_to(came)}."
    if "raised" in came or "none" in came:
        return f"should {'lend a buffer' if expected == 'lent' else 'be fine'}; it {came_to(came)}."
    if expected == "fine":
        return None
    if "gave" in came:
        return f"{came_to(came)}, and no {LENDS[subject.runtime]}."
    if "again" in came:
        return f"{came_to(came)}."
    if came["view"]:
        return came["view"]
    return None if came["bytes"] == size else f"gave a buffer of {came['bytes']} bytes, not {size}."


def _wrong_bytes(lent, model, contents, size):
    """Which of the lent buffers does not hold what it should, or None."""
    for name, byte in lent.items():
        number, wanted = model.numbers[name], [byte] * size
        found = contents.get(str(number), "nothing")
        if found != wanted:
            told = (
                f"raises {found} when it is read" if isinstance(found, str) else f"reads {', '.join(map(str, found))}"
            )
            return f"went well, but buffer {letters(number)} {told} then; it should read {', '.join(map(str, wanted))}."
    return None


def _bytes(values):
    return ", ".join(map(str, values))


def _call(subject: Subject, what, *rest):
    """A step as the learner would write it; buffers are named in the order in which they were lent."""
    *named, numbers = rest
    name, zero = named[0] if named else "", "0" if subject.runtime == "python" else ""
    name = letters(numbers[name]) if name in numbers else "" if what == "acquire" else name
    return {
        "acquire": f"{name} = acquire({zero})" if name else f"acquire({zero})",
        "write": f"writing into {name}",
        "release": f"release({name})",
        "release_again": f"release({name}) once more",
        "release_slice": f"release({name}[:])",
        "release_twin": f"release(memoryview(bytearray({name})))",
        "release_copy": f"release(bytes({name}))",
        "release_index": f"release({json.dumps(name) if name != 'undefined' else name})",
        "another": "a new pool over the same block",
        "close": "close()",
    }[what]


def came_to(came):
    """How a call ended, in words."""
    if "raised" in came:
        verb = "raised" if "timeout" in came else "threw"
        return f"{verb} {came['raised']}" + (f" ({came['message']})" if came["message"] else "")
    if "again" in came:
        return "lent a buffer that is lent already"
    if "gave" in came:
        return f"gave {came['gave']}"
    if "none" in came:
        return "gave null"
    return "lent a buffer" if "lent" in came or "waited" in came else "was accepted"


ODD = {"python": ("release_again", "release_slice", "release_twin", "close"),
       "node": ("release_again", "another", "release_index")}  # fmt: skip


def random_steps(runtime, chance, length):
    """Steps that are mostly sensible. Those that cannot be done the model leaves out."""
    lent, steps = [], []
    for _ in range(length):
        [what] = chance.choices(("acquire", "write", "release", *ODD[runtime]), (12, 6, 9) + (1,) * len(ODD[runtime]))
        if what == "acquire":
            lent.append(f"buffer {len(lent)}")
            steps.append([what, lent[-1]])
        elif what == "release_index":
            steps.append([what, chance.choice((None, -1, 3, 0.5))])
        elif what in ("close", "another") or lent:
            steps.append([what] if what in ("close", "another") else [what, chance.choice(lent[-6:])])
    return steps


def letters(number):
    """A name for a number: a, b, … z, aa, ab, …"""
    rest, last = divmod(number, 26)
    return (letters(rest - 1) if rest else "") + string.ascii_lowercase[last]
