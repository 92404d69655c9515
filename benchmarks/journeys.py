"""The night of the journey: three times a day more on a month, half a year, a year.

    python -m benchmarks.journeys [--days 30 180 365]

Simulated: some 33,000 touches a day (24,000 visits, 9,000 views of videos), 3 % of the events
late by up to 28 days, a hundred leads and eight deals a day, contacts merged now and then;
written straight into the raw tables. Yardstick: the same tables built whole after the last
night, by the same models. CPU seconds, the checkpoint at the end included, which now and then
merges what an earlier one left: a night is the mean of three. dbt's own share is what the same
build costs where every table is empty. Tests of the models are not run. The night may cost
6 % of the yardstick at a year, and no more there than at half a year; memory 2 GiB.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

FIRST = date(2025, 3, 1)
VISITS, VIEWS, VISITORS = 24_000, 9_000, 2_750  # a day; visitors are new ones
ACTIVE_DAYS = 90  # of a visitor, the first ones the busiest
NIGHTS = 3
MEMORY = "1GB"
PARTS = ("empty", "whole", "night")
TABLES = {
    "staging.stg_site_events__events": "events",
    "intermediate.int_journey__persons": "persons",
    "intermediate.int_journey__visits": "visits",
    "intermediate.int_journey__site_views": "views",
    "intermediate.int_journey__touches": "touches",
    "intermediate.int_journey__paths": "paths",
}
MODELS = "+int_journey__paths"

# One row per touch of days [first, last): its visitor began some days before it.
TOUCHES = """
create or replace temp table touches as
with numbered as (
    select
        i,
        i // {per_day} as day,
        i % {per_day} < {visits} as is_visit,
        hash(i) % 1000003 / 1000003.0 as dice,
        hash(i + 500000009) % 1000003 / 1000003.0 as dice_2
    from range({first} * {per_day}, {last} * {per_day}) as told(i)
)
select
    *,
    day - cast(floor({active} * dice * dice) as bigint) as born,
    cast(floor(dice_2 * {visitors}) as bigint) as who,
    day - case when i % 33 = 0 then hash(i + 7) % 29 else 0 end as happened,
    hash(i + 3) % 86400 as second
from numbered
"""
# A touch is one page or two, or a player session of one to three events.
EVENTS = """
insert into raw_site_events.events by name
with steps as (
    select *, unnest(case
        when not is_visit then [0, 1, 2][:1 + hash(i + 11) % 3]
        when hash(i + 11) % 20 = 0 then [0, 3]
        else [0, 1][:1 + cast(hash(i + 11) % 10 < 4 as int)]
    end) as step
    from touches
),
told as (
    select
        *,
        timestamptz '{begin} 00:00:00+00' + to_days(cast(happened as int))
            + to_seconds(cast(second + 40 * step as bigint)) as moment,
        hash(born * 100003 + who) as visitor,
        is_visit and hash(i + 13) % 10 < 3 as is_tagged
    from steps
)
select
    'site.example' as account_id,
    cast(cast(md5('m' || i || '-' || step) as uuid) as varchar) as message_id,
    cast(cast(md5('a' || visitor) as uuid) as varchar) as anonymous_id,
    case
        when step = 3 then 'form_submit'
        when is_visit then 'page'
        when step = 0 then 'video_start'
        when step = 1 then 'video_progress'
        else 'video_complete'
    end as event,
    moment as event_at,
    greatest(moment, timestamptz '{begin} 00:00:00+00' + to_days(cast(day as int)))
        + to_seconds(2) as received_at,
    'https://site.example/pages/' || hash(i) % 300 as page_url,
    '/pages/' || hash(i) % 300 as page_path,
    case when hash(i + 17) % 4 = 0 then 'https://www.google.com/' end as referrer,
    case when is_tagged and step = 0 then 'youtube' end as utm_source,
    case when is_tagged and step = 0 then 'paid_video' end as utm_medium,
    case when is_tagged and step = 0 then 'ph-p' || hash(i) % 200 end as utm_content,
    case when is_tagged and step = 0 then 'k' || i - i % 3 end as click_id,
    case when not is_visit then 'v' || hash(i) % 100 || '-1' end as video_ref,
    case when not is_visit then 's' || i end as player_session_id,
    case when not is_visit then 40.0 * step end as position_seconds,
    case when not is_visit then 120.0 end as total_seconds,
    case when step = 3 then 'e' || visitor % 1000000007 end as email_sha256,
    case when not is_visit and hash(i + 19) % 200 = 0 then 'd' || day end as deal_ref,
    'Mozilla/5.0 (X11) Safari/605.1.' || hash(visitor) % 200 as user_agent,
    'day-' || day || '.parquet' as file,
    row_number() over (partition by day) as row_number,
    '{load}' as _dlt_load_id
from told
"""
# Every twelfth form makes a lead, every thirteenth lead a deal; one in a hundred is merged
# into the lead before it, known from ten days on.
LEADS = """
create or replace temp table leads as
select
    email_sha256,
    min(event_at) as moment,
    row_number() over (order by min(event_at), email_sha256) as lead
from raw_site_events.events
where email_sha256 is not null and hash(email_sha256) % 12 = 0
group by email_sha256;
delete from raw_hubspot.contacts;
insert into raw_hubspot.contacts by name
select
    '7' as account_id, 'c' || lead as id, email_sha256, moment as createdate,
    'lead' as lifecyclestage, moment as hs_lifecyclestage_lead_date,
    'k' || lead // 3 as associatedcompanyid,
    case when lead % 100 = 99 and moment < timestamptz '{today} 00:00:00+00' - to_days(10)
        then 'c' || lead - 1 end as hs_merged_object_ids,
    '{load}' as _dlt_load_id
from leads;
delete from raw_hubspot.deals;
insert into raw_hubspot.deals by name
select
    '7' as account_id, 'd' || lead // 13 as id, moment + to_days(20) as createdate,
    1000 + lead % 9000 as amount, 'USD' as deal_currency_code, 's' as dealstage,
    moment + to_days(60) as closedate, lead % 3 = 0 as hs_is_closed,
    lead % 3 = 0 as hs_is_closed_won, '{load}' as _dlt_load_id
from leads
where lead % 13 = 0 and moment + to_days(60) < timestamptz '{today} 00:00:00+00';
delete from raw_hubspot.deal_contacts;
insert into raw_hubspot.deal_contacts by name
select '7' as account_id, 'd' || lead // 13 as deal_id, 'c' || lead as contact_id,
    '{load}' as _dlt_load_id
from leads where lead % 13 = 0;
delete from raw_catalogue.placements;
insert into raw_catalogue.placements by name
select
    'catalogue' as account_id, 'p' || n as placement_id, 'v' || n % 100 || '-1' as variant_id,
    'youtube_ads' as channel, 'google_ads' as platform, 'g' as platform_account_id,
    'ad' || n as platform_object_id, 'ph-p' || n as tag, '{load}' as _dlt_load_id
from range(150 + {days} // 7) as told(n);
delete from raw_catalogue.variants;
insert into raw_catalogue.variants by name
select
    'catalogue' as account_id, 'v' || n || '-1' as variant_id, 'v' || n as video_id,
    '{load}' as _dlt_load_id
from range(100) as told(n);
"""
SIZES = "select count(*), sum(cast(hash(held) as hugeint)) from {table} as held"


def write_empty(folder: Path) -> None:
    """Every raw table of every source, typed, without a row."""
    import pyarrow as pa

    from ingestion.cast import arrow_schema
    from ingestion.records import META_TABLES
    from ingestion.registry import sources
    from warehouse import db
    from warehouse.layout import raw

    with db.writer(folder / "playhead.duckdb") as con:
        con.execute(META_TABLES)
        for name, source in sources().items():
            con.execute(f"create schema if not exists {raw(name)}")
            for table in source.SPEC.tables:
                rows = arrow_schema(table).empty_table()
                rows = rows.append_column("_dlt_load_id", pa.array([], pa.string()))
                db.replace_table(con, f"{raw(name)}.{table.name}", rows)
    set_clock(folder, 0)


def set_clock(folder: Path, days: int) -> None:
    from ingestion.clock import CLOCK_TABLE
    from warehouse import db

    with db.writer(folder / "playhead.duckdb") as con:
        told = [FIRST + timedelta(days=days), "accounts", True, "journeys"]
        con.execute(CLOCK_TABLE, told)


def write_days(folder: Path, first: int, last: int) -> None:
    """The events of these days in one load, and the CRM as of the last of them."""
    from warehouse import db

    told = {
        **{"per_day": VISITS + VIEWS, "visits": VISITS, "visitors": VISITORS},
        **{"active": ACTIVE_DAYS, "begin": FIRST, "load": f"load-{last:04d}"},
        **{"today": FIRST + timedelta(days=last), "days": last},
    }
    with db.writer(folder / "playhead.duckdb") as con:
        con.execute(
            f"set memory_limit = '{MEMORY}'; set preserve_insertion_order = false"
        )
        for month in range(first, last, 30):
            part = {**told, "first": month, "last": min(last, month + 30)}
            con.execute(TOUCHES.format(**part))
            con.execute(EVENTS.format(**part))
        con.execute(LEADS.format(**told))
    set_clock(folder, last)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def build(part: str, folder: Path) -> dict[str, Any]:
    """One build of the journey's tables in this process: what it cost, what came of it."""
    from orchestration.resources import Dbt, failures
    from warehouse import db
    from warehouse.settings import Settings, quiet

    quiet()
    settings = Settings(data_dir=folder, mode="accounts", rebuild=part == "whole")
    dbt = Dbt(settings)
    before = cpu()
    dbt.parse()
    parsed = cpu()
    kinds = [f"{MODELS},config.materialized:{kind}" for kind in ("table", "nightly")]
    select = [MODELS] if part == "empty" else kinds
    with db.held(settings.warehouse_path):
        with db.writer(settings.warehouse_path) as con:
            con.execute(f"set memory_limit = '{MEMORY}'")
        result = dbt.build(select, tests=False)
        if wrong := failures(result):
            sys.exit(str(wrong))
    built = cpu()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {}
    with db.reader(settings.warehouse_path) as con:
        con.execute(f"set memory_limit = '{MEMORY}'")
        for table, name in TABLES.items():
            rows = con.execute(SIZES.format(table=table)).fetchall()[0]
            found[name] = [int(rows[0]), str(rows[1])]
    took = {e.node.name: round(e.execution_time, 2) for e in result.results}
    slow = sorted(took.items(), key=lambda each: -each[1])[:9]
    cost = {"parse": parsed - before, "build": built - parsed, "mib": peak}
    return {**cost, "tables": found, "slow": dict(slow)}


def child(part: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.journeys", "--part", part]
    done = subprocess.run(
        [*command, "--folder", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{part} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, nargs="+", default=[30, 180, 365])
    parser.add_argument("--slow", action="store_true", help="name the slowest models")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        sys.stdout.write(json.dumps(build(asked.part, asked.folder)) + "\n")
        return
    with tempfile.TemporaryDirectory() as scratch:
        show(asked.days, Path(scratch), names_slow=asked.slow)


def show(days: list[int], scratch: Path, *, names_slow: bool) -> None:
    """Measure and print a line per length of the history."""
    console = Console()
    table = Table(
        *("days", "events", "touches", "built whole", "night", "share", "MiB", "equal"),
        title="The journey's tables, simulated events, CPU seconds without dbt's own",
    )
    for number in days:
        folder = scratch / str(number)
        write_empty(folder)
        child("empty", folder)
        own = {part: child(part, folder)["build"] for part in ("whole", "night")}
        write_days(folder, 0, number)
        child("whole", folder)
        nights = []
        for day in range(number, number + NIGHTS):
            write_days(folder, day, day + 1)
            nights.append(child("night", folder))
        night, each = nights[-1], [night["build"] for night in nights]
        whole = child("whole", folder)
        costs = {"whole": whole["build"], "night": sum(each) / NIGHTS}
        models = {part: costs[part] - own[part] for part in costs}
        share = models["night"] / models["whole"]
        alone = ", ".join(f"{cost - own['night']:.1f}" for cost in each)
        rows = night["tables"]
        table.add_row(
            *(str(number), f"{rows['events'][0]:,}", f"{rows['touches'][0]:,}"),
            *(f"{models['whole']:.1f}", f"{models['night']:.1f}", f"{share:.1%}"),
            f"{whole['mib']:.0f}, {max(night['mib'] for night in nights):.0f}",
            "yes" if rows == whole["tables"] else "NO",
        )
        console.print(
            f"{number} days: dbt's own {own['whole']:.1f} whole, {own['night']:.1f} in a "
            f"night; its models {models['whole']:.1f}, {models['night']:.1f}, {share:.1%} "
            f"(nights {alone}); "
            f"parse {night['parse']:.1f}"
        )
        if names_slow:
            console.print({"whole": whole["slow"], "night": night["slow"]})
        for file in folder.glob("playhead.duckdb*"):
            file.unlink()
    console.print(table)


if __name__ == "__main__":
    main()
