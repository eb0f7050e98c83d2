# belief: a single line such as `self.value += n` is a single step
# beliefs: 14 15
# fails: adds_are_not_lost
# says: lost
# shows: an interleaving

# A reads 0, B reads 0 and writes 1, A writes 1: one of two is lost. A run with the GIL never shows it,
# because the interpreter has no reason to switch between this read and this write.


class SharedCounter:
    def __init__(self):
        self.value = 0

    def add(self, n=1):
        self.value += n


def transfer(accounts, source, target, amount):
    check(accounts, source, target, amount)
    if source == target:
        return True
    first, second = sorted((source, target))
    with accounts[first].lock, accounts[second].lock:
        return move(accounts[source], accounts[target], amount)


def check(accounts, source, target, amount):
    if not isinstance(amount, int) or amount < 1:
        raise ValueError("amount must be a whole number of at least 1")
    if not (0 <= source < len(accounts) and 0 <= target < len(accounts)):
        raise ValueError("there is no such account")


def move(giver, taker, amount):
    if giver.balance < amount:
        return False
    giver.balance -= amount
    taker.balance += amount
    return True
