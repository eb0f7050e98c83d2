# verdict: fail
# says: counted as 1
# why: every plan would be run as the first was
import mtlearn.interleave.python.executor as explorer

real, first = explorer.PythonExecutor.run_once, []


def run_once(self, plan):
    first.append(real(self, plan))
    return first[0]


explorer.PythonExecutor.run_once = run_once


def work(shared, index):
    shared.count += 1
    return index
