"""Two CRMs that a sync keeps alike: every deal once, whichever of them is read.

The sandbox's Salesforce mirrors its HubSpot. Both, HubSpot alone and Salesforce alone must
tell of the same deals, money, leads and persons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingestion.sandbox.server import serving
from ingestion.source import Ask, SourceModule
from ingestion.sources import hubspot, salesforce
from ingestion.sources.hubspot import fake as hubspot_fake
from ingestion.sources.salesforce import fake as salesforce_fake
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world import World
from orchestration.resources import Dbt, failures
from tests.support.handmade import Rows, write_raw
from warehouse import db
from warehouse.settings import Settings

DEALS = (
    "select count(*), sum(amount_native), sum(amount_usd), count(*) filter (where is_won),"
    " sum(amount_usd) filter (where is_won), sum(cycle_days), min(closed_at),"
    " max(closed_at), count(evaluation_at), min(first_contact_at), count(distinct account_key)"
    " from intermediate.int_journey__deals"
)
LEADS = "select person_key, lead_at from intermediate.int_journey__leads order by person_key"
PERSONS = "select person_key from intermediate.int_journey__account_persons order by person_key"
TWINS = (
    "select object, platform, count(*) from intermediate.int_journey__crm_twins "
    "group by all order by all"
)


@dataclass(frozen=True)
class Told:
    """What one set of CRMs tells."""

    deals: tuple[Any, ...]
    leads: list[tuple[Any, ...]]
    persons: list[tuple[Any, ...]]
    twins: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def told(
    unit_world: World, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Told]:
    """CRMs read -> what the transforms make of them, forty days on: some twins are merged."""
    view = unit_world.view(date(2026, 1, 28))
    folder = Path(tmp_path_factory.mktemp("twins"))
    settings = Settings(data_dir=folder, mode="accounts")
    rows: dict[str, list[dict[str, Any]]] = {}
    routes = [*hubspot_fake.routes(view), *salesforce_fake.routes(view)]
    with serving(routes) as sandbox:
        there = Settings(data_dir=folder, sandbox_url=sandbox.url)
        for source in (hubspot, salesforce):
            rows |= _rows(source, Api(source.SPEC, there), view.as_of)
    rates = [
        {
            "account_id": "catalogue",
            "date": "2019-01-01",
            "currency_code": currency,
            "rate_to_usd": rate,
        }
        for currency, rate in (("EUR", "1.10"), ("GBP", "1.30"))
    ]
    first = {"catalogue.fx_rates": rates}
    given: Mapping[str, Rows] = {
        "both": rows | first,
        "hubspot": _only("hubspot", rows) | first,
        "salesforce": _only("salesforce", rows) | first,
    }
    write_raw(settings, view.as_of, {})
    dbt = Dbt(settings)
    return {name: _told(dbt, settings, view.as_of, given[name]) for name in given}


def _rows(
    source: SourceModule, api: Api, as_of: date
) -> dict[str, list[dict[str, Any]]]:
    window = Window.inclusive(date(1999, 1, 1), as_of)
    read = source.read(api, Ask(source.accounts(api), window, as_of))
    return {
        f"{source.SPEC.name}.{table}": [dict(r) for b in batches for r in b.rows]
        for table, batches in read.items()
    }


def _only(name: str, rows: Rows) -> dict[str, Any]:
    return {table: found for table, found in rows.items() if table.startswith(name)}


def _told(dbt: Dbt, settings: Settings, as_of: date, rows: Rows) -> Told:
    write_raw(settings, as_of, rows)
    wanted = "+int_journey__deals +int_journey__leads +int_journey__account_persons"
    wrong = failures(dbt.build(["--select", *wanted.split()]))
    assert not wrong, wrong
    with db.reader(settings.warehouse_path) as con:
        return Told(
            con.execute(DEALS).fetchall()[0],
            con.execute(LEADS).fetchall(),
            con.execute(PERSONS).fetchall(),
            con.execute(TWINS).fetchall(),
        )


def test_a_second_crm_adds_nothing(told: Mapping[str, Told]) -> None:
    both, alone = told["both"], told["hubspot"]
    assert alone.deals[0] > 50
    assert (both.deals, both.leads, both.persons) == (
        alone.deals,
        alone.leads,
        alone.persons,
    )


def test_salesforce_alone_tells_of_the_same_deals_and_money(
    told: Mapping[str, Told],
) -> None:
    alone, first = told["salesforce"], told["hubspot"]
    assert alone.deals == first.deals
    assert alone.leads == first.leads
    # a colleague who is still a lead belongs to no account there
    assert alone.deals[-1] <= len(alone.persons) < len(first.persons)
    assert set(alone.persons) < set(first.persons)


def test_twins_are_left_out_and_counted(told: Mapping[str, Told]) -> None:
    counted = {
        (object_, platform): count for object_, platform, count in told["both"].twins
    }
    assert counted["deal", "salesforce"] == told["hubspot"].deals[0]
    assert set(counted) == {("contact", "salesforce"), ("deal", "salesforce")}
    assert told["hubspot"].twins == told["salesforce"].twins == []
