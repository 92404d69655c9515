"""Salesforce's files: Data Export and Data Loader (the API's names) and reports with ids.

Addresses become hashes on the way in. Not here: lines below a report's table (files.py).
"""

from collections.abc import Callable
from typing import Any

from ingestion.exports.shapes import Cell, Form, Rows
from ingestion.privacy import email_hash


def _flag(*words: str) -> Callable[[str], Any]:
    def told(text: str) -> bool:
        return text.casefold() in ("true", "1", "yes", *words)

    return told


def _begins(*words: str) -> Callable[[str], Any]:
    """True for a true flag, or a stage whose name begins with one of `words`."""

    def told(text: str) -> bool:
        plain = text.casefold()
        return plain in ("true", "1", "yes") or plain.startswith(words)

    return told


_SYSTEM = {
    "created_date": Cell("createddate|created date|create date"),
    "system_modstamp": Cell("systemmodstamp|last modified date"),
    "is_deleted": Cell("isdeleted|deleted", wrap=_flag()),
}
_OPPORTUNITIES = {
    "id": Cell("id|opportunity id"),
    **_SYSTEM,
    "crm_account_id": Cell("accountid|account id"),
    "campaign_id": Cell("campaignid|primary campaign source id"),
    "stage_name": Cell("stagename|stage"),
    "amount": Cell("amount"),
    "currency_iso_code": Cell("currencyisocode|amount currency|opportunity currency"),
    "close_date": Cell("closedate|close date"),
    "last_stage_change_date": Cell("laststagechangedate|last stage change date"),
    "is_closed": Cell("isclosed|closed|stagename|stage", wrap=_begins("closed")),
    "is_won": Cell("iswon|won|stagename|stage", wrap=_begins("closed won")),
    "lead_source": Cell("leadsource|lead source"),
}
_CONTACTS = {
    "id": Cell("id|contact id"),
    **_SYSTEM,
    "email_sha256": Cell("email", wrap=email_hash),
    "crm_account_id": Cell("accountid|account id"),
    "lead_source": Cell("leadsource|lead source"),
    "master_record_id": Cell("masterrecordid"),
}
_LEADS = {
    "id": Cell("id|lead id"),
    **_SYSTEM,
    "email_sha256": Cell("email", wrap=email_hash),
    "status": Cell("status|lead status"),
    "lead_source": Cell("leadsource|lead source"),
    "is_converted": Cell("isconverted|converted", wrap=_flag()),
    "converted_date": Cell("converteddate|converted date"),
    "converted_contact_id": Cell("convertedcontactid"),
    "converted_opportunity_id": Cell("convertedopportunityid"),
    "master_record_id": Cell("masterrecordid"),
}
_ROLES = {
    "id": Cell("id"),
    **_SYSTEM,
    "opportunity_id": Cell("opportunityid"),
    "contact_id": Cell("contactid"),
    "role": Cell("role"),
    "is_primary": Cell("isprimary", wrap=_flag()),
}
_HISTORY = {
    "id": Cell("id"),
    "created_date": Cell("createddate"),
    "opportunity_id": Cell("opportunityid"),
    "stage_name": Cell("stagename"),
}
_LIVED = ("created_date", "system_modstamp")  # close dates may lie ahead

FORMS = (
    Form(
        "Salesforce opportunities",
        "salesforce",
        ("id|opportunity id", "stagename|stage", "closedate|close date", "amount"),
        (Rows("opportunities", _OPPORTUNITIES, days=_LIVED),),
        without=("opportunityid",),
    ),
    Form(
        "Salesforce contacts",
        "salesforce",
        ("id|contact id", "email", "accountid|account id"),
        (Rows("contacts", _CONTACTS, days=_LIVED),),
        without=("stagename", "stage", "isconverted", "record id"),
    ),
    Form(
        "Salesforce leads",
        "salesforce",
        ("id|lead id", "email", "isconverted|converted"),
        (Rows("leads", _LEADS, days=_LIVED),),
        without=("record id",),
    ),
    Form(
        "Salesforce opportunity contact roles",
        "salesforce",
        ("id", "opportunityid", "contactid", "role"),
        (Rows("opportunity_contact_roles", _ROLES, days=_LIVED),),
    ),
    Form(
        "Salesforce opportunity history",
        "salesforce",
        ("id", "opportunityid", "stagename", "createddate"),
        (Rows("opportunity_history", _HISTORY),),
        without=("contactid",),
    ),
)
