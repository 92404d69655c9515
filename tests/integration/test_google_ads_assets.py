"""Demand Gen of Google Ads, whichever resource tells of it: from the answer to staging.

Three loads of the same days: `FROM video` tells all ads, then none of Demand Gen, then all
again. Not here: rows by hand (the staging models' unit tests), the video graph.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingestion.ingest import ingest
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.sources import google_ads
from ingestion.sources.google_ads import fake
from ingestion.windows import Window
from ingestion.world import View
from orchestration.resources import Dbt, failures
from warehouse import db
from warehouse.settings import Settings

MODELS = ["stg_google_ads__ad_performance_daily", "stg_google_ads__video_objects"]
RAW = "raw_google_ads"
COUNTED = (
    "account_id, ad_id, performance_date, campaign_id, campaign_name, ad_group_id, "
    "currency_code, spend_native, impressions, link_clicks"
)
ALSO = "views, starts, p25_plays, p50_plays, p75_plays, p100_plays, watch_seconds"
Told = dict[str, list[tuple[Any, ...]]]


def without_demand_gen(request: Request, reply: Reply) -> Reply:
    """`FROM video` as where Google tells Demand Gen by its assets alone."""
    if " FROM video " not in request.json()["query"]:
        return reply
    kind = "advertisingChannelType"
    chunks = [
        {
            **chunk,
            "results": [
                row for row in chunk["results"] if row["campaign"][kind] == "VIDEO"
            ],
        }
        if "results" in chunk
        else chunk
        for chunk in reply.body
    ]
    return Reply(chunks)


@pytest.fixture(scope="module")
def nights(
    unit_view: View, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Told]]:
    """What staging says after each of the three loads."""
    folder = Path(tmp_path_factory.mktemp("assets"))
    days = Window.inclusive(unit_view.start, unit_view.as_of)
    found: list[Told] = []
    with serving(fake.routes(unit_view)) as sandbox:
        # an account whose rows are all gone is refused otherwise
        settings = Settings(
            data_dir=folder, sandbox_url=sandbox.url, accept_shrink=True
        )
        dbt = Dbt(settings)
        for is_silent in (False, True, False):
            sandbox.faults.orders.clear()
            if is_silent:
                strike = Fault("searchStream", without_demand_gen, times=999)
                sandbox.faults.add(strike)
            done = ingest(google_ads, settings, as_of=unit_view.as_of, window=days)
            assert done.status == "fresh", done.reason
            wrong = failures(dbt.build(MODELS))
            assert not wrong, wrong
            found.append(read(settings))
    yield found


def read(settings: Settings) -> Told:
    performance, objects = (f"staging.{model}" for model in MODELS)
    euro = f"account_id in (select account_id from {RAW}.ad_asset_daily)"
    money = "coalesce(sum(cost_micros), 0), coalesce(sum(impressions), 0)"
    queries = {
        "counted": f"select {COUNTED} from {performance} order by all",
        "plays": f"select {ALSO} from {performance} where {euro} order by all",
        "videos": f"select object_id, platform_video_id, asset_id from {objects} "
        f"where {euro} order by all",
        "raw videos": f"select {money} from {RAW}.ad_video_daily",
        "raw silent": f"select {money} from {RAW}.ad_video_daily where {euro}",
        "raw assets": f"select {money} from {RAW}.ad_asset_daily",
        "staged": "select cast(1000000 * sum(spend_native) as bigint), "
        f"sum(impressions) from {performance}",
    }
    with db.reader(settings.warehouse_path) as con:
        return {name: con.execute(each).fetchall() for name, each in queries.items()}


def test_spend_is_the_same_whichever_resource_tells_of_it(nights: list[Told]) -> None:
    both, assets_alone, _ = nights
    assert both["counted"] == assets_alone["counted"] != []


def test_spend_and_impressions_of_raw_rows_arrive_once(nights: list[Told]) -> None:
    both, assets_alone, _ = nights
    # told twice: the assets of Demand Gen add nothing
    assert both["raw silent"] == both["raw assets"] != [(0, 0)]
    assert both["staged"] == both["raw videos"]
    # told once: the videos of the others and the assets of Demand Gen
    assert assets_alone["raw silent"] == [(0, 0)]
    (videos,), (assets,) = assets_alone["raw videos"], assets_alone["raw assets"]
    assert assets_alone["staged"] == [
        (videos[0] + assets[0], videos[1] + assets[1]),
    ]


def test_what_assets_do_not_tell_is_null_and_never_zero(nights: list[Told]) -> None:
    both, assets_alone, _ = nights
    assert set(assets_alone["plays"]) == {(None,) * 7}
    assert len(assets_alone["plays"]) == len(both["plays"])
    assert all(row[0] is not None for row in both["plays"])


def test_video_is_the_same_and_says_which_way_it_is_known(nights: list[Told]) -> None:
    both, assets_alone, _ = nights
    assert [(ad, video) for ad, video, _ in both["videos"]] == [
        (ad, asset) for ad, _, asset in assets_alone["videos"]
    ]
    assert all(asset is None for *_, asset in both["videos"])
    assert all(video is None for _, video, _ in assets_alone["videos"])


def test_video_that_tells_again_takes_the_place_of_its_assets(
    nights: list[Told],
) -> None:
    first, _, again = nights
    assert again == first
