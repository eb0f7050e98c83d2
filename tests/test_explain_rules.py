"""Each rule of the sentence on what went wrong speaks where it should, and is silent where it would not be true."""

from __future__ import annotations

from functools import cache

import pytest
from nodes import CORPUS as NODE_CORPUS
from nodes import NODES, Case
from test_corpus import explored

from mtlearn.interleave.explain import explain

# What the sentence says; a program where it must, and one, as like as can be, where it would not be true.
RULES = [
    ("one increment is lost", "wrong_load_store", "wrong_lock_by_hand"),
    ("one update is lost", "wrong_threads_inside", "wrong_lock_by_hand"),
    ("over what Thread B wrote there", "wrong_property", "wrong_deleted_twice"),
    ("and Thread A went on with what it had seen", "wrong_lock_by_hand", "wrong_load_store"),
    ("ends: IndexError: pop from empty list in line 12", "wrong_pop_list", "wrong_pop_key"),
    ("which it holds itself", "wrong_lock_twice", "wrong_lock_order"),
    ("which Thread A holds: nobody can go on", "wrong_lock_order", "wrong_lock_twice"),
    ("which Thread A holds: nobody can go on", "wrong_no_unlock_on_exception", "wrong_lost_wakeup"),
    ("waits for Thread B to end: nobody can go on", "wrong_join_each_other", "wrong_pool_sentinels"),
    ("nobody is left to wake it", "wrong_lost_wakeup", "wrong_no_unlock_on_exception"),
    ("and touches nothing shared", "wrong_loop_forever", "wrong_flag_never_set"),
    ("and what they write leads nowhere", "wrong_livelock_writes", "wrong_polite"),
    ("and what it writes leads nowhere", "wrong_counts_for_ever", "wrong_flag_never_set"),
    ("and nobody changes what it waits for", "wrong_flag_never_set", "wrong_counts_for_ever"),
    ("waits outside Python's locks", "wrong_blocked_in_c", "wrong_loop_forever"),
]
RULES_NODE = [
    ("one increment is lost", "plain_increment", "lock_by_hand"),
    ("one update is lost", "swapped_by_destructuring", "treiber_untagged"),
    ("went on with what it had seen", "lock_by_hand", "plain_increment"),
    ("ends: Error: two are inside", "file_lock_looked_for", "throws_no_error"),
    ("which Thread A holds: nobody can go on", "abba", "mutex_missing_notify"),
    ("which it holds itself", "mutex_locked_twice", "barrier_short_of_a_party"),
    ("nobody is left to wake it", "mutex_missing_notify", "abba"),
    ("and touches nothing shared", "loop_that_never_ends", "flag_never_set"),
    ("leads nowhere", "livelock_of_polite_threads", "flag_never_set"),
    ("and nobody changes what it waits for", "flag_never_set", "livelock_of_polite_threads"),
    ("and nobody changes what it waits for", "abba_spinning", "writes_for_ever"),
]


@cache
def sentence(program: str) -> str:
    """Give the sentence on what goes wrong in a program of the corpus."""
    found = explored(program, 1_500).counterexample
    assert found is not None
    return explain(found)


@cache
def sentence_node(program: str, node: str) -> str:
    """The same of a Node program."""
    case = Case(NODE_CORPUS / "wrong" / f"{program}.mjs")
    with case.host(node) as host:
        found = case.explored(host).counterexample
    assert found is not None
    return explain(found)


@pytest.mark.parametrize(("says", "speaks", "silent"), RULES)
def test_a_rule_speaks_where_it_is_true_and_only_there(says: str, speaks: str, silent: str) -> None:
    """The sentence under an interleaving is true: a rule speaks of what it knows, and of nothing that looks alike."""
    assert says in sentence(speaks)
    assert says not in sentence(silent)


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize(("says", "speaks", "silent"), RULES_NODE)
def test_a_rule_is_true_of_node_programs(says: str, speaks: str, silent: str, node: str) -> None:
    """The same holds for programs of Node.js."""
    assert says in sentence_node(speaks, node)
    assert says not in sentence_node(silent, node)
