"""Meta's own SDK talks to the fake: what it accepts, a real platform would answer."""

from collections.abc import Iterator

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adreportrun import AdReportRun
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError

from ingestion.sandbox.server import serving
from ingestion.sources.meta_ads import columns, fake
from ingestion.world import View

NORTH = "act_318840275561020"


@pytest.fixture
def sdk(unit_view: View) -> Iterator[FacebookAdsApi]:
    with serving(fake.routes(unit_view)) as sandbox:
        yield _sdk("t", sandbox.url)


def _sdk(token: str, url: str) -> FacebookAdsApi:
    api = FacebookAdsApi.init(
        app_secret="s", access_token=token, api_version="v26.0", crash_log=False
    )
    api._session.GRAPH = url
    return api


def _asked(view: View) -> dict[str, object]:
    return {
        "level": "ad",
        "time_increment": "1",
        "time_range": {"since": str(view.start), "until": str(view.as_of)},
        "action_attribution_windows": ["7d_click", "1d_view"],
        "limit": 100,
    }


def test_sdk_lists_the_accounts_with_their_currency(sdk: FacebookAdsApi) -> None:
    found = User("me", api=sdk).get_ad_accounts(
        fields=["currency"], params={"limit": 1}
    )
    assert sorted(account["currency"] for account in found) == ["EUR", "GBP", "USD"]


def test_sdk_pages_through_insights_as_objects(
    sdk: FacebookAdsApi, unit_view: View
) -> None:
    account = AdAccount(NORTH, api=sdk)
    fields = list(columns.INSIGHT_FIELDS)
    found = list(account.get_insights(fields=fields, params=_asked(unit_view)))
    assert len(found) > 100  # more than a page
    assert all(row["account_currency"] == "USD" for row in found)
    plays = found[0]["video_play_actions"][0]
    assert plays["action_type"] == "video_view" and plays["value"].isdigit()
    days = {row["date_start"] for row in found}
    assert min(days) >= str(unit_view.start) and max(days) <= str(unit_view.as_of)


def test_sdk_orders_a_run_and_reads_it(sdk: FacebookAdsApi, unit_view: View) -> None:
    account = AdAccount(NORTH, api=sdk)
    asked = {**_asked(unit_view), "breakdowns": ["region"]}
    run = account.get_insights(fields=["spend"], params=asked, is_async=True)
    state = AdReportRun(run["report_run_id"], api=sdk).api_get()
    assert state["async_status"] == "Job Completed"
    assert state["async_percent_completion"] == 100
    found = list(run.get_insights(params={"limit": 500}))
    assert {row["region"] for row in found} >= {"California", "Texas"}


def test_sdk_reads_ads_with_their_creatives(sdk: FacebookAdsApi) -> None:
    asked = {"fields": "name,effective_status,creative{video_id,url_tags}"}
    found = list(AdAccount(NORTH, api=sdk).get_ads(params=asked))
    assert found
    assert all("utm_content=" in ad["creative"]["url_tags"] for ad in found)
    bare = list(AdAccount(NORTH, api=sdk).get_ads(fields=["creative"]))
    assert [set(ad["creative"].export_all_data()) for ad in bare] == [{"id"}] * len(
        bare
    )


def test_sdk_understands_the_refusal_of_a_field(
    sdk: FacebookAdsApi, unit_view: View
) -> None:
    account, asked = AdAccount(NORTH, api=sdk), _asked(unit_view)
    with (
        pytest.warns(UserWarning, match="does not allow field"),
        pytest.raises(FacebookRequestError) as refused,
    ):
        account.get_insights(fields=["plays_of_all_kinds"], params=asked)
    assert refused.value.api_error_code() == 100
    assert refused.value.http_headers()["facebook-api-version"] == "v26.0"


def test_sdk_understands_the_refusal_of_a_page_that_is_too_large(
    sdk: FacebookAdsApi, unit_view: View
) -> None:
    asked = {**_asked(unit_view), "limit": 5000}
    with pytest.raises(FacebookRequestError, match="reduce the amount") as refused:
        AdAccount(NORTH, api=sdk).get_insights(fields=["spend"], params=asked)
    assert refused.value.api_error_code() == 1


def test_sdk_understands_the_refusal_of_a_token(unit_view: View) -> None:
    with serving(fake.routes(unit_view)) as sandbox:
        api = _sdk("revoked", sandbox.url)
        with pytest.raises(FacebookRequestError) as refused:
            AdAccount(NORTH, api=api).api_get(fields=["name"])
    assert refused.value.api_error_code() == 190
    assert refused.value.api_error_subcode() == 458
