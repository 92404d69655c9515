"""The simulated company's CRM as HubSpot holds it: objects with properties as text.

An object is written out when it is shown; a search looks at numbers alone. Not here: paths,
paging, error envelopes (fake.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np

from ingestion.sources.salesforce.ids import CONTACT, LEAD, OPPORTUNITY, salesforce_id
from ingestion.world.frames import Array, Frame
from ingestion.world.view import View

Item = dict[str, Any]

# Our word -> id, label, probability. HubSpot numbers the stages that a portal adds.
STAGES = {
    "discovery": ("1184360201", "Discovery", "0.2"),
    "demo": ("1184360202", "Demo", "0.4"),
    "evaluation": ("1184360203", "Evaluation", "0.6"),
    "proposal": ("1184360204", "Proposal", "0.8"),
    "closedwon": ("closedwon", "Closed won", "1.0"),
    "closedlost": ("closedlost", "Closed lost", "0.0"),
}
# How the lead's visit began -> hs_analytics_source and its first detail.
SOURCES = {
    "youtube_organic": ("SOCIAL_MEDIA", "YouTube"),
    "youtube_ads": ("PAID_SEARCH", "google"),
    "meta": ("PAID_SOCIAL", "Facebook"),
    "retargeting": ("PAID_SOCIAL", "Facebook"),
    "linkedin_ads": ("PAID_SOCIAL", "LinkedIn"),
    "tiktok_ads": ("PAID_SOCIAL", "TikTok"),
    "social_organic": ("SOCIAL_MEDIA", "LinkedIn"),
    "email": ("EMAIL_MARKETING", "newsletter"),
    "sales_room": ("REFERRALS", "sales_room"),
    "branded_search": ("ORGANIC_SEARCH", "google"),
    "nonbrand_search": ("ORGANIC_SEARCH", "google"),
    "paid_search": ("PAID_SEARCH", "google"),
    "direct": ("DIRECT_TRAFFIC", ""),
}
OFFLINE = ("OFFLINE", "CRM_UI")  # nobody saw the visit
CURRENCY = "USD"  # of the portal


def iso(milliseconds: int) -> str | None:
    """An instant as HubSpot writes it, None for what has not happened."""
    if milliseconds < 0:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def amount(cents: int) -> str:
    """Text without needless zeros."""
    return f"{cents / 100:.2f}".rstrip("0").rstrip(".")


def boolean(value: bool) -> str:
    return "true" if value else "false"


@dataclass(frozen=True)
class Objects:
    """The objects of one kind, by id."""

    frame: Frame
    write: Callable[[Item], Item]
    ids: Array  # int64
    created: Array  # milliseconds
    modified: Array
    archived: Array  # bool

    @classmethod
    def of(cls, frame: Frame, key: str, write: Callable[[Item], Item]) -> "Objects":
        ids = frame[key].astype(np.int64)
        order = np.argsort(ids)
        frame = frame.take(order)
        archived = np.zeros(len(frame), bool)
        if "is_archived" in frame:
            archived = frame["is_archived"].astype(bool)
        dates = frame["created_at"], frame["updated_at"]
        return cls(frame, write, ids[order], *dates, archived)

    def items(self, places: Array) -> list[Item]:
        return [self.write(row) for row in self.frame.take(places).rows()]

    def places(self, ids: Sequence[str]) -> Array:
        """Where these stand; what is archived or unknown is left out."""
        wanted = np.array([int(each) for each in ids if each.isdigit()], dtype=np.int64)
        at = np.searchsorted(self.ids, wanted)
        there = at < len(self.ids)
        there[there] = self.ids[at[there]] == wanted[there]
        return at[there][~self.archived[at[there]]]


class Portal:
    """What the portal holds at the moment of a view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.portal_id = int(view.company.hubspot_portal_id)

    @cached_property
    def objects(self) -> dict[str, Objects]:
        view = self._view
        return {
            "contacts": Objects.of(view.contacts, "contact_id", _contact),
            "companies": Objects.of(view.companies, "company_id", _company),
            "deals": Objects.of(view.deals, "deal_id", self._deal),
        }

    @cached_property
    def associations(self) -> dict[tuple[str, str], dict[str, list[str]]]:
        """(from kind, to kind) -> id -> ids; what is deleted belongs to nobody."""
        contacts = self.objects["contacts"]
        gone = {str(each) for each in contacts.ids[contacts.archived].tolist()}
        pairs: dict[tuple[str, str], list[tuple[str, str]]] = {
            ("deals", "contacts"): [
                (row["deal_id"], row["contact_id"])
                for row in self._view.deal_contacts.rows()
            ],
            ("deals", "companies"): _present(self._view.deals, "deal_id"),
            ("contacts", "companies"): _present(self._view.contacts, "contact_id"),
        }
        found: dict[tuple[str, str], dict[str, list[str]]] = {}
        for (one, other), listed in pairs.items():
            for left, right in listed:
                if left in gone or right in gone:
                    continue
                found.setdefault((one, other), {}).setdefault(left, []).append(right)
                found.setdefault((other, one), {}).setdefault(right, []).append(left)
        return found

    def _deal(self, row: Item) -> Item:
        in_home = amount(row["amount_cents"]) if row["currency"] == CURRENCY else None
        properties = {
            "hs_lastmodifieddate": iso(row["updated_at"]),
            "dealname": row["deal_name"],
            "amount": amount(row["amount_cents"]),
            "amount_in_home_currency": in_home,
            "deal_currency_code": row["currency"],
            "pipeline": "default",
            "dealstage": STAGES[row["stage"]][0],
            "closedate": iso(row["closed_at"]),
            "hs_is_closed": boolean(row["is_closed"]),
            "hs_is_closed_won": boolean(row["is_won"]),
            "hs_primary_associated_company": row["company_id"],
            "hs_salesforceopportunityid": salesforce_id(OPPORTUNITY, row["deal_id"]),
        }
        item = _item(row["deal_id"], row, properties)
        return item | {"history": {"dealstage": self._history[row["deal_id"]]}}

    @cached_property
    def _history(self) -> dict[str, list[Item]]:
        """Newest first, as HubSpot gives it."""
        found: dict[str, list[Item]] = {}
        for row in self._view.deal_stages.rows():
            version = {
                "value": STAGES[row["stage"]][0],
                "timestamp": iso(row["entered_at"]),
                "sourceType": "CRM_UI",
                "sourceId": "userId:48213311",
                "updatedByUserId": 48213311,
            }
            found.setdefault(row["deal_id"], []).append(version)
        for versions in found.values():
            versions.sort(key=lambda each: str(each["timestamp"]), reverse=True)
        return found

    def pipelines(self) -> list[Item]:
        stages = [
            {
                "id": stage_id,
                "label": label,
                "displayOrder": order,
                "metadata": {
                    "probability": probability,
                    "isClosed": boolean(word.startswith("closed")),
                },
                "archived": False,
                "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
            }
            for order, (word, (stage_id, label, probability)) in enumerate(
                STAGES.items()
            )
        ]
        return [
            {
                "id": "default",
                "label": "Sales Pipeline",
                "displayOrder": 0,
                "stages": stages,
                "archived": False,
            }
        ]


def _contact(row: Item) -> Item:
    source, detail = SOURCES.get(row["lead_source"], OFFLINE)
    properties = {
        "email": row["email"],
        "firstname": row["first_name"],
        "lastname": row["last_name"],
        "lastmodifieddate": iso(row["updated_at"]),
        "lifecyclestage": row["lifecycle_stage"],
        "hs_lifecyclestage_lead_date": iso(row["lead_at"]),
        "hs_lifecyclestage_marketingqualifiedlead_date": iso(row["mql_at"]),
        "hs_lifecyclestage_salesqualifiedlead_date": iso(row["sql_at"]),
        "hs_lifecyclestage_opportunity_date": iso(row["opportunity_at"]),
        "hs_lifecyclestage_customer_date": iso(row["customer_at"]),
        "hs_analytics_source": source,
        "hs_analytics_source_data_1": detail,
        "hs_analytics_source_data_2": row["lead_tag"],
        "hs_merged_object_ids": row["merged_contact_id"],
        "hubspotscore": None if row["score"] < 0 else str(row["score"]),
        "associatedcompanyid": row["company_id"],
        "country": row["country"],
        "state": row["region"],
        **_synced(row),
    }
    item = _item(row["contact_id"], row, properties)
    if row["is_archived"]:
        item |= {"archived": True, "archivedAt": iso(row["archived_at"])}
    return item


def _company(row: Item) -> Item:
    properties = {
        "hs_lastmodifieddate": iso(row["updated_at"]),
        "name": row["name"],
        "domain": row["domain"],
        "country": row["country"],
        "state": row["region"],
        "industry": "FACILITIES_SERVICES",
        "numberofemployees": str(row["employees"]),
    }
    return _item(row["company_id"], row, properties)


def _item(object_id: str, row: Item, properties: Item) -> Item:
    created, updated = iso(row["created_at"]), iso(row["updated_at"])
    properties |= {"createdate": created, "hs_object_id": object_id}
    return {
        "id": object_id,
        "properties": properties,
        "createdAt": created,
        "updatedAt": updated,
        "archived": False,
    }


def _synced(contact: Item) -> Item:
    """Whom the sync with Salesforce made of a contact: a lead, later a contact too."""
    number = contact["contact_id"]
    ids = {"salesforceleadid": salesforce_id(LEAD, number)}
    if max(contact["opportunity_at"], contact["customer_at"]) >= 0:
        ids["salesforcecontactid"] = salesforce_id(CONTACT, number)
    return ids


def _present(frame: Any, key: str) -> list[tuple[str, str]]:
    ids: Sequence[str] = frame[key].tolist()
    companies: Sequence[str | None] = frame["company_id"].tolist()
    return [(one, to) for one, to in zip(ids, companies, strict=True) if to is not None]
