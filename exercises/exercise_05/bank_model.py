"""What transfers must come to, by the rules of the statement."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Literal

Call = Sequence[Any]  # source, target, amount
Plans = Sequence[Sequence[Call]]  # the calls of each thread


def transfer(balances: list[int], call: Call, accounts: int) -> tuple[bool | Literal["error"], list[int]]:
    """The answer to one call where there are so many accounts, and the balances afterwards."""
    source, target, amount = call
    if type(amount) is not int or amount < 1:
        return "error", balances
    if any(type(index) is not int or not 0 <= index < accounts for index in (source, target)):
        return "error", balances
    if source == target:
        return True, balances
    if balances[source] < amount:
        return False, balances
    after = list(balances)
    after[source] -= amount
    after[target] += amount
    return True, after


def outcomes(balances: list[int], plans: Plans) -> Iterator[tuple[list[list[Any]], list[int]]]:
    """Every (answers, balances) of whole transfers, one after the other, those of each thread in its order."""
    for order in set(itertools.permutations(number for number, plan in enumerate(plans) for _ in plan)):
        after = balances
        answers: list[list[Any]] = [[] for _ in plans]
        for number in order:
            answer, after = transfer(after, plans[number][len(answers[number])], len(balances))
            answers[number].append(answer)
        yield answers, after
