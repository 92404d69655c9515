"""GAQL as the sandbox understands it: what may be selected, and Google's refusals.

Not here: the rows (fake.py).
"""

import re
from datetime import date
from typing import Any

from ingestion.sources.google_ads.gaql import camel

VERSION = "v26"
NO_COST_WITH = "segments.conversion_action"  # segments that allow conversions alone

_VIDEO = ("id", "title", "duration_millis", "channel_id")
_METRICS = (
    *("impressions", "clicks", "cost_micros", "video_trueview_views"),
    *(f"video_quartile_p{part}_rate" for part in (25, 50, 75, 100)),
    *("video_trueview_view_rate", "video_watch_time_duration_millis"),
    "average_video_watch_time_duration_millis",
)
_SHARED = (
    *("segments.date", "customer.id", "customer.currency_code", "customer.time_zone"),
    *("campaign.id", "campaign.name", "campaign.advertising_channel_type"),
    "ad_group.id",
)
_AD = tuple(f"ad_group_ad.ad.{name}" for name in ("id", "name", "type", "final_urls"))
# What may be selected from which resource.
SELECTABLE: dict[str, frozenset[str]] = {
    "video": frozenset(
        (
            *_SHARED,
            *_AD,
            *(f"video.{name}" for name in _VIDEO),
            *(f"metrics.{name}" for name in _METRICS),
        )
    ),
    "ad_group_ad_asset_view": frozenset(
        (
            *_SHARED,
            *_AD,
            *("ad_group_ad_asset_view.field_type", "asset.id"),
            "asset.youtube_video_asset.youtube_video_id",
            "asset.youtube_video_asset.youtube_video_title",
            *(f"metrics.{name}" for name in _METRICS[:3]),
        )
    ),
    "user_location_view": frozenset(
        (
            *_SHARED,
            "segments.geo_target_region",
            *(f"metrics.{name}" for name in _METRICS[:3]),
        )
    ),
    "ad_group_ad": frozenset(
        (
            *_SHARED,
            *_AD,
            "segments.conversion_action",
            "segments.conversion_attribution_event_type",
            *("metrics.impressions", "metrics.clicks", "metrics.cost_micros"),
            *("metrics.conversions", "metrics.conversions_value"),
        )
    ),
    "customer_client": frozenset(
        f"customer_client.{name}"
        for name in (
            *("id", "descriptive_name", "currency_code", "time_zone"),
            *("manager", "status", "level"),
        )
    ),
    "conversion_action": frozenset(
        f"conversion_action.{name}"
        for name in (
            *("resource_name", "id", "name", "category", "status"),
            "click_through_lookback_window_days",
            "view_through_lookback_window_days",
        )
    ),
    "geo_target_constant": frozenset(
        f"geo_target_constant.{name}" for name in ("resource_name", "id", "name")
    ),
}


class AdsError(Exception):
    """A GoogleAdsFailure on its way out."""

    def __init__(self, status: int, kind: str, code: str, says: str) -> None:
        names = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED"}
        self.status = status
        self.error = {
            "code": status,
            "message": says,
            "status": names.get(status, "PERMISSION_DENIED"),
            "details": [failure(kind, code, says)],
        }


def failure(kind: str, code: str, says: str, **details: Any) -> dict[str, Any]:
    error: dict[str, Any] = {"errorCode": {kind: code}, "message": says}
    if details:
        error["details"] = details
    return {
        "@type": f"type.googleapis.com/google.ads.googleads.{VERSION}.errors."
        "GoogleAdsFailure",
        "errors": [error],
        "requestId": "sandboxRequest",
    }


def parsed(query: str) -> tuple[list[str], str, str]:
    """Fields, resource and condition of a query, refused as Google refuses it."""
    found = re.fullmatch(
        r"\s*SELECT\s+(.+?)\s+FROM\s+(\w+)(?:\s+WHERE\s+(.+?))?\s*", query, re.DOTALL
    )
    if found is None:
        raise AdsError(400, "queryError", "EXPECTED_SELECT", "Error in query.")
    fields = [name.strip() for name in found[1].split(",")]
    resource, where = found[2], found[3] or ""
    if resource not in SELECTABLE:
        says = f"Invalid resource type in FROM clause: '{resource}'."
        raise AdsError(400, "queryError", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", says)
    conditions = re.findall(r"[a-z]\w*(?:\.\w+)+", re.sub(r"'[^']*'", "", where))
    for name in (*fields, *conditions):
        if not any(name in known for known in SELECTABLE.values()):
            says = f"Unrecognized field in the query: '{name}'."
            raise AdsError(400, "queryError", "UNRECOGNIZED_FIELD", says)
        if name not in SELECTABLE[resource]:
            says = f"Cannot select '{name}' FROM '{resource}'."
            code = "PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE"
            if name not in fields:
                code = "PROHIBITED_FIELD_IN_WHERE_CLAUSE"
            raise AdsError(400, "queryError", code, says)
    alone = {"metrics.conversions", "metrics.conversions_value"}
    measures = {name for name in fields if name.startswith("metrics.")}
    if any(name.startswith(NO_COST_WITH) for name in fields) and measures - alone:
        says = "Cannot select the segments with the metrics of the query."
        code = "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE"
        raise AdsError(400, "queryError", code, says)
    return fields, resource, where


def days(where: str) -> tuple[date, date]:
    found = re.search(r"segments\.date BETWEEN '([\d-]+)' AND '([\d-]+)'", where)
    if found is None:
        says = "The sandbox wants a finite range of segments.date."
        raise AdsError(400, "queryError", "EXPECTED_FILTERS_ON_DATE_RANGE", says)
    first, last = (date.fromisoformat(day) for day in found.groups())
    if first > last:
        says = "The start date is after the end date."
        raise AdsError(400, "dateRangeError", "START_DATE_AFTER_END_DATE", says)
    return first, last


def nested(row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """`campaign.id` -> {"campaign": {"id": ...}}, in REST names, with resource names."""
    out: dict[str, Any] = {}
    for name in fields:
        if name not in row:
            continue
        *above, last = name.split(".")
        place = out
        for part in above:
            place = place.setdefault(camel(part), {})
        place[camel(last)] = row[name]
    account = row.get("customer.id")
    for kind in ("campaign", "adGroup", "asset"):
        if kind in out and "id" in out[kind] and account:
            out[kind]["resourceName"] = f"customers/{account}/{kind}s/{out[kind]['id']}"
    return out
