"""The page about a class in a real browser: sorted, walked through by keyboard, printed, in the dark."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_class_results import document  # noqa: F401 - a fixture

from mtlearn.classroom.results import ClassDocument
from mtlearn.render.web import class_page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on PATH")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def page(tmp_path: Path, document: ClassDocument) -> Iterator[Any]:  # noqa: F811 - the fixture
    """The page, open; whatever it asks of the network, or complains of, fails the test."""
    (tmp_path / "page.html").write_text(class_page(document), encoding="utf-8")
    asked: list[str] = []
    with playwright.sync_playwright() as started:
        # its socket lies in TMPDIR, and a socket's path has at most 107 characters: the test's own folder is too deep
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET, env={**os.environ, "TMPDIR": "/tmp"})
        opened = browser.new_page(viewport={"width": 1000, "height": 700})
        opened.on("request", lambda request: asked.append(request.url))
        opened.on("console", lambda message: asked.append(message.text))
        opened.on("pageerror", lambda error: asked.append(str(error)))
        opened.goto((tmp_path / "page.html").as_uri())
        yield opened
        browser.close()
    assert asked == [(tmp_path / "page.html").as_uri()]


def test_in_browser(page: Any) -> None:
    """Rows are sorted by a click or a key, a cell leads to its verdict, a folded one opens, nothing overflows."""
    names = "Array.from(document.querySelectorAll('.heat tbody th')).map(each => each.textContent)"
    assert page.evaluate(names)[0] == "ada"
    points = page.get_by_role("button", name="Points")
    points.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(names)[-1] == "ada"
    assert points.evaluate("button => button.closest('th').ariaSort") == "ascending"
    page.keyboard.press("Enter")
    assert page.evaluate(names)[0] == "ada"
    page.locator(".cell.fail a").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").endswith("-adds_are_not_lost")
    page.locator("#v1").locator("summary").wait_for()
    assert page.locator("#v1 details").evaluate("folded => folded.open") is False
    page.evaluate("location.hash = '#v1-loads'")
    page.wait_for_function("document.querySelector('#v1 details').open")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_other_media(page: Any) -> None:
    """In the dark the page is dark; on paper it is white, whatever the screen is."""
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == "rgb(18, 22, 28)"
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 400, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
