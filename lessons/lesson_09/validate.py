"""Which checks keep hostile messages out, and what do they cost? And can a message change after it was checked?

    PYTHONPATH=lessons python lessons/lesson_09/validate.py

First a good message and nine bad ones go through each check. Then two processes share memory: one checks an amount and
pays it, while the other keeps changing it.
"""

import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing import parent_process
from typing import Annotated, Literal

from reporter import now, params, row, skip

NAME = r"^[A-Za-z0-9-]{1,32}$"
GOOD = {"type": "transfer", "from": "alice", "to": "bob", "amount": 100}
BAD = [
    {**GOOD, "amount": "100"},
    {**GOOD, "amount": True},
    {**GOOD, "amount": 1.5},
    {**GOOD, "amount": 0},
    {**GOOD, "to": "no such/name"},
    {**GOOD, "note": None},
    {**GOOD, "admin": True},
    {**GOOD, "__proto__": {"admin": True}},
    {"type": "transfer", "from": "alice", "amount": 100},
]

# ---- the checks: each takes a message, and raises an exception when it is a bad one


@dataclass
class Transfer:
    type: Literal["transfer"]
    to: str
    amount: int
    note: str = ""


def with_hints(message):
    return Transfer(**{key: message[key] for key in ("type", "to", "amount", "note") if key in message})


def by_hand(message):
    if message.keys() - {"note"} != {"type", "from", "to", "amount"}:
        raise ValueError("fields are missing, or there are too many")
    if message["type"] != "transfer":
        raise ValueError("type")
    for field in ("from", "to"):
        if type(message[field]) is not str or not re.fullmatch(NAME, message[field]):
            raise ValueError(field)
    if type(message["amount"]) is not int or not 1 <= message["amount"] <= 1_000_000:
        raise ValueError("amount")
    if "note" in message and (type(message["note"]) is not str or len(message["note"]) > 140):
        raise ValueError("note")


def with_msgspec():
    import msgspec

    name = Annotated[str, msgspec.Meta(pattern=NAME)]

    class Transfer(msgspec.Struct, forbid_unknown_fields=True, rename={"sender": "from"}):
        type: Literal["transfer"]
        sender: name
        to: name
        amount: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
        note: Annotated[str, msgspec.Meta(max_length=140)] | msgspec.UnsetType = msgspec.UNSET

    return lambda message: msgspec.convert(message, Transfer)


def with_pydantic(**config):
    from pydantic import BaseModel, ConfigDict, Field

    class Transfer(BaseModel):
        model_config = ConfigDict(**config)
        type: Literal["transfer"]
        sender: str = Field(alias="from", pattern=NAME)
        to: str = Field(pattern=NAME)
        amount: int = Field(ge=1, le=1_000_000)
        note: str = Field("", max_length=140)

    return Transfer.model_validate


def refuses(check, message):
    try:
        check(message)
    except Exception:  # each library has its own errors
        return True
    return False


def measure(variant, check, seconds):
    """How many of the messages it refuses, and what it costs to check a good one."""
    refused = sum(refuses(check, message) for message in BAD)
    end, fastest = now() + seconds * 1e6, float("inf")
    while now() < end:  # the fastest of many rounds: the others met another program
        start = now()
        for _ in range(100):
            check(GOOD)
        fastest = min(fastest, (now() - start) / 100)
    row(variant=variant, threads=[threading.get_native_id()], good="refused" if refuses(check, GOOD) else "passed",
        refused=refused, bad=len(BAD), ns_per_message=round(fastest * 1000))  # fmt: skip


def checks(seconds):
    measure("type hints alone", with_hints, seconds)
    measure("checks by hand", by_hand, seconds)
    for variant, package, make, options in (
        ("msgspec", "msgspec", with_msgspec, {}),
        ("pydantic, by default", "pydantic", with_pydantic, {}),
        ("pydantic, strict", "pydantic", with_pydantic, {"strict": True, "extra": "forbid"}),
    ):
        try:
            check = make(**options)
        except ImportError:
            skip(variant, f"the package {package} is not installed", get=f"pip install {package}")
            continue
        measure(variant, check, seconds)


# ---- a message in shared memory

MOST, HUGE = 1_000_000, 1_000_000_000  # what may be paid, and what the other would like
LEAST = 30  # payments that are watched, however slow this machine is
AMOUNT, STOP, TURNS = 0, 1, 2


def end_with_parent():
    """A process that runs for ever must not outlive the one that started it."""
    parent_process().join()
    os._exit(1)


def be_the_other(pipe, memory):
    """The other process: it sends a few messages back, then changes the amount until it is told to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    threading.Thread(target=end_with_parent, daemon=True).start()
    for message in iter(pipe.recv, None):
        pipe.send(message)
    while not memory[STOP]:
        memory[AMOUNT] = GOOD["amount"]
        memory[AMOUNT] = HUGE
        memory[TURNS] += 1


def something_else(memory):
    """A line for the log, a look into a table: something is always in between, and the other has its turn meanwhile."""
    turns = memory[TURNS]
    while memory[TURNS] == turns:
        time.sleep(0.0001)


# region check and read, copy and check
def check_then_read(memory):
    if memory[AMOUNT] <= MOST:
        something_else(memory)
        return memory[AMOUNT]  # <-


def copy_then_check(memory):
    amount = memory[AMOUNT]
    if amount <= MOST:
        something_else(memory)
        return amount


# endregion


def pay(variant, amount_from, memory, other, seconds):
    """How often something was paid, and how often that was more than may be paid."""
    end, paid, too_much = now() + seconds * 1e6, 0, 0
    while now() < end or paid < LEAST:
        if amount := amount_from(memory):
            paid += 1
            too_much += amount > MOST
    row(variant=variant, threads=[threading.get_native_id(), other], paid=paid, too_much=too_much)


def shared_memory(seconds):
    spawn = multiprocessing.get_context("spawn")  # works on every system, and copies no running thread
    memory = spawn.RawArray("q", [GOOD["amount"], 0, 0])
    pipe, theirs = spawn.Pipe()
    other = spawn.Process(target=be_the_other, args=(theirs, memory), daemon=True)
    other.start()
    theirs.close()

    fastest = float("inf")
    for _ in range(200):
        start = now()
        pipe.send(GOOD)
        pipe.recv()
        fastest = min(fastest, now() - start)
    row(variant="for comparison: sent there and back", threads=[threading.get_native_id(), other.pid],
        ns_per_message=round(fastest * 1000))  # fmt: skip

    pipe.send(None)
    pay("shared: check, then read again", check_then_read, memory, other.pid, seconds)
    pay("shared: copy, then check", copy_then_check, memory, other.pid, seconds)
    memory[STOP] = 1
    other.join()


def main(seconds):
    checks(seconds / 4)
    shared_memory(seconds)


if __name__ == "__main__":
    try:
        main(**params(seconds=0.2))
    except KeyboardInterrupt:
        sys.exit(130)
