"""TikTok's own SDK asks the fake: what it accepts, TikTok would answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from business_api_client import (
    AdApi,
    ApiClient,
    Configuration,
    ReportingApi,
    TiktokSDKError,
)

from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.sandbox.server import Sandbox, serving
from ingestion.sources.tiktok_ads import columns, fake
from ingestion.world import View, build

ADVERTISER = "7301482260115"


@pytest.fixture(scope="module")
def ads_view() -> View:
    """A world in which TikTok ads run."""
    months = {"videos": 28, "days": 170, "hidden_days": 10}
    return build(replace(SCENARIOS["unit"], **months)).view()


@pytest.fixture
def sandbox(ads_view: View) -> Iterator[Sandbox]:
    with serving(fake.routes(ads_view)) as running:
        yield running


def api(sandbox: Sandbox) -> ApiClient:
    configuration = Configuration()
    configuration.host = sandbox.url
    return ApiClient(configuration)


def report(sandbox: Sandbox, view: View, token: str = "t", **changed: Any) -> Any:
    last = view.as_of - timedelta(days=1)
    asked = {
        "advertiser_id": ADVERTISER,
        "data_level": "AUCTION_AD",
        "dimensions": ["ad_id", "stat_time_day"],
        "metrics": list(columns.AD_METRICS),
        "start_date": str(last - timedelta(days=29)),
        "end_date": str(last),
        "page_size": 1000,
        **changed,
    }
    return ReportingApi(api(sandbox)).report_integrated_get("BASIC", token, **asked)


def test_sdk_reads_a_report(sandbox: Sandbox, ads_view: View) -> None:
    told = report(sandbox, ads_view)["data"]
    assert told["page_info"]["total_number"] == len(told["list"]) > 5
    assert sum(float(row["metrics"]["spend"]) for row in told["list"]) > 0


def test_sdk_lists_the_ads(sandbox: Sandbox) -> None:
    told = AdApi(api(sandbox)).ad_get(ADVERTISER, "t", fields=["ad_id", "video_id"])
    assert told["data"]["list"]
    assert all(ad["video_id"].startswith("v07033") for ad in told["data"]["list"])


def test_sdk_raises_what_stands_inside_a_status_of_200(
    sandbox: Sandbox, ads_view: View
) -> None:
    with pytest.raises(TiktokSDKError):
        report(sandbox, ads_view, token="revoked")
    with pytest.raises(TiktokSDKError):
        report(sandbox, ads_view, metrics=["video_views"])
