"""A key is looked for with `in` on a dict and then read, while another deletes it and puts it back."""

EXPECT = "exception"


def setup():
    return {"a": 1}


def read(table):
    for key in ("a",):
        if key in table:
            table["seen"] = table[key]


def renew(table):
    value = table["a"]
    del table["a"]
    table["a"] = value


THREADS = [read, renew]


def check(table):
    assert table["a"] == 1
