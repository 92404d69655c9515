"""The page as bytes: the same each time, self-contained, every hostile text escaped."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.report import snapshots
from tests.unit.report.samples import ISOLATES
from warehouse.report import charts, glyphs, render
from warehouse.report.views import Table

NAMES = ("ordinary", "hostile", "nulls", "empty")
PARTS = (
    "sentences",
    "objectives",
    "alternatives",
    "news",
    "videos",
    "system",
    "reuse",
    "record",
    "trust",
)
VOID = {"meta", "link", "br"}
ALLOWED = (
    "html head meta title link style body p header h1 h2 h3 h4 nav ul li a main section"
    " div article strong span aside dl dt dd figure figcaption details summary table"
    " caption thead tbody tr th td bdi footer svg g path line rect circle text desc"
)


class Shape(HTMLParser):
    """Tags, attributes and ids of a page; tags must close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def shape(html: str) -> Shape:
    found = Shape()
    found.feed(html)
    found.close()
    assert found.stack == []
    return found


@pytest.mark.parametrize("name", NAMES)
def test_page_is_well_formed_and_loads_nothing(
    page_of: Callable[[str], str], name: str
) -> None:
    found = shape(page_of(name))
    assert found.tags <= set(ALLOWED.split())
    assert len(found.ids) == len(set(found.ids))
    links = [value for key, value in found.attributes if key in ("href", "src")]
    assert all(link and (link.startswith("#") or link == "data:,") for link in links)
    assert not [key for key, _ in found.attributes if key.startswith("on")]
    assert all(f'<section id="{part}"' in page_of(name) for part in PARTS)


@pytest.mark.parametrize("name", ["ordinary", "hostile"])
def test_page_is_the_same_bytes_again(
    page_of: Callable[[str], str], snapshot_of: Callable[[str], Path], name: str
) -> None:
    assert render(snapshot_of(name), snapshots.GENERATION) == page_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_page_stays_small(page_of: Callable[[str], str], name: str) -> None:
    assert len(page_of(name).encode()) <= 150_000  # six videos; forty stay under 600 KB


def test_page_forbids_scripts_and_requests(page_of: Callable[[str], str]) -> None:
    policy = re.search(
        r'Content-Security-Policy" content="([^"]+)"', page_of("ordinary")
    )
    assert policy is not None
    rules = policy[1].replace("&#39;", "'")
    assert rules.startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )


def test_hostile_texts_are_text(page_of: Callable[[str], str]) -> None:
    html = page_of("hostile")
    assert (
        "<script" not in html and "<img" not in html and "onload=alert(1)>" not in html
    )
    assert "&lt;img src=x onerror=" in html
    assert "49" not in re.findall(
        r"&lt;svg[^{]*(\d+)", html
    )  # {{ 7 * 7 }} is no template
    assert "{{ 7 * 7 }}" in html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u2028]", html)


def test_simulated_data_is_called_so(
    page_of: Callable[[str], str], tmp_path: Path
) -> None:
    assert "Simulated data:" in page_of("ordinary")
    real = snapshots.write(
        tmp_path / "real.duckdb",
        snapshots.ordinary(),
        mode="accounts",
        is_simulated=False,
    )
    assert "Simulated data:" not in render(real, 8)
    assert "Snapshot 8," in render(real, 8)


@pytest.mark.parametrize("name", ["nulls", "empty"])
def test_nothing_known_is_said_in_words_not_in_noughts(
    page_of: Callable[[str], str], name: str
) -> None:
    html = page_of(name)
    body = html[html.index("<body") :].translate(ISOLATES)
    assert "can&#39;t be told yet" in body
    assert not re.search(r"\b(?:None(?! of)|nan|NaN|inf|undefined)\b", body)


def test_a_stale_source_is_named_in_the_head_with_what_it_touches(
    page_of: Callable[[str], str],
) -> None:
    head = page_of("ordinary").split("<nav")[0]
    assert "Meta Ads is stale" in head
    assert "token lacks ads_read. It touches spend" in head


@pytest.mark.parametrize("name", ["ordinary"])
def test_every_figure_has_title_description_and_table(
    page_of: Callable[[str], str], name: str
) -> None:
    html = page_of(name)
    figures = re.findall(r"(?s)<figure>.*?</figure>", html)
    assert len(figures) == 5
    for figure in figures:
        assert figure.count('role="img"') == 2  # one for wide screens, one for phones
        assert figure.count("<title id=") == figure.count("<desc id=") == 2
        assert "<details><summary>The numbers</summary>" in figure
    referred = re.findall(r'aria-labelledby="([^"]+)"', html)
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    assert {one for ref in referred for one in ref.split()} <= ids


def test_chart_keeps_known_elements_and_classes_only() -> None:
    table = Table(caption="c", columns=[], rows=[], source="s")
    bars = [
        charts.Bar("</text><script>alert(1)</script>", -2.0, 5.0, "a & b", mark=1.0),
        charts.Bar("one", 3.0, 3.0, "3", is_warning=True),
    ]
    figure = charts.ranges("k", bars, finding="<f>", note="n", axis="~s", table=table)
    assert figure is not None
    for drawing in (figure.wide, figure.narrow):
        assert "<script" not in drawing
        assert "&lt;/text&gt;&lt;script" in drawing
        assert not re.search(r"#[0-9a-f]{6}|clip-path|<defs|font-family", drawing)
        assert 'class="s-warn"' in drawing and 'class="s-accent"' in drawing
    assert charts.ranges("k", [], finding="", note="", axis="", table=table) is None


def test_glyphs_draw_nothing_where_there_is_nothing_to_draw() -> None:
    assert glyphs.spark([None, 1.0], None, "x") == ""
    assert glyphs.curve([0.5], [0.5], "x") == ""
    assert glyphs.bar(None) is None
    empty = glyphs.versus(0.0, None, None, None, is_missed=False, label="x")
    below = glyphs.versus(-1.0, 2.0, None, None, is_missed=True, label="x")
    assert empty == below == ""


def test_spark_breaks_where_a_week_is_missing() -> None:
    line = glyphs.spark([1.0, 2.0, None, 3.0, 4.0], 2.5, 'a "b"')
    path = re.search(r'line" d="([^"]+)"', line)
    assert path is not None
    assert path[1].count("M") == 2
    assert 'aria-label="a &#34;b&#34;"' in line
    assert "dash" not in glyphs.spark(
        [1.0, 2.0], 900.0, "far"
    )  # would flatten the line
