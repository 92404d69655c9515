"""A small company whose raw tables change from night to night, in every way they can.

Events come late, twice, in files that come again shorter or not at all; visitors give their
e-mail; contacts are merged and parted; deals change; the catalogue is edited; the clock goes
on. A thing is drawn often from few, so that it meets what was drawn before. Not here: what
should come of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from ingestion.bulk import into
from ingestion.cast import cast
from ingestion.registry import sources
from tests.support.handmade import write_raw
from warehouse import db
from warehouse.settings import Settings

Row = dict[str, Any]
SITES = ("brand.example", "brand.org")
FIRST = date(2026, 1, 10)
EVENTS = "raw_site_events.events"
AGENTS = ("Mozilla/5.0 (X11) Firefox/143.0",) * 9 + ("Googlebot/2.1",)
KINDS = (
    *("page",) * 10,
    *("video_start", "video_progress", "video_complete", "player_load") * 2,
    "form_submit",
    "sales_room_view",
)


@dataclass
class Company:
    """What its platforms and files hold tonight."""

    rng: Random
    today: date = FIRST
    files: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    contacts: dict[str, Row] = field(default_factory=dict)
    deals: dict[str, Row] = field(default_factory=dict)
    members: set[tuple[str, str]] = field(default_factory=set)
    clicks: dict[str, Row] = field(default_factory=dict)
    plays: dict[str, Row] = field(default_factory=dict)
    placements: dict[str, Row] = field(default_factory=dict)
    changed_files: set[tuple[str, str]] = field(default_factory=set)
    gone_files: set[tuple[str, str]] = field(default_factory=set)
    number: int = 0

    # What a night may bring, each about one thing.

    def a_day_passes(self) -> None:
        self.today += timedelta(days=self.rng.choice((1, 1, 1, 2, 40)))
        self._file(
            [self._event(self._moment(0)) for _ in range(self.rng.randint(5, 30))]
        )

    def late_events(self) -> None:
        self._file([self._event(self._moment(28)) for _ in range(4)])

    def very_late_events(self) -> None:
        self._file([self._event(self._moment(300)) for _ in range(2)])

    def delivered_again(self) -> None:
        """The same message in another file, received before or after."""
        known = [row for rows in self.files.values() for row in rows]
        again = [dict(row) for row in self.rng.sample(known, min(6, len(known)))]
        for row in again:
            shift = timedelta(seconds=self.rng.choice((-30, 0, 30)))
            row["received_at"] += shift
            if row["player_session_id"] is None and self.rng.random() < 0.3:
                row["anonymous_id"] = self._visitor()
        self._file(again)

    def file_comes_again(self) -> None:
        """Shorter, longer, with other e-mails or robots, or just as it was."""
        key = self._a_file()
        rows = [dict(row) for row in self.files[key] if self.rng.random() < 0.8]
        for row in rows:
            if self.rng.random() < 0.2:
                row |= {
                    "email_sha256": self._email(0.5),
                    "user_agent": self._pick(AGENTS),
                }
        if self.rng.random() < 0.5:
            rows.append(self._event(self._moment(3)) | {"account_id": key[0]})
        self.files[key] = rows
        self.changed_files.add(key)

    def file_is_taken_back(self) -> None:
        key = self._a_file()
        del self.files[key]
        self.changed_files.discard(key)
        self.gone_files.add(key)

    def a_contact(self) -> None:
        id_ = str(self.rng.randrange(12))
        at = self._moment(60)
        self.contacts[id_] = {
            "account_id": "7",
            "id": id_,
            "email_sha256": self._email(0.9),
            "createdate": at,
            "lifecyclestage": self._pick(("lead", "lead", "subscriber")),
            "hs_lifecyclestage_lead_date": self._pick((at, None)),
            "associatedcompanyid": self._pick(("k1", "k2", None)),
        }

    def a_contact_goes(self) -> None:
        self.contacts.pop(str(self.rng.randrange(12)), None)

    def contacts_merged(self) -> None:
        ids = sorted(self.contacts)
        if len(ids) > 1:
            into_id, from_id = self.rng.sample(ids, 2)
            self.contacts[into_id]["hs_merged_object_ids"] = from_id

    def contacts_parted(self) -> None:
        for contact in self.contacts.values():
            if self.rng.random() < 0.5:
                contact["hs_merged_object_ids"] = None

    def a_deal(self) -> None:
        id_ = f"d{self.rng.randrange(5)}"
        at = self._moment(90)
        is_won = self.rng.random() < 0.5
        self.deals[id_] = {
            "account_id": "7",
            "id": id_,
            "createdate": at - timedelta(days=10),
            "amount": self.rng.randrange(1, 9) * 100,
            "deal_currency_code": self._pick(("USD", "EUR")),
            "dealstage": "s",
            "closedate": at,
            "hs_is_closed": is_won,
            "hs_is_closed_won": is_won,
        }
        self.members.add((id_, str(self.rng.randrange(12))))

    def a_deal_loses_persons(self) -> None:
        self.members = {pair for pair in self.members if self.rng.random() < 0.5}

    def a_mailing_is_clicked(self) -> None:
        id_ = f"c{self.rng.randrange(30)}"
        self.clicks[id_] = {
            "account_id": "7",
            "id": id_,
            "email_sha256": self._email(0.9),
            "created": self._moment(3),
            "url": f"https://{SITES[0]}/?utm_content={self._tag()}",
            "filtered_event": self.rng.random() < 0.1,
        }

    def a_click_is_taken_back(self) -> None:
        self.clicks.pop(f"c{self.rng.randrange(30)}", None)

    def another_player_counts(self) -> None:
        id_ = f"w{self.rng.randrange(30)}"
        at = self._moment(5)
        self.plays[id_] = {
            "account_id": "9",
            "event_key": id_,
            "visitor_key": self._visitor(),
            "media_id": self._pick(("m1", "m2")),
            "embed_url": f"https://{SITES[0]}{self._path()}",
            "received_at": at,
            "received_date": at.date(),
            "percent_viewed": self.rng.randrange(5) / 4,
        }

    def a_play_is_taken_back(self) -> None:
        self.plays.pop(f"w{self.rng.randrange(30)}", None)

    def the_catalogue_is_edited(self) -> None:
        id_ = f"p{self.rng.randrange(6)}"
        if self.rng.random() < 0.2:
            self.placements.pop(id_, None)
            return
        channel = self._pick(("site_player", "sales_room", "meta"))
        self.placements[id_] = {
            "account_id": "catalogue",
            "placement_id": id_,
            "variant_id": self._pick(("v1-1", "v2-1")),
            "channel": channel,
            "platform": "meta_ads" if channel == "meta" else "site_events",
            "platform_account_id": "act" if channel == "meta" else SITES[0],
            "platform_object_id": f"ad{id_}" if channel == "meta" else None,
            "page_path": self._path(),
            "tag": f"ph-{id_}",
        }

    def changes(self) -> list[Callable[[], None]]:
        """Everything that a night may bring."""
        return [
            self.a_day_passes,
            self.late_events,
            self.very_late_events,
            self.delivered_again,
            self.file_comes_again,
            self.file_is_taken_back,
            self.a_contact,
            self.a_contact_goes,
            self.contacts_merged,
            self.contacts_parted,
            self.a_deal,
            self.a_deal_loses_persons,
            self.a_mailing_is_clicked,
            self.a_click_is_taken_back,
            self.another_player_counts,
            self.a_play_is_taken_back,
            self.the_catalogue_is_edited,
        ]

    def night(self) -> list[str]:
        """Three to five of them, most often a day; returns which."""
        can = [*(self.a_day_passes,) * 3, *self.changes()]
        done = []
        for change in self.rng.sample(can, self.rng.randint(3, 5)):
            change()
            done.append(change.__name__)
        return done

    def years(self) -> None:
        """Something of everything, so that a first night has what later ones change."""
        for change in [*(self.a_day_passes,) * 4, *self.changes() * 2]:
            change()

    def event_ago(self, days: int) -> Row:
        """An event of so many days ago, to be put into a file."""
        return self._event(
            datetime(*self.today.timetuple()[:3], tzinfo=UTC) - timedelta(days)
        )

    # The raw tables, as a load leaves them.

    def write(self, settings: Settings) -> None:
        """Lists are replaced, files delete and insert as `bulk.into` does."""
        catalogue = {"account_id": "catalogue"}
        rows = {
            "catalogue.videos": [
                {**catalogue, "video_id": v, "title": v, "objective": "awareness"}
                for v in ("v1", "v2")
            ],
            "catalogue.variants": [
                {**catalogue, "variant_id": f"{v}-1", "video_id": v}
                for v in ("v1", "v2")
            ],
            "catalogue.placements": list(self.placements.values()),
            "hubspot.contacts": list(self.contacts.values()),
            "hubspot.deals": list(self.deals.values()),
            "hubspot.deal_contacts": [
                {"account_id": "7", "deal_id": deal, "contact_id": contact}
                for deal, contact in sorted(self.members)
            ],
            "hubspot.email_clicks": list(self.clicks.values()),
            "wistia.medias": [
                {
                    "account_id": "9",
                    "hashed_id": "m1",
                    "name": "v1-1",
                    "duration": 100.0,
                },
                {"account_id": "9", "hashed_id": "m2", "name": "another"},
            ],
            "wistia.events": list(self.plays.values()),
        }
        if not settings.warehouse_path.exists():
            write_raw(settings, self.today, {})
        write_raw(settings, self.today, rows, others_stay=True)
        with db.writer(settings.warehouse_path) as con:
            for key in sorted(self.gone_files):
                where = "account_id = ? and file = ?"
                con.execute(f"delete from {EVENTS} where {where}", list(key))
        table = sources()["site_events"].SPEC["events"]
        self.number += 1
        into(settings, EVENTS, self._tables(table), f"load{self.number}")
        self.changed_files.clear()
        self.gone_files.clear()

    def _tables(self, table: Any) -> Iterator[pa.Table]:
        for key in sorted(self.changed_files):
            rows = [
                {**row, "account_id": key[0], "file": key[1], "row_number": line}
                for line, row in enumerate(self.files[key])
            ]
            if rows:
                done = cast(table, rows)
                assert not done.rejected, done.rejected
                yield done.rows

    # Dice.

    def _pick(self, of: tuple[Any, ...]) -> Any:
        return self.rng.choice(of)

    def _visitor(self) -> str:
        return f"a{self.rng.randrange(14)}"

    def _email(self, chance: float) -> str | None:
        return f"e{self.rng.randrange(10)}" if self.rng.random() < chance else None

    def _tag(self) -> str:
        return f"ph-p{self.rng.randrange(7)}"

    def _path(self) -> str:
        return self._pick(("/", "/proof", "/demo"))  # type: ignore[no-any-return]

    def _moment(self, days: int) -> datetime:
        """Somewhere in today or so many days before, in quarters of an hour: ties."""
        back = timedelta(
            days=self.rng.randint(0, days), minutes=15 * self.rng.randrange(96)
        )
        return datetime(*self.today.timetuple()[:3], tzinfo=UTC) + timedelta(1) - back

    def _a_file(self) -> tuple[str, str]:
        if not self.files:
            self.a_day_passes()
        return self.rng.choice(sorted(self.files))

    def _file(self, rows: list[Row]) -> None:
        self.number += 1
        for site in SITES:
            of_site = [row for row in rows if row["account_id"] == site]
            key = (site, f"f{self.number}")
            self.files[key] = of_site
            self.changed_files.add(key)

    def _event(self, at: datetime) -> Row:
        self.number += 1
        kind = self._pick(KINDS)
        visitor = self._visitor()
        has_tag = kind == "page" and self.rng.random() < 0.4
        is_player = kind.startswith("video") or kind == "player_load"
        is_room = kind == "sales_room_view" or (is_player and self.rng.random() < 0.3)
        site = self._pick((SITES[0], *SITES))
        return {
            "account_id": site,
            "message_id": f"m{self.number}",
            "anonymous_id": visitor if self.rng.random() < 0.97 else None,
            "user_id": f"u{self.rng.randrange(6)}" if self.rng.random() < 0.1 else None,
            "event": kind,
            "event_at": at,
            "received_at": at + timedelta(seconds=self.rng.choice((-5, 1, 60, 86400))),
            "page_url": f"https://{site}/",
            "page_path": self._path(),
            "referrer": self._pick((None, "https://www.google.de/")),
            "utm_source": "facebook" if has_tag else None,
            "utm_medium": self._pick(("paid_social", "email")) if has_tag else None,
            "utm_content": self._tag() if has_tag else None,
            "click_id": f"k{self.rng.randrange(9)}" if has_tag else None,
            "video_ref": self._pick(("v1-1", "v2-1")) if is_player or is_room else None,
            "player_session_id": f"{site}-{visitor}-s{self.rng.randrange(4)}"
            if is_player and self.rng.random() < 0.9
            else None,
            "position_seconds": float(self.rng.randrange(100)) if is_player else None,
            "total_seconds": 100.0 if is_player else None,
            "deal_ref": f"d{self.rng.randrange(5)}" if is_room else None,
            "email_sha256": self._email(1.0 if kind == "form_submit" else 0.03),
            "user_agent": self._pick(AGENTS),
        }
