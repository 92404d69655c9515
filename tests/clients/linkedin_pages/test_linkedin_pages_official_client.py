"""LinkedIn's own client talks to the fake: its Rest.li spelling is what the fake expects."""

from collections.abc import Iterator
from typing import Any

import pytest
from linkedin_api.clients.restli import client as restli
from linkedin_api.common import constants

from ingestion import linkedin
from ingestion.sandbox.server import serving
from ingestion.sources.linkedin_pages import fake
from ingestion.world import View


@pytest.fixture
def client(unit_view: View, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with serving(fake.routes(unit_view)) as sandbox:
        monkeypatch.setattr(constants, "VERSIONED_BASE_URL", sandbox.url + "/rest")
        yield restli.RestliClient()


def ask(client: Any, path: str, finder: str, token: str = "t", **query: Any) -> Any:
    return client.finder(
        resource_path=path,
        access_token=token,
        finder_name=finder,
        query_params=query,
        version_string=linkedin.VERSION,
    )


def test_client_lists_posts_and_their_statistics(client: Any, unit_view: View) -> None:
    own = f"urn:li:organization:{unit_view.company.linkedin_organization_id}"
    posts = ask(client, "/posts", "author", author=own)
    assert posts.status_code == 200
    videos = [
        each["id"]
        for each in posts.elements
        if "urn:li:video:" in str(each.get("content"))
    ]
    assert len(videos) == 1
    told = ask(
        client,
        "/organizationalEntityShareStatistics",
        "organizationalEntity",
        organizationalEntity=own,
        ugcPosts=videos,
    )
    assert told.status_code == 200
    (element,) = told.elements
    assert element["ugcPost"] == videos[0]
    assert element["totalShareStatistics"]["impressionCount"] > 0


def test_client_sees_a_revoked_token_and_a_strange_page(client: Any) -> None:
    strange = ask(client, "/posts", "author", author="urn:li:organization:1")
    assert strange.status_code == 403
    refused = ask(client, "/posts", "author", "revoked", author="urn:li:organization:1")
    assert refused.status_code == 401
