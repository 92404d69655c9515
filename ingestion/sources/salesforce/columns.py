"""Columns of the Salesforce tables and the API field each comes from.

Column = field in snake case; the org's own accounts are `crm_account_id`, since account_id
is the organisation. Names of persons are not asked for; addresses become hashes on the way in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ingestion.spec import BOOL, DATE, FLOAT, INT, MONEY, STAMP, TEXT, Columns


@dataclass(frozen=True, slots=True)
class Kind:
    """An object of the API: the field that tells of changes, and column -> field."""

    name: str
    changed: str
    fields: Mapping[str, str]
    needed: tuple[str, ...]  # without these fields the table means nothing


_SYSTEM = {
    "id": "Id",
    "created_date": "CreatedDate",
    "system_modstamp": "SystemModstamp",
    "is_deleted": "IsDeleted",
}
_SYSTEM_TYPES: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "created_date": STAMP,
    "system_modstamp": STAMP,
    "is_deleted": BOOL,
}
EMAIL = "email_sha256"

KINDS: Mapping[str, Kind] = {
    "accounts": Kind(
        "Account",
        "SystemModstamp",
        {
            **_SYSTEM,
            "name": "Name",
            "website": "Website",
            "industry": "Industry",
            "number_of_employees": "NumberOfEmployees",
            "master_record_id": "MasterRecordId",
        },
        (),
    ),
    "contacts": Kind(
        "Contact",
        "SystemModstamp",
        {
            **_SYSTEM,
            EMAIL: "Email",
            "crm_account_id": "AccountId",
            "lead_source": "LeadSource",
            "master_record_id": "MasterRecordId",
        },
        ("Email",),
    ),
    "leads": Kind(
        "Lead",
        "SystemModstamp",
        {
            **_SYSTEM,
            EMAIL: "Email",
            "status": "Status",
            "lead_source": "LeadSource",
            "is_converted": "IsConverted",
            "converted_date": "ConvertedDate",
            "converted_account_id": "ConvertedAccountId",
            "converted_contact_id": "ConvertedContactId",
            "converted_opportunity_id": "ConvertedOpportunityId",
            "master_record_id": "MasterRecordId",
        },
        ("Email", "IsConverted"),
    ),
    "opportunities": Kind(
        "Opportunity",
        "SystemModstamp",
        {
            **_SYSTEM,
            "crm_account_id": "AccountId",
            "campaign_id": "CampaignId",
            "stage_name": "StageName",
            "amount": "Amount",
            "currency_iso_code": "CurrencyIsoCode",
            "probability": "Probability",
            "close_date": "CloseDate",
            "last_stage_change_date": "LastStageChangeDate",
            "is_closed": "IsClosed",
            "is_won": "IsWon",
            "lead_source": "LeadSource",
        },
        ("StageName", "Amount", "CloseDate", "IsClosed", "IsWon"),
    ),
    "opportunity_history": Kind(
        "OpportunityHistory",
        "CreatedDate",  # insert-only: a snapshot never changes
        {
            "id": "Id",
            "opportunity_id": "OpportunityId",
            "stage_name": "StageName",
            "created_date": "CreatedDate",
            "is_deleted": "IsDeleted",
        },
        ("OpportunityId", "StageName"),
    ),
    "opportunity_contact_roles": Kind(
        "OpportunityContactRole",
        "SystemModstamp",
        {
            **_SYSTEM,
            "opportunity_id": "OpportunityId",
            "contact_id": "ContactId",
            "role": "Role",
            "is_primary": "IsPrimary",
        },
        ("OpportunityId", "ContactId"),
    ),
    "campaign_members": Kind(
        "CampaignMember",
        "SystemModstamp",
        {
            **_SYSTEM,
            "campaign_id": "CampaignId",
            "campaign_name": "Campaign.Name",
            "campaign_type": "Campaign.Type",
            "lead_id": "LeadId",
            "contact_id": "ContactId",
            "status": "Status",
            "has_responded": "HasResponded",
            "first_responded_date": "FirstRespondedDate",
        },
        ("CampaignId",),
    ),
}
_TYPES: Columns = {
    **_SYSTEM_TYPES,
    "number_of_employees": INT,
    "is_converted": BOOL,
    "converted_date": DATE,
    "amount": MONEY,
    "probability": FLOAT,
    "close_date": DATE,
    "last_stage_change_date": STAMP,
    "is_closed": BOOL,
    "is_won": BOOL,
    "is_primary": BOOL,
    "has_responded": BOOL,
    "first_responded_date": DATE,
}
TABLES: Mapping[str, Columns] = {
    table: {
        "account_id": TEXT,
        **{column: _TYPES.get(column, TEXT) for column in kind.fields},
    }
    for table, kind in KINDS.items()
}
