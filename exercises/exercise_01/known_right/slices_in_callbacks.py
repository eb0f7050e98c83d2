# No coroutine, but a function that gives a future, which its own callbacks settle.
import asyncio


def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError
    loop = asyncio.get_running_loop()
    future, rest, totals = loop.create_future(), list(items), [0]

    def step():
        totals.extend(map(crunch, rest[:slice_size]))
        del rest[:slice_size]
        if rest:
            loop.call_soon(step)
        else:
            future.set_result(sum(totals))

    step()
    return future
