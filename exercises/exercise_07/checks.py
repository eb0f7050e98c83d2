"""The checks of exercise 7, for both languages.

Nearly all of them let a supervisor play with workers that do as they are told, and read the log of what happened:
`Story` follows it, knows at each entry what the supervisor may do, and in the end what it owes.
"""

from story import Story, ended_so

from mtlearn.grading.checks import Failure, Ran, Subject, expect, only

PROMISE = {"python": "a concurrent.futures.Future", "node": "a Promise"}


def test_loads(subject: Subject):
    """The file loads and has the name that is asked for."""
    subject.load()


def test_workers_are_started(subject: Subject):
    """The constructor starts `size` workers, and more jobs start no more."""
    for size in (1, 3):
        _play(subject, [["submit", *"abcdefg"]], ["started"], size=size)


def test_sent_at_once(subject: Subject):
    """A job is sent as soon as it is submitted, in the order of the calls, and submit gives its future."""
    seen = _play(subject, [["submit", "a", "b", "c"]], ["sent", "lost"], size=1)
    for name, told in seen["jobs"].items():
        gave = told.get("gave")
        expect(gave is None, f"submit({name}) should give {PROMISE[subject.runtime]}; it gave {gave}.")
    sent = [entry[2] for entry in seen["log"] if entry[0] == "send"]
    expect(
        sent == ["a", "b", "c"],
        f"The jobs a, b and c were submitted to a supervisor of one worker; it was sent {', '.join(sent)}.",
        HELP["lost"],
    )


def test_least_loaded(subject: Subject):
    """A job goes to the live worker with the fewest unfinished jobs."""
    steps = [["submit", *"abcdef"], ["answer", "a"], ["submit", "g"], ["answer", "g"], ["answer", "g"]]
    steps += [["submit", "h", "i", "j"]]
    _play(subject, steps, ["least"], size=3)
    _play(subject, [["submit", *"abcdef"], ["crash", "a", 1], ["submit", *"ghij"]], ["least"], size=3)


def test_results(subject: Subject):
    """A worker's results belong to its jobs in their order, whatever their value."""
    _play(subject, [["submit", "a", "b", "c"], ["answer", "a"], ["answer", "b"], ["answer", "c"]], ["results"], size=1)
    empty = {"a": None, "b": 0, "c": False, "d": ""}
    steps = [["submit", *empty], *(["answer", name, value] for name, value in empty.items())]
    _play(subject, steps, ["results"], size=2)


def test_the_same_job_twice(subject: Subject):
    """The same job may be submitted twice: that makes two jobs."""
    seen = _play(subject, [["twice", "a", "b"], ["answer", "a", "first"], ["answer", "a", "second"]], [], size=1)
    sent = [entry for entry in seen["log"] if entry[0] == "send"]
    told = {name: ended.get("value") for name, ended in seen["jobs"].items()}
    expect(
        len(sent) == 2 and told == {"a": "first", "b": "second"},
        f"The same object was submitted twice, and its worker answered `first`, then `second`: it was sent {len(sent)} "
        f"times, and the futures have {told['a']!r} and {told['b']!r}.",
        "Two jobs may be equal, or not hashable: find a job by its place in the worker's queue, not by its value.",
    )


def test_strays_are_ignored(subject: Subject):
    """A result of a worker that has nothing to do is ignored."""
    steps = [["stray", 1], ["submit", "a"], ["answer", "a"], ["stray", 2], ["stray", 1], ["submit", "b", "c"]]
    _play(subject, [*steps, ["answer", "b"], ["answer", "c"]], ["results", "least"])


def test_dead_workers_are_replaced(subject: Subject):
    """A worker that exits, with whatever code, is replaced."""
    for code in (0, 1, -9):
        steps = [["exit", 1, code], ["submit", "a", "b"], ["exit", 2, code], ["submit", "c", "d"]]
        _play(subject, steps, ["restarts", "started", "dead"])


def test_unfinished_jobs_are_sent_again(subject: Subject):
    """The unfinished jobs of a dead worker, and only those, are sent again, in their order."""
    steps = [["submit", *"abcd"], ["answer", "a"], ["crash", "b", 1], ["finish"]]
    _play(subject, steps, AGAIN, size=1)
    steps = [["submit", *"abcdef"], ["answer", "a"], ["crash", "a", 0], ["submit", "g"], ["crash", "g", -9], ["finish"]]
    _play(subject, steps, AGAIN)


def test_attempts_are_limited(subject: Subject):
    """A job is sent at most `max_attempts` times in all, and then fails."""
    steps = [["submit", "a"], *[["crash", "a", 1]] * 3, ["submit", "b"], ["finish"]]
    _play(subject, steps, ["attempts", "given up", "early", "results"], size=1, max_restarts=9)
    _play(subject, steps, ["attempts", "given up", "early", "results"], size=2, max_restarts=9)
    _play(subject, [["submit", "a", "b"], ["crash", "a", 1], ["finish"]], ["attempts", "given up"], max_attempts=1)
    steps = [["submit", "a", "b"], *[["crash", "a", 1]] * 2, ["answer", "a"], ["crash", "b", 1], ["submit", "c"]]
    _play(subject, [*steps, ["finish"]], ["attempts", "given up", "early", "results"], size=1, max_restarts=9)


def test_restarts_are_limited(subject: Subject):
    """At most `max_restarts` workers are started anew in all, not for each worker."""
    for numbers in ((1, 3, 2), (1, 2, 3)):
        steps = [["submit", "a"], *(["exit", number, 1] for number in numbers), ["submit", "b"]]
        _play(subject, steps, ["storm", "restarts"], max_restarts=2, max_attempts=9)


def test_no_worker_left(subject: Subject):
    """When no worker is left and none may be started, every unfinished and every later job fails, and drain returns."""
    steps = [["submit", *"abcd"], ["exit", 1, 1], ["exit", 2, 1], ["exit", 3, 1], ["submit", "e", "f"]]
    _play(subject, steps, ["given up", "lost", "storm"], max_restarts=1, max_attempts=9)
    seen = _play(subject, [*steps, ["drain"], ["bury"]], [], max_restarts=1, max_attempts=9)
    _returned(seen, "every worker had exited, and every job had failed")


def test_nothing_is_sent_to_the_dead(subject: Subject):
    """Nothing is sent to a worker after its exit was told."""
    steps = [["submit", "a", "b", "c"], ["exit", 1, 1], ["submit", *"defg"], ["finish"], ["submit", "h"]]
    for restarts in (0, 1):
        _play(subject, steps, ["dead", "lost"], max_restarts=restarts)


def test_drain_refuses(subject: Subject):
    """From the call of drain() on, submit raises."""
    seen = _play(subject, [["submit", "a"], ["drain"], ["refuse", "late"], ["finish"]], ["lost"])
    expect(
        any(entry[0] == "refused" for entry in seen["log"]),
        "drain() was called while a job was unfinished, and submit still took new jobs.",
        "Note at the beginning of drain() that it was called, and look at the note in submit.",
    )


def test_drain_waits(subject: Subject):
    """drain() waits until every job is settled, then kills the workers, and returns when all have exited."""
    steps = [["submit", "a", "b", "c"], ["drain"], ["refuse", "late"], ["finish"], ["bury"]]
    seen = _play(subject, steps, ["drain", "kill", "returned", "results"])
    _returned(seen, "every job was done, and every worker had exited")
    seen = _play(subject, [["drain"], ["bury"]], ["kill", "returned"])
    _returned(seen, "there was nothing to do, and every worker had exited")


def test_drain_goes_on_replacing(subject: Subject):
    """A worker that dies while drain() waits is replaced, and its jobs are sent again."""
    steps = [["submit", "a", "b"], ["drain"], ["refuse", "late"], ["crash", "a", 1], ["finish"], ["bury"]]
    seen = _play(subject, steps, ["restarts", "lost", "early", "drain", "kill"], size=1)
    _returned(seen, "every job was done, and every worker had exited")


def test_killed_workers_are_not_replaced(subject: Subject):
    """The workers that drain() kills are not replaced."""
    _play(subject, [["submit", "a"], ["answer", "a"], ["drain"], ["bury"]], ["end", "returned"])


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

    subject.explore("meanwhile", judge, submitted=[], submits=["a", "b"], **_settings())


@only("python")
def test_a_submit_beside_a_crash(subject: Subject):
    """A worker exits while another thread submits: no job is lost, and none goes to the dead worker."""
    _explore(subject, submitted=["a"], submits=["b"], exits=[1], bound=1, **_settings(size=1, max_restarts=1))


@only("python")
def test_two_crashes(subject: Subject):
    """Two workers exit at once: the restarts are counted right, and every job goes on, or fails."""
    _explore(subject, submitted=["a", "b"], exits=[1, 2], bound=1, **_settings(max_restarts=1))
    _explore(subject, submitted=["a", "b"], exits=[1, 2], bound=1, **_settings(max_restarts=0))


@only("python")
def test_an_answer_beside_a_crash(subject: Subject):
    """One worker answers while another one exits: no job is lost."""
    _explore(subject, submitted=["a", "b"], exits=[1], answers=[2], **_settings(max_restarts=0))


@only("python")
def test_drain_beside_the_workers(subject: Subject):
    """While drain() waits, other threads submit and tell it of results and exits: it is never too early."""

    def judge(ran: Ran, job, help):
        drained, worked = ran.returns
        expect(not worked["killed early"], f"drain() killed the worker, and job {job} was unfinished.", help)
        expect(drained["exited"], "drain() returned before the worker's exit was told.", HELP["returned"])
        told = ran.memory["jobs"][job]
        fine = told == {"value": "done"} or ("raised" in told and job == "late")
        expect(fine, f"Job {job} was submitted before or while drain() began, and {ended_so(told)}.", help)

    settings = _settings(size=1)
    subject.explore("draining", lambda ran: judge(ran, "a", HELP["drain"]), 1, submitted=["a"], **settings)
    subject.explore("draining", lambda ran: judge(ran, "late", LATE), 1, submitted=[], submits=["late"], **settings)


LATE = (
    "It looked whether drain() had been called, then drain() found nothing to wait for, and then the job was sent: "
    "too late. Let the look and the entry be one step, under a lock that drain() takes too."
)


def test_at_random(subject: Subject):
    """Whatever happens, in whatever order: every job settles once, as it should."""
    for seed in range(12):
        settings = _settings(1 + seed % 3, 1 + seed % 4, (0, 2, 5, 20)[seed // 3])
        seen = _run(subject, "wandering", seed=seed, steps=60, **settings)
        story = Story(seen, **settings)
        _calm(seen)
        for law, sentence in story.wrong.items():
            raise Failure(sentence, HELP[law])
        _returned(seen, "every job was settled, and every worker had exited")


def test_killed_for_real(subject: Subject):
    """For real: processes that are killed are replaced, their jobs are done by others, and none stays behind."""
    plain = [{"job": name} for name in "abcd"]
    jobs = [*plain, {"job": "kills once", "kills": 1}, {"job": "held up", "holds": 1}]
    _kill(subject, jobs, _settings(max_restarts=2))
    seen = _kill(subject, [{"job": "kills always", "kills": 99}, {"job": "a"}], _settings(size=1, max_attempts=2))
    expect(
        "failed" in seen["jobs"]["kills always"],
        f"A job that kills every process should fail after 2 attempts; {ended_so(seen['jobs']['kills always'])}.",
        HELP["given up"],
    )


# -- helpers ------------------------------------------------------------------

AGAIN = ["lost", "twice", "order", "early", "results", "dead"]

HELP = {
    "started": "Start `size` workers in the constructor, and afterwards one for each that exits.",
    "lost": "A job belongs to somebody at any time: to a live worker, or to those that are sent again at once.",
    "sent": "send(job) takes the job as it was submitted.",
    "least": "Count for each worker the jobs that it was sent and has not answered.",
    "results": "Keep for each worker the jobs that it was sent, in order: its next result is that of the first. "
    "Whether there was a result is not a question of its value.",
    "restarts": "Every exit counts, with code 0 too, idle or not, as long as drain() has not begun to kill.",
    "storm": "Keep one counter of restarts for the whole supervisor: a worker that dies at its start would be started "
    "for ever.",
    "twice": "What a worker has answered is no longer its business: take a job out of its queue when its result comes.",
    "order": "Go through the dead worker's queue from the front.",
    "early": "A job may be sent again as long as it has attempts left, and a worker is there or may be started.",
    "attempts": "Count each time a job is sent: a job that kills its worker would kill them for ever.",
    "given up": "Whoever waits for the job waits for ever: let it fail with an error.",
    "dead": "Take a worker out of the list first, when its exit is told; then send its jobs to others.",
    "drain": "First no more jobs, then wait for those that are there, and only then kill.",
    "kill": "When the last job is settled, kill() each worker: nobody needs them any more.",
    "returned": "After kill() a worker still has to exit: wait until the last one has told so.",
    "end": "An exit that drain() has brought about itself is not to be mended.",
}


def _settings(size=2, max_attempts=3, max_restarts=3):
    return {"size": size, "max_attempts": max_attempts, "max_restarts": max_restarts}


def _run(subject: Subject, scenario, **params):
    return {**subject.run_calm(scenario, **params).returns[0], "runtime": subject.runtime}


def _play(subject: Subject, steps, laws, **settings):
    """Play the steps; Failure where one of these laws was broken, or something raised."""
    seen = _run(subject, "playing", steps=steps, **_settings(**settings))
    _calm(seen)
    if laws:
        story = Story(seen, **_settings(**settings))
        for law in laws:
            expect(law not in story.wrong, story.wrong.get(law, ""), HELP[law])
    return seen


def _calm(seen):
    """No method, and no callback, may have raised."""
    for broken in seen["broken"]:
        when = WHEN.get(broken["step"], f"{broken['step']}() was called")
        raise Failure(f"When {when}, it raised {broken['raised']}.", "Neither drain() nor a callback has a reason to.")


WHEN = {
    **dict.fromkeys(("answer", "answered", "finish"), "a worker answered"),
    **dict.fromkeys(("crash", "exit", "bury"), "a worker's exit was told"),
    "stray": "a result came that nobody had asked for",
}


def _returned(seen, when):
    expect(
        ["drained"] in seen["log"],
        f"drain() did not return: {when}.",
        "What does it wait for, and who wakes it when the last of it happens?",
    )


def _explore(subject: Subject, *, bound=2, size, max_attempts, max_restarts, **params):
    """Several threads act at once; afterwards each job is done, has failed for a reason, or is with one worker."""
    exits = len(params["exits"])

    def judge(ran: Ran):
        workers, jobs = ran.memory["workers"], ran.memory["jobs"]
        alive = [sent for sent in workers if "told" not in sent]
        restarts, due = len(workers) - size, min(exits, max_restarts)
        told = f"{exits} worker{'s' * (exits > 1)} exited, and {restarts} were started again; it should be {due}."
        expect(restarts == due, told, HELP["storm"] + " Look at it and count it in one step.")
        for number, sent in enumerate(workers, 1):
            late = sent[sent.index("told") + 1 :] if "told" in sent else []
            expect(not late, f"Job {late and late[0]} was sent to worker {number} after its exit was told.", BESIDE)
        for name, ended in jobs.items():
            times, attempts = sum(sent.count(name) for sent in alive), sum(sent.count(name) for sent in workers)
            if "failed" in ended:
                expect(not alive, f"Job {name} failed, and a worker is there that could do it.", BESIDE)
            elif "pending" in ended:
                expect(bool(alive), f"Job {name} never ended: no worker is left.", HELP["given up"])
                expect(times > 0, f"Job {name} is lost: no live worker has it, and it has not failed.", BESIDE)
                expect(times < 2, f"Job {name} is with two workers, or twice with one.", BESIDE)
            else:
                expect("value" in ended, f"submit({name}) gave no future: {ended_so(ended)}.", "")
            expect(attempts <= max_attempts, f"Job {name} was sent {attempts} times.", HELP["attempts"])

    settings = _settings(size, max_attempts, max_restarts)
    subject.explore("meanwhile", judge, bound, **params, **settings)


BESIDE = (
    "The callbacks come on other threads. From the look (which worker, is it alive?) to the act (the job is sent, and "
    "stands in its queue) nobody may come in between: one lock for both, and for what an exit does."
)


def _kill(subject: Subject, jobs, settings):
    seen = _run(subject, "killing", patience=5, jobs=jobs, **settings)
    for law, sentence in Story(seen, **settings, beside=True).wrong.items():
        raise Failure(sentence, HELP[law])
    for name, told in seen["jobs"].items():
        value = told.get("value")
        expect(
            value is None or (value["job"] == name and value["process"] in seen["processes"]),
            f"Job {name} has the result of job {value and value['job']}.",
            HELP["results"],
        )
    _returned(seen, "every job was settled")
    expect(
        not seen["alive"],
        f"After drain(), {len(seen['alive'])} of {len(seen['processes'])} processes are still there.",
        "kill() every worker that has not exited.",
    )
    return seen
