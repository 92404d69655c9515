"""The video graph on rows by hand: every rule, links, what stays unmapped, names.

And on the sandbox's own lists: what is taken out of the catalogue is proposed again. Not
here: how a score comes about (tests/unit/graph).
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ingestion.registry import sources
from ingestion.sandbox.server import serving
from ingestion.source import Ask
from ingestion.sources.catalogue import fake as catalogue_fake
from ingestion.sources.catalogue.files import read_folder
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world.view import View
from orchestration.resources import Dbt
from tests.support.films import (
    AGAIN,
    ALL,
    AS_OF,
    FILES,
    GRAPH,
    NAMES,
    RAW,
    SITE,
    Graph,
    catalogue_in,
    visited,
    write,
)
from tests.support.handmade import Rows, write_raw
from warehouse import db
from warehouse.graph import run
from warehouse.graph.proposals import Shelf
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    root = Path(tmp_path_factory.mktemp("graph"))
    write(root / "catalogue", FILES)
    settings = Settings(
        data_dir=root / "data", mode="accounts", own_catalogue_dir=root / "catalogue"
    )
    with catalogue_in(root / "catalogue"):
        write_raw(settings, AS_OF, {})
        yield Graph(settings, Dbt(settings))


@pytest.fixture(scope="module")
def links(made: Graph) -> dict[str, str]:
    """Channel -> what `playhead link` prints for a video there."""
    asked = {
        "youtube_organic": ("tour", "--variant", "tour-wide"),
        "email": ("story", "--page", f"https://{SITE}/demo?a=1"),
        "meta": ("story",),
    }
    told = {}
    for channel, words in asked.items():
        done = made.cli("link", *words, "--channel", channel)
        assert done.exit_code == 0, done.output
        told[channel] = done.stdout.strip()
    return told


@pytest.fixture(scope="module")
def graph(made: Graph, links: dict[str, str]) -> Graph:
    visits = [visited(20 + n, each) for n, each in enumerate(links.values())]
    events = [*RAW["site_events.events"], *visits]
    made.load({**RAW, "site_events.events": events})
    made.build(f"{ALL} {GRAPH} {NAMES}")
    return made


def test_every_rule_is_recorded_in_its_order(graph: Graph) -> None:
    told = graph.ask(
        "select platform, platform_object_id, variant_id, matched_by, placement_id "
        "from intermediate.int_assets__placements order by all"
    )
    code, creative = "tagging code", "creative's video id"
    expected = [
        ("google_ads", "g1", "tour-wide", "platform video id", None),
        ("google_ads", "g2", None, "own master", None),
        ("google_ads", "g3", "talk-1", code, None),
        ("google_ads", "g4", "tour-wide", "asset id", None),
        ("linkedin_ads", "c1", "talk-1", creative, None),
        ("linkedin_pages", "urn:li:ugcPost:1", "talk-1", "catalogue", "p4"),
        ("meta_ads", "ad1", "story-1", "catalogue", "p2"),
        ("meta_ads", "ad2", "story-1", creative, None),
        ("meta_ads", "ad3", "story-1", code, "p5"),  # the entry that waited for it
        ("meta_ads", "ad4", "tour-tall", code, None),
        ("meta_ads", "ad5", None, "unmatched", None),
        ("meta_ads", "ad6", "story-1", code, None),  # one entry is one object
        ("meta_ads", "ad7", "story-1", creative, None),  # the earlier rule counts
        ("meta_ads", "ad8", None, "own master", None),
        ("meta_ads", "gone1", "tour-wide", "catalogue", "p8"),
        ("meta_ads", "gone2", "talk-1", "catalogue", "p9"),
        ("meta_ads", "p10", "talk-1", "catalogue", "p10"),
        ("site_events", "p6", "talk-1", "catalogue", "p6"),
        ("site_events", "ph-story-1-email", "story-1", code, None),
        ("site_events", "story-1", "story-1", "page embed", None),
        ("site_events", "talk", "talk-1", "page embed", None),
        ("site_events", "tour", None, "unmatched", None),  # which of its two cuts?
        ("site_events", "yt1", "tour-wide", "page embed", None),
        ("tiktok_ads", "t1", "tour-tall", "catalogue", "p3"),
        ("tiktok_ads", "t2", "tour-tall", "asset id", None),
        ("tiktok_ads", "t3", "tour-tall", creative, None),
        ("wistia", "tour-tall", "tour-tall", "page embed", None),
        ("wistia", "w2", None, "own master", None),
        ("youtube", "yt1", "tour-wide", "catalogue", "p1"),
        ("youtube", "yt9", None, "own master", None),
    ]
    assert told == expected


def test_own_master_is_one_video_whether_posted_or_bought(graph: Graph) -> None:
    (keys,) = graph.ask(
        "select count(distinct video_key), count(*) "
        "from intermediate.int_assets__placements where platform_video_id = 'yt9'"
    )
    assert keys == (1, 2)


def test_ad_told_by_its_assets_is_paid_performance_of_their_video_and_once(
    graph: Graph,
) -> None:
    told = graph.ask(
        "select platform_object_id, cast(sum(spend_usd) as double), sum(impressions), "
        "sum(views), string_agg(distinct video_id) "
        "from marts.fct_video_performance_daily "
        "join intermediate.int_assets__placements using (placement_key, platform) "
        "left join staging.stg_catalogue__variants using (variant_id) "
        "where platform = 'google_ads' group by all order by all"
    )
    # 2 USD, 10 impressions each; assets tell no views, a headline is no ad of a video
    assert told == [
        ("g1", 2.0, 10, 4, "tour"),
        ("g2", 2.0, 10, 4, None),
        ("g3", 2.0, 10, 4, "talk"),
        ("g4", 2.0, 10, None, "tour"),
    ]


def test_code_tells_whom_an_ad_is_shown_to(graph: Graph) -> None:
    told = graph.ask(
        "select channel_name, tag from intermediate.int_assets__placements "
        "where platform_object_id in ('ad3', 'ad4') order by all"
    )
    assert told == [("meta", "ph-new7"), ("retargeting", "ph-tour-tall-retargeting")]


def test_what_no_rule_knows_is_listed_with_its_spend_and_views(graph: Graph) -> None:
    told = graph.ask(
        "select platform_object_id, matched_by, cast(spend_usd as double), views, tag, "
        "title, duration_seconds from marts.mart_unmapped_objects order by all"
    )
    assert told == [
        ("ad5", "unmatched", 70.0, 50, "summer", "summer tour plain", None),
        ("ad8", "own master", 5.0, 50, None, "one id, two films", 45.0),
        ("g2", "own master", 2.0, 4, None, "any name", None),
        ("tour", "unmatched", None, 1, None, None, None),
        ("w2", "own master", None, 1, None, "Holiday party.mp4", 90.0),
        (
            "yt9",
            "own master",
            None,
            None,
            None,
            "[bold]Story[/] of\na shift\x1b[2J",
            100.0,
        ),
    ]


@pytest.mark.parametrize(
    ("channel", "placement", "variant"),
    [
        ("youtube_organic", ("youtube", "yt1"), "tour-wide"),  # the entry without a tag
        ("email", ("site_events", "ph-story-1-email"), "story-1"),  # no entry at all
        ("meta", ("meta_ads", "ad3"), "story-1"),  # the entry with a tag
    ],
)
def test_link_leads_its_visits_to_placement_and_video(
    graph: Graph,
    links: dict[str, str],
    channel: str,
    placement: tuple[str, str],
    variant: str,
) -> None:
    number = 20 + list(links).index(channel)
    told = graph.ask(
        "select touches.channel, platform, platform_object_id, variant_id, "
        "touches.video_key = placements.video_key "
        "from intermediate.int_journey__visits as visits "
        "join intermediate.int_journey__touches as touches "
        "on touches.touch_id = md5('visit|' || visits.visit_id) "
        "join intermediate.int_assets__placements as placements "
        "on touches.placement_key = placements.placement_key "
        f"where visits.visit_id = 'm{number}'"
    )
    assert told == [(channel, *placement, variant, True)]


def test_link_names_the_nearest_ids_of_an_unknown_video(made: Graph) -> None:
    done = made.cli("link", "stroy", "--channel", "meta")
    assert done.exit_code == 2
    assert '"stroy" is no video of the catalogue: did you mean story' in done.output
    by_title = made.cli("link", "every shift has a story!", "--channel", "meta")
    assert "did you mean story?" in by_title.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("story", "--channel", "emial"), '"emial" takes no link: did you mean email?'),
        (
            ("story", "--channel", "meta", "--variant", "tour-wide"),
            "no variant of story",
        ),
        (("story", "--channel", "meta", "--page", "demo"), "is no web address"),
    ],
)
def test_link_says_what_is_wrong(
    made: Graph, words: tuple[str, ...], said: str
) -> None:
    done = made.cli("link", *words)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_map_proposes_the_dearest_first(graph: Graph) -> None:
    done = graph.cli("map", "--format", "json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert list(dict.fromkeys(each["platform_object_id"] for each in told)) == [
        *("ad5", "ad8", "g2", "w2", "tour", "yt9")
    ]
    (first, *_) = [each for each in told if each["platform_object_id"] == "yt9"]
    assert first["video_id"] == "story"
    assert not any(each["is_accepted"] for each in told)


def test_map_prints_titles_as_they_are(graph: Graph) -> None:
    done = graph.cli("map")
    assert done.exit_code == 0, done.output
    assert "[bold]Story[/]" in done.stdout
    assert "\x1b[2J" not in done.stdout  # it would clear the screen


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--accept-id", "ad5"), '"ad5" is no pair: write --accept-id OBJECT=VIDEO'),
        (("--accept-id", "nobody=tour"), '"nobody" is no unmapped object'),
        (("--accept-id", "ad8=tuor"), "did you mean tour"),
        (("--accept", "7"), "7.0 is not in the range"),
    ],
)
def test_map_says_what_is_wrong_and_writes_nothing(
    graph: Graph, words: tuple[str, ...], said: str
) -> None:
    path = graph.settings.catalogue_dir / "placements.csv"
    before = path.read_bytes()
    done = graph.cli("map", *words)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert path.read_bytes() == before


def test_map_writes_what_is_accepted_and_once(graph: Graph) -> None:
    path = graph.settings.catalogue_dir / "placements.csv"
    before = path.read_bytes()
    try:
        words = (
            "map",
            "--accept-id",
            "ad5=tour-tall",
            "--accept-id",
            "youtube/yt9=story",
        )
        done = graph.cli(*words)
        assert done.exit_code == 0, done.output
        assert "2 placements added" in done.output
        after = path.read_bytes()
        assert after == before + (
            b"tour-tall-meta,tour-tall,meta,meta_ads,act_1,ad5,,,summer\n"
            b"story-1-youtube-organic,story-1,youtube_organic,youtube,UC1,yt9,yt9,,\n"
        )
        again = graph.cli(*words)
        assert again.exit_code == 0, again.output
        assert path.read_bytes() == after
        graph.load(RAW)
        graph.build(AGAIN)
        left = graph.ask("select platform_object_id from marts.mart_unmapped_objects")
        # yt9 is known now, so its advert is as well
        assert sorted(left) == [("ad8",), ("tour",), ("w2",)]
    finally:
        path.write_bytes(before)


def test_map_accepts_what_reaches_the_score(graph: Graph) -> None:
    path = graph.settings.catalogue_dir / "placements.csv"
    before = path.read_text()

    def accepted(score: str) -> tuple[list[str], list[str]]:
        done = graph.cli("map", "--accept", score, "--format", "csv")
        assert done.exit_code == 0, done.output
        told = list(csv.DictReader(StringIO(done.stdout)))
        added = path.read_text().removeprefix(before).splitlines()
        return [r["variant_id"] for r in told if r["is_accepted"] == "True"], added

    try:
        assert accepted("1") == ([], [])
        marked, added = accepted("0.36")
        assert marked
        assert marked == [line.split(",")[1] for line in added]
    finally:
        path.write_text(before)


def test_names_keep_the_value_of_the_day(graph: Graph) -> None:
    def night(day: date, title: str) -> list[tuple[Any, ...]]:
        with db.writer(graph.settings.warehouse_path) as con:
            con.execute("update meta.clock set as_of = ?", [day])
            renamed = (
                "update raw_catalogue.videos set title = ? where video_id = 'tour'"
            )
            con.execute(renamed, [title])
        graph.build(NAMES)
        return graph.ask(
            "select names.title, cast(valid_from as varchar), cast(valid_to as varchar), "
            "is_current from marts.dim_video_names as names "
            "join marts.dim_videos using (video_key) where video_id = 'tour' order by 2"
        )

    first = ("A full tour", "1900-01-01", "2026-07-09", False)
    assert night(date(2026, 7, 10), "Grand tour") == [
        first,
        ("Grand tour", "2026-07-10", "9999-12-31", True),
    ]
    # renamed twice on a day: the last counts
    second = ("Grand tour", "2026-07-10", "2026-07-19", False)
    third = ("A tour", "2026-07-20", "9999-12-31", True)
    assert night(date(2026, 7, 20), "A tour") == [first, second, third]
    assert night(date(2026, 7, 20), "The tour") == [
        first,
        second,
        ("The tour", *third[1:]),
    ]
    # a night without a change changes nothing
    assert night(date(2026, 7, 21), "The tour") == [
        first,
        second,
        ("The tour", *third[1:]),
    ]


SOCIAL = ("youtube", "tiktok", "facebook_pages", "instagram", "linkedin_pages")
PAID = ("meta_ads", "google_ads", "linkedin_ads", "tiktok_ads")
TAKEN_OUT = 0.2
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def company(unit_view: View, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What the sandbox's platforms list, and the catalogue its team keeps."""
    folder = Path(tmp_path_factory.mktemp("company"))
    names = (*SOCIAL, *PAID)
    fakes = [import_module(f"ingestion.sources.{name}.fake") for name in names]
    rows: dict[str, Any] = {}
    with serving([r for fake in fakes for r in fake.routes(unit_view)]) as sandbox:
        there = Settings(data_dir=folder, sandbox_url=sandbox.url)
        window = Window.inclusive(unit_view.start, unit_view.as_of)
        for name in names:
            source = sources()[name]
            api = Api(source.SPEC, there)
            read = source.read(api, Ask(source.accounts(api), window, unit_view.as_of))
            for table, batches in read.items():
                rows[f"{name}.{table}"] = [dict(r) for b in batches for r in b.rows]
    catalogue_fake.write_files(unit_view, folder / "catalogue")
    for name, found in read_folder(folder / "catalogue").items():
        rows[f"catalogue.{name}"] = found
    return rows


def test_entries_taken_out_are_found_again(
    graph: Graph, company: Rows, unit_view: View
) -> None:
    placements = company["catalogue.placements"]
    shown = [each for each in placements if each["platform_object_id"]]
    video_of = {
        each["variant_id"]: each["video_id"] for each in company["catalogue.variants"]
    }
    whole, found, mapped, unmapped = 0, 0, 0, 0
    for seed in SEEDS:
        out = Random(seed).sample(shown, round(TAKEN_OUT * len(shown)))
        rows = {
            **company,
            "catalogue.placements": [each for each in placements if each not in out],
        }
        graph.load(rows, as_of=unit_view.as_of)
        graph.build(AGAIN if seed != SEEDS[0] else ALL)
        with db.reader(graph.settings.warehouse_path) as con:
            left, shelf = run.unmapped(con), Shelf(run.cuts(con))
            ruled = con.execute(
                "select platform, platform_object_id, video_id "
                "from intermediate.int_assets__matched_objects "
                "left join staging.stg_catalogue__variants using (variant_id)"
            ).fetchall()
        truth = {
            (each["platform"], each["platform_object_id"]): video_of[each["variant_id"]]
            for each in out
            if any(
                (each["platform"], each["platform_object_id"]) == r[:2] for r in ruled
            )
        }
        whole += len(
            truth
        )  # some were taken down before the platform's own list begins
        told = {(platform, each): video for platform, each, video in ruled if video}
        # what a rule still knows by another entry needs no proposal, and is right
        known = truth.keys() & told.keys()
        assert {each: told[each] for each in known} == {e: truth[e] for e in known}
        mapped += len(known)
        for each in left:
            videos = [p.video_id for p in shelf.proposals(each)]
            unmapped += 1
            found += truth[each.platform, each.object_id] in videos
    assert mapped + unmapped == whole
    assert unmapped >= 5  # enough to be a figure
    assert found >= 0.9 * unmapped
