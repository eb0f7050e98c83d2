"""A count in an attribute of the class, added to by its objects."""

EXPECT = "check"


class Ticket:
    sold = 0

    def sell(self):
        type(self).sold += 1


def setup():
    Ticket.sold = 0
    return Ticket()


THREADS = [Ticket.sell, Ticket.sell]


def check(_):
    assert Ticket.sold == 2, f"{Ticket.sold} sold"
