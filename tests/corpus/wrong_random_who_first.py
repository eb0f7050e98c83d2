"""Who goes first is thrown with dice: for some numbers nobody does."""

import random

EXPECT = "check"


class Game:
    def __init__(self):
        self.played = 0

    def play(self):
        if random.random() < 0.9:
            self.played += 1


setup = Game
THREADS = [Game.play, Game.play]


def check(game):
    assert game.played == 2, f"{game.played} played"
