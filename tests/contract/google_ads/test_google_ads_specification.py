"""What the connector asks of Google Ads stays inside the official protos of v26."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion.sources import google_ads
from ingestion.sources.google_ads import SPEC, columns, fake, gaql
from ingestion.world import View
from tests.contract.conftest import Connect
from tests.support.paid import rows

# Resources that the trimmed specification leaves out: their own fields are unknown to it.
OUTSIDE = {"geo_target_constant"}


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, Any]:
    path = shared / "apis" / "specs" / "google" / "google_ads.v26.fields.json"
    told: dict[str, Any] = json.loads(path.read_text())
    return told


def test_version_is_the_one_of_the_specification(official: dict[str, Any]) -> None:
    assert official["api_version"] == gaql.VERSION


@pytest.mark.parametrize(
    "fields",
    [
        columns.CUSTOMER,
        columns.AD_VIDEO_DAILY,
        columns.AD_ASSET_DAILY,
        columns.AD_GROUP_REGION_DAILY,
        columns.AD_CONVERSIONS_DAILY,
        columns.CONVERSION_ACTION,
        columns.GEO_TARGET,
    ],
)
def test_fields_exist_at_google_and_keep_their_rest_names(
    fields: columns.Fields, official: dict[str, Any]
) -> None:
    for name in fields:
        *_, about, field = name.split(".")
        if about not in OUTSIDE:
            known = official["objects"][about]
            assert field in known, name
            assert known[field]["rest"] == gaql.camel(field)


def test_assets_are_asked_for_with_what_their_view_attributes(
    official: dict[str, Any],
) -> None:
    attributed = {"ad_group", "ad_group_ad", "asset", "campaign", "customer"}
    view = "ad_group_ad_asset_view"
    asked = {name.partition(".")[0] for name in columns.AD_ASSET_DAILY}
    assert asked <= attributed | {view, "segments", "metrics"}
    # what the proto of the view links to, and roles that Google knows
    assert {"ad_group_ad", "asset", "field_type"} <= set(official["objects"][view])
    field, role = columns.VIDEO_ASSETS.replace("'", "").split(" = ")
    assert field in columns.AD_ASSET_DAILY
    assert role in official["enums"]["asset_field_type"]


def test_requests_have_the_fields_of_a_stream_and_nothing_else(
    official: dict[str, Any], connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    for table in SPEC.tables[:-1]:  # without totals
        rows(google_ads, link.api, table.name, unit_view)
    known = {f["rest"] for f in official["objects"]["search_stream_request"].values()}
    streams = [c.json() for c in link.calls if c.method == "POST"]
    assert streams
    for body in streams:
        assert set(body) <= known
        assert body["summaryRowSetting"] in official["enums"]["summary_row_setting"]


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        ("video", columns.AD_VIDEO_DAILY),
        ("ad_group_ad_asset_view", columns.AD_ASSET_DAILY),
    ],
)
def test_answers_of_the_fake_have_the_types_of_the_specification(
    resource: str,
    fields: columns.Fields,
    official: dict[str, Any],
    connect: Connect,
    unit_view: View,
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    between = f"segments.date BETWEEN '{unit_view.start}' AND '{unit_view.as_of}'"
    query = gaql.select(fields, resource, between)
    answer = gaql.search(link.api, fake.MANAGER, "4820117372", query)
    assert answer
    enums = official["enums"]
    for row in answer:
        known = enums["advertising_channel_type"]
        assert row["campaign"]["advertisingChannelType"] in known
        if "adGroupAdAssetView" in row:
            assert row["adGroupAdAssetView"]["fieldType"] in enums["asset_field_type"]
            assert isinstance(row["asset"]["id"], str)
        for name, value in row["metrics"].items():
            kinds = {
                f["rest"]: f["type"] for f in official["objects"]["metrics"].values()
            }
            # 64 bits travel as text
            assert isinstance(value, str if kinds[name] == "int64" else float), name
