"""Columns of the HubSpot tables: property names of the CRM, and how its dates are typed.

Names of persons are not asked for; e-mail addresses become hashes on the way in.
"""

from ingestion.spec import BOOL, DATE, FLOAT, INT, JSON, MONEY, STAMP, TEXT, Columns

# Fields of the object itself, beside its properties.
_OBJECT: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "created_at": STAMP,
    "updated_at": STAMP,
    "archived": BOOL,
    "archived_at": STAMP,
}
CONTACT_PROPERTIES: Columns = {
    "createdate": STAMP,
    "lastmodifieddate": STAMP,
    "lifecyclestage": TEXT,
    "hs_lifecyclestage_subscriber_date": STAMP,
    "hs_lifecyclestage_lead_date": STAMP,
    "hs_lifecyclestage_marketingqualifiedlead_date": STAMP,
    "hs_lifecyclestage_salesqualifiedlead_date": STAMP,
    "hs_lifecyclestage_opportunity_date": STAMP,
    "hs_lifecyclestage_customer_date": STAMP,
    "hs_analytics_source": TEXT,
    "hs_analytics_source_data_1": TEXT,
    "hs_analytics_source_data_2": TEXT,
    "hs_merged_object_ids": TEXT,
    "hubspotscore": FLOAT,
    "hubspot_owner_id": TEXT,
    "associatedcompanyid": TEXT,
    "country": TEXT,
    "state": TEXT,
    # set by HubSpot's own sync: the same person there
    "salesforcecontactid": TEXT,
    "salesforceleadid": TEXT,
}
COMPANY_PROPERTIES: Columns = {
    "createdate": STAMP,
    "hs_lastmodifieddate": STAMP,
    "name": TEXT,
    "domain": TEXT,
    "country": TEXT,
    "state": TEXT,
    "industry": TEXT,
    "numberofemployees": FLOAT,  # some portals write 17.0
    "hs_merged_object_ids": TEXT,
}
DEAL_PROPERTIES: Columns = {
    "createdate": STAMP,
    "hs_lastmodifieddate": STAMP,
    "dealname": TEXT,
    "amount": MONEY,
    "amount_in_home_currency": MONEY,
    "deal_currency_code": TEXT,
    "pipeline": TEXT,
    "dealstage": TEXT,
    "closedate": STAMP,
    "hs_is_closed": BOOL,
    "hs_is_closed_won": BOOL,
    "hs_primary_associated_company": TEXT,
    "hs_merged_object_ids": TEXT,
    "hubspot_owner_id": TEXT,
    "hs_salesforceopportunityid": TEXT,
}
CONTACTS: Columns = {**_OBJECT, "email_sha256": TEXT, **CONTACT_PROPERTIES}
COMPANIES: Columns = {**_OBJECT, **COMPANY_PROPERTIES}
DEALS: Columns = {**_OBJECT, **DEAL_PROPERTIES}
DEAL_STAGE_HISTORY: Columns = {
    "account_id": TEXT,
    "deal_id": TEXT,
    "value": TEXT,
    "timestamp": STAMP,
    "source_type": TEXT,
    "source_id": TEXT,
}
DEAL_CONTACTS: Columns = {
    "account_id": TEXT,
    "deal_id": TEXT,
    "contact_id": TEXT,
    "association_types": JSON,
}
CONTACT_COMPANIES: Columns = {
    "account_id": TEXT,
    "contact_id": TEXT,
    "company_id": TEXT,
    "association_types": JSON,
}
EMAIL_CLICKS: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "created": STAMP,
    "created_date": DATE,
    "email_sha256": TEXT,
    "email_campaign_id": TEXT,
    "url": TEXT,
    "user_agent": TEXT,
    "filtered_event": BOOL,
}
PIPELINE_STAGES: Columns = {
    "account_id": TEXT,
    "pipeline_id": TEXT,
    "pipeline_label": TEXT,
    "id": TEXT,
    "label": TEXT,
    "display_order": INT,
    "probability": FLOAT,
    "is_closed": BOOL,
    "archived": BOOL,
}
