"""What would not have come otherwise, and why last touch disagrees: every branch."""

from dataclasses import replace

from tests.unit.report.samples import plain
from warehouse.report.model import ALL, Caused, CausedLeads
from warehouse.report.text import caused as say

FILM = Caused(
    channel="youtube_ads",
    video_key="v1",
    title="Film",
    evidence="flights",
    grade="B",
    leads=127.1,
    low=34.2,
    high=340.5,
    last=0.6,
)
FOLLOWING = Caused(
    channel="retargeting",
    video_key=ALL,
    title=None,
    evidence="experiment",
    grade="A",
    leads=2.3,
    low=0.0,
    high=10.0,
    last=225.0,
)


def test_the_whole_names_leads_mean_and_interval() -> None:
    said = plain(say.whole(CausedLeads(2279, 213.4, 88.0, 559.0)))
    assert said.startswith(
        "Of 2.3 k leads on record, about 210 would not have come without what is listed "
        "here (between 88 and 560)."
    )


def test_too_little_to_tell_is_an_answer() -> None:
    assert "can't be told yet" in say.whole(None)


def test_last_touch_overrates_who_meets_people_on_their_way_in() -> None:
    said = plain(say.overrated([FILM, FOLLOWING], {"retargeting"}) or "")
    assert said.startswith(
        "Last touch gives Retargeting 225 leads. Seen in tests with it and without, it added "
        "about 2.3 (between 0 and 10; evidence A)"
    )
    assert say.overrated([FILM], {"youtube_ads"}) is None
    assert say.overrated([replace(FOLLOWING, high=224.0)], {"retargeting"}) is None
    assert say.overrated([FOLLOWING], {"meta"}) is None  # nobody pays for it


def test_last_touch_underrates_what_nobody_clicks() -> None:
    said = plain(say.underrated([FOLLOWING, FILM]) or "")
    assert said.startswith(
        "Last touch gives “Film” in YouTube ads 1 lead. Seen region beside region, it added "
        "about 130 (between 34 and 340; evidence B)"
    )
    assert say.underrated([FOLLOWING]) is None
    none = plain(say.underrated([replace(FILM, last=0.3)]) or "")
    assert none.startswith("Last touch gives “Film” in YouTube ads no lead.")
    assert say.underrated([replace(FILM, low=0.0)]) is None  # not surely more


def test_the_finding_names_only_what_surely_added_something() -> None:
    assert plain(say.finding([FILM, FOLLOWING])) == (
        "“Film” in YouTube ads is surely worth more than nothing."
    )
    assert say.finding([FOLLOWING]).startswith("No channel can be shown")
    whole = replace(FILM, video_key=ALL)
    assert say.finding([whole, FILM]) == say.finding([FILM])  # the video says more
    both = [FILM, replace(FOLLOWING, low=1.0)]
    assert "“Film” in YouTube ads and Retargeting are" in plain(say.finding(both))


def test_a_title_from_outside_stays_text() -> None:
    assert "<b>" in say.name(replace(FILM, title="<b>"))  # the page escapes it
    assert say.label(replace(FILM, title=None)) == "YouTube ads: v1"
