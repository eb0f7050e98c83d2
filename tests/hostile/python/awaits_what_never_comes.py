# verdict: fail
# says: `Door.wait` awaits at line 13: `await self.opened`
# hangs: yes
# why: a coroutine that awaits stands on no thread's stack
import asyncio


class Door:
    def __init__(self):
        self.opened = asyncio.get_running_loop().create_future()

    async def wait(self):
        await self.opened


async def meet():
    await Door().wait()


def work(shared, index):
    asyncio.run(meet())
    return index
