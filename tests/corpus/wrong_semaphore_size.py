"""A semaphore of 2 where only one may be inside."""

import threading

EXPECT = "check"


class Room:
    def __init__(self):
        self.places = threading.Semaphore(2)
        self.inside = 0
        self.most = 0

    def enter(self):
        with self.places:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.inside -= 1


setup = Room
THREADS = [Room.enter, Room.enter]


def check(room):
    assert (room.inside, room.most) == (0, 1), f"{room.most} at once, {room.inside} left inside"
