#!/usr/bin/env python3
"""Opens a report in a real browser and checks what a reader does with it.

    pip install -r scripts/page/requirements.txt
    sh scripts/demo.sh
    python3 scripts/page/check_page.py target/demo/report/report.html [--chromium /usr/bin/chromium]

Opens the page from its file without a network, at three widths, light and dark; filters,
searches, follows links, decides, saves and reads decisions, prints; lets axe-core look at it; and
prints how long things took. Ends with 1 when something is wrong. Screenshots go to --shots.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = [(390, "light"), (390, "dark"), (900, "dark"), (1400, "light")]
READY = "html[data-ready]"
# What a reader waits for at most, in seconds, on a machine that does nothing else.
FIRST_VIEW_S = 3.0


class Checks:
    def __init__(self):
        self.failed = []

    def that(self, holds, words):
        print(f"{'ok  ' if holds else 'FAIL'} {words}")
        if not holds:
            self.failed.append(words)


def opened(browser, address, checks, **context):
    context = browser.new_context(offline=True, accept_downloads=True, **context)
    page = context.new_page()
    page.on("console", lambda message: message.type != "error" or checks.that(False, f"console: {message.text}"))
    page.on("pageerror", lambda error: checks.that(False, f"script: {error}"))
    page.on("request", lambda request: request.url.startswith(("file:", "data:", "blob:"))
            or checks.that(False, f"request of {request.url}"))
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("h1")
    first = time.perf_counter() - start
    page.wait_for_selector(READY, timeout=60_000)
    page.wait_for_selector("#detail .title")
    return page, first, time.perf_counter() - start


def shown(page):
    return int(page.inner_text("#count").split()[0].replace(",", ""))


def settled(page, action):
    action()
    page.wait_for_timeout(400)


def check_looks(browser, address, checks, shots):
    for width, scheme in WIDTHS:
        page, first, ready = opened(browser, address, checks, viewport={"width": width, "height": 900}, color_scheme=scheme)
        print(f"     {width} px, {scheme}: answer after {first:.2f} s, findings after {ready:.2f} s")
        checks.that(page.evaluate("document.documentElement.scrollWidth") <= width, f"nothing is wider than {width} px")
        results = Axe().run(page)
        grave = [v for v in results.response["violations"] if v["impact"] in ("serious", "critical")]
        for violation in grave:
            print("    ", violation["id"], violation["help"], [node["target"] for node in violation["nodes"][:3]])
        checks.that(not grave, f"axe-core finds nothing serious at {width} px, {scheme}")
        if shots:
            page.screenshot(path=shots / f"page-{width}-{scheme}.png", full_page=True)
        page.context.close()


def check_list(page, checks):
    everything = shown(page)
    lines = page.locator("#list [role=option]").count()
    checks.that(lines <= min(everything, 60), f"{lines} lines are drawn of {everything}")
    page.focus("#list")
    before = page.inner_text("#detail .title") + page.inner_text("#detail .kind")
    settled(page, lambda: page.keyboard.press("End"))
    last = page.get_attribute("#list [aria-selected=true]", "aria-posinset")
    checks.that(last == str(everything), "End leads to the last finding")
    checks.that(before != page.inner_text("#detail .title") + page.inner_text("#detail .kind"), "its evidence is shown")
    page.keyboard.press("Enter")
    checks.that(page.evaluate("document.activeElement.className") == "title", "Enter leads to the evidence")
    settled(page, lambda: page.select_option("[name=medium]", "a"))
    audio = shown(page)
    checks.that(0 < audio < everything, "a medium is some of the findings")
    settled(page, lambda: page.click("button[type=reset]"))
    checks.that(shown(page) == everything, "Show all shows all")


def check_search(page, checks):
    title = page.inner_text("#list [role=option] .name")
    start = time.perf_counter()
    page.fill("[name=search]", title)
    # The content policy keeps functions of strings out, the tester's own ones too.
    page.locator("#count", has_text=" of ").wait_for()
    took = time.perf_counter() - start
    names = set(page.locator("#list [role=option] .name").all_inner_texts())
    checks.that(names == {title}, f"searching {title!r} shows that work alone, after {took:.2f} s")
    settled(page, lambda: page.click("button[type=reset]"))


def check_links(browser, address, page, checks):
    settled(page, lambda: page.locator("#list [role=option]").nth(2).click())
    link = page.url.split("#")[1]
    other, _, _ = opened(browser, f"{address}#{link}", checks)
    other.wait_for_timeout(400)
    checks.that(link in other.inner_text("#detail .kind"), "a link to a finding opens it")
    other.context.close()
    other, _, _ = opened(browser, f"{address}#%E0%A4%A", checks)
    checks.that(shown(other) > 0, "an address that names nothing opens the page all the same")
    other.context.close()


def check_review(browser, address, page, checks):
    settled(page, lambda: page.click("[data-decision=confirmed]"))
    checks.that("1 decision" in page.inner_text("#made"), "a decision is counted")
    page.fill("#comment", "<b>seen</b> in the row")
    settled(page, lambda: page.locator("#comment").blur())
    page.focus("#list")
    settled(page, lambda: page.keyboard.press("ArrowDown"))
    settled(page, lambda: page.keyboard.press("r"))
    page.click("#save")
    checks.that("name" in page.inner_text("#said"), "a name is asked for")
    page.fill("#reviewer", "Ada Lovelace")
    with page.expect_download() as download:
        page.click("#save")
    checks.that(download.value.suggested_filename == "decisions-ada-lovelace.json", "decisions are saved to a file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decisions.json"
        download.value.save_as(path)
        file = json.loads(path.read_text(encoding="utf-8"))
        decisions = {entry["decision"]: entry["comment"] for entry in file["decisions"]}
        checks.that(file["format"] == "clearance-decisions" and file["reviewer"] == "Ada Lovelace"
                    and decisions == {"confirmed": "<b>seen</b> in the row", "rejected": None}, "the file says who decided what")
        other, _, _ = opened(browser, address, checks)
        other.set_input_files("#load", path)
        other.wait_for_timeout(400)
        checks.that("2 decisions" in other.inner_text("#made"), "another browser reads them")
        settled(other, lambda: other.select_option("[name=review]", "rejected"))
        checks.that(shown(other) == 1, "findings can be filtered by decision")
        other.context.close()


def check_print(page, checks, shots):
    settled(page, lambda: page.select_option("[name=medium]", "i"))
    selected = shown(page)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    rows = page.locator("#sheet tbody tr").count()
    checks.that(rows == min(selected, 1000), f"a print lists the selected findings ({rows})")
    page.evaluate("window.print = () => {}")
    page.evaluate("document.getElementById('print').click()")
    page.wait_for_selector("#sheet article .figures", state="attached", timeout=60_000)
    page.wait_for_timeout(1000)
    articles = page.locator("#sheet article").count()
    checks.that(articles == min(selected, 100), f"or prints their evidence ({articles})")
    if shots:
        page.emulate_media(media=None)
        page.pdf(path=shots / "page.pdf", format="A4")


def check_without_script(browser, address, checks):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    checks.that(page.locator("noscript p").is_visible() and not page.locator("#browser").is_visible(),
                "without a script the page says where the findings are")
    context.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--shots", type=Path)
    args = parser.parse_args()
    if args.shots:
        args.shots.mkdir(parents=True, exist_ok=True)
    address = args.page.resolve().as_uri()
    checks = Checks()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
        check_looks(browser, address, checks, args.shots)
        page, first, ready = opened(browser, address, checks, viewport={"width": 1400, "height": 900})
        checks.that(first < FIRST_VIEW_S, f"the answer is there after {first:.2f} s, the findings after {ready:.2f} s")
        check_list(page, checks)
        check_search(page, checks)
        check_links(browser, address, page, checks)
        check_review(browser, address, page, checks)
        check_print(page, checks, args.shots)
        check_without_script(browser, address, checks)
        browser.close()
    raise SystemExit(f"{len(checks.failed)} failed" if checks.failed else 0)


if __name__ == "__main__":
    main()
