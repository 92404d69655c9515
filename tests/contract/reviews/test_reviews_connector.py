"""Reviews: the connector against its fake, over real HTTP."""

from collections import Counter

import pytest

from ingestion.cast import cast
from ingestion.errors import AnswerUnreadable, CredentialRefused, RequestRefused
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.source import Ask, Row
from ingestion.sources import reviews
from ingestion.sources.reviews import SPEC, fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import World
from ingestion.world.view import View
from tests.contract.conftest import Connect


def rows(api: Api, view: View) -> list[Row]:
    """Typed rows; nothing may be put aside."""
    ask = Ask(reviews.accounts(api), Window(view.as_of, view.as_of), view.as_of)
    found = [row for batch in reviews.read(api, ask)["reviews"] for row in batch.rows]
    typed = cast(SPEC["reviews"], found)
    assert (typed.rejected, typed.new_columns) == ([], ())
    listed: list[Row] = typed.rows.to_pylist()
    return listed


def test_account_is_the_unit_of_the_domain(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), DOMAIN="brand.example")
    assert reviews.accounts(link.api) == (fake.UNIT,)
    assert link.calls[-1].query == {"name": "brand.example"}


def test_nothing_is_fetched_before_the_table_is_iterated(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window(unit_view.as_of, unit_view.as_of)
    reviews.read(link.api, Ask(("u",), window, unit_view.as_of))
    assert link.calls == []


def test_stars_are_those_that_customers_gave(connect: Connect, unit_view: View) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, unit_view)
    assert Counter(row["stars"] for row in found) == Counter(
        unit_view.reviews["stars"].tolist()
    )
    assert len({row["id"] for row in found}) == len(found)
    assert not any({"text", "title", "consumer"} & row.keys() for row in found)


def test_pages_are_read_until_one_is_not_full(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "LIMIT", 4)
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, unit_view)
    pages = [call for call in link.calls if call.path.endswith("/reviews")]
    assert len(found) == len(unit_view.reviews)
    assert len(pages) == len(found) // 4 + 1


def test_a_review_keeps_its_id_from_day_to_day(
    connect: Connect, unit_world: World
) -> None:
    first = unit_world.view()
    later = unit_world.view(first.as_of.replace(day=31))
    before, after = (
        {row["id"]: row for row in rows(connect(SPEC, fake.routes(view)).api, view)}
        for view in (first, later)
    )
    assert before.items() <= after.items()


def test_refused_key_names_the_variable(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="revoked")
    with pytest.raises(CredentialRefused, match="PLAYHEAD_REVIEWS_ACCESS_TOKEN"):
        reviews.accounts(link.api)


def test_key_travels_in_the_header_of_trustpilot(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="k-1")
    reviews.accounts(link.api)
    assert link.calls[-1].headers["apikey"] == "k-1"
    assert "k-1" not in str(link.calls[-1].query)


def test_list_that_never_ends_is_stopped(
    connect: Connect, unit_view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "LIMIT", 1)
    link = connect(SPEC, fake.routes(unit_view))

    def same_page(request: Request, reply: Reply) -> Reply:
        return Reply({"reviews": reply.body["reviews"] and [first]})

    first = {"id": "r", "createdAt": "2025-12-01T00:00:00Z", "stars": 5}
    link.sandbox.faults.add(Fault("/reviews", same_page, times=9))
    with pytest.raises(AnswerUnreadable, match="page 2 twice"):
        rows(link.api, unit_view)


@pytest.mark.parametrize(
    ("path", "params", "says"),
    [
        ("find", {}, "name is required"),
        (f"{fake.UNIT}/reviews", {"perPage": 101}, "between 1 and 100"),
        (f"{fake.UNIT}/reviews", {"page": 0}, "from 1"),
        ("nobody/reviews", {}, "not found"),
    ],
)
def test_what_trustpilot_refuses_the_fake_refuses(
    connect: Connect,
    unit_view: View,
    path: str,
    params: dict[str, object],
    says: str,
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match=says):
        link.api.get("api", f"/v1/business-units/{path}", params)
