"""The console's summary: what a marketing lead reads after a run."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.unit.report import snapshots
from tests.unit.report.samples import plain, rec
from warehouse.report import summary
from warehouse.report.summary import RunFacts
from warehouse.report.text import summary as say

RUN = RunFacts(
    stages=[("ingest", 12.34, 1080, 3), ("publish", 0.5, 0, 0)],
    sources=[
        ("youtube", "fresh", 720, 0, None, None),
        ("meta_ads", "stale", 360, 3, "answered 503", "reels_plays"),
        ("ga4", "off", 0, 0, None, None),
    ],
    tables_changed={"kpi_daily": 1234, "videos": 7},
    generation=7,
    is_new=True,
    paths={"report": Path("data/report/index.html")},
)


@pytest.fixture(scope="module")
def facts(snapshot_of: Callable[[str], Path]) -> summary.Summary:
    return summary.facts(snapshot_of("ordinary"))


def told(facts: summary.Summary | None, run: RunFacts, width: int = 100) -> str:
    return plain("\n".join(summary.lines(facts, run, width=width)))


def test_facts_are_the_figures_of_the_snapshot(facts: summary.Summary) -> None:
    assert (facts.videos, facts.unmapped_videos) == (6, 1)
    assert (facts.spend_usd, facts.spend_before_usd) == (15_300, 11_700)
    assert facts.unmatched_spend_usd == 1_800
    assert facts.conversions == {"lead": (50, 0), "won": (10, 200_000)}
    assert facts.quarantined_rows == 3
    assert facts.is_simulated
    hook = facts.objectives[0]
    assert (hook.kpi, hook.is_missed) == ("hook_rate", True)
    assert facts.objectives[3].kpi is None  # retention: not measured


def test_summary_tells_videos_spend_conversions_and_targets(
    facts: summary.Summary,
) -> None:
    text = told(facts, RUN)
    assert "Simulated data:" in text
    assert "6, 1 of them without an objective" in text
    assert "15 k USD in 90 days, 12 k USD in the 90 before" in text
    assert "Also read" in text and "55 deals, 1.6 k clicks from search" in text
    assert "50 leads and 10 won deals worth 200 k USD on record" in text
    assert "Target 25 % missed." in text
    assert "not measured yet" in text


def test_summary_tells_what_to_do_next(facts: summary.Summary) -> None:
    text = told(facts, RUN, width=200)
    assert (
        "1.  Give more to “Every shift has a story (16:9, en)” on YouTube ads" in text
    )
    assert (
        "2.  Test “Every shift has a story (9:16, en)” on Meta ads (worth about 340"
        in (text)
    )


def test_summary_names_stale_sources_with_the_run_s_reason(
    facts: summary.Summary,
) -> None:
    text = told(facts, RUN, width=200)
    assert "Meta Ads is stale" in text
    assert "answered 503. It touches spend" in text
    assert "3 rows are set aside in Meta Ads" in text
    assert "Meta Ads sends fields we did not know: reels_plays." in text
    assert "fresh: youtube (720); stale: meta_ads (360); off: ga4" in text


def test_summary_tells_stages_changes_and_places(facts: summary.Summary) -> None:
    text = told(facts, RUN)
    assert "ingest      12.3  1,080          3" in text
    assert "Generation 7 is published: 2 tables changed." in text
    assert "kpi_daily 1.2 k rows, videos 7 rows" in text
    assert "data/report/index.html" in text


def test_summary_says_that_nothing_changed(facts: summary.Summary) -> None:
    text = told(facts, RunFacts(generation=7))
    assert "Nothing changed since generation 7." in text
    assert (
        "Meta Ads is stale (last day 20 February 2026" in text
    )  # without a run's word


def test_summary_works_before_anything_is_published() -> None:
    run = RunFacts(sources=[("meta_ads", "stale", 0, 0, "no\x1b answer", None)])
    text = told(None, run)
    assert "Nothing is published yet." in text
    assert "Meta Ads is stale: no answer." in text
    assert "Generation" not in text


def test_summary_never_reads_markup_or_directions_from_titles(tmp_path: Path) -> None:
    path = snapshots.write(tmp_path / "hostile.duckdb", snapshots.hostile())
    rows = [("[bold]x[/bold]", "stale", 1, 0, "[/red]", None)]
    output = StringIO()
    console = Console(file=output, width=100, color_system=None)
    summary.print_to(console, summary.facts(path), RunFacts(sources=rows))
    text = output.getvalue()
    assert "[bold]x[/bold] is stale: [/red]." in text
    assert not set(text) & set("\x1b\x00\u2068\u2069\u202e")


def test_long_lists_of_tables_are_cut(facts: summary.Summary) -> None:
    changed = {f"t{number}": number for number in range(9)}
    text = told(facts, RunFacts(generation=8, is_new=True, tables_changed=changed))
    assert (
        "t8 8 rows, t7 7 rows, t6 6 rows, t5 5 rows, t4 4 rows, t3 3 rows, 3 more"
        in text
    )


def test_summary_of_an_empty_snapshot_has_no_noughts(
    snapshot_of: Callable[[str], Path],
) -> None:
    text = told(summary.facts(snapshot_of("empty")), RunFacts())
    assert "none known yet" in text
    assert "not on record" in text
    assert "none on record" in text
    assert "nothing is recommended today" in text
    assert "Also read" not in text


@pytest.mark.parametrize(
    ("now", "before", "unmatched", "said"),
    [
        (None, 5, 0, "not on record by day"),
        (5_000, None, 0, "5 k USD in 90 days"),
        (5_000, 0, 0, "5 k USD in 90 days, 0 USD in the 90 before"),
    ],
)
def test_spend_line_has_what_is_known(
    now: float | None, before: float | None, unmatched: float, said: str
) -> None:
    assert plain(say.spend(now, before, unmatched)) == said


def test_next_steps_hold_where_no_move_is_justified() -> None:
    holds = [rec(action="hold"), rec(action="hold")]
    assert say.next_steps(holds, {}, 3) == [
        "hold: none of 2 comparisons justifies a move."
    ]
    assert len(say.next_steps([rec()] * 5, {}, 3)) == 3


@pytest.mark.parametrize(
    ("number", "unmapped", "said"),
    [
        (0, 0, "none known yet"),
        (6, 0, "6, all in the catalogue"),
        (6, 1, "6, 1 of them without an objective"),
    ],
)
def test_videos_line_counts_those_without_an_objective(
    number: int, unmapped: int, said: str
) -> None:
    assert say.videos(number, unmapped) == said


def test_set_aside_has_one_row_or_many() -> None:
    assert say.set_aside("meta_ads", 1).startswith("1 row is set aside in Meta Ads")
