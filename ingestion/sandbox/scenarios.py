"""The scenarios of the sandbox: a name, and the settings of the world behind it.

A scenario that no mechanism can honour is not in the table. Not here: what a fault does on the wire
(faults.py) and any reading of the environment.
"""

from __future__ import annotations

from dataclasses import replace

from ingestion.world.settings import WorldSettings

DEFAULT = WorldSettings()
UNIT = replace(
    DEFAULT,
    persons=2_000,
    days=60,
    hidden_days=30,
    burn_in_days=30,
    videos=16,
    media_usd_per_year=16_700.0,
)

SCENARIOS: dict[str, WorldSettings] = {
    "default": DEFAULT,
    "unit": UNIT,
    "tiny": replace(
        DEFAULT, persons=200, videos=3, media_usd_per_year=3_000.0, stories=frozenset()
    ),
    "quiet": replace(DEFAULT, stories=frozenset()),
    "null": replace(DEFAULT, stories=frozenset(), effect_scale=0.0),
    "launch_week": replace(DEFAULT, opening_day=247),
    "outage": replace(DEFAULT, silent_family="paid", silent_from_day=350),
    "fatigue": replace(
        DEFAULT, fast_half_lives_days=(5.0, 8.0, 11.0, 14.0, 17.0, 20.0)
    ),
    "big": replace(DEFAULT, persons=1_000_000, media_usd_per_year=8_350_000.0),
    "consumer": replace(
        DEFAULT,
        sales_led=False,
        click_scale=6.0,
        weekend_peak=True,
        stories=frozenset(),
    ),
    "hard": replace(
        DEFAULT, demand_jumps=True, hazard_form="additive", stories=frozenset()
    ),
    "broken": replace(DEFAULT, faults=frozenset({"every", "refuse_two"})),
}
