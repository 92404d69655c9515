"""The page: one snapshot in, one self-contained HTML document out.

The same snapshot gives the same bytes: no wall clock, no random id. Autoescape is on;
the only markup that passes unescaped was built by markupsafe (glyphs, charts).
Not here: what is on the page (the parts) and how it looks (templates/).
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from warehouse.report import cards, queries, words
from warehouse.report.model import Page
from warehouse.report.parts import alternatives, news, system, trust, videos
from warehouse.report.text import head

TEMPLATES = Path(__file__).parent / "templates"
CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def render(snapshot: Path, generation: int) -> str:
    """The report of one snapshot.

    `generation` is the number the snapshot will be known by; it wins over the row inside.

    Raises: duckdb.Error when the file is no snapshot of ours.
    """
    page = queries.read(snapshot)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            csp=CSP,
            generation=generation,
            parts=words.PARTS,
            grades=words.GRADE_NOTES,
            labels=words.LABELS,
            page=page,
            head=_head(page, generation),
            sentences=sentences(page),
            cards=cards.cards(page),
            alternatives=alternatives.blocks(page),
            news=news.blocks(page),
            videos=videos.videos(page),
            system=system.system(page),
            reuse=system.reuse(page),
            record=system.record(page),
            trust=trust.blocks(page),
        )
    )


def sentences(page: Page) -> list[str]:
    """What video returned, how sure, what next: three, also in the summary."""
    won = page.booked.get("won")
    returned = head.returned(
        page.spend,
        page.spend_before,
        won,
        carriers=(page.carriers, page.fleet.videos),
        deals_won=page.deals.won,
    )
    return [
        returned,
        head.how_sure(won, page.caused_leads),
        head.next_step(page.recommendations, page.names),
    ]


def _head(page: Page, generation: int) -> dict[str, object]:
    return {
        "title": head.TITLE,
        "how_to_read": head.HOW_TO_READ,
        "footer": head.FOOTER,
        "period": head.period(page.period),
        "snapshot": head.generation(generation, page.identity.as_of),
        "freshness": head.freshness(page.sources, page.identity.mode),
        "simulated": head.simulated() if page.identity.is_simulated else None,
        "stale": [head.stale(one) for one in page.sources if one.status == "stale"],
        "families": head.families(page.sources),
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
