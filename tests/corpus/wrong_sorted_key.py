"""list.sort with a key: while it sorts, others see an empty list."""

EXPECT = "check"


class Board:
    def __init__(self):
        self.scores = [3, 1, 2]
        self.seen = None

    def tidy(self):
        self.scores.sort(key=lambda score: -score)

    def count(self):
        self.seen = len(self.scores)


setup = Board
THREADS = [Board.tidy, Board.count]


def check(board):
    assert board.seen == 3, f"{board.seen} scores"
