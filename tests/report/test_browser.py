"""The report in a real browser: nothing runs or loads, and axe-core finds nothing to complain about."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made
import pytest
from miniature import UNIT
from selenium import webdriver

from autograder.classes.report import command

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
DRIVER = shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(not BROWSER or not DRIVER, reason="no Chromium with its driver here")


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core: the file that the variable AXE names, or as npm has it, by its ordinary client."""
    if os.environ.get("AXE"):
        return Path(os.environ["AXE"]).read_text()
    top = tmp_path_factory.mktemp("axe")
    command = ["npm", "pack", "axe-core@4.10.3", "--prefer-offline", "--fetch-retries=0", "--fetch-timeout=20000"]
    try:
        subprocess.run(command, cwd=top, capture_output=True, check=True, timeout=60)
        subprocess.run(["tar", "xzf", "axe-core-4.10.3.tgz", "package/axe.min.js"], cwd=top, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("axe-core is not at hand: neither did npm answer, nor does the variable AXE name its file")
    return (top / "package" / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", profile):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(180)  # a busy machine is no violation
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports on a usual class, a tiny one, one that is right everywhere, and on two assignments."""
    top = tmp_path_factory.mktemp("reports")
    makes = made.maker()
    classes = {"usual": makes.crowd(60, seed=1), "tiny": makes.crowd(7, seed=1), "right": made.everybody(40)}
    found = {}
    for name, crowd in classes.items():
        made.put(made.folder(top / name), crowd)
        found[name] = command.report(top / name, [UNIT]).page
    made.put(made.folder(top / "usual", "02-rmse"), made.maker("02-rmse").crowd(12, seed=1), "02-rmse")
    return {**found, "several": command.report(top / "usual", [UNIT, "02-rmse"]).page}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["usual", "tiny", "right", "several"])
def test_axe_has_nothing_to_complain_about(
    browser: Any, axe: str, pages: dict[str, Path], name: str, scheme: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(pages[name].as_uri())
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.execute_script(axe)
    found = browser.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 10


@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_is_as_wide_as_the_window(browser: Any, pages: dict[str, Path], width: int) -> None:
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get(pages["usual"].as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    overlaps = browser.execute_script(OVERLAPS)
    assert overlaps == []


OVERLAPS = """
const found = [];
for (const svg of document.querySelectorAll('figure svg')) {
  const texts = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()]);
  const whole = svg.getBoundingClientRect();
  texts.forEach(([text, box], place) => {
    if (box.left < whole.left - 1 || box.right > whole.right + 1) found.push(['outside', text]);
    for (const [other, second] of texts.slice(place + 1))
      if (box.left < second.right - 1 && second.left < box.right - 1)
        if (box.top < second.bottom - 3 && second.top < box.bottom - 3) found.push([text, other]);
  });
}
return found;
"""
"""Labels that lie upon each other, or stand out of their drawing."""
