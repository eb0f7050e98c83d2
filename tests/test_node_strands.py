"""Promises, timers and messages of a Node thread, stepped by hand: whoever plays chooses which of them goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nodes import NODES
from test_node_events import CHAINS, LONGEST, explored

from mtlearn.errors import MtlearnError
from mtlearn.interleave.node import NodeExecutor, NodeHost
from mtlearn.interleave.node.executor import Thread
from mtlearn.interleave.stepper import Stepper

pytestmark = pytest.mark.skipif(not NODES, reason="there is no Node.js here")

SHARED = """
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
export async function serve({ seen }) {
  let token = null;
  const request = async (ms) => {
    await pause(ms);
    token ??= pause(30);
    await token;
    seen[0]++;
  };
  await Promise.all([request(10), request(20)]);
}
export function look({ seen }) {
  return seen[0];
}
"""


@contextmanager
def stepping(script: Path, threads: list[Thread], memory: dict[str, list[int]], node: str) -> Iterator[Stepper]:
    """Give what steps through a program of which every end is right."""
    with NodeHost(script, node=node) as host:
        yield Stepper(NodeExecutor(host, threads, memory, fresh=True, stepwise=True), lambda seen: None)


def orders_by_hand(stepper: Stepper) -> set[tuple[int, ...]]:
    """Give every order of `order` that somebody can choose, whoever goes on at each position."""
    orders = set()

    def go_on(moves: tuple[int, ...]) -> None:
        position = stepper.at(moves)
        if position.ended:
            count, *order = json.loads(dict(position.state)["order"])
            orders.add(tuple(order[:count]))
        for standing in position.threads:
            if standing.can_go:
                go_on((*moves, standing.thread))

    go_on(())
    return orders


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize(
    ("function", "argument"),
    [
        ("chains", [[10], [5]]),
        ("chains", [[5, 5], [20]]),
        ("chains", [[5], [0]]),
        ("awaiting", [1, 2]),
        ("pausing", [[0], [10]]),
        ("pausing", [[10], [5]]),
    ],
)
def test_what_can_be_chosen_by_hand_is_what_the_explorer_tries(function: str, argument: Any, node: str) -> None:
    """Timers, immediates and awaits can be played in every order that Node may take, and in no other."""
    with stepping(CHAINS, [(function, [argument])], {"order": [0] * (LONGEST + 1)}, node) as stepper:
        by_hand = orders_by_hand(stepper)
    with NodeHost(CHAINS, node=node) as host:
        assert by_hand == explored(host, function, argument)


@pytest.mark.parametrize("node", NODES)
def test_a_chain_keeps_its_letter(node: str, tmp_path: Path) -> None:
    """A call keeps its letter across its awaits, and one that awaits what another one fetches is told to wait."""
    script = tmp_path / "shared.mjs"
    script.write_text(SHARED, encoding="utf-8")
    with stepping(script, ["serve", "look"], {"seen": [0]}, node) as stepper:
        begun = stepper.at(())
        assert [(each.name, each.can_go) for each in begun.threads] == [
            ("Thread A", True), ("Thread B", True), ("Promise C", False),
        ]  # fmt: skip
        with pytest.raises(MtlearnError, match="Move 1, C, cannot be made") as told:
            stepper.read("C")
        assert told.value.cause == "Promise C cannot go on yet: others come first."
        both = stepper.read("AACC")  # A has asked for the token, and C awaits the same one
        waits = {standing.letter: standing.waits for standing in both.threads}
        assert waits["C"] is not None
        assert (waits["C"].kind, waits["C"].source) == ("await", "await token;")
        ended = both
        while not ended.ended:
            ended = stepper.move(ended, next(each.letter for each in reversed(ended.threads) if each.can_go))
        counted = [step.thread for step in ended.steps if step.source == "seen[0]++;"]
        assert set(counted) == {0, 2}
        assert dict(ended.state)["seen"] == "[2]"
        assert stepper.read(ended.told) == ended
