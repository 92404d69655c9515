-- One row per deal and contact that belongs to it, in any CRM.
{{ union_rows('crm', 'deal_contacts', 'crm_deal_contacts') }}
