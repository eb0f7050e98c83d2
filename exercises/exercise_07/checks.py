"""The checks of exercise 7, for both languages.

Nearly all of them let a supervisor play with workers that do as they are told, and read the log of what happened:
`Story` follows it, knows at each entry what the supervisor may do, and in the end what it owes.
"""

import random

from story import HELP, Story, explores, plays, random_steps, returned

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only
from mtlearn.grading.stateful.script import came, failed, shortest

PROMISE = {"python": "a concurrent.futures.Future", "node": "a Promise"}
LATER, AT_ONCE = ("drain, refuse", ""), ("drain_refusing", " in the same turn of the loop")
REFUSING = {"python": [LATER], "node": [LATER, AT_ONCE]}


def test_workers_are_started(subject: Subject):
    """The constructor starts `size` workers, and more jobs start no more."""
    for size in (1, 3):
        plays(subject, "started", "submit a b c d e f g", size=size)


def test_sent_at_once(subject: Subject):
    """A job is sent as soon as it is submitted, in the order of the calls, and submit gives its future."""
    seen = plays(subject, "sent lost", "submit a b c", size=1)
    for name, told in seen["outcomes"].items():
        gave = told.get("gave")
        expect(gave is None, f"submit({name}) should give {PROMISE[subject.runtime]}; it gave {gave}.")
    sent = [entry[2] for entry in seen["log"] if entry[0] == "send"]
    told = f"The jobs a, b and c were submitted to a supervisor of one worker; it was sent {', '.join(sent)}."
    expect(sent == ["a", "b", "c"], told, HELP["lost"])


def test_least_loaded(subject: Subject):
    """A job goes to the live worker with the fewest unfinished jobs."""
    plays(subject, "least", "submit a b c d e f, answer a, submit g, answer g, answer g, submit h i j", size=3)
    plays(subject, "least", "submit a b c d e f, crash a 1, submit g h i j", size=3)


def test_results(subject: Subject):
    """A worker's results belong to its jobs in their order, whatever their value."""
    plays(subject, "results", "submit a b c, answer a, answer b, answer c", size=1)
    plays(subject, "results", "submit a b c d, answer a null, answer b 0, answer c false", ["answer", "d", ""])
    plays(subject, "results", "submit a b, answer a undefined, answer b", size=1)  # in Python it is a text
    plays(subject, "results", "submit a b", ["answer", "a", "an error"], ["answer", "b", LOOKS_LIKE_MORE], size=1)
    equal = {"job": "c"}  # the results to each other, and to the last job
    plays(subject, "results", "submit a b c", ["answer", "a", equal], ["answer", "b", equal], size=1)


LOOKS_LIKE_MORE = {"value": 1, "result": 2, "error": "none"}


def test_the_same_job_twice(subject: Subject):
    """The same job may be submitted twice: that makes two jobs."""
    seen = plays(subject, "", "twice a b, answer a first, answer a second", size=1)
    sent = [entry for entry in seen["log"] if entry[0] == "send"]
    told = {name: ended.get("value") for name, ended in seen["outcomes"].items()}
    expect(
        len(sent) == 2 and told == {"a": "first", "b": "second"},
        f"The same object was submitted twice, and its worker answered `first`, then `second`: it was sent {len(sent)} "
        f"times, and the futures have {told['a']!r} and {told['b']!r}.",
        "Two jobs may be equal, or not hashable: find a job by its place in the worker's queue, not by its value.",
    )


def test_strays_are_ignored(subject: Subject):
    """A result of a worker that has nothing to do is ignored."""
    strays = "answer_by 1, submit a, answer a, answer_by 2, answer_by 1, submit b c, answer b, answer c"
    plays(subject, "results least", strays)


def test_dead_workers_are_replaced(subject: Subject):
    """A worker that exits, with whatever code, is replaced."""
    for code in (0, 1, -9):
        plays(subject, "restarts started dead", f"exit 1 {code}, submit a b, exit 2 {code}, submit c d")


def test_unfinished_jobs_are_sent_again(subject: Subject):
    """The unfinished jobs of a dead worker, and only those, are sent again, in their order."""
    plays(subject, AGAIN, "submit a b c d, answer a, crash b 1, finish", size=1)
    plays(subject, AGAIN, "submit a b c d e f, answer a, crash a 0, submit g, crash g -9, finish")


def test_attempts_are_limited(subject: Subject):
    """A job is sent at most `max_attempts` times in all, and then fails."""
    laws, restarts = "attempts given_up early results", {"max_restarts": 9}
    for size in (1, 2):
        steps = "submit a, crash a 1, crash a 1, crash a 1, submit b, finish"
        plays(subject, laws, steps, size=size, **restarts)
    plays(subject, "attempts given_up", "submit a b, crash a 1, finish", max_attempts=1)
    steps = "submit a b, crash a 1, crash a 1, answer a, crash b 1, submit c, finish"
    plays(subject, laws, steps, size=1, **restarts)


def test_restarts_are_limited(subject: Subject):
    """At most `max_restarts` workers are started anew in all, not for each worker."""
    for exits in ("exit 1 1, exit 3 1, exit 2 1", "exit 1 1, exit 2 1, exit 3 1"):
        plays(subject, "storm restarts", f"submit a, {exits}, submit b", max_restarts=2, max_attempts=9)


def test_no_worker_left(subject: Subject):
    """When no worker is left and none may be started, every unfinished and every later job fails, and drain returns."""
    steps, settings = "submit a b c d, exit 1 1, exit 2 1, exit 3 1, submit e f", {"max_restarts": 1, "max_attempts": 9}
    plays(subject, "given_up lost storm", steps, **settings)
    seen = plays(subject, "", f"{steps}, drain, bury", **settings)
    returned(seen, "every worker had exited, and every job had failed")


def test_nothing_is_sent_to_the_dead(subject: Subject):
    """Nothing is sent to a worker after its exit was told."""
    for restarts in (0, 1):
        steps = "submit a b c, exit 1 1, submit d e f g, finish, submit h"
        plays(subject, "dead lost", steps, max_restarts=restarts)


def test_drain_refuses(subject: Subject):
    """From the call of drain() on, submit raises."""
    help = "Note at the beginning of drain(), before any await, that it was called, and look at the note in submit."
    for then, when in REFUSING[subject.runtime]:
        log = plays(subject, "lost", f"submit a, {then} late, finish")["log"]
        told = f"drain() was called while a job was unfinished, and submit still took new jobs{when}."
        expect(any(entry[0] == "refused" for entry in log), told, help)


def test_drain_waits(subject: Subject):
    """drain() waits until every job is settled, then kills the workers, and returns when all have exited."""
    seen = plays(subject, "drain kill returned results", "submit a b c, drain, refuse late, finish, bury")
    returned(seen, "every job was done, and every worker had exited")
    seen = plays(subject, "kill returned", "drain, bury")
    returned(seen, "there was nothing to do, and every worker had exited")


def test_drain_outlives_a_failure(subject: Subject):
    """A job that fails while drain() waits ends that job only: the others are finished first."""
    laws = "drain given_up early lost kill returned results"
    for crashed, restarts in (("a", 3), ("b", 3), ("a", 0)):
        steps = f"submit a b c, drain, refuse late, crash {crashed} 1, linger, finish, bury"
        seen = plays(subject, laws, steps, max_attempts=1, max_restarts=restarts)
        returned(seen, "every job was settled, one of them with an error, and every worker had exited")
    steps = "submit a b, drain, refuse late, crash a 1, linger, finish, bury"
    seen = plays(subject, laws, steps, size=1, max_restarts=0)
    returned(seen, "no worker was left, so every job had failed")


def test_drain_goes_on_replacing(subject: Subject):
    """A worker that dies while drain() waits is replaced, and its jobs are sent again."""
    steps = "submit a b, drain, refuse late, crash a 1, finish, bury"
    seen = plays(subject, "restarts lost early drain kill", steps, size=1)
    returned(seen, "every job was done, and every worker had exited")


def test_killed_workers_are_not_replaced(subject: Subject):
    """The workers that drain() kills are not replaced."""
    plays(subject, "end returned", "submit a, answer a, drain, bury")


@only("python")
def test_two_submits(subject: Subject):
    """Two threads submit at once, and each of the two idle workers gets a job."""

    def judge(ran: Ran):
        sent = [len(each) for each in ran.memory["workers"]]
        expect(
            sent == [1, 1],
            f"Two jobs were submitted at once to two idle workers: one worker got {max(sent)}, the other {min(sent)}.",
            "Both looked for the least-loaded worker, and then both gave it a job. Look and give under one lock.",
        )

    subject.explore("meanwhile", judge, submitted=[], submits=["a", "b"])


@only("python")
def test_a_submit_beside_a_crash(subject: Subject):
    """A worker exits while another thread submits: no job is lost, and none goes to the dead worker."""
    explores(subject, submitted=["a"], submits=["b"], exits=[1], bound=1, size=1, max_restarts=1)


@only("python")
def test_two_crashes(subject: Subject):
    """Two workers exit at once: the restarts are counted right, and every job goes on, or fails."""
    explores(subject, submitted=["a", "b"], exits=[1, 2], bound=1, max_restarts=1)
    explores(subject, submitted=["a", "b"], exits=[1, 2], bound=1, max_restarts=0)


@only("python")
def test_an_answer_beside_a_crash(subject: Subject):
    """A worker answers while another one exits, or it itself: no job is lost, and none is done twice."""
    explores(subject, submitted=["a"], exits=[1], answers=[1], size=1, max_restarts=1)
    explores(subject, submitted=["a", "b"], exits=[1], answers=[2], max_restarts=0)


@only("python")
def test_drain_beside_the_workers(subject: Subject):
    """While drain() waits, other threads submit and tell it of results and exits: it is never too early."""

    def judge(ran: Ran, job, help):
        drained, worked = ran.returns
        expect(not worked["killed early"], f"drain() killed the worker, and job {job} was unfinished.", help)
        expect(drained["exited"], "drain() returned before the worker's exit was told.", HELP["returned"])
        told = ran.memory["jobs"][job]
        fine = told.get("value") == "done" or ("raised" in told and job == "late")
        expect(fine, f"Job {job} was submitted before or while drain() began, and {came(told)}.", help)

    subject.explore("draining", lambda ran: judge(ran, "a", HELP["drain"]), 1, submitted=["a"])
    subject.explore("draining", lambda ran: judge(ran, "late", HELP["late"]), 1, submitted=[], submits=["late"])

    def ended(ran: Ran):
        expect(not ran.returns[0]["unsettled"], "drain() returned before job a was settled.", "Settle, then count.")
        expect(not ran.returns[0]["living"], "drain() returned before every worker's exit was told.", HELP["returned"])

    for submitted, meanwhile in (["a"], "answer"), ([], "exit"):
        subject.explore("ending", ended, 1, submitted=submitted, meanwhile=meanwhile)


def test_at_random(subject: Subject):
    """Whatever happens, in whatever order: every job settles once, as it should."""
    for seed in range(12):
        settings = {"size": 1 + seed % 3, "max_attempts": 1 + seed % 4, "max_restarts": (0, 2, 5, 20)[seed // 3]}

        def judge(steps, settings=settings):
            seen = plays(subject, " ".join(HELP), *steps, "drain, finish, bury", **settings)
            returned(seen, "every job was settled, and every worker had exited")

        shortest(judge, random_steps(random.Random(seed), settings["size"], settings["max_restarts"]))


def test_killed_for_real(subject: Subject):
    """For real: processes that are killed are replaced, their jobs are done by others, and none stays behind."""
    plain = [{"job": name} for name in "abcd"]
    jobs = [*plain, {"job": "kills once", "kills": 1}, {"job": "held up", "holds": 1}]
    _kill(subject, jobs, max_restarts=2)
    seen = _kill(subject, [{"job": "kills always", "kills": 99}, {"job": "a"}], size=1, max_attempts=2)
    ended = seen["outcomes"]["kills always"]
    told = f"A job that kills every process should fail after 2 attempts; {came(ended)}."
    expect(failed(ended), told, HELP["given_up"])


AGAIN = "lost twice order early results dead"


def _kill(subject: Subject, jobs, **settings):
    seen = subject.run_calm("killing", patience=5, jobs=jobs, **settings).returns[0]
    for law, sentence in Story(subject.runtime, seen, **settings, beside=True).wrong.items():
        raise Failure(sentence, HELP[law])
    for name, told in seen["outcomes"].items():
        value = told.get("value")
        expect(
            value is None or (value["job"] == name and value["process"] in seen["processes"]),
            f"Job {name} has the result of job {value and value['job']}.",
            HELP["results"],
        )
    returned(seen, "every job was settled")
    told = f"After drain(), {len(seen['alive'])} of {len(seen['processes'])} processes are still there."
    expect(not seen["alive"], told, "kill() every worker that has not exited.")
    return seen
