"""Columns of the event table, and where trackers write each of them.

Two dialects: the Segment envelope (RudderStack writes the same) and Snowplow's enriched
events. A path is looked up in JSON lines as it stands, in Parquet also flattened and in
snake case, as data lakes store it (context.page.url -> context_page_url).
"""

from ingestion.spec import FLOAT, INT, JSON, STAMP, TEXT, Columns

EVENTS: Columns = {
    "account_id": TEXT,
    "message_id": TEXT,
    "anonymous_id": TEXT,
    "user_id": TEXT,
    "event": TEXT,
    "event_name": TEXT,
    "event_at": STAMP,
    "received_at": STAMP,
    "page_url": TEXT,
    "page_path": TEXT,
    "referrer": TEXT,
    "utm_source": TEXT,
    "utm_medium": TEXT,
    "utm_campaign": TEXT,
    "utm_content": TEXT,
    "click_id": TEXT,
    "video_ref": TEXT,
    "player_session_id": TEXT,
    "position_seconds": FLOAT,
    "total_seconds": FLOAT,
    "quartile": INT,
    "form_id": TEXT,
    "email_sha256": TEXT,
    "deal_ref": TEXT,
    "user_agent": TEXT,
    "consent": JSON,
    "file": TEXT,
    "row_number": INT,
}

_PLAYER = "contexts_com_snowplowanalytics_snowplow_media_player_2[0]"
_SESSION = "contexts_com_snowplowanalytics_snowplow_media_session_1[0]"
_PROGRESS = (
    "unstruct_event_com_snowplowanalytics_snowplow_media_percent_progress_event_1"
)
_FORM = "unstruct_event_com_snowplowanalytics_snowplow_submit_form_1"

# Column -> paths, the first that holds something wins.
PATHS: dict[str, tuple[str, ...]] = {
    "message_id": ("messageId", "event_id"),
    "anonymous_id": ("anonymousId", "domain_userid"),
    "user_id": ("userId", "user_id"),
    "event_name": ("event_name", "event", "type"),
    "event_at": ("timestamp", "originalTimestamp", "derived_tstamp"),
    "received_at": ("receivedAt", "collector_tstamp", "sentAt", "timestamp"),
    "page_url": ("context.page.url", "properties.url", "page_url"),
    "page_path": ("context.page.path", "properties.path", "page_urlpath"),
    "referrer": ("context.page.referrer", "properties.referrer", "page_referrer"),
    "utm_source": ("context.campaign.source", "mkt_source"),
    "utm_medium": ("context.campaign.medium", "mkt_medium"),
    "utm_campaign": ("context.campaign.name", "mkt_campaign"),
    "utm_content": ("context.campaign.content", "mkt_content"),
    "click_id": ("properties.click_id", "mkt_clickid"),
    "video_ref": (
        "properties.content_asset_id",
        "properties.content_asset_ids[0]",  # only "Playback Started" uses the plural
        "properties.asset_id",
        f"{_PLAYER}.label",
    ),
    "player_session_id": ("properties.session_id", f"{_SESSION}.mediaSessionId"),
    "position_seconds": ("properties.position", f"{_PLAYER}.currentTime"),
    "total_seconds": ("properties.total_length", f"{_PLAYER}.duration"),
    "quartile": ("properties.quartile", f"{_PROGRESS}.percentProgress"),
    "form_id": ("properties.form_id", f"{_FORM}.formId"),
    "email": ("traits.email", "context.traits.email", "properties.email"),
    "email_sha256": ("traits.email_sha256", "properties.email_sha256"),
    "deal_ref": ("properties.deal_id", "properties.deal_ref"),
    "user_agent": ("context.userAgent", "useragent"),
    "consent": ("context.consent",),
}
TIMES = ("event_at", "received_at")
NUMBERS = ("position_seconds", "total_seconds", "quartile")

# Our event -> names of trackers, written as letters and digits alone.
NAMES: dict[str, tuple[str, ...]] = {
    "page": ("page", "pageviewed", "pageview"),
    "player_load": ("videoplayerloaded", "playerloaded", "readyevent"),
    "video_start": ("videoplaybackstarted", "videocontentstarted", "playevent"),
    "video_progress": (
        "videocontentplaying",
        "videoplaybackpaused",
        "videoplaybackresumed",
        "videoplaybackseekcompleted",
        "videoplaybackinterrupted",
        "videoplaybackexited",
        "pingevent",
        "pauseevent",
        "percentprogressevent",
        "seekendevent",
    ),
    "video_complete": (
        "videoplaybackcompleted",
        "videocontentcompleted",
        "endevent",
    ),
    "form_submit": ("formsubmitted", "submitform"),
    "activated": ("activated", "accountactivated"),
    "identify": ("identify",),
    "sales_room_view": ("salesroomviewed", "salesroomview"),
    "invoice_download": ("invoicedownloaded", "invoicedownload"),
    "password_reset": ("passwordreset",),
}
OTHER = "other"  # kept with its own name
PLAYER_EVENTS = ("player_load", "video_start", "video_progress", "video_complete")
CLICK_PARAMETERS = (
    "gclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "li_fat_id",
    "ttclid",
    "msclkid",
)
