# belief: there is always a first item to begin with
# fails: empty
# says: StopIteration

# Without any item there is no first one.

import asyncio


async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError("slice_size must be at least 1")
    rest = iter(items)
    total, count = [crunch(next(rest))], 1
    for item in rest:
        if count % slice_size == 0:
            await asyncio.sleep(0)
        total.append(crunch(item))
        count += 1
    return sum(total)
