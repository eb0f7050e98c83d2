"""Blur a picture in shared memory: by one process, and by several that divide its rows. Is the result the same?

    PYTHONPATH=lessons python lessons/lesson_06/image.py

Each pixel becomes the mean of the square around it. The processes share two pictures: they read from one and write
into the other, so nobody reads what has been blurred already. Only row numbers are sent.
"""

import gzip
import hashlib
import multiprocessing
import os
import pickle
import signal
import sys
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

from reporter import ctrl_c_ignored, now, params, row, skip, span, uninterrupted

try:
    import numpy as np
except ImportError:
    np = None

PICTURE = Path(__file__).with_name("picture.ppm.gz")
REACH = 4  # pixels to each side
SIDE = 2 * REACH + 1
FEW = 24  # rows, for those who fetch more when they are done
ROUNDS = 3  # of which the median is told
PASSES = 12  # a picture alone takes some 10 ms: too little to compare
VARIANTS = ("one process", "a strip each", "the next rows, please", "in place")


def read_picture():
    kind, size, most, pixels = gzip.decompress(PICTURE.read_bytes()).split(b"\n", 3)
    assert (kind, most) == (b"P6", b"255")
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def blur(source, target, first, last):
    """Blur the rows from first to last. What lies beyond the picture's edge repeats it."""
    width = source.shape[1]
    rows = source.take(range(first - REACH, last + REACH), axis=0, mode="clip")
    rows = np.pad(rows, ((0, 0), (REACH, REACH), (0, 0)), mode="edge")
    sums = np.zeros((last - first, width, 3), np.uint16)
    for down in range(SIDE):
        for right in range(SIDE):
            sums += rows[down : down + last - first, right : right + width]
    target[first:last] = sums // SIDE**2


def pictures_in(block, shape):
    """The two pictures in a block of shared memory: source and target."""
    size = int(np.prod(shape))
    return tuple(np.frombuffer(block.buf, np.uint8, size, at).reshape(shape) for at in (0, size))


def work(name, shape, next_row, pipe):
    """A process: blur the rows that are asked for, or those that are next, until there are no more."""
    block = SharedMemory(name)
    source, target = pictures_in(block, shape)
    pipe.send("ready")
    for how, first, last in iter(pipe.recv, None):
        start, rows = now(), 0
        if how == "strip":
            for _ in range(PASSES):
                blur(source, target, first, last)
            rows = last - first
        else:
            # region the next rows, please
            while (first := take(next_row)) < len(source):
                last = min(first + FEW, len(source))
                blur(source, source if how == "in place" else target, first, last)  # <-
                rows += last - first
            # endregion
        pipe.send((os.getpid(), start, now(), rows))
    del source, target  # before the block is closed: see the demo `lifetime`
    block.close()


def take(next_row):
    """The number of the next row, which belongs to nobody else then."""
    with next_row.get_lock():
        next_row.value += FEW
        return next_row.value - FEW


@contextmanager
def processes(count, *arguments):
    """Processes that are ready to work, and a pipe to each."""
    spawn = multiprocessing.get_context("spawn")
    next_row = spawn.Value("i", 0)
    with ExitStack() as ends:
        pipes = []
        for _ in range(count):
            pipe, other = spawn.Pipe()
            process = spawn.Process(target=work, args=(*arguments, next_row, other), daemon=True)
            with ctrl_c_ignored():
                process.start()
            other.close()
            ends.callback(process.join)
            ends.callback(process.terminate)
            pipes.append(pipe)
        for pipe in pipes:
            pipe.recv()
        yield pipes, next_row


def alone(picture, serial):
    """Blur in this process."""
    start = now()
    for _ in range(PASSES):
        blur(picture, serial, 0, len(picture))
    return (now() - start) / PASSES, [(os.getpid(), start, now(), len(picture))], serial


def divided(crew, orders, shared, picture):
    """Let the crew blur, each according to its order; how long that took, who did what, and what came of it."""
    pipes, next_row = crew
    source, target = shared
    source[...], target[...] = picture, 0
    next_row.value = 0
    start = now()
    for pipe, order in zip(pipes, orders, strict=True):
        pipe.send(order)
    turns = [pipe.recv() for pipe in pipes]
    took = (now() - start) / (PASSES if orders[0][0] == "strip" else 1)
    result = source if orders[0][0] == "in place" else target
    return took, turns, result.copy()


def tell(variant, rounds, serial, orders=()):
    """A row about several rounds: the median time for one picture, and the bytes that were wrong in the worst."""
    for _, turns, _ in rounds:
        for process, start, end, _ in turns:
            span(variant, process, start, end, process)
    took, turns, result = sorted(rounds, key=lambda each: each[0])[len(rounds) // 2]
    row(variant=variant, threads=[process for process, *_ in turns], took_ns=round(took * 1000),
        shares=[rows for *_, rows in turns], rows=sum(rows for *_, rows in turns), bytes=result.size,
        differs=max(int((each != serial).sum()) for *_, each in rounds),
        sent=sum(len(pickle.dumps(order)) for order in orders),
        sha256=hashlib.sha256(result.tobytes()).hexdigest()[:12])  # fmt: skip


def main(threads, save):
    if np is None:
        for variant in VARIANTS:
            skip(variant, "this Python has no numpy", get="pip install numpy")
        return
    picture = read_picture()
    serial = np.zeros_like(picture)
    bounds = [len(picture) * number // threads for number in range(threads + 1)]
    strips = [("strip", first, last) for first, last in pairwise(bounds)]
    few, in_place = [("next", 0, 0)] * threads, [("in place", 0, 0)] * threads

    with uninterrupted():
        block = SharedMemory(create=True, size=2 * picture.size)
    shared = pictures_in(block, picture.shape)
    try:
        with processes(threads, block.name, picture.shape) as crew:
            one, several = [], []
            for _ in range(ROUNDS):  # in turn, so that both meet the same moments of a busy machine
                one.append(alone(picture, serial))
                several.append(divided(crew, strips, shared, picture))
            tell(VARIANTS[0], one, serial)
            tell(VARIANTS[1], several, serial, strips)
            tell(VARIANTS[2], [divided(crew, few, shared, picture)], serial, few)
            tell(VARIANTS[3], [divided(crew, in_place, shared, picture)], serial, in_place)
    finally:
        del shared
        block.close()
        block.unlink()
    if save:
        save_as_png(Path(save), {"original": picture, "serial": serial, "parallel": several[0][2]})


def save_as_png(folder, pictures):
    try:
        from PIL import Image
    except ImportError:
        return skip("saved as PNG", "Pillow is not installed", get="pip install 'mtlearn[lab]'")
    version = f"python-{sys.version_info.major}.{sys.version_info.minor}"
    files = [folder / f"{version}-{name}.png" for name in pictures]
    for file, picture in zip(files, pictures.values(), strict=True):
        Image.fromarray(picture).save(file)
    row(variant="saved as PNG", files=[str(file) for file in files])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended, too
    try:
        main(**params(threads=2, save=""))
    except KeyboardInterrupt:
        sys.exit(130)
