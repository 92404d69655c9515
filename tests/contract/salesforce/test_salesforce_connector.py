"""Salesforce: the connector against its fake, over real HTTP."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

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
from ingestion.privacy import email_hash
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply, Request
from ingestion.sandbox.server import serving
from ingestion.source import Ask, Row
from ingestion.sources import salesforce
from ingestion.sources.salesforce import DATA, SPEC, columns, fake
from ingestion.sources.salesforce.ids import (
    ACCOUNT,
    CONTACT,
    LEAD,
    OPPORTUNITY,
    lengthened,
    salesforce_id,
)
from ingestion.sources.salesforce.org import STAGES
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import World
from ingestion.world.view import View
from tests.contract.conftest import Connect
from warehouse import db
from warehouse.settings import Settings

QUERY = f"{DATA}/queryAll"
EVER = date(1999, 1, 1)


def rows(
    api: Api, table: str, view: View, window: Window | None = None
) -> dict[str, Row]:
    """Typed rows of a table by id; nothing may be put aside."""
    window = window or Window.inclusive(EVER, view.as_of)
    ask = Ask(salesforce.accounts(api), window, view.as_of)
    found = [row for batch in salesforce.read(api, ask)[table] for row in batch.rows]
    typed = cast(SPEC[table], found)
    assert (typed.rejected, typed.new_columns) == ([], ())
    return {row["id"]: row for row in typed.rows.to_pylist()}


def milliseconds(row: Row, name: str) -> int:
    return -1 if row[name] is None else round(row[name].timestamp() * 1000)


def test_id_of_fifteen_characters_gets_the_checks_that_spell_out_its_case() -> None:
    # 001A0000006Vm9r: of 001A0 the fourth is upper case (2^3 -> I), of 00000 none (A),
    # of 6Vm9r the second (2^1 -> C)
    assert lengthened("001A0000006Vm9r") == "001A0000006Vm9rIAC"


def test_account_is_the_organisation_of_the_token(
    connect: Connect, unit_view: View
) -> None:
    (account,) = salesforce.accounts(connect(SPEC, fake.routes(unit_view)).api)
    assert account.startswith("00D") and len(account) == 18


def test_nothing_is_fetched_before_a_table_is_iterated(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window(unit_view.as_of, unit_view.as_of)
    salesforce.read(link.api, Ask(("00D",), window, unit_view.as_of))
    assert link.calls == []


def test_everybody_is_a_lead_and_whoever_went_on_a_contact_too(
    connect: Connect, unit_view: View
) -> None:
    api = connect(SPEC, fake.routes(unit_view)).api
    leads, contacts = (rows(api, kind, unit_view) for kind in ("leads", "contacts"))
    view = unit_view.contacts
    went_on = (view["opportunity_at"] >= 0) | (view["customer_at"] >= 0)
    assert len(leads) == len(view) + len(unit_view.merged_contacts)
    assert len(contacts) == went_on.sum() > 0
    for known in view.rows():
        lead = leads[salesforce_id(LEAD, known["contact_id"])]
        assert lead["email_sha256"] == email_hash(known["email"])
        assert milliseconds(lead, "created_date") == known["created_at"]
        assert lead["is_deleted"] == known["is_archived"]
        if lead["is_converted"]:
            contact = contacts[lead["converted_contact_id"]]
            assert contact["id"] == salesforce_id(CONTACT, known["contact_id"])
            assert contact["email_sha256"] == lead["email_sha256"]
            company = known["company_id"]
            wanted = salesforce_id(ACCOUNT, company) if company else None
            assert contact["crm_account_id"] == wanted
    assert "@" not in str(leads)


def test_merged_leads_are_deleted_and_name_their_master(
    connect: Connect, unit_world: World
) -> None:
    view = unit_world.view(unit_world.view().as_of + timedelta(days=29))
    leads = rows(connect(SPEC, fake.routes(view)).api, "leads", view)
    merged = list(view.merged_contacts.rows())
    assert merged
    for known in merged:
        lead = leads[salesforce_id(LEAD, known["contact_id"])]
        assert lead["is_deleted"]
        assert lead["master_record_id"] == salesforce_id(LEAD, known["merged_into_id"])


def test_opportunities_keep_money_currency_stage_and_flags(
    connect: Connect, unit_view: View
) -> None:
    found = rows(connect(SPEC, fake.routes(unit_view)).api, "opportunities", unit_view)
    assert len(found) == len(unit_view.deals)
    for deal in unit_view.deals.rows():
        row = found[salesforce_id(OPPORTUNITY, deal["deal_id"])]
        assert row["amount"] == Decimal(deal["amount_cents"]) / 100
        assert row["currency_iso_code"] == deal["currency"]
        assert (row["is_closed"], row["is_won"]) == (deal["is_closed"], deal["is_won"])
        assert row["stage_name"] == STAGES[deal["stage"]][0]
        if deal["is_closed"]:
            assert milliseconds(row, "last_stage_change_date") == deal["closed_at"]
            assert row["close_date"] == row["last_stage_change_date"].date()


def test_history_roles_and_members_are_those_of_the_company(
    connect: Connect, unit_view: View
) -> None:
    api = connect(SPEC, fake.routes(unit_view)).api
    history = rows(api, "opportunity_history", unit_view).values()
    told = {
        (r["opportunity_id"], r["stage_name"], milliseconds(r, "created_date"))
        for r in history
    }
    assert told == {
        (
            salesforce_id(OPPORTUNITY, r["deal_id"]),
            STAGES[r["stage"]][0],
            r["entered_at"],
        )
        for r in unit_view.deal_stages.rows()
    }
    roles = rows(api, "opportunity_contact_roles", unit_view).values()
    assert {(r["opportunity_id"], r["contact_id"]) for r in roles} == {
        (
            salesforce_id(OPPORTUNITY, r["deal_id"]),
            salesforce_id(CONTACT, r["contact_id"]),
        )
        for r in unit_view.deal_contacts.rows()
    }
    members = rows(api, "campaign_members", unit_view).values()
    tagged = [tag for tag in unit_view.contacts["lead_tag"] if tag]
    assert sorted(r["campaign_name"] for r in members) == sorted(tagged)


def test_pages_are_followed_to_the_end(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.api.headers["Sforce-Query-Options"] = "batchSize=200"
    leads = rows(link.api, "leads", unit_view)
    pages = [call for call in link.calls if "/queryAll/01g" in call.path]
    assert len(leads) > 400
    assert len(pages) == -(-len(leads) // 200) - 1


def test_only_what_changed_is_asked_for_with_an_overlap(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    window = Window.inclusive(unit_view.as_of - timedelta(days=2), unit_view.as_of)
    changed = rows(link.api, "leads", unit_view, window)
    assert 0 < len(changed) < len(unit_view.contacts)
    # ten minutes before the first midnight; as_of is the 30th of December
    assert "SystemModstamp >= 2025-12-27T23:50:00Z" in link.calls[-1].query["q"]
    assert "SystemModstamp < 2025-12-31T00:00:00Z" in link.calls[-1].query["q"]


def test_nights_equal_a_fresh_load(unit_world: World, tmp_path: Path) -> None:
    def loaded(folder: Path, days: list[View]) -> dict[str, list[tuple[object, ...]]]:
        for view in days:
            with serving(fake.routes(view)) as sandbox:
                settings = Settings(data_dir=folder, sandbox_url=sandbox.url)
                outcome = ingest(salesforce, settings, as_of=view.as_of)
            assert (outcome.status, outcome.quarantined) == ("fresh", 0)
        with db.reader(settings.warehouse_path) as con:
            return {
                table.name: con.execute(
                    f"select {', '.join(table.columns)} from raw_salesforce.{table.name} "
                    "order by all"
                ).fetchall()
                for table in SPEC.tables
            }

    last = unit_world.view().as_of + timedelta(days=28)
    nights = [unit_world.view(last - timedelta(days=n)) for n in (20, 1, 0)]
    assert loaded(tmp_path / "a", nights) == loaded(tmp_path / "b", nights[-1:])


def test_refused_session_names_the_variables(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view), REFRESH_TOKEN="revoked")
    with pytest.raises(CredentialRefused, match="PLAYHEAD_SALESFORCE_REFRESH_TOKEN"):
        salesforce.accounts(link.api)


def test_session_that_expires_between_pages_is_renewed(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    link.api.headers["Sforce-Query-Options"] = "batchSize=200"
    gone = fake.error(401, "INVALID_SESSION_ID", "Session expired or invalid")
    link.sandbox.faults.add(Fault("queryAll/01g", gone))
    assert len(rows(link.api, "leads", unit_view)) >= len(unit_view.contacts)


def test_quota_of_the_day_ends_the_night(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    said = "TotalRequests Limit exceeded."
    link.sandbox.faults.add(
        Fault("queryAll", fake.error(403, "REQUEST_LIMIT_EXCEEDED", said), times=99)
    )
    with pytest.raises(RateLimited, match="the next night goes on"):
        salesforce.accounts(link.api)


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SERVER_UNAVAILABLE"), (400, "UNABLE_TO_LOCK_ROW")]
)
def test_passing_trouble_is_tried_again_and_lasting_trouble_is_told(
    connect: Connect, unit_view: View, status: int, code: str
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    trouble = fake.error(status, code, "not now")
    link.sandbox.faults.add(Fault("queryAll", trouble))
    assert salesforce.accounts(link.api)
    link.sandbox.faults.add(Fault("queryAll", trouble, times=99))
    with pytest.raises(SourceUnreachable, match="not now"):
        salesforce.accounts(link.api)


def test_hidden_field_is_left_out_and_a_needed_one_is_named(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view), CURRENCY="EUR")

    def without(*names: str) -> Fault:
        def told(request: Request, reply: Reply) -> Reply:
            fields = [f for f in reply.body["fields"] if f["name"] not in names]
            return Reply({**reply.body, "fields": fields})

        return Fault("Opportunity/describe", told)

    link.sandbox.faults.add(without("CurrencyIsoCode"))
    found = rows(link.api, "opportunities", unit_view)
    assert {row["currency_iso_code"] for row in found.values()} == {"EUR"}
    link.sandbox.faults.add(without("Amount"))
    with pytest.raises(AnswerUnreadable, match="hides Amount of Opportunity"):
        rows(link.api, "opportunities", unit_view)


def test_answer_that_never_ends_is_stopped(connect: Connect, unit_view: View) -> None:
    link = connect(SPEC, fake.routes(unit_view))

    def same_page(request: Request, reply: Reply) -> Reply:
        following = f"{QUERY}/01gAAA-2000"
        return Reply({**reply.body, "done": False, "nextRecordsUrl": following})

    def first(request: Request) -> Reply:
        return Reply({"records": []})

    link.sandbox.faults.add(
        Fault(
            "queryAll", lambda request, _: same_page(request, first(request)), times=9
        )
    )
    with pytest.raises(AnswerUnreadable, match="twice: the answer would never end"):
        salesforce.accounts(link.api)


@pytest.mark.parametrize(
    ("soql", "says"),
    [
        ("SELECT Id FROM Nothing", "'Nothing' is not supported"),
        ("SELECT Id, Secret__c FROM Lead", "No such column 'Secret__c'"),
        ("SELECT Id FROM Lead WHERE SystemModstamp => 5", "unexpected token"),
        ("SELECT * FROM Lead LIMIT 5", "unexpected token"),
    ],
)
def test_what_salesforce_refuses_the_fake_refuses(
    connect: Connect, unit_view: View, soql: str, says: str
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match=says):
        link.api.follow(f"{link.sandbox.url}{QUERY}?{urlencode({'q': soql})}")


def test_unknown_page_and_retired_version_are_refused(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    with pytest.raises(RequestRefused, match="invalid query locator"):
        link.api.follow(f"{link.sandbox.url}{QUERY}/01gAAA-2000")
    with pytest.raises(RequestRefused, match="does not exist"):
        link.api.follow(f"{link.sandbox.url}/services/data/v30.0/query?q=x")


def test_deleted_records_are_seen_by_query_all_alone(
    connect: Connect, unit_view: View
) -> None:
    link = connect(SPEC, fake.routes(unit_view))
    asked = urlencode({"q": "SELECT Id, IsDeleted FROM Lead"})
    living = link.api.follow(f"{link.sandbox.url}{DATA}/query?{asked}")
    every = link.api.follow(f"{link.sandbox.url}{QUERY}?{asked}")
    deleted = sum(record["IsDeleted"] for record in every["records"])
    assert every["totalSize"] - living["totalSize"] == deleted > 0


def test_requests_stay_inside_the_specification(
    connect: Connect, unit_view: View, shared: Path
) -> None:
    spec = json.loads(
        (shared / "apis" / "specs" / "salesforce" / "objects.json").read_text()
    )
    assert DATA.removeprefix("/services/data/v") == spec["api_version"].split("-")[1]
    assert set(columns.KINDS) == {table.name for table in SPEC.tables}
    standard = {"LastStageChangeDate", "Campaign.Name", "Campaign.Type"}
    beyond = {"Lead": {"MasterRecordId"}}  # as of Contact; the sheet lists it there
    for kind in columns.KINDS.values():
        known = set(spec["objects"][kind.name]) | beyond.get(kind.name, set())
        assert set(kind.fields.values()) <= known | standard, kind.name
        assert kind.changed in known
