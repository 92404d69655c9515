"""Whom the feeds reach: today's impressions on persons, drawn by liking and intent.

How many of a line's impressions meet our persons is fixed beforehand by a hash, so a switched-off
video changes nobody else's luck. Not here: what people do with an impression (exposure.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.bought import Bought
from ingestion.world.channels import CHANNELS, CODE, FEED_ORGANIC, MARKETS, PROSPECTING
from ingestion.world.company import REGIONS
from ingestion.world.frames import Array
from ingestion.world.hashing import hash01
from ingestion.world.people import People
from ingestion.world.settings import WorldSettings
from ingestion.world.streams import Streams
from ingestion.world.traits import Traits


@dataclass(frozen=True)
class Group:
    """Lines that draw from the same crowd of persons."""

    stream: str
    lines: Array
    regions: Array
    liking: Array  # (persons,)
    by_intent: bool


@dataclass(frozen=True)
class Audience:
    people: People
    groups: tuple[Group, ...]
    counts: Array  # (lines, days): impressions (views) that meet one of our persons
    click_rate: Array  # per placement and person reached
    landing: Array  # page per placement
    line_placement: Array
    retargeting: Array  # (regions, days) line that is live, -1 for none

    def draw(
        self, streams: Streams, weight: Array, step: int, followed: Array
    ) -> tuple[Array, Array]:
        """Person and line of everything shown in feeds today, retargeting last."""
        persons, lines = [], []
        for group in self.groups:
            count = self.counts[group.lines, step]
            total = int(count.sum())
            if not total:
                continue
            mass = np.cumsum(
                group.liking * weight
                if group.by_intent
                else group.liking * (weight > 0),
                dtype=np.float64,
            )
            at = np.concatenate([[0.0], mass])[self.people.bounds]
            wide = group.regions < 0
            low = np.where(wide, 0.0, at[group.regions])
            high = np.where(wide, mass[-1], at[group.regions + 1])
            u = streams.open(group.stream).random(total)
            target = np.repeat(low, count) + u * np.repeat(high - low, count)
            who = np.minimum(np.searchsorted(mass, target, side="right"), len(mass) - 1)
            there = np.repeat(high > low, count)  # nobody lives in an empty region
            persons.append(who[there])
            lines.append(np.repeat(group.lines, count)[there])
        ad = self.retargeting[self.people.region[followed], step]
        keep = (ad >= 0) & ~self.people.held_out[followed]
        persons.append(followed[keep])
        lines.append(ad[keep])
        return np.concatenate(persons), np.concatenate(lines)

    def retargeting_line(self, person: Array, step: int) -> Array:
        """The line that follows these persons around, -1 for those never shown it."""
        line = self.retargeting[self.people.region[person], step]
        return np.where(self.people.held_out[person], -1, line)


def build_audience(
    settings: WorldSettings,
    people: People,
    lines: Bought,
    traits: Traits,
    landing: Array,
) -> Audience:
    first = -settings.burn_in_days
    days = np.arange(first, settings.horizon)
    channel = traits.channel[lines.placement]
    share = np.array([m.persons_share for m in MARKETS])
    basis = np.where(
        (channel == CODE["youtube_organic"])[:, None], lines.views, lines.impressions
    )
    key = (lines.placement * 16 + lines.region + 1)[:, None]
    luck = hash01(settings.seed, "met", key, days)
    counts = np.floor(basis * share[channel][:, None] + luck).astype(np.int64)
    counts = np.minimum(counts, basis)
    never = traits.never_buyers[lines.placement]
    apart = (traits.quality[lines.placement] == 0) & (lines.region < 0)
    groups = []
    for name in (*PROSPECTING, *FEED_ORGANIC):
        chosen = np.flatnonzero((channel == CODE[name]) & ~never & ~apart)
        if len(chosen):
            liking = people.affinity[CODE[name]]
            groups.append(Group(name, chosen, lines.region[chosen], liking, True))
    chosen = np.flatnonzero(never)
    if len(chosen):
        liking = people.never.astype(np.float32)
        groups.append(Group("never", chosen, lines.region[chosen], liking, False))
    chosen = np.flatnonzero(apart & ~never)
    if len(chosen):
        number = np.arange(len(people.region))
        liking = (hash01(settings.seed, "rides", number) < 0.2).astype(np.float32)
        groups.append(Group("unrelated", chosen, lines.region[chosen], liking, False))
    follow = np.full((len(REGIONS), len(days)), -1)
    for row in np.flatnonzero(channel == CODE["retargeting"]):
        follow[lines.region[row], lines.live[row]] = row
    rate = traits.click_rate / share[traits.channel]
    assert len(share) == len(CHANNELS)
    return Audience(
        people=people,
        groups=tuple(groups),
        counts=counts,
        click_rate=rate,
        landing=landing,
        line_placement=lines.placement,
        retargeting=follow,
    )
