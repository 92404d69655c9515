"""View: what the platforms could know at the end of a day; the only thing a fake ever receives.

Holds public records alone and cuts them at as_of: rows of later days, placements not yet live,
changes not yet made. Hidden truth (effects, intent, market states, losses) is not reachable here.
Not here: delays and restatements of a single platform; a fake makes them with `hash01`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from ingestion.world import crmview
from ingestion.world.claims import claim_matrices
from ingestion.world.company import Company
from ingestion.world.crm import Book
from ingestion.world.crowd import Delivery
from ingestion.world.frames import Array, Frame
from ingestion.world.hashing import hash01
from ingestion.world.seasons import utc_midnight
from ingestion.world.settings import START


@dataclass(frozen=True)
class Records:
    """Everything the sources could ever show of one world, up to its horizon."""

    company: Company
    videos: Frame
    variants: Frame
    placements: Frame
    campaigns: Frame
    regions: Frame
    delivery: Delivery
    retention: Array
    claims: Frame
    search: Frame
    search_video: Frame
    search_appearance: Frame
    events: Frame
    book: Book
    fx_rates: Frame
    production_costs: Frame
    objectives: Frame
    targets: Frame
    experiments: Frame
    holdout: Array
    page_changes: Frame
    definition_changes: Frame
    pages: Frame
    nps: Frame
    reviews: Frame
    tickets: Frame
    panel: Frame


class View:
    """One world as known at the end of `as_of`. Days are numbers, 0 is `start`."""

    def __init__(self, records: Records, seed: int, last_day: int) -> None:
        self._records = records
        self._seed = seed
        self._last = last_day
        self._end = int(utc_midnight(last_day + 1))
        self.start: date = START
        self.as_of: date = START + timedelta(days=last_day)
        self.days: int = last_day + 1
        self.company = records.company
        self.regions = records.regions

    @cached_property
    def videos(self) -> Frame:
        frame = self._records.videos
        return frame.where(frame["published_day"] <= self._last)

    @cached_property
    def variants(self) -> Frame:
        frame = self._records.variants
        return frame.where(
            (frame["created_day"] <= self._last)
            & np.isin(frame["video_id"], self.videos["video_id"])
        )

    @cached_property
    def placements(self) -> Frame:
        """Rows keep their number: placement i is row i of every delivery array."""
        frame = self._records.placements
        return frame.where(frame["start_day"] <= self._last)

    @cached_property
    def campaigns(self) -> Frame:
        frame = self._records.campaigns
        mine = np.isin(frame["campaign_id"], self.placements["campaign_id"])
        return frame.where(mine & (frame["from_day"] <= self._last))

    @cached_property
    def delivery(self) -> dict[str, Array]:
        """Final totals by measure, int64, shape (placements, days)."""
        count = len(self.placements)
        return {
            name: values[:count, : self.days]
            for name, values in self._records.delivery.totals.items()
        }

    @cached_property
    def paid_placements(self) -> Array:
        """Row in `placements` of each row of the arrays by region."""
        paid = self._records.delivery.paid
        return paid[paid < len(self.placements)]

    @cached_property
    def delivery_by_region(self) -> dict[str, Array]:
        """Final totals by measure, int64, shape (paid placements, regions, days)."""
        count = len(self.paid_placements)
        return {
            name: cube[:count, :, : self.days]
            for name, cube in self._records.delivery.by_region.items()
        }

    def retention(self, video: int) -> Array:
        """Share still watching at 1 .. 100 per cent, shape (100,); zeros where never shown."""
        return self._records.retention[video]

    @cached_property
    def claims_log(self) -> Frame:
        """One row per claim known by now: placement row, booked_day, conversion_day, window."""
        log = self._records.claims
        return log.where(log["conversion_day"] <= self._last)

    @cached_property
    def claims(self) -> dict[str, Array]:
        """Claimed conversions by window, booked on the touch's day. (placements, days)."""
        return claim_matrices(self._records.claims, len(self.placements), self.days)

    @cached_property
    def search(self) -> Frame:
        """Web search by day (Pacific), page and query; final values, zero rows absent."""
        return self._until(self._records.search)

    @cached_property
    def search_video(self) -> Frame:
        """The same for the video tab, whose clicks are not in `search`."""
        return self._until(self._records.search_video)

    @cached_property
    def search_appearance(self) -> Frame:
        """The part of `search` that was shown with a video, by day."""
        return self._until(self._records.search_appearance)

    @cached_property
    def events(self) -> Frame:
        """Site events that have arrived by the end of as_of (UTC), sorted by received_at."""
        frame = self._records.events
        count = int(np.searchsorted(frame["received_at"], self._end))
        return frame.take(np.arange(count))

    @cached_property
    def fx_rates(self) -> Frame:
        """Rate to USD by day and currency, from 24 months before day 0."""
        return self._until(self._records.fx_rates)

    @cached_property
    def contacts(self) -> Frame:
        return crmview.contacts_at(self._records.book, self._end)

    @cached_property
    def merged_contacts(self) -> Frame:
        """Contacts that are gone: merged_into_id says into whom, merged_at when."""
        return crmview.merged_at(self._records.book, self._end)

    @cached_property
    def companies(self) -> Frame:
        return crmview.companies_at(self._records.book, self._end)

    @cached_property
    def deals(self) -> Frame:
        return crmview.deals_at(self._records.book, self._end)

    @cached_property
    def deal_stages(self) -> Frame:
        return crmview.stages_at(self._records.book, self._end)

    @cached_property
    def deal_contacts(self) -> Frame:
        return crmview.deal_contacts_at(self._records.book, self._end)

    @cached_property
    def finance(self) -> Frame:
        """What accounting had booked and sent round by now (month end + 5 days)."""
        return crmview.finance_at(self._records.book, self._end)

    @cached_property
    def customers(self) -> Frame:
        return crmview.customers_at(self._records.book, self._end)

    @cached_property
    def invoices(self) -> Frame:
        return crmview.invoices_at(self._records.book, self._end)

    @cached_property
    def production_costs(self) -> Frame:
        """Bills of videos that are out by now."""
        frame = self._until(self._records.production_costs)
        return frame.where(np.isin(frame["video_id"], self.videos["video_id"]))

    @cached_property
    def objectives(self) -> Frame:
        return self._set(self._records.objectives)

    @cached_property
    def targets(self) -> Frame:
        return self._set(self._records.targets)

    @cached_property
    def experiments(self) -> Frame:
        """Experiments begun; the hold-out with its counts so far (-1 where nobody counts)."""
        frame = self._records.experiments
        frame = frame.where(frame["start_day"] <= self._last)
        seen = self._records.holdout[:, :, : self.days].sum(2)
        counted = frame["kind"] == "holdout"
        return frame.replaced(
            treated_units=np.where(counted, seen[0, 0], -1),
            control_units=np.where(counted, seen[1, 0], -1),
            treated_conversions=np.where(counted, seen[0, 1], -1),
            control_conversions=np.where(counted, seen[1, 1], -1),
        )

    @cached_property
    def page_changes(self) -> Frame:
        return self._until(self._records.page_changes)

    @cached_property
    def definition_changes(self) -> Frame:
        return self._until(self._records.definition_changes)

    @property
    def pages(self) -> Frame:
        return self._records.pages

    @cached_property
    def nps(self) -> Frame:
        return self._records.nps.where(self._records.nps["answered_at"] < self._end)

    @cached_property
    def reviews(self) -> Frame:
        return self._until(self._records.reviews)

    @cached_property
    def panel(self) -> Frame:
        """Answers of a panel: who was shown the campaign, and who trusts the brand."""
        return self._until(self._records.panel)

    @cached_property
    def tickets(self) -> Frame:
        return self._records.tickets.where(
            self._records.tickets["opened_at"] < self._end
        )

    def _set(self, frame: Frame) -> Frame:
        videos = frame["video_id"]
        of_all = np.array([video is None for video in videos], dtype=bool)
        known = of_all | np.isin(videos, self.videos["video_id"])
        return frame.where(known & (frame["set_day"] <= self._last))

    def _until(self, frame: Frame) -> Frame:
        return frame.where(frame["day"] <= self._last)

    def hash01(self, purpose: str, *keys: Any) -> Array:
        """Stateless luck of a row in (0, 1); keys are integers and broadcast."""
        return hash01(self._seed, "served " + purpose, *keys)
