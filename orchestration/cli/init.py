"""`playhead init`: a first catalogue from the accounts' own videos, to be edited."""

import csv
from collections.abc import Iterator
from pathlib import Path

import click

from ingestion.ingest import is_on
from ingestion.registry import sources
from ingestion.sources.catalogue.values import UNSET
from ingestion.transport import Api
from orchestration.cli.common import data_dir_option, load
from warehouse.settings import Settings

HEADS = {
    "videos.csv": "video_id,title,objective,role,theme,duration_seconds,published_date,owner",
    "variants.csv": "variant_id,video_id,format,language,duration_seconds,created_date",
    "placements.csv": "placement_id,variant_id,channel,platform,account_id,"
    "platform_object_id,page_path,tag,start_date,end_date",
}


@click.command("init")
@data_dir_option
@click.option("--force", is_flag=True, help="Overwrite a catalogue that is there.")
def command(data_dir: Path | None, force: bool) -> None:
    """List the accounts' videos and write videos, variants and placements as CSV.

    Each video becomes its own master with objective "unset": edit the files, then run.
    """
    settings = load(data_dir)
    folder = settings.catalogue_dir
    if settings.mode == "sandbox":
        raise click.UsageError(
            "the sandbox brings its own catalogue; `init` is for your own accounts: set "
            "credentials in .env first (playhead sources lists them)"
        )
    if (folder / "videos.csv").exists() and not force:
        raise click.UsageError(
            f"{folder / 'videos.csv'} is there already: edit it, or say --force"
        )
    found = list(_videos(settings))
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, found)
    click.echo(
        f"{len(found)} videos written to {folder}: edit objective and role, "
        "then `playhead run`"
    )


def _videos(settings: Settings) -> Iterator[dict[str, str]]:
    for name, source in sources().items():
        listing = getattr(source, "list_videos", None)
        if listing is not None and is_on(source.SPEC, settings):
            api = Api(source.SPEC, settings)
            for video in listing(api, source.accounts(api)):
                yield {"platform": name, **video}


def _write(folder: Path, found: list[dict[str, str]]) -> None:
    rows: dict[str, list[list[str]]] = {name: [] for name in HEADS}
    for number, video in enumerate(found, start=1):
        master, variant = f"v{number:04}", f"v{number:04}-1"
        day, seconds = video["published_date"], video["duration_seconds"]
        rows["videos.csv"].append(
            [master, video["title"], UNSET, "", "", seconds, day, ""]
        )
        rows["variants.csv"].append([variant, master, "", "", seconds, day])
        rows["placements.csv"].append(
            [
                *(f"p{number:04}", variant, video["channel"], video["platform"]),
                *(video["account_id"], video["platform_object_id"], "", "", day, ""),
            ]
        )
    for name, lines in rows.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADS[name].split(","))
            writer.writerows(lines)
