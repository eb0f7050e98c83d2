"""Lesson 8: what its experiments show exactly."""

from __future__ import annotations

from conftest import Language
from experiments import run_of

from mtlearn.lab.runtime import Runtime


def test_whose_line_it_is(language: Language) -> None:
    """Each way of handing work to a pool says of every request exactly what it must."""
    rows = {row["variant"]: row for row in run_of("context", language.runtime).measured.rows if "skipped" not in row}
    seen = {variant: row["seen"] for variant, row in rows.items()}
    if language.name == "node":
        assert seen["our own pool, callbacks"] == "r-1 r-1 r-1"
        assert seen["our own pool, AsyncResource"] == seen["our own pool, a promise"] == "r-1 r-2 r-3"
        assert seen["in the Worker"] == "none none none"
    else:
        assert seen["ThreadPoolExecutor: submit"] == seen["asyncio: run_in_executor"] == "none none none"
        assert seen["asyncio: to_thread"] == seen["ProcessPoolExecutor: the id sent along"] == "r-1 r-2 r-3"


def test_every_page_is_fetched(language: Language) -> None:
    """Ten pages come, with all 55 links, and no more than two at a time where each worker takes one."""
    rows = {row["variant"]: row for row in run_of("async-workers", language.runtime).measured.rows}
    one, five = rows["scraping, one page at a time"], rows["scraping, five pages at a time"]
    assert (one["tasks"], one["links"], five["tasks"], five["links"]) == (10, 55, 10, 55)
    assert one["at_once"] <= 2


def test_exhaust_takes_the_size_of_the_burst(language: Language) -> None:
    """`--threads` says how many requests come at once, and that many workers are started for them."""
    rows = run_of("exhaust", language.runtime, threads=4, rounds=1_000).measured.rows
    each = next(row for row in rows if row["variant"].startswith(("a process for", "a Worker for")))
    assert (each["requests"], each["starts"], each["answered"]) == (4, 4, 4)


def test_pools_that_are_not_installed(node: Runtime) -> None:
    """Without the npm packages the experiment still runs; their rows name the command that installs them."""
    rows = {row["variant"]: row for row in run_of("pool", node).measured.rows}
    for package in ("workerpool", "piscina"):
        told = rows[f"two workers: {package}"]["skipped"]
        assert told == f"the npm package {package} is not installed: mtlearn setup node"
