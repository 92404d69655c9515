"""`playhead map`: which video an object without one most likely shows, and saying so."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.catalogue import add_placements, catalogue_settings
from orchestration.cli.common import (
    data_dir_option,
    format_option,
    named,
    tell_csv,
    tell_json,
)
from warehouse.settings import Settings

if TYPE_CHECKING:
    from ingestion.source import Row
    from warehouse.graph.proposals import Proposal, Shelf, Unmapped

Found = dict["Unmapped", list["Proposal"]]
HEADINGS = (
    *("platform", "account_id", "platform_object_id", "title", "channel"),
    *("spend_usd", "views", "views_definition", "duration_seconds", "published_date"),
    *("rank", "video_id", "variant_id", "video_title", "score", "is_accepted"),
)


@click.command("map")
@data_dir_option
@click.option(
    "--accept",
    "least",
    type=click.FloatRange(0, 1),
    metavar="SCORE",
    help="Write the first proposal of each object into the catalogue where it reaches "
    "this score, clear of the second.",
)
@click.option(
    "--accept-id",
    "pairs",
    multiple=True,
    metavar="OBJECT=VIDEO",
    help="Write this one (a video or a variant of it); may be said several times.",
)
@format_option
def command(
    data_dir: Path | None, least: float | None, pairs: tuple[str, ...], form: str
) -> None:
    """Propose videos of the catalogue for what no rule could map, the dearest first."""
    from ingestion.sources.catalogue.files import read_folder
    from warehouse import db
    from warehouse.graph import run
    from warehouse.graph.proposals import Shelf, accepted

    settings = catalogue_settings(data_dir)
    with db.reader(settings.warehouse_path) as con:
        unmapped, cuts = run.unmapped(con), run.cuts(con)
    files = read_folder(settings.catalogue_dir)
    shelf = Shelf(cuts)
    placed = {
        (row["platform"], row["platform_account_id"], row["platform_object_id"])
        for row in files["placements"]
    }
    left = [
        each
        for each in unmapped
        if (each.platform, each.account_id, each.object_id) not in placed
    ]
    found: Found = {each: shelf.proposals(each) for each in left}
    taken = {} if least is None else accepted(found, least)
    taken |= _named(pairs, unmapped, left, shelf)
    _write(settings, taken, files)
    _show(found, taken, form)
    waiting = len(unmapped) - len(left)
    if waiting and form == "table":
        click.echo(
            f"{waiting} more stand in the catalogue since the last run", err=True
        )


def _named(
    pairs: Sequence[str],
    unmapped: Sequence["Unmapped"],
    left: Sequence["Unmapped"],
    shelf: "Shelf",
) -> dict["Unmapped", "Proposal"]:
    """What --accept-id says; what stands in the catalogue already is left as it is."""
    named = {}
    for pair in pairs:
        key, sign, video = pair.rpartition("=")
        if not sign or not key or not video:
            raise click.UsageError(
                f'"{pair}" is no pair: write --accept-id OBJECT=VIDEO'
            )
        meant = [
            each
            for each in unmapped
            if key in (each.object_id, f"{each.platform}/{each.object_id}")
        ]
        if not meant:
            raise click.UsageError(
                f'"{key}" is no unmapped object: `playhead map` lists them'
            )
        if len(meant) > 1:
            places = ", ".join(f"{each.platform}/{each.object_id}" for each in meant)
            raise click.UsageError(
                f'"{key}" may be one of {places}: write it like that'
            )
        if meant[0] in left:
            named[meant[0]] = _chosen(meant[0], video, shelf)
    return named


def _chosen(unmapped: "Unmapped", video: str, shelf: "Shelf") -> "Proposal":
    """The likeliest cut of the video that a person named, or the cut itself."""
    from warehouse.graph.proposals import Shelf

    cuts = [c for c in shelf.cuts if c.video_id == video] or [
        c for c in shelf.cuts if c.variant_id == video
    ]
    if not cuts:
        from difflib import get_close_matches

        ids = {each for c in shelf.cuts for each in (c.video_id, c.variant_id)}
        near = get_close_matches(video, sorted(ids), 3, 0.5)
        hint = (
            f"did you mean {', '.join(near)}?" if near else "add it to videos.csv first"
        )
        raise click.UsageError(f'"{video}" is no video of the loaded catalogue: {hint}')
    return Shelf(cuts).proposals(unmapped, least=0)[0]


def _write(
    settings: Settings,
    taken: Mapping["Unmapped", "Proposal"],
    files: Mapping[str, Sequence["Row"]],
) -> None:
    from warehouse.graph.placements_file import free_id

    if not taken:
        return
    ids = {str(row["placement_id"]) for row in files["placements"]}
    tags = {str(row["tag"]) for row in files["placements"] if row["tag"]}
    entries = []
    for each, proposal in taken.items():
        name = free_id(proposal.variant_id, each.channel, ids)
        ids.add(name)
        tag = each.tag if each.tag and each.tag not in tags else ""
        tags.add(tag)
        began = each.published_date or each.first_date
        entries.append(
            {
                "placement_id": name,
                "variant_id": proposal.variant_id,
                "channel": each.channel,
                "platform": each.platform,
                "account_id": each.account_id,
                "platform_object_id": each.object_id,
                "platform_video_id": each.video_id or "",
                "tag": tag,
                "start_date": began.isoformat() if began else "",
            }
        )
    add_placements(settings.catalogue_dir, entries)
    path = settings.catalogue_dir / "placements.csv"
    placements = "placement" if len(entries) == 1 else "placements"
    click.echo(
        f"{len(entries)} {placements} added to {path}: the next run maps them", err=True
    )
    if settings.is_simulated:
        click.echo(
            "the simulated company writes its catalogue anew each night: this one is "
            "gone with the next run",
            err=True,
        )


def _show(found: Found, taken: Mapping["Unmapped", "Proposal"], form: str) -> None:
    rows = list(_rows(found, taken))
    if form == "csv":
        tell_csv(HEADINGS, rows)
    elif form == "json":
        tell_json(named(HEADINGS, rows))
    elif not found:
        click.echo("every object belongs to a video of the catalogue")
    else:
        _table(found, taken)


def _rows(found: Found, taken: Mapping["Unmapped", "Proposal"]) -> list[list[Any]]:
    """One row per object and proposal; an object without one has a row of its own."""
    rows: list[list[Any]] = []
    for each, proposals in found.items():
        about = [
            *(each.platform, each.account_id, each.object_id),
            *(each.title or each.ad_name, each.channel),
            None if each.spend_usd is None else float(each.spend_usd),
            *(each.views, each.views_definition, each.duration_seconds),
            each.published_date.isoformat() if each.published_date else None,
        ]
        if not proposals:
            rows.append([*about, None, None, None, None, None, False])
        for rank, proposal in enumerate(proposals, start=1):
            rows.append(
                [
                    *(*about, rank, proposal.video_id, proposal.variant_id),
                    *(proposal.title, proposal.score, taken.get(each) == proposal),
                ]
            )
    return rows


def _table(found: Found, taken: Mapping["Unmapped", "Proposal"]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(header_style="bold")
    for name in ("object", "title", "spend", "views"):
        is_number = name in ("spend", "views")
        table.add_column(
            name, overflow="fold", justify="right" if is_number else "left"
        )
    table.add_column("proposal", overflow="fold")
    table.add_column("score", justify="right")
    for each, proposals in found.items():
        table.add_section()
        about = [
            escape(f"{each.platform}/{each.object_id}"),
            escape(_printable(each.title or each.ad_name or "")),
            "" if each.spend_usd is None else f"{each.spend_usd:,.0f} USD",
            "" if each.views is None else f"{each.views:,}",
        ]
        chosen = taken.get(each)
        lines = [*proposals] if chosen is None or chosen in proposals else [chosen]
        if not lines:
            table.add_row(*about, "none", "")
        for proposal in lines:
            mark = " accepted" if proposal == chosen else ""
            table.add_row(
                *about,
                escape(_printable(f"{proposal.variant_id}: {proposal.title}")) + mark,
                f"{proposal.score:.2f}",
            )
            about = [""] * 4
    Console().print(table)


def _printable(text: str) -> str:
    """Titles come from outside: one line, nothing that steers a terminal."""
    line = " ".join(text.split())
    return "".join(each for each in line if each.isprintable())
