"""Key functions over what nobody else has."""


class Board:
    def __init__(self):
        self.best = []

    def play(self):
        mine = [3, 1, 2]
        mine.sort(key=lambda score: -score)
        self.best.append(max(mine, key=lambda score: score % 3))


setup = Board
THREADS = [Board.play, Board.play]


def check(board):
    assert board.best == [2, 2]
