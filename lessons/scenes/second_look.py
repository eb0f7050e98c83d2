"""The door lets payments of up to 100 through. The message lies in memory that whoever sent it can still write to."""


class Message:
    def __init__(self):
        self.amount = 80
        self.paid = 0


def door(message):
    if message.amount <= 100:
        message.paid = message.amount


def sender(message):
    message.amount = 1_000


setup = Message
threads = [door, sender]


def memory(message):
    return {"paid": [message.paid]}
