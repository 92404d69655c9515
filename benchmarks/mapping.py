"""The video graph: how much of a catalogue with holes is found again.

    python -m benchmarks.mapping [--data-dir FOLDER] [--seeds 10]

On the default company (a folder of one run, or a fresh one): a fifth of the catalogue's
platform objects is taken out, the rules run on what is left, and the taken out ones are
proposed from it: as their platforms show them, with names that a team would have mangled,
and without any name. What is right is read from the whole catalogue, here alone.
Yardstick: 90 % found among the first three proposals.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from time import process_time

import duckdb
from rich.console import Console
from rich.table import Table

from warehouse import db
from warehouse.graph import run
from warehouse.graph.proposals import Proposal, Shelf, Unmapped, accepted
from warehouse.settings import Settings, quiet

PLAYHEAD = [sys.executable, "-c", "from orchestration.cli import main; main()"]
TAKEN_OUT = 0.2
ACCEPT = 0.85
MODELS = "int_assets__matched_objects+,+mart_unmapped_objects,resource_type:model"
SHOWN = """
    select distinct on (platform, account_id, platform_object_id)
        platform, account_id, platform_object_id, platform_video_id,
        channel_name, coalesce(channels.is_paid, false), title, ad_name, url_code,
        duration_seconds, published_date, null, null, null, null
    from intermediate.int_assets__placements
    left join intermediate.journey_channels as channels
        on channel_name = channels.channel
    where is_listed
"""
Name = Callable[[Unmapped, Random], Unmapped]


def as_shown(unmapped: Unmapped, dice: Random) -> Unmapped:
    return unmapped


def mangled(unmapped: Unmapped, dice: Random) -> Unmapped:
    """Every third word lost, one letter wrong, a campaign's words around it."""

    def worse(name: str | None) -> str | None:
        words = [word for word in (name or "").split() if dice.random() > 1 / 3]
        text = list(" ".join(words))
        if text:
            text[dice.randrange(len(text))] = dice.choice("aeiou")
        market = dice.choice(("EU", "NA"))
        return f"{market} | always on | {''.join(text)} | v{dice.randrange(9)}"

    return replace(
        unmapped, title=worse(unmapped.title or unmapped.ad_name), ad_name=None
    )


def nameless(unmapped: Unmapped, dice: Random) -> Unmapped:
    return replace(unmapped, title=None, ad_name=None)


NAMES: dict[str, Name] = {
    "as the platform shows it": as_shown,
    "mangled": mangled,
    "no name at all": nameless,
}


@dataclass
class Score:
    """Counts over all seeds."""

    objects: int = 0
    first: int = 0
    in_three: int = 0
    right_cut: int = 0
    accepted: int = 0
    wrong: int = 0
    seconds: float = 0.0


@dataclass
class Rules:
    """What the rules still knew of the objects taken out."""

    objects: int = 0
    known: int = 0
    wrong: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)


Truth = dict[str, tuple[str, str]]  # platform/object -> video, variant


def seeds(settings: Settings, count: int) -> Iterator[tuple[int, Truth]]:
    """Seed -> the entries it took out, with the models rebuilt."""
    from orchestration.resources import Dbt, failures

    dbt = Dbt(settings)
    with db.writer(settings.warehouse_path) as con:
        con.execute("create table kept as from raw_catalogue.placements")
        shown = con.execute(
            "select placement_id, platform || '/' || platform_object_id, video_id, "
            "variant_id from kept join raw_catalogue.variants using (variant_id) "
            "where platform_object_id is not null order by placement_id"
        ).fetchall()
    for seed in range(count):
        out = Random(seed).sample(shown, round(TAKEN_OUT * len(shown)))
        with db.writer(settings.warehouse_path) as con:
            con.execute(
                "create or replace table raw_catalogue.placements as from kept "
                "where placement_id not in (select unnest(?))",
                [[row[0] for row in out]],
            )
        wrong = failures(dbt.build(MODELS.split()))
        if wrong:
            sys.exit(f"{wrong}")
        yield seed, {name: (video, variant) for _, name, video, variant in out}


def judge(found: dict[Unmapped, list[Proposal]], truth: Truth, score: Score) -> None:
    for unmapped, proposals in found.items():
        video, variant = truth[key(unmapped)]
        videos = [each.video_id for each in proposals]
        score.objects += 1
        score.first += videos[:1] == [video]
        score.in_three += video in videos
        score.right_cut += any(each.variant_id == variant for each in proposals[:1])
    taken = accepted(found, ACCEPT)
    score.accepted += len(taken)
    score.wrong += sum(
        each.video_id != truth[key(unmapped)][0] for unmapped, each in taken.items()
    )


def key(unmapped: Unmapped) -> str:
    return f"{unmapped.platform}/{unmapped.object_id}"


def rule(con: duckdb.DuckDBPyConnection, truth: Truth, rules: Rules) -> None:
    told = con.execute(
        "select platform || '/' || platform_object_id, variant_id, matched_by "
        "from intermediate.int_assets__matched_objects"
    ).fetchall()
    for name, variant, by in told:
        if name in truth:
            rules.objects += 1
            rules.known += variant is not None
            rules.wrong += variant is not None and variant != truth[name][1]
            if by:
                rules.by_rule[by] = rules.by_rule.get(by, 0) + 1


def measured(settings: Settings, count: int) -> tuple[dict[str, Score], Rules]:
    scores, rules = {name: Score() for name in NAMES}, Rules()
    for seed, truth in seeds(settings, count):
        with db.reader(settings.warehouse_path) as con:
            rule(con, truth, rules)
            shelf = Shelf(run.cuts(con))
            shown = [Unmapped(*row) for row in con.execute(SHOWN).fetchall()]
        out = sorted((each for each in shown if key(each) in truth), key=key)
        for name, change in NAMES.items():
            dice = Random(seed)
            changed = [change(each, dice) for each in out]
            begun = process_time()
            found = {each: shelf.proposals(each) for each in changed}
            scores[name].seconds += process_time() - begun
            judge(found, truth, scores[name])
    return scores, rules


def show(scores: dict[str, Score], rules: Rules, count: int) -> None:
    console = Console()
    by = ", ".join(f"{number} by {name}" for name, number in rules.by_rule.items())
    console.print(
        f"{count} catalogues without a fifth of their platform objects: of "
        f"{rules.objects} taken out the rules still know {rules.known} ({by or 'none'}), "
        f"{rules.wrong} of them wrongly. All of them proposed, rules or not:",
        highlight=False,
    )
    table = Table(header_style="bold")
    table.add_column("name")
    heads = (
        "objects",
        "first",
        "in three",
        "right cut",
        f"accept {ACCEPT}",
        "wrong",
        "ms",
    )
    for head in heads:
        table.add_column(head, justify="right")
    for name, score in scores.items():
        shares = (score.first, score.in_three, score.right_cut, score.accepted)
        table.add_row(
            name,
            str(score.objects),
            *(f"{each / score.objects:.1%}" for each in shares),
            str(score.wrong),
            f"{1000 * score.seconds / score.objects:.2f}",
        )
    console.print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data-dir", type=Path, help="a folder of one run, not changed"
    )
    parser.add_argument("--seeds", type=int, default=10)
    given = parser.parse_args(arguments)
    quiet()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "data"
        if given.data_dir is None:
            subprocess.run(
                [*PLAYHEAD, "run", "--data-dir", str(folder)],
                check=True,
                env={**os.environ},
                stdout=subprocess.DEVNULL,
            )
        else:
            folder.mkdir()
            shutil.copy(given.data_dir / "playhead.duckdb", folder)
        (folder / "logs").mkdir(exist_ok=True)
        scores, rules = measured(Settings(data_dir=folder), given.seeds)
    show(scores, rules, given.seeds)


if __name__ == "__main__":
    main()
