"""`playhead link`: a tagged address by which visits are known to come from a video."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.catalogue import catalogue_settings
from orchestration.cli.common import data_dir_option

if TYPE_CHECKING:
    from ingestion.source import Row

OWN = "site_events"


@click.command("link")
@data_dir_option
@click.argument("video")
@click.option(
    "--channel", required=True, help="Where the link will stand: meta, email ..."
)
@click.option("--page", help="Where it leads. Default: the site's first page.")
@click.option("--variant", help="Which cut, where the video has several.")
def command(
    data_dir: Path | None,
    video: str,
    channel: str,
    page: str | None,
    variant: str | None,
) -> None:
    """Print a tagged address for VIDEO (an id of the catalogue) in a channel.

    Put it under the advert, the post or the button: visits that it brings, and an advert
    whose link or name holds its code, are joined to the video.
    """
    from ingestion.sources.catalogue.files import read_folder
    from warehouse.graph import links

    settings = catalogue_settings(data_dir)
    files = read_folder(settings.catalogue_dir)
    if not files["videos"]:
        verb = "run" if settings.is_simulated else "init"
        raise click.UsageError(
            f"there are no videos in {settings.catalogue_dir}: `playhead {verb}` writes "
            "a first catalogue"
        )
    try:
        if channel not in links.WORDS:
            raise links.LinkRefused(_no_channel(channel, links.WORDS))
        video_id, cut, placement = chosen(files, video, channel, variant)
        content = (placement or {}).get("tag") or links.code(cut, channel)
        address = links.tagged(
            page or _site(files["placements"]),
            channel,
            video_id,
            content,
            platform=(placement or {}).get("platform") or "",
        )
    except links.LinkRefused as error:
        raise click.UsageError(str(error)) from error
    place = f", placement {placement['placement_id']}" if placement else ""
    click.echo(f"{video_id}, variant {cut}{place}", err=True)
    click.echo(address)


def chosen(
    files: Mapping[str, Sequence["Row"]], video: str, channel: str, variant: str | None
) -> tuple[str, str, dict[str, Any] | None]:
    """Video, variant and the placement whose code is meant, where there is one.

    Of several placements the one that is live and began last; one that nobody tagged is
    meant only where it is the variant's only one in the channel, as the rules have it.
    """
    from warehouse.graph.links import LinkRefused

    video_of = {row["variant_id"]: row["video_id"] for row in files["variants"]}
    videos = [row["video_id"] for row in files["videos"]]
    if video in video_of and video not in videos:
        video, variant = video_of[video], variant or video
    if video not in videos:
        raise LinkRefused(
            _unknown(video, "video", [*videos, *video_of], files["videos"])
        )
    cuts = [each for each in video_of if video_of[each] == video]
    if variant is not None and variant not in cuts:
        raise LinkRefused(_unknown(variant, f"variant of {video}", cuts, ()))
    if not cuts:
        raise LinkRefused(f'"{video}" has no variant yet: add one to variants.csv')
    there = [
        row
        for row in files["placements"]
        if row["channel"] == channel
        and row["variant_id"] in ([variant] if variant else cuts)
    ]
    tagged = [row for row in there if row["tag"]]
    tagged.sort(key=lambda row: (row["end_date"] is None, str(row["start_date"] or "")))
    if tagged:
        return video, str(tagged[-1]["variant_id"]), tagged[-1]
    cut = variant or str(there[-1]["variant_id"] if there else cuts[0])
    same = [row for row in there if row["variant_id"] == cut]
    return video, cut, same[0] if len(same) == 1 else None


def _unknown(
    value: str, what: str, known: Sequence[str], videos: Sequence["Row"]
) -> str:
    """Names the ids that are nearest, by id or by title."""
    near = get_close_matches(value, known, 3, 0.5)
    titles = {str(row["title"]).casefold(): str(row["video_id"]) for row in videos}
    near += [
        titles[each] for each in get_close_matches(value.casefold(), titles, 3, 0.5)
    ]
    ids = list(dict.fromkeys(near)) or list(known)[:3]
    hint = "did you mean" if near else "there is, for one,"
    return f'"{value}" is no {what} of the catalogue: {hint} {", ".join(ids)}?'


def _no_channel(value: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(value, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(known)}"
    return f'"{value}" takes no link: {hint}'


def _site(placements: Sequence["Row"]) -> str:
    """The first page of the own site, by the account its placements name."""
    from warehouse.graph.links import LinkRefused

    for row in placements:
        if row["platform"] == OWN and row["platform_account_id"]:
            return f"https://{row['platform_account_id']}/"
    raise LinkRefused("no placement names the own site: say where it leads with --page")
