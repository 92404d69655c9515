"""HubSpot's exports of contacts, deals and companies, with the headings of its pages.

Labels become what the API says; e-mail addresses become hashes on the way in. Times have
no zone in these files: UTC, unless exports.yml names one. Stage histories and deleted
records are never exported.
"""

from collections.abc import Callable
from typing import Any

from ingestion.exports.shapes import Cell, Form, Rows
from ingestion.privacy import email_hash

ID = "record id"
_SOURCES = {
    "organic social": "SOCIAL_MEDIA",
    "social media": "SOCIAL_MEDIA",
    "referral": "REFERRALS",
    "offline sources": "OFFLINE",
}


def _origin(label: str) -> str:
    known = _SOURCES.get(label.casefold())
    return known or label.upper().replace(" ", "_")


def _stage_of_life(label: str) -> str:
    return label.casefold().replace(" ", "")


def _is(*words: str) -> Callable[[str], Any]:
    """True for a true flag, or a stage's label that begins with one of `words`."""

    def told(text: str) -> bool:
        return text.casefold() in ("true", "yes", "1") or text.casefold().startswith(
            words
        )

    return told


def _object(modified: str) -> dict[str, Cell]:
    return {
        "id": Cell(ID),
        "created_at": Cell("create date"),
        "updated_at": Cell("last modified date"),
        "archived": Cell(value=False),
        "createdate": Cell("create date"),
        modified: Cell("last modified date"),
    }


_CONTACTS = {
    **_object("lastmodifieddate"),
    "email_sha256": Cell("email", wrap=email_hash),
    "lifecyclestage": Cell("lifecycle stage", wrap=_stage_of_life),
    "hs_lifecyclestage_subscriber_date": Cell("became a subscriber date"),
    "hs_lifecyclestage_lead_date": Cell("became a lead date"),
    "hs_lifecyclestage_marketingqualifiedlead_date": Cell(
        "became a marketing qualified lead date"
    ),
    "hs_lifecyclestage_salesqualifiedlead_date": Cell(
        "became a sales qualified lead date"
    ),
    "hs_lifecyclestage_opportunity_date": Cell("became an opportunity date"),
    "hs_lifecyclestage_customer_date": Cell("became a customer date"),
    "hs_analytics_source": Cell(
        "original traffic source|original source|original source type", wrap=_origin
    ),
    "hs_analytics_source_data_1": Cell(
        "original traffic source drill-down 1|original source drill-down 1"
    ),
    "hs_analytics_source_data_2": Cell(
        "original traffic source drill-down 2|original source drill-down 2"
    ),
    "hs_merged_object_ids": Cell("merged record ids|merged contact ids"),
    "hubspotscore": Cell("hubspot score"),
    "associatedcompanyid": Cell("primary associated company id"),
    "country": Cell("country/region|country"),
    "state": Cell("state/region|state"),
}
_DEALS = {
    **_object("hs_lastmodifieddate"),
    "dealname": Cell("deal name"),
    "amount": Cell("amount"),
    "amount_in_home_currency": Cell("amount in company currency"),
    "deal_currency_code": Cell("currency"),
    "pipeline": Cell("pipeline"),
    "dealstage": Cell("deal stage"),
    "closedate": Cell("close date"),
    "hs_is_closed": Cell("is deal closed?|is closed|deal stage", wrap=_is("closed")),
    "hs_is_closed_won": Cell("is closed won|deal stage", wrap=_is("closed won")),
    "hs_primary_associated_company": Cell("primary associated company id"),
    "hs_merged_object_ids": Cell("merged record ids|merged deal ids"),
}
_COMPANIES = {
    **_object("hs_lastmodifieddate"),
    "name": Cell("company name"),
    "domain": Cell("company domain name"),
    "country": Cell("country/region|country"),
    "state": Cell("state/region|state"),
    "industry": Cell("industry"),
    "numberofemployees": Cell("number of employees"),
    "hs_merged_object_ids": Cell("merged record ids|merged company ids"),
}

FORMS = (
    Form(
        "HubSpot contacts",
        "hubspot",
        (ID, "email"),
        (
            Rows("contacts", _CONTACTS, days=("createdate", "lastmodifieddate")),
            Rows(
                "contact_companies",
                {
                    "contact_id": Cell(ID),
                    "company_id": Cell("associated company ids", parted_by=";"),
                },
            ),
        ),
        without=("deal name",),
    ),
    Form(
        "HubSpot deals",
        "hubspot",
        (ID, "deal name", "deal stage"),
        (
            # close dates of open deals lie ahead: they are no days lived through
            Rows("deals", _DEALS, days=("createdate", "hs_lastmodifieddate")),
            Rows(
                "deal_contacts",
                {
                    "deal_id": Cell(ID),
                    "contact_id": Cell("associated contact ids", parted_by=";"),
                },
            ),
        ),
    ),
    Form(
        "HubSpot companies",
        "hubspot",
        (ID, "company name"),
        (Rows("companies", _COMPANIES, days=("createdate", "hs_lastmodifieddate")),),
        without=("email", "deal name"),
    ),
)
