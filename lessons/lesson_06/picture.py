"""Draws the picture that the demo `image` blurs: python lessons/lesson_06/picture.py, which takes numpy.

A lake at evening, made of circles, triangles and waves, so that it is anybody's. It is drawn three times as large and
then made smaller, which smooths the edges.
"""

import gzip
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, FINER = 640, 480, 3
FILE = Path(__file__).with_name("picture.ppm.gz")

HORIZON = 0.62  # everything below is water; heights and widths count from 0 to 1
RIDGES = (  # how far up, how rough, colour
    (0.47, 5.0, (121, 104, 146)),
    (0.54, 9.0, (84, 72, 116)),
    (0.59, 15.0, (52, 48, 84)),
)


def ridge(x, up, rough):
    waves = np.sin(rough * x + up * 40) + 0.5 * np.sin(2.3 * rough * x + 1) + 0.25 * np.sin(5.1 * rough * x + up * 9)
    return up - 0.035 * waves


def landscape(x, y):
    """The colours at these places, without the water."""
    light = (y / HORIZON)[..., None]
    picture = (1 - light) * np.array((72, 84, 150)) + light * np.array((255, 176, 120))
    distance = np.hypot((x - 0.66) * WIDTH / HEIGHT, y - 0.4)
    picture[distance < 0.075] = (255, 236, 190)
    for up, rough, colour in RIDGES:
        picture[y > ridge(x, up, rough)] = colour
    for number in range(26):  # fir trees at the shore
        middle = (0.02 + 0.037 * number + 0.012 * np.sin(number * 7)) % 1
        if 0.4 < middle < 0.72:
            continue
        top = 0.47 + 0.05 * np.sin(number * 3) ** 2
        for part in range(3):
            tip = top + part * (HORIZON - top) / 4
            wide = 0.012 + 0.004 * part
            foot = tip + (HORIZON - top) / 2.4
            picture[(y > tip) & (y < foot) & (np.abs(x - middle) < wide * (y - tip) / (foot - tip))] = (26, 40, 48)
    house = (np.abs(x - 0.52) < 0.045) & (y > 0.545) & (y < HORIZON)
    picture[house] = (120, 52, 48)
    roof = (y > 0.5) & (y < 0.547) & (np.abs(x - 0.52) < 0.06 * (y - 0.5) / 0.047)
    picture[roof] = (60, 30, 40)
    for pane in (0.495, 0.52, 0.545):
        picture[(np.abs(x - pane) < 0.007) & (np.abs(y - 0.578) < 0.012)] = (255, 220, 120)
    return picture


def main():
    x, y = np.meshgrid(
        (np.arange(WIDTH * FINER) + 0.5) / (WIDTH * FINER), (np.arange(HEIGHT * FINER) + 0.5) / (HEIGHT * FINER)
    )
    mirrored = np.where(y > HORIZON, 2 * HORIZON - y, y)  # the water shows what is above it, moved by its waves
    depth = np.clip(y - HORIZON, 0, None)
    waves = np.where(y > HORIZON, 0.004 * np.sin(260 * np.sqrt(depth + 0.01)) * (1 + 6 * depth), 0)
    picture = landscape(x + waves, np.clip(mirrored, 0, 1))
    water = y > HORIZON
    picture[water] = 0.72 * picture[water] + 0.28 * np.array((20, 30, 70))
    small = picture.reshape(HEIGHT, FINER, WIDTH, FINER, 3).mean(axis=(1, 3)).round().astype(np.uint8)
    data = b"P6\n%d %d\n255\n" % (WIDTH, HEIGHT) + small.tobytes()
    FILE.write_bytes(gzip.compress(data, mtime=0))
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
