"""What the unpaid networks let people download: totals of posts, never daily facts."""

from datetime import date

from tests.support.export_folder import Folder

PERIOD = "files:\n  - pattern: '*'\n    period: {first: 2026-01-01, last: 2026-01-31}\n"
PAGE = (
    "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Permalink,"
    "Post type,Data comment,Date,Views,Reach,Reactions,Comments,Shares,Total clicks,"
    "3-second video views,Seconds viewed,Average Seconds viewed\n"
    "1,9,Us,Demo,,30,01/05/2026 09:00,https://x.example/1,Videos,,Lifetime,100,80,7,2,1,"
    "5,60,900.5,9.0\n"
)
ACCOUNT = (
    "Post ID,Account ID,Account username,Account name,Description,Duration (sec),"
    "Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,"
    "Comments,Saves\n"
    "3,8,us,Us,Demo,30,01/05/2026 09:00,https://x.example/3,IG reel,,Lifetime,55,40,6,1,0,"
    "2,4\n"
)
POSTS = (
    "Aggregated engagement of all posts\n"
    "Post title,Post link,Post type,Posted by,Created date,Impressions,"
    "Views (Excluding offsite video views),Offsite Views,Clicks,"
    "Click through rate (CTR),Likes,Comments,Reposts,Follows,Engagement rate,Content Type\n"
    "Demo,https://www.linkedin.com/feed/update/urn:li:activity:1,Organic,Ann,01/05/2026,"
    "900,70,3,12,0.0133,9,1,2,,0.03,Video\n"
)
DAYS = (
    "Date,Impressions (organic),Impressions (sponsored),Impressions (total),"
    "Unique impressions (organic),Clicks (organic),Clicks (sponsored),Clicks (total)\n"
    "2026-01-05,100,40,140,80,6,2,8\n"
)
STUDIO = (
    "Time,Video title,Video link,Post time,Total likes,Total comments,Total shares,"
    "Total views\n"
    "2026-01-31,Demo,https://www.tiktok.com/@us/video/5,January 5,12,3,1,400\n"
)


def test_content_of_a_page_is_totals_by_post(folder: Folder) -> None:
    folder.write("exports.yml", PERIOD)
    folder.write("us/content.csv", PAGE)
    amounts = folder.amounts("facebook_pages")
    assert amounts["1", "plays_3s"] == 60
    assert amounts["1", "watch_seconds"] == 900.5
    assert {metric for _, metric in amounts} == {
        *("views", "plays_3s", "watch_seconds", "reactions", "comments", "shares"),
        "clicks",  # no reach, no average: neither adds up
    }


def test_content_of_an_account_is_totals_by_post(folder: Folder) -> None:
    folder.write("exports.yml", PERIOD)
    folder.write("us/content.csv", ACCOUNT)
    amounts = folder.amounts("instagram")
    assert (amounts["3", "views"], amounts["3", "saves"]) == (55, 4)
    assert ("3", "reach") not in amounts


def test_lifetime_totals_without_a_period_are_refused(folder: Folder) -> None:
    folder.write("us/content.csv", PAGE)
    assert "does not say of which days" in folder.fault()


def test_all_posts_of_a_page_keep_offsite_views_apart(folder: Folder) -> None:
    folder.write("exports.yml", PERIOD)
    folder.write("us/posts.csv", POSTS)
    post = "https://www.linkedin.com/feed/update/urn:li:activity:1"
    amounts = folder.amounts("linkedin_pages")
    assert (amounts[post, "views"], amounts[post, "offsite_views"]) == (70, 3)
    assert (post, "follows") not in amounts  # empty is unknown, not 0
    assert not {m for _, m in amounts} & {"click_through_rate", "engagement_rate"}


def test_days_of_a_page_keep_what_was_paid_apart(folder: Folder) -> None:
    folder.write("us/content.csv", DAYS)
    rows = folder.rows("linkedin_pages.reported_totals")
    told = {row["metric"]: row["amount"] for row in rows}
    assert told == {
        "impressions_organic": 100,
        "impressions_sponsored": 40,
        "clicks_organic": 6,
        "clicks_sponsored": 2,
    }
    assert {row["period_start"] for row in rows} == {date(2026, 1, 5)}


def test_content_of_tiktok_studio_is_totals_by_post(folder: Folder) -> None:
    folder.write("exports.yml", PERIOD)
    folder.write("us/Content.csv", STUDIO)
    amounts = folder.amounts("tiktok")
    assert amounts["https://www.tiktok.com/@us/video/5", "views"] == 400
    assert len(amounts) == 4
