"""Charts with axes: Vega-Lite specifications drawn to static SVG.

One kind is enough so far: ranges, a row each, from a low to a high end, with the value in
words beside it. vl-convert draws, this module takes its answer apart and writes it again:
only known elements, colours as CSS classes, every text escaped by markupsafe, no ids.
Not here: which rows are shown and what they mean (the parts).
Source: vega.github.io/vega-lite/docs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import vl_convert
from markupsafe import Markup, escape

from warehouse.report.numbers import shorten
from warehouse.report.views import Figure, Table

VEGA_LITE = "5.21"
# Colours that stand for a CSS class until the SVG is written again.
INK, MUTED, GRID = "#010101", "#020202", "#030303"
ACCENT, WARN = "#040404", "#050505"
CLASSES = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    ACCENT: "accent",
    WARN: "warn",
}
KEPT_TAGS = frozenset({"g", "path", "line", "rect", "text", "circle"})
KEPT = (
    "class",
    "transform",
    "d",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "width",
    "height",
    "text-anchor",
    "font-size",
    "font-weight",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
)
_NUMBER = re.compile(r"-?\d+\.\d{2,}")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a range chart; `mark` is a second value drawn as a tick."""

    label: str
    low: float
    high: float
    shown: str
    mark: float | None = None
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """Where things stand: labels beside the bars, or above them on a phone."""

    width: int
    left: int
    right: int
    row: int
    limit: int
    ticks: int

    @property
    def plot(self) -> int:
        return self.width - self.left - self.right


WIDE = Size(width=860, left=320, right=140, row=28, limit=42, ticks=5)
NARROW = Size(width=340, left=4, right=6, row=46, limit=28, ticks=3)


def ranges(
    key: str, bars: Sequence[Bar], *, finding: str, note: str, axis: str, table: Table
) -> Figure | None:
    """A row for each bar in the given order; None when there is nothing to draw."""
    if not bars:
        return None
    return Figure(
        key=key,
        finding=finding,
        note=note,
        wide=_svg(_spec(bars, WIDE, axis), key, "wide", finding, note),
        narrow=_svg(_spec(bars, NARROW, axis), key, "narrow", finding, note),
        table=table,
    )


def _spec(bars: Sequence[Bar], size: Size, axis: str) -> dict[str, Any]:
    is_narrow = size.left < 10
    middle, above, reach = (0.68, 0.26, 0.26) if is_narrow else (0.5, 0.5, 0.5)
    rows = [
        {
            "at": index + middle,
            "above": index + above,
            "top": index + middle - reach,
            "bottom": index + middle + reach,
            "label": shorten(bar.label, size.limit),
            "low": bar.low,
            "high": bar.high,
            "shown": bar.shown,
            "mark": bar.mark,
            "tone": WARN if bar.is_warning else ACCENT,
        }
        for index, bar in enumerate(bars)
    ]
    ends = [0.0, *(bar.low for bar in bars), *(bar.high for bar in bars)]
    ends += [bar.mark for bar in bars if bar.mark is not None]
    low, high = min(ends), max(ends)
    x = {
        "field": "low",
        "type": "quantitative",
        "scale": {"domain": [low, high if high > low else low + 1], "nice": True},
        "axis": _axis(size, axis),
    }
    tone = {"field": "tone", "type": "nominal", "scale": None}
    right = size.plot if is_narrow else size.plot + 14
    return {
        "width": size.plot,
        "height": size.row * len(bars),
        "padding": {"left": size.left, "right": size.right, "top": 4, "bottom": 26},
        "autosize": "none",
        "background": None,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 1.5, "color": MUTED},
                "encoding": {
                    "x": {"datum": 0, "type": "quantitative"},
                    "y": _y("top", len(bars)),
                    "y2": {"field": "bottom"},
                },
            },
            {
                "mark": {"type": "rule", "strokeWidth": 9, "strokeCap": "round"},
                "encoding": {
                    "x": x,
                    "x2": {"field": "high"},
                    "y": _y("at", len(bars)),
                    "color": tone,
                },
            },
            {
                "transform": [{"filter": "datum.mark !== null"}],
                "mark": {
                    "type": "point",
                    "shape": "M0,-1V1",
                    "size": 220,
                    "strokeWidth": 2.5,
                    "color": INK,
                    "opacity": 1,
                },
                "encoding": {
                    "x": {"field": "mark", "type": "quantitative"},
                    "y": _y("at", len(bars)),
                },
            },
            _words("label", 0 if is_narrow else 1 - size.left, "left", len(bars)),
            _words("shown", right, "right" if is_narrow else "left", len(bars)),
        ],
        "config": {"view": {"stroke": None}, "aria": False},
    }


def _y(field: str, rows: int) -> dict[str, Any]:
    scale = {"domain": [0, rows], "reverse": True, "nice": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _words(field: str, x: int, align: str, rows: int) -> dict[str, Any]:
    color = INK if field == "label" else MUTED
    return {
        "mark": {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "fontSize": 13,
            "color": color,
        },
        "encoding": {
            "x": {"value": x},
            "y": _y("above", rows),
            "text": {"field": field},
        },
    }


def _axis(size: Size, form: str) -> dict[str, Any]:
    return {
        "title": None,
        "labelExpr": f"datum.value === 0 ? '0' : format(datum.value, '{form}')",
        "tickCount": size.ticks,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelOverlap": False,
        "labelFlush": False,
        "labelPadding": 6,
        "grid": size.left > 10,
        "gridColor": GRID,
        "domain": False,
        "ticks": False,
    }


def _svg(spec: dict[str, Any], key: str, name: str, finding: str, note: str) -> Markup:
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    root = ElementTree.fromstring(drawn)
    width, height = root.get("width", "0"), root.get("height", "0")
    one = f"{key}-{name}"
    return Markup(
        '<svg class="chart {0}" viewBox="0 0 {1} {2}" style="max-width:{1}px" role="img" '
        'aria-labelledby="{3}-t {3}-d"><title id="{3}-t">{4}</title>'
        '<desc id="{3}-d">{5}</desc>{6}</svg>'
    ).format(
        name,
        width,
        height,
        one,
        finding,
        note,
        Markup("").join(_written(child) for child in root),
    )


def _written(node: ElementTree.Element) -> Markup:
    """The element and what is in it, without what no page needs."""
    tag = node.tag.rpartition("}")[2]
    if tag not in KEPT_TAGS or node.get("display") == "none":
        return Markup("")
    inner = Markup("").join(_written(child) for child in node)
    text = escape(node.text or "") if tag == "text" else Markup("")
    if tag == "g" and not inner:
        return Markup("")
    kept = {name: node.get(name) for name in KEPT}
    kept["class"] = " ".join(_classes(node)) or None
    if tag == "path" and kept["class"] is None:
        return Markup("")
    if tag == "g" and kept["transform"] in ("translate(0,0)", "translate(0.5,0.5)"):
        kept["transform"] = None
    attributes = Markup("").join(
        Markup(' {0}="{1}"').format(name, _rounded(value))
        for name, value in kept.items()
        if value is not None
    )
    if tag == "g" and not attributes:
        return inner
    return Markup("<{0}{1}>{2}{3}</{0}>").format(tag, attributes, text, inner)


def _classes(node: ElementTree.Element) -> list[str]:
    pairs = (("fill", "f"), ("stroke", "s"))
    return [
        f"{letter}-{CLASSES[value]}"
        for name, letter in pairs
        if (value := node.get(name, "")) in CLASSES
    ]


def _rounded(value: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", value)
