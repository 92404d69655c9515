"""Google's own messages parse what the fake answers: nothing unknown, types as declared.

The client itself speaks gRPC only, so its protos read our JSON.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from google.ads.googleads.v26.errors.types.errors import GoogleAdsFailure
from google.ads.googleads.v26.services.types.google_ads_service import (
    SearchGoogleAdsStreamResponse,
)

from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.source import Ask
from ingestion.sources import google_ads
from ingestion.sources.google_ads import SPEC, fake, fake_gaql, gaql
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import View
from warehouse.settings import Settings

STREAM = "googleAds:searchStream"


@pytest.fixture
def answers(unit_view: View, tmp_path: Path) -> list[Any]:
    """Every stream that a night asks for, as it came."""
    told: list[Any] = []
    with serving(fake.routes(unit_view)) as sandbox:
        api = Api(SPEC, Settings(data_dir=tmp_path, sandbox_url=sandbox.url))

        def noted(request: Request, reply: Reply) -> Reply:
            told.append(reply.body)
            return reply

        sandbox.faults.add(Fault(STREAM, noted, times=99))
        window = Window.inclusive(unit_view.start, unit_view.as_of)
        ask = Ask(google_ads.accounts(api), window, unit_view.as_of)
        for batches in google_ads.read(api, ask).values():
            list(batches)
    return told


def test_protos_read_every_chunk_of_every_stream(answers: list[Any]) -> None:
    chunks = [chunk for answer in answers for chunk in answer]
    rows = [
        row
        for chunk in chunks
        for row in SearchGoogleAdsStreamResponse.from_json(
            json.dumps(chunk), ignore_unknown_fields=False
        ).results
    ]
    assert len(rows) > 500
    assert sum(row.metrics.impressions for row in rows) > 0
    assert any(row.metrics.video_quartile_p25_rate > 0 for row in rows)
    assets = [row for row in rows if row.asset.id]
    assert len(assets) > 50
    for row in assets:
        assert row.ad_group_ad_asset_view.field_type.name == "YOUTUBE_VIDEO"
        assert len(row.asset.youtube_video_asset.youtube_video_id) == 11
        assert row.campaign.advertising_channel_type.name == "DEMAND_GEN"
        assert row.metrics.cost_micros > 0
    assert {row.customer_client.currency_code for row in rows} >= {"USD", "EUR", "GBP"}


def test_protos_refuse_a_field_of_an_older_version() -> None:
    old = {"results": [{"metrics": {"videoViews": "1"}}]}
    with pytest.raises(Exception, match="videoViews"):
        SearchGoogleAdsStreamResponse.from_json(
            json.dumps(old), ignore_unknown_fields=False
        )


def test_protos_read_the_failure_of_a_used_up_quota() -> None:
    delay = {"quotaErrorDetails": {"rateScope": "DEVELOPER", "retryDelay": "40591s"}}
    told = fake_gaql.failure("quotaError", "RESOURCE_EXHAUSTED", "no", **delay)
    told.pop("@type")
    read = GoogleAdsFailure.from_json(json.dumps(told), ignore_unknown_fields=False)
    (error,) = read.errors
    assert error.error_code.quota_error.name == "RESOURCE_EXHAUSTED"
    assert error.details.quota_error_details.retry_delay.total_seconds() == 40591
    body = [{"error": {"code": 429, "details": [told]}}]
    assert gaql.verdict(429, body) == "quota"
