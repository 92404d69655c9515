"""What really caused the leads of a world. For tests and benchmarks alone.

T1, direct: the expected leads of every exposure, given all exposures; one forward and one backward
pass per channel. T2, removal: the same world lived again with something switched off (a ghost run),
difference of expected leads; halo, retargeting and own visits included. They differ and both are
needed: credit tables are judged by T1, lift tests and "switch it off" by T2.
No server, no fake and no pipeline may import this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ingestion.world.channels import CHANNELS, CODE, MARKETS, STOCKED
from ingestion.world.frames import Array, Frame, HexKeys
from ingestion.world.sessions import Sessions, build_sessions
from ingestion.world.settings import WorldSettings
from ingestion.world.stage import Life, Stage, build_stage, run


@dataclass(frozen=True)
class Truth:
    """The hidden side of one world, lived in this process."""

    stage: Stage
    life: Life

    @property
    def settings(self) -> WorldSettings:
        return self.stage.settings

    @property
    def window(self) -> slice:
        """Rows of the day axis that are days 0 to days - 1."""
        first = self.settings.burn_in_days
        return slice(first, first + self.settings.days)

    @property
    def leads(self) -> int:
        """Leads that happened in the window."""
        day = self.life.lead_day
        return int(((day >= 0) & (day < self.settings.days)).sum())

    @property
    def expected_leads(self) -> float:
        return float(self.life.expected[self.window].sum())

    @property
    def base_leads(self) -> float:
        """Expected leads had no stock any effect, given who was still there to lead."""
        return float(self.life.hazard[self.window].sum(dtype=np.float64))

    @cached_property
    def direct(self) -> Array:
        """T1: expected leads of the window caused by each exposure. Shape (exposures,)."""
        if self.settings.hazard_form != "mixed":
            raise ValueError(
                f"direct truth is defined for the mixed hazard, not {self.settings.hazard_form!r}: "
                "use removal()"
            )
        exposure = self.life.exposure
        channel = self.stage.traits.channel[exposure["placement"]]
        rate = np.zeros_like(self.life.hazard)
        rate[self.window] = self.life.hazard[self.window]
        out = np.zeros(len(channel))
        for code in range(STOCKED):
            beta = MARKETS[code].beta * self.settings.effect_scale
            rows = np.flatnonzero((channel == code) & (exposure["dose"] > 0))
            if beta and len(rows):
                out[rows] = self._credit(code, beta, rows, rate)
        return out

    def _credit(self, code: int, beta: float, rows: Array, rate: Array) -> Array:
        """dose x R, where R[t] = rate sat(stock) / stock + decay R[t + 1]."""
        exposure = self.life.exposure
        step = exposure["day"][rows].astype(np.int64) + self.settings.burn_in_days
        person, dose = exposure["person"][rows], exposure["dose"][rows]
        decay = np.float32(2.0 ** (-1 / MARKETS[code].half_life_days))
        order = np.argsort(step, kind="stable")
        edge = np.searchsorted(step[order], np.arange(len(rate) + 1))
        reward = np.empty_like(rate)
        stock = np.zeros(rate.shape[1], dtype=np.float32)
        for t in range(len(rate)):
            stock *= decay
            today = order[edge[t] : edge[t + 1]]
            np.add.at(stock, person[today], dose[today])
            slope = np.where(
                stock > 1e-6,
                -np.expm1(stock / -3) / np.maximum(stock, 1e-6),
                np.float32(1 / 3),
            )
            reward[t] = np.float32(3 * beta) * rate[t] * slope
        for t in range(len(rate) - 2, -1, -1):
            reward[t] += decay * reward[t + 1]
        return np.asarray(dose * reward[step, person], dtype=np.float64)

    def by_channel(self) -> dict[str, float]:
        """T1 summed by channel."""
        channel = self.stage.traits.channel[self.life.exposure["placement"]]
        total = np.bincount(channel, self.direct, len(CHANNELS))
        return dict(zip(CHANNELS, total.tolist(), strict=True))

    def by_placement(self) -> dict[str, float]:
        names = self.stage.catalogue.placements["placement_id"]
        total = np.bincount(self.life.exposure["placement"], self.direct, len(names))
        return dict(zip(names.tolist(), total.tolist(), strict=True))

    def by_video(self) -> dict[str, float]:
        names = self.stage.catalogue.videos["video_id"]
        video = self.stage.traits.video[self.life.exposure["placement"]]
        total = np.bincount(video, self.direct, len(names))
        return dict(zip(names.tolist(), total.tolist(), strict=True))

    def video_of(self, part: str) -> str:
        """video_id that plays a part ("brand", "demo", ...)."""
        return str(
            self.stage.catalogue.videos["video_id"][self.stage.catalogue.part(part)]
        )

    def without(
        self,
        *,
        videos: Sequence[str] = (),
        channels: Sequence[str] = (),
        markets: str = "",
    ) -> Life:
        """The same world lived with these switched off, all luck kept."""
        placements = self.stage.catalogue.placements
        off = np.isin(placements["video_id"], list(videos))
        off |= np.isin(self.stage.traits.channel, [CODE[name] for name in channels])
        paid = placements["ad_id"] != ""
        off |= paid & np.isin(placements["market"], list(markets))
        return run(self.stage, off=off)

    def removal(
        self,
        *,
        videos: Sequence[str] = (),
        channels: Sequence[str] = (),
        markets: str = "",
    ) -> float:
        """T2: expected leads of the window lost with these switched off."""
        other = self.without(videos=videos, channels=channels, markets=markets)
        return self.expected_leads - float(other.expected[self.window].sum())

    @cached_property
    def sessions(self) -> Sessions:
        """Every visit with what was lost on the way: blocked, tagged, anonymous key."""
        return build_sessions(self.settings, self.life.visit, self.stage.people.region)

    def identity(self) -> Frame:
        """One row per anonymous id: the person and the account behind it (-1 for none)."""
        keys, first = np.unique(self.sessions.anonymous, return_index=True)
        person = self.sessions.person[first]
        return Frame(
            {
                "anonymous_id": HexKeys(keys, "a-"),
                "person": person,
                "account": self.stage.people.account[person],
            }
        )

    def half_lives(self) -> dict[str, float]:
        """True fatigue half-life in days per placement; inf where nothing tires."""
        names = self.stage.catalogue.placements["placement_id"]
        return dict(
            zip(names.tolist(), self.stage.traits.half_life.tolist(), strict=True)
        )


def truth_of(settings: WorldSettings) -> Truth:
    """Live the world of these settings and keep what no source shows."""
    stage = build_stage(settings)
    return Truth(stage=stage, life=run(stage, keep_hazard=True))
