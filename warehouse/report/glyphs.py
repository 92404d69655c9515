"""Small drawings made by hand: what no chart library is for.

A spark line in a card, an interval against its target, a bar in a table cell. Colours
are CSS classes, so that dark mode and print follow the page. Every text passes through
markupsafe. Not here: charts with axes (charts.py).
"""

from collections.abc import Sequence

from markupsafe import Markup

_SPARK = (240.0, 44.0)
_RANGE = (240.0, 22.0)
_CURVE = (320.0, 90.0)
_EDGE = 4.0


def spark(values: Sequence[float | None], target: float | None, label: str) -> Markup:
    """A line over equal steps, broken where nothing was measured; target dashed."""
    seen = [value for value in values if value is not None]
    if len(seen) < 2:
        return Markup("")
    width, height = _SPARK
    ends = [*seen, target] if target is not None and _near(target, seen) else seen
    low, high = min(ends), max(ends)
    step = (width - 2 * _EDGE) / max(1, len(values) - 1)

    def place(index: int, value: float) -> str:
        up = 0.5 if high == low else (value - low) / (high - low)
        y = height - _EDGE - up * (height - 2 * _EDGE)
        return f"{_EDGE + index * step:.1f} {y:.1f}"

    path, pen = [], "M"
    for index, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{place(index, value)}")
        pen = "L"
    last = max(index for index, value in enumerate(values) if value is not None)
    x, y = place(last, values[last] or 0.0).split()
    goal = Markup("")
    if target is not None and target in ends:
        level = place(0, target).split()[1]
        goal = Markup('<path class="s-muted dash" d="M0 {0}H{1:g}"/>').format(
            level, width
        )
    drawn = Markup(
        '{0}<path class="s-accent line" d="{1}"/>'
        '<circle class="f-accent" cx="{2}" cy="{3}" r="3.5"/>'
    ).format(goal, "".join(path), x, y)
    return _drawing("spark", _SPARK, label, drawn)


def versus(
    value: float,
    target: float | None,
    lower: float | None,
    upper: float | None,
    *,
    is_missed: bool,
    label: str,
) -> Markup:
    """A bar from zero with its interval and a tick for the target."""
    width, _ = _RANGE
    ends = [end for end in (value, target, upper) if end is not None and end > 0]
    if not ends or value < 0:
        return Markup("")
    scale = (width - 2 * _EDGE) / (max(ends) * 1.06)
    tone = "f-warn" if is_missed else "f-accent"
    parts = [
        Markup(
            '<rect class="f-grid" x="0" y="7" width="{0:g}" height="8" rx="4"/>'
        ).format(width),
        Markup(
            '<rect class="{0}" x="0" y="7" width="{1:.1f}" height="8" rx="4"/>'
        ).format(tone, max(3.0, value * scale)),
    ]
    if lower is not None and upper is not None:
        parts.append(
            Markup(
                '<path class="s-ink" d="M{0:.1f} 11H{1:.1f}M{0:.1f} 8v6M{1:.1f} 8v6"/>'
            ).format(lower * scale, upper * scale)
        )
    if target is not None and target > 0:
        parts.append(
            Markup(
                '<rect class="f-ink" x="{0:.1f}" y="1" width="2" height="20"/>'
            ).format(target * scale - 1)
        )
    return _drawing("versus", _RANGE, label, Markup("").join(parts))


def bar(share: float | None) -> Markup | None:
    """A bar in a table cell; the number stands beside it."""
    if share is None:
        return None
    return Markup(
        '<span class="bar" aria-hidden="true"><span style="width:{0:.1f}%"></span></span>'
    ).format(100 * min(1.0, max(0.0, share)))


def curve(
    elapsed: Sequence[float],
    watching: Sequence[float],
    label: str,
    *,
    mark: float | None = None,
) -> Markup:
    """Share still watching over the share of the video; a dashed line at `mark`."""
    if len(elapsed) < 2:
        return Markup("")
    width, height = _CURVE
    top = max(1.0, *watching)
    points = "L".join(
        f"{_EDGE + at * (width - 2 * _EDGE):.0f} "
        f"{height - _EDGE - share / top * (height - 2 * _EDGE):.1f}"
        for at, share in zip(elapsed, watching, strict=True)
    )
    goal = Markup("")
    if mark is not None:
        x = _EDGE + mark * (width - 2 * _EDGE)
        goal = Markup('<path class="s-ink dash" d="M{0:.0f} 4V86"/>').format(x)
    drawn = Markup(
        '<path class="s-grid" d="M4 4V86H316M4 45H316"/>'
        '{1}<path class="s-accent line" d="M{0}"/>'
    ).format(points, goal)
    return _drawing("curve", _CURVE, label, drawn)


def _drawing(
    kind: str, size: tuple[float, float], label: str, inside: Markup
) -> Markup:
    return Markup(
        '<svg class="{0}" viewBox="0 0 {1:g} {2:g}" preserveAspectRatio="xMinYMid" '
        'role="img" aria-label="{3}">{4}</svg>'
    ).format(kind, *size, label, inside)


def _near(target: float, seen: Sequence[float]) -> bool:
    """A target far outside the weeks would flatten the line."""
    low, high = min(seen), max(seen)
    room = max(high - low, abs(high) * 0.1)
    return low - 2 * room <= target <= high + 2 * room
