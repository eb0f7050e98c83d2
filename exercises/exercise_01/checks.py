"""The checks of exercise 1, for both languages."""

from itertools import groupby

from mtlearn.grading.checks import Failure, Subject, expect

NAME = {"python": "sum_in_slices", "node": "sumInSlices"}
ERROR = {"python": "a ValueError or a TypeError", "node": "a RangeError or a TypeError"}


def test_sum(subject: Subject):
    """It gives the sum of crunch(item), whether or not the last slice is full."""
    counts = [1, 2, 3, 4, 6, 7, 100]
    sums = subject.run_calm("summing", counts=counts, slice_size=3).returns[0]
    for count, total in zip(counts, sums, strict=True):
        wanted = sum(3 * item + 1 for item in range(1, count + 1))
        expect(
            total == wanted,
            f"The sum over {_items(count)}, in slices of 3, should be {wanted}; it is {total}.",
            "Look at the last slice: it may be shorter than the others."
            if count % 3
            else "Every item is crunched once, and what crunch gives is added.",
        )


def test_long_lists(subject: Subject):
    """A long list is no different: many small slices, or a single large one."""
    for count, slice_size, help in LONG[subject.runtime]:
        outcome = subject.run_calm("long_list", patience=3, count=count, slice_size=slice_size).returns[0]
        what = f"The sum over {count:,} items, in slices of {slice_size:,},"
        if "raised" in outcome:
            raise Failure(f"{what} ended with {_told(outcome)}.", help)
        wanted = 3 * count * (count + 1) // 2 + count
        expect(outcome["returned"] == wanted, f"{what} should be {wanted}; it is {outcome['returned']}.")


SLICES = "Slices that call one another are all still under way at the last one: use a loop."
ITEMS = "Calls within calls, one for each item, or a call with an argument for each, have room for some thousands."
# More calls within each other than a stack has room for. In Node.js each slice begins on an empty one.
LONG = {
    "python": [(1_200, 1, SLICES), (20_000, 19_999, ITEMS)],
    "node": [(600_000, 599_999, ITEMS)],
}


def test_empty(subject: Subject):
    """Without any item the sum is 0."""
    [total] = subject.run_calm("summing", counts=[0], slice_size=3).returns[0]
    expect(total == 0, f"The sum over no items should be 0; it is {total}.", "What does your sum begin with?")


def test_loop_turns(subject: Subject):
    """The loop turns after at most slice_size items."""
    for count, slice_size in ((10, 3), (9, 3), (5, 1), (100, 7), (250, 100), (2, 1)):
        between = _items_between_turns(subject, count, slice_size)
        most = max(between, default=0)
        once = "once " if len(between) == 1 else ""
        expect(
            most <= slice_size,
            f"With {_items(count)} in slices of {slice_size}, {most} items were crunched without the loop turning "
            f"{once}in between; it should be {slice_size} at most.",
            "Not every await lets the loop turn: what is awaited must really have to wait, for a turn at least.",
        )


def test_not_after_every_item(subject: Subject):
    """It does not turn after every single item when the slices are larger."""
    for count, slice_size in ((10, 3), (100, 7), (250, 100), (4, 8)):
        between = _items_between_turns(subject, count, slice_size)
        expect(
            len(between) < 2 or max(between) > 1,
            f"With {_items(count)} in slices of {slice_size}, the loop turned after every single item.",
            "A turn costs time too: crunch a slice of several items, then let the loop turn once.",
        )


def test_others_get_through(subject: Subject):
    """While it works, messages on the same loop are answered."""
    count, slice_size = 200, 10
    seen = subject.run_calm("answering", count=count, slice_size=slice_size, rounds=20).returns[0]
    expect(seen["total"] == seen["wanted"], f"The sum should be {seen['wanted']}; it is {seen['total']}.")
    slices = count // slice_size
    expect(
        seen["answered"] >= slices // 4,
        f"{_items(count)} were crunched in slices of {slice_size}, so the loop should turn some {slices} times. "
        f"In this time {seen['answered']} messages on the same loop were answered.",
        "Nobody else gets a turn until your function really waits.",
    )


def _items_between_turns(subject: Subject, count, slice_size):
    """How many different items were crunched between one turn of the loop and the next, for each such time."""
    seen = subject.run_calm("turning", count=count, slice_size=slice_size, rounds=5_000).returns[0]
    groups = [{item for item, _ in group} for _, group in groupby(seen, key=lambda each: each[1])]
    return [len(group) for group in groups]


def _told(outcome):
    return f"{outcome['raised']}: {outcome['message']}".removesuffix(": ")


def _items(count):
    return "1 item" if count == 1 else f"{count} items"


# What a call may be given is checked last: it is not what the exercise is about.


def test_slice_size_is_checked(subject: Subject):
    """A slice size below 1 is an error."""
    sizes = [0, -1, -100, 0.5]
    for size, outcome in zip(sizes, subject.run_calm("refusing", slice_sizes=sizes).returns[0], strict=True):
        call = f"{NAME[subject.runtime]}(five items, crunch, {size}) should be {ERROR[subject.runtime]}"
        if "returned" in outcome:
            raise Failure(f"{call}; it returned {outcome['returned']}.", "Check it before the first slice.")
        expect(outcome["fitting"], f"{call}; it ended with {_told(outcome)}.")
