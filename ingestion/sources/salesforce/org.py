"""The simulated company's CRM as its Salesforce organisation holds it: synced with HubSpot.

Whoever opened an opportunity or bought is a converted lead and a contact, all others are
leads. Not here: queries, paging, error envelopes (fake.py).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from ingestion.sources.salesforce.ids import (
    ACCOUNT,
    CAMPAIGN,
    CONTACT,
    HISTORY,
    LEAD,
    MEMBER,
    OPPORTUNITY,
    ORGANIZATION,
    ROLE,
    salesforce_id,
)
from ingestion.world.view import View

Record = dict[str, Any]

# Our word -> StageName, Probability in percent.
STAGES = {
    "discovery": ("Discovery", 20),
    "demo": ("Demo", 40),
    "evaluation": ("Evaluation", 60),
    "proposal": ("Proposal", 80),
    "closedwon": ("Closed Won", 100),
    "closedlost": ("Closed Lost", 0),
}
# How the lead's visit began -> LeadSource, and the type of the campaign it answered.
SOURCES = {
    "email": ("Email", "Email"),
    "youtube_organic": ("Social Media", "Social"),
    "social_organic": ("Social Media", "Social"),
    "youtube_ads": ("Advertisement", "Advertisement"),
    "meta": ("Advertisement", "Advertisement"),
    "retargeting": ("Advertisement", "Advertisement"),
    "linkedin_ads": ("Advertisement", "Advertisement"),
    "tiktok_ads": ("Advertisement", "Advertisement"),
    "branded_search": ("Organic Search", "Other"),
    "nonbrand_search": ("Organic Search", "Other"),
    "paid_search": ("Paid Search", "Other"),
    "direct": ("Web", "Other"),
}
NOBODY_SAW = ("Other", "Other")
DECISION = timedelta(days=75)  # after which sales hopes to close


def stamp(milliseconds: int) -> str | None:
    """An instant as the REST API writes it, None for what has not happened."""
    if milliseconds < 0:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "+0000")


def day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()


class Org:
    """Records by object name, each list in the order of its changes."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.id = salesforce_id(ORGANIZATION, view.company.hubspot_portal_id)

    @cached_property
    def records(self) -> dict[str, list[Record]]:
        return {
            "Organization": [{"Id": self.id, "Name": self._view.company.name}],
            "Account": list(self._accounts()),
            "Contact": list(self._contacts()),
            "Lead": list(self._leads()),
            "Opportunity": list(self._opportunities()),
            "OpportunityHistory": list(self._history()),
            "OpportunityContactRole": list(self._roles()),
            "CampaignMember": list(self._members()),
        }

    def _accounts(self) -> Iterator[Record]:
        for row in self._view.companies.rows():
            yield {
                "Id": salesforce_id(ACCOUNT, row["company_id"]),
                "Name": row["name"],
                "Website": f"https://{row['domain']}",
                "Industry": "Facilities",
                "NumberOfEmployees": row["employees"],
                "MasterRecordId": None,
                **_system(row["created_at"], row["created_at"]),
            }

    def _contacts(self) -> Iterator[Record]:
        for row in self._view.contacts.rows():
            if _converted(row) < 0:
                continue
            yield {
                "Id": salesforce_id(CONTACT, row["contact_id"]),
                "Email": row["email"],
                "AccountId": _account(row),
                "LeadSource": SOURCES.get(row["lead_source"], NOBODY_SAW)[0],
                "MasterRecordId": None,
                **_system(_converted(row), row["updated_at"], row["is_archived"]),
            }

    def _leads(self) -> Iterator[Record]:
        for row in self._view.contacts.rows():
            since = _converted(row)
            is_converted = since >= 0
            yield {
                "Id": salesforce_id(LEAD, row["contact_id"]),
                "Email": row["email"],
                "Status": "Closed - Converted" if is_converted else "Open",
                "LeadSource": SOURCES.get(row["lead_source"], NOBODY_SAW)[0],
                "IsConverted": is_converted,
                "ConvertedDate": day(since).isoformat() if is_converted else None,
                "ConvertedAccountId": _account(row) if is_converted else None,
                "ConvertedContactId": salesforce_id(CONTACT, row["contact_id"])
                if is_converted
                else None,
                "ConvertedOpportunityId": self._first_deal.get(row["contact_id"]),
                "MasterRecordId": None,
                **_system(row["created_at"], row["updated_at"], row["is_archived"]),
            }
        for row in self._view.merged_contacts.rows():
            yield {
                "Id": salesforce_id(LEAD, row["contact_id"]),
                "Email": row["email"],
                "Status": "Open",
                "LeadSource": NOBODY_SAW[0],
                "IsConverted": False,
                "MasterRecordId": salesforce_id(LEAD, row["merged_into_id"]),
                **_system(row["created_at"], row["merged_at"], True),
            }

    @cached_property
    def _first_deal(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in self._view.deal_contacts.rows():
            deal = salesforce_id(OPPORTUNITY, row["deal_id"])
            found.setdefault(row["contact_id"], deal)
        return found

    def _opportunities(self) -> Iterator[Record]:
        entered: dict[str, int] = {}
        for row in self._view.deal_stages.rows():
            known = entered.get(row["deal_id"], row["entered_at"])
            entered[row["deal_id"]] = max(known, row["entered_at"])
        for row in self._view.deals.rows():
            name, probability = STAGES[row["stage"]]
            closes = day(row["closed_at"] if row["is_closed"] else row["created_at"])
            if not row["is_closed"]:
                closes += DECISION
            yield {
                "Id": salesforce_id(OPPORTUNITY, row["deal_id"]),
                "AccountId": _account(row),
                "CampaignId": None,
                "Name": row["deal_name"],
                "StageName": name,
                "Amount": row["amount_cents"] / 100,
                "CurrencyIsoCode": row["currency"],
                "Probability": float(probability),
                "CloseDate": closes.isoformat(),
                "LastStageChangeDate": stamp(entered[row["deal_id"]]),
                "IsClosed": row["is_closed"],
                "IsWon": row["is_won"],
                "LeadSource": None,
                **_system(row["created_at"], row["updated_at"]),
            }

    def _history(self) -> Iterator[Record]:
        for row in self._view.deal_stages.rows():
            stage = list(STAGES).index(row["stage"])
            yield {
                "Id": salesforce_id(HISTORY, int(row["deal_id"]) * 10 + stage),
                "OpportunityId": salesforce_id(OPPORTUNITY, row["deal_id"]),
                "StageName": STAGES[row["stage"]][0],
                **_system(row["entered_at"], row["entered_at"]),
            }

    def _roles(self) -> Iterator[Record]:
        for row in self._view.deal_contacts.rows():
            yield {
                "Id": salesforce_id(ROLE, row["deal_id"]),
                "OpportunityId": salesforce_id(OPPORTUNITY, row["deal_id"]),
                "ContactId": salesforce_id(CONTACT, row["contact_id"]),
                "Role": "Decision Maker",
                "IsPrimary": True,
                **_system(row["added_at"], row["added_at"]),
            }

    def _members(self) -> Iterator[Record]:
        """Whoever came by a tagged link is a member of that placement's campaign."""
        number_of = {tag: n for n, tag in enumerate(self._view.placements["tag"], 1)}
        for row in self._view.contacts.rows():
            tag = row["lead_tag"]
            if tag is None or tag not in number_of:
                continue
            kind = SOURCES.get(row["lead_source"], NOBODY_SAW)[1]
            yield {
                "Id": salesforce_id(MEMBER, row["contact_id"]),
                "CampaignId": salesforce_id(CAMPAIGN, number_of[tag]),
                "Campaign": {
                    "attributes": {"type": "Campaign"},
                    "Name": tag,
                    "Type": kind,
                },
                "LeadId": salesforce_id(LEAD, row["contact_id"]),
                "ContactId": None,
                "Status": "Responded",
                "HasResponded": True,
                "FirstRespondedDate": day(row["lead_at"]).isoformat(),
                **_system(row["created_at"], row["created_at"]),
            }


def _converted(contact: Record) -> int:
    """When a lead became a contact, -1 while it has not."""
    steps = [contact["opportunity_at"], contact["customer_at"]]
    known = [each for each in steps if each != -1]
    return min(known) if known else -1


def _account(row: Record) -> str | None:
    return salesforce_id(ACCOUNT, row["company_id"]) if row["company_id"] else None


def _system(created: int, changed: int, is_deleted: bool = False) -> Record:
    return {
        "CreatedDate": stamp(created),
        "SystemModstamp": stamp(max(created, changed)),
        "IsDeleted": bool(is_deleted),
    }
