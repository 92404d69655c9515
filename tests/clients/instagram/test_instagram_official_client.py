"""Meta's own SDK talks to an Instagram account's fake, and reads what it says."""

from collections.abc import Iterator

import pytest
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError

from ingestion.sandbox.server import serving
from ingestion.sources.instagram import columns, fake
from ingestion.world import View


@pytest.fixture
def sdk(unit_view: View) -> Iterator[FacebookAdsApi]:
    with serving(fake.routes(unit_view)) as sandbox:
        api = FacebookAdsApi.init(
            app_secret="s", access_token="t", api_version="v26.0", crash_log=False
        )
        api._session.GRAPH = sandbox.url
        yield api


def test_sdk_pages_through_media_and_reads_their_insights(
    sdk: FacebookAdsApi, unit_view: View
) -> None:
    account = IGUser(unit_view.company.instagram_user_id, api=sdk)
    listed = account.get_media(fields=list(columns.MEDIA_FIELDS), params={"limit": 1})
    media = {item["id"]: item for item in listed}
    assert len(media) == 2  # a video and a picture, a page each
    (video,) = (item for item in media.values() if item["media_type"] == "VIDEO")
    metrics = columns.METRICS[video["media_product_type"]]
    told = IGMedia(video["id"], api=sdk).get_insights(params={"metric": list(metrics)})
    values = {each["name"]: each["values"][0]["value"] for each in told}
    assert set(values) == set(metrics)
    assert values["views"] > 0


def test_sdk_reads_the_refusal_of_a_metric_of_stories(
    sdk: FacebookAdsApi, unit_view: View
) -> None:
    placements = unit_view.placements
    mine = placements["social_platform"] == "instagram"
    (media,) = placements["social_object_id"][mine]
    with pytest.raises(FacebookRequestError) as refused:
        list(IGMedia(media, api=sdk).get_insights(params={"metric": ["navigation"]}))
    assert refused.value.api_error_code() == 100
