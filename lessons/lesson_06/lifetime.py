"""Who takes a block of shared memory away, and what happens to those who still use it?

    PYTHONPATH=lessons python lessons/lesson_06/lifetime.py

Each line is tried once, in its own Python where that may harm this one.
"""

import contextlib
import multiprocessing
import signal
import subprocess
import sys
import threading
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

from reporter import ctrl_c_ignored, lane, params, row, skip, uninterrupted

SIZE = 4096

ATTACH = """
from multiprocessing.shared_memory import SharedMemory
block = SharedMemory(%r%s)
block.close()
"""

CLOSE_UNDER = """
import resource, sys
import numpy
from multiprocessing.shared_memory import SharedMemory
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no file behind
block = SharedMemory(create=True, size=4096)
array = numpy.%s
block.unlink()
try:
    block.close()
except BufferError:
    print("close() raised BufferError")
else:
    print("close() was fine", flush=True)
    print(array[0])
"""


def attach(name):
    SharedMemory(name).close()


def another_python(code):
    """Run code in a Python that this one knows nothing of."""
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lane(other.pid, "another Python", other.pid)
    out, err = other.communicate()
    return subprocess.CompletedProcess(other.args, other.returncode, out, err)


# region is the block there?
def is_there(name):
    try:
        block = SharedMemory(name)  # <-
    except FileNotFoundError:
        return False
    block.close()
    return True


# endregion


def survives(variant, use_elsewhere):
    """Make a block, let somebody else open and close it and end, and look whether the block is there still."""
    with uninterrupted():
        block = SharedMemory(create=True, size=SIZE)
    try:
        use_elsewhere(block.name)
        there = is_there(block.name)
        row(variant=variant, happened="the block is still there" if there else "the block is gone", there=there)
    finally:
        block.close()
        try:
            block.unlink()
        except FileNotFoundError:  # gone already; the tracker need not look for it
            with contextlib.suppress(KeyError):
                resource_tracker.unregister("/" + block.name, "shared_memory")


def in_a_child(name):
    child = multiprocessing.get_context("spawn").Process(target=attach, args=(name,), daemon=True)
    with ctrl_c_ignored():
        child.start()
    lane(child.pid, "child", child.pid)
    child.join()


def closes_under(variant, array):
    """Close a block while a numpy array lies over it, then read the array: in a Python that may crash."""
    ended = another_python(CLOSE_UNDER % array)
    if "ModuleNotFoundError" in ended.stderr:
        module = ended.stderr.strip().rpartition(" ")[2].strip("'")
        return skip(variant, "this Python has no numpy" if module == "numpy" else f"this system has no {module}")
    happened = ended.stdout.strip()
    if ended.returncode < 0:
        happened += f", then it was killed by {signal.Signals(-ended.returncode).name}"
    row(variant=variant, happened=happened, exit_code=ended.returncode)


def main():
    lane(threading.get_native_id(), "main")
    survives("opened by a process of ours", in_a_child)
    survives("opened by another Python", lambda name: another_python(ATTACH % (name, "")))
    if sys.version_info >= (3, 13):
        survives("the same, track=False", lambda name: another_python(ATTACH % (name, ", track=False")))
    else:
        skip("the same, track=False", "it came with Python 3.13")
    closes_under("np.frombuffer over it", "frombuffer(block.buf, numpy.uint8)")
    closes_under("np.ndarray over it", "ndarray(4096, numpy.uint8, block.buf)")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was begun is put away
    try:
        main(**params())
    except KeyboardInterrupt:
        sys.exit(130)
