"""The Node executor of the explorer: real Workers whose every access to shared memory is a yield point."""

from mtlearn.interleave.node.executor import NodeExecutor as NodeExecutor
from mtlearn.interleave.node.explore import NodeHost as NodeHost
from mtlearn.interleave.node.explore import explore_node as explore_node
from mtlearn.interleave.node.explore import replay_node as replay_node
from mtlearn.interleave.node.explore import search_node as search_node
from mtlearn.interleave.node.process import LoadError as LoadError
from mtlearn.interleave.node.process import NodeMissing as NodeMissing
