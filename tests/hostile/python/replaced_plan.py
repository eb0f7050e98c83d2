# verdict: fail
# says: counted as 1
# why: the plan is another one as soon as it runs
from dataclasses import replace

from mtlearn.interleave.python.control import Control


def work(shared, index):
    if Control.scheduler:
        Control.scheduler.plan = replace(Control.scheduler.plan, schedule=())
    shared.count += 1
    return index
