"""A lock made of a flag: both find it free, and both take it. Nothing that was counted is lost by that."""

EXPECT = "check"


class Room:
    def __init__(self) -> None:
        self.locked = 0
        self.inside: list[str] = []
        self.crowded = False

    def enter(self, who: str) -> None:
        while self.locked:
            pass
        self.locked = 1
        self.inside.append(who)
        self.crowded |= len(self.inside) > 1
        self.inside.remove(who)
        self.locked = 0


setup = Room
THREADS = [lambda room: room.enter("a"), lambda room: room.enter("b")]


def check(room: Room) -> None:
    assert not room.crowded, "two were inside"
