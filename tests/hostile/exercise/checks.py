"""The checks of the exercise that hostile files pretend to solve."""

from mtlearn.grading.checks import expect


def test_counts_in_every_order(subject):
    """No order of steps loses a count."""
    subject.explore("working", lambda ran: _judge(ran, 2), threads=2)


def test_counts_for_real(subject):
    """Three threads at once are counted, and each gives its number."""
    _judge(subject.run_calm("working", threads=3), 3)


def _judge(ran, threads):
    count = ran.memory["memory"][0]
    expect(count == threads, f"{threads} threads were counted as {count}.", "Add one in one step.")
    expect(ran.returns == list(range(threads)), f"The threads gave {ran.returns}.", "Return the index.")
