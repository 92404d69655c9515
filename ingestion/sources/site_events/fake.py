"""The simulated company's tracker: its event files, as they would lie in a bucket.

What was received up to 14 days before the first day lies in one Parquet file per month,
flattened as data lakes do; every later day is a file of JSON lines with the whole
envelope. A file never changes once it is written: later days only add files.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from ingestion.world.frames import Coded, Frame
from ingestion.world.view import View

DAILY_DAYS = 14
DAY = timedelta(days=1)
DAY_MS = 86_400_000
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})\.(?:jsonl|parquet)")

# Which parameter carries the click id of a link, by utm_source.
_CLICK = """case utm_source
    when 'google' then 'gclid' when 'facebook' then 'fbclid'
    when 'linkedin' then 'li_fat_id' when 'tiktok' then 'ttclid' else 'click_id' end"""
_URL = f"""page_url || case when utm_source is null then '' else '?' || concat_ws('&',
    'utm_source=' || url_encode(utm_source),
    'utm_medium=' || url_encode(utm_medium),
    'utm_campaign=' || url_encode(utm_campaign),
    'utm_content=' || url_encode(utm_content),
    {_CLICK} || '=' || click_id) end"""
_TYPE = "case when event in ('page', 'identify') then event else 'track' end"
_TRACKED = "case when event not in ('page', 'identify') then event_name end"
_CONSENT = """'{"categoryPreferences":{"analytics":true,"advertising":true}}'"""

LAKE = f"""
select
    message_id,
    anonymous_id,
    user_id,
    {_TYPE} as type,
    {_TRACKED} as event,
    event_at as timestamp,
    received_at,
    {_URL} as context_page_url,
    page_path as context_page_path,
    referrer as context_page_referrer,
    utm_source as context_campaign_source,
    utm_medium as context_campaign_medium,
    utm_campaign as context_campaign_name,
    utm_content as context_campaign_content,
    user_agent as context_user_agent,
    {_CONSENT} as context_consent,
    video_ref as content_asset_id,
    player_session_id as session_id,
    position_seconds as position,
    total_seconds as total_length,
    quartile,
    form_id,
    email,
    deal_ref as deal_id
from events
"""


def _iso(column: str) -> str:
    return f"strftime({column}, '%Y-%m-%dT%H:%M:%S.%gZ')"


# Merging into nothing leaves out what is null, as trackers do.
ENVELOPES = f"""
select cast(json_merge_patch('{{}}', json_object(
    'messageId', message_id,
    'anonymousId', anonymous_id,
    'userId', user_id,
    'type', {_TYPE},
    'event', {_TRACKED},
    'name', case when event = 'page' then page_path end,
    'traits', case when event = 'identify' then json_object('email', email) end,
    'properties', json_object(
        'url', case when event = 'page' then {_URL} end,
        'content_asset_ids', case
            when event_name = 'Video Playback Started' then json_array(video_ref) end,
        'content_asset_id', case
            when event_name <> 'Video Playback Started' then video_ref end,
        'session_id', player_session_id,
        'position', position_seconds,
        'total_length', total_seconds,
        'quartile', quartile,
        'form_id', form_id,
        'email', case when event <> 'identify' then email end,
        'deal_id', deal_ref
    ),
    'context', json_object(
        'page', json_object('url', {_URL}, 'path', page_path, 'referrer', referrer),
        'campaign', case when utm_source is not null then json_object(
            'source', utm_source,
            'medium', utm_medium,
            'name', utm_campaign,
            'content', utm_content
        ) end,
        'userAgent', user_agent,
        'library', json_object('name', 'analytics.js', 'version', '2.11.1'),
        'consent', json({_CONSENT})
    ),
    'timestamp', {_iso("event_at")},
    'originalTimestamp', {_iso("event_at")},
    'sentAt', {_iso("received_at - interval 120 milliseconds")},
    'receivedAt', {_iso("received_at")}
)) as varchar) as line
from events
"""


def write_files(view: View, folder: Path) -> None:
    """Add files for the days that none covers yet, in a folder named as the site."""
    site = folder / view.company.domain
    site.mkdir(parents=True, exist_ok=True)
    events = view.events
    day = events["received_at"] // DAY_MS  # days since 1970, in UTC
    if len(day) == 0:
        return
    covered = _covered(site)
    first = _date(int(day[0])) if covered is None else covered + DAY
    last = min(_date(int(day[-1])), view.as_of)
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("set threads = 1")  # the same bytes every time
        if covered is None:
            cut = view.as_of - DAILY_DAYS * DAY
            for start, end, name in _months(first, cut):
                _register(con, _between(events, day, start, end))
                _write_parquet(con, site / name)
            first = max(first, cut + DAY)
        while first <= last:
            _register(con, _between(events, day, first, first))
            _write_lines(con, site / f"{first}.jsonl")
            first += DAY


def _covered(site: Path) -> date | None:
    """The last day that some file holds, by the names."""
    found = [_DATES.search(path.name) for path in site.iterdir()]
    return max((date.fromisoformat(m[1]) for m in found if m), default=None)


def _date(day: int) -> date:
    return datetime.fromtimestamp(day * DAY_MS / 1000, UTC).date()


def _months(first: date, last: date) -> Iterator[tuple[date, date, str]]:
    """Start, end, and a name that says both."""
    while first <= last:
        end = min(last, (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY)
        yield first, end, f"{first}_to_{end}.parquet"
        first = end + DAY


def _between(events: Frame, day: np.ndarray, first: date, last: date) -> Frame:
    """Rows received from `first` to `last`; the frame is sorted by arrival."""
    epoch = date(1970, 1, 1)
    start = np.searchsorted(day, (first - epoch).days, side="left")
    end = np.searchsorted(day, (last - epoch).days, side="right")
    return events.take(np.arange(start, end))


def _register(con: duckdb.DuckDBPyConnection, events: Frame) -> None:
    """The rows as the Arrow table `events`, nulls and types as they are meant."""
    columns: dict[str, pa.Array] = {}
    for name, column in events.columns.items():
        if isinstance(column, Coded):
            place = pa.array(column.codes, mask=column.codes < 0)
            columns[name] = pa.array(column.words, pa.string()).take(place)
            continue
        values = events[name]
        if name.endswith("_at"):
            columns[name] = pa.array(values * 1000, pa.timestamp("us", tz="UTC"))
        elif name == "quartile":
            columns[name] = pa.array(values, pa.int64(), mask=values < 0)
        elif values.dtype.kind == "f":
            columns[name] = pa.array(values, mask=np.isnan(values))
        else:
            columns[name] = pa.array(values, pa.string())
    con.register("events", pa.table(columns))


def _write_parquet(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    fresh = path.with_suffix(".new")
    con.execute(f"copy ({LAKE}) to '{fresh}' (format parquet, compression zstd)")
    fresh.replace(path)


def _write_lines(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    lines = con.sql(ENVELOPES).to_arrow_table()["line"].to_pylist()
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    fresh.replace(path)
