"""Meta's own SDK talks to a page's fake: what it accepts, a real platform would answer."""

from collections.abc import Iterator

import pytest
from facebook_business.adobjects.advideo import AdVideo
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError

from ingestion.sandbox.server import serving
from ingestion.sources.facebook_pages import columns, fake
from ingestion.world import View


@pytest.fixture
def url(unit_view: View) -> Iterator[str]:
    with serving(fake.routes(unit_view)) as sandbox:
        yield sandbox.url


def sdk(url: str, token: str) -> FacebookAdsApi:
    api = FacebookAdsApi.init(
        app_secret="s", access_token=token, api_version="v26.0", crash_log=False
    )
    api._session.GRAPH = url
    return api


# the SDK's own table of types knows no type for the names of metrics
@pytest.mark.filterwarnings("ignore:value of metric might not be compatible")
def test_sdk_finds_the_page_its_token_and_the_videos(url: str, unit_view: View) -> None:
    (page,) = User("me", api=sdk(url, "t")).get_accounts(
        fields=list(columns.PAGE_FIELDS)
    )
    assert page["id"] == unit_view.company.facebook_page_id
    own = sdk(url, page["access_token"])
    videos = list(Page(page["id"], api=own).get_videos(fields=["id", "length"]))
    assert len(videos) == 1
    assert videos[0]["length"] > 0
    told = AdVideo(videos[0]["id"], api=own).get_video_insights(
        params={"metric": ["total_video_views", "total_video_view_total_time"]}
    )
    values = {each["name"]: each["values"][0]["value"] for each in told}
    assert set(values) == {"total_video_views", "total_video_view_total_time"}
    assert values["total_video_view_total_time"] % 1000 == 0  # milliseconds


def test_sdk_reads_the_refusal_of_a_persons_token(url: str, unit_view: View) -> None:
    page = Page(unit_view.company.facebook_page_id, api=sdk(url, "t"))
    with pytest.raises(FacebookRequestError) as refused:
        list(page.get_videos(fields=["id"]))
    assert refused.value.api_error_code() == 190
