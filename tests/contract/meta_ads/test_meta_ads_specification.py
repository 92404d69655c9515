"""What the connector asks of Meta stays inside the official SDK's fields and enums."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingestion import graph
from ingestion.source import Ask
from ingestion.sources import meta_ads
from ingestion.sources.meta_ads import SPEC, columns, fake
from ingestion.windows import Window
from ingestion.world import View
from tests.contract.conftest import Connect


@pytest.fixture(scope="module")
def official(shared: Path) -> dict[str, Any]:
    path = shared / "apis" / "specs" / "meta" / "graph_v26.fields.json"
    told: dict[str, Any] = json.loads(path.read_text())
    return told


def test_version_is_the_one_of_the_specification(official: dict[str, Any]) -> None:
    assert official["api_version"] == graph.VERSION


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        (columns.ACCOUNT_FIELDS, "ad_account"),
        (columns.VIDEO_FIELDS, "ad_video"),
        (columns.INSIGHT_FIELDS, "ads_insights"),
        (columns.REGION_FIELDS, "ads_insights"),
        (tuple(f.partition("{")[0] for f in columns.AD_FIELDS), "ad"),
        (("id", "video_id", "object_story_spec", "asset_feed_spec"), "ad_creative"),
        (("effective_object_story_id", "url_tags"), "ad_creative"),
    ],
)
def test_fields_exist_at_meta(
    fields: tuple[str, ...], about: str, official: dict[str, Any]
) -> None:
    assert set(fields) <= set(official["objects"][about]["fields"])


def test_statuses_are_all_that_meta_has(official: dict[str, Any]) -> None:
    known = official["objects"]["ad"]["enums"]["EffectiveStatus"]
    assert sorted(columns.EVERY_STATUS) == sorted(known)


def test_reports_are_asked_with_known_values_only(
    official: dict[str, Any], connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window.inclusive(unit_view.as_of, unit_view.as_of)
    ask = Ask(meta_ads.accounts(link.api), window, unit_view.as_of)
    for batches in meta_ads.read(link.api, ask).values():
        list(batches)
    enums = official["objects"]["ads_insights"]["enums"]
    asked = [c.query for c in link.calls if c.path.endswith("/insights")]
    assert len(asked) == 6  # three accounts, two tables
    for query in asked:
        windows = json.loads(query["action_attribution_windows"])
        assert set(windows) <= set(enums["ActionAttributionWindows"])
        assert set(json.loads(query.get("breakdowns", "[]"))) <= set(
            enums["Breakdowns"]
        )
        assert query["level"] in enums["Level"]
        assert set(json.loads(query["time_range"])) == {"since", "until"}
        assert int(query["limit"]) <= 1000
