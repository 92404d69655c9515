"""HubSpot: the connector against its fake, over real HTTP."""

import hashlib
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.cast import cast
from ingestion.errors import (
    AnswerUnreadable,
    CredentialRefused,
    RateLimited,
    RequestRefused,
    SourceUnreachable,
)
from ingestion.ingest import ingest
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.source import Ask, Row
from ingestion.sources import hubspot
from ingestion.sources.hubspot import SPEC, fake
from ingestion.sources.hubspot.portal import STAGES
from ingestion.transport import Api
from ingestion.windows import DAY, Window
from ingestion.world.view import View
from tests.contract.conftest import Connect
from warehouse import db
from warehouse.settings import Settings

PORTAL = "24817306"
CONTACTS = "/crm/v3/objects/contacts"


def rows(api: Api, table: str, view: View) -> list[Row]:
    """Typed rows of a table; nothing may be put aside."""
    ask = Ask(hubspot.accounts(api), Window(view.as_of, view.as_of), view.as_of)
    found = [row for batch in hubspot.read(api, ask)[table] for row in batch.rows]
    typed = cast(SPEC[table], found)
    assert (typed.rejected, typed.new_columns) == ([], ())
    listed: list[Row] = typed.rows.to_pylist()
    return listed


def by_id(found: list[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in found}


def milliseconds(row: Row, name: str) -> int:
    return -1 if row[name] is None else round(row[name].timestamp() * 1000)


def test_account_is_the_portal_of_the_token(connect: Connect, unit_view: View) -> None:
    assert hubspot.accounts(connect(SPEC, fake.routes(unit_view)).api) == (PORTAL,)


def test_nothing_is_fetched_before_a_table_is_iterated(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    hubspot.read(
        link.api,
        Ask((PORTAL,), Window(unit_view.as_of, unit_view.as_of), unit_view.as_of),
    )
    assert link.calls == []


def test_contacts_come_whole_the_deleted_too_and_without_addresses(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "contacts", unit_view)
    known = {row["contact_id"]: row for row in unit_view.contacts.rows()}
    assert by_id(found).keys() == known.keys()
    assert any(row["archived"] for row in found)
    for row in found:
        contact = known[row["id"]]
        assert (
            row["email_sha256"] == hashlib.sha256(contact["email"].encode()).hexdigest()
        )
        assert row["archived"] == contact["is_archived"]
        assert row["associatedcompanyid"] == contact["company_id"]
        for name, at in (
            ("createdate", "created_at"),
            ("lastmodifieddate", "updated_at"),
            ("hs_lifecyclestage_lead_date", "lead_at"),
            ("hs_lifecyclestage_customer_date", "customer_at"),
            ("archived_at", "archived_at"),
        ):
            assert milliseconds(row, name) == contact[at]
    assert "@" not in str(found)
    # Pages of 100: all living ones, then all deleted ones.
    deleted = sum(row["archived"] for row in found)
    pages = -(-(len(found) - deleted) // 100) + -(-deleted // 100)
    assert sum(call.path == CONTACTS for call in link.calls) == pages


def test_deals_keep_money_currency_and_flags(connect: Connect, unit_view: View) -> None:
    found = by_id(rows(connect(SPEC, fake.routes(unit_view)).api, "deals", unit_view))
    for deal in unit_view.deals.rows():
        row = found[deal["deal_id"]]
        assert row["amount"] == Decimal(deal["amount_cents"]) / 100
        assert row["deal_currency_code"] == deal["currency"]
        assert (row["hs_is_closed"], row["hs_is_closed_won"]) == (
            deal["is_closed"],
            deal["is_won"],
        )
        assert milliseconds(row, "closedate") == deal["closed_at"]
        assert row["hs_primary_associated_company"] == deal["company_id"]


def test_deal_without_a_currency_is_in_that_of_the_portal(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def single_currency(request: Request, reply: Reply) -> Reply:
        for item in reply.body["results"]:
            item["properties"]["deal_currency_code"] = None
        return Reply(reply.body)

    link.sandbox.faults.add(Fault("objects/deals", single_currency, times=99))
    assert {
        row["deal_currency_code"] for row in rows(link.api, "deals", unit_view)
    } == {"USD"}


def test_stage_history_holds_every_stage_a_deal_was_in(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = rows(link.api, "deal_stage_history", unit_view)
    told = {
        (row["deal_id"], row["value"], milliseconds(row, "timestamp")) for row in found
    }
    assert told == {
        (row["deal_id"], STAGES[row["stage"]][0], row["entered_at"])
        for row in unit_view.deal_stages.rows()
    }


def test_associations_are_those_of_living_objects(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    contacts = unit_view.contacts
    living = set(contacts["contact_id"][~contacts["is_archived"].astype(bool)])
    pairs = {
        (row["deal_id"], row["contact_id"])
        for row in rows(link.api, "deal_contacts", unit_view)
    }
    added = unit_view.deal_contacts
    known = zip(added["deal_id"], added["contact_id"], strict=True)
    assert pairs == {pair for pair in known if pair[1] in living}
    found = rows(link.api, "contact_companies", unit_view)
    members = zip(contacts["contact_id"], contacts["company_id"], strict=True)
    assert {(row["contact_id"], row["company_id"]) for row in found} == {
        (contact, company)
        for contact, company in members
        if company and contact in living
    }
    assert all('"label":"Primary"' in row["association_types"] for row in found)


def test_association_of_many_is_read_to_its_end(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    deal = str(unit_view.deals["deal_id"][0])

    def first_page(request: Request, reply: Reply) -> Reply:
        more = {"next": {"after": "500"}}
        result = {"from": {"id": deal}, "to": [{"toObjectId": 1}], "paging": more}
        return Reply({"results": [result]}, 207)

    def second_page(request: Request, reply: Reply) -> Reply:
        assert request.json() == {"inputs": [{"id": deal, "after": "500"}]}
        return Reply({"results": [{"from": {"id": deal}, "to": [{"toObjectId": 2}]}]})

    link.sandbox.faults.add(Fault("associations/deals", first_page))
    link.sandbox.faults.add(Fault("associations/deals", second_page))
    found = rows(link.api, "deal_contacts", unit_view)
    assert [row["contact_id"] for row in found] == ["1", "2"]


def test_stages_know_their_chance_and_what_ends_a_deal(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    found = by_id(rows(link.api, "pipeline_stages", unit_view))
    told = {r["label"]: (r["probability"], r["is_closed"]) for r in found.values()}
    assert told["Evaluation"] == (0.6, False)
    assert told["Closed won"] == (1.0, True)
    assert told["Closed lost"] == (0.0, True)


def test_dates_without_time_are_midnight_in_utc(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def dates(request: Request, reply: Reply) -> Reply:
        for item in reply.body["results"]:
            item["properties"]["closedate"] = "2026-03-01"
            item["properties"]["createdate"] = (
                "1772323200000"  # the same, in milliseconds
            )
        return Reply(reply.body)

    link.sandbox.faults.add(Fault("objects/deals", dates, times=99))
    row = rows(link.api, "deals", unit_view)[0]
    assert row["closedate"].isoformat() == "2026-03-01T00:00:00+00:00"
    assert row["createdate"] == row["closedate"]


def test_refused_token_names_the_variable(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), ACCESS_TOKEN="revoked")
    with pytest.raises(
        CredentialRefused, match="PLAYHEAD_HUBSPOT_ACCESS_TOKEN"
    ) as caught:
        hubspot.accounts(link.api)
    assert "expired or was revoked" in str(caught.value)


def limited(policy: str) -> Reply:
    says = f"You have reached your {policy.lower()} limit."
    body = {"status": "error", "message": says, "errorType": "RATE_LIMIT"}
    return Reply({**body, "policyName": policy, "correlationId": "c"}, 429)


def test_rolling_limit_is_waited_out(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.sandbox.faults.add(Fault(CONTACTS, limited("TEN_SECONDLY_ROLLING"), times=2))
    assert len(rows(link.api, "contacts", unit_view)) == len(unit_view.contacts)


def test_limit_of_the_day_ends_the_night(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.sandbox.faults.add(Fault(CONTACTS, limited("DAILY"), times=99))
    with pytest.raises(RateLimited, match="the next night goes on"):
        rows(link.api, "contacts", unit_view)


@pytest.mark.parametrize("status", [423, 477, 502, 521])
def test_passing_trouble_is_tried_again_and_lasting_trouble_is_told(
    connect: Connect, unit_view: View, status: int
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    trouble = fake.error(status, "UNAVAILABLE", "not now")
    link.sandbox.faults.add(Fault(CONTACTS, trouble))
    assert len(rows(link.api, "contacts", unit_view)) == len(unit_view.contacts)
    link.sandbox.faults.add(Fault(CONTACTS, trouble, times=99))
    with pytest.raises(SourceUnreachable, match="not now"):
        rows(link.api, "contacts", unit_view)


def test_malformed_token_is_a_refusal(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    odd = fake.error(530, "INVALID_AUTHENTICATION", "token is malformed")
    link.sandbox.faults.add(Fault("account-info", odd, times=9))
    with pytest.raises(CredentialRefused, match="token is malformed"):
        hubspot.accounts(link.api)


def test_list_that_never_ends_is_stopped(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def same_page(request: Request, reply: Reply) -> Reply:
        return Reply({**reply.body, "paging": {"next": {"after": "7"}}})

    link.sandbox.faults.add(Fault(CONTACTS, same_page, times=99))
    with pytest.raises(AnswerUnreadable, match="'7' of contacts twice"):
        rows(link.api, "contacts", unit_view)


@pytest.mark.parametrize(
    ("kind", "params", "says"),
    [
        ("contacts", {"limit": 101}, "between 1 and 100"),
        ("contacts", {"limit": 0}, "between 1 and 100"),
        (
            "deals",
            {"limit": 51, "propertiesWithHistory": "dealstage"},
            "between 1 and 50",
        ),
        ("deals", {"limit": 10, "after": "x"}, "Unable to parse value x"),
    ],
)
def test_what_hubspot_refuses_the_fake_refuses(
    connect: Connect, unit_view: View, kind: str, params: dict[str, object], says: str
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match=says):
        link.api.get("api", f"/crm/v3/objects/{kind}", params)


def test_batch_of_more_than_a_thousand_is_refused(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    path = "/crm/v4/associations/deals/contacts/batch/read"
    with pytest.raises(RequestRefused, match="1001 inputs"):
        link.api.post("api", path, {"inputs": [{"id": str(n)} for n in range(1_001)]})


def test_requests_stay_inside_the_specification(
    connect: Connect, unit_view: View, shared: Path
) -> None:
    spec = shared / "apis" / "specs" / "hubspot" / "hubspot_client12.json"
    told = json.loads(spec.read_text())
    paths = told["paths"]
    known = {path for group in paths.values() for path in group}
    known |= {"/account-info/v3/details", "/email/public/v1/events"}
    link = connect(SPEC, fake.routes(unit_view))
    for table in SPEC.tables:
        rows(link.api, table.name, unit_view)
    day = unit_view.as_of  # a Tuesday
    ask = Ask((PORTAL,), Window(day - DAY, day + DAY), day, known_to=day - DAY)
    for batches in hubspot.read(link.api, ask).values():
        assert list(batches)
    assert {"search", "read"} <= {call.path.split("/")[-1] for call in link.calls}
    models = {
        "search": told["models"]["PublicObjectSearchRequest"],
        "read": told["models"]["BatchReadInputSimplePublicObjectId"],
    }
    kinds = {"contacts", "companies", "deals"}
    for call in link.calls:
        parts = call.path.split("/")
        if "associations" in parts:
            parts[4:6] = "{fromObjectType}", "{toObjectType}"
            assert len(call.json()["inputs"]) <= 1_000
        elif "pipelines" in parts:
            parts[4] = "{objectType}"
        elif call.method == "POST":
            model = models[parts[-1]]
            assert set(call.json()) <= set(model), call.path
        elif "objects" in parts:
            assert parts[4] in kinds
            assert set(call.query) <= {
                "limit",
                "after",
                "properties",
                "propertiesWithHistory",
                "archived",
            }
            most = 50 if "propertiesWithHistory" in call.query else 100
            assert int(call.query["limit"]) <= most
        assert "/".join(parts) in known


def test_two_nights_hold_the_same_and_a_shrunken_list_is_refused(
    unit_view: View, tmp_path: Path
) -> None:
    def counted() -> list[int]:
        with db.reader(settings.warehouse_path) as con:
            sql = "select count(*) from raw_hubspot.{}"
            return [
                con.execute(sql.format(t.name)).fetchall()[0][0] for t in SPEC.tables
            ]

    with serving(fake.routes(unit_view)) as sandbox:
        settings = Settings(data_dir=tmp_path, sandbox_url=sandbox.url)
        first = ingest(hubspot, settings, as_of=unit_view.as_of)
        assert (first.status, first.quarantined) == ("fresh", 0)
        before = counted()
        assert before == [first.rows[table.name] for table in SPEC.tables]

        def half(request: Request, reply: Reply) -> Reply:
            return Reply({"results": reply.body["results"][:50]})

        sandbox.faults.add(Fault(CONTACTS, half, times=99))
        whole = Window(unit_view.as_of, unit_view.as_of + DAY)
        second = ingest(hubspot, settings, as_of=unit_view.as_of, window=whole)
    assert second.status == "stale" and "--accept-shrink" in str(second.reason)
    assert counted() == before


def test_doubled_contacts_and_merges_are_there_to_be_found(
    connect: Connect, unit_view: View
) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, "contacts", unit_view)
    merged = [
        row["hs_merged_object_ids"] for row in found if row["hs_merged_object_ids"]
    ]
    expected = [each for each in unit_view.contacts["merged_contact_id"] if each]
    assert Counter(merged) == Counter(expected)
    assert (
        not set(merged) & by_id(found).keys()
    )  # what was merged away is listed no more
