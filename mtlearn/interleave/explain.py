"""One sentence on what went wrong, read off the steps of an interleaving. Nothing is guessed: where the steps
show no known pattern there is no sentence beyond the message.
"""

from __future__ import annotations

import re

from mtlearn.interleave.trace import Interleaving, Step, Waiting

LATEST = 16  # steps of a thread by which a loop that goes on for ever is judged
READS = ("read", "load")
OVERWRITES = ("write", "store")  # whatever stands there by then
WRITES = (*OVERWRITES, "add", "sub", "and", "or", "xor", "exchange", "compareExchange")
_LITERAL = r"""(?:-?\d[\w.]*|[Tt]rue|[Ff]alse|None|null|undefined|"[^"]*"|'[^']*'|\[\]|\{\}|(?:\w+\.)*[A-Z][A-Z\d_]*)"""
# What is written was not made from what was read, and what is taken away: in Python or JavaScript.
_SET = re.compile(rf"(?<![=!<>+\-*/%&|^@:?])=\s*{_LITERAL}\s*(?:$|[;#}}]|//)|\bstore\([^()]*,\s*{_LITERAL}\s*\)")
_DELETED = re.compile(r"\bdel(?:ete)?\b")
# Methods of the built-in containers, and what they do to them. Of any other method nothing is said.
_CHANGES = {
    "add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem", "popleft",
    "remove", "reverse", "rotate", "setdefault", "sort", "update",
}  # fmt: skip
_LOOKS = {"copy", "count", "get", "index", "items", "keys", "values"}


def explain(found: Interleaving) -> str:
    """Give the sentence that says what went wrong, with the threads' names."""
    if found.kind == "deadlock":
        return _deadlock(found)
    if found.kind in ("livelock", "busy loop"):
        return _endless(found)
    if found.kind == "blocked":
        return found.message
    return _lost_update(found) or _stale_check(found) or _exception(found) or ""


def _name(found: Interleaving, thread: int | None) -> str:
    if thread is None or not 0 <= thread < len(found.threads):
        return "another thread"
    return found.threads[thread]


def _lost_update(found: Interleaving) -> str | None:
    """Find a write that goes over another thread's write made since this thread had read the location."""
    for number, write in enumerate(found.steps):
        if write.operation not in OVERWRITES or not write.location:
            continue
        before = found.steps[:number]
        read = _last(before, lambda s, w=write: _same(s, w) and s.operation in READS)
        mine = _last(before, lambda s, w=write: _same(s, w))
        over = _last(before, lambda s, w=write: _other(s, w) and _writes(s))
        if read is None or mine is None or over is None or over < mine:
            continue
        lost = found.steps[over]
        if not _is_lost(found.steps[read].value, write, lost):
            continue
        who, other = _name(found, write.thread), _name(found, lost.thread)
        gone = lost.value.split(" → ")[-1] if lost.value else None
        if write.value is None or gone is None:
            return f"{who} wrote {write.location} over what {other} wrote there: one update is lost."
        old = found.steps[read].value
        because = f", because it had read {old} before" if old is not None else ""
        return (
            f"{who} wrote {write.value} over {other}'s {gone} in {write.location}{because}: "
            f"{'one increment' if _is_increment(old, write.value, gone) else 'one update'} is lost."
        )
    return None


def _is_lost(old: str | None, write: Step, lost: Step) -> bool:
    """Say whether a write took something away: it was made from what was read, and is not what stood there anyway."""
    if _SET.search(write.source) or _DELETED.search(write.source) or _DELETED.search(lost.source):
        return False
    gone = lost.value.split(" → ")[-1] if lost.value else None
    return write.value is None or write.value != gone or _is_increment(old, write.value, gone)


def _stale_check(found: Interleaving) -> str | None:
    """Find what a thread read, and another changed before the thread's own next step that has to do with it."""
    for number, change in enumerate(found.steps):
        changed = _changed(change)
        if not changed:
            continue
        for read in reversed(found.steps[:number]):
            looked = _looked(read)
            if read.thread == change.thread or not _overlap(looked or _changed(read), changed):
                continue
            if not looked or (looked == changed and read.value == change.value is not None):
                break
            after = [step for step in found.steps[number + 1 :] if step.thread == read.thread]
            again = next((step for step in after if _overlap(_looked(step) or _changed(step), changed)), None)
            if after and not (again and _looked(again)):
                who, other = _name(found, read.thread), _name(found, change.thread)
                return (
                    f"{who} looked at {looked} in line {read.line}, then {other} changed it in line "
                    f"{change.line}, and {who} went on with what it had seen."
                )
            break
    return None


def _looked(step: Step) -> str:
    """Give the location that a step only looked at, an empty text where it did more, or nobody knows."""
    if step.operation in READS:
        return step.location
    return _receiver(step, _LOOKS)


def _changed(step: Step) -> str:
    """Give the location that a step surely changed, an empty text where there is none."""
    return step.location if _writes(step) else _receiver(step, _CHANGES)


def _writes(step: Step) -> bool:
    return step.operation in WRITES and step.event is None  # a compareExchange may fail


def _receiver(step: Step, methods: set[str]) -> str:
    owner, _, method = step.location.rpartition(".")
    return owner if step.operation == "call" and method in methods else ""


def _exception(found: Interleaving) -> str | None:
    ended = next((s for s in found.steps if s.event == "ends"), None)
    if found.kind != "exception" or ended is None:
        return None
    return f"{_name(found, ended.thread)} {ended.note}{f' in line {ended.line}' if ended.line else ''}."


def _deadlock(found: Interleaving) -> str:
    waiting = {w.thread: w for w in found.waiting}
    circle = _circle(waiting)
    if len(circle) == 1:
        w = waiting[circle[0]]
        return f"{_name(found, w.thread)} waits for {w.location or 'a lock'}, which it holds itself."
    if circle:
        links = [
            f"{_name(found, t)} waits for {_what(waiting[t])}, which {_name(found, waiting[t].holder)} holds"
            if waiting[t].kind != "join"
            else f"{_name(found, t)} waits for {_name(found, waiting[t].holder)} to end"
            for t in circle
        ]
        return "; ".join(links) + ": nobody can go on."
    ended = [w for w in found.waiting if w.kind not in ("join", "ready")] or list(found.waiting)
    parts = []
    for w in ended:
        if w.kind == "join":
            parts.append(f"{_name(found, w.thread)} waits for {_name(found, w.holder)} to end")
        elif w.holder is not None:
            parts.append(f"{_name(found, w.thread)} waits for {_what(w)}, which {_name(found, w.holder)} holds")
        else:
            parts.append(f"{_name(found, w.thread)} waits in line {w.line} ({w.source})")
    if not parts:
        return found.message
    nobody = any(w.holder is None for w in ended)
    return "; ".join(parts) + (": nobody is left to wake it." if nobody else ": nobody can go on.")


def _what(waiting: Waiting) -> str:
    return waiting.location or f"a {waiting.kind}"


def _circle(waiting: dict[int, Waiting]) -> list[int]:
    """Give the threads that wait for each other in a circle, an empty list where there is none."""
    for start in waiting:
        path: list[int] = []
        thread: int | None = start
        while thread is not None and thread in waiting and thread not in path:
            path.append(thread)
            thread = waiting[thread].holder
        if thread is not None and thread == start:
            return path
    return []


def _endless(found: Interleaving) -> str:
    loops = [w for w in found.waiting if w.kind == "loop"] or list(found.waiting)
    if not loops:
        return found.message
    rounds = [f"{_name(found, w.thread)} goes round in line {w.line} ({w.source})" for w in loops]
    going = {w.thread for w in loops}
    if found.kind == "busy loop":
        why = "and touches nothing shared"
    elif any(_keeps_writing([step for step in found.steps if step.thread == thread][-LATEST:]) for thread in going):
        why = "and what they write leads nowhere" if len(going) > 1 else "and what it writes leads nowhere"
    else:
        why = "and nobody changes what it waits for"
    return "; ".join(rounds) + f", {why}."


def _keeps_writing(steps: list[Step]) -> bool:
    """Say whether a thread writes in each round: the same write is among its latest steps more than once."""
    written = [(step.line, step.location) for step in steps if _writes(step)]
    return len(set(written)) < len(written)


def _last(steps: tuple[Step, ...], wanted: object) -> int | None:
    assert callable(wanted)
    return next((i for i in range(len(steps) - 1, -1, -1) if wanted(steps[i])), None)


def _same(step: Step, write: Step) -> bool:
    return step.thread == write.thread and step.location == write.location


def _other(step: Step, write: Step) -> bool:
    return step.thread != write.thread and step.location == write.location


def _overlap(a: str, b: str) -> bool:
    """Say whether two locations are the same, or one is an item or attribute of the other."""
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    return short == long or (long.startswith(short) and long[len(short)] in ".[")


def _is_increment(old: str | None, new: str, lost: str) -> bool:
    try:
        before, after, other = int(old or ""), int(new), int(lost)
    except ValueError:
        return False
    return after - before == 1 and other - before == 1
