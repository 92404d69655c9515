"""The page in a real browser: silent, readable, nothing cut off, hostile text as text."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.unit.report import snapshots
from warehouse.report import render

pytestmark = pytest.mark.browser

NAMES = ("ordinary", "full", "hostile", "nulls", "empty")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1200, "height": 900}
# A4 less 12 mm on each side, at 96 dots an inch.
PAPER = {"width": 703, "height": 1032}

OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
OVERFLOW = """() => {
  const root = document.documentElement, wide = root.clientWidth + 1;
  const past = [...document.body.querySelectorAll('*')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.right > wide && !one.closest('thead');
  });
  return [root.scrollWidth - root.clientWidth, past.map(one => one.outerHTML.slice(0, 120))];
}"""
# Relative luminance and contrast as in WCAG 2.2; large text needs 3, other text 4.5.
CONTRAST = """() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const part = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = one => {
    for (; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  for (let node; (node = walker.nextNode());) {
    const one = node.parentElement;
    if (!node.data.trim() || !one.checkVisibility() || one.closest('title, desc')) continue;
    const style = getComputedStyle(one), svg = one.closest('svg');
    const pair = [light(parse(svg ? style.fill : style.color)), light(ground(one))].sort();
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 600;
    const least = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    seen += 1;
    if (ratio < least) faint.push(`${ratio.toFixed(2)} ${node.data.trim().slice(0, 40)}`);
  }
  return [seen, faint];
}"""


@dataclass
class Seen:
    """An open page and everything it said, asked for or broke."""

    page: Page
    noise: list[str] = field(default_factory=list)

    def measure(self, script: str) -> list[object]:
        found: list[object] = self.page.evaluate(script)
        return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        reason = "no browser: install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name in NAMES:
        rows = {} if name == "empty" else getattr(snapshots, name)()
        snapshot = snapshots.write(folder / f"{name}.duckdb", rows)
        found[name] = folder / f"{name}.html"
        found[name].write_text(render(snapshot, snapshots.GENERATION), encoding="utf-8")
    return found


@pytest.fixture
def seen(
    request: pytest.FixtureRequest, browser: Browser, files: dict[str, Path]
) -> Iterator[Seen]:
    """The page of (name, viewport, light or dark), everything folded out."""
    name, viewport, scheme = request.param
    page = browser.new_page(viewport=viewport, color_scheme=scheme)
    seen = Seen(page)
    page.on("console", lambda message: seen.noise.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: seen.noise.append(f"error: {error}"))
    page.on("dialog", lambda dialog: seen.noise.append(f"dialog: {dialog.message}"))
    page.on("request", lambda asked: seen.noise.append(f"request: {asked.url}"))
    page.goto(files[name].as_uri())
    assert seen.noise == [f"request: {files[name].as_uri()}"]
    page.evaluate(OPEN_ALL)
    yield seen
    page.close()


def shown(*cases: tuple[str, dict[str, int], str]) -> pytest.MarkDecorator:
    names = [f"{name}-{viewport['width']}-{scheme}" for name, viewport, scheme in cases]
    return pytest.mark.parametrize("seen", cases, indirect=True, ids=names)


@shown(*((name, DESK, "light") for name in NAMES))
def test_page_says_and_asks_for_nothing(seen: Seen) -> None:
    assert len(seen.noise) == 1  # the page itself


@shown(
    *((name, PHONE, "light") for name in NAMES),
    *((name, DESK, "light") for name in ("ordinary", "hostile")),
)
def test_page_is_never_wider_than_the_screen(seen: Seen) -> None:
    assert seen.measure(OVERFLOW) == [0, []]


@shown(
    ("ordinary", DESK, "light"),
    ("ordinary", DESK, "dark"),
    ("ordinary", PHONE, "dark"),
    ("hostile", PHONE, "light"),
)
def test_every_text_stands_out_from_its_ground(seen: Seen) -> None:
    read, faint = seen.measure(CONTRAST)
    assert isinstance(read, int)
    assert read > 300
    assert faint == []


@shown(("hostile", DESK, "light"))
def test_hostile_titles_are_shown_as_text(seen: Seen) -> None:
    page = seen.page
    assert "owned" not in page.title()
    assert page.locator("img, script, iframe, object, form").count() == 0
    assert page.get_by_text("</script><img src=x onerror=").first.is_visible()
    assert page.get_by_text("=HYPERLINK(").first.is_visible()
    assert page.get_by_text("{{ 7 * 7 }}").first.is_visible()
    assert len(seen.noise) == 1


@shown(("ordinary", PHONE, "light"))
def test_tables_turn_to_stacked_rows_on_a_phone(seen: Seen) -> None:
    cell = seen.page.locator("#trust td").nth(1)
    assert cell.evaluate("one => getComputedStyle(one).display") == "flex"
    label = cell.evaluate("one => getComputedStyle(one, '::before').content")
    assert label == '"Family"'
    assert not seen.page.locator("svg.chart.wide").first.is_visible()
    assert seen.page.locator("svg.chart.narrow").first.is_visible()


@shown(("ordinary", PAPER, "dark"), ("full", PAPER, "light"))
def test_first_three_parts_print_on_the_first_page(seen: Seen) -> None:
    seen.page.emulate_media(media="print")
    box = seen.page.locator("#objectives").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PAPER["height"]
    following = seen.page.locator("#alternatives")
    assert following.evaluate("one => getComputedStyle(one).breakBefore") == "page"
    ground = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (
        ground == "rgb(255, 255, 255)"
    )  # paper is white, also for those who read dark
    assert seen.measure(OVERFLOW) == [0, []]
    _, faint = seen.measure(CONTRAST)
    assert faint == []
    assert seen.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


@shown(("ordinary", DESK, "light"))
def test_keyboard_reaches_every_part_and_opens_a_row(seen: Seen) -> None:
    page = seen.page
    page.reload()
    page.locator("nav a", has_text="Videos").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#videos")
    first = page.locator("#videos .more summary").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#videos svg.curve").first.is_visible()
