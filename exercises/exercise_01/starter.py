"""Exercise 1: a long sum that lets others have their turn. README.md says what it must do."""


async def sum_in_slices(items, crunch, slice_size):
    """Give the sum of crunch(item); let the loop turn after at most slice_size items."""
    raise NotImplementedError("sum_in_slices is not written yet")
