# verdict: fail
# says: counted as 1
# why: the search would run one order of steps only
import mtlearn.interleave.frontier

mtlearn.interleave.frontier.Frontier.add = lambda self, tried, execution, done=None: None


def work(shared, index):
    shared.count += 1
    return index
