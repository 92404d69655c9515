"""The nightly causal method on whole simulated companies, against what truly caused the leads.

    python -m benchmarks.caused [--worlds 10] [--first-seed 1]

Each world is run as a user would (ingest to publish), once with all its stories and once
without any effect; what caused its leads is read here alone. Printed for each: all leads
caused, the brand film by its flights, retargeting by its hold-out beside last touch; then
how often the 90 % interval of a channel bought by region holds its truth.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from ingestion.sandbox.scenarios import SCENARIOS
from ingestion.world.truth import Truth, truth_of
from warehouse.settings import Settings, quiet

PLAYHEAD = [sys.executable, "-c", "from orchestration.cli import main; main()"]
REGIONAL = ("youtube_ads", "meta", "tiktok_ads", "linkedin_ads")
BRAND = "brand"


@dataclass(frozen=True)
class Read:
    """What one world's warehouse says. Units: leads."""

    leads: float
    caused: float
    channels: dict[str, tuple[float, float, float]]
    last: dict[str, float]
    brand: tuple[float, float, float]
    brand_last: float


def read(scenario: str, seed: int, brand: str) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [*PLAYHEAD, "run", "--data-dir", folder, "--scenario", scenario],
            env={**os.environ, "PLAYHEAD_SEED": str(seed)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        path = Settings(data_dir=Path(folder)).warehouse_path
        with duckdb.connect(str(path), read_only=True) as con:
            return _read(con, brand)


def _read(con: duckdb.DuckDBPyConnection, brand: str) -> Read:
    told = con.execute(
        "select method, channel, conversions, conversions_p05, conversions_p95 "
        "from analysis.attribution_channels "
        "where conversion_type = 'lead' and method in ('causal', 'last')"
    ).fetchall()
    causal = {row[1]: row[2:] for row in told if row[0] == "causal"}
    film = con.execute(
        "select evidence.leads, leads_p05, leads_p95, last_touch_leads "
        "from marts.mart_attribution_evidence as evidence "
        "join marts.dim_videos using (video_key) where video_id = ?",
        [brand],
    ).fetchone()
    leads = sum(row[0] for row in causal.values())
    nobody = causal["not_caused"][0] + causal["unattributed"][0]
    return Read(
        leads=leads,
        caused=leads - nobody,
        channels=causal,
        last={row[1]: row[2] for row in told if row[0] == "last"},
        brand=film[:3] if film else (0.0, 0.0, 0.0),
        brand_last=film[3] if film else 0.0,
    )


def worlds(scenario: str, count: int, first: int) -> Iterator[tuple[int, Truth, Read]]:
    for seed in range(first, first + count):
        truth = truth_of(replace(SCENARIOS[scenario], seed=seed))
        yield seed, truth, read(scenario, seed, truth.video_of(BRAND))


def main() -> None:
    quiet()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.caused")
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=1)
    asked = parser.parse_args()
    console = Console(width=120)
    for scenario in ("default", "null"):
        table = Table(title=f"{asked.worlds} worlds, scenario {scenario}")
        for name in (
            "seed",
            "leads",
            "caused",
            "truth",
            "brand film",
            "truth",
            "last",
            "retargeting",
            "last",
        ):
            table.add_column(name, justify="right")
        held, shares = [], []
        for seed, truth, found in worlds(scenario, asked.worlds, asked.first_seed):
            true = truth.by_channel()
            film = truth.by_video()[truth.video_of(BRAND)]
            shares.append(found.caused / found.leads)
            held += [
                found.channels[c][1] <= true[c] <= found.channels[c][2]
                for c in REGIONAL
                if c in found.channels
            ]
            table.add_row(
                str(seed),
                f"{found.leads:,.0f}",
                f"{found.caused:,.0f}",
                f"{sum(true.values()):,.0f}",
                _span(found.brand),
                f"{film:,.0f}",
                f"{found.brand_last:.1f}",
                _span(found.channels["retargeting"]),
                f"{found.last['retargeting']:,.0f}",
            )
            console.print(
                f"{scenario} {seed}: {shares[-1]:.1%} caused", highlight=False
            )
        console.print(table)
        console.print(
            f"{scenario}: {sum(shares) / len(shares):.1%} of the leads are credited; the "
            f"90 % intervals of channels bought by region hold {sum(held) / len(held):.0%} "
            f"of {len(held)}",
            highlight=False,
        )


def _span(told: tuple[float, float, float]) -> str:
    return f"{told[0]:,.0f} ({told[1]:,.0f} to {told[2]:,.0f})"


if __name__ == "__main__":
    main()
